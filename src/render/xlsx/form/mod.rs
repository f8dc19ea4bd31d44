//! 「記入票」: the workbook a department fills in.
//!
//! The first sheet asks; the second shows the department's own blocks as they will be
//! printed, from the same grid. What a clerk may change is unlocked and coloured, and
//! says so in words too. Protection has no password and validation stops nothing that
//! is pasted: both help the clerk, and everything is checked again when it comes back.
//!
//! What a plan's declared columns ask for stands on a sheet of its own ([`fields`]), where
//! a text has room.
//!
//! Keys are hidden in the first column, codes of columns in the first row, the file's
//! key in a hidden sheet and in the file's properties: see [`crate::exchange`].

mod fields;
mod figures;

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Formula, ProtectionOptions, Worksheet};
use unicode_width::UnicodeWidthStr;

use fields::FieldSheet;
use figures::FigureSheet;

use super::figure::figure;
use super::name::Names;
use super::package::saved;
use super::seal::{OPEN, SEAL, sealed};
use super::style::Formats;
use super::{WorkbookError, check_length, new_workbook, page, properties, sheet};
use crate::exchange::returned::PROPERTY;
use crate::exchange::{
    CLERK_HINT, CLERK_LABEL, FileKey, Form, FormRow, Frame, Label, OwnTexts, Page, RowKey, code, footer,
    is_large_change,
};
use crate::layout::grid::{Document, Sheet, TableKind};
use crate::plan::{Value, Vocabulary};
use crate::render::Meta;

/// The sheet to fill in.
const FORM: &str = "記入票";
/// The sheet of the file's key.
const KEYS: &str = "照会の識別番号";

const SIZE: f64 = 11.0;
/// A line at that size, in pixels, and what stands above and below the text.
const LINE_PIXELS: u32 = 19;
const AROUND_PIXELS: u32 = 10;
/// A half-width letter at that size.
const LETTER_PIXELS: u32 = 8;

/// The rows above the table.
const TITLE_ROW: u32 = 1;
const DEPARTMENT_ROW: u32 = 2;
const DUE_ROW: u32 = 3;
const CLERK_ROW: u32 = 4;
const HELP_ROW: u32 = 5;
const HEAD_ROW: u32 = 8;

const STILL_BLANK: u32 = 0xFF_D9_66;
const TO_CHECK: u32 = 0xF8_CB_AD;
const HEAD: u32 = 0xD9_E1_F2;
const RULE: u32 = 0x80_80_80;

/// Draws a form. `preview` is the department's part of the official document.
///
/// # Errors
/// Where Excel cannot hold it; see [`WorkbookError`].
pub fn form_to_bytes(
    form: &Form,
    preview: &Document,
    vocabulary: &Vocabulary,
    meta: &Meta,
    font: &str,
) -> Result<Vec<u8>, WorkbookError> {
    let mut workbook = new_workbook(font)?;
    let key = FileKey::of(form).to_text();
    workbook.set_properties(
        &properties(meta)?.set_custom_property(PROPERTY, key.as_str()).set_custom_property(SEAL, OPEN),
    );

    let mut formats = Formats::new(font, preview.rule);
    let pen = Pen { form, font };
    let frame = form.frame(vocabulary.words());
    let field_frame = form.field_frame();
    let mut sheets = Vec::new();
    // A department that is asked for words alone needs no empty table.
    if !form.figures().is_empty() || form.fields().is_empty() {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(FORM)?;
        FigureSheet::new(pen, &frame, vocabulary).draw(worksheet, &key, &mut formats)?;
        sheets.push(FORM);
    }
    if !form.fields().is_empty() {
        let is_first = sheets.is_empty();
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(Form::FIELDS)?;
        FieldSheet { pen, frame: &field_frame, vocabulary, is_first }.draw(worksheet, &key, &mut formats)?;
        sheets.push(Form::FIELDS);
    }

    let preview_sheet = joined(preview);
    let texts = own_texts(form, &frame, &field_frame, preview_sheet.as_ref()).to_cells();
    // On the form itself too, for sheets are copied into other books.
    for name in sheets {
        for (list, row) in texts.iter().zip(DEPARTMENT_ROW..HEAD_ROW) {
            workbook.worksheet_from_name(name)?.write_string(row, Form::KEY_COLUMN, list)?;
        }
    }
    if let Some(joined) = preview_sheet {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(Form::PREVIEW)?;
        let document = Document { sheets: vec![joined], ..preview.clone() };
        let names = Names { sheets: vec![Form::PREVIEW.to_owned()] };
        for sheet in &document.sheets {
            sheet::draw(worksheet, sheet, &names, &mut formats)?;
            // Numbered from 1, which needs nothing put right.
            page::set_up(worksheet, sheet, Form::PREVIEW, &document.page, font)?;
        }
        worksheet.protect();
    }

    let worksheet = workbook.add_worksheet();
    worksheet.set_name(KEYS)?;
    worksheet.write_string(0, 0, &key)?;
    for (list, row) in texts.iter().zip(1u32..) {
        worksheet.write_string(row, 0, list)?;
    }
    worksheet.set_very_hidden(true);
    sealed(&saved(&mut workbook)?)
}

