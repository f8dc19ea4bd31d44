//! The grid: what a document looks like, as plain data.
//!
//! A report in the manner of a spreadsheet is a grid of cells with spans, borders
//! and text. [`crate::layout`] makes one [`Sheet`] for each goal and one for the
//! contents; the PDF writer and the Excel writer each draw the same sheets. A grid
//! knows nothing of KPIs, and nothing of PDF or Excel.
//!
//! Always true of a finished sheet: the cells do not overlap; every line of a cell
//! fits between its paddings, by the font's own widths; no cell spans a page break;
//! `cells` are in reading order.

use std::borrow::Cow;
use std::ops::Range;

use super::{Length, Origin};
use crate::plan::{Row, Value, reading};

/// A document, ready to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The paper and what surrounds the grid.
    pub page: PageFrame,
    /// The rules around cells.
    pub rule: Rule,
    /// In order; the contents sheet first, where the template wants one.
    pub sheets: Vec<Sheet>,
    /// What was to stand on a page of its own, and does not fit on one.
    pub overflows: Vec<Overflow>,
}

/// What begins a page of its own, and needs more than one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overflow {
    /// Where it stands in the master.
    pub row: Row,
    /// Its ID.
    pub id: String,
    /// How many pages it needs.
    pub pages: usize,
}

/// The paper, its margins and its foot.
#[derive(Debug, Clone, PartialEq)]
pub struct PageFrame {
    /// The width of the paper.
    pub width: Length,
    /// The height of the paper.
    pub height: Length,
    /// From the paper's left edge to the grid.
    pub left: Length,
    /// From the paper's top edge to the grid.
    pub top: Length,
    /// From the paper's right edge to the grid.
    pub right: Length,
    /// From the paper's bottom edge to the lowest place a row may reach.
    pub bottom: Length,
    /// The page number's baseline, from the paper's bottom edge.
    pub foot: Length,
    /// The size of the page number.
    pub foot_size: Length,
    /// Such as `− {ページ} −`; [`PAGE_MARK`] stands for the number.
    pub foot_text: String,
    /// Above the right end of every page's grid, in the size of the page number: （案）. Empty
    /// for nothing.
    pub head_text: String,
}

/// What stands for the page's number in [`PageFrame::foot_text`].
pub const PAGE_MARK: &str = "{ページ}";

/// How a rule is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its thickness.
    pub width: Length,
    /// Its colour.
    pub colour: Colour,
}

/// An opaque sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour {
    /// 0 to 255
    pub red: u8,
    /// 0 to 255
    pub green: u8,
    /// 0 to 255
    pub blue: u8,
}

/// One grid, broken into pages. A workbook shows it as one sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Short and unique, fit for a sheet's name in Excel.
    pub name: String,
    /// What the sheet is, in words.
    pub title: String,
    /// The widths of the columns, left to right: the union of all tables' edges.
    pub columns: Vec<Length>,
    /// The rows, top to bottom.
    pub rows: Vec<GridRow>,
    /// The cells, in reading order.
    pub cells: Vec<Cell>,
    /// The tables among them; [`Cell::table`] counts from 0 in here.
    pub tables: Vec<Table>,
    /// The rows of each page; together all rows.
    pub pages: Vec<Range<usize>>,
    /// Rows of the first page that stand again at the head of every later page.
    pub repeat: Option<Range<usize>>,
    /// The number printed on its first page; `None` for pages without a number.
    pub first_page: Option<usize>,
    /// The rows that stay in view when a workbook is scrolled.
    pub frozen_rows: usize,
}

/// A row of a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GridRow {
    /// A multiple of 0.75 pt, which is one pixel in Excel: so both writers draw the same.
    pub height: Length,
}

/// A table among the rows, for readers who cannot see its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What the table shows.
    pub kind: TableKind,
    /// A sentence for a screen reader.
    pub summary: String,
}

/// What a table shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    /// What the plan says.
    Records,
    /// 「目次」
    Contents,
    /// 「正誤表」
    Errata,
}

