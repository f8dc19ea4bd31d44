//! Texts: those that cells share, and those they hold themselves. Both are runs of
//! letters that may be struck, raised or coloured one by one.

use quick_xml::events::BytesStart;

use crate::workbook::book::{RunStyle, Strikethrough};
use crate::workbook::budget::Budget;
use crate::workbook::refusal::Refusal;
use crate::workbook::xml::{XmlEvent, attribute, own, says_yes, walk_strict};

/// What a table may claim to hold; Excel's own limit is some 65,000 rows of strings a sheet.
const MOST_CLAIMED: u64 = 1 << 20;

/// The texts that cells refer to by number. Each is kept once; whoever takes one pays.
#[derive(Debug, Default)]
pub(super) struct Strings {
    /// All of them, one behind the other.
    all: String,
    /// Where each ends.
    ends: Vec<usize>,
    /// Those that say more than their letters, by number.
    rich: Vec<(usize, RunStyle)>,
}

impl Strings {
    /// Reads the part of the shared strings.
    pub fn of(text: &str, budget: &mut Budget) -> Result<Self, Refusal> {
        let mut strings = Self::default();
        let mut runs: Option<Runs> = None;
        let (mut opened, mut closed) = (false, false);
        let result = walk_strict(text, |event| {
            match event {
                XmlEvent::Open(tag) => match (&mut runs, tag.local_name().as_ref()) {
                    (None, "sst") if !opened => {
                        opened = true;
                        claims(tag)?;
                    }
                    (None, "si") if opened && !closed => runs = Some(Runs::default()),
                    (Some(runs), _) => runs.open(tag)?,
                    (None, _) => {}
                },
                XmlEvent::Text(text) => {
                    if let Some(runs) = &mut runs {
                        runs.text(text);
                    }
                }
                XmlEvent::Close("si") => {
                    if let Some(runs) = runs.take() {
                        strings.push(runs, budget)?;
                    }
                }
                XmlEvent::Close("sst") => closed = true,
                XmlEvent::Close(name) => {
                    if let Some(runs) = &mut runs {
                        runs.close(name);
                    }
                }
            }
            Ok(())
        });
        match result {
            // What stands behind the table is none of its strings.
            Err(Refusal::Damaged) if closed => {}
            Err(refusal) => return Err(refusal),
            Ok(()) if !closed => return Err(Refusal::Damaged),
            Ok(()) => {}
        }
        Ok(strings)
    }

    fn push(&mut self, runs: Runs, budget: &mut Budget) -> Result<(), Refusal> {
        let (text, rich) = runs.finish();
        if rich != RunStyle::default() {
            budget.item()?;
            self.rich.push((self.ends.len(), rich));
        }
        self.all.push_str(&text);
        self.ends.push(self.all.len());
        Ok(())
    }

    /// The text with this number.
    pub fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)?;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.all.get(start..end)
    }

    /// What it says beside its letters.
    pub fn rich(&self, at: usize) -> Option<&RunStyle> {
        let found = self.rich.binary_search_by_key(&at, |(number, _)| *number).ok()?;
        self.rich.get(found).map(|(_, rich)| rich)
    }
}

/// A table that claims to be larger than any was not made by a program for spreadsheets.
fn claims(tag: &BytesStart<'_>) -> Result<(), Refusal> {
    let Some(claim) = own(tag, "uniqueCount")? else { return Ok(()) };
    match claim.trim().parse::<u64>() {
        Ok(claim) if claim <= MOST_CLAIMED => Ok(()),
        _ => Err(Refusal::TooLarge("文字の数が多すぎます")),
    }
}

/// Runs of a text while they are read.
#[derive(Debug, Default)]
pub(super) struct Runs {
    text: String,
    /// Without what is struck; `None` while nothing is.
    kept: Option<String>,
    /// Whether any of what is struck can be seen.
    has_struck: bool,
    raised: bool,
    /// Of the first letters that have one of their own.
    colour: Option<u32>,
    /// Of the run that is open.
    is_struck: bool,
    is_raised: bool,
    own_colour: Option<u32>,
    /// Readings above the letters are no text of their own.
    in_reading: bool,
    /// The element of text that is open, and whether its blanks count.
    open: Option<(String, bool)>,
}

