//! Where the objects of a file are (ISO 32000-1, 7.5.4, 7.5.5 and 7.5.8): tables, streams,
//! and files that have both.

use std::collections::{BTreeMap, BTreeSet};

use super::value::{Dictionary, Object, Value};
use super::{Lengths, ReadError, Reader};

/// A file has no more objects, and was not saved more often.
const MOST_OBJECTS: usize = 1_000_000;
const MOST_SECTIONS: usize = 500;

/// How far before the end of the file the place of the table is looked for, in bytes.
const TAIL: usize = 2_048;

/// No field of an entry is wider, in bytes.
const WIDEST: usize = 8;

/// Where an object is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Entry {
    /// Nowhere (any more).
    Free,
    /// At this byte.
    Plain(usize),
    /// In this object stream, at this place.
    Packed { stream: u32, index: usize },
}

/// Each object's place by its number.
type Entries = BTreeMap<u32, Entry>;

/// Reads every section, the newest first: what it says of an object counts.
pub(super) fn read(reader: &Reader<'_>) -> Result<(Entries, Dictionary), ReadError> {
    let (mut entries, mut newest) = (Entries::new(), None);
    let (mut next, mut seen) = (Some(start(reader)?), BTreeSet::new());
    while let Some(at) = next {
        if !seen.insert(at) || seen.len() > MOST_SECTIONS {
            return Err(ReadError::Broken);
        }
        let trailer = section(reader, at, &mut entries)?;
        next = offset(&trailer, "Prev")?;
        newest.get_or_insert(trailer);
    }
    Ok((entries, newest.unwrap_or_default()))
}

/// Where the newest section is, as the end of the file says.
fn start(reader: &Reader<'_>) -> Result<usize, ReadError> {
    const WORD: &[u8] = b"startxref";
    let from = reader.bytes.len().saturating_sub(TAIL);
    let found = reader.bytes[from..].windows(WORD.len()).rposition(|window| window == WORD);
    let at = from + found.ok_or(ReadError::Broken)? + WORD.len();
    reader.lexer(reader.bytes, at).count()
}

fn offset(trailer: &Dictionary, key: &str) -> Result<Option<usize>, ReadError> {
    trailer.get(key).map(|_| trailer.count(key)).transpose()
}

/// Reads one section; gives back its trailer.
fn section(reader: &Reader<'_>, at: usize, entries: &mut Entries) -> Result<Dictionary, ReadError> {
    if !reader.lexer(reader.bytes, at).keyword(b"xref") {
        return stream(reader, at, entries);
    }
    let mut own = Entries::new();
    let trailer = table(reader, at, &mut own)?;
    // 7.5.8.4: what the table calls free may stand in the stream beside it.
    let (free, there): (Entries, Entries) =
        own.into_iter().partition(|(_, entry)| matches!(entry, Entry::Free));
    add(entries, there)?;
    if let Some(beside) = offset(&trailer, "XRefStm")? {
        stream(reader, beside, entries)?;
    }
    add(entries, free)?;
    Ok(trailer)
}

fn add(entries: &mut Entries, more: impl IntoIterator<Item = (u32, Entry)>) -> Result<(), ReadError> {
    for (number, entry) in more {
        entries.entry(number).or_insert(entry);
        if entries.len() > MOST_OBJECTS {
            return Err(ReadError::TooLarge);
        }
    }
    Ok(())
}

/// `xref 0 2 0000000000 65535 f … trailer <<…>>`
fn table(reader: &Reader<'_>, at: usize, entries: &mut Entries) -> Result<Dictionary, ReadError> {
    let mut lexer = reader.lexer(reader.bytes, at);
    let mut read = || {
        lexer.keyword(b"xref");
        while !lexer.keyword(b"trailer") {
            let (first, count) = (lexer.count()?, lexer.count()?);
            for number in first..first.saturating_add(count) {
                let (offset, _) = (lexer.count()?, lexer.count()?);
                let entry = match lexer.keyword(b"n") {
                    true => Entry::Plain(offset),
                    false if lexer.keyword(b"f") => Entry::Free,
                    false => return Err(ReadError::Broken),
                };
                add(entries, [(u32::try_from(number).map_err(|_| ReadError::Broken)?, entry)])?;
            }
        }
        lexer.value()
    };
    let trailer = read();
    reader.parsed(&lexer, at)?;
    match trailer? {
        Value::Dictionary(trailer) => Ok(trailer),
        _ => Err(ReadError::Broken),
    }
}

/// A cross-reference stream, whose dictionary is the trailer.
fn stream(reader: &Reader<'_>, at: usize, entries: &mut Entries) -> Result<Dictionary, ReadError> {
    let (_, Object::Stream(stream)) = reader.object_at(at, Lengths::Beside)? else {
        return Err(ReadError::Broken);
    };
    let trailer = &stream.dictionary;
    if !trailer.is_type("XRef") {
        return Err(ReadError::Broken);
    }
    let widths = counts(trailer.get("W"))?;
    let [kind, second, third] = widths[..] else { return Err(ReadError::Broken) };
    if widths.iter().any(|width| *width > WIDEST) || widths == [0; 3] {
        return Err(ReadError::Broken);
    }
    let index = match trailer.get("Index") {
        Some(index) => counts(Some(index))?,
        None => vec![0, trailer.count("Size")?],
    };
    let content = reader.unpack(&stream)?;
    let mut rows = content.chunks_exact(kind + second + third);
    for pair in index.chunks(2) {
        let [first, count] = pair else { return Err(ReadError::Broken) };
        // There are no more entries than bytes for them, whatever the counts say.
        for number in *first..first.saturating_add(*count) {
            let Some(row) = rows.next() else { return Err(ReadError::Broken) };
            let (kind, row) = row.split_at(kind);
            let (second, third) = row.split_at(second);
            let number = u32::try_from(number).map_err(|_| ReadError::Broken)?;
            add(entries, entry(kind, second, third)?.map(|entry| (number, entry)))?;
        }
    }
    Ok(stream.dictionary)
}

/// What three fields say; nothing for a kind of a later standard.
fn entry(kind: &[u8], second: &[u8], third: &[u8]) -> Result<Option<Entry>, ReadError> {
    let broken = |_| ReadError::Broken;
    let kind = if kind.is_empty() { 1 } else { number(kind) };
    Ok(match kind {
        0 => Some(Entry::Free),
        1 => Some(Entry::Plain(usize::try_from(number(second)).map_err(broken)?)),
        2 => Some(Entry::Packed {
            stream: u32::try_from(number(second)).map_err(broken)?,
            index: usize::try_from(number(third)).map_err(broken)?,
        }),
        _ => None,
    })
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn counts(value: Option<&Value>) -> Result<Vec<usize>, ReadError> {
    let Some(Value::Array(values)) = value else { return Err(ReadError::Broken) };
    let count = |value: &Value| match value {
        Value::Integer(count) => usize::try_from(*count).map_err(|_| ReadError::Broken),
        _ => Err(ReadError::Broken),
    };
    values.iter().map(count).collect()
}
