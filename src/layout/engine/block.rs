//! Blocks: the pieces of a document that a page takes whole.
//!
//! A heading, a table, a 事業 with its figures: each is a small grid of its own,
//! its rows solved so that every cell's text fits, before anyone knows on which
//! page it will stand.

use std::ops::Range;
use std::rc::Rc;

use super::columns::{Edges, Span};
use super::font::signs;
use super::text::Breaker;
use crate::layout::Length;
use crate::layout::grid::{Align, Borders, Cell, Content, Role, Table};
use crate::layout::template::StyleSpec;
use crate::plan::reading::composed;

/// One pixel of Excel's at its native 96 dpi. Rows are whole pixels high, so that
/// the workbook and the PDF break their pages at the same rows.
pub const PIXEL_PT: f64 = 0.75;

/// A distance in whole pixels, no shorter.
pub fn in_pixels(distance: Length) -> Length {
    distance.up_to_multiple_of(Length::pt(PIXEL_PT))
}

/// A piece of a document. Its cells count rows from its own first row.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The heights of its rows.
    pub rows: Vec<Length>,
    /// Its cells, in reading order.
    pub cells: Vec<Cell>,
    /// How tall each of the cells has to be, in their order.
    pub needs: Vec<Length>,
    /// What its cells with a table belong to.
    pub table: Option<Table>,
    /// Above it, unless it begins a page.
    pub gap: Length,
    /// It may not be the last on a page.
    pub keep_with_next: bool,
    /// How many rows stand again where the block is split.
    pub head_rows: usize,
    /// Before which of its rows it may be split; empty for one that never is.
    pub breaks: Vec<usize>,
    /// How cells that stand over a split are drawn again behind it, by their index.
    pub continued: Vec<(usize, Cell, Length)>,
    /// The headings it stands under, its own among them.
    pub under: Headings,
    /// The level of its own heading, where it has one.
    pub heading: Option<u8>,
    /// It begins a page.
    pub begins_page: bool,
    /// It stands again at the head of every later page.
    pub repeats: bool,
    /// A cell that is narrower than one of its letters; `None` where none is.
    pub narrow: Option<usize>,
}

/// The headings that something stands under, as printed, by their level from 1 to 6; empty
/// where there is none of a level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headings(Rc<[String; 6]>);

impl Headings {
    /// That of a level.
    pub fn of(&self, level: u8) -> &str {
        usize::from(level).checked_sub(1).and_then(|at| self.0.get(at)).map_or("", String::as_str)
    }

    /// These with a heading of a level, under which there is none yet.
    pub fn with(&self, level: u8, text: &str) -> Self {
        let mut headings = (*self.0).clone();
        let at = usize::from(level.saturating_sub(1));
        for (level, heading) in headings.iter_mut().enumerate().skip(at) {
            *heading = if level == at { text.to_owned() } else { String::new() };
        }
        Self(Rc::new(headings))
    }

    /// How many levels, from the highest, are the same.
    pub fn shared(&self, other: &Self) -> u8 {
        self.0.iter().zip(other.0.iter()).take_while(|(one, other)| one == other).count() as u8
    }
}

impl Block {
    /// How tall it is, without the gap.
    pub fn height(&self) -> Length {
        self.rows.iter().sum()
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
    hang: usize,
}

/// A cell of one row.
pub fn at(row: usize, span: Span) -> At {
    At { row, row_span: 1, span, hang: 0 }
}

impl At {
    /// The same over several rows.
    pub fn down(self, row_span: usize) -> Self {
        Self { row_span: row_span.max(1), ..self }
    }

