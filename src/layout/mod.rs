//! What a page contains: the plan, the template and the fonts in, grids out.
//!
//! ```text
//! plan, template ─► compose ─► blocks ─► paginate ─► sheets ─► (render)
//!                      │  engine: how wide, how tall   │
//!                      └  template: what stands where  └─ contents: the 目次 of the sheets
//! ```
//!
//! Of a finished document, `reading` tells what is heard of it, `page_index` on which pages
//! a row of the plan is.
//!
//! Pure: the same plan, settings, template and fonts give the same document.

mod compose;
mod contents;
mod engine;
pub mod errata;
pub mod grid;
mod length;
mod origin;
mod page_index;
pub mod reading;
pub mod template;

pub use compose::example;
pub use engine::columns::TooNarrow;
pub use engine::{font, limits, text};
pub use length::Length;
pub use origin::{Origin, Part};
pub use page_index::PageIndex;

pub(crate) use engine::{block, closing, columns, paginate};
use font::Fonts;
use grid::{Document, Overflow, PageFrame, Sheet};
use template::Template;

use crate::plan::reading::composed;
use crate::plan::{FiscalYear, Plan, Row};
use crate::settings::Settings;

/// How wide the box of a document's number is, where no template says.
const NUMBER_BOX_MM: f64 = 19.0;

/// What a run asks for beyond the plan and its settings.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Marks the title and every page with （案）.
    pub draft: bool,
    /// Printed at the top left: the meeting, the date, the edition. Empty for none.
    pub note: String,
    /// The year of the edition (今年度); the last that is reported where it is not known.
    pub year: Option<FiscalYear>,
}

/// A plan that cannot be set on the template's pages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// The years do not fit on the page.
    #[error(transparent)]
    TooNarrow(#[from] TooNarrow),
    /// The wording of one project is taller than a page.
    #[error("事業「{id}」の目的・内容が長すぎて、1ページに入りません")]
    TooTall {
        /// The project's ID.
        id: String,
        /// Where it stands in the master.
        row: Row,
    },
    /// A heading, or one row of a table, is taller than a page.
    #[error("「{id}」の文章が長すぎて、1ページに入りません")]
    NameTooTall {
        /// The ID of what it belongs to.
        id: String,
        /// Where it stands in the master.
        row: Row,
        /// Which text of the row it is.
        part: Part,
    },
    /// The document is larger than any city's.
    #[error("「{id}」のところで、文書が大きくなりすぎます")]
    TooLarge {
        /// The ID of what no longer has room.
        id: String,
        /// Where it stands in the master.
        row: Row,
    },
    /// A cell is narrower than one letter of its text.
    #[error("「{id}」の文字が、列の幅に入りません")]
    CellTooNarrow {
        /// The ID of what the text belongs to.
        id: String,
        /// Where it stands in the master.
        row: Row,
    },
    /// A text is longer than a cell of Excel holds, once its label stands with it.
    #[error("「{id}」の文章が長すぎて、Excelの1つのセルに入りません")]
    TextTooLong {
        /// The ID of what the text belongs to.
        id: String,
        /// Where it stands in the master.
        row: Row,
    },
    /// A goal has more pages than a sheet of Excel can be broken into.
    #[error("「{id}」が{pages}ページになり、Excelの1枚のシートに入りません")]
    TooManyPages {
        /// The goal's ID.
        id: String,
        /// Where it stands in the master.
        row: Row,
        /// How many pages it has.
        pages: usize,
    },
}

/// Sets the whole document.
///
/// # Errors
/// A [`LayoutError`] where the plan does not fit on the template's pages.
pub fn set(
    plan: &Plan,
    settings: &Settings,
    template: &Template,
    fonts: &Fonts<'_>,
    options: &Options,
) -> Result<Document, LayoutError> {
    let mut page = page_frame(template);
    if options.draft {
        page.head_text = composed(&template.words.draft).into_owned();
    }
    let breaker = text::Breaker::new(fonts);
    let composer = compose::Composer::new(plan, settings, template, &breaker, options, &page)?;
    let running_head = |under: &block::Headings, goes_on: u8| composer.running_head(under, goes_on);
    let mut sheets: Vec<Sheet> = Vec::new();
    let (mut records, mut overflows) = (Vec::new(), Vec::new());
    let mut next_page = 1;
    for record in composer.sheets() {
        let compose::Composed { blocks, title, units } = composer.sheet(record)?;
        let pages = paginate::Paginator::new(page.body_height(), &running_head).set(&blocks);
        let count = pages.pages.len();
        let ends = pages.begun.iter().skip(1).chain([&count]);
        for ((row, id), (from, to)) in units.into_iter().zip(pages.begun.iter().zip(ends)) {
            if to - from > 1 {
                overflows.push(Overflow { row, id, pages: to - from });
            }
        }
        let (row, id) = record.identity();
        if count > limits::MOST_PAGES {
            return Err(LayoutError::TooManyPages { id: id.to_owned(), row, pages: count });
        }
        if count == 0 {
            continue;
        }
        let columns = composer.edges().widths();
        sheets.push(pages.into_sheet(composer.sheet_name(record), title, columns, Some(next_page)));
        records.push(record);
        next_page += count;
    }
    if template.contents.levels > 0 && !sheets.is_empty() {
        let contents = contents::contents(&sheets, &composer.opening(), template, &breaker, &page);
        let contents = contents.map_err(|(at, why)| {
            let (row, id) = records.get(at).map_or((Row(0), ""), |record| record.identity());
            let id = id.to_owned();
            match why {
                contents::Unset::TooTall => LayoutError::NameTooTall { id, row, part: Part::Name },
                contents::Unset::TooNarrow => LayoutError::CellTooNarrow { id, row },
            }
        })?;
        sheets.insert(0, contents);
    }
    Ok(Document { page, rule: template.rule(), sheets, overflows })
}

/// The paper of the template.
fn page_frame(template: &Template) -> PageFrame {
    let (page, number) = (&template.page, &template.page.number);
    PageFrame {
        width: page.paper.width,
        height: page.paper.height,
        left: page.margin.left,
        top: page.margin.top,
        right: page.margin.right,
        bottom: page.margin.bottom,
        foot: number.baseline,
        foot_size: number.size,
        foot_text: composed(&number.text).into_owned(),
        head_text: String::new(),
    }
}
