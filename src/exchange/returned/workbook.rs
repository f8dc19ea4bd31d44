//! Reading a workbook with the library; nothing else names it.
//!
//! A sheet of an .xlsx is read as a stream and only its filled cells are kept: the
//! library's own table would hold every empty cell between them.

use std::collections::{BTreeMap, HashSet};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    CellErrorType, Data, DataRef, ExcelDateTime, Ods, OdsError, Reader, Xls, XlsError, Xlsx, XlsxError,
};

use super::Refusal;
use super::book::{Book, Cell, Number, Percent, Sheet};
use super::compound;
use super::document::Percentages;
use super::guard::{self, Container, MOST_CELLS};

/// More sheets than anybody returns.
const MOST_SHEETS: usize = 200;

thread_local! {
    static READING: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Whether this thread is within the library that reads workbooks. A panic there is
/// caught and becomes a finding; a panic hook need not speak of it.
pub fn is_reading() -> bool {
    READING.get()
}

/// Reads the bytes of a workbook.
pub(super) fn read(bytes: &[u8]) -> Result<Book, Refusal> {
    let container = guard::examine(bytes)?;
    // The library panics on some damaged files. It keeps no state between calls, so
    // nothing is left half-done.
    READING.set(true);
    let reading = catch_unwind(AssertUnwindSafe(|| match container {
        Container::OpenXml => xlsx(bytes),
        Container::OpenDocument(percentages) => ods(bytes, percentages),
        Container::Compound => xls(bytes),
    }));
    READING.set(false);
    reading.unwrap_or(Err(Refusal::Damaged))
}

fn xlsx(bytes: &[u8]) -> Result<Book, Refusal> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsxError::Password => Refusal::Encrypted,
        _ => Refusal::Damaged,
    })?;
    let names = workbook.sheet_names();
    if names.len() > MOST_SHEETS {
        return Err(Refusal::TooLarge("シートの数が多すぎます"));
    }
    let mut book = Book::default();
    for name in names {
        // A chart stands on a sheet without cells.
        let Ok(cells) = xlsx_cells(&mut workbook, &name)? else { continue };
        book.sheets.push(Sheet { name, cells });
    }
    if let Ok(properties) = workbook.workbook_properties() {
        book.properties.extend(properties.custom_properties);
    }
    Ok(book)
}

type Cells = BTreeMap<(u32, u32), Cell>;

/// The filled cells of a sheet; `Err(())` within where the sheet has none to read.
fn xlsx_cells(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Result<Cells, ()>, Refusal> {
    let mut cells = Cells::new();
    {
        let mut reader = match workbook.worksheet_cells_reader(name) {
            Ok(reader) => reader,
            Err(XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_)) => return Ok(Err(())),
            Err(_) => return Err(Refusal::Damaged),
        };
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|_| Refusal::Damaged)? {
            let code = reader.styles().get(style).and_then(|style| style.number_format.as_ref());
            let code = code.map_or("", |format| format.format_code.as_str());
            if let Some(kept) = filled(cell.get_value(), code) {
                cells.insert(cell.get_position(), kept);
                if cells.len() as u64 > MOST_CELLS {
                    return Err(Refusal::TooLarge("セルの数が多すぎます"));
                }
            }
        }
    }
    // A formula saved without its result leaves no value to be seen in the first pass.
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|_| Refusal::Damaged)?;
    while let Ok(Some(formula)) = reader.next_formula() {
        if !formula.get_value().is_empty() {
            cells.entry(formula.get_position()).or_insert(Cell::NotCalculated);
        }
    }
    Ok(Ok(cells))
}

fn filled(value: &DataRef<'_>, code: &str) -> Option<Cell> {
    let percent = if unquoted(code).contains('%') { Percent::Yes } else { Percent::No };
    let number = |value: f64| Cell::Number(Number { value, percent, dated: shows_date(code) });
    Some(match value {
        DataRef::Empty => return None,
        DataRef::Int(whole) => number(*whole as f64),
        DataRef::Float(value) => number(*value),
        DataRef::String(text) => return text_cell(text),
        DataRef::SharedString(text) => return text_cell(text),
        DataRef::Bool(value) => Cell::Logical(*value),
        DataRef::DateTime(date) => Cell::Date(shown_date(date)),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Date(text.clone()),
        DataRef::Error(error) => Cell::Error(error_name(error)),
    })
}

fn xls(bytes: &[u8]) -> Result<Book, Refusal> {
    let survey = compound::survey(bytes)?;
    let workbook: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => Refusal::Encrypted,
        _ => Refusal::Damaged,
    })?;
    let names = workbook.sheet_names();
    // Sheets are told apart by their order; where the counts differ, nobody knows.
    let known = survey.percent.len() == names.len();
    let mut percents = survey.percent.into_iter();
    ranges(workbook, names, move || percents.next().filter(|_| known))
}

