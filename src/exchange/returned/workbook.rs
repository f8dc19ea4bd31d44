//! Reading a workbook, whatever its format: .xls and .ods with the library.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{CellErrorType, Data, ExcelDateTime, Ods, OdsError, Reader, SheetVisible, Xls, XlsError};

use super::Refusal;
use super::book::{At, Book, Cell, Look, Note, Number, Percent, Sheet};
use super::budget::Budget;
use super::compound;
use super::guard::{self, Container};
use super::shown::{Format, Shown};
use super::xlsx;

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
    let mut budget = Budget::default();
    let container = guard::examine(bytes, &mut budget)?;
    // The library panics on some damaged files. It keeps no state between calls, so
    // nothing is left half-done.
    READING.set(true);
    let reading = catch_unwind(AssertUnwindSafe(|| match container {
        Container::OpenXml(package) => xlsx::book(package, &mut budget),
        Container::OpenDocument(surveyed) => ods(bytes, surveyed),
        Container::Compound => xls(bytes),
    }));
    READING.set(false);
    reading.unwrap_or(Err(Refusal::Damaged))
}

fn hidden_sheets<'a, R: Reader<Cursor<&'a [u8]>>>(workbook: &R) -> HashSet<String> {
    let hidden = workbook.sheets_metadata().iter().filter(|sheet| sheet.visible != SheetVisible::Visible);
    hidden.map(|sheet| sheet.name.clone()).collect()
}

type Cells = BTreeMap<At, Cell>;
type Looks = BTreeMap<At, Look>;

fn xls(bytes: &[u8]) -> Result<Book, Refusal> {
    let survey = compound::survey(bytes)?;
    let workbook: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => Refusal::Encrypted,
        _ => Refusal::Damaged,
    })?;
    let names = workbook.sheet_names();
    // Sheets are told apart by their order; where the counts differ, nobody knows.
    let known = survey.len() == names.len();
    let mut surveyed = survey.into_iter();
    ranges(workbook, names, move || surveyed.next().filter(|_| known))
}

fn ods(bytes: &[u8], surveyed: Vec<Surveyed>) -> Result<Book, Refusal> {
    let workbook: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
        OdsError::Password => Refusal::Encrypted,
        OdsError::CellLimitExceeded { .. } => Refusal::TooLarge("セルの数が多すぎます"),
        _ => Refusal::Damaged,
    })?;
    let names = workbook.sheet_names();
    let mut surveyed = surveyed.into_iter();
    ranges(workbook, names, move || surveyed.next())
}

/// What is noted of a sheet before the library reads it.
#[derive(Debug, Default)]
pub(super) struct Surveyed {
    /// Cells with a number, and how they show it.
    pub numbers: HashMap<At, ShownNumber>,
    pub looks: Looks,
    pub notes: Vec<Note>,
    pub hidden_rows: BTreeSet<u32>,
    pub hidden_columns: Vec<(u32, u32)>,
    pub merged: Vec<(At, At)>,
}

/// How a cell shows its number.
#[derive(Debug, Clone)]
pub(super) enum ShownNumber {
    /// Under this format.
    Coded(std::rc::Rc<Format>),
    /// As this text, and whether as a percentage.
    Text(String, bool),
}

impl ShownNumber {
    fn number(&self, value: f64) -> Number {
        let (is_percent, dated, shown) = match self {
            Self::Coded(format) => (format.is_percent, format.is_date, format.shown(value)),
            Self::Text(text, is_percent) => (*is_percent, false, Shown::Text(text.clone())),
        };
        Number { value, percent: if is_percent { Percent::Yes } else { Percent::No }, dated, shown }
    }
}

/// The sheets of a format the library reads whole. `surveyed` gives for each sheet what
/// was noted of it, or `None` where that is not known.
fn ranges<'a, R: Reader<Cursor<&'a [u8]>>>(
    mut workbook: R,
    names: Vec<String>,
    mut surveyed: impl FnMut() -> Option<Surveyed>,
) -> Result<Book, Refusal> {
    if names.len() > MOST_SHEETS {
        return Err(Refusal::TooLarge("シートの数が多すぎます"));
    }
    let hidden = hidden_sheets(&workbook);
    let mut book = Book::default();
    for name in names {
        let mut surveyed = surveyed();
        let Ok(range) = workbook.worksheet_range(&name) else { continue };
        let (top, left) = range.start().unwrap_or_default();
        let mut cells = Cells::new();
        let mut blank: HashSet<At> = HashSet::new();
        for (row, column, value) in range.used_cells() {
            // A sheet has no more rows than a u32 holds.
            let at = (top + row as u32, left + column as u32);
            let number = |value: f64| {
                let plain = || match &surveyed {
                    Some(_) => Number::plain(value),
                    None => Number { percent: Percent::Unknown, ..Number::plain(value) },
                };
                let known = surveyed.as_ref().and_then(|surveyed| surveyed.numbers.get(&at));
                Cell::Number(known.map_or_else(plain, |known| known.number(value)))
            };
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
            if let (Some(Cell::Text(text)), Some(surveyed)) = (&cell, &mut surveyed)
                && let Some(ShownNumber::Coded(format)) = surveyed.numbers.get(&at)
                && let Some(shown) = format.shown_text(text)
            {
                surveyed.looks.entry(at).or_default().text = Some(shown);
            }
            match cell {
                Some(cell) => drop(cells.insert(at, cell)),
                None => drop(blank.insert(at)),
            }
        }
        let formulas = workbook.worksheet_formula(&name).unwrap_or_default();
        let (top, left) = formulas.start().unwrap_or_default();
        for (row, column, formula) in formulas.used_cells() {
            let at = (top + row as u32, left + column as u32);
            if !formula.is_empty() && !blank.contains(&at) {
                cells.entry(at).or_insert(Cell::NotCalculated);
            }
        }
        let surveyed = surveyed.unwrap_or_default();
        let Surveyed { looks, notes, hidden_rows, hidden_columns, merged, .. } = surveyed;
        let is_hidden = hidden.contains(&name);
        book.sheets.push(Sheet { name, cells, looks, notes, is_hidden, hidden_rows, hidden_columns, merged });
    }
    Ok(book)
}

fn text_cell(text: &str) -> Option<Cell> {
    (!text.trim().is_empty()).then(|| Cell::Text(text.to_owned()))
}

fn error_name(error: &CellErrorType) -> String {
    error.to_string()
}

/// As [`super::serial`] shows days; the library does not say since when it counts them.
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
