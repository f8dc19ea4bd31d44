//! The blank that brackets, commas and full stops carry, closed up (JIS X 4051, 4.7).
//!
//! A full-width bracket is half an em of bracket and half an em of blank: before one that
//! opens, behind one that closes and behind 、。. Between two of them one blank is enough, or
//! none; at a line's ends there is none. Lines are broken by the full widths, as in a
//! workbook, which cannot do this: a line only gets shorter.

use std::iter::once;

use super::blank::Blank;
use super::font::{Fonts, Sign, signs};
use crate::layout::Length;

/// A line with its blanks closed up.
pub(crate) struct ClosedUp<'t> {
    text: &'t str,
    /// The bytes before which half an em is taken out, in order; the text's visible end may be
    /// the last.
    places: Vec<usize>,
}

impl<'t> ClosedUp<'t> {
    /// A text in one line.
    pub fn of(text: &'t str, fonts: &Fonts<'_>, bold: bool) -> Self {
        // Most lines have none.
        if text.chars().all(|c| Blank::of(c) == Blank::Nowhere) {
            return Self { text, places: Vec::new() };
        }
        let visible = text.trim_end_matches(char::is_whitespace);
        let mut places = Vec::new();
        // The line's start is like an opening bracket, its end like a closing one.
        let (mut before, mut at) = (Blank::Before, 0);
        for (sign, piece) in signs(visible) {
            let blank = drawn(sign, fonts, bold);
            if closes(before, blank) {
                places.push(at);
            }
            (before, at) = (blank, at + piece.len());
        }
        if before == Blank::Behind && at > 0 {
            places.push(at);
        }
        Self { text, places }
    }

    /// How much narrower the line is.
    pub fn saved(&self, size: Length) -> Length {
        size * self.places.len() as i64 / 2
    }

    /// The line in pieces, and whether each stands half an em further left than its
    /// characters' widths have it.
    pub fn pieces(&self) -> impl Iterator<Item = (&'t str, bool)> {
        let ends = self.places.iter().copied().chain(once(self.text.len()));
        let starts = once((0, false)).chain(self.places.iter().map(|at| (*at, true)));
        starts.zip(ends).map(|((from, closed), to)| (&self.text[from..to], closed))
    }

    /// How far the part of the line before the byte `at` reaches, from the line's start.
    pub fn reach(&self, at: usize, fonts: &Fonts<'_>, size: Length, bold: bool) -> Length {
        let before = self.text.get(..at).unwrap_or(self.text);
        // What is taken out right here is the blank behind the part, or before what follows it.
        let behind = before.chars().next_back().is_some_and(|c| Blank::of(c) == Blank::Behind);
        let closed = self.places.iter().filter(|place| **place < at || (behind && **place == at)).count();
        fonts.width(before, size, bold) - size * closed as i64 / 2
    }
}

/// On which side a sign carries its blank as its face draws it.
fn drawn(sign: Sign, fonts: &Fonts<'_>, bold: bool) -> Blank {
    match Blank::of(sign.base) {
        Blank::Nowhere => Blank::Nowhere,
        blank if sign.selector.is_none() && fonts.is_half_blank(sign, bold) => blank,
        _ => Blank::Nowhere,
    }
}

/// Whether half an em between two signs is taken out.
fn closes(before: Blank, behind: Blank) -> bool {
    match before {
        Blank::Before => behind == Blank::Before,
        Blank::Behind => behind != Blank::Nowhere,
        Blank::Nowhere => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::layout::font::FontFiles;

    /// The text with `<` wherever half an em is taken out.
    fn closed(text: &str) -> String {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        let shown = |bold: bool| {
            let line = ClosedUp::of(text, &fonts, bold);
            let pieces =
                line.pieces().map(|(piece, closed)| format!("{}{piece}", if closed { "<" } else { "" }));
            pieces.collect::<String>()
        };
        assert_eq!(shown(false), shown(true));
        shown(false)
    }

    #[test]
    fn blanks_between_brackets_and_at_the_ends_of_a_line_are_closed_up() {
        assert_eq!(closed("（目的）"), "<（目的）<");
        assert_eq!(closed("市（町）（村）の"), "市（町）<（村）の");
        assert_eq!(closed("市「町」「村」、港"), "市「町」<「村」<、港");
        assert_eq!(closed("港、（町『村』）。"), "港、<（町『村』<）<。<");
        assert_eq!(closed("港「『町』」"), "港「<『町』<」<");
        assert_eq!(closed("町、村。"), "町、村。<");
        assert_eq!(closed("町。　"), "町。<　");
    }

    #[test]
    fn nothing_else_is() {
        for text in ["", "町・村", "町　（村）港", "（）町".trim_start_matches('（'), "(町)(村)", "町、村"]
        {
            let inner = format!("市{text}港");
            assert_eq!(closed(&inner), inner);
        }
        assert_eq!(closed("市（）港"), "市（）港");
        // A form asked for by a selector is drawn as the font has it.
        assert_eq!(closed("市。\u{FE01}（町"), "市。\u{FE01}（町");
    }

    #[test]
    fn a_part_of_a_line_reaches_as_far_as_it_is_drawn() {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        let size = Length::pt(10.0);
        let text = "（町）（村）";
        let line = ClosedUp::of(text, &fonts, false);
        let reaches = [0, 3, 6, 9, 12, 15, 18].map(|at| line.reach(at, &fonts, size, false).to_pt());
        assert_eq!(reaches, [0.0, 5.0, 15.0, 20.0, 30.0, 40.0, 45.0]);
        assert_eq!(line.saved(size), Length::pt(15.0));
        assert_eq!(ClosedUp::of("「『町", &fonts, false).reach(3, &fonts, size, false), Length::pt(5.0));
    }
}
