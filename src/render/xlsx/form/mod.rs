//! 「記入票」: the workbook a department fills in.
//!
//! The first sheet asks ([`figures`]); the last shows the department's own blocks as they
//! will be printed, from the same grid ([`preview`]). What a clerk may change is unlocked and coloured, and
//! says so in words too. Protection has no password and validation stops nothing that
//! is pasted: both help the clerk, and everything is checked again when it comes back.
//!
//! What a plan's declared columns ask for stands on a sheet of its own ([`fields`]), where
//! a text has room. Above each table stands one row ([`head`]) with all that is to be
//! known, and a form opens so that a small screen shows what is to be filled in
//! ([`screen`]).
//!
//! Keys are hidden in the first column, codes of columns in the first row, the file's
//! key in a hidden sheet and in the file's properties: see [`crate::exchange`].

mod fields;
mod figures;
mod head;
mod preview;
mod screen;

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Formula, ProtectionOptions, Worksheet};
use unicode_width::UnicodeWidthStr;

use fields::FieldSheet;
use figures::FigureSheet;
use screen::View;

use super::figure::figure;
use super::name::Names;
use super::package::saved;
use super::seal::{OPEN, SEAL, sealed};
use super::style::Formats;
use super::{WorkbookError, check_length, new_workbook, page, place, properties, sheet};
use crate::exchange::returned::PROPERTY;
use crate::exchange::{
    FileKey, Form, FormRow, Frame, Label, OwnTexts, Page, RowKey, footer, is_large_change,
};
use crate::layout::grid::{Document, Sheet};
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
/// A half-width letter at that size, in pixels, and the unit of the columns' widths.
const LETTER: f64 = SIZE / 2.0 * 96.0 / 72.0;
const LETTER_PIXELS: u32 = 8;
/// What Excel leaves at a cell's sides, and an indent: three blanks of the workbook's font.
const PADDING_PIXELS: u32 = 6;
const INDENT_PIXELS: u32 = 24;

/// The rows above the table; above them is one of codes, which is hidden.
const TITLE_ROW: u32 = 1;
const HEAD_ROW: u32 = 2;

const STILL_BLANK: u32 = 0xFF_D9_66;
const TO_CHECK: u32 = 0xF8_CB_AD;
const WARNING: u32 = 0xC0_00_00;
const HEAD: u32 = 0xD9_E1_F2;
const RULE: u32 = 0x80_80_80;
/// A name that is that of the row above.
const REPEATED: u32 = 0x76_76_76;

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
        let figures = FigureSheet::new(pen, &frame, vocabulary);
        figures.draw(worksheet, &key, &mut formats)?;
        sheets.push((FORM, figures.behind()));
    }
    if !form.fields().is_empty() {
        let is_first = sheets.is_empty();
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(Form::FIELDS)?;
        FieldSheet { pen, frame: &field_frame, vocabulary, is_first }.draw(worksheet, &key, &mut formats)?;
        sheets.push((Form::FIELDS, FieldSheet::BEHIND));
    }

    let preview_sheet = preview::joined(preview);
    let texts = own_texts(form, &frame, &field_frame, preview_sheet.as_ref()).to_cells();
    // On the form itself too, for sheets are copied into other books.
    for (name, behind) in sheets {
        for (list, column) in texts.iter().zip(behind..) {
            workbook.worksheet_from_name(name)?.write_string(0, column, list)?;
        }
    }
    if let Some(sheet) = preview_sheet {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(Form::PREVIEW)?;
        let names = Names { sheets: vec![Form::PREVIEW.to_owned()] };
        sheet::draw(worksheet, &sheet, &names, &mut formats)?;
        // Numbered from 1, which needs nothing put right.
        page::set_up(worksheet, &sheet, Form::PREVIEW, &preview::frame(preview), font)?;
        worksheet.protect();
    }

    keep_keys(workbook.add_worksheet(), &key, &texts)?;
    sealed(&saved(&mut workbook)?)
}

/// The hidden sheet with the file's key, and below it what the form said when it was sent out.
fn keep_keys(worksheet: &mut Worksheet, key: &str, texts: &[String]) -> Result<(), WorkbookError> {
    worksheet.set_name(KEYS)?;
    worksheet.write_string(0, 0, key)?;
    for (list, row) in texts.iter().zip(1u32..) {
        worksheet.write_string(row, 0, list)?;
    }
    worksheet.set_very_hidden(true);
    Ok(())
}

