//! The yearly set of documents: a master in, the bytes of its files out.
//!
//! `build` writes these files, `archive` keeps them, `archive verify` makes them
//! again and compares: all three come through here, so that what is kept is what is
//! issued. The 正誤表 between two of them is made here too. Does no I/O and reads no clock; the dates arrive in [`Request`].

mod errata;

use chrono::NaiveDate;

use crate::cores;
use crate::file_name::document_file_name;
use crate::finding::{Finding, Findings, LayoutRule};
use crate::layout::font::Fonts;
use crate::layout::grid::Document;
use crate::layout::template::Template;
use crate::layout::{self, LayoutError, Options, PageIndex};
use crate::master::{Column, Master};
use crate::named_file::{MediaType, NamedFile};
use crate::plan::{FiscalYear, Plan, japanese_date};
use crate::render::data::DataTable;
use crate::render::pdf::{self, PdfError};
use crate::render::xlsx::{self, WorkbookError};
use crate::render::{Meta, Program};
use crate::settings::Settings;
pub use errata::{Errata, Issue, draw_errata};

/// What the documents are made from.
#[derive(Clone, Copy)]
pub struct Ingredients<'a> {
    /// The master, without errors.
    pub master: &'a Master,
    /// `plan.toml`
    pub settings: &'a Settings,
    /// How the pages look.
    pub template: &'a Template,
    /// The faces of the template.
    pub fonts: &'a Fonts<'a>,
}

/// What a run asks for beyond that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The edition: figures of later years print empty.
    pub year: FiscalYear,
    /// The date in the files' properties.
    pub date: NaiveDate,
    /// The date printed on the page; `None` prints none.
    pub printed_date: Option<NaiveDate>,
    /// Marks the title with （案）.
    pub draft: bool,
    /// The program that the files name as their maker.
    pub program: Program,
}

impl Request {
    /// What this program makes of a plan: dated as asked for, else as the plan says, else not
    /// at all on the page and `today` in the properties.
    pub fn new(settings: &Settings, year: FiscalYear, asked: Option<NaiveDate>, today: NaiveDate) -> Self {
        let printed_date = asked.or(settings.document.date);
        Self {
            year,
            date: printed_date.unwrap_or(today),
            printed_date,
            draft: settings.document.draft,
            program: Program::this(),
        }
    }
}

/// Which of the documents to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wanted {
    /// All of them.
    #[default]
    All,
    /// The PDF.
    Pdf,
    /// The workbook and the data.
    Workbook,
}

/// The document laid out, not yet drawn.
pub struct Set {
    /// The plan as it is printed.
    pub plan: Plan,
    /// Its pages.
    pub document: Document,
    /// What the files say of themselves.
    pub meta: Meta,
}

impl Set {
    /// On which pages its rows stand.
    pub fn page_index(&self) -> PageIndex {
        PageIndex::of(&self.document)
    }
}

/// A document that cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum DrawError {
    /// The PDF.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// The workbook.
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    /// A writer stopped: a bug of this program.
    #[error("文書の作成が途中で止まりました")]
    Stopped(#[from] cores::Stopped),
}

/// The documents, as file names call them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Title {
    /// 「実績一覧」
    Actuals,
    /// 「データ」
    Data,
    /// 「正誤表」
    Errata,
    /// 「保存用」: the PDF that carries all the others.
    Bundle,
}

impl Title {
    /// The word in the file's name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Actuals => "実績一覧",
            Self::Data => "データ",
            Self::Errata => "正誤表",
            Self::Bundle => "保存用",
        }
    }
}

/// `根室市創生総合戦略_実績一覧_R4.pdf`
pub fn file_name(settings: &Settings, title: Title, year: FiscalYear, media_type: MediaType) -> String {
    let (end, extension) = (format!("_{}_{year}", title.word()), format!(".{}", media_type.extension()));
    document_file_name(&settings.plan.id, &end, &extension)
}

/// Lays the document out.
///
/// # Errors
/// A finding, where the plan does not fit on the template's pages.
pub fn set(from: &Ingredients<'_>, request: &Request) -> Result<Set, Findings> {
    let Ingredients { master, settings, template, fonts } = *from;
    let plan = master.plan.clone().edition(request.year);
    let options = Options {
        draft: request.draft,
        note: note(settings, request.printed_date),
        year: Some(request.year),
    };
    let document = layout::set(&plan, settings, template, fonts, &options)
        .map_err(|error| Findings::from(layout_finding(&error, master)))?;
    let draft = if request.draft { template.words.draft.as_str() } else { "" };
    let meta = meta(settings, format!("{}{draft}", settings.plan.title), request.date, &request.program);
    Ok(Set { plan, document, meta })
}

/// Draws the files of a document laid out: the PDF, the workbook, the data.
///
/// # Errors
/// A [`DrawError`] where a writer refuses.
pub fn draw(
    set: &Set,
    from: &Ingredients<'_>,
    year: FiscalYear,
    wanted: Wanted,
) -> Result<Vec<NamedFile>, DrawError> {
    let data = DataTable::of(&set.plan, from.settings);
    let Drawn { pdf, workbook } = draw_both(&set.document, &data, &set.meta, from, wanted)?;
    let csv = workbook.is_some().then(|| data.to_csv());
    let files = [
        (Title::Actuals, MediaType::Pdf, pdf),
        (Title::Actuals, MediaType::Workbook, workbook),
        (Title::Data, MediaType::Csv, csv),
    ];
    let name = |title, kind| file_name(from.settings, title, year, kind);
    let file = |(title, kind, bytes)| Some(NamedFile { name: name(title, kind), bytes: bytes? });
    Ok(files.into_iter().filter_map(file).collect())
}