fn ods(bytes: &[u8], percentages: Percentages) -> Result<Book, Refusal> {
    let workbook: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
        OdsError::Password => Refusal::Encrypted,
        OdsError::CellLimitExceeded { .. } => Refusal::TooLarge("セルの数が多すぎます"),
        _ => Refusal::Damaged,
    })?;
    let names = workbook.sheet_names();
    let mut percents = percentages.into_iter();
    ranges(workbook, names, move || percents.next())
}

/// The sheets of a format the library reads whole. `percents` gives for each sheet
/// which cells show percentages, or `None` where that is not known.
fn ranges<'a, R: Reader<Cursor<&'a [u8]>>>(
    mut workbook: R,
    names: Vec<String>,
    mut percents: impl FnMut() -> Option<HashSet<(u32, u32)>>,
) -> Result<Book, Refusal> {
    if names.len() > MOST_SHEETS {
        return Err(Refusal::TooLarge("シートの数が多すぎます"));
    }
    let mut book = Book::default();
    for name in names {
        let percent = percents();
        let Ok(range) = workbook.worksheet_range(&name) else { continue };
        let (top, left) = range.start().unwrap_or_default();
        let mut cells = Cells::new();
        for (row, column, value) in range.used_cells() {
            // A sheet has no more rows than a u32 holds.
            let at = (top + row as u32, left + column as u32);
            let percent = match &percent {
                Some(known) if known.contains(&at) => Percent::Yes,
                Some(_) => Percent::No,
                None => Percent::Unknown,
            };
            let number = |value: f64| Cell::Number(Number { value, percent, dated: false });
            let cell = match value {
                Data::Empty => None,
                Data::Int(whole) => Some(number(*whole as f64)),
                Data::Float(value) => Some(number(*value)),
                Data::String(text) => text_cell(text),
                Data::Bool(value) => Some(Cell::Logical(*value)),
                Data::DateTime(date) => Some(Cell::Date(shown_date(date))),
                Data::DateTimeIso(text) | Data::DurationIso(text) => Some(Cell::Date(text.clone())),
                Data::Error(error) => Some(Cell::Error(error_name(error))),
            };
            cells.extend(cell.map(|cell| (at, cell)));
        }
        let formulas = workbook.worksheet_formula(&name).unwrap_or_default();
        let (top, left) = formulas.start().unwrap_or_default();
        for (row, column, formula) in formulas.used_cells() {
            if !formula.is_empty() {
                cells.entry((top + row as u32, left + column as u32)).or_insert(Cell::NotCalculated);
            }
        }
        book.sheets.push(Sheet { name, cells });
    }
    Ok(book)
}

fn text_cell(text: &str) -> Option<Cell> {
    (!text.trim().is_empty()).then(|| Cell::Text(text.to_owned()))
}

fn error_name(error: &CellErrorType) -> String {
    error.to_string()
}

/// `2026/5/3`, with the time where there is one.
fn shown_date(date: &ExcelDateTime) -> String {
    let value = date.as_f64();
    if !(0.0..2_958_466.0).contains(&value) {
        return value.to_string();
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    if value < 1.0 {
        return format!("{hour}:{minute:02}:{second:02}");
    }
    let time = if value.fract() == 0.0 { String::new() } else { format!(" {hour}:{minute:02}") };
    format!("{year}/{month}/{day}{time}")
}

/// A number format without its quoted and escaped texts and its conditions.
fn unquoted(code: &str) -> String {
    let mut out = String::new();
    let mut letters = code.chars();
    let (mut quoted, mut bracketed) = (false, false);
    while let Some(c) = letters.next() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => drop(letters.next()),
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ if bracketed => {}
            c => out.push(c),
        }
    }
    out
}

/// Whether a format shows the number as a date: the library knows the western ones,
/// but not one of an era alone, such as `ggge"年"`.
fn shows_date(code: &str) -> bool {
    let plain = unquoted(code).to_lowercase();
    let has = |marks: &[char]| plain.contains(marks);
    !plain.contains("general")
        && !plain.contains("標準")
        && !has(&['0', '#', '?', '@'])
        && has(&['e', 'g', 'y', 'm', 'd', 'h', 's', 'a'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates_are_known() {
        for (code, is_date) in [
            ("ggge\"年\"", true),
            ("[$-411]ge.m.d", true),
            ("yyyy\"年\"", true),
            ("General", false),
            ("G/標準", false),
            ("#,##0\"人/日\"", false),
            ("0.00E+00", false),
            ("@", false),
            ("", false),
            ("0.0%;\"△\"0.0%", false),
        ] {
            assert_eq!(shows_date(code), is_date, "{code}");
        }
        assert!(!unquoted("0\"%\"").contains('%') && unquoted("0.0%").contains('%'));
    }
}
