//! Brackets of two widths: a full-width one closed by a half-width one, or both kinds in
//! one row. They are drawn as typed, and the difference is seen on the page.

use super::cells::{is_printed, pointing_at};
use crate::finding::{Findings, ValueRule};
use crate::master::Master;

/// What opens and what closes.
const FULL: [char; 2] = ['（', '）'];
const HALF: [char; 2] = ['(', ')'];

/// Once a row: a pair of two widths, or else that there are both kinds.
pub(super) fn check(master: &Master) -> Findings {
    let source = &master.source;
    let cells: Vec<_> = source.cells().filter(|(_, column, _)| is_printed(*column)).collect();
    let mut findings = Findings::new();
    for row in cells.chunk_by(|(row, ..), (next, ..)| row == next) {
        let first = |find: fn(&str) -> Option<&str>| {
            row.iter().find_map(|(row, column, text)| Some((source.place(*row, *column), find(text)?)))
        };
        let (place, part, rule) = match (first(unpaired), first(full_width), first(half_width)) {
            (Some((place, text)), ..) => (place, text, ValueRule::BracketsUnpaired { text: text.to_owned() }),
            (None, Some((_, full)), Some((place, half))) => {
                (place, half, ValueRule::BracketsMixed { full: full.to_owned(), half: half.to_owned() })
            }
            _ => continue,
        };
        findings.push_at(pointing_at(place, part), rule);
    }
    findings
}

/// What stands between two brackets of different widths, with them: `（仮称)`.
fn unpaired(text: &str) -> Option<&str> {
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, c) in text.char_indices() {
        if c == FULL[0] || c == HALF[0] {
            open.push((at, c));
        } else if c == FULL[1] || c == HALF[1] {
            let Some((start, opened)) = open.pop() else { continue };
            if (opened == FULL[0]) != (c == FULL[1]) {
                return text.get(start..at + c.len_utf8());
            }
        }
    }
    None
}

fn full_width(text: &str) -> Option<&str> {
    bracketed(text, FULL)
}

fn half_width(text: &str) -> Option<&str> {
    bracketed(text, HALF)
}

/// The first of these brackets, as far as what closes it.
fn bracketed(text: &str, [open, close]: [char; 2]) -> Option<&str> {
    let from = text.get(text.find([open, close])?..)?;
    let end = from.find(close).map_or(from.len(), |at| at + close.len_utf8());
    from.get(..end)
}
