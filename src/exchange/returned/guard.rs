//! What a file is, told by its own bytes, before anything of it is read.

use super::Refusal;
use super::budget::Budget;
use super::document;
use super::package::Package;
use super::workbook::Surveyed;

/// A form is some 30 kB; photographs pasted into one make it larger.
pub const LARGEST_FILE: usize = 20 << 20;
/// The content of a document of LibreOffice, and its common styles.
const LARGEST_CONTENT: u64 = 32 << 20;
const LARGEST_STYLES: u64 = 8 << 20;
/// Cells of a sheet once its repetitions are written out.
pub(super) const MOST_CELLS: u64 = 300_000;

/// What has to be read.
#[derive(Debug)]
pub(super) enum Container<'a> {
    /// .xlsx, .xlsm
    OpenXml(Package<'a>),
    /// .ods, and what is noted of its sheets.
    OpenDocument(Vec<Surveyed>),
    /// .xls
    Compound,
}

/// Tells what a file is.
pub(super) fn examine<'a>(bytes: &'a [u8], budget: &mut Budget) -> Result<Container<'a>, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::NotAWorkbook("空のファイルです"));
    }
    if bytes.len() > LARGEST_FILE {
        return Err(Refusal::TooLarge("ファイルの大きさが20MBを超えています"));
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        // An encrypted .xlsx is wrapped in the container of the older format.
        let wide: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        if memchr::memmem::find(bytes, &wide).is_some() {
            return Err(Refusal::Encrypted);
        }
        return Ok(Container::Compound);
    }
    if !bytes.starts_with(b"PK") {
        return Err(Refusal::NotAWorkbook("Excelのブックではありません"));
    }
    package(Package::open(bytes)?, budget)
}

/// Tells what a package holds.
fn package<'a>(mut package: Package<'a>, budget: &mut Budget) -> Result<Container<'a>, Refusal> {
    if package.any(|name| name.ends_with("workbook.bin")) {
        return Err(Refusal::Unsupported("Excelバイナリブック（.xlsb）"));
    }
    if let Some(content) = package.bytes("content.xml", LARGEST_CONTENT, budget)? {
        let styles = package.bytes("styles.xml", LARGEST_STYLES, budget)?.unwrap_or_default();
        return Ok(Container::OpenDocument(document::survey(&content, &styles)?));
    }
    if package.any(|name| name == "[content_types].xml") {
        return Ok(Container::OpenXml(package));
    }
    Err(Refusal::NotAWorkbook("ZIPファイルですが、Excelのブックではありません"))
}
