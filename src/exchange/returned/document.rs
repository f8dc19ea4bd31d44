//! Workbooks of LibreOffice (.ods).
//!
//! Of the parts of such a package only four are read: its kind, whether it has a password,
//! its styles and its content. What else lies in it (pictures, charts) is never unpacked.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::Refusal;
use super::book::Book;
use super::budget::Budget;
use super::table;

const KIND: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
/// A sheet of some 200,000 full rows.
const LARGEST_CONTENT: u64 = 32 << 20;
/// Styles, and the list of parts.
const LARGEST_PART: u64 = 8 << 20;

/// Reads the bytes of a package.
pub(super) fn read(bytes: &[u8], budget: &mut Budget) -> Result<Book, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Damaged)?;
    let mut part = |name: &str, most: u64| unpacked(&mut archive, name, most, budget);
    let manifest = part("META-INF/manifest.xml", LARGEST_PART)?.unwrap_or_default();
    if memchr::memmem::find(&manifest, b":encryption-data").is_some() {
        return Err(Refusal::Encrypted);
    }
    drop(manifest);
    let kind = part("mimetype", LARGEST_PART)?;
    if kind.is_some_and(|kind| !kind.starts_with(KIND)) {
        return Err(Refusal::NotAWorkbook("表計算の文書ではありません"));
    }
    let styles = part("styles.xml", LARGEST_PART)?.unwrap_or_default();
    let content = part("content.xml", LARGEST_CONTENT)?.ok_or(Refusal::Damaged)?;
    let sheets = table::sheets(&content, &styles, budget)?;
    Ok(Book { sheets, ..Book::default() })
}

/// A part, if it is there and really not larger than `most`.
fn unpacked(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    name: &str,
    most: u64,
    budget: &mut Budget,
) -> Result<Option<Vec<u8>>, Refusal> {
    let part = match archive.by_name(name) {
        Ok(part) => part,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(ZipError::UnsupportedArchive(_)) => return Err(Refusal::Encrypted),
        Err(_) => return Err(Refusal::Damaged),
    };
    let most = most.min(budget.left_to_unpack());
    let mut text = Vec::new();
    part.take(most + 1).read_to_end(&mut text).map_err(|_| Refusal::Damaged)?;
    if text.len() as u64 > most {
        return Err(Refusal::TooLarge("展開すると大きくなりすぎます"));
    }
    budget.unpack(text.len())?;
    Ok(Some(text))
}
