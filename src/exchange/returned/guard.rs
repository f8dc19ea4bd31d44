//! What a file must pass before it is parsed.
//!
//! The library that reads workbooks trusts what they claim: it reserves memory for as
//! many strings as a file says it has, keeps a whole sheet, follows chains of sectors
//! until they end. So a file is measured first, by its own bytes: nothing here
//! believes a size that is only declared. Names of parts are never used as paths.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use super::Refusal;

/// A form is some 30 kB; photographs pasted into one make it larger.
pub const LARGEST_FILE: usize = 20 << 20;
const MOST_PARTS: usize = 2_000;
const LARGEST_WHOLE: u64 = 96 << 20;
/// A sheet of some 200,000 full rows.
const LARGEST_SHEET: u64 = 32 << 20;
/// Strings, styles and all else that is kept whole in memory.
const LARGEST_PART: u64 = 8 << 20;
/// Excel itself allows 65,490 styles.
const MOST_STYLES: usize = 66_000;
const MOST_STRINGS: u64 = 1 << 20;
/// Cells of a sheet once its repetitions are written out.
pub(super) const MOST_CELLS: u64 = 300_000;
/// So deep is no part of a workbook.
pub(super) const DEEPEST: usize = 256;

/// Which library has to read a file.
#[derive(Debug)]
pub(super) enum Container {
    /// .xlsx, .xlsm
    OpenXml,
    /// .ods
    OpenDocument,
    /// .xls
    Compound,
}

/// Measures a file and tells what it is.
pub(super) fn examine(bytes: &[u8]) -> Result<Container, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::NotAWorkbook("空のファイルです"));
    }
    if bytes.len() > LARGEST_FILE {
        return Err(Refusal::TooLarge("ファイルの大きさが20MBを超えています"));
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        // An encrypted .xlsx is wrapped in the container of the older format.
        let wide: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        if count(bytes, &wide) > 0 {
            return Err(Refusal::Encrypted);
        }
        return Ok(Container::Compound);
    }
    if !bytes.starts_with(b"PK") {
        return Err(Refusal::NotAWorkbook("Excelのブックではありません"));
    }
    package(bytes)
}

/// Measures a ZIP package, part by part.
fn package(bytes: &[u8]) -> Result<Container, Refusal> {
    // Before the directory is read, for reading it takes memory for every entry.
    if count(bytes, b"PK\x01\x02") > MOST_PARTS {
        return Err(Refusal::TooLarge("部品の数が多すぎます"));
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(Refusal::TooLarge("部品の数が多すぎます"));
    }
    if has_doubled_part(bytes, archive.central_directory_start(), archive.len()) {
        return Err(Refusal::Doubled);
    }
    // A document of LibreOffice is read part by part.
    for name in archive.file_names_raw() {
        if name.eq_ignore_ascii_case(b"content.xml") {
            return Ok(Container::OpenDocument);
        }
        if name == b"encrypted-package" {
            return Err(Refusal::Encrypted);
        }
    }
    let mut whole = 0;
    let mut container = None;
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(_) => Refusal::Encrypted,
            _ => Refusal::Damaged,
        })?;
        let name = part.name().map_err(|_| Refusal::Damaged)?.to_ascii_lowercase().replace('\\', "/");
        let is_sheet = name.contains("worksheets/");
        let is_xml = name.ends_with(".xml") || name.ends_with(".rels");
        if name == "[content_types].xml" {
            container = container.or(Some(Container::OpenXml));
        }
        if name.ends_with("workbook.bin") {
            return Err(Refusal::Unsupported("Excelバイナリブック（.xlsb）"));
        }
        let most = if is_sheet || !is_xml { LARGEST_SHEET } else { LARGEST_PART };
        let text = measured(&mut part, most)?;
        whole += text.len() as u64;
        if whole > LARGEST_WHOLE {
            return Err(Refusal::TooLarge("展開すると大きくなりすぎます"));
        }
        if is_xml && !is_sheet {
            small_part(&name, &text)?;
        } else if is_sheet && is_deep(&text) {
            return Err(Refusal::TooLarge("XMLの入れ子が深すぎます"));
        }
    }
    container.ok_or(Refusal::NotAWorkbook("ZIPファイルですが、Excelのブックではありません"))
}

