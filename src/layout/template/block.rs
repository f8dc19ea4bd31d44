//! A block as a template describes it: a picture of rows on columns, of which some repeat.

use std::ops::Range;

use super::StyleSpec;
use super::level::Level;
use super::mark::Text;
use crate::layout::Length;

/// `[[block]]`
#[derive(Debug, Clone)]
pub struct BlockSpec {
    /// For each of which it is printed.
    pub per: Level,
    /// Side by side; one where the block has no `beside`.
    pub parts: Vec<PartSpec>,
    /// The level of the heading that it holds, 1 to 6.
    pub heading: Option<u8>,
    /// How it stands on pages.
    pub page: PageUse,
    /// Above it, unless it begins a page.
    pub gap: Length,
    /// Below it, in place of the gap of what follows.
    pub below: Option<Length>,
    /// Printed in place of the block before it, for records that have none of these.
    pub without: Option<Level>,
    /// Printed for a 再掲 too.
    pub reprints: bool,
    /// What a screen reader says of its table.
    pub summary: Text,
    /// Where the file describes it, in bytes.
    pub span: Range<usize>,
}

/// How a block stands on pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageUse {
    /// After what comes before it.
    Flow,
    /// It begins a page.
    New,
    /// It stands again at the head of every later page of its sheet.
    Repeat,
}

/// Rows on columns.
#[derive(Debug, Clone)]
pub struct PartSpec {
    /// For each of which `rows` are printed; once where it is `None`.
    pub each: Option<Level>,
    /// From left to right.
    pub columns: Vec<ColumnSpec>,
    /// Printed again on a page that goes on.
    pub head: Vec<Vec<CellSpec>>,
    /// The rows of one record.
    pub rows: Vec<Vec<CellSpec>>,
    /// How many records there are at the least; empty ones make up for what is missing.
    pub least: usize,
    /// Printed where there is no record.
    pub empty: Option<String>,
}

/// A column, or a group of columns for every year.
#[derive(Debug, Clone, PartialEq)]
pub enum ColumnSpec {
    /// Gives way to figures, and takes what they leave.
    Text(Length),
    /// Always as wide.
    Fixed(Length),
    /// A text column whose left edge moves, from row to row of the document, where that saves
    /// its text or the one at its left a line.
    Fit(Length),
    /// As wide where there is room.
    Figure(Length),
    /// Figures of each year.
    Years {
        /// Of the columns of one year.
        widths: Vec<Length>,
        /// How many years, up to the edition's own; all of the plan where it does not say.
        last: Option<usize>,
    },
}

/// A cell of the picture.
#[derive(Debug, Clone)]
pub enum CellSpec {
    /// A cell of its own.
    Own(Box<OwnCell>),
    /// `"<"`: part of the cell at its left.
    Left,
    /// `"^"`: part of the cell above it.
    Above,
}

/// A cell that says something, or nothing.
#[derive(Debug, Clone)]
pub struct OwnCell {
    /// What it says.
    pub text: Text,
    /// How it looks, where the template says so.
    pub style: Option<StyleSpec>,
    /// The style's name.
    pub style_name: Option<String>,
    /// One cell for all successive rows of the same of these.
    pub join: Option<Join>,
    /// The head of its row.
    pub is_head: bool,
    /// It stands over the columns of all years.
    pub spans_years: bool,
    /// How tall it is at the least.
    pub height: Length,
    /// Its level, where this cell is a heading.
    pub heading: Option<u8>,
}

/// What successive rows have to share for one cell to stand over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Join {
    /// What they belong to.
    Level(Level),
    /// The text of a column that the plan declares.
    Declared(String),
}

impl ColumnSpec {
    /// How many cells of a row of the picture it takes.
    pub fn cells(&self) -> usize {
        match self {
            Self::Years { widths, .. } => widths.len(),
            _ => 1,
        }
    }
}

impl PartSpec {
    /// Whether it is a table: rows under heads, or a row for each record.
    pub fn is_table(&self) -> bool {
        !self.head.is_empty() || self.each.is_some()
    }

    /// Its cells, row by row.
    pub fn own_cells(&self) -> impl Iterator<Item = &OwnCell> {
        self.head.iter().chain(&self.rows).flatten().filter_map(|cell| match cell {
            CellSpec::Own(own) => Some(own.as_ref()),
            _ => None,
        })
    }
}