impl Runs {
    pub fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        match tag.local_name().as_ref() {
            "r" => self.run(),
            "strike" => self.is_struck = attribute(tag, "val").is_none() || says_yes(tag, "val"),
            "vertAlign" => {
                let how = attribute(tag, "val");
                self.is_raised = matches!(how.as_deref(), Some("superscript" | "subscript"));
            }
            "color" => {
                let rgb = attribute(tag, "rgb").and_then(|rgb| u32::from_str_radix(&rgb, 16).ok());
                self.own_colour = rgb.map(|rgb| rgb & 0x00FF_FFFF).filter(|rgb| *rgb != 0);
            }
            "rPh" => self.in_reading = true,
            "t" if !self.in_reading => {
                let keeps = own(tag, "xml:space")?.is_some_and(|space| space == "preserve");
                self.open = Some((String::new(), keeps));
            }
            _ => {}
        }
        Ok(())
    }

    pub fn text(&mut self, text: &str) {
        if let Some((open, _)) = &mut self.open {
            open.push_str(text);
        }
    }

    pub fn close(&mut self, name: &str) {
        match name {
            "r" => self.run(),
            "rPh" => self.in_reading = false,
            "t" => {
                if let Some((text, keeps)) = self.open.take() {
                    let text = if keeps { &text } else { text.trim_matches([' ', '\t', '\r', '\n']) };
                    self.add(&with_escapes(text));
                }
            }
            _ => {}
        }
    }

    /// A run begins or ends.
    fn run(&mut self) {
        (self.is_struck, self.is_raised, self.own_colour) = (false, false, None);
    }

    fn add(&mut self, text: &str) {
        let is_seen = !text.trim().is_empty();
        if self.is_struck {
            self.has_struck |= is_seen;
            self.kept.get_or_insert_with(|| self.text.clone());
        } else if let Some(kept) = &mut self.kept {
            kept.push_str(text);
        }
        self.text.push_str(text);
        if is_seen {
            self.raised |= self.is_raised;
            self.colour = self.colour.or(self.own_colour);
        }
    }

    /// The text, and what it says beside its letters.
    pub fn finish(self) -> (String, RunStyle) {
        let struck = match self.kept {
            Some(kept) if self.has_struck && kept.trim().is_empty() => Strikethrough::Whole,
            Some(kept) if self.has_struck => Strikethrough::Partly(kept),
            _ => Strikethrough::No,
        };
        (self.text, RunStyle { struck, raised: self.raised, colour: self.colour })
    }
}

/// A text as it is meant: Excel writes what XML has no letters for as `_x000D_`, in units
/// of UTF-16 (ECMA-376 part 1, 22.9.2.19).
pub(super) fn with_escapes(text: &str) -> std::borrow::Cow<'_, str> {
    if memchr::memmem::find(text.as_bytes(), b"_x").is_none() {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(unit) = escaped(rest) {
            units.push(unit);
            rest = rest.get(7..).unwrap_or_default();
            continue;
        }
        flush(&mut units, &mut out);
        out.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    flush(&mut units, &mut out);
    out.into()
}

/// The unit that a text begins with, if it begins with an escaped one.
fn escaped(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("_x")?.get(..5)?.strip_suffix('_')?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

fn flush(units: &mut Vec<u16>, out: &mut String) {
    out.extend(char::decode_utf16(units.drain(..)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn strings(text: &str) -> Result<Strings, Refusal> {
        Strings::of(text, &mut Budget::default())
    }

    #[test]
    fn texts_are_read_as_they_are_meant() {
        let strings = strings(
            "<sst><si><t> 5 </t></si><si><t xml:space=\"preserve\"> 5 </t></si><si/>\
             <si><r><t>a&amp;</t></r><r><t><![CDATA[<b>]]></t></r><rPh><t>よみ</t></rPh></si>\
             <x:si xmlns:x=\"s\"><x:t>_x0041__x005F_x0042__xD83D__xDE00__xD83D_</x:t></x:si></sst>",
        )
        .unwrap();
        let all: Vec<&str> = (0..5).filter_map(|at| strings.get(at)).collect();
        assert_eq!(all, ["5", " 5 ", "", "a&<b>", "A_x0042_😀\u{FFFD}"]);
        assert_eq!(strings.get(5), None);
    }

    #[test]
    fn struck_and_raised_letters_are_told_from_the_others() {
        let strings = strings(
            "<sst><si><t>5</t></si><si><r><rPr><strike/></rPr><t>5</t></r><r><t>6人</t></r></si>\
             <si><r><rPr><strike val=\"1\"/></rPr><t>7</t></r><rPh><t>ナナ</t></rPh></si>\
             <si><r><rPr><strike val=\"0\"/></rPr><t>8</t></r></si>\
             <si><r><t>5</t></r><r><rPr><vertAlign val=\"superscript\"/></rPr><t>1</t></r></si>\
             <si><r><rPr><color rgb=\"FFFF0000\"/></rPr><t>9</t></r></si></sst>",
        )
        .unwrap();
        let rich = |struck| RunStyle { struck, ..RunStyle::default() };
        assert_eq!(
            strings.rich,
            [
                (1, rich(Strikethrough::Partly("6人".to_owned()))),
                (2, rich(Strikethrough::Whole)),
                (4, RunStyle { raised: true, ..RunStyle::default() }),
                (5, RunStyle { colour: Some(0xFF_00_00), ..RunStyle::default() }),
            ]
        );
        assert_eq!(strings.rich(2), Some(&rich(Strikethrough::Whole)));
        assert_eq!(strings.rich(3), None);
    }

    #[test]
    fn a_broken_table_is_refused() {
        for text in ["<sst><si><t>5</t></si>", "<sst><si><t>&a;</t></si></sst>", "", "<sst><si><t"] {
            assert_eq!(strings(text).err(), Some(Refusal::Damaged), "{text}");
        }
        assert!(strings("<sst uniqueCount=\"4000000000\"/>").is_err());
        assert!(strings("<sst/>").is_ok() && strings("<sst></sst><broken").is_ok());
    }
}
