//! Workbooks of LibreOffice (.ods).
//!
//! Of the parts of such a package only four are read: its kind, whether it has a password,
//! its styles and its content. What else lies in it (pictures, charts) is never unpacked.

mod cell;
mod content;
mod styles;
mod xml;

use crate::workbook::book::Book;
use crate::workbook::budget::{Budget, LARGEST_PART, LARGEST_SHEET};
use crate::workbook::container::CONTENT;
use crate::workbook::package::Package;
use crate::workbook::refusal::Refusal;

const KIND: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// Reads a package.
pub(super) fn read(mut package: Package<'_>, budget: &mut Budget) -> Result<Book, Refusal> {
    let mut part = |name: &str, most: u64| package.bytes(name, most, budget);
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
    let content = part(CONTENT, LARGEST_SHEET)?.ok_or(Refusal::Damaged)?;
    let sheets = content::sheets(&content, &styles, budget)?;
    Ok(Book { sheets, ..Book::default() })
}
