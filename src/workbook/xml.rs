//! Walking through the XML of a part: elements open, texts come, elements close.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::refusal::Refusal;

/// So deep is no part of a workbook.
pub(super) const DEEPEST: usize = 256;

/// What a walk comes upon.
pub(super) enum XmlEvent<'a> {
    /// An element opens; one without content closes at once.
    Open(&'a BytesStart<'a>),
    /// Text, as it is meant.
    Text(&'a str),
    /// An element closes; its name without prefix.
    Close(&'a str),
}

/// Walks through `text` as far as it can be read: what is broken was refused before, or
/// is no part that an answer stands in. As in [`walk_strict`], a `Fallback` is passed over.
pub(super) fn walk_lenient(text: &[u8], mut visit: impl FnMut(XmlEvent<'_>)) {
    let mut reader = Reader::from_reader(text);
    // Old drawings are written in the manner of HTML.
    reader.config_mut().check_end_names = false;
    let mut ways = Alternatives::default();
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => {
                if ways.opens(&tag) {
                    visit(XmlEvent::Open(&tag));
                }
            }
            Ok(Event::Empty(tag)) if ways.are_open() => {
                visit(XmlEvent::Open(&tag));
                visit(XmlEvent::Close(tag.local_name().as_ref()));
            }
            Ok(Event::End(tag)) => {
                if ways.closes(tag.local_name().as_ref()) {
                    visit(XmlEvent::Close(tag.local_name().as_ref()));
                }
            }
            Ok(Event::Text(text)) if ways.are_open() => visit(XmlEvent::Text(&text.xml10_content())),
            Ok(Event::CData(text)) if ways.are_open() => visit(XmlEvent::Text(&text.xml10_content())),
            Ok(Event::GeneralRef(name)) if ways.are_open() => {
                if let Some(c) = referred(&name) {
                    visit(XmlEvent::Text(c.encode_utf8(&mut [0; 4])));
                }
            }
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

/// Walks through a part that has to be whole, until `visit` stops or the part ends. What
/// is broken, or deeper than any part of a workbook, is refused.
///
/// Of the ways in which a part may say one thing (ECMA-376 part 3, 7.6) the last,
/// `Fallback`, is passed over: it says once more what a `Choice` before it has said.
pub(super) fn walk_strict(
    text: &str,
    mut visit: impl FnMut(XmlEvent<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut depth = 0usize;
    let mut ways = Alternatives::default();
    loop {
        match reader.read_event().map_err(|_| Refusal::Damaged)? {
            Event::Start(tag) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(Refusal::TooLarge("ファイルの構造が複雑すぎます"));
                }
                if ways.opens(&tag) {
                    visit(XmlEvent::Open(&tag))?;
                }
            }
            Event::Empty(tag) if ways.are_open() => {
                visit(XmlEvent::Open(&tag))?;
                visit(XmlEvent::Close(tag.local_name().as_ref()))?;
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                if ways.closes(tag.local_name().as_ref()) {
                    visit(XmlEvent::Close(tag.local_name().as_ref()))?;
                }
            }
            Event::Text(text) if ways.are_open() => visit(XmlEvent::Text(&text.xml10_content()))?,
            Event::CData(text) if ways.are_open() => visit(XmlEvent::Text(&text.xml10_content()))?,
            Event::GeneralRef(name) if ways.are_open() => {
                let c = referred(&name).ok_or(Refusal::Damaged)?;
                visit(XmlEvent::Text(c.encode_utf8(&mut [0; 4])))?;
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The alternatives that a walk is within.
#[derive(Default)]
struct Alternatives {
    /// Of each set of alternatives, whether one has been read.
    read: Vec<bool>,
    /// How deep the walk is in one that is passed over.
    passed: usize,
}

impl Alternatives {
    fn are_open(&self) -> bool {
        self.passed == 0
    }

    /// Whether the element that opens is to be read.
    fn opens(&mut self, tag: &BytesStart<'_>) -> bool {
        if self.passed > 0 {
            self.passed += 1;
            return false;
        }
        match tag.local_name().as_ref() {
            "AlternateContent" => self.read.push(false),
            "Choice" => drop(self.read.last_mut().map(|read| *read = true)),
            "Fallback" if self.read.last() == Some(&true) => self.passed = 1,
            _ => {}
        }
        self.are_open()
    }

    /// Whether the element that closes was read.
    fn closes(&mut self, name: &str) -> bool {
        if self.passed > 0 {
            self.passed -= 1;
            return false;
        }
        if name == "AlternateContent" {
            self.read.pop();
        }
        true
    }
}

/// The character that `&amp;`, `&#12354;` and their like stand for.
pub(super) fn referred(name: &BytesRef<'_>) -> Option<char> {
    match &*name.xml10_content() {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => name.resolve_char_ref().ok().flatten(),
    }
}

/// The value of an attribute, whatever its prefix; the first of two.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = tag.attributes();
    let found =
        all.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(unescape(&found.value).ok()?.into_owned())
}

/// The value of an attribute without prefix; the first of two.
pub(super) fn own<'t>(tag: &'t BytesStart<'_>, name: &str) -> Result<Option<Cow<'t, str>>, Refusal> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| Refusal::Damaged)?;
        if attribute.key.as_ref() == name {
            let value = match attribute.value {
                Cow::Borrowed(value) => unescape(value).map_err(|_| Refusal::Damaged)?,
                Cow::Owned(value) => Cow::Owned(unescape(&value).map_err(|_| Refusal::Damaged)?.into_owned()),
            };
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// Whether an attribute says yes.
pub(super) fn says_yes(tag: &BytesStart<'_>, name: &str) -> bool {
    attribute(tag, name).is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
}
