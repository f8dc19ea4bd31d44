//! Where a finding is, named as a planner sees it with the file open in Excel.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

use super::quote;

/// A place in a file. Everything but the file's name may be unknown.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Place {
    /// The file's name, without its folder. Shared, as the sheet and the ID are: thousands
    /// of places lie in one file.
    pub file: Name,
    /// The sheet, where the file is a workbook.
    pub sheet: Option<Name>,
    /// The physical line, from 1, as an editor counts it.
    pub line: Option<usize>,
    /// The letter of the line, from 1, where a line holds more than one thing that may be wrong.
    pub character: Option<usize>,
    /// The row in Excel, from 1. Differs from the line once a cell above holds a line break.
    pub row: Option<usize>,
    /// The column, from 0.
    pub column: Option<usize>,
    /// The column's heading as the file writes it.
    pub heading: Option<String>,
    /// The ID in the row.
    pub id: Option<Name>,
    /// The line, or the part of it that matters.
    pub excerpt: Option<Excerpt>,
}

/// A name that many places share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

impl Name {
    /// As a text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Name {
    fn default() -> Self {
        Self("".into())
    }
}

impl<T: Into<Arc<str>>> From<T> for Name {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl PartialEq<String> for Name {
    fn eq(&self, other: &String) -> bool {
        *self.0 == **other
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A line of the file, or a piece of a long one, with the part in question.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Excerpt {
    /// Without line ending.
    pub text: String,
    /// What to point at, in bytes of `text`; empty for a cell with nothing in it.
    pub span: Range<usize>,
    /// Whether the line goes on before `text`.
    pub(super) cut_before: bool,
    /// Whether the line goes on after `text`.
    pub(super) cut_after: bool,
}

/// Bytes of a line kept on each side of the span: more than any terminal shows.
const CONTEXT: usize = 600;

impl Place {
    /// A file as a whole.
    pub fn file(name: &str) -> Self {
        Self { file: name.into(), ..Self::default() }
    }

    /// A line of a file, from 1.
    pub fn line(name: &str, line: usize) -> Self {
        Self { line: Some(line), ..Self::file(name) }
    }

    /// The cell as Excel names it, such as `L42`.
    pub fn cell(&self) -> Option<String> {
        Some(format!("{}{}", column_letters(self.column?), self.row?))
    }
}

/// `master.csv 118行目 G列「再掲元」（セル G118・ID P001）`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(f, " シート「{sheet}」")?;
        }
        if let Some(line) = self.line {
            write!(f, " {line}行目")?;
        }
        if let Some(character) = self.character {
            write!(f, " {character}文字目")?;
        }
        if let Some(column) = self.column {
            write!(f, " {}列", column_letters(column))?;
        }
        if let Some(heading) = self.heading.as_deref().filter(|heading| !heading.is_empty()) {
            write!(f, "「{}」", quote(heading))?;
        }
        let id = self.id.as_ref().map(|id| format!("ID {}", quote(id)));
        let cell = self.cell().map(|cell| format!("セル {cell}"));
        let known: Vec<String> = [cell, id].into_iter().flatten().collect();
        if !known.is_empty() {
            write!(f, "（{}）", known.join("・"))?;
        }
        Ok(())
    }
}

impl Excerpt {
    /// The line of `text` in which `span` begins, cut to the surroundings of the
    /// span, so that a line of ten megabytes costs no more than a short one.
    pub fn of(text: &str, span: Range<usize>) -> Self {
        let start = floor_boundary(text, span.start.min(text.len()));
        let end = floor_boundary(text, span.end.clamp(start, text.len()));
        let from = floor_boundary(text, start.saturating_sub(CONTEXT));
        let to = floor_boundary(text, start.saturating_add(CONTEXT).min(text.len()));
        let is_break = |c: char| c == '\n' || c == '\r';
        let (before, after) = (&text[from..start], &text[start..to]);
        let (begin, cut_before) = match before.rfind(is_break) {
            Some(at) => (from + at + 1, false),
            None => (from, from > 0),
        };
        let (finish, cut_after) = match after.find(is_break) {
            Some(at) => (start + at, false),
            None => (to, to < text.len()),
        };
        Self {
            text: text[begin..finish].to_owned(),
            span: start - begin..end.min(finish) - begin,
            cut_before,
            cut_after,
        }
    }
}

/// The nearest character boundary at or before `at`.
fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A column as Excel names it: 0 is `A`, 25 is `Z`, 26 is `AA`.
pub fn column_letters(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index;
    loop {
        // A remainder below 26 always fits a letter.
        letters.push(char::from(b'A' + (rest % 26) as u8));
        if rest < 26 {
            break;
        }
        rest = rest / 26 - 1;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_excel_names_them() {
        for (index, letters) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(column_letters(index), letters);
        }
    }

    #[test]
    fn a_place_reads_as_in_excel() {
        let place = Place {
            line: Some(118),
            row: Some(118),
            column: Some(6),
            heading: Some("再掲元".into()),
            id: Some("P001".into()),
            ..Place::file("実績マスタ.csv")
        };
        assert_eq!(place.to_string(), "実績マスタ.csv 118行目 G列「再掲元」（セル G118・ID P001）");
        assert_eq!(Place::line("plan.toml", 3).to_string(), "plan.toml 3行目");
        let place = Place { character: Some(8), ..Place::line("様式.toml", 12) };
        assert_eq!(place.to_string(), "様式.toml 12行目 8文字目");
    }

    #[test]
    fn an_excerpt_is_the_line_where_the_span_begins() {
        let excerpt = Excerpt::of("あ,い\r\nう,えお,か\r\n", 13..19);
        assert_eq!(excerpt.text, "う,えお,か");
        assert_eq!(&excerpt.text[excerpt.span], "えお");
    }

    #[test]
    fn an_excerpt_of_a_long_line_is_short() {
        let text = "あ".repeat(1_000_000);
        let excerpt = Excerpt::of(&text, 1_500_001..3_000_000);
        assert!(excerpt.text.len() < 3 * CONTEXT && excerpt.cut_before && excerpt.cut_after);
    }
}
