//! A block that is taller than a page, divided between its rows, and where one row alone is
//! too tall, between the lines of its texts.

use std::ops::Range;

use super::block::{Block, Need, PIXEL_PT, raise};
use super::columns::Edges;
use super::text::Breaker;
use crate::layout::Length;
use crate::layout::grid::{Cell, Content, Line, Role, line_ranges};

/// What pieces are made with.
pub struct Divider<'a> {
    /// How tall a piece may be.
    pub limit: Length,
    /// Behind what is said again: （続き）.
    pub continued: &'a str,
    /// Of the block's columns.
    pub edges: &'a Edges,
    /// For what is said again.
    pub breaker: &'a Breaker<'a>,
}

impl Divider<'_> {
    /// The pieces of a block, none taller than the limit; `None` where a row of it holds what
    /// cannot be divided.
    pub fn divide(&self, block: &Block) -> Option<Vec<Block>> {
        let mut pieces = Vec::new();
        let mut rest = Block { breaks: Vec::new(), ..block.clone() };
        while rest.height() > self.limit {
            let head = rest.head_rows;
            let room = self.limit - rest.rows.iter().take(head).sum();
            let fits = (head + 1..rest.rows.len())
                .take_while(|to| rest.rows[head..*to].iter().sum::<Length>() <= room)
                .last();
            let to = fits.unwrap_or(head + 1);
            if fits.is_none() {
                split_row(&mut rest, head, room)?;
            }
            let (upper, lower) = self.cut(&rest, to);
            // Where nothing can stand above the cut, there is nothing to divide.
            if lower.height() >= rest.height() {
                return None;
            }
            pieces.push(upper);
            rest = lower;
        }
        pieces.push(rest);
        for piece in &mut pieces {
            piece.head_rows = 0;
        }
        Some(pieces)
    }

    /// The rows of a block before `to`, and its head with those from there on.
    fn cut(&self, block: &Block, to: usize) -> (Block, Block) {
        let head = block.head_rows;
        let empty = Block { rows: Vec::new(), cells: Vec::new(), needs: Vec::new(), ..block.clone() };
        let (mut upper, mut lower) = (empty.clone(), empty);
        let mut needs = Vec::new();
        for (cell, need) in block.cells.iter().zip(&block.needs) {
            let end = cell.row + cell.row_span;
            let (own, later) = if end <= to {
                (Some(cell.clone()), (end <= head || cell.row < head).then(|| said_again(cell)))
            } else if cell.row >= to {
                (None, Some((cell.clone(), *need)))
            } else {
                let above = block.rows[cell.row..to].iter().sum();
                let (own, later) = self.parted(cell, *need, above);
                (Some(own), Some(later))
            };
            let later = later.map(|(cell, height)| (cell, if end <= head { *need } else { height }));
            if let Some(mut own) = own {
                own.row_span = end.min(to) - cell.row;
                upper.cells.push(own);
                upper.needs.push(*need);
            }
            if let Some((mut cell, height)) = later {
                let (first, last) = (below(cell.row, head, to), below(end, head, to));
                (cell.row, cell.row_span) = (first, (last - first).max(1));
                needs.push(Need { row: cell.row, row_span: cell.row_span, height });
                lower.cells.push(cell);
                lower.needs.push(height);
            }
        }
        upper.rows = block.rows[..to].to_vec();
        lower.rows = vec![Length::ZERO; head + block.rows.len() - to];
        raise(&mut lower.rows, needs);
        (upper, lower)
    }

    /// A cell that stands over the cut: what stands above it where there is so much room, what
    /// below it with the height that it needs.
    fn parted(&self, cell: &Cell, need: Length, room: Length) -> (Cell, (Cell, Length)) {
        let leading = cell.style.leading;
        // What is not text: the space above and below it, and the height of a box.
        let text = leading * cell.lines.len().max(1) as i64;
        let space = (need - text).max(Length::ZERO);
        let fitting = usize::try_from((room - space).emu() / leading.emu().max(1)).unwrap_or(0);
        let is_whole = matches!(cell.content, Content::Stacked(_) | Content::Value(_))
            || matches!(cell.role, Role::Heading(_) | Role::Title);
        let kept = match fitting.min(cell.lines.len()) {
            some if is_whole && some < cell.lines.len() => 0,
            some => some,
        };
        if kept == cell.lines.len() {
            let (again, lines) = self.again(cell);
            return (cell.clone(), (again, leading * lines.max(1) as i64));
        }
        let part = |lines: Range<usize>| {
            let mut part = cell.clone();
            if lines.len() < cell.lines.len() {
                let said = said_by(cell.text(), &cell.lines, &lines);
                part.underlined = within(&cell.underlined, &said);
                let text = &cell.text()[said];
                part.content = if text.is_empty() { Content::Empty } else { Content::Text(text.to_owned()) };
                part.lines = cell.lines[lines].to_vec();
            }
            if part.lines.is_empty() {
                silence(&mut part);
            }
            part
        };
        let rest = leading * (cell.lines.len() - kept) as i64;
        (part(0..kept), (part(kept..cell.lines.len()), rest + space))
    }

    /// A cell that has said all, below the cut: a label is said again, anything else leaves its
    /// place empty. With the number of its lines.
    fn again(&self, cell: &Cell) -> (Cell, usize) {
        let mut again = cell.clone();
        silence(&mut again);
        let is_label = matches!(cell.role, Role::Label | Role::RowHeader | Role::Heading(_));
        match &cell.content {
            Content::Stacked(_) => {}
            // Said again already.
            Content::Text(text) if cell.role == Role::Artifact && text.ends_with(self.continued) => {}
            _ if is_label && !cell.text().is_empty() => {
                let text = format!("{}{}", cell.text(), self.continued);
                let columns = cell.column..cell.column + cell.column_span;
                let width: Length = self.edges.widths().get(columns).unwrap_or_default().iter().sum();
                let style = cell.style;
                again.lines = self.breaker.lines(&text, width - style.padding * 2, style.size, style.bold);
                again.content = Content::Text(text);
            }
            _ => (again.content, again.lines) = (Content::Empty, Vec::new()),
        }
        let lines = again.lines.len();
        (again, lines)
    }
}

