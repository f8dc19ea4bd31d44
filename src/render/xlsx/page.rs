//! The page of a worksheet: paper, margins, breaks, titles, foot.
//!
//! The grid's pages are printed as they are. The worksheet says "one page wide, as
//! many tall as needed" (in that mode Excel and LibreOffice keep manual breaks; with
//! a number of pages tall they drop them) and breaks where the grid's pages end.
//! A printer's own metrics may make a row or a column a little larger than on
//! screen. So the sheet's right and bottom margins are somewhat smaller than the
//! grid's: the grid stands where it stands, with slack around it, and neither shrinks
//! nor spills.
//!
//! Every sheet states the number of its first page, so that it bears its own numbers
//! when it is printed alone.

use rust_xlsxwriter::Worksheet;

use super::{WorkbookError, place};
use crate::layout::Length;
use crate::layout::grid::{PAGE_MARK, PageFrame, Sheet};
use crate::layout::limits::MOST_PAGES;

/// Papers by Excel's number, in whole millimetres, upright.
const PAPERS: [(u8, i64, i64); 4] = [(8, 297, 420), (9, 210, 297), (12, 257, 364), (13, 182, 257)];
/// What a printer may add to a row or a column.
const SLACK: f64 = 0.015;
/// No printer prints nearer to the paper's edge.
const LEAST_MARGIN_MM: f64 = 5.0;
/// Excel's limit, in UTF-16 units.
const LONGEST_FOOT: usize = 255;

/// Sets up how the sheet is printed. Gives back the number at which it begins, where
/// it has numbers and that is not 1, which the library writes as it should: see
/// [`super::numbering`].
pub(super) fn set_up(
    worksheet: &mut Worksheet,
    sheet: &Sheet,
    name: &str,
    frame: &PageFrame,
    font: &str,
) -> Result<Option<u16>, WorkbookError> {
    set_paper(worksheet, frame)?;
    worksheet.set_print_fit_to_pages(1, 0);
    worksheet.set_margins(
        inches(frame.left),
        inches(with_slack(frame.right, frame.body_width())),
        inches(frame.top),
        inches(with_slack(frame.bottom, frame.body_height())),
        inches(frame.top) / 2.0,
        // Excel measures to the lowest point of the letters, the frame to their baseline.
        inches(frame.foot - frame.foot_size.times(0.12)).max(0.0),
    );
    if let (Some(row), Some(column)) = (sheet.rows.len().checked_sub(1), sheet.columns.len().checked_sub(1)) {
        let (row, column) = place(row, column, name)?;
        worksheet.set_print_area(0, 0, row, column)?;
    }
    if sheet.pages.len() > MOST_PAGES {
        return Err(WorkbookError::TooLarge { sheet: name.to_owned() });
    }
    let breaks = sheet.pages.iter().skip(1).map(|page| place(page.start, 0, name).map(|(row, _)| row));
    worksheet.set_page_breaks(&breaks.collect::<Result<Vec<u32>, _>>()?)?;
    if let Some(repeat) = sheet.repeat.clone().filter(|repeat| !repeat.is_empty()) {
        worksheet.set_repeat_rows(place(repeat.start, 0, name)?.0, place(repeat.end - 1, 0, name)?.0)?;
    }
    worksheet.set_header_footer_scale_with_doc(false);
    if !frame.head_text.is_empty() {
        worksheet.set_header(margin_line('R', &frame.head_text, frame, font)?);
    }
    let Some(first) = sheet.first_page else { return Ok(None) };
    let first = u16::try_from(first).map_err(|_| WorkbookError::TooLarge { sheet: name.to_owned() })?;
    worksheet.set_print_first_page_number(first);
    worksheet.set_footer(margin_line('C', &frame.foot_text, frame, font)?);
    Ok(Some(first).filter(|first| *first != 1))
}

/// The size of the paper and which way it lies.
pub(super) fn set_paper(worksheet: &mut Worksheet, frame: &PageFrame) -> Result<(), WorkbookError> {
    let (width, height) = (whole_mm(frame.width), whole_mm(frame.height));
    let upright = (width.min(height), width.max(height));
    let (paper, ..) = *PAPERS
        .iter()
        .find(|(_, short, long)| upright == (*short, *long))
        .ok_or(WorkbookError::UnknownPaper { width, height })?;
    worksheet.set_paper_size(paper);
    if width > height {
        worksheet.set_landscape();
    }
    Ok(())
}

/// The page number at the foot, or what stands at the head, in Excel's notation; `side` is L, C
/// or R.
fn margin_line(side: char, text: &str, frame: &PageFrame, font: &str) -> Result<String, WorkbookError> {
    let text = text.replace('&', "&&").replace(PAGE_MARK, "&P");
    let size = frame.foot_size.to_pt().round();
    // A digit right after the size would be read as part of it.
    let gap = if text.starts_with(|c: char| c.is_ascii_digit()) { " " } else { "" };
    let line = format!("&{side}&\"{font},標準\"&{size}{gap}{text}");
    if line.encode_utf16().count() > LONGEST_FOOT { Err(WorkbookError::FootTooLong) } else { Ok(line) }
}

/// A margin that leaves the body some room to grow.
fn with_slack(margin: Length, body: Length) -> Length {
    let least = Length::mm(LEAST_MARGIN_MM).min(margin);
    (margin - body.times(SLACK)).max(least)
}

fn whole_mm(length: Length) -> i64 {
    length.to_mm().round() as i64
}

/// In inches, to the hundredth of a millimetre: no float noise in the file.
fn inches(length: Length) -> f64 {
    (length.to_mm() / 25.4 * 10_000.0).round() / 10_000.0
}