/// What the form says before anybody has written in it.
fn own_texts(form: &Form, frame: &Frame, field_frame: &Frame, preview: Option<&Sheet>) -> OwnTexts {
    let mut texts = OwnTexts::default();
    frame.texts().for_each(|text| texts.add(Page::Form, &text));
    for row in form.figures() {
        Label::ALL.into_iter().for_each(|label| texts.add(Page::Form, &row.label(label)));
        row.past.iter().for_each(|(_, value)| texts.add(Page::Form, value.printed()));
        texts.add(Page::Form, row.current.printed());
        texts.add(Page::Form, check_text(row));
    }
    if !form.fields().is_empty() {
        field_frame.texts().for_each(|text| texts.add(Page::Fields, &text));
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

    /// The hidden key of a row.
    fn key(self, sheet: &mut Worksheet, line: u32, row: &FormRow) -> Result<(), WorkbookError> {
        let key = RowKey::of(self.form, row).to_text();
        check_length(&key, &sheet.name(), line, Form::KEY_COLUMN)?;
        sheet.write_string(line, Form::KEY_COLUMN, key)?;
        Ok(())
    }

    /// What a row is; in grey where the row above says the same.
    fn label(
        self,
        sheet: &mut Worksheet,
        (line, column): (u32, u16),
        label: Label,
        row: &FormRow,
        above: Option<&FormRow>,
    ) -> Result<(), WorkbookError> {
        let text = row.label(label);
        check_length(&text, &sheet.name(), line, column)?;
        let format = match is_centered(label) {
            true => self.cell().set_align(FormatAlign::Center),
            false => self.cell().set_align(FormatAlign::Left).set_indent(1),
        };
        let is_repeated = above.is_some_and(|above| repeats(label, row, above));
        let format = if is_repeated { format.set_font_color(REPEATED) } else { format };
        sheet.write_string_with_format(line, column, &text, &format)?;
        Ok(())
    }

    /// A figure as the number it states under the format that prints it, or its text.
    fn value(
        self,
        sheet: &mut Worksheet,
        (line, column): (u32, u16),
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
        let format = self.cell().set_bold().set_align(FormatAlign::Center).set_font_color(WARNING);
        sheet.write_formula_with_format(line, column, check, &format)?;
        Ok(())
    }

    /// Protection, panes, what shows when it opens, and the page to print.
    fn finish(
        self,
        sheet: &mut Worksheet,
        input: u16,
        frozen: u16,
        view: &View,
    ) -> Result<(), WorkbookError> {
        // A clerk may widen a column and filter; what is sorted or deleted all the same
        // is found by its key.
        sheet.protect_with_options(&ProtectionOptions {
            format_columns: true,
            format_rows: true,
            ..ProtectionOptions::new()
        });
        sheet.set_freeze_panes(HEAD_ROW + 1, frozen)?;
        sheet.set_freeze_panes_top_cell(HEAD_ROW + 1, place(0, view.first, &sheet.name())?.1)?;
        sheet.set_zoom(view.zoom);
        sheet.set_selection(HEAD_ROW + 1, input, HEAD_ROW + 1, input)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
        sheet.set_repeat_rows(HEAD_ROW, HEAD_ROW)?;
        sheet.set_footer(format!("&L&9{}&C&9&P / &N", amp(&footer(self.form.year, &self.form.department))));
        Ok(())
    }
}

fn is_centered(label: Label) -> bool {
    matches!(label, Label::Number | Label::Unit)
}

/// The lines that a label takes in a column of so many pixels.
fn label_lines(text: &str, label: Label, pixels: u32) -> u32 {
    lines_of(text, letters_in(pixels, !is_centered(label)))
}

/// Whether a row says the same of what it belongs to as the row above: of a number only
/// where the name is the same too.
fn repeats(label: Label, row: &FormRow, above: &FormRow) -> bool {
    let is_same = |label: Label| row.label(label) == above.label(label);
    match label {
        Label::Owner => is_same(Label::Owner),
        Label::Number => is_same(Label::Owner) && is_same(Label::Number),
        _ => false,
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

/// A column of so many half-width letters; none for a hidden one.
fn column_pixels(letters: u32) -> u32 {
    if letters == 0 { 0 } else { letters * LETTER_PIXELS + 10 }
}

/// The half-width letters that stand side by side in a column of so many pixels. One in
/// thirty is left for how Excel rounds at other zooms.
fn letters_in(pixels: u32, is_indented: bool) -> u32 {
    let around = PADDING_PIXELS + if is_indented { INDENT_PIXELS } else { 0 };
    (f64::from(pixels.saturating_sub(around)) * 0.97 / LETTER) as u32
}

/// Lines of a text in a column of so many half-width letters. Words are not measured
/// here: where it has to be broken, a letter of slack a line makes up for how Excel does.
pub(super) fn lines_of(text: &str, room: u32) -> u32 {
    let room = room.max(3) as usize;
    let lines = |width: usize| if width <= room { 1 } else { width.div_ceil(room - 1) };
    let lines: usize = text.split('\n').map(|line| lines(line.width_cjk())).sum();
    u32::try_from(lines).unwrap_or(u32::MAX)
}

/// The height of a row of so many lines; Excel has no higher than 409 points.
fn row_pixels(lines: u32) -> u32 {
    (lines.saturating_mul(LINE_PIXELS)).saturating_add(AROUND_PIXELS).clamp(30, 545)
}
