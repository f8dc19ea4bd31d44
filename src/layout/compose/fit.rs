//! Columns that fit their texts: where a name and the department beside it stand in fewer
//! lines, the edge between them moves.

use std::collections::HashMap;

use super::picture::{FilledCell, FilledPart, Filling, PartColumns, fill, is_hidden};
use super::record::{Projects, Record};
use super::values::Values;
use crate::layout::Length;
use crate::layout::block::Headings;
use crate::layout::columns::Span;
use crate::layout::grid::{Borders, Content};
use crate::layout::text::Breaker;
use crate::plan::Row;

/// Widths go by steps, in mm: few edges do for all texts, and each is a column of the workbook.
const STEP_MM: f64 = 3.0;

/// The columns of all parts of a block, where they stand elsewhere for a record than for others.
pub type Fitted = HashMap<Key, Vec<Span>>;

/// A block, and where the record that it is printed for stands in the master.
pub type Key = (usize, Row);

/// Under which the columns of a block for a record are found.
pub fn key(block: usize, record: Record<'_>) -> Key {
    (block, record.identity().0)
}

/// For all blocks and records, where columns have to move.
pub fn fitted<'a>(
    values: &Values<'a>,
    projects: &Projects<'a>,
    columns: &[Vec<PartColumns>],
    spans: &[Vec<Span>],
    breaker: &Breaker<'_>,
) -> Fitted {
    let under = Headings::default();
    let mut fitted = Fitted::new();
    for (at, block) in values.template.blocks.iter().enumerate() {
        let mut base = 0;
        for (part, own) in block.parts.iter().zip(&columns[at]) {
            for column in (0..own.columns.len()).filter(|column| own.columns[*column].fits) {
                for record in Record::PLAN.below(block.per, values.plan, projects, block.reprints) {
                    let records = [record];
                    let filling =
                        Filling { block: record, records: &records, least: 0, under: &under, again: None };
                    let filled = fill(part, own, values, &filling);
                    let of_record = fitted.get(&key(at, record)).unwrap_or(&spans[at]);
                    let edge = Edge { breaker, filled: &filled, spans: &of_record[base..], column };
                    if let Some(place) = edge.moved() {
                        let mut moved = of_record.clone();
                        (moved[base + column - 1].to, moved[base + column].from) = (place, place);
                        fitted.insert(key(at, record), moved);
                    }
                }
            }
            base += own.columns.len();
        }
    }
    fitted
}

/// The left edge of a column that fits.
struct Edge<'r> {
    breaker: &'r Breaker<'r>,
    filled: &'r FilledPart,
    /// Of the part's columns.
    spans: &'r [Span],
    column: usize,
}

impl Edge<'_> {
    /// Where it stands better than in its place.
    fn moved(&self) -> Option<Length> {
        let own = self.spans.get(self.column)?;
        let pairs: Vec<(&FilledCell, &FilledCell)> = self.pairs().collect();
        let lines = |edge: Length| -> usize {
            let of = |(left, right): &(&FilledCell, &FilledCell)| {
                let from = self.spans.get(left.column).map_or(edge, |span| span.from);
                self.lines(left, edge - from).max(self.lines(right, own.to - edge))
            };
            pairs.iter().map(of).sum()
        };
        let as_is = lines(own.from);
        if as_is <= pairs.len() {
            return None;
        }
        let widest = pairs.iter().map(|(_, right)| self.width(right)).max()?;
        // Something stays of a column without words, and half of the one before it.
        let before = self.spans.get(self.column.checked_sub(1)?)?;
        let least = before.from + before.width() / 2;
        let step = Length::mm(STEP_MM);
        let place = (own.to - widest.up_to_multiple_of(step).max(step)).max(least);
        // Room that its own text does not need goes to the other in any case.
        let is_better = match place > own.from {
            true => lines(place) <= as_is,
            false => lines(place) < as_is,
        };
        let has_room = pairs.iter().all(|(left, right)| {
            let from = self.spans.get(left.column).map_or(place, |span| span.from);
            self.word(left) <= place - from && self.word(right) <= own.to - place
        });
        (place != own.from && is_better && has_room).then_some(place)
    }

    /// The cells of one row at either side of it.
    fn pairs(&self) -> impl Iterator<Item = (&FilledCell, &FilledCell)> {
        let cells = &self.filled.cells;
        let right = cells.iter().filter(|cell| cell.column == self.column && cell.column_span == 1);
        right.filter(|cell| !is_hidden(cell)).filter_map(move |right| {
            let is_left =
                |cell: &&FilledCell| cell.row == right.row && cell.column + cell.column_span == self.column;
            Some((cells.iter().find(is_left)?, right))
        })
    }

    fn lines(&self, cell: &FilledCell, width: Length) -> usize {
        let Content::Text(text) = &cell.content else { return 1 };
        let style = cell.spec.with(Borders::NONE);
        self.breaker.hanging(text, cell.hang, width - style.padding * 2, style.size, style.bold).len()
    }

    /// How wide the longest word of a cell is, with its padding.
    fn word(&self, cell: &FilledCell) -> Length {
        let Content::Text(text) = &cell.content else { return Length::ZERO };
        let style = cell.spec.with(Borders::NONE);
        self.breaker.longest_word(text, style.size, style.bold) + style.padding * 2
    }

    /// How wide a cell is in one line, with its padding.
    fn width(&self, cell: &FilledCell) -> Length {
        let Content::Text(text) = &cell.content else { return Length::ZERO };
        let style = cell.spec.with(Borders::NONE);
        self.breaker.natural_width(text, style.size, style.bold) + style.padding * 2
    }
}
