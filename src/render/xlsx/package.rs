//! Packages as they leave this program: every one is finished here.
//!
//! The same workbook has the same bytes on every system. The library that packs notes in
//! each record of the directory on which system it ran (APPNOTE 4.4.2.2), which would make
//! every hash of an archive another on Windows than on Linux.

use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::{IgnoreError, Workbook};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{COMPRESSION, WorkbookError};

/// What each record names as the system it was made on, wherever it was: Unix, as the
/// editions say that were archived first.
const SYSTEM: u8 = 3;
/// Where that stands in a record of the directory.
const SYSTEM_AT: usize = 5;

/// The last row and column of a sheet, counted from 0.
const LAST: (u32, u16) = (1_048_575, 16_383);

/// The bytes of a workbook. Codes such as `012238` are text on purpose: in no cell of it does
/// Excel's green corner ask whether they are not numbers.
///
/// # Errors
/// What the library cannot write.
pub(super) fn saved(workbook: &mut Workbook) -> Result<Vec<u8>, WorkbookError> {
    for worksheet in workbook.worksheets_mut() {
        worksheet.ignore_error_range(0, 0, LAST.0, LAST.1, IgnoreError::NumberStoredAsText)?;
    }
    alike(workbook.save_to_buffer()?).map_err(|error| WorkbookError::Library(error.to_string()))
}

/// A package as it would be, had it been made on any other system.
fn alike(mut package: Vec<u8>) -> Result<Vec<u8>, ZipError> {
    let mut archive = ZipArchive::new(Cursor::new(&package))?;
    let records: Result<Vec<u64>, ZipError> =
        (0..archive.len()).map(|at| Ok(archive.by_index_raw(at)?.central_header_start())).collect();
    for record in records? {
        let system = usize::try_from(record).ok().and_then(|at| package.get_mut(at + SYSTEM_AT));
        *system.ok_or(ZipError::FileNotFound)? = SYSTEM;
    }
    Ok(package)
}

/// The workbook with other texts in the parts that `is_changed` names: what `change` makes
/// of a part's name and text. The others are taken over as they are, still packed.
pub(super) fn rewritten(
    workbook: &[u8],
    is_changed: impl Fn(&str) -> bool,
    change: impl Fn(&str, String) -> String,
) -> Result<Vec<u8>, ZipError> {
    // The time of every part is the library's own: the same on every run.
    let options = SimpleFileOptions::default()
        .compression_level(Some(COMPRESSION.into()))
        .last_modified_time(zip::DateTime::default());
    let mut archive = ZipArchive::new(Cursor::new(workbook))?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(workbook.len())));
    for at in 0..archive.len() {
        let packed = archive.by_index_raw(at)?;
        let name = packed.name()?.into_owned();
        if !is_changed(&name) {
            writer.raw_copy_file(packed)?;
            continue;
        }
        drop(packed);
        let mut text = String::new();
        archive.by_index(at)?.read_to_string(&mut text)?;
        writer.start_file(name.as_str(), options)?;
        writer.write_all(change(&name, text).as_bytes())?;
    }
    alike(writer.finish()?.into_inner())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The places of the systems in a package.
    fn systems(package: &[u8]) -> Vec<usize> {
        let mut archive = ZipArchive::new(Cursor::new(package)).unwrap();
        (0..archive.len())
            .map(|at| archive.by_index_raw(at).unwrap().central_header_start() as usize + SYSTEM_AT)
            .collect()
    }

    /// Forms and lists too pass here, those that are kept in a temporary file among them.
    #[test]
    fn no_sheet_asks_about_numbers_stored_as_text() {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().write_string(0, 0, "012238").unwrap();
        workbook.add_worksheet_with_constant_memory().unwrap().write_string(0, 0, "012238").unwrap();
        let package = saved(&mut workbook).unwrap();
        let mut archive = ZipArchive::new(Cursor::new(&package)).unwrap();
        for sheet in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
            let mut xml = String::new();
            archive.by_name(sheet).unwrap().read_to_string(&mut xml).unwrap();
            let ignored = "<ignoredError sqref=\"A1:XFD1048576\" numberStoredAsText=\"1\"/>";
            assert!(xml.contains(ignored), "{sheet}");
        }
    }

    #[test]
    fn a_package_is_alike_wherever_it_was_made() {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().write(0, 0, "実績").unwrap();
        let package = saved(&mut workbook).unwrap();
        let mut elsewhere = package.clone();
        for at in systems(&package) {
            assert_eq!(package[at], SYSTEM);
            elsewhere[at] = 0;
        }
        assert_ne!(elsewhere, package);
        assert_eq!(alike(elsewhere.clone()).unwrap(), package);
        let change = |name: &str| name.ends_with("sheet1.xml");
        let rewritten = |package: &[u8]| rewritten(package, change, |_, text| text + " ").unwrap();
        assert_eq!(rewritten(&elsewhere), rewritten(&package));
        assert!(systems(&rewritten(&package)).len() > 5);
    }
}
