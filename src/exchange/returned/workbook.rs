//! Reading a workbook with the library; nothing else names it.
//!
//! A sheet of an .xlsx is read as a stream and only its filled cells are kept: the
//! library's own table would hold every empty cell between them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    CellErrorType, Color, DataRef, ExcelDateTime, NumberFormat, Reader, SheetVisible, Style, Xlsx, XlsxError,
};

use super::Refusal;
use super::book::{At, Book, Cell, Look, Number, Percent, Sheet, Struck};
use super::budget::Budget;
use super::guard::{self, Container, MOST_CELLS};
use super::package::{self, Traces};
use super::shown::Format;
use super::{compound, document};

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
        Container::OpenDocument => document::read(bytes, &mut Budget::default()),
        Container::Compound => compound::read(bytes, &mut Budget::default()),
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
    // Sheets are looked up by name: of two alike nobody knows which is meant.
    if names.iter().map(|name| name.to_lowercase()).collect::<HashSet<_>>().len() < names.len() {
        return Err(Refusal::Doubled);
    }
    let hidden = hidden_sheets(&workbook);
    let mut traces = package::traces(bytes);
    let mut book = Book::default();
    for name in names {
        // A chart stands on a sheet without cells.
        let Ok((cells, mut looks)) = xlsx_cells(&mut workbook, &name)? else { continue };
        let traces = traces.remove(&name).unwrap_or_default();
        for (at, rich) in traces.rich {
            looks.entry(at).or_default().take(rich);
        }
        let Traces { notes, hidden_rows, hidden_columns, merged, .. } = traces;
        let is_hidden = hidden.contains(&name);
        book.sheets.push(Sheet { name, cells, looks, notes, is_hidden, hidden_rows, hidden_columns, merged });
    }
    if let Ok(properties) = workbook.workbook_properties() {
        book.properties.extend(properties.custom_properties);
    }
    Ok(book)
}

fn hidden_sheets<'a, R: Reader<Cursor<&'a [u8]>>>(workbook: &R) -> HashSet<String> {
    let hidden = workbook.sheets_metadata().iter().filter(|sheet| sheet.visible != SheetVisible::Visible);
    hidden.map(|sheet| sheet.name.clone()).collect()
}

type Cells = BTreeMap<At, Cell>;
type Looks = BTreeMap<At, Look>;

/// A style, as far as it says how a cell looks.
struct Styled {
    format: Format,
    look: Look,
}

impl Styled {
    fn of(style: Option<&Style>) -> Self {
        let format = style.and_then(|style| style.number_format.as_ref());
        let code = match format {
            // Currency, which Excel writes with the sign of the country it runs in.
            Some(NumberFormat { format_id: Some(5..=8 | 42 | 44), .. }) => "\"¥\"#,##0.##",
            Some(format) => format.format_code.as_str(),
            None => "",
        };
        let font = style.and_then(|style| style.font.as_ref());
        let rgb = |colour: Color| colour.to_argb() & 0x00FF_FFFF;
        let fill = style.and_then(|style| style.fill.as_ref()).filter(|fill| fill.is_visible());
        let format = Format::new(code);
        let look = Look {
            struck: if font.is_some_and(|font| font.strikethrough) { Struck::Whole } else { Struck::No },
            unit: format.unit(),
            unlocked: style.and_then(|style| style.protection.as_ref()).is_some_and(|of| !of.locked),
            colours: (
                fill.and_then(|fill| fill.get_color()).map(rgb),
                font.and_then(|font| font.color).map(rgb).filter(|colour| *colour != 0),
            ),
            ..Look::default()
        };
        Self { format, look }
    }
}

/// The filled cells of a sheet; `Err(())` within where the sheet has none to read.
fn xlsx_cells(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Result<(Cells, Looks), ()>, Refusal> {
    let (mut cells, mut looks) = (Cells::new(), Looks::new());
    // Formulas that gave an empty text: calculated, and blank.
    let mut blank: HashSet<At> = HashSet::new();
    {
        let mut reader = match workbook.worksheet_cells_reader(name) {
            Ok(reader) => reader,
            Err(XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_)) => return Ok(Err(())),
            Err(_) => return Err(Refusal::Damaged),
        };
        let mut known: HashMap<usize, Styled> = HashMap::new();
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|_| Refusal::Damaged)? {
            let styled = known.entry(style).or_insert_with(|| Styled::of(reader.styles().get(style)));
            let (at, value) = (cell.get_position(), cell.get_value());
            let mut look = styled.look.clone();
            match filled(value, &styled.format) {
                Some(kept) => {
                    if let Cell::Text(text) = &kept {
                        look.text = styled.format.shown_text(text);
                    }
                    cells.insert(at, kept);
                }
                None if !matches!(value, DataRef::Empty) => drop(blank.insert(at)),
                None => {}
            }
            if look != Look::default() && (looks.len() as u64) < MOST_CELLS {
                looks.insert(at, look);
            }
            if cells.len() as u64 > MOST_CELLS {
                return Err(Refusal::TooLarge("セルの数が多すぎます"));
            }
        }
    }
    // A formula saved without its result leaves no value to be seen in the first pass.
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|_| Refusal::Damaged)?;
    while let Ok(Some(formula)) = reader.next_formula() {
        let at = formula.get_position();
        if !formula.get_value().is_empty() && !blank.contains(&at) {
            cells.entry(at).or_insert(Cell::NotCalculated);
        }
    }
    Ok(Ok((cells, looks)))
}

fn filled(value: &DataRef<'_>, format: &Format) -> Option<Cell> {
    let percent = if format.is_percent { Percent::Yes } else { Percent::No };
    let number = |value: f64| {
        Cell::Number(Number { value, percent, dated: format.is_date, shown: format.shown(value) })
    };
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
