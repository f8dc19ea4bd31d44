//! A ZIP package: its parts by name, and how they refer to each other (ECMA-376 part 2).
//!
//! A part is unpacked when it is asked for, as far as the budget goes and no further;
//! what nobody asks for, such as photographs, costs nothing. Names of parts are never
//! used as paths.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Cursor, Read};

use quick_xml::events::BytesStart;

use super::budget::Budget;
use super::refusal::Refusal;
use super::xml::{XmlEvent, attribute, walk_strict};

/// Parts of a package; a form has some twenty.
const MOST_PARTS: usize = 2_000;
/// The names and notes of all parts, in bytes; a workbook's have some thousand.
const LARGEST_DIRECTORY: usize = 1 << 20;
/// What all parts together claim to hold, unpacked.
const LARGEST_WHOLE: u64 = 96 << 20;

/// What it costs to open a part, in bytes.
const OPENING: usize = 4 << 10;
/// Most parts are smaller.
const USUAL_PART: u64 = 64 << 10;

/// An opened package.
pub(super) struct Package<'a> {
    archive: zip::ZipArchive<Cursor<&'a [u8]>>,
    /// By name, folded.
    names: HashMap<String, usize>,
}

impl std::fmt::Debug for Package<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Package").field("parts", &self.names.len()).finish_non_exhaustive()
    }
}

/// A part that another one refers to.
#[derive(Debug, Clone)]
pub(super) struct Related {
    pub id: String,
    /// The last word of its type: `comments`, `drawing`.
    pub kind: String,
    pub target: String,
}

impl<'a> Package<'a> {
    /// Reads the directory of a package.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        const TOO_MANY: Refusal = Refusal::TooLarge("部品の数が多すぎます");
        // Before the directory is read, for reading it takes memory for every entry.
        let entries = memchr::memmem::find_iter(bytes, b"PK\x01\x02").take(MOST_PARTS + 1);
        let lengths = entries.map(|at| directory_entry(bytes.get(at..).unwrap_or_default()).1);
        let (count, whole) = lengths.fold((0, 0), |(count, whole), length| (count + 1, whole + length));
        if count > MOST_PARTS || whole > LARGEST_DIRECTORY {
            return Err(TOO_MANY);
        }
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Damaged)?;
        if archive.len() > MOST_PARTS {
            return Err(TOO_MANY);
        }
        if has_doubled_part(bytes, archive.central_directory_start(), archive.len()) {
            return Err(Refusal::Doubled);
        }
        let mut names = HashMap::with_capacity(archive.len());
        let mut claimed = 0u64;
        for at in 0..archive.len() {
            let part = archive.by_index_raw(at).map_err(|_| Refusal::Damaged)?;
            claimed = claimed.saturating_add(part.size());
            let name = folded(&part.name().map_err(|_| Refusal::Damaged)?);
            // Some programs write `\`; then a name may stand there twice after all.
            let is_path = name.split('/').any(|step| step == "..");
            if !is_path && names.insert(name, at).is_some() {
                return Err(Refusal::Doubled);
            }
        }
        // What is really unpacked is paid for; but nobody sends so much in earnest.
        if claimed > LARGEST_WHOLE {
            return Err(Refusal::TooLarge("展開すると大きくなりすぎます"));
        }
        Ok(Self { archive, names })
    }

    /// Whether the package has a part whose folded name is such.
    pub fn any(&self, is_such: impl FnMut(&str) -> bool) -> bool {
        self.names.keys().map(String::as_str).any(is_such)
    }

    /// The bytes of a part, no more than `most` of them; `None` where there is no such part.
    pub fn bytes(&mut self, name: &str, most: u64, budget: &mut Budget) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(at) = self.names.get(&folded(name)) else { return Ok(None) };
        let part = self.archive.by_index(*at).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(_) => Refusal::Encrypted,
            _ => Refusal::Damaged,
        })?;
        let most = most.min(budget.left_to_unpack());
        // What it claims is believed as far as it is small.
        let mut text = Vec::with_capacity(part.size().min(USUAL_PART) as usize + 1);
        part.take(most + 1).read_to_end(&mut text).map_err(|_| Refusal::Damaged)?;
        if text.len() as u64 > most {
            return Err(Refusal::TooLarge("展開すると大きくなりすぎます"));
        }
        // Each time a part is opened costs something, however small it is.
        budget.unpack(text.len() + OPENING)?;
        Ok(Some(text))
    }

    /// The text of a part.
    pub fn text(&mut self, name: &str, most: u64, budget: &mut Budget) -> Result<Option<String>, Refusal> {
        let Some(bytes) = self.bytes(name, most, budget)? else { return Ok(None) };
        decoded(bytes).map(Some)
    }

    /// What `part` refers to; the package itself for an empty name. `None` where it has no
    /// list of what it refers to.
    pub fn related(
        &mut self,
        part: &str,
        most: u64,
        budget: &mut Budget,
    ) -> Result<Option<Vec<Related>>, Refusal> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let at = if folder.is_empty() {
            format!("_rels/{file}.rels")
        } else {
            format!("{folder}/_rels/{file}.rels")
        };
        let Some(text) = self.text(&at, most, budget)? else { return Ok(None) };
        let mut all = Vec::new();
        walk_strict(&text, |event| {
            if let XmlEvent::Open(tag) = event
                && let Some(related) = relationship(tag, folder)
            {
                budget.item()?;
                all.push(related);
            }
            Ok(())
        })?;
        Ok(Some(all))
    }
}

