//! Characters that a font lacks: they would print as an empty box.

use std::collections::HashMap;

use crate::finding::{Finding, FindingKind, Findings};
use crate::master::{Column, Source};

/// What the fonts of a document show.
pub struct Coverage<'a> {
    /// Whether the main faces have a character.
    pub covers: &'a dyn Fn(char) -> bool,
    /// The fallback's name, and whether it has a character.
    pub fallback: Option<(&'a str, &'a dyn Fn(char) -> bool)>,
}

/// Every printed cell with a character that the main faces lack, once for each such
/// character of the cell.
pub fn glyphs(source: &Source, fonts: &Coverage<'_>) -> Findings {
    let mut known: HashMap<char, bool> = HashMap::new();
    let mut findings = Findings::new();
    for (row, column, text) in source.cells().filter(|(_, column, _)| is_printed(*column)) {
        let mut missing: Vec<char> = Vec::new();
        for c in text.trim().chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')) {
            if !*known.entry(c).or_insert_with(|| (fonts.covers)(c)) && !missing.contains(&c) {
                missing.push(c);
            }
        }
        for character in missing {
            let mut place = source.place(row, column);
            if let Some(excerpt) = &mut place.excerpt {
                let cell = excerpt.text.get(excerpt.span.clone()).unwrap_or_default();
                if let Some(at) = cell.find(character) {
                    let start = excerpt.span.start + at;
                    excerpt.span = start..start + character.len_utf8();
                }
            }
            let fallback = fonts.fallback.filter(|(_, has)| has(character)).map(|(name, _)| name.to_owned());
            findings.push(Finding::at(place, FindingKind::MissingGlyph { character, fallback }));
        }
    }
    findings
}

/// 「種別」「ID」「再掲元」 and 「備考」 are for the office.
fn is_printed(column: Column) -> bool {
    !matches!(column, Column::Kind | Column::Id | Column::ReprintOf | Column::Division | Column::Remark)
}
