//! Whether a workbook is still as this program wrote it.
//!
//! A form that lies in a folder may have been filled in, a list annotated, in ways that
//! nobody could enumerate: with a password, a broken cell, a note beside the table. So
//! what may be replaced is told the other way round: a workbook carries a hash of all its
//! parts, which any program that saves it leaves behind wrong or leaves out. The hash is
//! a custom property (ECMA-376 part 1, 22.3), which Excel keeps and nobody sees.

use std::io::{Cursor, Read};

use sha2::{Digest, Sha256};
use zip::ZipArchive;
use zip::result::ZipError;

use super::WorkbookError;
use super::package::rewritten;

/// The name of the property.
pub(super) const SEAL: &str = "jisseki-seal";
/// Its value until all parts are known: as long as a hash.
pub(super) const OPEN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The part that holds the custom properties.
const PROPERTIES: &str = "docProps/custom.xml";
/// Such a part has some hundred bytes.
const LARGEST_PROPERTIES: u64 = 1 << 16;
/// More parts than a workbook of this program has.
const MOST_PARTS: usize = 200;

/// A workbook whose property [`SEAL`] is still [`OPEN`], sealed.
pub(super) fn sealed(workbook: &[u8]) -> Result<Vec<u8>, WorkbookError> {
    let bug = |error: ZipError| WorkbookError::Library(error.to_string());
    let hash = hash(workbook).map_err(bug)?;
    closed(workbook, &hash).map_err(bug)
}

/// Whether a file is a workbook of this program in which nothing was changed since it was
/// written. Anything else is not, whatever is wrong with it.
pub fn is_untouched(bytes: &[u8]) -> bool {
    // Nothing stands before the first part or after the last record (APPNOTE 4.3.16).
    let is_bare = bytes.starts_with(b"PK\x03\x04")
        && bytes.len().checked_sub(22).is_some_and(|end| bytes[end..].starts_with(b"PK\x05\x06"));
    let noted = property(bytes, SEAL).filter(|_| is_bare);
    noted.is_some_and(|noted| noted != OPEN && hash(bytes).is_ok_and(|hash| hash == noted))
}

/// The value of a custom property of a workbook of this program.
pub fn property(bytes: &[u8], name: &str) -> Option<String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let text = properties(&mut archive).ok()?;
    let (_, after) = text.split_once(&format!(" name=\"{name}\"><vt:lpwstr>"))?;
    Some(after.split_once('<')?.0.to_owned())
}

/// The text of the part with the properties, and no more of it than there can be.
fn properties(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<String, ZipError> {
    let mut text = String::new();
    archive.by_name(PROPERTIES)?.take(LARGEST_PROPERTIES).read_to_string(&mut text)?;
    Ok(text)
}

/// The hash of all parts in their order, packed as they are; of the properties as they
/// were before the seal.
fn hash(workbook: &[u8]) -> Result<String, ZipError> {
    let mut archive = ZipArchive::new(Cursor::new(workbook))?;
    if archive.len() > MOST_PARTS {
        return Err(ZipError::InvalidArchive("too many parts".into()));
    }
    let mut sum = Sha256::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index_raw(at)?;
        let name = part.name()?.into_owned();
        let mut packed = Vec::new();
        part.read_to_end(&mut packed)?;
        drop(part);
        if name == PROPERTIES {
            packed = unsealed(&properties(&mut archive)?).into_bytes();
        }
        for piece in [name.as_bytes(), &packed] {
            sum.update((piece.len() as u64).to_le_bytes());
            sum.update(piece);
        }
    }
    Ok(sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The properties with the seal open.
fn unsealed(text: &str) -> String {
    let head = format!(" name=\"{SEAL}\"><vt:lpwstr>");
    let Some((before, after)) = text.split_once(&head) else { return text.to_owned() };
    let end = after.find('<').unwrap_or(after.len());
    format!("{before}{head}{OPEN}{}", after.get(end..).unwrap_or_default())
}

/// The workbook with this seal.
fn closed(workbook: &[u8], hash: &str) -> Result<Vec<u8>, ZipError> {
    rewritten(workbook, |name| name == PROPERTIES, |_, text| text.replace(OPEN, hash))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rust_xlsxwriter::{DocProperties, Workbook};

    use super::*;

    fn workbook(text: &str) -> Vec<u8> {
        let mut workbook = Workbook::new();
        let properties = DocProperties::new().set_custom_property("x", "1").set_custom_property(SEAL, OPEN);
        workbook.set_properties(&properties);
        workbook.add_worksheet().write_string(0, 0, text).unwrap();
        workbook.save_to_buffer().unwrap()
    }

    #[test]
    fn a_sealed_workbook_is_untouched_until_a_part_changes() {
        let written = sealed(&workbook("前")).unwrap();
        assert!(is_untouched(&written));
        assert_eq!(property(&written, "x").as_deref(), Some("1"));
        // Another sheet under the same seal.
        let other = sealed(&workbook("後")).unwrap();
        let seal = property(&written, SEAL).unwrap();
        assert!(!is_untouched(&closed(&workbook("後"), &seal).unwrap()));
        assert_ne!(property(&other, SEAL).unwrap(), seal);
    }

    #[test]
    fn no_flipped_byte_of_a_part_is_missed() {
        let written = sealed(&workbook("前")).unwrap();
        for at in (30..written.len() / 2).step_by(7) {
            let mut flipped = written.clone();
            flipped[at] ^= 0x10;
            let same_parts = parts(&flipped) == parts(&written);
            assert!(!is_untouched(&flipped) || same_parts, "at {at}");
        }
    }

    fn parts(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
        (0..archive.len())
            .map(|at| {
                let mut part = archive.by_index(at).ok()?;
                let mut text = Vec::new();
                part.read_to_end(&mut text).ok()?;
                Some((part.name().ok()?.into_owned(), text))
            })
            .collect()
    }

    #[test]
    fn what_is_no_sealed_workbook_is_touched() {
        for bytes in [&b""[..], b"PK", &workbook("前"), b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"] {
            assert!(!is_untouched(bytes));
        }
    }
}
