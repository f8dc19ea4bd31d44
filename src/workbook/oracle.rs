//! Cells as this program reads them, held against those of the library `calamine`.
//!
//! The library is trusted with no file that comes from elsewhere, but with these: forms
//! that LibreOffice saved as .ods and .xls.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use calamine::{Data, ExcelDateTime, ExcelDateTimeType, Ods, Reader, SheetVisible, Xls};

use super::book::{Book, Cell, Position};
use super::budget::Budget;
use super::package::Package;
use super::serial::shown_date;
use super::{ods, xls};

/// A sheet: its name, whether it shows, and what its cells hold.
type Told = (String, bool, BTreeMap<Position, String>);

fn ours(book: &Book) -> Vec<Told> {
    let told = |cell: &Cell| match cell {
        Cell::Number(number) => format!("number {}", number.value),
        Cell::Text(text) => format!("text {text}"),
        Cell::Date(date) => format!("date {date}"),
        Cell::Logical(value) => format!("logical {value}"),
        Cell::Error(error) => format!("error {error}"),
        Cell::NotCalculated => "formula".to_owned(),
    };
    let sheet = |sheet: &super::book::Sheet| {
        let cells = sheet.cells.iter().map(|(at, cell)| (*at, told(cell))).collect();
        (sheet.name.clone(), !sheet.is_hidden, cells)
    };
    book.sheets.iter().map(sheet).collect()
}

fn theirs<'a, R: Reader<Cursor<&'a [u8]>>>(mut workbook: R) -> Vec<Told> {
    let sheets = workbook.sheets_metadata().to_vec();
    let mut all = Vec::new();
    for sheet in sheets {
        let range = workbook.worksheet_range(&sheet.name).ok().unwrap();
        let mut cells = BTreeMap::new();
        let (top, left) = range.start().unwrap_or_default();
        let mut blank = Vec::new();
        for (row, column, value) in range.used_cells() {
            let at = (top + row as u32, left + column as u32);
            let told = match value {
                Data::Empty => continue,
                Data::Int(whole) => format!("number {}", *whole as f64),
                Data::Float(value) => format!("number {value}"),
                Data::String(text) if text.trim().is_empty() => {
                    blank.push(at);
                    continue;
                }
                Data::String(text) => format!("text {text}"),
                Data::Bool(value) => format!("logical {value}"),
                Data::DateTime(date) => format!("date {}", their_date(date)),
                Data::DateTimeIso(text) | Data::DurationIso(text) => format!("date {text}"),
                Data::Error(error) => format!("error {error}"),
            };
            cells.insert(at, told);
        }
        let formulas = workbook.worksheet_formula(&sheet.name).ok().unwrap();
        let (top, left) = formulas.start().unwrap_or_default();
        for (row, column, formula) in formulas.used_cells() {
            let at = (top + row as u32, left + column as u32);
            if !formula.is_empty() && !blank.contains(&at) {
                cells.entry(at).or_insert_with(|| "formula".to_owned());
            }
        }
        all.push((sheet.name, sheet.visible == SheetVisible::Visible, cells));
    }
    all
}

fn their_date(date: &ExcelDateTime) -> String {
    let value = date.as_f64();
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    if value < 1.0 {
        return format!("{hour}:{minute:02}:{second:02}");
    }
    let time = if value.fract() == 0.0 { String::new() } else { format!(" {hour}:{minute:02}") };
    format!("{year}/{month}/{day}{time}")
}

fn files(ending: &str) -> Vec<PathBuf> {
    let folders = ["tests/returns/files", "tests/returns/saved"];
    let all = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut files: Vec<PathBuf> = all.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == ending));
    assert!(files.len() > 5, "{files:?}");
    files
}

#[test]
fn cells_of_ods_are_those_of_the_library() {
    for path in files("ods") {
        let bytes = fs::read(&path).unwrap();
        let book = ods::read(Package::open(&bytes).unwrap(), &mut Budget::default()).unwrap();
        let workbook: Ods<_> = Ods::new(Cursor::new(bytes.as_slice())).unwrap();
        assert_eq!(ours(&book), theirs(workbook), "{}", path.display());
    }
}

#[test]
fn cells_of_xls_are_those_of_the_library() {
    for path in files("xls") {
        let bytes = fs::read(&path).unwrap();
        let book = xls::read(&bytes, &mut Budget::default()).unwrap();
        let workbook: Xls<_> = Xls::new(Cursor::new(bytes.as_slice())).unwrap();
        assert_eq!(ours(&book), theirs(workbook), "{}", path.display());
    }
}

/// Every day of some years, each at its beginning and within it, and some days of all.
#[test]
fn days_are_those_of_the_library() {
    let some = (0..2_957_000).step_by(97);
    for day in (0..1_000).chain(40_000..50_000).chain(some).map(f64::from) {
        for days in [day, day + 0.25, day + 0.734_027_9, day + 0.999_99, day + 0.999_999_999] {
            for since_1904 in [false, true] {
                let date = ExcelDateTime::new(days, ExcelDateTimeType::DateTime, since_1904);
                assert_eq!(shown_date(days, since_1904), their_date(&date), "{days} {since_1904}");
            }
        }
    }
}
