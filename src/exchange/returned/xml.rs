//! Walking through the XML of a part: elements open, texts come, elements close.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// What a walk comes upon.
pub(super) enum Piece<'a> {
    /// An element opens; one without content closes at once.
    Open(&'a BytesStart<'a>),
    /// Text, as it is meant.
    Text(&'a str),
    /// An element closes; its name without prefix.
    Close(&'a str),
}

/// Walks through `text` as far as it can be read: what is broken was refused before, or
/// is no part that an answer stands in.
pub(super) fn walk(text: &[u8], mut visit: impl FnMut(Piece<'_>)) {
    let mut reader = Reader::from_reader(text);
    // Old drawings are written in the manner of HTML.
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => visit(Piece::Open(&tag)),
            Ok(Event::Empty(tag)) => {
                visit(Piece::Open(&tag));
                visit(Piece::Close(tag.local_name().as_ref()));
            }
            Ok(Event::End(tag)) => visit(Piece::Close(tag.local_name().as_ref())),
            Ok(Event::Text(text)) => visit(Piece::Text(&text.xml10_content())),
            Ok(Event::CData(text)) => visit(Piece::Text(&text.xml10_content())),
            Ok(Event::GeneralRef(name)) => {
                if let Some(c) = referred(&name) {
                    visit(Piece::Text(c.encode_utf8(&mut [0; 4])));
                }
            }
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
        buffer.clear();
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

/// Whether an attribute says yes.
pub(super) fn says_yes(tag: &BytesStart<'_>, name: &str) -> bool {
    attribute(tag, name).is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
}
