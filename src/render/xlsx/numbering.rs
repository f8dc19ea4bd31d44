//! The page numbers at which worksheets begin.
//!
//! A sheet printed alone must bear the numbers it has in the document. The library
//! (0.102) writes `useFirstPageNumber="8"`, a truth value, where Excel looks for
//! `firstPageNumber="8" useFirstPageNumber="1"`; it has no other way to say it. So
//! the finished file's worksheets are put right here, and its other parts taken over
//! as they are, still packed.

use std::collections::BTreeMap;

use super::WorkbookError;
use super::package::rewritten;

/// `workbook` with the sheets of `firsts` (counted from 1) beginning at their numbers.
pub(super) fn put_right(workbook: Vec<u8>, firsts: &BTreeMap<usize, u16>) -> Result<Vec<u8>, WorkbookError> {
    if firsts.is_empty() {
        return Ok(workbook);
    }
    let parts: BTreeMap<String, u16> =
        firsts.iter().map(|(sheet, first)| (format!("xl/worksheets/sheet{sheet}.xml"), *first)).collect();
    let change = |name: &str, xml: String| match parts.get(name) {
        Some(first) => beginning_at(*first, &xml),
        None => xml,
    };
    rewritten(&workbook, |name| parts.contains_key(name), change)
        .map_err(|error| WorkbookError::Library(error.to_string()))
}

/// The text of a worksheet with the number at which it begins, said as Excel reads it.
fn beginning_at(first: u16, xml: &str) -> String {
    let written = format!(" useFirstPageNumber=\"{first}\"");
    let meant = format!(" firstPageNumber=\"{first}\" useFirstPageNumber=\"1\"");
    // It stands after all cells, which could say the same.
    let (cells, setup) = xml.split_at(xml.rfind("<pageSetup ").unwrap_or(xml.len()));
    cells.to_owned() + &setup.replacen(&written, &meant, 1)
}
