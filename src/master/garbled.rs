//! Texts that no longer say what was written: two versions of the file put together by a
//! program that could not decide (`<<<<<<<`), and texts that were read in another encoding
//! than they were written in (文字化け).
//!
//! Garbled text is told by turning it back: written in the encoding it was wrongly read in,
//! it is Japanese in the other. Japanese text itself never is. Where characters were lost
//! on the way, the four that hiragana and katakana turn into give it away.

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8, WINDOWS_1252};

use super::file::File;

/// The first of the marks between two versions, and the records of all of them.
pub(super) fn merge_markers(file: File<'_>) -> Option<(String, Vec<usize>)> {
    const MARKS: [char; 4] = ['<', '=', '>', '|'];
    let mark = |at: usize| {
        let record = file.records.list.get(at)?;
        let first = record.cells.first()?.content(file.text).trim_start();
        let sign = first.chars().next().filter(|sign| MARKS.contains(sign))?;
        let rest = first.trim_start_matches(sign);
        let is_mark = first.len() - rest.len() == 7 && (rest.is_empty() || rest.starts_with(' '));
        is_mark.then(|| first.trim_end().to_owned())
    };
    let all: Vec<(usize, String)> =
        (0..file.records.list.len()).filter_map(|at| Some((at, mark(at)?))).collect();
    // A line of `=` alone may be somebody's ruler.
    let (_, first) = all.iter().find(|(_, mark)| mark.starts_with(['<', '>']))?;
    Some((first.clone(), all.into_iter().map(|(at, _)| at).collect()))
}

/// A garbled cell.
pub(super) struct Garbled {
    pub record: usize,
    pub cell: usize,
    pub text: String,
    /// What was written, where it can be had again.
    pub meant: Option<String>,
}

/// The first garbled cell, and how many more there are.
pub(super) fn garbled(file: File<'_>) -> Option<(Garbled, usize)> {
    let mut first: Option<Garbled> = None;
    let mut count: usize = 0;
    for (record, cells) in file.records.list.iter().enumerate() {
        for (cell, content) in cells.cells.iter().enumerate() {
            let content = content.content(file.text).trim();
            if !is_garbled(content) {
                continue;
            }
            count += 1;
            first.get_or_insert_with(|| {
                let meant = turned_back(content);
                Garbled { record, cell, text: content.to_owned(), meant }
            });
        }
    }
    first.map(|first| (first, count - 1))
}

/// Whether a text was read in another encoding than it was written in, so that no master may
/// say it.
pub fn is_garbled(text: &str) -> bool {
    !text.is_ascii() && (turned_back(text).is_some() || has_lost(text))
}

/// What a garbled text said; `None` where it is none.
fn turned_back(text: &str) -> Option<String> {
    let again = |read_in: &'static Encoding, written_in: &'static Encoding| {
        // The whole is only turned where the first character may be the start of it.
        let first = text.chars().find(|c| !c.is_ascii())?;
        let mut buffer = [0; 4];
        let (bytes, _, failed) = read_in.encode(first.encode_utf8(&mut buffer));
        let leads = bytes.first().is_some_and(|byte| *byte >= 0x81);
        let may_be_utf8 = written_in != UTF_8 || bytes.first().is_some_and(|byte| *byte >= 0xC2);
        if failed || !leads || !may_be_utf8 {
            return None;
        }
        let (bytes, _, failed) = read_in.encode(text);
        if failed {
            return None;
        }
        let meant = written_in.decode_without_bom_handling_and_without_replacement(&bytes)?;
        is_japanese(&meant).then(|| meant.into_owned())
    };
    if !WINDOWS_1252.encode(text).2 {
        return again(WINDOWS_1252, UTF_8).or_else(|| again(WINDOWS_1252, SHIFT_JIS));
    }
    again(SHIFT_JIS, UTF_8)
}

/// Whether at least two characters are kana or kanji, and nobody would miss the others.
fn is_japanese(text: &str) -> bool {
    let japanese = |c: &char| matches!(c, '\u{3040}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}');
    let others = |c: &char| !c.is_ascii() && !japanese(c);
    let count = text.chars().filter(japanese).count();
    count >= 2 && text.chars().filter(others).count() <= count && !text.chars().any(is_control)
}

fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

/// Whether characters were lost: what stands for them, or what kana have become.
fn has_lost(text: &str) -> bool {
    let of_kana = text.chars().filter(|c| matches!(c, '縺' | '繧' | '繝' | '縲')).count();
    text.contains('\u{FFFD}') || of_kana > 1
}
