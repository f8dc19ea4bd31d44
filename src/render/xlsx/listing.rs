//! Lists for the office as a workbook.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet};

use super::form::lines_of;
use super::package::saved;
use super::seal::{OPEN, SEAL, sealed};
use super::{WorkbookError, check_length, new_workbook, place, properties};
use crate::exchange::returned::{OWN_REPORT, PROPERTY};
use crate::exchange::{ListCell, ListColumn, ListSheet, Listing};
use crate::render::Meta;

/// More rows than a city hall's list has.
const LONG_LIST: usize = 5_000;
const SIZE: f64 = 10.5;
/// A half-width letter at that size.
const LETTER_PIXELS: u32 = 7;
/// A line at that size, and what stands above and below the text.
const LINE_PIXELS: u32 = 18;
const AROUND_PIXELS: u32 = 6;
/// Excel has no higher row.
const HIGHEST_PIXELS: u32 = 545;
/// What Excel keeps free in a cell, and an indent: three blanks of the default font.
const INDENT_PIXELS: u32 = 10 + 24;
/// A row of more lines has the short texts beside the beginning of the long one.
const TALL: u32 = 12;

/// A4 lying, in pixels, without the margins.
const BODY_PIXELS: (f64, f64) = (1_122.0 - 96.0, 793.0 - 125.0);
/// The margins in inches, left and right, top, bottom, of the foot.
const MARGINS: (f64, f64, f64, f64) = (0.5, 0.6, 0.7, 0.3);
/// What fills no more than this part of a last page is brought onto the one before.
const SPILL: f64 = 0.2;

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
    let formats = Formats::new(font);
    for list in &listing.sheets {
        // A list of all that thousands of forms say is kept in a temporary file.
        let worksheet = match list.rows.len() > LONG_LIST {
            true => workbook.add_worksheet_with_constant_memory()?,
            false => workbook.add_worksheet(),
        };
        draw(list, worksheet, &formats)?;
    }
    sealed(&saved(&mut workbook)?)
}

/// How the cells of a list look.
struct Formats {
    note: Format,
    head: Format,
    text: Format,
    count: Format,
    /// In rows of many lines.
    tall: Format,
    tall_count: Format,
}

impl Formats {
    fn new(font: &str) -> Self {
        let base = || Format::new().set_font_name(font).set_font_charset(128).set_font_size(SIZE);
        let cell = || base().set_border(FormatBorder::Thin).set_border_color(0xBF_BF_BF_u32);
        let text = |align| cell().set_text_wrap().set_align(align).set_align(FormatAlign::Left).set_indent(1);
        let count = |align| cell().set_align(align).set_align(FormatAlign::Right).set_indent(1);
        Self {
            note: base().set_bold().set_align(FormatAlign::VerticalCenter),
            head: cell()
                .set_bold()
                .set_background_color(0xD9_E1_F2_u32)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            text: text(FormatAlign::VerticalCenter),
            tall: text(FormatAlign::Top),
            count: count(FormatAlign::VerticalCenter),
            tall_count: count(FormatAlign::Top),
        }
    }
}

/// Draws one list: its notes, its headings, its rows.
fn draw(list: &ListSheet, worksheet: &mut Worksheet, formats: &Formats) -> Result<(), WorkbookError> {
    worksheet.set_name(&list.name)?;
    for (at, column) in list.columns.iter().enumerate() {
        let (_, at) = place(0, at, &list.name)?;
        worksheet.set_column_width_pixels(at, column_pixels(column))?;
        if column.is_hidden {
            worksheet.set_column_hidden(at)?;
        }
    }
    for (at, line) in list.notes.iter().enumerate() {
        let (row, _) = place(at, 0, &list.name)?;
        check_length(line, &list.name, row, 0)?;
        worksheet.set_row_height_pixels(row, row_pixels(1))?;
        worksheet.write_string_with_format(row, 0, line, &formats.note)?;
    }
    let first = list.notes.len() + usize::from(!list.notes.is_empty());
    let (head_row, last_column) = place(first, list.columns.len().saturating_sub(1), &list.name)?;
    worksheet.set_row_height_pixels(head_row, row_pixels(1))?;
    for (at, column) in list.columns.iter().enumerate() {
        let (_, at) = place(0, at, &list.name)?;
        worksheet.write_string_with_format(head_row, at, &column.heading, &formats.head)?;
    }
    for (at, cells) in list.rows.iter().enumerate() {
        draw_row(list, cells, first + 1 + at, worksheet, formats)?;
    }
    let (last_row, _) = place(first + list.rows.len(), 0, &list.name)?;
    if !list.rows.is_empty() {
        worksheet.autofilter(head_row, 0, last_row, last_column)?;
    }
    worksheet.set_freeze_panes(head_row + 1, 0)?;
    worksheet.set_repeat_rows(head_row, head_row)?;
    let (side, top, bottom, foot) = MARGINS;
    worksheet.set_landscape().set_paper_size(9).set_margins(side, side, top, bottom, foot, foot);
    worksheet.set_print_fit_to_pages(1, pages(list)).set_footer("&C&P / &N");
    Ok(())
}

