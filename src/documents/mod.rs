//! The yearly set of documents: a master in, the bytes of its files out.
//!
//! `build` writes these files, `archive` keeps them, `archive verify` makes them
//! again and compares: all three come through here, so that what is kept is what is
//! issued. The 正誤表 between two of them is made here too. Does no I/O and reads no clock; the dates arrive in [`Request`].

mod cells;
mod costs;
mod design;
mod errata;

use chrono::NaiveDate;

use crate::cores;
use crate::diff::errata::DocumentPages;
use crate::file_name::{DATA, document_file_name};
use crate::finding::{Finding, Findings, LayoutRule};
use crate::layout::font::{FontError, Fonts};
use crate::layout::grid::{Document, Overflow};
use crate::layout::{self, LayoutError, Options, PageIndex, text};
use crate::master::{Column, Master};
use crate::named_file::{MediaType, NamedFile};
use crate::plan::{FiscalYear, Plan, japanese_date};
use crate::render::data::DataTable;
use crate::render::pdf::{self, PdfError};
use crate::render::xlsx::{self, WorkbookError};
use crate::render::{Meta, Program};
use crate::settings::Settings;
pub use cells::{column, part};
pub use design::Design;
pub use errata::{Errata, Issue, draw_errata};

/// What the documents are made from.
#[derive(Clone, Copy)]
pub struct Ingredients<'a> {
    /// The master, without errors.
    pub master: &'a Master,
    /// `plan.toml`
    pub settings: &'a Settings,
    /// The documents that are made, in their order.
    pub designs: &'a [Design],
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
    /// Marks the title and every page with （案）.
    pub draft: bool,
    /// Which edition it is, where it corrects an earlier one: 2, 3, ….
    pub edition: Option<u32>,
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
            edition: None,
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

impl Wanted {
    /// The forms in which a document is made.
    fn media_types(self) -> &'static [MediaType] {
        match self {
            Self::All => &[MediaType::Pdf, MediaType::Workbook],
            Self::Pdf => &[MediaType::Pdf],
            Self::Workbook => &[MediaType::Workbook],
        }
    }
}

/// The documents laid out, not yet drawn.
pub struct Set<'a> {
    /// The plan as it is printed.
    pub plan: Plan,
    /// Each document, in their order.
    pub documents: Vec<LaidOut<'a>>,
    /// What is worth knowing of their pages.
    pub findings: Findings,
}

/// A document laid out.
pub struct LaidOut<'a> {
    /// What it is drawn with.
    pub design: &'a Design,
    /// The faces of its template.
    pub fonts: Fonts<'a>,
    /// Its pages.
    pub document: Document,
    /// What its files say of themselves.
    pub meta: Meta,
}

impl Set<'_> {
    /// On which pages of each document the rows of the plan stand.
    pub fn pages(&self) -> Vec<DocumentPages> {
        let pages = |one: &LaidOut<'_>| DocumentPages {
            name: one.name().to_owned(),
            index: PageIndex::of(&one.document),
        };
        self.documents.iter().map(pages).collect()
    }
}

impl LaidOut<'_> {
    /// Its name, such as 実績一覧.
    pub fn name(&self) -> &str {
        &self.design.document.name
    }

    /// As a PDF, or with the data as a workbook.
    fn draw(&self, data: &DataTable, media_type: MediaType) -> Result<Vec<u8>, DrawError> {
        let Self { design, fonts, document, meta } = self;
        Ok(match media_type {
            MediaType::Pdf => pdf::to_bytes(document, fonts, meta)?,
            _ => xlsx::to_bytes(document, data, meta, &design.template.fonts.excel)?,
        })
    }

    /// Whether it has so many cells that no other is drawn beside it: a writer needs some
    /// kilobytes for a cell, and the next takes over what the one before has done with.
    fn is_large(&self) -> bool {
        const MANY_CELLS: usize = 10_000;
        self.document.sheets.iter().map(|sheet| sheet.cells.len()).sum::<usize>() > MANY_CELLS
    }
}

