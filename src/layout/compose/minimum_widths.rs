//! How wide the plan's own texts need the columns to be, where columns have to give way.

use std::collections::HashMap;
use std::ops::Range;

use super::picture::{FilledCell, Filling, PartColumns, fill};
use super::record::{Projects, Record};
use super::values::Values;
use crate::layout::Length;
use crate::layout::block::Headings;
use crate::layout::columns::{Column, MinimumWidths, Wish};
use crate::layout::grid::{Borders, Content};
use crate::layout::template::BlockSpec;
use crate::layout::text::Breaker;

/// No text column is narrower than a few characters, whatever its words, in mm; nor than half
/// of what the template gives it.
const TEXT_MM: f64 = 18.0;
/// Nor a year without any width, where no year has a figure or a name, in mm.
const FIGURE_MM: f64 = 3.0;

/// What the plan's texts need for [`columns::solve`](crate::layout::columns::solve) on pages
/// with `room` for rows.
pub fn minimum_widths<'a>(
    values: &Values<'a>,
    projects: &Projects<'a>,
    columns: &[Vec<PartColumns>],
    breaker: &Breaker<'_>,
    room: Length,
) -> MinimumWidths {
    let mut ruler =
        Ruler { values, projects, breaker, room, figure: Length::ZERO, figure_word: Length::ZERO };
    let (mut words, mut wishes) = (Vec::new(), Vec::new());
    for (index, block) in values.template.blocks.iter().enumerate() {
        let parts = &columns[index];
        let asked: Vec<Column> =
            parts.iter().flat_map(|part| &part.columns).map(|column| column.asked).collect();
        let mut needs = Needs { words: asked.iter().map(least).collect(), ..Needs::default() };
        for record in Record::PLAN.below(block.per, values.plan, projects, block.reprints) {
            ruler.measure(block, parts, record, &mut needs);
        }
        words.push(needs.solved(&asked));
        wishes.extend(needs.wishes.into_iter().map(|(columns, width)| Wish {
            block: index,
            columns: columns.0..columns.1,
            width,
        }));
    }
    wishes.sort_by_key(|wish| (wish.block, wish.columns.start, wish.columns.end));
    MinimumWidths {
        words,
        wishes,
        figure: ruler.figure,
        figure_word: ruler.figure_word.max(Length::mm(FIGURE_MM)),
    }
}

fn least(column: &Column) -> Length {
    match column {
        Column::Text(width) => Length::mm(TEXT_MM).min(*width / 2),
        Column::Fixed(_) | Column::Figure(_) => Length::ZERO,
    }
}

/// What the columns of a block need.
#[derive(Default)]
struct Needs {
    /// Of each column by itself.
    words: Vec<Length>,
    /// Of runs of columns.
    spanning: HashMap<(usize, usize), Length>,
    /// What is wished for runs of columns.
    wishes: HashMap<(usize, usize), Length>,
}

impl Needs {
    /// What each column needs: what a run lacks is its first text column's.
    fn solved(&self, asked: &[Column]) -> Vec<Length> {
        let mut words = self.words.clone();
        let mut spanning: Vec<(&(usize, usize), &Length)> = self.spanning.iter().collect();
        spanning.sort_unstable();
        for ((from, to), need) in spanning {
            let run = || asked[*from..*to].iter().zip(*from..*to);
            if run().any(|(column, _)| matches!(column, Column::Figure(_))) {
                continue;
            }
            let has: Length = run()
                .map(|(column, at)| match column {
                    Column::Fixed(width) => *width,
                    _ => words[at].up_to_multiple_of(Length::mm(1.0)),
                })
                .sum();
            let first = run().find(|(column, _)| matches!(column, Column::Text(_))).map(|(_, at)| at);
            if let Some(first) = first.filter(|_| *need > has) {
                words[first] += *need - has;
            }
        }
        words
    }
}

/// Measures text by text.
struct Ruler<'r, 'a> {
    values: &'r Values<'a>,
    projects: &'r Projects<'a>,
    breaker: &'r Breaker<'r>,
    room: Length,
    /// The widest figure so far in one line, and the widest word of one.
    figure: Length,
    figure_word: Length,
}

impl<'a> Ruler<'_, 'a> {
    /// The widest word of a cell, with the padding around it.
    fn word(&self, cell: &FilledCell) -> Length {
        let style = cell.spec.with(Borders::NONE);
        self.breaker.longest_word(text(cell), style.size, style.bold) + style.padding * 2
    }

    /// A cell in one line, with the padding around it.
    fn line(&self, cell: &FilledCell) -> Length {
        let style = cell.spec.with(Borders::NONE);
        self.breaker.natural_width(text(cell), style.size, style.bold) + style.padding * 2
    }

    /// What one record needs.
    fn measure(&mut self, block: &BlockSpec, parts: &[PartColumns], record: Record<'a>, needs: &mut Needs) {
        let under = Headings::default();
        let mut base = 0;
        for (part, columns) in block.parts.iter().zip(parts) {
            let records = match part.each {
                Some(level) => record.below(level, self.values.plan, self.projects, false),
                None => vec![record],
            };
            let filling = Filling { block: record, records: &records, least: 0, under: &under, again: None };
            let filled = fill(part, columns, self.values, &filling);
            let mut whole: HashMap<(usize, usize), (Length, Length)> = HashMap::new();
            for cell in filled.cells.iter().filter(|cell| !text(cell).is_empty()) {
                let run: Range<usize> = base + cell.column..base + cell.column + cell.column_span;
                let asked = columns.columns.get(cell.column).map(|column| column.asked);
                if let (1, Some(Column::Figure(_))) = (cell.column_span, asked) {
                    self.figure = self.figure.max(self.line(cell));
                    self.figure_word = self.figure_word.max(self.word(cell));
                    continue;
                }
                let word = self.word(cell);
                let slot = match cell.column_span {
                    1 => &mut needs.words[run.start],
                    _ => needs.spanning.entry((run.start, run.end)).or_default(),
                };
                *slot = (*slot).max(word);
                let style = cell.spec.with(Borders::NONE);
                let of_run = whole.entry((run.start, run.end)).or_default();
                *of_run = (of_run.0 + self.line(cell), style.leading.max(of_run.1));
            }
            if part.each.is_none() {
                // In as many lines as fill three fifths of a page; headings may need the rest.
                for (run, (line, leading)) in whole {
                    let lines = (self.room.share(3, 5).emu() / leading.emu().max(1)).max(1);
                    let wish = needs.wishes.entry(run).or_default();
                    *wish = (*wish).max(line / lines + Length::mm(2.0));
                }
            }
            base += columns.columns.len();
        }
    }
}

fn text(cell: &FilledCell) -> &str {
    match &cell.content {
        Content::Text(text) => text,
        Content::Value(value) => value.printed(),
        Content::Empty | Content::Stacked(_) => "",
    }
}