/// Draws one row of a list, as tall as its longest text needs.
fn draw_row(
    list: &ListSheet,
    cells: &[ListCell],
    at: usize,
    worksheet: &mut Worksheet,
    formats: &Formats,
) -> Result<(), WorkbookError> {
    let lines = lines(list, cells);
    worksheet.set_row_height_pixels(place(at, 0, &list.name)?.0, row_pixels(lines))?;
    let (text, count) = match lines > TALL {
        true => (&formats.tall, &formats.tall_count),
        false => (&formats.text, &formats.count),
    };
    for (column, value) in cells.iter().enumerate() {
        let (row, column) = place(at, column, &list.name)?;
        match value {
            ListCell::Text(value) => {
                check_length(value, &list.name, row, column)?;
                worksheet.write_string_with_format(row, column, value, text)?
            }
            ListCell::Count(value) => {
                worksheet.write_number_with_format(row, column, *value as f64, count)?
            }
        };
    }
    Ok(())
}

fn column_pixels(column: &ListColumn) -> u32 {
    column.width * LETTER_PIXELS + INDENT_PIXELS
}

/// How many lines the longest text of a row has, of those that are seen.
fn lines(list: &ListSheet, cells: &[ListCell]) -> u32 {
    let seen = cells.iter().zip(&list.columns).filter(|(_, column)| !column.is_hidden);
    let lines = seen.map(|(cell, column)| match cell {
        ListCell::Text(text) => lines_of(text, column.width),
        ListCell::Count(_) => 1,
    });
    lines.max().unwrap_or(1)
}

/// The height of a row of so many lines.
fn row_pixels(lines: u32) -> u32 {
    lines.saturating_mul(LINE_PIXELS).saturating_add(AROUND_PIXELS).min(HIGHEST_PIXELS)
}

/// On how many pages a list is printed: as many as its rows fill, without a last one that
/// holds next to nothing. Excel prints it as much smaller as that takes.
fn pages(list: &ListSheet) -> u16 {
    let (body_width, body_height) = BODY_PIXELS;
    let seen = list.columns.iter().filter(|column| !column.is_hidden);
    let width = seen.map(column_pixels).sum::<u32>();
    let room = body_height * (f64::from(width) / body_width).max(1.0);
    let head = f64::from(row_pixels(1));
    let (mut pages, mut used) = (1, head * (list.notes.len() + 2) as f64);
    let mut begins = used;
    for cells in &list.rows {
        let height = f64::from(row_pixels(lines(list, cells)));
        if used + height > room {
            (pages, used, begins) = (pages + 1, head, head);
        }
        used += height;
    }
    let spills = pages > 1 && used - begins <= room * SPILL;
    // No limit, where there are more than Excel can be told.
    u16::try_from(pages - u32::from(spills)).unwrap_or(0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::render::Program;
    use crate::workbook::{Cell, read};

    fn list(rows: Vec<Vec<ListCell>>) -> ListSheet {
        ListSheet {
            name: "一覧".into(),
            notes: vec!["注".into()],
            columns: vec![
                ListColumn::new("担当課", 100),
                ListColumn::new("件数", 5),
                ListColumn { is_hidden: true, ..ListColumn::new("確認用の値", 5) },
            ],
            rows,
        }
    }

    /// A last page of one or two rows is brought onto the one before; one that is worth its
    /// paper stays.
    #[test]
    fn no_list_ends_on_a_page_of_two_rows() {
        let of = |rows: usize| {
            list(
                (0..rows).map(|at| vec!["水産振興課".into(), at.into(), "長い値".repeat(9).into()]).collect(),
            )
        };
        // The height of the body, less one note, a blank and the head.
        let full = (668 / 24) - 3;
        for (rows, expected) in
            [(0, 1), (full, 1), (full + 1, 1), (full + 2, 1), (full + 10, 2), (2 * full + 4, 2), (500, 20)]
        {
            assert_eq!(pages(&of(rows)), expected, "{rows}");
        }
    }

    /// Rows of one line have one height, whatever stands in a column that is hidden; long texts
    /// keep to the top, all else stands in the middle.
    #[test]
    fn rows_are_as_tall_as_what_is_seen() {
        let rows = vec![
            vec!["水産振興課".into(), 1.into(), "長い値".repeat(9).into()],
            vec!["一\n二".into(), 2.into(), "".into()],
            vec!["行\n".repeat(15).into(), 3.into(), "".into()],
        ];
        let list = list(rows);
        let heights: Vec<u32> = list.rows.iter().map(|row| row_pixels(lines(&list, row))).collect();
        assert_eq!(heights, [24, 42, 294]);
        let mut workbook = new_workbook("BIZ UDゴシック").unwrap();
        draw(&list, workbook.add_worksheet(), &Formats::new("BIZ UDゴシック")).unwrap();
        let bytes = workbook.save_to_buffer().unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut part = |name: &str| {
            let mut xml = String::new();
            std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut xml).unwrap();
            xml
        };
        let (sheet, styles) = (part("xl/worksheets/sheet1.xml"), part("xl/styles.xml"));
        assert!(sheet.contains("<col min=\"3\" max=\"3\"") && sheet.contains("hidden=\"1\""), "{sheet}");
        for look in [
            "horizontal=\"left\" vertical=\"center\" indent=\"1\" wrapText=\"1\"",
            "horizontal=\"right\" vertical=\"center\" indent=\"1\"",
            "vertical=\"top\"",
        ] {
            assert!(styles.contains(look), "{look}: {styles}");
        }
    }

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