fn relationship(tag: &BytesStart<'_>, folder: &str) -> Option<Related> {
    let (id, kind, target) = (attribute(tag, "Id")?, attribute(tag, "Type")?, attribute(tag, "Target")?);
    if attribute(tag, "TargetMode").as_deref() == Some("External") {
        return None;
    }
    // The namespaces of the strict and the transitional form differ; their last words do not.
    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
    Some(Related { id, kind, target: resolved(folder, &target) })
}

/// The name of a part as it is looked up: without case (ECMA-376 part 2, 6.2.2.3).
fn folded(name: &str) -> String {
    name.to_ascii_lowercase().replace('\\', "/").trim_start_matches('/').to_owned()
}

/// A target as a part's name: relative to the folder of the part that names it.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut steps: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|step| !step.is_empty()).collect(),
    };
    for step in target.split('/').filter(|step| !step.is_empty() && *step != ".") {
        if step == ".." {
            steps.pop();
        } else {
            steps.push(step);
        }
    }
    steps.join("/")
}

/// The text of a part, in one of the two encodings a part may have.
fn decoded(bytes: Vec<u8>) -> Result<String, Refusal> {
    let wide = match &bytes[..] {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => Some(encoding_rs::UTF_16LE),
        [0xFE, 0xFF, ..] | [0, b'<', ..] => Some(encoding_rs::UTF_16BE),
        _ => None,
    };
    if let Some(encoding) = wide {
        let (text, has_errors) = encoding.decode_with_bom_removal(&bytes);
        return if has_errors { Err(Refusal::Damaged) } else { Ok(text.into_owned()) };
    }
    let mut text = String::from_utf8(bytes).map_err(|_| Refusal::Damaged)?;
    if text.starts_with('\u{FEFF}') {
        text.drain(..'\u{FEFF}'.len_utf8());
    }
    Ok(text)
}

/// How long the name of an entry of the directory is, and the whole of it.
fn directory_entry(entry: &[u8]) -> (usize, usize) {
    let length =
        |at: usize| entry.get(at..at + 2).map_or(0, |two| usize::from(two[0]) | usize::from(two[1]) << 8);
    (length(28), 46 + length(28) + length(30) + length(32))
}

/// Whether two parts bear one name. Programs differ in which of them they read, so that
/// what a clerk saw and what is collected need not be the same. The library that unpacks
/// keeps the last of them only: the directory is walked here. A name counts without its
/// case, as part names do (ECMA-376 part 2, 6.2.2.3).
fn has_doubled_part(bytes: &[u8], directory: u64, kept: usize) -> bool {
    let mut names = std::collections::HashSet::new();
    let mut rest = usize::try_from(directory).ok().and_then(|start| bytes.get(start..)).unwrap_or_default();
    let mut entries = 0usize;
    while rest.starts_with(b"PK\x01\x02") {
        let (name, whole) = directory_entry(rest);
        let Some(text) = rest.get(46..46 + name) else { break };
        entries += 1;
        let text: Cow<'_, str> = String::from_utf8_lossy(text);
        if !names.insert(text.to_lowercase()) {
            return true;
        }
        rest = rest.get(whole..).unwrap_or_default();
    }
    entries > kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_named_as_in_a_package() {
        for (folder, target, expected) in [
            ("xl/worksheets", "../comments1.xml", "xl/comments1.xml"),
            ("xl", "/xl/worksheets/a.xml", "xl/worksheets/a.xml"),
            ("xl", "worksheets\\a.xml", "xl/worksheets/a.xml"),
            ("", "./xl/workbook.xml", "xl/workbook.xml"),
            ("xl", "../../../a.xml", "a.xml"),
        ] {
            assert_eq!(resolved(folder, target), expected);
        }
    }

    #[test]
    fn a_part_is_read_in_either_encoding() {
        let wide = |text: &str, swap: bool| -> Vec<u8> {
            text.encode_utf16()
                .flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        for bytes in [
            "<あ/>".as_bytes().to_vec(),
            "\u{FEFF}<あ/>".into(),
            wide("\u{FEFF}<あ/>", false),
            wide("<あ/>", true),
        ] {
            assert_eq!(decoded(bytes), Ok("<あ/>".to_owned()));
        }
        assert_eq!(decoded(vec![b'<', 0xFF]), Err(Refusal::Damaged));
        assert_eq!(decoded(vec![0xFF, 0xFE, 0, 0xD8]), Err(Refusal::Damaged));
    }
}
