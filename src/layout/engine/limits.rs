//! What a worksheet of Excel can hold. The grid keeps to it, so that the workbook and
//! the PDF are drawings of one and the same grid; what cannot be kept is refused with
//! its place in the master, before anything is drawn.
//!
//! Source: "Excel specifications and limits" (Microsoft Support).

use super::block::{Block, PIXEL_PT};
use crate::layout::Length;
use crate::layout::grid::{Cell, GridRow, Role, Sheet};

/// The tallest row, in points.
const TALLEST_ROW_PT: f64 = 409.5;
/// The longest text of a cell, in UTF-16 units.
pub const LONGEST_TEXT: usize = 32_767;
/// The most pages of a sheet: one more than the page breaks that Excel takes. Its
/// documentation says 1,026; it keeps 1,023.
pub const MOST_PAGES: usize = 1_024;

/// What a document may weigh: see [`weight`]. A template of many empty rows, or one long
/// 目的 that is shown again in a thousand places, makes much of a small master.
pub(crate) const MOST_WEIGHT: usize = 1_900_000;

/// What blocks cost to draw, in letters of some 90 bytes each: a cell that is read aloud,
/// with its place in the structure of the PDF, costs as much as forty, another as ten.
pub(crate) fn weight(blocks: &[Block]) -> usize {
    let cells = blocks.iter().flat_map(|block| &block.cells);
    let own = |cell: &Cell| if cell.role == Role::Artifact { 10 } else { 40 };
    cells.map(|cell| own(cell) + cell.text().chars().count()).sum()
}

/// The text of a cell of a block that no cell of Excel holds; `None` where all are held.
pub(crate) fn too_long(block: &Block) -> Option<&Cell> {
    block.cells.iter().find(|cell| !holds(cell.text()))
}

/// Whether a cell of Excel holds a text.
pub(crate) fn holds(text: &str) -> bool {
    // UTF-16 is never longer than UTF-8: most texts need no counting.
    text.len() <= LONGEST_TEXT || text.encode_utf16().count() <= LONGEST_TEXT
}

/// Divides each row that is taller than Excel's tallest into rows that are not. Nothing
/// looks different: every cell that stood in the row spans all of them, and no page
/// ends between them.
pub(crate) fn divide_tall_rows(mut sheet: Sheet) -> Sheet {
    let (pixel, tallest) = (Length::pt(PIXEL_PT), Length::pt(TALLEST_ROW_PT));
    if sheet.rows.iter().all(|row| row.height <= tallest) {
        return sheet;
    }
    let mut rows = Vec::with_capacity(sheet.rows.len() + 8);
    // Where each row begins now; the end of the last at the end.
    let mut begins = Vec::with_capacity(sheet.rows.len() + 1);
    for row in &sheet.rows {
        begins.push(rows.len());
        let parts = (row.height.emu().max(1) as u64).div_ceil(tallest.emu() as u64) as i64;
        let part = (row.height / parts).up_to_multiple_of(pixel);
        rows.extend((1..parts).map(|_| GridRow { height: part }));
        rows.push(GridRow { height: row.height - part * (parts - 1) });
    }
    begins.push(rows.len());
    // Every place counted in rows is the beginning of one, or the end of the last.
    let now = |row: usize| begins.get(row).copied().unwrap_or(rows.len());
    for cell in &mut sheet.cells {
        let (first, end) = (now(cell.row), now(cell.row + cell.row_span));
        (cell.row, cell.row_span) = (first, end - first);
    }
    for page in sheet.pages.iter_mut().chain(&mut sheet.repeat) {
        *page = now(page.start)..now(page.end);
    }
    sheet.frozen_rows = now(sheet.frozen_rows);
    sheet.rows = rows;
    sheet
}
