//! The pages of a plan as they are now, to be looked at before any file is made.
//!
//! A [`Preview`] holds all that it shows, so that a page can be asked for again and again. It
//! leads both ways: from a place in the master to the pages where that is printed, and from a
//! cell of a page to the master.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::build::edition;
use super::choice::of_edition;
use super::{Choice, Loaded, Observer, PlanFolder, Result, distribute};
use crate::check;
use crate::documents::{self, Ingredients, column, part};
use crate::exchange;
use crate::finding::{ExchangeRule, Finding, Findings, Place, nearest};
use crate::layout::font::{FontFiles, Fonts};
use crate::layout::grid::{Cell, Document, Link, Role};
use crate::layout::{Origin, PageIndex, Part};
use crate::master::Column;
use crate::plan::{FiscalYear, Row};
use crate::render::svg::{self, CellLink};

/// What is to be looked at.
#[derive(Debug, Clone)]
pub struct Request {
    /// The plan's folder.
    pub plan: PathBuf,
    /// Which documents, and with which template.
    pub choice: Choice,
    /// Actuals up to this year; the latest with one where none is named.
    pub year: Option<FiscalYear>,
    /// The documents' date, in place of the plan's own.
    pub date: Option<NaiveDate>,
    /// The day.
    pub today: NaiveDate,
    /// Marks the title with （案）, whatever the plan says.
    pub draft: bool,
}

/// A plan with its pages, as it was read.
pub struct Preview {
    folder: PlanFolder,
    /// The settings and the master.
    pub loaded: Loaded,
    /// Actuals are printed up to this year.
    pub year: FiscalYear,
    /// Everything that is wrong, and why a document has no pages.
    pub findings: Findings,
    /// The documents that could be laid out.
    pub documents: Vec<PreviewDocument>,
    today: NaiveDate,
}

/// Reads a plan, checks it, and lays its documents out: those that can be, whatever else is
/// wrong.
///
/// # Errors
/// A plan of which too little can be read to show any of it; a file that cannot be opened.
pub fn run(request: &Request, observer: &dyn Observer) -> Result<Preview> {
    observer.step("マスタを読んでいます")?;
    let folder = PlanFolder::open(&request.plan)?;
    let examined = folder.examine(&request.choice)?;
    let (loaded, mut designs, mut findings) = (examined.loaded, examined.designs, examined.findings);
    let year = match edition(request.year, &loaded.master.plan) {
        Ok(year) => year,
        Err(_) if findings.has_errors() => return Err(findings.into()),
        Err(error) => return Err(error.into()),
    };
    if !designs.is_empty() {
        designs = of_edition(designs, year, &request.choice)?;
    }
    findings.append(check::edition(&loaded.master, year));

    observer.step("紙面を組んでいます")?;
    let mut wanted = documents::Request::new(&loaded.settings, year, request.date, request.today);
    wanted.draft |= request.draft;
    let from = Ingredients { master: &loaded.master, settings: &loaded.settings, designs: &designs };
    let (set, faults) = documents::set_of_those_that_can(&from, &wanted)?;
    findings.append(set.findings);
    findings.append(faults);
    let documents = set.documents.into_iter().map(|one| {
        PreviewDocument::new(one.design.document.name.clone(), one.document, one.design.fonts.clone())
    });
    let documents = documents.collect();
    Ok(Preview { folder, loaded, year, findings, documents, today: request.today })
}

impl Preview {
    /// Where this part of the master's `row` is printed, as a document and its page, both counted
    /// from 0; see [`PreviewDocument::pages_of`].
    pub fn pages_of(&self, row: Row, part: Option<Part>) -> Vec<(usize, usize)> {
        let documents = self.documents.iter().enumerate();
        documents
            .flat_map(|(at, document)| document.pages_of(row, part).into_iter().map(move |page| (at, page)))
            .collect()
    }

    /// What of the plan stands at a place in the master: its row, and as which of its parts it is
    /// printed, if it is. `None` for places elsewhere, and above the rows.
    pub fn origin_of(&self, place: &Place) -> Option<(Row, Option<Part>)> {
        let (row, column) = self.loaded.master.source.cell_of(place)?;
        Some((row, column.and_then(part)))
    }

    /// The fonts of [`form`](Self::form).
    ///
    /// # Errors
    /// A template that has errors; a template or font file that cannot be opened.
    pub fn form_fonts(&self) -> Result<FontFiles> {
        Ok(self.folder.main_design(&self.loaded.settings)?.fonts)
    }