/// Whether two parts bear one name. Programs differ in which of them they read, so that
/// what a clerk saw and what is collected need not be the same. The library keeps the
/// last of them only: the directory is walked here. A name counts without its case, as
/// part names do (ECMA-376 part 2, 6.2.2.3).
fn has_doubled_part(bytes: &[u8], directory: u64, kept: usize) -> bool {
    let mut names = HashSet::new();
    let mut rest = usize::try_from(directory).ok().and_then(|start| bytes.get(start..)).unwrap_or_default();
    let mut entries = 0usize;
    while rest.starts_with(b"PK\x01\x02") {
        let length =
            |at: usize| rest.get(at..at + 2).map_or(0, |two| usize::from(two[0]) | usize::from(two[1]) << 8);
        let (name, more) = (length(28), length(30) + length(32));
        let Some(text) = rest.get(46..46 + name) else { break };
        entries += 1;
        if !names.insert(String::from_utf8_lossy(text).to_lowercase()) {
            return true;
        }
        rest = rest.get(46 + name + more..).unwrap_or_default();
    }
    entries > kept
}

/// The content of a part, if it is really not larger than `most`.
fn measured(part: &mut impl Read, most: u64) -> Result<Vec<u8>, Refusal> {
    let mut text = Vec::new();
    part.take(most + 1).read_to_end(&mut text).map_err(|_| Refusal::Damaged)?;
    if text.len() as u64 > most {
        return Err(Refusal::TooLarge("展開すると大きくなりすぎます"));
    }
    Ok(text)
}

/// A part that is read whole: how many strings and styles it claims or has.
fn small_part(name: &str, text: &[u8]) -> Result<(), Refusal> {
    if name.ends_with("styles.xml")
        && (count(text, b"<xf") > MOST_STYLES || count(text, b"<") > 8 * MOST_STYLES)
    {
        return Err(Refusal::TooLarge("書式の数が多すぎます"));
    }
    for claim in after_each(text, b"niqueCount") {
        let digits = claim
            .iter()
            .skip_while(|byte| matches!(byte, b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\n' | b'\r'));
        let digits: String =
            digits.take_while(|byte| byte.is_ascii_digit()).map(|byte| char::from(*byte)).collect();
        if digits.parse::<u64>().is_err() || digits.parse::<u64>().is_ok_and(|claim| claim > MOST_STRINGS) {
            return Err(Refusal::TooLarge("文字列の数が多すぎます"));
        }
    }
    if is_deep(text) { Err(Refusal::TooLarge("XMLの入れ子が深すぎます")) } else { Ok(()) }
}

/// Whether elements stand in each other deeper than in any workbook. Tags are only
/// counted: what pretends to end tags in comments is caught by its size.
fn is_deep(text: &[u8]) -> bool {
    let mut depth = 0usize;
    for at in memchr::memchr_iter(b'<', text) {
        match text.get(at + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'!' | b'?') => {}
            _ => {
                // `<a/>` opens nothing.
                let rest = text.get(at..).unwrap_or_default();
                let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
                if rest.get(end.saturating_sub(1)) != Some(&b'/') {
                    depth += 1;
                    if depth > DEEPEST {
                        return true;
                    }
                }
            }
        }
    }
    false
}

/// How often `part` stands in `whole`.
fn count(whole: &[u8], part: &[u8]) -> usize {
    memchr::memmem::find_iter(whole, part).count()
}

/// What follows `part`, each time it stands in `whole`.
fn after_each<'a>(whole: &'a [u8], part: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    memchr::memmem::find_iter(whole, part).filter_map(move |at| whole.get(at + part.len()..))
}
