//! What a page contains: the plan, the template and the fonts in, grids out.
//!
//! ```text
//! plan ─► compose ─► blocks ─► paginate ─► sheets ─► (render)
//!            │  columns: how wide      │
//!            │  text, font: how tall   └─ contents: the 目次 of the finished sheets
//!            └  template: how it looks
//! ```
//!
//! Of a finished document, `reading` tells what is heard of it, `page_index` on which pages
//! a row of the plan is.
//!
//! Pure: the same plan, settings, template and fonts give the same document.

mod block;
mod columns;
mod compose;
mod contents;
pub mod errata;
pub mod font;
pub mod grid;
mod length;
pub mod limits;
mod origin;
mod page_index;
mod paginate;
pub mod reading;
pub mod template;
pub mod text;

pub use columns::TooNarrow;
pub use length::Length;
pub use origin::{Origin, Part};
pub use page_index::PageIndex;

use font::Fonts;
use grid::{Document, PageFrame};
use template::Template;

use crate::plan::{Plan, Row};
use crate::settings::Settings;

/// What a run asks for beyond the plan and its settings.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Marks the title with （案）.
    pub draft: bool,
    /// Printed at the top left: the meeting and the date. Empty for none.
    pub note: String,
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
    /// A heading, or one row of a table of 数値目標 or KPI, is taller than a page.
    #[error("「{id}」の名称・目標が長すぎて、1ページに入りません")]
    NameTooTall {
        /// The ID of the goal, field, measure or indicator.
        id: String,
        /// Where it stands in the master.
        row: Row,
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
    let page = page_frame(template);
    let breaker = text::Breaker::new(fonts);
    let composer = compose::Composer::new(plan, settings, template, &breaker, options, &page)?;
    let running_head = |under: &block::Under, measure: bool| composer.running_head(under, measure);
    let mut sheets = Vec::new();
    let mut next_page = 1;
    let mut left = limits::MOST_WEIGHT;
    for goal in &plan.goals {
        let composed = composer.goal(goal, page.body_height(), &mut left)?;
        let pages = paginate::Paginator::new(page.body_height(), composed.repeat, &running_head)
            .set(&composed.blocks);
        let count = pages.pages.len();
        if count > limits::MOST_PAGES {
            return Err(LayoutError::TooManyPages { id: goal.id.clone(), row: goal.row, pages: count });
        }
        let name = format!("基本目標{}", goal.number);
        let columns = composer.columns().edges.widths();
        sheets.push(pages.into_sheet(name, composer.goal_heading(goal), columns, Some(next_page)));
        next_page += count;
    }
    if template.show.contents && !sheets.is_empty() {
        let contents = contents::contents(&sheets, &composer.title(), template, &breaker, &page);
        let contents = contents.map_err(|(at, why)| {
            // One sheet was made for each goal.
            let (id, row) =
                plan.goals.get(at).map_or((String::new(), Row(0)), |goal| (goal.id.clone(), goal.row));
            match why {
                contents::Unset::TooTall => LayoutError::NameTooTall { id, row },
                contents::Unset::TooNarrow => LayoutError::CellTooNarrow { id, row },
            }
        })?;
        sheets.insert(0, contents);
    }
    Ok(Document { page, rule: template.rule(), sheets })
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
        foot_text: number.text.clone(),
    }
}
