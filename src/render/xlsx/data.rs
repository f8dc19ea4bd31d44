//! 「データ」 and 「データの説明」: the figures for machines, and what they mean.

use std::collections::HashMap;

use rust_xlsxwriter::{
    Format, FormatAlign, FormatBorder, IgnoreError, Table, TableColumn, TableStyle, Worksheet,
};
use unicode_width::UnicodeWidthStr;

use super::figure::float;
use super::name::{DATA, MEANINGS};
use super::{WorkbookError, check_length, place};
use crate::render::data::{DataTable, Datum};

/// The name formulas use: `=SUM(実績データ[基準値])`.
const TABLE_NAME: &str = "実績データ";
/// In half-width letters; a longer text is read in the formula bar.
const WIDEST: usize = 60;
/// The button of the filter.
const BUTTON: usize = 4;
/// Smaller than the default: the sheet is for the screen.
const SIZE: f64 = 10.0;
/// A half-width letter at that size, and what Excel pads a cell with.
const LETTER_PIXELS: usize = 7;
const PADDING_PIXELS: usize = 8;

/// Draws the data as a table with filters.
pub(super) fn draw(worksheet: &mut Worksheet, data: &DataTable, font: &str) -> Result<(), WorkbookError> {
    worksheet.set_name(DATA)?;
    let text = Format::new().set_font_name(font).set_font_charset(128).set_font_size(SIZE);
    let head = head(&text);
    // Numbers show the decimals of the print and nothing else: no commas, no units.
    let mut numbers: HashMap<u32, Format> = HashMap::new();
    // The columns bear the format of the text: a cell without one of its own takes
    // half as long to write, and there are more of them than on all other sheets.
    for at in 0..data.columns.len() {
        worksheet.set_column_format(place(0, at, DATA)?.1, &text)?;
    }
    for (at, row) in data.rows.iter().enumerate() {
        for (column, datum) in row.iter().enumerate() {
            let (row, column) = place(at + 1, column, DATA)?;
            match datum {
                Datum::Empty => {}
                Datum::Text(value) => {
                    check_length(value, DATA, row, column)?;
                    worksheet.write_string(row, column, value)?;
                }
                Datum::Number(number) => match (float(number), number.scale()) {
                    (None, _) => {
                        worksheet.write_string(row, column, number.to_string())?;
                    }
                    (Some(value), 0) => {
                        worksheet.write_number(row, column, value)?;
                    }
                    (Some(value), scale) => {
                        let decimals =
                            || text.clone().set_num_format(format!("0.{}", "0".repeat(scale as usize)));
                        let format = numbers.entry(scale).or_insert_with(decimals);
                        worksheet.write_number_with_format(row, column, value, format)?;
                    }
                },
            }
        }
    }
    for (at, column) in data.columns.iter().enumerate() {
        let body = data.rows.iter().filter_map(|row| row.get(at)).map(|datum| width(&datum.to_text())).max();
        let letters = body.unwrap_or(0).max(width(&column.name) + BUTTON).min(WIDEST);
        let pixels = u32::try_from(letters * LETTER_PIXELS + PADDING_PIXELS).unwrap_or(u32::MAX);
        worksheet.set_column_width_pixels(place(0, at, DATA)?.1, pixels)?;
        check_length(&column.name, DATA, 0, place(0, at, DATA)?.1)?;
    }
    let (last_row, last_column) = place(data.rows.len(), data.columns.len().saturating_sub(1), DATA)?;
    if data.rows.is_empty() {
        // Excel knows no table without a row: the header stands alone.
        for (at, column) in data.columns.iter().enumerate() {
            worksheet.write_string_with_format(0, place(0, at, DATA)?.1, &column.name, &head)?;
        }
    } else if !data.columns.is_empty() {
        let columns: Vec<TableColumn> = data
            .columns
            .iter()
            .map(|column| TableColumn::new().set_header(&column.name).set_header_format(&head))
            .collect();
        let table = Table::new().set_name(TABLE_NAME).set_style(TableStyle::Light1).set_columns(&columns);
        worksheet.add_table(0, 0, last_row, last_column, &table)?;
        // Codes such as 012238 are text on purpose: no green corner asks why.
        worksheet.ignore_error_range(0, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
    }
    worksheet.set_freeze_panes(1, 0)?;
    // Should someone print it: all columns of a row on one page.
    worksheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    worksheet.set_repeat_rows(0, 0)?;
    Ok(())
}

/// Draws what each column of the data means.
pub(super) fn draw_meanings(
    worksheet: &mut Worksheet,
    data: &DataTable,
    font: &str,
) -> Result<(), WorkbookError> {
    worksheet.set_name(MEANINGS)?;
    let text = Format::new().set_font_name(font).set_font_charset(128).set_font_size(SIZE);
    let head = head(&text);
    worksheet.write_string_with_format(0, 0, "列", &head)?;
    worksheet.write_string_with_format(0, 1, "意味", &head)?;
    for (at, column) in data.columns.iter().enumerate() {
        let (row, _) = place(at + 1, 0, MEANINGS)?;
        check_length(&column.name, MEANINGS, row, 0)?;
        check_length(&column.meaning, MEANINGS, row, 1)?;
        worksheet.write_string_with_format(row, 0, &column.name, &text)?;
        worksheet.write_string_with_format(row, 1, &column.meaning, &text)?;
    }
    for (at, texts) in [
        (0, data.columns.iter().map(|c| width(&c.name)).max()),
        (1, data.columns.iter().map(|c| width(&c.meaning)).max()),
    ] {
        let pixels = u32::try_from(texts.unwrap_or(0) * LETTER_PIXELS + PADDING_PIXELS).unwrap_or(u32::MAX);
        worksheet.set_column_width_pixels(at, pixels)?;
    }
    worksheet.set_freeze_panes(1, 0)?;
    worksheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

fn head(text: &Format) -> Format {
    text.clone()
        .set_bold()
        .set_background_color(0xE6E6E6)
        .set_border_bottom(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
}

/// In half-width letters: a kanji counts two.
fn width(text: &str) -> usize {
    text.width_cjk()
}
