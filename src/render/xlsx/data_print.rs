//! How 「データ」 is printed, should someone print it.
//!
//! A row is far wider than a sheet of paper. It goes on across sheets that are laid side by
//! side, each with the headings and the ID. What is the same in all rows stands in the head of
//! the sheets, not in columns; a name is not parted from its number, a figure not from its
//! state, and figures begin a sheet where they then stand on one together.

use std::ops::Range;

use rust_xlsxwriter::Worksheet;

use super::name::DATA;
use super::page::{A3, A4, LONGEST_FOOT, in_font};
use super::{WorkbookError, place};
use crate::render::data::{Column, DataTable, Holds, KEY};

/// The long sides of the papers.
const A4_MM: usize = 297;
const A3_MM: usize = 420;
const MARGIN_MM: usize = 10;
/// To how much of its size the sheet may be printed: 7 points can still be read.
const SCALE_PERCENT: usize = 70;
/// What another program's columns may be wider by.
const SLACK_PERCENT: usize = 2;
/// The size of head and foot, in points.
const SIZE: f64 = 9.0;

/// Sets up how the sheet is printed; `widths` are those of the columns in pixels.
pub(super) fn set_up(
    worksheet: &mut Worksheet,
    data: &DataTable,
    widths: &[usize],
    font: &str,
) -> Result<(), WorkbookError> {
    let key = data.columns.iter().position(|column| column.name == KEY);
    let first = key.unwrap_or(0);
    set_frame(worksheet, data, first, font)?;
    let (Some(last), Some(widths)) = (data.columns.len().checked_sub(1), widths.get(first..)) else {
        return Ok(());
    };
    let columns = &data.columns[first..];
    let repeated = key.and_then(|_| widths.first()).copied().unwrap_or(0);
    let on = |paper_mm: usize| laid_across(columns, widths, repeated, room_on(paper_mm));
    let (paper, paper_mm, sheets) = match on(A4_MM) {
        one if one.len() == 1 => (A4, A4_MM, one),
        _ => (A3, A3_MM, on(A3_MM)),
    };
    let widest = sheets.iter().map(|sheet| sheet.width).max().unwrap_or(0);
    let scale = (room_on(paper_mm) * SCALE_PERCENT / widest.max(1)).clamp(10, 100);
    worksheet.set_paper_size(paper).set_print_scale(u16::try_from(scale).unwrap_or(100));
    let breaks = sheets.iter().skip(1).map(|sheet| place(0, first + sheet.first, DATA));
    let breaks = breaks.map(|at| at.map(|(_, column)| u32::from(column)));
    worksheet.set_vertical_page_breaks(&breaks.collect::<Result<Vec<u32>, _>>()?)?;
    let (last_row, last_column) = place(data.rows.len(), last, DATA)?;
    let first_column = place(0, first, DATA)?.1;
    if key.is_some() && sheets.len() > 1 {
        worksheet.set_repeat_columns(first_column, first_column)?;
    }
    worksheet.set_print_area(0, first_column, last_row, last_column)?;
    Ok(())
}

/// The margins, the headings, and what stands around the table: in the head what the columns
/// before the first that is printed say.
fn set_frame(
    worksheet: &mut Worksheet,
    data: &DataTable,
    first: usize,
    font: &str,
) -> Result<(), WorkbookError> {
    let margin = MARGIN_MM as f64 / 25.4;
    worksheet.set_margins(margin, margin, 1.5 * margin, 1.5 * margin, 0.5 * margin, 0.5 * margin);
    worksheet.set_landscape().set_page_order(false).set_repeat_rows(0, 0)?;
    worksheet.set_header_footer_scale_with_doc(false);
    worksheet.set_print_first_page_number(1);
    worksheet.set_footer(format!("&C{}", in_font(font, SIZE, "− &P −")));
    let same = data.rows.first().into_iter().flat_map(|row| row.iter().take(first));
    let same: Vec<String> = same.map(|datum| datum.to_text().replace('&', "&&")).collect();
    let head = [("&L", same.join("　")), ("&R", DATA.to_owned())];
    let head: String = head.map(|(side, text)| format!("{side}{}", in_font(font, SIZE, &text))).concat();
    if head.encode_utf16().count() <= LONGEST_FOOT {
        worksheet.set_header(head);
    }
    Ok(())
}

/// How many pixels a paper with this long side has across, printed as small as may be.
fn room_on(paper_mm: usize) -> usize {
    // 96 pixels are an inch.
    (paper_mm - 2 * MARGIN_MM) * 960 / 254 * (100 - SLACK_PERCENT) / SCALE_PERCENT
}

/// The columns of one of the sheets that are laid side by side.
struct SheetAcross {
    /// The first of them.
    first: usize,
    /// How wide it is with the column that stands again.
    width: usize,
}

/// The sheets on which a row stands, where each further one repeats a column.
fn laid_across(columns: &[Column], widths: &[usize], repeated: usize, room: usize) -> Vec<SheetAcross> {
    let width = |columns: Range<usize>| widths[columns].iter().sum::<usize>();
    let mut sheets = vec![SheetAcross { first: 0, width: 0 }];
    let mut at = 0;
    while at < columns.len() {
        let own = width(piece(columns, at));
        let figures = Some(figures(columns, at)).filter(|of| repeated + width(of.clone()) <= room);
        let wanted = figures.map_or(own, |figures| width(figures).max(own));
        if let Some(sheet) = sheets.last()
            && at > sheet.first
            && sheet.width + wanted > room
        {
            sheets.push(SheetAcross { first: at, width: repeated });
        }
        if let Some(sheet) = sheets.last_mut() {
            sheet.width += own;
        }
        at = piece(columns, at).end;
    }
    sheets
}

/// What is not parted from a column: a name from its number, what is to be known of a figure from it.
fn piece(columns: &[Column], at: usize) -> Range<usize> {
    let next = columns[at + 1..].iter();
    let further = match columns[at].holds {
        Holds::Words => usize::from(columns[at].name.ends_with("番号")).min(next.len()),
        _ => next.take_while(|column| column.holds == Holds::AboutNumber).count(),
    };
    at..at + 1 + further
}

/// The figures that begin with a column; empty where none do.
fn figures(columns: &[Column], at: usize) -> Range<usize> {
    let is_figure = |column: &&Column| column.holds != Holds::Words;
    let begins = at.checked_sub(1).is_none_or(|before| !is_figure(&&columns[before]));
    at..at + if begins { columns[at..].iter().take_while(is_figure).count() } else { 0 }
}
