//! What is written on a sheet but in no cell: notes and threads of comments, text boxes,
//! charts, headers and footers.
//!
//! These parts are read as far as they can be: what is broken of them says nothing of an
//! answer.

use super::reference::cell_of;
use crate::workbook::notes::NoteTexts;
use crate::workbook::xml::{XmlEvent, attribute, walk_lenient};

/// What a header or a footer says beside page numbers and dates (ECMA-376 part 1,
/// 18.3.1.46: `&L&9…&P / &N`); empty where it says nothing else.
pub(super) fn margin_text(code: &str) -> String {
    let mut out = String::new();
    let mut letters = code.chars().peekable();
    while let Some(c) = letters.next() {
        if c != '&' {
            out.push(c);
            continue;
        }
        match letters.next() {
            Some('&') => out.push('&'),
            Some('"') => drop(letters.by_ref().find(|c| *c == '"')),
            Some('K') => letters.by_ref().take(6).for_each(drop),
            Some('L' | 'C' | 'R') => out.push(' '),
            Some('0'..='9') => while letters.next_if(char::is_ascii_digit).is_some() {},
            _ => {}
        }
    }
    let text = out.trim_matches(|c: char| c.is_whitespace() || c == '/' || c == '−' || c == '-');
    if text.chars().any(char::is_alphanumeric) { text.to_owned() } else { String::new() }
}

/// Notes on cells. What stands there for a thread of comments is passed over where the
/// thread itself has been read.
pub(super) fn comments(text: &[u8], has_threads: bool) -> NoteTexts {
    let mut all = NoteTexts::new();
    let mut authors: Vec<String> = Vec::new();
    let (mut in_author, mut in_text, mut in_reading) = (false, false, false);
    let mut at = None;
    let mut of_thread = false;
    let mut said = String::new();
    walk_lenient(text, |event| match event {
        XmlEvent::Open(tag) => match tag.local_name().as_ref() {
            "author" => {
                in_author = true;
                authors.push(String::new());
            }
            "comment" => {
                at = attribute(tag, "ref").and_then(|r| cell_of(&r));
                let author = attribute(tag, "authorId").and_then(|id| id.parse::<usize>().ok());
                let author = author.and_then(|id| authors.get(id)).map_or("", String::as_str);
                of_thread = author.starts_with("tc=") && has_threads;
                said.clear();
            }
            "t" => in_text = true,
            "rPh" => in_reading = true,
            _ => {}
        },
        XmlEvent::Text(text) => {
            if in_author && let Some(author) = authors.last_mut() {
                author.push_str(text);
            } else if in_text && !in_reading {
                said.push_str(text);
            }
        }
        XmlEvent::Close("author") => in_author = false,
        XmlEvent::Close("t") => in_text = false,
        XmlEvent::Close("rPh") => in_reading = false,
        XmlEvent::Close("comment") => {
            if !of_thread {
                all.push((at, std::mem::take(&mut said)));
            }
        }
        XmlEvent::Close(_) => {}
    });
    all
}

/// Threads of comments on cells: one note each comment.
pub(super) fn threads(text: &[u8]) -> NoteTexts {
    let mut all = NoteTexts::new();
    let (mut at, mut in_text, mut said) = (None, false, String::new());
    walk_lenient(text, |event| match event {
        XmlEvent::Open(tag) => match tag.local_name().as_ref() {
            "threadedComment" => {
                at = attribute(tag, "ref").and_then(|r| cell_of(&r));
                said.clear();
            }
            "text" => in_text = true,
            _ => {}
        },
        XmlEvent::Text(text) if in_text => said.push_str(text),
        XmlEvent::Close("text") => in_text = false,
        XmlEvent::Close("threadedComment") => all.push((at, std::mem::take(&mut said))),
        _ => {}
    });
    all
}

/// Text in shapes, each with the cell on which the shape begins.
pub(super) fn shapes(text: &[u8]) -> NoteTexts {
    let mut all = NoteTexts::new();
    let (mut row, mut column) = (None, None);
    let (mut in_from, mut in_text) = (false, false);
    let mut digits = String::new();
    let mut said = String::new();
    walk_lenient(text, |event| match event {
        XmlEvent::Open(tag) => match tag.local_name().as_ref() {
            "twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor" => {
                (row, column) = (None, None);
                said.clear();
            }
            "from" => in_from = true,
            "t" => in_text = true,
            "br" => said.push('\n'),
            _ => digits.clear(),
        },
        XmlEvent::Text(text) if in_text => said.push_str(text),
        XmlEvent::Text(text) if in_from => digits.push_str(text),
        XmlEvent::Close("row") if in_from => row = digits.trim().parse().ok(),
        XmlEvent::Close("col") if in_from => column = digits.trim().parse().ok(),
        XmlEvent::Close("from") => in_from = false,
        XmlEvent::Close("t") => in_text = false,
        XmlEvent::Close("p") if !said.is_empty() => said.push('\n'),
        XmlEvent::Close("twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor") => {
            all.push((row.zip(column), std::mem::take(&mut said)));
        }
        _ => {}
    });
    all
}

