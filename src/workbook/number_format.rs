//! What a sheet shows of a number under its format.
//!
//! A clerk answers with what stands on the screen, and a number format can show another
//! number than the cell holds: fewer decimals, thousands, a unit of its own. The codes
//! are those of ECMA-376 part 1, 18.8.31; the library `ssfmt` reads them. A table of
//! what LibreOffice shows holds both to each other (`tests/formats`).

use std::panic::{AssertUnwindSafe, catch_unwind};

use ssfmt::{FormatOptions, NumberFormat};

use super::stated::stated;
use crate::plan::Vocabulary;

/// Excel allows 255 characters; what is longer was not made there.
const LONGEST_CODE: usize = 255;

/// What a sheet shows of a number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Shown {
    /// The file does not tell.
    #[default]
    Unknown,
    /// This text; empty where the format hides the number.
    Text(String),
    /// The file has a format, but nobody can read it.
    Unreadable,
}

/// A number format.
#[derive(Debug)]
pub struct Format {
    /// Whether it shows percentages.
    pub is_percent: bool,
    /// Whether it shows dates or times.
    pub is_date: bool,
    sections: Vec<String>,
    parsed: Option<NumberFormat>,
}

impl Format {
    /// Reads a format's code as the file has it.
    pub fn new(code: &str) -> Self {
        // What is longer cannot be read, and need not be kept to say so.
        let code: String = code.chars().take(LONGEST_CODE + 1).collect();
        // What Japanese Excel writes for the plain format, and before a letter that stands
        // for itself.
        let code = with_escapes(&code.replace("G/標準", "General"));
        let code = if code.trim().is_empty() { "General".to_owned() } else { code };
        let readable = code.chars().count() <= LONGEST_CODE;
        // Foreign text goes in: a library's slip must not stop the reading.
        let parse = || NumberFormat::parse(&code).ok();
        let parsed = if readable { catch_unwind(parse).ok().flatten() } else { None };
        let plain = unquoted(&code);
        Self {
            is_percent: plain.contains('%'),
            is_date: shows_date(&plain),
            sections: sections(&code),
            parsed,
        }
    }

    /// What a sheet shows of `value`.
    pub fn shown(&self, value: f64) -> Shown {
        if self.hides(value) {
            return Shown::Text(String::new());
        }
        // A format for texts shows a number as it is, with what the format adds.
        if let [only] = &self.sections[..]
            && only.contains('@')
            && only.trim() != "@"
        {
            return match Format::new("General").shown(value) {
                Shown::Text(plain) => Shown::Text(with_text(only, &plain)),
                other => other,
            };
        }
        let Some(format) = &self.parsed else { return Shown::Unreadable };
        let format = AssertUnwindSafe(|| format.try_format(value, &FormatOptions::default()));
        match catch_unwind(format) {
            Ok(Ok(text)) => Shown::Text(text),
            _ => Shown::Unreadable,
        }
    }

    /// The unit that the format adds to a number, if it adds one.
    pub fn unit(&self) -> Option<String> {
        let Shown::Text(shown) = self.shown(1.0) else { return None };
        stated(&shown, &Vocabulary::default()).map(|quantity| quantity.unit).filter(|unit| !unit.is_empty())
    }

    /// What a sheet shows of a text, where the format adds to it or hides it.
    pub fn shown_text(&self, text: &str) -> Option<String> {
        let adds = match &self.sections[..] {
            [only] => only.contains('@') && only.trim() != "@",
            [_, _, _, last, ..] => last.trim() != "@" && last != "General",
            _ => false,
        };
        if !adds {
            return None;
        }
        let section = self.sections.get(3).or_else(|| self.sections.first())?;
        Some(with_text(section, text)).filter(|shown| shown != text)
    }

