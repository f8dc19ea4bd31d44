//! 「データ」 and 「データの説明」: the figures for machines, and what they mean.

use std::collections::HashMap;

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Table, TableColumn, TableStyle, Worksheet};
use unicode_width::UnicodeWidthStr;

use super::figure::float;
use super::name::{DATA, MEANINGS};
use super::{WorkbookError, check_length, place};
use crate::render::data::{DataTable, Datum, KEY};

/// The name formulas use: `=SUM(実績データ[基準値])`.
const TABLE_NAME: &str = "実績データ";
/// In half-width letters; a longer text is read in the formula bar. Texts stay on one line: rows
/// of several heights would keep them when they are sorted.
const WIDEST: usize = 100;
/// A column of Excel is 255 letters wide at the most.
const WIDEST_MEANING: usize = 250;
/// Headings longer than this are broken into up to three lines. Below them is one line more, for
/// the filters' buttons.
const LONG_HEADING: usize = 10;
const LINE_POINTS: f64 = 13.5;
/// Smaller than the default: there are many columns.
const SIZE: f64 = 10.0;
/// A half-width letter at that size, and what Excel pads a cell with.
const LETTER_PIXELS: usize = 7;
const PADDING_PIXELS: usize = 8;
/// Papers by their number in Excel, with their long sides; the margin around what is printed.
const A4: (u8, usize) = (9, 297);
const A3: (u8, usize) = (8, 420);
const MARGIN_MM: usize = 10;
/// To how much of its size the sheet may be printed: 7 points can still be read.
const SCALE_PERCENT: usize = 70;

/// Draws the data as a table with filters.
pub(super) fn draw(worksheet: &mut Worksheet, data: &DataTable, font: &str) -> Result<(), WorkbookError> {
    worksheet.set_name(DATA)?;
    let text = Format::new().set_font_name(font).set_font_charset(128).set_font_size(SIZE);
    let head = head(&text).set_align(FormatAlign::Top).set_text_wrap();
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
    let widths: Vec<usize> = (0..data.columns.len()).map(|at| pixels(letters(data, at))).collect();
    for (at, (column, width)) in data.columns.iter().zip(&widths).enumerate() {
        let at = place(0, at, DATA)?.1;
        worksheet.set_column_width_pixels(at, u32::try_from(*width).unwrap_or(u32::MAX))?;
        check_length(&column.name, DATA, 0, at)?;
    }
    let is_long = data.columns.iter().any(|column| width(&column.name) > LONG_HEADING);
    worksheet.set_row_height(0, if is_long { 4.0 } else { 2.0 } * LINE_POINTS)?;
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
    set_page(worksheet, data, &widths)
}

/// Should someone print it: on A4 where a row fits on it legibly, else on A3, as many pages wide as
/// it needs. They are laid side by side, each with the headings and the ID.
fn set_page(worksheet: &mut Worksheet, data: &DataTable, widths: &[usize]) -> Result<(), WorkbookError> {
    let margin = MARGIN_MM as f64 / 25.4;
    worksheet.set_margins(margin, margin, margin, 1.5 * margin, margin, 0.5 * margin);
    worksheet.set_footer("&C&P / &N");
    worksheet.set_repeat_rows(0, 0)?;
    let key = data.columns.iter().position(|column| column.name == KEY);
    let repeated = key.and_then(|at| widths.get(at)).copied().unwrap_or(0);
    let (paper, across) = match pages(A4.1, repeated, widths) {
        1 => (A4.0, 1),
        _ => (A3.0, pages(A3.1, repeated, widths)),
    };
    if let Some(at) = key.filter(|_| across > 1) {
        let at = place(0, at, DATA)?.1;
        worksheet.set_repeat_columns(at, at)?;
    }
    worksheet.set_landscape().set_paper_size(paper).set_page_order(false);
    worksheet.set_print_fit_to_pages(across, 0);
    Ok(())
}

/// How many pages of a paper with this long side a row is wide, where each further page repeats a
/// column.
fn pages(paper_mm: usize, repeated: usize, widths: &[usize]) -> u16 {
    // 96 pixels are an inch.
    let page = (paper_mm - 2 * MARGIN_MM) * 960 / 254 * 100 / SCALE_PERCENT;
    let (mut pages, mut used) = (1, 0);
    for width in widths {
        used += width;
        if used > page {
            pages += 1;
            used = repeated + width;
        }
    }
    pages
}

/// How wide a column is: for its longest text, and its heading.
fn letters(data: &DataTable, column: usize) -> usize {
    let body = data.rows.iter().filter_map(|row| row.get(column)).map(|datum| width(&datum.to_text())).max();
    let heading = data.columns.get(column).map_or(0, |column| width(&column.name));
    // So that 「（令和3年度）」 stays whole.
    let heading = if heading > LONG_HEADING { heading.div_ceil(3) + 4 } else { heading };
    body.unwrap_or(0).max(heading).min(WIDEST)
}

fn pixels(letters: usize) -> usize {
    letters * LETTER_PIXELS + PADDING_PIXELS
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
        let pixels = u32::try_from(pixels(texts.unwrap_or(0).min(WIDEST_MEANING))).unwrap_or(u32::MAX);
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