/// What the form says before anybody has written in it.
fn own_texts(form: &Form, frame: &Frame, field_frame: &Frame, preview: Option<&Sheet>) -> OwnTexts {
    let mut texts = OwnTexts::default();
    frame.texts().for_each(|text| texts.add(Page::Form, text));
    for row in form.figures() {
        Label::ALL.into_iter().for_each(|label| texts.add(Page::Form, &row.label(label)));
        row.past.iter().for_each(|(_, value)| texts.add(Page::Form, value.printed()));
        texts.add(Page::Form, row.current.printed());
        texts.add(Page::Form, check_text(row));
    }
    if !form.fields().is_empty() {
        field_frame.texts().for_each(|text| texts.add(Page::Fields, text));
    }
    for row in form.fields() {
        FieldSheet::LABELS.into_iter().for_each(|label| texts.add(Page::Fields, &row.label(label)));
        texts.add(Page::Fields, row.current.printed());
        texts.add(Page::Fields, check_text(row));
    }
    for cell in preview.iter().flat_map(|sheet| &sheet.cells) {
        texts.add(Page::Preview, cell.text());
    }
    texts
}

/// The document's sheets below each other; no contents, no links, pages numbered from 1.
fn joined(document: &Document) -> Option<Sheet> {
    let is_contents = |sheet: &&Sheet| sheet.tables.iter().any(|table| table.kind == TableKind::Contents);
    let mut sheets = document.sheets.iter().filter(|sheet| !is_contents(sheet));
    let mut all = sheets.next()?.clone();
    all.first_page = Some(1);
    all.frozen_rows = 0;
    for sheet in sheets {
        // A running head is that of one goal.
        all.repeat = None;
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

/// What the sheets of a form have in common.
#[derive(Clone, Copy)]
struct Pen<'a> {
    form: &'a Form,
    font: &'a str,
}

impl Pen<'_> {
    fn base(self) -> Format {
        Format::new().set_font_name(self.font).set_font_charset(128).set_font_size(SIZE)
    }

    fn cell(self) -> Format {
        self.base()
            .set_border(FormatBorder::Thin)
            .set_border_color(RULE)
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
    }

    fn to_fill(self) -> Format {
        self.cell().set_background_color(Form::TO_FILL).set_unlocked()
    }

    /// The codes of the columns in the hidden row, the file's key in the hidden column.
    fn codes<'c>(
        self,
        sheet: &mut Worksheet,
        codes: impl IntoIterator<Item = (u16, &'c str)>,
        key: &str,
    ) -> Result<(), WorkbookError> {
        sheet.write_string(0, Form::KEY_COLUMN, code("id"))?;
        for (column, name) in codes {
            sheet.write_string(0, column, code(name))?;
        }
        sheet.write_string(TITLE_ROW, Form::KEY_COLUMN, key)?;
        sheet.set_row_hidden(0)?;
        sheet.set_column_hidden(Form::KEY_COLUMN)?;
        Ok(())
    }

    /// The lines above the table, up to its last column.
    fn head(
        self,
        sheet: &mut Worksheet,
        frame: &Frame,
        last: u16,
        asks_clerk: bool,
    ) -> Result<(), WorkbookError> {
        let line =
            |sheet: &mut Worksheet, row: u32, text: &str, format: &Format| -> Result<(), WorkbookError> {
                check_length(text, &sheet.name(), row, 1)?;
                sheet.merge_range(row, 1, row, last, text, format)?;
                Ok(())
            };
        line(sheet, TITLE_ROW, &frame.title, &self.base().set_font_size(16).set_bold())?;
        sheet.set_row_height_pixels(TITLE_ROW, 32)?;
        let bold = self.base().set_bold().set_font_size(12);
        line(sheet, DEPARTMENT_ROW, &frame.department, &bold)?;
        line(sheet, DUE_ROW, &frame.due, &bold)?;
        sheet.set_row_height_pixels(DEPARTMENT_ROW, 24)?.set_row_height_pixels(DUE_ROW, 24)?;
        let plain = self.base().set_align(FormatAlign::VerticalCenter);
        if asks_clerk {
            let label = self.cell().set_bold().set_background_color(HEAD);
            sheet.write_string_with_format(CLERK_ROW, 1, CLERK_LABEL, &label)?;
            sheet.write_blank(CLERK_ROW, 2, &self.to_fill())?;
            sheet.write_string_with_format(CLERK_ROW, 3, CLERK_HINT, &plain)?;
        }
        sheet.set_row_height_pixels(CLERK_ROW, 26)?;
        for (text, row) in frame.help.iter().zip(HELP_ROW..) {
            line(sheet, row, text, &plain)?;
            sheet.set_row_height_pixels(row, 22)?;
        }
        Ok(())
    }

    /// The head of the table; those of the columns `to_fill` stand out.
    fn table_head(self, sheet: &mut Worksheet, frame: &Frame, to_fill: &[u16]) -> Result<(), WorkbookError> {
        let head = self.cell().set_bold().set_background_color(HEAD).set_align(FormatAlign::Center);
        for (heading, column) in frame.headings.iter().zip(1u16..) {
            let is_input = to_fill.contains(&column);
            let format = if is_input { head.clone().set_background_color(STILL_BLANK) } else { head.clone() };
            sheet.write_string_with_format(HEAD_ROW, column, heading, &format)?;
        }
        sheet.set_row_height_pixels(HEAD_ROW, 48)?;
        Ok(())
    }

    /// The hidden key of a row.
    fn key(self, sheet: &mut Worksheet, line: u32, row: &FormRow) -> Result<(), WorkbookError> {
        let key = RowKey::of(self.form, row).to_text();
        check_length(&key, &sheet.name(), line, Form::KEY_COLUMN)?;
        sheet.write_string(line, Form::KEY_COLUMN, key)?;
        Ok(())
    }

    /// What a row is, in a column of so many letters. Gives the lines that it takes.
    fn label(
        self,
        sheet: &mut Worksheet,
        (line, column): (u32, u16),
        text: &str,
        width: u32,
        is_centered: bool,
    ) -> Result<u32, WorkbookError> {
        check_length(text, &sheet.name(), line, column)?;
        // An indent keeps a text off the number beside it; it takes some three letters.
        let room = width - if is_centered { 0 } else { 2 };
        let format = if is_centered {
            self.cell().set_align(FormatAlign::Center)
        } else {
            self.cell().set_align(FormatAlign::Left).set_indent(1)
        };
        sheet.write_string_with_format(line, column, text, &format)?;
        Ok(lines_of(text, room))
    }

    /// A figure as the number it states under the format that prints it, or its text.
    fn value(
        self,
        sheet: &mut Worksheet,
        line: u32,
        column: u16,
        value: &Value,
        format: &Format,
        formats: &mut Formats<'_>,
    ) -> Result<(), WorkbookError> {
        let figure = value.quantity().and_then(figure).filter(|figure| formats.takes(&figure.format));
        match figure {
            Some(figure) => {
                let format = format.clone().set_num_format(figure.format);
                sheet.write_number_with_format(line, column, figure.number, &format)?;
            }
            None if value.is_reported() => {
                check_length(value.printed(), &sheet.name(), line, column)?;
                sheet.write_string_with_format(line, column, value.printed(), format)?;
            }
            None => {
                sheet.write_blank(line, column, format)?;
            }
        }
        Ok(())
    }

    /// What 「確認」 says of a row.
    fn check(
        self,
        sheet: &mut Worksheet,
        (line, column): (u32, u16),
        formula: &str,
        row: &FormRow,
    ) -> Result<(), WorkbookError> {
        let check = Formula::new(formula).set_result(check_text(row));
        let format = self.cell().set_bold().set_font_color(0xC0_00_00_u32);
        sheet.write_formula_with_format(line, column, check, &format)?;
        Ok(())
    }

    /// Protection, panes, and the page to print.
    fn finish(self, sheet: &mut Worksheet, input: u16, frozen: u16) -> Result<(), WorkbookError> {
        // A clerk may widen a column and filter; what is sorted or deleted all the same
        // is found by its key.
        sheet.protect_with_options(&ProtectionOptions {
            format_columns: true,
            format_rows: true,
            ..ProtectionOptions::new()
        });
        sheet.set_freeze_panes(HEAD_ROW + 1, frozen)?;
        sheet.set_selection(HEAD_ROW + 1, input, HEAD_ROW + 1, input)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
        sheet.set_repeat_rows(HEAD_ROW, HEAD_ROW)?;
        sheet.set_footer(format!("&L&9{}&C&9&P / &N", amp(&footer(self.form.year, &self.form.department))));
        Ok(())
    }
}

fn check_text(row: &FormRow) -> &'static str {
    if !row.current.is_reported() {
        Form::STILL_BLANK
    } else if is_large_change(row.last_year(), &row.current) {
        Form::LARGE_CHANGE
    } else {
        ""
    }
}

/// A footer's own signs, as text.
fn amp(text: &str) -> String {
    text.replace('&', "&&")
}

/// Lines of a text in a column of so many half-width letters. Words are not measured
/// here: a letter of slack a line makes up for how Excel breaks them.
pub(super) fn lines_of(text: &str, width: u32) -> u32 {
    let room = width.saturating_sub(1).max(2) as usize;
    let lines: usize = text.split('\n').map(|line| line.width_cjk().div_ceil(room).max(1)).sum();
    u32::try_from(lines).unwrap_or(u32::MAX)
}

/// The height of a row of so many lines; Excel has no higher than 409 points.
pub(super) fn row_pixels(lines: u32) -> u32 {
    (lines.saturating_mul(LINE_PIXELS)).saturating_add(AROUND_PIXELS).clamp(30, 545)
}