/// Documents that cannot be laid out.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    /// The plan does not fit on a template's pages. The findings name the document where there
    /// are several.
    #[error("データに誤りがあります")]
    Data(Findings),
    /// A font file cannot be used.
    #[error(transparent)]
    Font(#[from] FontError),
    /// The layout stopped: a bug of this program.
    #[error("紙面を組む途中で止まりました")]
    Stopped(#[from] cores::Stopped),
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
    /// A font file cannot be used.
    #[error(transparent)]
    Font(#[from] FontError),
    /// A writer stopped: a bug of this program.
    #[error("文書の作成が途中で止まりました")]
    Stopped(#[from] cores::Stopped),
    /// One of several documents.
    #[error("文書「{name}」を作れません。{error}")]
    OneOfSeveral {
        /// Its name.
        name: String,
        /// Why.
        error: Box<DrawError>,
    },
}

/// `根室市創生総合戦略_実績一覧_R4.pdf`
pub fn file_name(settings: &Settings, word: &str, year: FiscalYear, media_type: MediaType) -> String {
    let (end, extension) = (format!("_{word}_{year}"), format!(".{}", media_type.extension()));
    document_file_name(&settings.plan.id, &end, &extension)
}

/// Lays the documents out, each on a core of its own.
///
/// # Errors
/// A [`SetError`]; the findings of all documents.
pub fn set<'a>(from: &Ingredients<'a>, request: &Request) -> Result<Set<'a>, SetError> {
    let (set, faults) = set_of_those_that_can(from, request)?;
    if faults.is_empty() { Ok(set) } else { Err(SetError::Data(faults)) }
}

/// The same of those documents that can be laid out, with what is wrong with the others. The
/// master may have errors.
///
/// # Errors
/// A [`SetError`] that no data are the cause of.
pub fn set_of_those_that_can<'a>(
    from: &Ingredients<'a>,
    request: &Request,
) -> Result<(Set<'a>, Findings), SetError> {
    let plan = from.master.plan.clone().edition(request.year);
    let (mut documents, mut faults) = (Vec::with_capacity(from.designs.len()), Findings::new());
    let mut findings = Findings::new();
    for laid_out in cores::each(from.designs, |design| lay_out(&plan, from, design, request)) {
        match laid_out? {
            Ok(document) => {
                let of_costs = costs::unprinted(&document.design.template, &plan, from.master);
                let of_pages = overflows(&document.document, from.master).chain(divided_labels(&document));
                for mut finding in of_pages.chain(of_costs) {
                    finding.document = named(from, document.name());
                    findings.push(finding);
                }
                documents.push(document);
            }
            Err(SetError::Data(found)) => faults.append(found),
            Err(error) => return Err(error),
        }
    }
    Ok((Set { plan, documents, findings }, faults))
}

fn lay_out<'a>(
    plan: &Plan,
    from: &Ingredients<'a>,
    design: &'a Design,
    request: &Request,
) -> Result<LaidOut<'a>, SetError> {
    let Design { document, template, .. } = design;
    let fonts = Fonts::parse(&design.fonts)?;
    let settings = from.settings.of(document);
    let options = Options { draft: request.draft, note: note(&settings, request), year: Some(request.year) };
    let pages = layout::set(plan, &settings, template, &fonts, &options).map_err(|error| {
        let mut fault = layout_finding(&error, from.master);
        fault.document = named(from, &document.name);
        SetError::Data(fault.into())
    })?;
    let draft = if request.draft { template.words.draft.as_str() } else { "" };
    let meta = meta(&settings, format!("{}{draft}", settings.plan.title), request.date, &request.program);
    Ok(LaidOut { design, fonts, document: pages, meta })
}

/// The name of a document, where there are several.
fn named(from: &Ingredients<'_>, name: &str) -> Option<String> {
    (from.designs.len() > 1).then(|| name.to_owned())
}

/// A file of an edition.
pub struct DocumentFile<'s> {
    /// Name and bytes.
    pub file: NamedFile,
    /// The document it belongs to; `None` for the data of all.
    pub document: Option<&'s LaidOut<'s>>,
}