    /// What a department is shown of the plan beside the form by which the figures of a year are
    /// asked for.
    ///
    /// # Errors
    /// A department that is asked for nothing; a template or pages that have errors.
    pub fn form(&self, department: &str, year: FiscalYear) -> Result<PreviewDocument> {
        // The day by which an answer is due is on none of these pages.
        let forms = exchange::forms(&self.loaded.master.plan, &self.loaded.settings, year, self.today);
        let Some(form) = forms.iter().find(|form| form.department == department) else {
            let known = forms.iter().map(|form| form.department.as_str());
            let nearest = nearest(department, known).map(str::to_owned);
            let rule = ExchangeRule::NothingToAsk { name: department.to_owned(), nearest };
            return Err(Findings::from(Finding::nowhere(rule)).into());
        };
        let design = self.folder.main_design(&self.loaded.settings)?;
        let pages = distribute::pages(form, &self.loaded, &design, &Fonts::parse(&design.fonts)?)?;
        Ok(PreviewDocument::new(department.to_owned(), pages, design.fonts))
    }
}

/// The cell of the master that a part of a page is taken from. Of what a name is made of, that is
/// 「名称」.
pub const fn place_of(origin: Origin) -> (Row, Column) {
    (origin.row, column(origin.part))
}

/// A document's pages.
pub struct PreviewDocument {
    /// Its name, such as 実績一覧.
    pub name: String,
    /// The pages.
    pub document: Document,
    /// The fonts they are set in, which whoever shows them has to bring.
    pub fonts: FontFiles,
    /// On which of them a row is.
    pub index: PageIndex,
}

impl PreviewDocument {
    /// Pages that were laid out with these fonts.
    pub fn new(name: String, document: Document, fonts: FontFiles) -> Self {
        let index = PageIndex::of(&document);
        Self { name, document, fonts, index }
    }

    /// How many pages there are.
    pub fn page_count(&self) -> usize {
        self.document.page_count()
    }

    /// The sheet of a page, and which of its pages it is; all counted from 0.
    pub fn sheet_of(&self, page: usize) -> Option<(usize, usize)> {
        let mut before = 0;
        for (at, sheet) in self.document.sheets.iter().enumerate() {
            if page < before + sheet.pages.len() {
                return Some((at, page - before));
            }
            before += sheet.pages.len();
        }
        None
    }

    /// The page to which an entry of the contents leads, counted from 0.
    pub fn page_of_link(&self, link: Link) -> usize {
        let before = self.document.sheets.iter().take(link.sheet).map(|sheet| sheet.pages.len());
        before.sum::<usize>()
            + self.document.sheets.get(link.sheet).map_or(0, |sheet| sheet.page_of(link.row))
    }

    /// The pages on which this part of the master's `row` is printed, counted from 0, in order;
    /// where its name is, if it has no cell of its own, or no part was named.
    pub fn pages_of(&self, row: Row, part: Option<Part>) -> Vec<usize> {
        let numbers = match self.printed_as(row, part) {
            Some(part) => self.index.own_pages(row, part).to_vec(),
            None => self.index.pages_of_row(row),
        };
        numbers.into_iter().filter_map(|number| self.page_numbered(number)).collect()
    }

    /// Whether a cell is one for the sake of which a page is among [`pages_of`](Self::pages_of).
    pub fn is_of(&self, cell: &Cell, row: Row, part: Option<Part>) -> bool {
        let part = self.printed_as(row, part);
        // A 再掲 is where the heading of its project stands again.
        let is_again = |origin: &Origin| origin.reprint == Some(row) && matches!(cell.role, Role::Heading(_));
        let is_row = |origin: &&Origin| origin.row == row || is_again(origin);
        cell.origins.iter().filter(is_row).any(|origin| part.is_none_or(|part| part == origin.part))
    }

    /// By which of its parts a row is found: the one that is looked for, its name, any.
    fn printed_as(&self, row: Row, part: Option<Part>) -> Option<Part> {
        let parts = [part, Some(Part::Name)].into_iter().flatten();
        parts.into_iter().find(|part| !self.index.own_pages(row, *part).is_empty())
    }

    /// The page that bears a number.
    fn page_numbered(&self, number: usize) -> Option<usize> {
        let mut before = 0;
        for sheet in &self.document.sheets {
            let within = sheet.first_page.and_then(|first| number.checked_sub(first));
            if let Some(within) = within.filter(|within| *within < sheet.pages.len()) {
                return Some(before + within);
            }
            before += sheet.pages.len();
        }
        None
    }

    /// What a page is called: 「実績一覧 12ページ」.
    pub fn page_name(&self, page: usize) -> Option<String> {
        let (sheet, within) = self.sheet_of(page)?;
        let sheet = self.document.sheets.get(sheet)?;
        Some(match sheet.first_page {
            Some(first) => format!("{} {}ページ", self.name, first + within),
            None => format!("{} {}", self.name, sheet.title),
        })
    }

    /// A page, counted from 0, as an element of a page of the Web; `None` where there is none.
    /// `link` says where a cell leads.
    ///
    /// # Errors
    /// A font that cannot be used.
    pub fn svg(&self, page: usize, link: &dyn Fn(&Cell) -> Option<CellLink>) -> Result<Option<String>> {
        let (Some(place), Some(name)) = (self.sheet_of(page), self.page_name(page)) else { return Ok(None) };
        let fonts = Fonts::parse(&self.fonts)?;
        Ok(svg::page(&self.document, place, &fonts, &name, link))
    }
}
