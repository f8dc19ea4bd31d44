//! What a file is, told by its own bytes, before anything of it is read.

use super::package::Package;
use super::refusal::Refusal;

/// A form is some 30 kB; photographs pasted into one make it larger.
pub const LARGEST_FILE: usize = 20 << 20;

/// The part of an .ods that holds the sheets.
pub(super) const CONTENT: &str = "content.xml";

/// What has to be read.
#[derive(Debug)]
pub(super) enum Container<'a> {
    /// .xlsx, .xlsm
    OpenXml(Package<'a>),
    /// .ods
    OpenDocument(Package<'a>),
    /// .xls
    Compound,
}

/// Tells what a file is.
pub(super) fn examine(bytes: &[u8]) -> Result<Container<'_>, Refusal> {
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
    package(Package::open(bytes)?)
}

/// Tells what a package holds.
fn package(package: Package<'_>) -> Result<Container<'_>, Refusal> {
    if package.any(|name| name.ends_with("workbook.bin")) {
        return Err(Refusal::Unsupported("Excelバイナリブック（.xlsb）"));
    }
    // LibreOffice wraps a whole package with a password.
    if package.any(|name| name == "encrypted-package") {
        return Err(Refusal::Encrypted);
    }
    if package.any(|name| name == CONTENT) {
        return Ok(Container::OpenDocument(package));
    }
    if package.any(|name| name == "[content_types].xml") {
        return Ok(Container::OpenXml(package));
    }
    Err(Refusal::NotAWorkbook("ZIPファイルですが、Excelのブックではありません"))
}
