//! Characters that a font lacks: they would print as an empty box.

use std::collections::{HashMap, HashSet};

use super::cells::{is_printed, pointing_at};
use super::radicals::is_lookalike;
use crate::finding::{Findings, LayoutRule, ReadingRule};
use crate::master::Source;
use crate::plan::reading;
use crate::sign::{Sign, signs};

/// What the fonts of a document show. Of a sign with a selector it is the form that the
/// selector asks for.
pub struct Coverage<'a> {
    /// Whether the main faces have a sign.
    pub covers: &'a dyn Fn(Sign) -> bool,
    /// The fallback's name, and whether it has a sign.
    pub fallback: Option<(&'a str, &'a dyn Fn(Sign) -> bool)>,
}

/// A text of more characters that no face has is none in this script. Each is drawn by
/// itself, with what it says beside it: the pages cost a hundred times what others do.
const MOST_LACKING: usize = 5_000;

/// Every printed cell with a character that the main faces lack, once for each such
/// character of the cell. A character that only looks like a kanji is none of these: W502
/// has named it with the kanji to write, and that one the faces have.
pub fn glyphs(source: &Source, fonts: &Coverage<'_>) -> Findings {
    let mut known: HashMap<Sign, bool> = HashMap::new();
    let mut findings = Findings::new();
    let mut lacking_in_all = 0;
    for (row, column, text) in source.cells().filter(|(_, column, _)| is_printed(*column)) {
        if lacking_in_all > MOST_LACKING {
            let kind = ReadingRule::TooManyFindings { count: MOST_LACKING };
            findings.push_at(source.place(row, column), kind);
            break;
        }
        let mut missing: HashSet<Sign> = HashSet::new();
        let written =
            |(sign, _): &(Sign, &str)| !matches!(sign.base, '\n' | '\r' | '\t') && !is_lookalike(sign.base);
        for (sign, _) in signs(&reading::composed(text.trim())).filter(written) {
            let mut covers = |sign: Sign| *known.entry(sign).or_insert_with(|| (fonts.covers)(sign));
            // Where the character itself is missing, its form is no question.
            let plain = Sign { selector: None, ..sign };
            let lacking = match sign.selector {
                _ if !covers(plain) => plain,
                Some(_) if !covers(sign) => sign,
                _ => continue,
            };
            lacking_in_all += 1;
            if !missing.insert(lacking) {
                continue;
            }
            let fallback = fonts.fallback.filter(|(_, has)| has(lacking)).map(|(name, _)| name.to_owned());
            let Sign { base: character, selector } = lacking;
            findings.push_where(LayoutRule::MissingGlyph { character, selector, fallback }, || {
                pointing_at(source.place(row, column), &lacking.text())
            });
        }
    }
    findings
}
