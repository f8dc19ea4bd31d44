//! Lists for the office as a workbook.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};

use super::form::{lines_of, row_pixels};
use super::package::saved;
use super::seal::{OPEN, SEAL, sealed};
use super::{WorkbookError, check_length, new_workbook, place, properties};
use crate::exchange::returned::{OWN_REPORT, PROPERTY};
use crate::exchange::{ListCell, Listing};
use crate::render::Meta;

/// More rows than a city hall's list has.
const LONG_LIST: usize = 5_000;
const SIZE: f64 = 10.5;
/// A half-width letter at that size.
const LETTER_PIXELS: u32 = 7;

/// The name of the property that holds the hash of the same list as CSV: whether that was
/// written on cannot be seen in itself.
pub const CSV: &str = "jisseki-csv";

/// Draws each list on a sheet of its own, with a filter over its headings.
///
/// # Errors
/// Where a text is longer than a cell holds.
pub fn listing_to_bytes(listing: &Listing, meta: &Meta, font: &str) -> Result<Vec<u8>, WorkbookError> {
    let mut workbook = new_workbook(font)?;
    // So that a folder of returns may hold the report on them.
    let mut properties =
        properties(meta)?.set_custom_property(PROPERTY, OWN_REPORT).set_custom_property(SEAL, OPEN);
    if let Some(hash) = &listing.csv {
        properties = properties.set_custom_property(CSV, hash.as_str());
    }
    workbook.set_properties(&properties);
    let base = || Format::new().set_font_name(font).set_font_charset(128).set_font_size(SIZE);
    let note = base().set_bold();
    let cell = || base().set_border(FormatBorder::Thin).set_border_color(0xBF_BF_BF_u32);
    let head = cell().set_bold().set_background_color(0xD9_E1_F2_u32).set_align(FormatAlign::Center);
    let text = cell().set_text_wrap().set_align(FormatAlign::Top);
    let count = cell().set_align(FormatAlign::Top).set_align(FormatAlign::Right);
    for list in &listing.sheets {
        // A list of all that thousands of forms say is kept in a temporary file.
        let worksheet = match list.rows.len() > LONG_LIST {
            true => workbook.add_worksheet_with_constant_memory()?,
            false => workbook.add_worksheet(),
        };
        worksheet.set_name(&list.name)?;
        for (at, line) in list.notes.iter().enumerate() {
            let (row, _) = place(at, 0, &list.name)?;
            check_length(line, &list.name, row, 0)?;
            worksheet.write_string_with_format(row, 0, line, &note)?;
        }
        let first = list.notes.len() + usize::from(!list.notes.is_empty());
        for (at, column) in list.columns.iter().enumerate() {
            let (row, column_at) = place(first, at, &list.name)?;
            worksheet.set_column_width_pixels(column_at, column.width * LETTER_PIXELS + 10)?;
            worksheet.write_string_with_format(row, column_at, &column.heading, &head)?;
        }
        for (at, cells) in list.rows.iter().enumerate() {
            let lines = cells.iter().zip(&list.columns).map(|(cell, column)| match cell {
                ListCell::Text(text) => lines_of(text, column.width),
                ListCell::Count(_) => 1,
            });
            let height = row_pixels(lines.max().unwrap_or(1));
            worksheet.set_row_height_pixels(place(first + 1 + at, 0, &list.name)?.0, height)?;
            for (column, value) in cells.iter().enumerate() {
                let (row, column_at) = place(first + 1 + at, column, &list.name)?;
                match value {
                    ListCell::Text(value) => {
                        check_length(value, &list.name, row, column_at)?;
                        worksheet.write_string_with_format(row, column_at, value, &text)?
                    }
                    ListCell::Count(value) => {
                        worksheet.write_number_with_format(row, column_at, *value as f64, &count)?
                    }
                };
            }
        }
        let (head_row, last_column) = place(first, list.columns.len().saturating_sub(1), &list.name)?;
        let (last_row, _) = place(first + list.rows.len(), 0, &list.name)?;
        if !list.rows.is_empty() {
            worksheet.autofilter(head_row, 0, last_row, last_column)?;
        }
        worksheet.set_freeze_panes(head_row + 1, 0)?;
        worksheet.set_repeat_rows(head_row, head_row)?;
        worksheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        worksheet.set_footer("&C&P / &N");
    }
    sealed(&saved(&mut workbook)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::exchange::{ListColumn, ListSheet};
    use crate::render::Program;
    use crate::workbook::{Cell, read};

    /// A long list is written another way; it says the same.
    #[test]
    fn a_long_list_is_as_whole_as_a_short_one() {
        for length in [LONG_LIST, LONG_LIST + 1] {
            let row = |at: usize| vec![format!("書き込み{at}\n2行目").into(), at.into()];
            let list = ListSheet {
                name: "書き込み".into(),
                notes: vec!["注".into()],
                columns: vec![ListColumn::new("内容", 20), ListColumn::new("件数", 5)],
                rows: (0..length).map(row).collect(),
            };
            let listing = Listing { sheets: vec![list], csv: None };
            let date = chrono::NaiveDate::from_ymd_opt(2026, 2, 2).unwrap();
            let meta = Meta {
                title: String::new(),
                author: String::new(),
                subject: String::new(),
                keywords: Vec::new(),
                date,
                program: Program::this(),
            };
            let bytes = listing_to_bytes(&listing, &meta, "BIZ UDゴシック").unwrap();
            assert!(crate::render::xlsx::is_untouched(&bytes));
            let read = read(&bytes).unwrap();
            let cells = &read.sheets[0].cells;
            let last = u32::try_from(length).unwrap() + 2;
            assert_eq!(cells[&(last, 0)], Cell::Text(format!("書き込み{}\n2行目", length - 1)));
            assert_eq!(cells.len(), 2 * length + 3);
        }
    }
}
