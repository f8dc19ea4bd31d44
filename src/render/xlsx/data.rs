//! 「データ」 and 「データの説明」: the figures for machines, and what they mean.

use std::collections::HashMap;

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Table, TableColumn, TableStyle, Worksheet};
use unicode_width::UnicodeWidthStr;

use super::figure::float;
use super::name::{DATA, MEANINGS};
use super::page::{A4, in_font};
use super::{WorkbookError, check_length, data_print, place};
use crate::render::data::{DataTable, Datum, Holds};

/// The name formulas use: `=SUM(実績データ[基準値])`.
const TABLE_NAME: &str = "実績データ";
/// In half-width letters; a longer text is read in the formula bar. Texts stay on one line: rows
/// of several heights would keep them when they are sorted.
const WIDEST: usize = 100;
/// How wide meanings are: with the names, a page printed upright.
const MEANING_LETTERS: usize = 76;
/// A row of one line, and each line more; Excel has no higher row than 545 pixels.
const ROW_PIXELS: usize = 19;
const LINE_PIXELS: usize = 17;
const MOST_PIXELS: usize = 545;
/// How much of a list stands on an A4 page, upright.
const PAGE_PIXELS: usize = 1_050;
/// Headings longer than this are broken into two lines. Below them is one line more, for the
/// filters' buttons.
const LONG_HEADING: usize = 10;
const LINE_POINTS: f64 = 13.5;
/// Smaller than the default: there are many columns.
const SIZE: f64 = 10.0;
/// A half-width letter at that size, and what Excel pads a cell with.
const LETTER_PIXELS: usize = 7;
const PADDING_PIXELS: usize = 8;

/// Draws the data as a table with filters.
pub(super) fn draw(worksheet: &mut Worksheet, data: &DataTable, font: &str) -> Result<(), WorkbookError> {
    worksheet.set_name(DATA)?;
    let text = text_format(font);
    let head = head(&text).set_align(FormatAlign::Top).set_text_wrap();
    // The columns bear the format of the text: a cell without one of its own takes
    // half as long to write, and there are more of them than on all other sheets.
    let about_number = text.clone().set_align(FormatAlign::Center);
    for (at, column) in data.columns.iter().enumerate() {
        let format = if column.holds == Holds::AboutNumber { &about_number } else { &text };
        worksheet.set_column_format(place(0, at, DATA)?.1, format)?;
    }
    draw_rows(worksheet, data, &text)?;
    let widths: Vec<usize> = (0..data.columns.len()).map(|at| pixels(letters(data, at))).collect();
    for (at, (column, width)) in data.columns.iter().zip(&widths).enumerate() {
        let at = place(0, at, DATA)?.1;
        worksheet.set_column_width_pixels(at, u32::try_from(*width).unwrap_or(u32::MAX))?;
        check_length(&column.name, DATA, 0, at)?;
    }
    let is_long = data.columns.iter().any(|column| width(&column.name) > LONG_HEADING);
    worksheet.set_row_height(0, if is_long { 3.0 } else { 2.0 } * LINE_POINTS)?;
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
    }
    worksheet.set_freeze_panes(1, 0)?;
    data_print::set_up(worksheet, data, &widths, font)
}

/// Writes the rows below the headings.
fn draw_rows(worksheet: &mut Worksheet, data: &DataTable, text: &Format) -> Result<(), WorkbookError> {
    // Numbers show the decimals of the print and nothing else: no commas, no units.
    let mut numbers: HashMap<u32, Format> = HashMap::new();
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
    Ok(())
}

/// How wide a column is: for its longest text, and its heading.
fn letters(data: &DataTable, column: usize) -> usize {
    let body = data.rows.iter().filter_map(|row| row.get(column)).map(|datum| width(&datum.to_text())).max();
    let heading = data.columns.get(column).map_or(0, |column| width(&column.name));
    let heading = if heading > LONG_HEADING { heading.div_ceil(2) } else { heading };
    body.unwrap_or(0).max(heading).min(WIDEST)
}

fn pixels(letters: usize) -> usize {
    letters * LETTER_PIXELS + PADDING_PIXELS
}

/// Draws what each column of the data means, as a list of which a page is printed upright.
pub(super) fn draw_meanings(
    worksheet: &mut Worksheet,
    data: &DataTable,
    font: &str,
) -> Result<(), WorkbookError> {
    worksheet.set_name(MEANINGS)?;
    let text = text_format(font);
    let head = head(&text);
    let meaning = text.clone().set_text_wrap();
    worksheet.write_string_with_format(0, 0, "列", &head)?;
    worksheet.write_string_with_format(0, 1, "意味", &head)?;
    let mut height = ROW_PIXELS;
    for (at, column) in data.columns.iter().enumerate() {
        let (row, _) = place(at + 1, 0, MEANINGS)?;
        check_length(&column.name, MEANINGS, row, 0)?;
        check_length(&column.meaning, MEANINGS, row, 1)?;
        worksheet.write_string_with_format(row, 0, &column.name, &text)?;
        worksheet.write_string_with_format(row, 1, &column.meaning, &meaning)?;
        let lines = width(&column.meaning).div_ceil(MEANING_LETTERS).max(1);
        let pixels = (ROW_PIXELS + (lines - 1) * LINE_PIXELS).min(MOST_PIXELS);
        worksheet.set_row_height_pixels(row, u32::try_from(pixels).unwrap_or(u32::MAX))?;
        height += pixels;
    }
    let names = data.columns.iter().map(|column| width(&column.name)).max().unwrap_or(0).min(WIDEST);
    for (at, letters) in [(0, names), (1, MEANING_LETTERS)] {
        worksheet.set_column_width_pixels(at, u32::try_from(pixels(letters)).unwrap_or(u32::MAX))?;
    }
    worksheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
    worksheet.set_paper_size(A4).set_margins(0.4, 0.4, 0.6, 0.6, 0.2, 0.2);
    worksheet.set_footer(format!("&C{}", in_font(font, 9.0, "− &P −"))).set_print_first_page_number(1);
    // A few rows are no page of their own: all is printed a little smaller.
    let pages = height / PAGE_PIXELS + usize::from(height % PAGE_PIXELS > PAGE_PIXELS / 8);
    worksheet.set_print_fit_to_pages(1, u16::try_from(pages.max(1)).unwrap_or(u16::MAX));
    Ok(())
}

/// How texts look.
fn text_format(font: &str) -> Format {
    let format = Format::new().set_font_name(font).set_font_charset(128).set_font_size(SIZE);
    format.set_align(FormatAlign::VerticalCenter)
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