/// All the text of a chart or a diagram.
pub(super) fn texts(text: &[u8]) -> NoteTexts {
    let (mut in_text, mut said) = (false, String::new());
    walk_lenient(text, |event| match event {
        XmlEvent::Open(tag) => in_text |= tag.local_name().as_ref() == "t",
        XmlEvent::Text(text) if in_text => said.push_str(text),
        XmlEvent::Close("t") => in_text = false,
        XmlEvent::Close("p") if !said.is_empty() => said.push('\n'),
        _ => {}
    });
    vec![(None, said)]
}

/// Text in shapes of the older kind. The boxes of notes are among them; their text has
/// been read where it belongs.
pub(super) fn old_shapes(text: &[u8]) -> NoteTexts {
    let mut all = NoteTexts::new();
    let (mut in_box, mut is_note) = (false, false);
    let mut said = String::new();
    walk_lenient(text, |event| match event {
        XmlEvent::Open(tag) => match tag.local_name().as_ref() {
            "shape" | "rect" | "roundrect" | "oval" | "polyline" | "line" => {
                is_note = false;
                said.clear();
            }
            "textbox" => in_box = true,
            // Letters that are drawn along a line.
            "textpath" => said.push_str(&attribute(tag, "string").unwrap_or_default()),
            "br" if in_box => said.push('\n'),
            "ClientData" => is_note = attribute(tag, "ObjectType").as_deref() == Some("Note"),
            _ => {}
        },
        XmlEvent::Text(text) if in_box => said.push_str(text.trim()),
        XmlEvent::Close("textbox") => in_box = false,
        XmlEvent::Close("shape" | "rect" | "roundrect" | "oval" | "polyline" | "line") => {
            if !is_note {
                all.push((None, std::mem::take(&mut said)));
            }
            said.clear();
        }
        _ => {}
    });
    all
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::workbook::book::NoteKind;
    use crate::workbook::budget::Budget;
    use crate::workbook::notes::Notes;

    #[test]
    fn a_margin_says_what_is_no_code() {
        for (code, expected) in [
            ("&L&9令和5年度　水産課&C&9&P / &N", "令和5年度　水産課"),
            ("&C− &P −", ""),
            ("&L&\"BIZ UDゴシック,標準\"&K00-022速報値&R&D", "速報値"),
            ("&CA && B", "A & B"),
        ] {
            assert_eq!(margin_text(code), expected, "{code}");
        }
    }

    #[test]
    fn notes_threads_and_boxes_are_read() {
        let mut budget = Budget::default();
        let mut notes = Notes::default();
        let thread = "<ThreadedComments><threadedComment ref=\"J10\"><text>暫定&amp;要確認</text></threadedComment></ThreadedComments>";
        notes.extend(NoteKind::Comment, threads(thread.as_bytes()), &mut budget).unwrap();
        let part = "<comments><authors><author>tc={1}</author><author>花子</author></authors><commentList>\
             <comment ref=\"J10\" authorId=\"0\"><text><t>[Threaded comment]</t></text></comment>\
             <comment ref=\"K11\" authorId=\"1\"><text><r><t>後日</t></r><r><t>訂正</t></r></text></comment></commentList></comments>";
        notes.extend(NoteKind::Comment, comments(part.as_bytes(), notes.has_comment()), &mut budget).unwrap();
        // Shapes that newer programs draw stand there once more for older ones.
        let part = "<xdr:wsDr xmlns:xdr=\"x\" xmlns:a=\"a\"><xdr:twoCellAnchor><xdr:from><xdr:col>3</xdr:col><xdr:row>18</xdr:row></xdr:from>\
             <mc:AlternateContent><mc:Choice><xdr:sp><xdr:txBody><a:p><a:r><a:t>見込み</a:t></a:r></a:p><a:p><a:r><a:t>です</a:t></a:r></a:p></xdr:txBody></xdr:sp></mc:Choice>\
             <mc:Fallback><xdr:sp><a:t>見込みです</a:t></xdr:sp></mc:Fallback></mc:AlternateContent></xdr:twoCellAnchor></xdr:wsDr>";
        notes.extend(NoteKind::Shape, shapes(part.as_bytes()), &mut budget).unwrap();
        let part = "<xml><v:shape><v:textbox><div>メモ</div></v:textbox><x:ClientData ObjectType=\"Note\"/></v:shape>\
             <v:shape><v:textbox><div>古い箱<br></div></v:textbox></v:shape></xml>";
        notes.extend(NoteKind::Shape, old_shapes(part.as_bytes()), &mut budget).unwrap();
        let said: Vec<String> =
            notes.take().iter().map(|note| format!("{:?} {:?} {}", note.kind, note.at, note.text)).collect();
        assert_eq!(
            said,
            [
                "Comment Some((9, 9)) 暫定&要確認",
                "Comment Some((10, 10)) 後日訂正",
                "Shape Some((18, 3)) 見込み\nです",
                "Shape None 古い箱",
            ]
        );
    }
}