/// A cell: a rectangle of the grid with a style and a content.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its first row.
    pub row: usize,
    /// How many rows it spans, at least 1.
    pub row_span: usize,
    /// Its first column.
    pub column: usize,
    /// How many columns it spans, at least 1.
    pub column_span: usize,
    /// How it looks.
    pub style: Style,
    /// What it says.
    pub content: Content,
    /// The same, broken into lines that fit. Empty for an empty cell.
    pub lines: Vec<Line>,
    /// What it is to a reader.
    pub role: Role,
    /// The table it belongs to, counted in [`Sheet::tables`].
    pub table: Option<usize>,
    /// Where it leads, in a table of contents.
    pub link: Option<Link>,
    /// The parts of its text that are underlined, in bytes, in order.
    pub underlined: Vec<Range<usize>>,
    /// What of the plan it says, in the order of its words; none for heads of columns, furniture
    /// and what is no row's.
    pub origins: Vec<Origin>,
}

/// One line of a cell's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The text, without the break.
    pub text: String,
    /// Its width by the font's own advance widths.
    pub width: Length,
    /// How far it begins behind where the text of its cell begins: a line that goes on under a
    /// name, not under the number before it.
    pub indent: Length,
}

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Nothing; the cell is only drawn.
    Empty,
    /// Text, to be drawn as broken into lines.
    Text(String),
    /// A label whose letters stand one below the other (目標, KPI, 事業量).
    Stacked(String),
    /// What a cell for a figure says.
    Value(Value),
}

/// What a cell is to a reader, whatever it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The document's title.
    Title,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A paragraph: 担当課, 目的, 内容, the document's number.
    Paragraph,
    /// The beginning of the paragraph that the next cell goes on with: （目的）.
    Label,
    /// The name of a table, beside it (目標, KPI, 事業量).
    Caption,
    /// The head of a column.
    ColumnHeader,
    /// The head of a row (項目).
    RowHeader,
    /// A datum.
    Data,
    /// An entry of the contents.
    ContentsEntry,
    /// Furniture that repeats or decorates (running heads, repeated headers, leader
    /// dots, empty ground): passed over when the document is read aloud.
    Artifact,
}

/// A place in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Which sheet.
    pub sheet: usize,
    /// Which row of it.
    pub row: usize,
}

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Style {
    /// The size of the type.
    pub size: Length,
    /// From one baseline to the next.
    pub leading: Length,
    /// Bold face.
    pub bold: bool,
    /// The colour of the text.
    pub colour: Colour,
    /// The ground, where it is not the paper.
    pub fill: Option<Colour>,
    /// Across.
    pub align: Align,
    /// Up and down.
    pub valign: VerticalAlign,
    /// From the left and right edges to the text.
    pub padding: Length,
    /// From the upper and lower edges to the text.
    pub space: Length,
    /// Which edges have a rule.
    pub borders: Borders,
}

/// Where text stands across a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// At the left.
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
}

/// Where text stands up and down a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VerticalAlign {
    /// At the top.
    Top,
    /// In the middle.
    Middle,
    /// At the bottom.
    Bottom,
}

/// Which edges of a cell have a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Borders {
    /// Above.
    pub top: bool,
    /// At the right.
    pub right: bool,
    /// Below.
    pub bottom: bool,
    /// At the left.
    pub left: bool,
}

impl Borders {
    /// A rule on every edge.
    pub const ALL: Self = Self { top: true, right: true, bottom: true, left: true };
    /// No rule.
    pub const NONE: Self = Self { top: false, right: false, bottom: false, left: false };
}

impl PageFrame {
    /// How wide the grid may be.
    pub fn body_width(&self) -> Length {
        self.width - self.left - self.right
    }

    /// Where the baseline of [`head_text`](Self::head_text) is, from the paper's top edge.
    pub fn head(&self) -> Length {
        (self.top - self.foot_size / 2).max(Length::ZERO)
    }

    /// How tall the rows of a page may be together.
    pub fn body_height(&self) -> Length {
        self.height - self.top - self.bottom
    }
}

impl Document {
    /// How many pages there are.
    pub fn page_count(&self) -> usize {
        self.sheets.iter().map(|sheet| sheet.pages.len()).sum()
    }
}