/// Where a row stands in the rest of a block whose rows from the head to `to` are gone.
fn below(row: usize, head: usize, to: usize) -> usize {
    if row <= head { row } else { head + row.max(to) - to }
}

/// Makes a cell that says nothing new furniture; in a table it keeps its place, for a table
/// has no holes.
fn silence(cell: &mut Cell) {
    if cell.table.is_none() {
        cell.role = Role::Artifact;
    }
    cell.origins.clear();
}

/// A cell of the head. Each piece of a table is a table to a reader, and has its own heads; all
/// else is furniture.
fn said_again(cell: &Cell) -> (Cell, Length) {
    let mut again = cell.clone();
    if again.table.is_none() {
        again.role = Role::Artifact;
    }
    (again, Length::ZERO)
}

/// Divides a row in two, the upper of which is as tall as there is room.
fn split_row(block: &mut Block, row: usize, room: Length) -> Option<()> {
    let pixel = Length::pt(PIXEL_PT);
    let upper = pixel * (room.emu() / pixel.emu());
    let whole = *block.rows.get(row)?;
    if upper < pixel || upper >= whole {
        return None;
    }
    block.rows[row] = upper;
    block.rows.insert(row + 1, whole - upper);
    for cell in &mut block.cells {
        if cell.row > row {
            cell.row += 1;
        } else if cell.row + cell.row_span > row {
            cell.row_span += 1;
        }
    }
    Some(())
}

/// What of a text some of its lines say, in bytes: with the breaks that it has between them.
fn said_by(text: &str, lines: &[Line], wanted: &Range<usize>) -> Range<usize> {
    let ranges = line_ranges(text, lines);
    let wanted = ranges.get(wanted.clone()).unwrap_or_default();
    wanted.first().zip(wanted.last()).map_or(0..0, |(first, last)| first.start..last.end)
}

/// Those parts of a text that lie within `said`, counted from where that begins.
fn within(parts: &[Range<usize>], said: &Range<usize>) -> Vec<Range<usize>> {
    let parts = parts.iter().map(|part| part.start.max(said.start)..part.end.min(said.end));
    let parts = parts.filter(|part| !part.is_empty());
    parts.map(|part| part.start - said.start..part.end - said.start).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said<'t>(text: &'t str, lines: &[Line], wanted: Range<usize>) -> &'t str {
        &text[said_by(text, lines, &wanted)]
    }

    #[test]
    fn a_part_of_a_text_keeps_its_breaks() {
        let text = "あい\nうえお\n\nか";
        let line = |text: &str| Line { text: text.to_owned(), width: Length::ZERO, indent: Length::ZERO };
        let lines = ["あい", "うえ", "お", "", "か"].map(line);
        assert_eq!(said(text, &lines, 0..2), "あい\nうえ");
        assert_eq!(said(text, &lines, 2..5), "お\n\nか");
        assert_eq!(said(text, &lines, 0..5), text);
        let text = text.replace('\n', "\r\n");
        assert_eq!(said(&text, &lines, 0..2), "あい\r\nうえ");
        assert_eq!(said(&text, &lines, 2..5), "お\r\n\r\nか");
        assert_eq!(said(&text, &lines, 2..2), "");
    }

    #[test]
    fn a_part_of_a_text_keeps_what_is_underlined_in_it() {
        let underlined = [3..9, 12..15, 18..24];
        assert_eq!(within(&underlined, &(0..24)), underlined);
        assert_eq!(within(&underlined, &(6..18)), [0..3, 6..9]);
        assert_eq!(within(&underlined, &(9..12)), [0..0; 0]);
    }
}
