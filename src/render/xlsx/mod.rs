//! The Excel workbook (「Excelブック」).
//!
//! One worksheet for each sheet of the document, drawn from its grid alone; behind them
//! 「データ」, the figures for machines, 「データの説明」, what its columns mean, and a plain
//! 目次 where several sheets have none. Printing the workbook gives the pages of the PDF:
//! the same breaks, A4, one page wide.
//!
//! Always true: a figure is a number under a number format that shows the printed
//! text; no cell is a formula, whatever its text begins with; no text is broken or
//! cut to fit (Excel wraps it in a row measured for it); the same input gives the
//! same bytes.

mod contents;
mod data;
mod data_print;
mod figure;
mod form;
mod listing;
mod name;
mod numbering;
mod package;
mod page;
mod seal;
mod sheet;
mod style;

use std::collections::BTreeMap;

use chrono::Datelike;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

pub(crate) use self::form::form_to_bytes;
pub(crate) use self::listing::{CSV, listing_to_bytes};
pub(crate) use self::seal::{is_untouched, property};

use self::style::Formats;
use super::Meta;
use super::data::DataTable;
use crate::layout::grid::{Document, Sheet, TableKind};
use crate::layout::limits;

/// Why no workbook can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkbookError {
    /// Excel holds 32,767 characters (UTF-16 units) in a cell. Nothing is ever cut.
    #[error(
        "シート「{sheet}」のセル{cell}の文章が長すぎます（Excelの1つのセルに入るのは32,767文字までです）"
    )]
    TextTooLong {
        /// The name of the sheet.
        sheet: String,
        /// Such as `B12`.
        cell: String,
    },
    /// More rows, columns or pages than a sheet of Excel can have.
    #[error("シート「{sheet}」の行・列・ページの数がExcelの上限を超えています")]
    TooLarge {
        /// The name of the sheet.
        sheet: String,
    },
    /// Excel knows papers by number, and has none for this one.
    #[error(
        "Excelで指定できない用紙の大きさです（{width}mm × {height}mm）。A3・A4・B4・B5のいずれかにしてください"
    )]
    UnknownPaper {
        /// In whole millimetres.
        width: i64,
        /// In whole millimetres.
        height: i64,
    },
    /// A footer holds 255 characters with its font's name.
    #[error("ページ番号の書式とフォント名が長すぎます（Excelのフッターに入るのは255文字までです）")]
    FootTooLong,
    /// A date Excel cannot hold: before 1900 or after 9999.
    #[error("Excelで使えない日付です（{0}）")]
    Date(chrono::NaiveDate),
    /// The library refused what a sound grid never asks for, such as cells that
    /// overlap. A bug of this program.
    #[error("Excelブックを組み立てられませんでした。プログラムの不具合です（詳細：{0}）")]
    Library(String),
}

impl From<XlsxError> for WorkbookError {
    fn from(error: XlsxError) -> Self {
        Self::Library(error.to_string())
    }
}

/// The size of the workbook's default font. Its digits are half an em wide, so at
/// 12 pt a digit is 8 pixels at every usual scaling of the screen (100, 125, 150,
/// 200 %): the unit of Excel's column widths is then exact, with BIZ UDゴシック as
/// with ＭＳ ゴシック, should Excel have to put that in its place.
const DEFAULT_SIZE: f64 = 12.0;
/// The width of an untouched column in a workbook whose digits are 8 pixels wide.
const DEFAULT_COLUMN_PIXELS: u32 = 72;
/// The height of an untouched row at that size.
const DEFAULT_ROW_PIXELS: u32 = 19;
/// Of 9. Twice as fast as the library's own choice, for a file a tenth larger.
const COMPRESSION: u8 = 3;

/// Draws the workbook: `document`, then `data`. `font` is the name of the face by
/// which Excel finds it, such as `BIZ UDゴシック`.
///
/// # Errors
/// Where the document cannot be held by Excel without loss; see [`WorkbookError`].
pub fn to_bytes(
    document: &Document,
    data: &DataTable,
    meta: &Meta,
    font: &str,
) -> Result<Vec<u8>, WorkbookError> {
    let mut workbook = new_workbook(font)?;
    workbook.set_properties(&properties(meta)?);

    let names = name::Names::of(document);
    let mut formats = Formats::new(font, document.rule);
    let mut firsts = BTreeMap::new();
    for (number, (sheet, name)) in (1..).zip(document.sheets.iter().zip(&names.sheets)) {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(name)?;
        sheet::draw(worksheet, sheet, &names, &mut formats)?;
        firsts
            .extend(page::set_up(worksheet, sheet, name, &document.page, font)?.map(|first| (number, first)));
    }
    data::draw(workbook.add_worksheet(), data, font)?;
    data::draw_meanings(workbook.add_worksheet(), data, font)?;
    if needs_contents(document) {
        // Behind the document: what is printed of a workbook begins as the PDF does.
        contents::draw(workbook.add_worksheet(), document, &names, meta, font)?;
    }
    numbering::put_right(package::saved(&mut workbook)?, &firsts)
}

/// An empty workbook whose default font is `font`.
fn new_workbook(font: &str) -> Result<Workbook, WorkbookError> {
    let mut workbook = Workbook::new();
    workbook.set_zip_compression_level(COMPRESSION);
    let default = Format::new().set_font_name(font).set_font_size(DEFAULT_SIZE).set_font_charset(128);
    workbook.set_default_format(&default, DEFAULT_ROW_PIXELS, DEFAULT_COLUMN_PIXELS)?;
    Ok(workbook)
}

/// Whether the document has several sheets, and no 目次 of its own.
fn needs_contents(document: &Document) -> bool {
    let is_contents = |sheet: &Sheet| {
        sheet.tables.iter().any(|table| table.kind == TableKind::Contents)
            || sheet.cells.iter().any(|cell| cell.link.is_some())
    };
    document.sheets.len() > 1 && !document.sheets.iter().any(is_contents)
}

fn properties(meta: &Meta) -> Result<DocProperties, WorkbookError> {
    let date = meta.date;
    let created = u16::try_from(date.year())
        .ok()
        .zip(u8::try_from(date.month()).ok().zip(u8::try_from(date.day()).ok()))
        .and_then(|(year, (month, day))| ExcelDateTime::from_ymd(year, month, day).ok())
        .ok_or(WorkbookError::Date(date))?;
    Ok(DocProperties::new()
        .set_title(&meta.title)
        .set_author(&meta.author)
        .set_subject(&meta.subject)
        .set_keywords(meta.keywords.join(", "))
        .set_creation_datetime(&created)
        // Excel keeps no language of a workbook; this is the field Office shows as 「言語」.
        .set_custom_property("Language", "ja-JP"))
}

/// Refuses a text that Excel would not take whole.
fn check_length(text: &str, sheet: &str, row: u32, column: u16) -> Result<(), WorkbookError> {
    if !limits::holds(text) {
        let cell = rust_xlsxwriter::row_col_to_cell(row, column);
        return Err(WorkbookError::TextTooLong { sheet: sheet.to_owned(), cell });
    }
    Ok(())
}

/// A place counted as Excel counts it.
fn place(row: usize, column: usize, sheet: &str) -> Result<(u32, u16), WorkbookError> {
    let row = u32::try_from(row).ok().filter(|row| *row < 1_048_576);
    let column = u16::try_from(column).ok().filter(|column| *column < 16_384);
    row.zip(column).ok_or_else(|| WorkbookError::TooLarge { sheet: sheet.to_owned() })
}