impl Sheet {
    /// The printed number of the page on which `row` stands, counted from 0 within the sheet.
    pub fn page_of(&self, row: usize) -> usize {
        let page = self.pages.partition_point(|page| page.end <= row);
        if page < self.pages.len() { page } else { 0 }
    }

    /// For each page the cells that begin on it, those that repeat too, by their index.
    pub(crate) fn cells_of_pages(&self) -> Vec<Vec<usize>> {
        let mut page_of = vec![usize::MAX; self.rows.len()];
        for (at, page) in self.pages.iter().enumerate() {
            page_of.get_mut(page.clone()).unwrap_or_default().fill(at);
        }
        let repeats = |row: usize| self.repeat.as_ref().is_some_and(|rows| rows.contains(&row));
        let mut cells = vec![Vec::new(); self.pages.len()];
        let mut repeated = Vec::new();
        for (index, cell) in self.cells.iter().enumerate() {
            if repeats(cell.row) {
                repeated.push(index);
            }
            if let Some(of_page) = page_of.get(cell.row).and_then(|at| cells.get_mut(*at)) {
                of_page.push(index);
            }
        }
        for (at, of_page) in cells.iter_mut().enumerate().skip(1) {
            let own = self.pages.get(at).cloned().unwrap_or_default();
            of_page.extend(repeated.iter().filter(|index| !own.contains(&self.cells[**index].row)));
            of_page.sort_unstable();
        }
        cells
    }

    /// The rows drawn on the page `at`: the repeated ones first.
    pub fn rows_of_page(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let repeated = if at == 0 { None } else { self.repeat.clone() };
        repeated.into_iter().flatten().chain(self.pages.get(at).cloned().into_iter().flatten())
    }

    /// How far the column's left edge is from the grid's left edge.
    pub fn column_offset(&self, column: usize) -> Length {
        self.columns.iter().take(column).sum()
    }

    /// The width of a cell.
    pub fn width_of(&self, cell: &Cell) -> Length {
        self.columns.iter().skip(cell.column).take(cell.column_span).sum()
    }

    /// The height of a cell.
    pub fn height_of(&self, cell: &Cell) -> Length {
        self.rows.iter().skip(cell.row).take(cell.row_span).map(|row| row.height).sum()
    }
}

impl Cell {
    /// What of the plan it is for: the first that it says.
    pub fn origin(&self) -> Option<Origin> {
        self.origins.first().copied()
    }

    /// What the cell says, unbroken.
    pub fn text(&self) -> &str {
        self.content.text()
    }
}

impl Content {
    /// What is said, in one text.
    pub fn text(&self) -> &str {
        match self {
            Self::Empty => "",
            Self::Text(text) | Self::Stacked(text) => text,
            Self::Value(value) => value.printed(),
        }
    }

    /// With letters and their marks as one character (か and U+3099 as が), as a face has them. What
    /// the master says is so already; what `plan.toml` and a template say need not be.
    pub(crate) fn composed(self) -> Self {
        let whole = |text: String| match reading::composed(&text) {
            Cow::Owned(whole) => whole,
            Cow::Borrowed(_) => text,
        };
        match self {
            Self::Text(text) => Self::Text(whole(text)),
            Self::Stacked(text) => Self::Stacked(whole(text)),
            other => other,
        }
    }
}

/// Where in a text each of the lines into which it was broken stands, in bytes. A line that is no
/// part of the text has no length.
pub(crate) fn line_ranges(text: &str, lines: &[Line]) -> Vec<Range<usize>> {
    let mut at = 0;
    let range = |line: &Line| {
        let own = if text[at..].starts_with(line.text.as_str()) { line.text.len() } else { 0 };
        let range = at..at + own;
        // One break at the most ends a line, with what is dropped before it.
        let rest = &text[range.end..];
        let broken = rest.trim_start_matches('\r').strip_prefix('\n');
        at = text.len() - broken.unwrap_or(rest).len();
        range
    };
    lines.iter().map(range).collect()
}
