//! The sheet that shows a department how its answers will be printed.

use super::super::page::LEAST_MARGIN_MM;
use crate::exchange::Form;
use crate::layout::Length;
use crate::layout::grid::{
    Align, Borders, Cell, Colour, Content, Document, GridRow, PageFrame, Role, Sheet, Style, TableKind,
    VerticalAlign,
};

/// In points: 20 pixels, which the upper margins of our templates can spare.
const BAND_HEIGHT: f64 = 15.0;
/// In points.
const BAND_SIZE: f64 = 9.0;
const BAND_GROUND: Colour = Colour { red: 0xFF, green: 0xD9, blue: 0x66 };
const BAND_INK: Colour = Colour { red: 0xC0, green: 0, blue: 0 };

/// The document's sheets below each other, under a band that says what they are; no
/// contents, no links, pages numbered from 1.
pub(super) fn joined(document: &Document) -> Option<Sheet> {
    let is_contents = |sheet: &&Sheet| sheet.tables.iter().any(|table| table.kind == TableKind::Contents);
    let mut sheets = document.sheets.iter().filter(|sheet| !is_contents(sheet));
    let mut all = banded(sheets.next()?)?;
    for sheet in sheets {
        // Any other running head is that of one goal.
        (all.repeat, all.frozen_rows) = (Some(0..1), 1);
        let (rows, tables) = (all.rows.len(), all.tables.len());
        all.rows.extend(sheet.rows.iter().copied());
        all.tables.extend(sheet.tables.iter().cloned());
        all.pages.extend(sheet.pages.iter().map(|page| page.start + rows..page.end + rows));
        all.cells.extend(sheet.cells.iter().map(|cell| {
            let mut cell = cell.clone();
            cell.row += rows;
            cell.table = cell.table.map(|table| table + tables);
            cell
        }));
    }
    all.cells.iter_mut().for_each(|cell| cell.link = None);
    Some(all)
}

/// A sheet below the band, which stays in view and heads every page; behind it what heads
/// the later pages anyway, where it follows.
fn banded(sheet: &Sheet) -> Option<Sheet> {
    let style = Style {
        size: Length::pt(BAND_SIZE),
        leading: Length::pt(BAND_SIZE),
        bold: true,
        colour: BAND_INK,
        fill: Some(BAND_GROUND),
        align: Align::Left,
        valign: VerticalAlign::Middle,
        padding: Length::ZERO,
        space: Length::ZERO,
        borders: Borders::NONE,
    };
    let band = Cell {
        row: 0,
        row_span: 1,
        column: 0,
        column_span: sheet.columns.len(),
        style,
        content: Content::Text(Form::PREVIEW_BAND.to_owned()),
        lines: Vec::new(),
        role: Role::Paragraph,
        table: None,
        origins: Vec::new(),
        ..sheet.cells.first()?.clone()
    };
    let mut all = sheet.clone();
    all.cells.iter_mut().for_each(|cell| cell.row += 1);
    all.cells.insert(0, band);
    all.rows.insert(0, GridRow { height: Length::pt(BAND_HEIGHT) });
    all.pages.iter_mut().for_each(|page| *page = page.start + 1..page.end + 1);
    all.pages.first_mut()?.start = 0;
    let heads = sheet.repeat.as_ref().filter(|rows| rows.start == 0).map_or(0, |rows| rows.end);
    all.repeat = Some(0..heads + 1);
    all.frozen_rows = heads + 1;
    all.first_page = Some(1);
    Some(all)
}

/// The pages of the document, with the band in their upper margin.
pub(super) fn frame(document: &Document) -> PageFrame {
    let page = &document.page;
    let top = (page.top - Length::pt(BAND_HEIGHT)).max(Length::mm(LEAST_MARGIN_MM).min(page.top));
    PageFrame { top, ..page.clone() }
}
