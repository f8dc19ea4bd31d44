//! Characters that look like others, or like nothing: they print, sort and compare as
//! what they are, not as what they seem.

use std::collections::BTreeMap;

use super::cells::pointing_at;
use crate::finding::{Findings, Place, ReadingRule, StructureRule, ValueRule};
use crate::master::{Column, Master};
use crate::plan::reading::{self, is_digit, is_invisible};

/// Once for each character, or way of writing: the first place, and how many more.
#[derive(Default)]
struct Seen {
    invisible: BTreeMap<char, (Place, usize)>,
    dashes: BTreeMap<char, (Place, usize)>,
    decomposed: Option<(Place, usize)>,
    tilde: Option<(Place, usize)>,
    /// By heading: what is written, and what it reads as.
    wide: BTreeMap<&'static str, (Place, usize, String, String)>,
}

pub(super) fn check(master: &Master) -> Findings {
    let source = &master.source;
    let mut seen = Seen::default();
    for (row, column, text) in source.cells() {
        let place = || source.place(row, column);
        let mut in_cell: Vec<char> = Vec::new();
        for c in hidden(text) {
            if !in_cell.contains(&c) {
                in_cell.push(c);
                seen.invisible.entry(c).or_insert_with(|| (place(), 0)).1 += 1;
            }
        }
        if reading::is_decomposed(text) {
            seen.decomposed.get_or_insert_with(|| (place(), 0)).1 += 1;
        }
        if let Some(c) = look_alike(text, source.holds_figures(column)) {
            seen.dashes.entry(c).or_insert_with(|| (place(), 0)).1 += 1;
        }
        if has_range_with_tilde(text) {
            seen.tilde.get_or_insert_with(|| (pointing_at(place(), "~"), 0)).1 += 1;
        }
        let heading = match column {
            Column::Kind => "種別",
            Column::Id => "ID",
            Column::ReprintOf => "再掲元",
            _ => continue,
        };
        let (written, read) = (reading::composed(text.trim()), reading::key(text));
        if written != read && !read.is_empty() {
            let first = || (place(), 0, written.to_string(), read.clone());
            seen.wide.entry(heading).or_insert_with(first).1 += 1;
        }
    }
    let mut findings = Findings::new();
    if let Some((place, count)) = seen.decomposed {
        findings.push_at(place, ReadingRule::DecomposedText { more: count - 1 });
    }
    for (character, (place, count)) in seen.invisible {
        findings.push_at(place, ReadingRule::InvisibleCharacter { character, more: count - 1 });
    }
    for (character, (place, count)) in seen.dashes {
        findings.push_at(place, ValueRule::LookAlikeDash { character, more: count - 1 });
    }
    if let Some((place, count)) = seen.tilde {
        findings.push_at(place, ValueRule::HalfWidthTilde { more: count - 1 });
    }
    for (heading, (place, count, text, read)) in seen.wide {
        findings.push_at(place, StructureRule::WrittenWide { heading, text, read, more: count - 1 });
    }
    findings
}

/// What cannot be seen in a cell, but for its line breaks and what blanks stand around it.
fn hidden(text: &str) -> impl Iterator<Item = char> {
    let inside = text.trim_matches([' ', '\u{3000}', '\t', '\r', '\n']);
    inside.chars().filter(|c| is_invisible(*c) && !matches!(c, '\r' | '\n'))
}

/// `20~39歳`, `4月~R7`: a `~` between figures, which may have a unit before it or an era
/// behind. An address (`https://…/~name`) is no range.
fn has_range_with_tilde(text: &str) -> bool {
    const NEAR: usize = 3;
    text.match_indices('~').any(|(at, tilde)| {
        let (before, after) = (&text[..at], &text[at + tilde.len()..]);
        let is_joined = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '%' | '％'));
        is_joined(before.chars().next_back())
            && is_joined(after.chars().next())
            && before.chars().rev().take(NEAR).any(is_digit)
            && after.chars().take(NEAR).any(is_digit)
    })
}

/// A sign that stands where a dash belongs and is none: alone in a cell for a figure, or
/// between two digits anywhere.
fn look_alike(text: &str, is_figure: bool) -> Option<char> {
    const ALIKE: [char; 8] = ['ー', 'ｰ', '‐', '‑', '‒', '─', '━', '一'];
    let text = reading::stripped(text);
    let alone = text.chars().next().filter(|c| ALIKE.contains(c));
    if is_figure && alone.is_some() && text.chars().count() <= 2 && text.chars().all(|c| ALIKE.contains(&c)) {
        return alone;
    }
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        // A hyphen between digits is one, whichever it is; one that is no sign is not.
        let between = is_digit(before) && letters.peek().is_some_and(|next| is_digit(*next));
        if between && ALIKE.contains(&c) && !matches!(c, '‐' | '‑' | '‒') {
            return Some(c);
        }
        before = c;
    }
    None
}
