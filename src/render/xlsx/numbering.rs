//! The page numbers at which worksheets begin.
//!
//! A sheet printed alone must bear the numbers it has in the document. The library
//! (0.102) writes `useFirstPageNumber="8"`, a truth value, where Excel looks for
//! `firstPageNumber="8" useFirstPageNumber="1"`; it has no other way to say it. So
//! the finished file's worksheets are put right here, and its other parts taken over
//! as they are, still packed.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{COMPRESSION, WorkbookError};

/// `workbook` with the sheets of `firsts` (counted from 1) beginning at their numbers.
pub(super) fn put_right(workbook: Vec<u8>, firsts: &BTreeMap<usize, u16>) -> Result<Vec<u8>, WorkbookError> {
    if firsts.is_empty() {
        return Ok(workbook);
    }
    rewritten(&workbook, firsts).map_err(|error| WorkbookError::Library(error.to_string()))
}

fn rewritten(workbook: &[u8], firsts: &BTreeMap<usize, u16>) -> Result<Vec<u8>, ZipError> {
    let parts: BTreeMap<String, u16> =
        firsts.iter().map(|(sheet, first)| (format!("xl/worksheets/sheet{sheet}.xml"), *first)).collect();
    // The time of every part is the library's own: the same on every run.
    let options = SimpleFileOptions::default()
        .compression_level(Some(COMPRESSION.into()))
        .last_modified_time(zip::DateTime::default());
    let mut archive = ZipArchive::new(Cursor::new(workbook))?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(workbook.len())));
    for at in 0..archive.len() {
        let packed = archive.by_index_raw(at)?;
        let name = packed.name()?.into_owned();
        let Some(first) = parts.get(&name).copied() else {
            writer.raw_copy_file(packed)?;
            continue;
        };
        drop(packed);
        let mut part = archive.by_index(at)?;
        let mut xml = String::new();
        part.read_to_string(&mut xml)?;
        let written = format!(" useFirstPageNumber=\"{first}\"");
        let meant = format!(" firstPageNumber=\"{first}\" useFirstPageNumber=\"1\"");
        writer.start_file(name, options)?;
        // It stands after all cells, which could say the same.
        let setup = xml.rfind("<pageSetup ").unwrap_or(xml.len());
        writer.write_all(&xml.as_bytes()[..setup])?;
        writer.write_all(xml[setup..].replacen(&written, &meant, 1).as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}
