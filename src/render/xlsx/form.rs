//! 「記入票」: the workbook a department fills in.
//!
//! The first sheet asks; the second shows the department's own blocks as they will be
//! printed, from the same grid. What a clerk may change is unlocked and coloured, and
//! says so in words too. Protection has no password and validation stops nothing that
//! is pasted: both help the clerk, and everything is checked again when it comes back.
//!
//! Keys are hidden in the first column, codes of columns in the first row, the file's
//! key in a hidden sheet and in the file's properties: see [`crate::exchange`].

use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder,
    Formula, ProtectionOptions, Worksheet, row_col_to_cell,
};
use unicode_width::UnicodeWidthStr;

use super::figure::figure;
use super::name::Names;
use super::package::saved;
use super::seal::{OPEN, SEAL, sealed};
use super::style::Formats;
use super::{WorkbookError, check_length, new_workbook, page, place, properties, sheet};
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
const KEYS: &str = "照会の鍵";

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

/// Column widths in half-width letters, up to the first year.
const WIDTHS: [u32; 6] = [8, 26, 30, 9, 11, 20];
const YEAR_WIDTH: u32 = 12;
const INPUT_WIDTH: u32 = 15;
const REMARK_WIDTH: u32 = 30;
const CHECK_WIDTH: u32 = 20;