/// Draws the files of documents laid out: the PDF and the workbook of each, the data of all.
///
/// # Errors
/// A [`DrawError`] where a writer refuses.
pub fn draw<'s>(
    set: &'s Set<'_>,
    settings: &Settings,
    year: FiscalYear,
    wanted: Wanted,
) -> Result<Vec<DocumentFile<'s>>, DrawError> {
    let data = DataTable::of(&set.plan, settings);
    let documents: Vec<(&str, &LaidOut<'_>)> = set.documents.iter().map(|one| (one.name(), one)).collect();
    let drawn = draw_all(&documents, &data, settings, year, wanted)?;
    let of = set.documents.iter().flat_map(|document| wanted.media_types().iter().map(move |_| document));
    let files = drawn.into_iter().zip(of).map(|(file, of)| DocumentFile { file, document: Some(of) });
    let mut files: Vec<DocumentFile<'_>> = files.collect();
    if wanted != Wanted::Pdf {
        let name = file_name(settings, DATA, year, MediaType::Csv);
        files.push(DocumentFile { file: NamedFile { name, bytes: data.to_csv() }, document: None });
    }
    Ok(files)
}

/// Draws each document in the forms that are wanted, under the name that its files say. The
/// writers know nothing of each other, nor of other documents: each gets a core.
fn draw_all(
    documents: &[(&str, &LaidOut<'_>)],
    data: &DataTable,
    settings: &Settings,
    year: FiscalYear,
    wanted: Wanted,
) -> Result<Vec<NamedFile>, DrawError> {
    let forms = |(name, one)| wanted.media_types().iter().map(move |kind| (name, one, *kind));
    let pieces: Vec<(&str, &LaidOut<'_>, MediaType)> = documents.iter().copied().flat_map(forms).collect();
    let is_one = documents.len() == 1;
    let mut files = Vec::with_capacity(pieces.len());
    for beside in pieces.chunk_by(|(_, one, _), (_, next, _)| !one.is_large() && !next.is_large()) {
        let drawn = cores::each(beside, |(_, one, kind)| one.draw(data, *kind));
        for ((name, _, kind), bytes) in beside.iter().zip(drawn) {
            let bytes = bytes.map_err(DrawError::from).flatten().map_err(|error| match is_one {
                true => error,
                false => DrawError::OneOfSeveral { name: (*name).to_owned(), error: error.into() },
            })?;
            files.push(NamedFile { name: file_name(settings, name, year, *kind), bytes });
        }
    }
    Ok(files)
}

/// What is worth knowing of pages that were set, at its place in the master.
fn overflows(document: &Document, master: &Master) -> impl Iterator<Item = Finding> {
    document.overflows.iter().map(|Overflow { row, id, pages }| {
        let rule = LayoutRule::SheetOverflows { id: id.clone(), pages: *pages };
        Finding::at(master.source.place(*row, Column::Name), rule)
    })
}

/// Each label that is broken within a word, once.
fn divided_labels(document: &LaidOut<'_>) -> impl Iterator<Item = Finding> {
    let labels = text::divided_labels(&document.document, &document.fonts).into_iter();
    labels.map(|label| Finding::nowhere(LayoutRule::LabelDivided { label }))
}

/// Why the pages cannot be set, at its place in the master.
pub fn layout_finding(error: &LayoutError, master: &Master) -> Finding {
    let (row, column) = match error {
        LayoutError::TooNarrow(_) => return Finding::nowhere(layout_rule(error)),
        LayoutError::TooTall { row, .. } => (*row, Column::Purpose),
        LayoutError::TextTooLong { row, .. }
        | LayoutError::TooLarge { row, .. }
        | LayoutError::CellTooNarrow { row, .. }
        | LayoutError::TooManyPages { row, .. } => (*row, Column::Name),
        LayoutError::NameTooTall { row, part, .. } => (*row, column(*part)),
    };
    Finding::at(master.source.place(row, column), layout_rule(error))
}

/// Why the pages cannot be set.
pub fn layout_rule(error: &LayoutError) -> LayoutRule {
    match error {
        LayoutError::TooNarrow(narrow) => LayoutRule::PageTooNarrow {
            needed_mm: narrow.needed_mm as f64,
            available_mm: narrow.room_mm as f64,
        },
        LayoutError::TooTall { id, .. } => LayoutRule::WordingTooTall { id: id.clone() },
        LayoutError::TextTooLong { id, .. } => LayoutRule::TextTooLongForExcel { id: id.clone() },
        LayoutError::TooLarge { id, .. } => LayoutRule::DocumentTooLarge { id: id.clone() },
        LayoutError::CellTooNarrow { id, .. } => LayoutRule::CellTooNarrow { id: id.clone() },
        LayoutError::TooManyPages { id, pages, .. } => {
            LayoutRule::TooManyPages { id: id.clone(), pages: *pages }
        }
        LayoutError::NameTooTall { id, .. } => LayoutRule::NameTooTall { id: id.clone() },
    }
}

/// 「令和6年6月10日　○○会議」, of what is known; 「○○会議　（第2版・令和6年7月1日訂正）」 where
/// an edition is corrected, since its date is that of the correction.
fn note(settings: &Settings, request: &Request) -> String {
    let date = request.printed_date.map(japanese_date).unwrap_or_default();
    let meeting = settings.document.meeting.as_str();
    let corrected = request.edition.map(|edition| match date.as_str() {
        "" => format!("（第{edition}版）"),
        date => format!("（第{edition}版・{date}訂正）"),
    });
    corrected
        .as_ref()
        .map_or([date.as_str(), meeting], |corrected| [meeting, corrected.as_str()])
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
    use crate::file_name::{BUNDLE, ERRATA, is_safe_name};

    #[test]
    fn a_corrected_edition_says_so_on_its_pages() {
        let plan = "[plan]\nid = 'a'\ncity = ''\noffice = ''\nname = ''\ntitle = ''\n[document]\n";
        let said = |meeting: &str, date: Option<&str>, edition: Option<u32>| {
            let settings = format!("{plan}meeting = '{meeting}'");
            let settings = Settings::read(settings.as_bytes(), "plan.toml").unwrap();
            let today = "2024-07-09".parse().unwrap();
            let date = date.map(|date| date.parse().unwrap());
            let request = Request::new(&settings, FiscalYear::starting(2022), date, today);
            note(&settings, &Request { edition, ..request })
        };
        assert_eq!(said("推進会議", Some("2024-06-10"), None), "令和6年6月10日　推進会議");
        let second = "推進会議　（第2版・令和6年7月1日訂正）";
        assert_eq!(said("推進会議", Some("2024-07-01"), Some(2)), second);
        assert_eq!(said("", Some("2024-07-01"), Some(3)), "（第3版・令和6年7月1日訂正）");
        assert_eq!(said("", None, Some(2)), "（第2版）");
        assert_eq!(said("", None, None), "");
    }

    #[test]
    fn every_id_makes_names_that_every_system_takes() {
        let named = |id: &str, word: &str| {
            let plan = "[plan]\nid = ''\ncity = ''\noffice = ''\nname = ''\ntitle = ''\n";
            let settings = Settings::read(plan.replacen("''", &format!("'{id}'"), 1).as_bytes(), "").unwrap();
            file_name(&settings, word, FiscalYear::starting(2022), MediaType::Pdf)
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
            let name = named(id, "実績一覧");
            assert_eq!(name, expected);
            assert!(is_safe_name(&name), "{name}");
        }
        let long = "長".repeat(300);
        let document = "文".repeat(30);
        let names: HashSet<String> =
            ["実績一覧", DATA, ERRATA, BUNDLE, &document].map(|word| named(&long, word)).into();
        assert_eq!(names.len(), 5, "{names:?}");
        assert!(names.iter().all(|name| is_safe_name(name)), "{names:?}");
    }
}
