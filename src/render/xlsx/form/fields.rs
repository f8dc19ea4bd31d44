//! The sheet that asks for what the plan's declared columns hold: texts, choices, figures.
//!
//! One row for each row of the plan and each column. The master's own text stands in the
//! cell to fill in, so that a clerk changes it in its place.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, Format, FormatAlign, FormatBorder,
    Worksheet, row_col_to_cell,
};

use super::super::figure::figure;
use super::super::style::Formats;
use super::super::{WorkbookError, check_length, place};
use super::figures::{LONGEST_VALIDATION, validation};
use super::head::Head;
use super::screen::View;
use super::{HEAD_ROW, Pen, RULE, TITLE_ROW, column_pixels, label_lines, letters_in, lines_of, row_pixels};
use crate::exchange::{AskedField, Form, FormRow, Frame, LONGEST_ANSWER, Label};
use crate::plan::Vocabulary;
use crate::settings::FieldForm;

/// Column widths in half-width letters, from the number to 「確認」.
const WIDTHS: [u32; 5] = [8, 30, 20, 84, 13];
const CHECK_COLUMN: u16 = Form::FIELD_COLUMN + 1;
/// A text has room for so many lines at least.
const LEAST_LINES: u32 = 5;

/// Draws the sheet.
pub(super) struct FieldSheet<'a> {
    pub pen: Pen<'a>,
    pub frame: &'a Frame,
    pub vocabulary: &'a Vocabulary,
    /// Whether it is the only one to fill in.
    pub is_first: bool,
}