/// What Excel takes as a formula of validation.
const LONGEST_VALIDATION: usize = 250;

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
    let worksheet = workbook.add_worksheet();
    worksheet.set_name(FORM)?;
    let frame = form.frame(vocabulary.words());
    let drawer = Drawer { form, frame: &frame, font, vocabulary, columns: FormColumns::of(form) };
    drawer.draw(worksheet, &key, &mut formats)?;

    let preview_sheet = joined(preview);
    let texts = own_texts(form, &frame, preview_sheet.as_ref()).to_cells();
    // On the form itself too, for sheets are copied into other books.
    for (list, row) in texts.iter().zip(DEPARTMENT_ROW..HEAD_ROW) {
        workbook.worksheet_from_name(FORM)?.write_string(row, Form::KEY_COLUMN, list)?;
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
fn own_texts(form: &Form, frame: &Frame, preview: Option<&Sheet>) -> OwnTexts {
    let mut texts = OwnTexts::default();
    frame.texts().for_each(|text| texts.add(Page::Form, text));
    for row in &form.rows {
        Label::ALL.into_iter().for_each(|label| texts.add(Page::Form, &row.label(label)));
        row.past.iter().for_each(|(_, value)| texts.add(Page::Form, value.printed()));
        texts.add(Page::Form, row.current.printed());
        texts.add(Page::Form, check_text(row));
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

/// Which column holds what.
struct FormColumns {
    years: u16,
    input: u16,
    remark: u16,
    check: u16,
}

impl FormColumns {
    fn of(form: &Form) -> Self {
        let years = form.rows.first().map_or(0, |row| row.past.len());
        // A plan of more years than a sheet has columns does not get this far.
        let years = u16::try_from(years).unwrap_or(0);
        let input = Form::FIRST_YEAR_COLUMN + years;
        Self { years, input, remark: input + 1, check: input + 2 }
    }

    fn width(&self, column: u16) -> u32 {
        match column {
            c if c == self.input => INPUT_WIDTH,
            c if c == self.remark => REMARK_WIDTH,
            c if c == self.check => CHECK_WIDTH,
            c if c >= Form::FIRST_YEAR_COLUMN => YEAR_WIDTH,
            c => WIDTHS.get(usize::from(c).wrapping_sub(1)).copied().unwrap_or(YEAR_WIDTH),
        }
    }
}

struct Drawer<'a> {
    form: &'a Form,
    frame: &'a Frame,
    font: &'a str,
    vocabulary: &'a Vocabulary,
    columns: FormColumns,
}

impl Drawer<'_> {
    fn base(&self) -> Format {
        Format::new().set_font_name(self.font).set_font_charset(128).set_font_size(SIZE)
    }

    fn cell(&self) -> Format {
        self.base()
            .set_border(FormatBorder::Thin)
            .set_border_color(RULE)
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
    }

    fn to_fill(&self) -> Format {
        self.cell().set_background_color(Form::TO_FILL).set_unlocked()
    }

    fn draw(&self, sheet: &mut Worksheet, key: &str, formats: &mut Formats<'_>) -> Result<(), WorkbookError> {
        sheet.set_screen_gridlines(false);
        for column in 1..=self.columns.check {
            sheet.set_column_width_pixels(column, self.columns.width(column) * LETTER_PIXELS + 10)?;
        }
        self.codes(sheet, key)?;
        self.head(sheet)?;
        self.table_head(sheet)?;
        for (at, row) in self.form.rows.iter().enumerate() {
            let (line, _) = place(HEAD_ROW as usize + 1 + at, 0, FORM)?;
            self.row(sheet, line, row, formats)?;
        }
        if let Some(last) = self.form.rows.len().checked_sub(1) {
            let (last, _) = place(HEAD_ROW as usize + 1 + last, 0, FORM)?;
            self.warnings(sheet, last)?;
            sheet.set_print_area(TITLE_ROW, 1, last, self.columns.check)?;
        }
        // A clerk may widen a column and filter; what is sorted or deleted all the same
        // is found by its key.
        sheet.protect_with_options(&ProtectionOptions {
            format_columns: true,
            format_rows: true,
            ..ProtectionOptions::new()
        });
        sheet.set_freeze_panes(HEAD_ROW + 1, Form::ITEM_COLUMN + 1)?;
        sheet.set_selection(HEAD_ROW + 1, self.columns.input, HEAD_ROW + 1, self.columns.input)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
        sheet.set_repeat_rows(HEAD_ROW, HEAD_ROW)?;
        sheet.set_footer(format!("&L&9{}&C&9&P / &N", amp(&footer(self.form.year, &self.form.department))));
        Ok(())
    }

    /// The hidden row and column.
    fn codes(&self, sheet: &mut Worksheet, key: &str) -> Result<(), WorkbookError> {
        sheet.write_string(0, Form::KEY_COLUMN, code("id"))?;
        for (label, column) in Label::ALL.into_iter().zip(Form::KEY_COLUMN + 1..) {
            sheet.write_string(0, column, code(label.code()))?;
        }
        let years = self.form.rows.first().map(|row| row.past.as_slice()).unwrap_or_default();
        for ((year, _), column) in years.iter().zip(Form::FIRST_YEAR_COLUMN..) {
            sheet.write_string(0, column, code(&year.to_string()))?;
        }
        sheet.write_string(0, self.columns.input, code("input"))?;
        sheet.write_string(0, self.columns.remark, code("remark"))?;
        sheet.write_string(0, self.columns.check, code("check"))?;
        sheet.write_string(TITLE_ROW, Form::KEY_COLUMN, key)?;
        sheet.set_row_hidden(0)?;
        sheet.set_column_hidden(Form::KEY_COLUMN)?;
        Ok(())
    }

    fn head(&self, sheet: &mut Worksheet) -> Result<(), WorkbookError> {
        let (frame, last) = (self.frame, self.columns.check);
        let line =
            |sheet: &mut Worksheet, row: u32, text: &str, format: &Format| -> Result<(), WorkbookError> {
                check_length(text, FORM, row, 1)?;
                sheet.merge_range(row, 1, row, last, text, format)?;
                Ok(())
            };
        line(sheet, TITLE_ROW, &frame.title, &self.base().set_font_size(16).set_bold())?;
        sheet.set_row_height_pixels(TITLE_ROW, 32)?;
        let bold = self.base().set_bold().set_font_size(12);
        line(sheet, DEPARTMENT_ROW, &frame.department, &bold)?;
        line(sheet, DUE_ROW, &frame.due, &bold)?;
        sheet.set_row_height_pixels(DEPARTMENT_ROW, 24)?.set_row_height_pixels(DUE_ROW, 24)?;
        sheet.write_string_with_format(
            CLERK_ROW,
            1,
            CLERK_LABEL,
            &self.cell().set_bold().set_background_color(HEAD),
        )?;
        sheet.write_blank(CLERK_ROW, 2, &self.to_fill())?;
        let plain = self.base().set_align(FormatAlign::VerticalCenter);
        sheet.write_string_with_format(CLERK_ROW, 3, CLERK_HINT, &plain)?;
        sheet.set_row_height_pixels(CLERK_ROW, 26)?;
        for (text, row) in frame.help.iter().zip(HELP_ROW..) {
            line(sheet, row, text, &plain)?;
            sheet.set_row_height_pixels(row, 22)?;
        }
        Ok(())
    }

    fn table_head(&self, sheet: &mut Worksheet) -> Result<(), WorkbookError> {
        let head = self.cell().set_bold().set_background_color(HEAD).set_align(FormatAlign::Center);
        for (heading, column) in self.frame.headings.iter().zip(1u16..) {
            let is_input = column == self.columns.input || column == self.columns.remark;
            let format = if is_input { head.clone().set_background_color(STILL_BLANK) } else { head.clone() };
            sheet.write_string_with_format(HEAD_ROW, column, heading, &format)?;
        }
        sheet.set_row_height_pixels(HEAD_ROW, 48)?;
        Ok(())
    }

    fn row(
        &self,
        sheet: &mut Worksheet,
        line: u32,
        row: &FormRow,
        formats: &mut Formats<'_>,
    ) -> Result<(), WorkbookError> {
        let key = RowKey::of(self.form, row).to_text();
        check_length(&key, FORM, line, Form::KEY_COLUMN)?;
        sheet.write_string(line, Form::KEY_COLUMN, key)?;
        let mut lines = 1;
        let cell = self.cell();
        let labels = Label::ALL.into_iter().zip(Form::KEY_COLUMN + 1..);
        for (label, column) in labels.filter(|(label, _)| *label != Label::Baseline) {
            let text = &row.label(label);
            check_length(text, FORM, line, column)?;
            // An indent keeps a text off the number beside it; it takes some three letters.
            let center = matches!(label, Label::Number | Label::Unit);
            let room = self.columns.width(column) - if center { 0 } else { 2 };
            lines = lines.max(lines_of(text, room));
            let format = if center {
                cell.clone().set_align(FormatAlign::Center)
            } else {
                cell.clone().set_align(FormatAlign::Left).set_indent(1)
            };
            sheet.write_string_with_format(line, column, text, &format)?;
        }
        self.value(sheet, line, 5, &row.baseline, &cell, formats)?;
        for ((_, value), column) in row.past.iter().zip(Form::FIRST_YEAR_COLUMN..) {
            self.value(sheet, line, column, value, &cell, formats)?;
        }
        self.input(sheet, line, row, formats)?;
        sheet.write_blank(line, self.columns.remark, &self.to_fill())?;
        let check = Formula::new(self.check_formula(line)).set_result(check_text(row));
        sheet.write_formula_with_format(
            line,
            self.columns.check,
            check,
            &cell.set_bold().set_font_color(0xC0_00_00_u32),
        )?;
        sheet.set_row_height_pixels(line, row_pixels(lines))?;
        Ok(())
    }

    /// A figure as the number it states under the format that prints it, or its text.
    fn value(
        &self,
        sheet: &mut Worksheet,
        line: u32,
        column: u16,
        value: &Value,
        format: &Format,
        formats: &mut Formats<'_>,
    ) -> Result<(), WorkbookError> {
        let format = format.clone().set_align(FormatAlign::Right);
        let figure = value.quantity().and_then(figure).filter(|figure| formats.takes(&figure.format));
        match figure {
            Some(figure) => {
                let format = format.set_num_format(figure.format);
                sheet.write_number_with_format(line, column, figure.number, &format)?;
            }
            None if value.is_reported() => {
                check_length(value.printed(), FORM, line, column)?;
                sheet.write_string_with_format(line, column, value.printed(), &format)?;
            }
            None => {
                sheet.write_blank(line, column, &format)?;
            }
        }
        Ok(())
    }

    /// The cell to fill in, under the number format of the row.
    fn input(
        &self,
        sheet: &mut Worksheet,
        line: u32,
        row: &FormRow,
        formats: &mut Formats<'_>,
    ) -> Result<(), WorkbookError> {
        let column = self.columns.input;
        let usual = row.notation.as_ref().and_then(|notation| figure(notation.model()));
        let mut format = self.to_fill().set_bold().set_border(FormatBorder::Medium).set_border_color(RULE);
        if let Some(usual) = usual.filter(|usual| formats.takes(&usual.format)) {
            format = format.set_num_format(usual.format);
        }
        self.value(sheet, line, column, &row.current, &format, formats)?;
        sheet.add_data_validation(line, column, line, column, &self.validation(line, row)?)?;
        Ok(())
    }

    fn validation(&self, line: u32, row: &FormRow) -> Result<DataValidation, WorkbookError> {
        let cell = row_col_to_cell(line, self.columns.input);
        let least = match &row.notation {
            Some(notation) if notation.is_signed() => format!("ISNUMBER({cell})"),
            Some(_) => format!("IF(ISNUMBER({cell}),{cell}>=0,FALSE)"),
            None => format!("ISTEXT({cell})"),
        };
        let mut rule = format!("OR({least}");
        let marks = ["—", "-", "－"].map(str::to_owned);
        for word in marks.iter().chain(self.vocabulary.words()) {
            let more = format!(",{cell}=\"{}\"", word.replace('"', "\"\""));
            if rule.encode_utf16().count() + more.encode_utf16().count() < LONGEST_VALIDATION {
                rule.push_str(&more);
            }
        }
        rule.push(')');
        let words = self.vocabulary.words().iter().take(4).cloned().collect::<Vec<_>>().join("」「");
        let (prompt, message) = match &row.notation {
            Some(notation) => {
                let unit = if notation.unit().is_empty() { "なし" } else { notation.unit() };
                let unit: String = unit.chars().take(20).collect();
                (
                    format!("数字だけを入力します（単位 {unit}）。該当なしは「—」。"),
                    format!("0以上の数字か、「—」「{words}」のどれかを入力してください。単位は要りません。"),
                )
            }
            None => (
                "初めての項目です。「3件」のように、単位を付けて入力します。".to_owned(),
                format!(
                    "「3件」のように単位を付けて入力するか、「—」「{words}」のどれかを入力してください。"
                ),
            ),
        };
        let short = |text: String, most: usize| text.chars().take(most).collect::<String>();
        Ok(DataValidation::new()
            .allow_custom(Formula::new(rule))
            .ignore_blank(true)
            .set_input_title(short(format!("{}の実績", self.form.year.long()), 30))?
            .set_input_message(short(prompt, 250))?
            .set_error_title("この値は入力できません")?
            .set_error_message(short(message, 220))?
            .set_error_style(DataValidationErrorStyle::Stop))
    }

    /// Whether the answer differs from last year's by more than half of it, and no
    /// reason is given. Each test stands in its own IF: AND would compute with texts.
    fn large_change(&self, line: u32) -> Option<String> {
        let last_year = self.columns.years.checked_sub(1)? + Form::FIRST_YEAR_COLUMN;
        let cell = |column: u16| format!("${}", row_col_to_cell(line, column));
        let (input, last, remark) = (cell(self.columns.input), cell(last_year), cell(self.columns.remark));
        Some(format!(
            "IF(ISNUMBER({input}),IF(ISNUMBER({last}),IF(ABS({input}-{last})>ABS({last})/2,LEN(TRIM({remark}))=0,FALSE),FALSE),FALSE)"
        ))
    }

    fn check_formula(&self, line: u32) -> String {
        let input = format!("${}", row_col_to_cell(line, self.columns.input));
        let large = self
            .large_change(line)
            .map_or("\"\"".to_owned(), |large| format!("IF({large},\"{}\",\"\")", Form::LARGE_CHANGE));
        format!("=IF(LEN(TRIM({input}))=0,\"{}\",{large})", Form::STILL_BLANK)
    }

    /// Colours that follow what is typed; the words stand in the last column.
    fn warnings(&self, sheet: &mut Worksheet, last: u32) -> Result<(), WorkbookError> {
        let (first, input) = (HEAD_ROW + 1, self.columns.input);
        if let Some(large) = self.large_change(first) {
            let rule = ConditionalFormatFormula::new()
                .set_rule(format!("={large}").as_str())
                .set_format(Format::new().set_background_color(TO_CHECK));
            sheet.add_conditional_format(first, input, last, input, &rule)?;
        }
        let blank = ConditionalFormatFormula::new()
            .set_rule(format!("=LEN(TRIM(${}))=0", row_col_to_cell(first, input)).as_str())
            .set_format(Format::new().set_background_color(STILL_BLANK));
        sheet.add_conditional_format(first, input, last, input, &blank)?;
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