/// A document of more cells is drawn by one writer after the other: each needs some
/// kilobytes for a cell, and the second takes over what the first has done with.
const MANY_CELLS: usize = 10_000;

/// A document in both of its forms; `None` for the one that is not wanted.
struct Drawn {
    pdf: Option<Vec<u8>>,
    workbook: Option<Vec<u8>>,
}

/// Draws a document as a PDF, and with its data as a workbook.
fn draw_both(
    document: &Document,
    data: &DataTable,
    meta: &Meta,
    from: &Ingredients<'_>,
    wanted: Wanted,
) -> Result<Drawn, DrawError> {
    let Ingredients { template, fonts, .. } = *from;
    let pdf = || (wanted != Wanted::Workbook).then(|| pdf::to_bytes(document, fonts, meta));
    let workbook = || {
        let excel = &template.fonts.excel;
        (wanted != Wanted::Pdf).then(|| xlsx::to_bytes(document, data, meta, excel))
    };
    let cells: usize = document.sheets.iter().map(|sheet| sheet.cells.len()).sum();
    let (pdf, workbook) = if cells > MANY_CELLS {
        (pdf(), workbook())
    } else {
        // The two writers know nothing of each other: each gets a core.
        let (pdf, workbook) = cores::both(pdf, workbook);
        (pdf?, workbook?)
    };
    Ok(Drawn { pdf: pdf.transpose()?, workbook: workbook.transpose()? })
}

/// Why the pages cannot be set, at its place in the master.
pub fn layout_finding(error: &LayoutError, master: &Master) -> Finding {
    match error {
        LayoutError::TooNarrow(narrow) => Finding::nowhere(LayoutRule::PageTooNarrow {
            needed_mm: narrow.needed_mm as f64,
            available_mm: narrow.room_mm as f64,
        }),
        LayoutError::TooTall { id, row } => Finding::at(
            master.source.place(*row, Column::Purpose),
            LayoutRule::WordingTooTall { id: id.clone() },
        ),
        LayoutError::TextTooLong { id, row } => Finding::at(
            master.source.place(*row, Column::Name),
            LayoutRule::TextTooLongForExcel { id: id.clone() },
        ),
        LayoutError::TooLarge { id, row } => Finding::at(
            master.source.place(*row, Column::Name),
            LayoutRule::DocumentTooLarge { id: id.clone() },
        ),
        LayoutError::CellTooNarrow { id, row } => {
            Finding::at(master.source.place(*row, Column::Name), LayoutRule::CellTooNarrow { id: id.clone() })
        }
        LayoutError::TooManyPages { id, row, pages } => Finding::at(
            master.source.place(*row, Column::Name),
            LayoutRule::TooManyPages { id: id.clone(), pages: *pages },
        ),
        LayoutError::NameTooTall { id, row } => {
            Finding::at(master.source.place(*row, Column::Name), LayoutRule::NameTooTall { id: id.clone() })
        }
    }
}

/// 「令和6年6月10日　○○会議」, of what is known.
fn note(settings: &Settings, date: Option<NaiveDate>) -> String {
    let date = date.map(japanese_date).unwrap_or_default();
    [date.as_str(), settings.document.meeting.as_str()]
        .iter()
        .filter(|part| !part.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join("　")
}

/// What the files of this plan say of themselves.
fn meta(settings: &Settings, title: String, date: NaiveDate, program: &Program) -> Meta {
    let document = &settings.document;
    let subject = if document.subject.is_empty() { &settings.plan.name } else { &document.subject };
    Meta {
        title,
        author: settings.plan.city.clone(),
        subject: subject.clone(),
        keywords: document.keywords.clone(),
        date,
        program: program.clone(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::file_name::is_safe_name;

    #[test]
    fn every_id_makes_names_that_every_system_takes() {
        let named = |id: &str, title: Title| {
            let plan = "[plan]\nid = ''\ncity = ''\noffice = ''\nname = ''\ntitle = ''\n";
            let settings = Settings::read(plan.replacen("''", &format!("'{id}'"), 1).as_bytes(), "").unwrap();
            file_name(&settings, title, FiscalYear::starting(2022), MediaType::Pdf)
        };
        for (id, expected) in [
            ("見本市総合戦略", "見本市総合戦略_実績一覧_R4.pdf"),
            (r"../a\b", ".._a_b_実績一覧_R4.pdf"),
            ("NUL", "NUL_実績一覧_R4.pdf"),
            ("CON.計画", "_CON.計画_実績一覧_R4.pdf"),
            ("aux.2", "_aux.2_実績一覧_R4.pdf"),
            ("計画...", "計画..._実績一覧_R4.pdf"),
            ("~$計画", "_~$計画_実績一覧_R4.pdf"),
        ] {
            let name = named(id, Title::Actuals);
            assert_eq!(name, expected);
            assert!(is_safe_name(&name), "{name}");
        }
        let long = "長".repeat(300);
        let names: HashSet<String> = [Title::Actuals, Title::Data, Title::Errata, Title::Bundle]
            .map(|title| named(&long, title))
            .into();
        assert_eq!(names.len(), 4, "{names:?}");
    }
}