    /// Whether the section for `value` is there and empty, which shows nothing. The
    /// library takes such a section for one that is missing.
    fn hides(&self, value: f64) -> bool {
        if self.sections.iter().any(|section| section.contains(['<', '>', '='])) {
            return false;
        }
        let section = match self.sections.len() {
            0 | 1 => 0,
            2 => usize::from(value < 0.0),
            _ if value < 0.0 => 1,
            _ => {
                if value == 0.0 {
                    2
                } else {
                    0
                }
            }
        };
        self.sections.len() > 1
            && self.sections.get(section).is_some_and(|section| {
                let mut rest = section.trim();
                // A colour alone shows nothing either.
                while let Some((_, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                    rest = after.trim();
                }
                rest.is_empty()
            })
    }
}

/// Japanese Excel escapes with `!` what others escape with a backslash.
fn with_escapes(code: &str) -> String {
    let mut quoted = false;
    let escape = |c: char| {
        quoted ^= c == '"';
        if c == '!' && !quoted { '\\' } else { c }
    };
    code.chars().map(escape).collect()
}

/// A section for texts with the text in it. The library leaves out what stands around.
fn with_text(section: &str, text: &str) -> String {
    let mut out = String::new();
    let mut letters = section.chars();
    let (mut quoted, mut bracketed) = (false, false);
    while let Some(c) = letters.next() {
        match c {
            '"' => quoted = !quoted,
            c if quoted => out.push(c),
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ if bracketed => {}
            '@' => out.push_str(text),
            '\\' => out.extend(letters.next()),
            '_' | '*' => drop(letters.next()),
            c => out.push(c),
        }
    }
    out
}

/// A code's sections, divided where no quotes or brackets stand around.
fn sections(code: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
    for c in code.chars() {
        let is_end = c == ';' && !quoted && !bracketed && !escaped;
        match c {
            _ if escaped => escaped = false,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => escaped = true,
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ => {}
        }
        match sections.last_mut() {
            Some(section) if !is_end => section.push(c),
            _ => sections.push(String::new()),
        }
    }
    sections
}

/// A number format without its quoted and escaped texts and its conditions.
fn unquoted(code: &str) -> String {
    let mut out = String::new();
    let mut letters = code.chars();
    let (mut quoted, mut bracketed) = (false, false);
    while let Some(c) = letters.next() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => drop(letters.next()),
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ if bracketed => {}
            c => out.push(c),
        }
    }
    out
}

/// Whether a format shows the number as a date: such as one of an era alone,
/// `ggge"年"`, which [`makes_dates`](super::date_format::makes_dates) does not know.
fn shows_date(plain: &str) -> bool {
    let plain = plain.to_lowercase();
    let has = |marks: &[char]| plain.contains(marks);
    !plain.contains("general")
        && !has(&['0', '#', '?', '@'])
        && has(&['e', 'g', 'y', 'm', 'd', 'h', 's', 'a'])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates_and_percentages_are_known() {
        for (code, is_date, is_percent) in [
            ("ggge\"年\"", true, false),
            ("[$-411]ge.m.d", true, false),
            ("yyyy\"年\"", true, false),
            ("General", false, false),
            ("G/標準", false, false),
            ("#,##0\"人/日\"", false, false),
            ("0.00E+00", false, false),
            ("@", false, false),
            ("", false, false),
            ("0.0%;\"△\"0.0%", false, true),
            ("0\"%\"", false, false),
        ] {
            let format = Format::new(code);
            assert_eq!((format.is_date, format.is_percent), (is_date, is_percent), "{code}");
        }
    }

    /// An empty section shows nothing; a missing one shows what the first does.
    #[test]
    fn an_empty_section_hides_the_number() {
        for (code, value, expected) in [
            ("0;;", -5.0, ""),
            ("0;;", 0.0, ""),
            ("0;[Red];", -5.0, ""),
            (";;;", 7.0, ""),
            ("0;\"a;b\"0", -5.0, "a;b5"),
            ("0", -5.0, "-5"),
            ("#,##0,", 38_123_456.0, "38,123"),
            ("0.0%", 0.624_324_324, "62.4%"),
            ("0!人", 5.0, "5人"),
            ("@\"名\"", 5.0, "5名"),
            ("@", 5.0, "5"),
            ("0\"!\"", 5.0, "5!"),
        ] {
            assert_eq!(Format::new(code).shown(value), Shown::Text(expected.to_owned()), "{code}");
        }
        assert_eq!(Format::new(&"0".repeat(300)).shown(1.0), Shown::Unreadable);
    }

    #[test]
    fn a_text_shows_with_what_its_format_adds() {
        for (code, expected) in [
            ("@", None),
            ("General", None),
            ("0\"人\"", None),
            ("@\"名\"", Some("5名")),
            ("0;0;0;@\"件\"", Some("5件")),
            ("0;0;0;", Some("")),
        ] {
            assert_eq!(Format::new(code).shown_text("5").as_deref(), expected, "{code}");
        }
    }
}
