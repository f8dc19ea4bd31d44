//! Walking strictly through the XML of a part that has to be whole.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

use crate::workbook::refusal::Refusal;
use crate::workbook::xml::{DEEPEST, referred};

/// What a walk comes upon; names are whole, with their prefixes.
pub(super) enum Step<'a> {
    /// An element opens at this depth; one without content closes at once.
    Open(&'a BytesStart<'a>, usize),
    /// Text, as it is meant.
    Text(&'a str),
    /// An element closes that opened at this depth.
    Close(&'a str, usize),
}

/// Walks through `text`. What does not end is damaged.
pub(super) fn steps(
    text: &[u8],
    mut visit: impl FnMut(Step<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut reader = Reader::from_reader(text);
    let mut depth = 0;
    loop {
        match reader.read_event().map_err(|_| Refusal::Damaged)? {
            Event::Start(tag) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(Refusal::TooLarge("ファイルの構造が複雑すぎます"));
                }
                visit(Step::Open(&tag, depth))?;
            }
            Event::Empty(tag) => {
                visit(Step::Open(&tag, depth + 1))?;
                visit(Step::Close(tag.name().0, depth + 1))?;
            }
            Event::End(tag) => {
                visit(Step::Close(tag.name().0, depth))?;
                depth = depth.checked_sub(1).ok_or(Refusal::Damaged)?;
            }
            Event::Text(text) => visit(Step::Text(&text.xml10_content()))?,
            Event::CData(text) => visit(Step::Text(&text.xml10_content()))?,
            Event::GeneralRef(name) => {
                let letter = referred(&name).ok_or(Refusal::Damaged)?;
                visit(Step::Text(letter.encode_utf8(&mut [0; 4])))?;
            }
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof => return Err(Refusal::Damaged),
            _ => {}
        }
    }
}

/// The value of an attribute by its whole name, as it is written.
pub(super) fn raw<'a>(tag: &'a BytesStart<'_>, name: &str) -> Option<Cow<'a, str>> {
    let mut all = tag.attributes();
    let found = all.with_checks(false).flatten().find(|attribute| attribute.key.0 == name);
    found.map(|attribute| attribute.value)
}

/// What a written value means.
pub(super) fn meant(value: &str) -> Result<String, Refusal> {
    unescape(value).map(Cow::into_owned).map_err(|_| Refusal::Damaged)
}

/// How often something is repeated: once, where it is not said.
pub(super) fn count(tag: &BytesStart<'_>, name: &str) -> Result<u64, Refusal> {
    raw(tag, name).map_or(Ok(1), |text| counted(&text))
}

/// A number of repetitions; none is fewer than once.
pub(super) fn counted(text: &str) -> Result<u64, Refusal> {
    text.trim().parse().map_err(|_| Refusal::Damaged).map(|count: u64| count.max(1))
}