    /// The same with a text whose lines go on behind its first `hang` bytes, not under them.
    pub fn hanging(self, hang: usize) -> Self {
        Self { hang, ..self }
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
        // Of centred lines none is set in.
        let hang = if style.align == Align::Left { at.hang } else { 0 };
        let hang = composed(content.text().get(..hang).unwrap_or_default()).len();
        let content = content.composed();
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
            underlined: Vec::new(),
            origins: Vec::new(),
        };
        cell.lines = match &cell.content {
            Content::Empty => Vec::new(),
            Content::Stacked(text) => signs(text)
                .filter(|(sign, _)| !sign.base.is_whitespace())
                .flat_map(|(_, piece)| self.breaker.lines(piece, width, style.size, style.bold))
                .collect(),
            _ if cell.text().is_empty() => Vec::new(),
            _ => self.breaker.hanging(cell.text(), hang, width, style.size, style.bold),
        };
        // A line holds one letter at the least, whatever its width.
        if cell.lines.iter().any(|line| line.indent + line.width > width.max(Length::ZERO)) {
            self.narrow.get_or_insert(self.cells.len());
        }
        let height = style.leading * cell.lines.len().max(1) as i64 + spec.space() * 2;
        self.needs.push(Need { row: at.row, row_span: at.row_span, height });
        let index = self.cells.len();
        self.cells.push(cell);
        &mut self.cells[index]
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Makes the last cell at least so tall.
    pub fn at_least(&mut self, height: Length) {
        if let Some(need) = self.needs.last_mut() {
            need.height = need.height.max(height);
        }
    }

    /// What cells ask of the rows, in the order in which they were added.
    pub fn needs(&self, cells: Range<usize>) -> &[Need] {
        self.needs.get(cells).unwrap_or_default()
    }

    /// Places cells on other rows: `starts` has for each of their rows so far the one on which
    /// it begins, and the end of the last.
    pub fn place(&mut self, cells: Range<usize>, starts: &[usize]) {
        let at = |row: usize| starts.get(row).or(starts.last()).copied().unwrap_or(row);
        for (cell, need) in self.cells[cells.clone()].iter_mut().zip(&mut self.needs[cells]) {
            let (first, end) = (at(cell.row), at(cell.row + cell.row_span));
            (cell.row, cell.row_span) = (first, end - first);
            (need.row, need.row_span) = (first, end - first);
        }
    }

    /// The cells so far.
    pub fn cells(&mut self) -> &mut [Cell] {
        &mut self.cells
    }

    /// The finished block, of so many rows.
    pub fn finish_rows(mut self, rows: usize, gap: Length, under: &Headings) -> Block {
        self.rows = rows;
        self.finish(gap, under)
    }

    /// The finished block.
    pub fn finish(self, gap: Length, under: &Headings) -> Block {
        let heights = self.needs.iter().map(|need| need.height).collect();
        Block {
            rows: solved(self.rows, self.needs),
            cells: self.cells,
            needs: heights,
            narrow: self.narrow,
            table: None,
            gap: in_pixels(gap),
            keep_with_next: false,
            head_rows: 0,
            breaks: Vec::new(),
            continued: Vec::new(),
            under: under.clone(),
            heading: None,
            begins_page: false,
            repeats: false,
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
    needs.sort_by_key(|need| (need.row_span, need.row));
    for need in &needs {
        let rows = &mut rows[need.row..need.row + need.row_span];
        let lacking = need.height - rows.iter().sum();
        if lacking > Length::ZERO {
            let more = in_pixels(lacking / rows.len() as i64);
            for row in rows {
                *row = in_pixels(*row + more);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::layout::font::{FontFiles, Fonts};
    use crate::layout::template::Template;

    /// か and U+3099 from a Mac are が, in what is drawn and what is measured.
    #[test]
    fn letters_and_their_marks_are_composed() {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        let breaker = Breaker::new(&fonts);
        let whole = Span { from: Length::ZERO, to: Length::mm(50.0) };
        let edges = Edges::of([whole].into_iter());
        let mut block = Builder::new(&breaker, &edges, 1);
        let style = Template::official().style("text");
        let text = Content::Text("１か\u{3099}　港か\u{309A}".to_owned());
        let place = at(0, whole).hanging("１か\u{3099}　".len());
        let cell = block.cell(place, &style, Borders::NONE, text, Role::Paragraph);
        assert_eq!((cell.text(), cell.lines[0].text.as_str()), ("１が　港か\u{309A}", "１が　港か\u{309A}"));
        let text = Content::Text(format!("１か\u{3099}　{}", "港".repeat(30)));
        let cell = block.cell(place, &style, Borders::NONE, text, Role::Paragraph);
        assert_eq!(cell.lines[1].indent, cell.style.size * 3);
    }
}
