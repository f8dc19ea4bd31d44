//! Blocks: the pieces of a document that a page takes whole.
//!
//! A heading, a table, a 事業 with its figures: each is a small grid of its own,
//! its rows solved so that every cell's text fits, before anyone knows on which
//! page it will stand.

use super::Length;
use super::columns::{Edges, Span};
use super::font::signs;
use super::grid::{Borders, Cell, Content, Role, Table};
use super::template::StyleSpec;
use super::text::Breaker;

/// One pixel of Excel's at its native 96 dpi. Rows are whole pixels high, so that
/// the workbook and the PDF break their pages at the same rows.
pub const PIXEL_PT: f64 = 0.75;

/// A piece of a document. Its cells count rows from its own first row.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The heights of its rows.
    pub rows: Vec<Length>,
    /// Its cells, in reading order.
    pub cells: Vec<Cell>,
    /// What its cells with a table belong to.
    pub table: Option<Table>,
    /// Above it, unless it begins a page.
    pub gap: Length,
    /// It may not be the last on a page.
    pub keep_with_next: bool,
    /// How many rows stand again where the block is split; 0 for one that never is.
    pub head_rows: usize,
    /// Which 分野 and 施策 it stands under, as the running head names them.
    pub under: Under,
    /// The row of a cell that is narrower than one of its letters; `None` where none is.
    pub narrow: Option<usize>,
}

/// The headings a block stands under, as printed; empty above the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Under {
    /// 「分野」
    pub field: String,
    /// 「施策」
    pub measure: String,
}

impl Block {
    /// How tall it is, without the gap.
    pub fn height(&self) -> Length {
        self.rows.iter().sum()
    }

    /// 2 for the heading of a 分野, 3 for that of a 施策; `None` for any other block.
    pub fn heading_level(&self) -> Option<u8> {
        self.cells.iter().find_map(|cell| match cell.role {
            Role::Heading(level @ 2..=3) => Some(level),
            _ => None,
        })
    }
}

/// Makes the cells of a block and solves its rows.
pub struct Builder<'b> {
    breaker: &'b Breaker<'b>,
    edges: &'b Edges,
    rows: usize,
    cells: Vec<Cell>,
    needs: Vec<Need>,
    narrow: Option<usize>,
}

/// What a cell asks of the rows it spans.
#[derive(Clone, Copy)]
pub struct Need {
    /// The first of them.
    pub row: usize,
    /// How many there are.
    pub row_span: usize,
    /// How tall they are together, at the least.
    pub height: Length,
}

/// Where a cell stands in a block.
#[derive(Debug, Clone, Copy)]
pub struct At {
    row: usize,
    row_span: usize,
    span: Span,
}

/// A cell of one row.
pub fn at(row: usize, span: Span) -> At {
    At { row, row_span: 1, span }
}

impl At {
    /// The same over several rows.
    pub fn down(self, row_span: usize) -> Self {
        Self { row_span: row_span.max(1), ..self }
    }
}

impl<'b> Builder<'b> {
    /// A block of `rows` rows on a grid with these edges.
    pub fn new(breaker: &'b Breaker<'b>, edges: &'b Edges, rows: usize) -> Self {
        Self { breaker, edges, rows, cells: Vec::new(), needs: Vec::new(), narrow: None }
    }

    /// Adds a cell, breaks its text, and notes the height it needs.
    pub fn cell(
        &mut self,
        at: At,
        spec: &StyleSpec,
        borders: Borders,
        content: Content,
        role: Role,
    ) -> &mut Cell {
        let style = spec.with(borders);
        let width = at.span.width() - style.padding * 2;
        let (column, column_span) = self.edges.locate(at.span);
        let mut cell = Cell {
            row: at.row,
            row_span: at.row_span,
            column,
            column_span,
            style,
            content,
            lines: Vec::new(),
            role,
            table: None,
            link: None,
            origin: None,
        };
        cell.lines = match &cell.content {
            Content::Empty => Vec::new(),
            Content::Stacked(text) => signs(text)
                .filter(|(sign, _)| !sign.base.is_whitespace())
                .flat_map(|(_, piece)| self.breaker.lines(piece, width, style.size, style.bold))
                .collect(),
            _ if cell.text().is_empty() => Vec::new(),
            _ => self.breaker.lines(cell.text(), width, style.size, style.bold),
        };
        // A line holds one letter at the least, whatever its width.
        if cell.lines.iter().any(|line| line.width > width.max(Length::ZERO)) {
            self.narrow.get_or_insert(at.row);
        }
        let height = style.leading * cell.lines.len().max(1) as i64 + spec.space() * 2;
        self.needs.push(Need { row: at.row, row_span: at.row_span, height });
        let index = self.cells.len();
        self.cells.push(cell);
        &mut self.cells[index]
    }

    /// What the cells ask of the rows so far, in the order in which they were added.
    pub fn needs(&self) -> &[Need] {
        &self.needs
    }

    /// The finished block.
    pub fn finish(self, gap: Length, under: &Under) -> Block {
        Block {
            rows: solved(self.rows, self.needs),
            cells: self.cells,
            narrow: self.narrow,
            table: None,
            gap: gap.up_to_multiple_of(Length::pt(PIXEL_PT)),
            keep_with_next: false,
            head_rows: 0,
            under: under.clone(),
        }
    }
}

/// The heights of `rows` rows: the least in which every cell fits, cells of one row first;
/// what a spanning cell lacks is shared by its rows.
fn solved(rows: usize, needs: Vec<Need>) -> Vec<Length> {
    let mut rows = vec![Length::ZERO; rows];
    raise(&mut rows, needs);
    rows
}

/// Makes rows as tall as these cells need. In which order cells of one row are named
/// changes nothing.
pub fn raise(rows: &mut [Length], mut needs: Vec<Need>) {
    let pixel = Length::pt(PIXEL_PT);
    needs.sort_by_key(|need| (need.row_span, need.row));
    for need in &needs {
        let rows = &mut rows[need.row..need.row + need.row_span];
        let lacking = need.height - rows.iter().sum();
        if lacking > Length::ZERO {
            let more = (lacking / rows.len() as i64).up_to_multiple_of(pixel);
            for row in rows {
                *row = (*row + more).up_to_multiple_of(pixel);
            }
        }
    }
}