impl FieldSheet<'_> {
    /// What is said of a row.
    pub(super) const LABELS: [Label; 3] = [Label::Number, Label::Owner, Label::Item];
    /// The first column behind the sheet's own.
    pub(super) const BEHIND: u16 = CHECK_COLUMN + 1;

    pub(super) fn draw(
        &self,
        sheet: &mut Worksheet,
        key: &str,
        formats: &mut Formats<'_>,
    ) -> Result<(), WorkbookError> {
        let (pen, input) = (self.pen, Form::FIELD_COLUMN);
        sheet.set_screen_gridlines(false).set_formula_result_default("");
        let pixels: Vec<u32> = [0].into_iter().chain(WIDTHS).map(column_pixels).collect();
        for (pixels, column) in pixels.iter().zip(Form::KEY_COLUMN..).skip(1) {
            sheet.set_column_width_pixels(column, *pixels)?;
        }
        let labels = (Form::KEY_COLUMN + 1..).zip(Self::LABELS.map(Label::code));
        pen.codes(sheet, labels.chain([(input, "input"), (CHECK_COLUMN, "check")]), key)?;
        let rows = pen.form.fields();
        self.head().draw(pen, sheet)?;
        let mut above = None;
        for (at, row) in rows.iter().enumerate() {
            let (line, _) = place(HEAD_ROW as usize + 1 + at, 0, Form::FIELDS)?;
            self.row(sheet, line, row, above, formats)?;
            above = Some(row);
        }
        let (last, _) = place(HEAD_ROW as usize + rows.len(), 0, Form::FIELDS)?;
        sheet.set_print_area(TITLE_ROW, 1, last, CHECK_COLUMN)?;
        // Texts need room: only the columns have to fit.
        pen.finish(sheet, input, 0, &View::of(&pixels, 0, usize::from(input), &[]))
    }

    /// The row above the headings. The clerk's name is asked for at its left: the wide column
    /// is that of the text.
    fn head(&self) -> Head<'_> {
        let first = if self.is_first { Form::ITEM_COLUMN } else { 1 };
        let text =
            WIDTHS.into_iter().zip(1u16..).filter(|(_, column)| (first..CHECK_COLUMN).contains(column));
        Head {
            frame: self.frame,
            text: (first, Form::FIELD_COLUMN),
            pixels: text.map(|(width, _)| column_pixels(width)).sum(),
            clerk: self.is_first.then_some(1),
            input: Form::FIELD_COLUMN,
            check: CHECK_COLUMN,
            rows: self.pen.form.fields(),
        }
    }

    fn row(
        &self,
        sheet: &mut Worksheet,
        line: u32,
        row: &FormRow,
        above: Option<&FormRow>,
        formats: &mut Formats<'_>,
    ) -> Result<(), WorkbookError> {
        let pen = self.pen;
        pen.key(sheet, line, row)?;
        let mut lines = 1;
        for ((label, column), width) in Self::LABELS.into_iter().zip(1..).zip(WIDTHS) {
            pen.label(sheet, (line, column), label, row, above)?;
            lines = lines.max(label_lines(&row.label(label), label, column_pixels(width)));
        }
        lines = lines.max(self.input(sheet, line, row, formats)?);
        let input = format!("${}", row_col_to_cell(line, Form::FIELD_COLUMN));
        let check = format!("=IF(LEN(TRIM({input}))=0,\"{}\",\"\")", Form::STILL_BLANK);
        pen.check(sheet, (line, CHECK_COLUMN), &check, row)?;
        sheet.set_row_height_pixels(line, row_pixels(lines))?;
        Ok(())
    }

    /// The cell to fill in. Gives the lines that it takes.
    fn input(
        &self,
        sheet: &mut Worksheet,
        line: u32,
        row: &FormRow,
        formats: &mut Formats<'_>,
    ) -> Result<u32, WorkbookError> {
        let column = Form::FIELD_COLUMN;
        let Some(field) = &row.field else { return Ok(1) };
        let format = self.pen.to_fill().set_border(FormatBorder::Medium).set_border_color(RULE);
        let format = format.set_align(FormatAlign::Left).set_indent(1);
        if let Some(rule) = self.rule(&row_col_to_cell(line, column), row, field)? {
            sheet.add_data_validation(line, column, line, column, &rule)?;
        }
        if field.form == FieldForm::Number {
            let usual = row.notation.as_ref().and_then(|notation| figure(notation.model()));
            let usual = usual.filter(|usual| formats.takes(&usual.format));
            let format = usual.map_or(format.clone(), |usual| format.set_num_format(usual.format));
            self.pen.value(sheet, (line, column), &row.current, &format, formats)?;
            return Ok(1);
        }
        let text = row.current.printed();
        let format = words(format, field.form);
        check_length(text, Form::FIELDS, line, column)?;
        if row.current.is_reported() {
            sheet.write_string_with_format(line, column, text, &format)?;
        } else {
            sheet.write_blank(line, column, &format)?;
        }
        let width = WIDTHS.get(usize::from(column) - 1).copied().unwrap_or_default();
        let room = letters_in(column_pixels(width), true);
        // One line more, to write on.
        Ok(if field.form == FieldForm::Text { (lines_of(text, room) + 1).max(LEAST_LINES) } else { 1 })
    }

    /// What may be typed, as Excel can tell.
    fn rule(
        &self,
        cell: &str,
        row: &FormRow,
        field: &AskedField,
    ) -> Result<Option<DataValidation>, WorkbookError> {
        let rule = match field.form {
            FieldForm::Number if row.notation.is_none() => return Ok(None),
            FieldForm::Number => return validation(cell, row, self.pen.form.year, self.vocabulary).map(Some),
            FieldForm::Text => {
                let most = u32::try_from(LONGEST_ANSWER).unwrap_or(u32::MAX);
                DataValidation::new()
                    .allow_text_length(DataValidationRule::LessThanOrEqualTo(most))
                    .set_error_message(format!("{most}字までで入力してください。"))?
            }
            FieldForm::Choice => self.choices(row, field)?,
        };
        let rule = rule.ignore_blank(true).set_error_title("この値は入力できません")?;
        Ok(Some(rule.set_error_style(DataValidationErrorStyle::Stop)))
    }

    /// The list to choose from. Where it is too much for Excel, it is only shown.
    fn choices(&self, row: &FormRow, field: &AskedField) -> Result<DataValidation, WorkbookError> {
        let words: String = field.choices.iter().map(|choice| format!("「{choice}」")).collect();
        let shown: String = format!("{words}から選びます。").chars().take(LONGEST_VALIDATION).collect();
        let rule = match is_list(&field.choices) {
            true => DataValidation::new().allow_list_strings(&field.choices)?,
            false => DataValidation::new().allow_any_value(),
        };
        let title: String = row.item.chars().take(30).collect();
        let rule = rule.set_input_title(title)?.set_input_message(shown)?;
        Ok(rule.set_error_message("一覧（欄の右の▼）から選んでください。")?)
    }
}

/// Whether Excel takes these words as a list; a comma parts two of them.
fn is_list(choices: &[String]) -> bool {
    let length: usize = choices.iter().map(|choice| choice.encode_utf16().count() + 1).sum();
    length < LONGEST_VALIDATION && choices.iter().all(|choice| !choice.contains(','))
}

/// As text, so that nothing becomes a date or a formula. A long one begins at the top.
fn words(format: Format, form: FieldForm) -> Format {
    let format = format.set_num_format("@");
    if form == FieldForm::Text { format.set_align(FormatAlign::Top) } else { format }
}
