//! Workbooks of Excel 97–2003 (.xls): a stream of records in a compound file.

mod compound_file;
mod font;
mod globals;
mod records;
mod sheet;
mod strings;

use std::collections::HashSet;

use crate::workbook::book::Book;
use crate::workbook::budget::Budget;
use crate::workbook::refusal::Refusal;
use globals::Globals;

/// Reads the bytes of a workbook.
pub(super) fn read(bytes: &[u8], budget: &mut Budget) -> Result<Book, Refusal> {
    let stream = compound_file::workbook_stream(bytes, budget)?;
    let mut globals = Globals::read(&stream, budget)?;
    let sheets = std::mem::take(&mut globals.sheets);
    let mut names = HashSet::new();
    // Whoever speaks of a sheet names it: of two alike nobody knows which is meant.
    if !sheets.iter().all(|sheet| names.insert(sheet.name.to_lowercase())) {
        return Err(Refusal::Doubled);
    }
    let mut book = Book::default();
    for bound in sheets {
        book.sheets.push(sheet::sheet(&stream, bound, &globals, budget)?);
    }
    Ok(book)
}
