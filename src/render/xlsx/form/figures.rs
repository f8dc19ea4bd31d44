//! The sheet that asks for figures of a year.

use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder,
    Formula, Worksheet, row_col_to_cell,
};

use super::super::figure::figure;
use super::super::style::Formats;
use super::super::{WorkbookError, place};
use super::{FORM, HEAD_ROW, LETTER_PIXELS, Pen, RULE, STILL_BLANK, TITLE_ROW, TO_CHECK, row_pixels};
use crate::exchange::{Form, FormRow, Frame, Label};
use crate::plan::{FiscalYear, Vocabulary};

/// Column widths in half-width letters, up to the first year.
const WIDTHS: [u32; 6] = [8, 26, 30, 9, 11, 20];
const YEAR_WIDTH: u32 = 12;
const INPUT_WIDTH: u32 = 15;
const REMARK_WIDTH: u32 = 30;
const CHECK_WIDTH: u32 = 20;

/// What Excel takes as a formula of validation.
pub(super) const LONGEST_VALIDATION: usize = 250;

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

/// Draws the sheet.
pub(super) struct FigureSheet<'a> {
    pen: Pen<'a>,
    frame: &'a Frame,
    vocabulary: &'a Vocabulary,
    columns: FormColumns,
}

impl<'a> FigureSheet<'a> {
    pub(super) fn new(pen: Pen<'a>, frame: &'a Frame, vocabulary: &'a Vocabulary) -> Self {
        Self { pen, frame, vocabulary, columns: FormColumns::of(pen.form) }
    }
}

impl FigureSheet<'_> {
    pub(super) fn draw(
        &self,
        sheet: &mut Worksheet,
        key: &str,
        formats: &mut Formats<'_>,
    ) -> Result<(), WorkbookError> {
        let (pen, columns, rows) = (self.pen, &self.columns, self.pen.form.figures());
        sheet.set_screen_gridlines(false);
        for column in 1..=columns.check {
            sheet.set_column_width_pixels(column, columns.width(column) * LETTER_PIXELS + 10)?;
        }
        self.codes(sheet, key)?;
        pen.head(sheet, self.frame, columns.check, true)?;
        pen.table_head(sheet, self.frame, &[columns.input, columns.remark])?;
        for (at, row) in rows.iter().enumerate() {
            let (line, _) = place(HEAD_ROW as usize + 1 + at, 0, FORM)?;
            self.row(sheet, line, row, formats)?;
        }
        if let Some(last) = rows.len().checked_sub(1) {
            let (last, _) = place(HEAD_ROW as usize + 1 + last, 0, FORM)?;
            self.warnings(sheet, last)?;
            sheet.set_print_area(TITLE_ROW, 1, last, columns.check)?;
        }
        pen.finish(sheet, columns.input, Form::ITEM_COLUMN + 1)
    }

    fn codes(&self, sheet: &mut Worksheet, key: &str) -> Result<(), WorkbookError> {
        let years = self.pen.form.figures().first().map(|row| row.past.as_slice()).unwrap_or_default();
        let years: Vec<String> = years.iter().map(|(year, _)| year.to_string()).collect();
        let labels = (Form::KEY_COLUMN + 1..).zip(Label::ALL.map(Label::code));
        let years = (Form::FIRST_YEAR_COLUMN..).zip(years.iter().map(String::as_str));
        let FormColumns { input, remark, check, .. } = self.columns;
        let answer = [(input, "input"), (remark, "remark"), (check, "check")];
        self.pen.codes(sheet, labels.chain(years).chain(answer), key)
    }

    fn row(
        &self,
        sheet: &mut Worksheet,
        line: u32,
        row: &FormRow,
        formats: &mut Formats<'_>,
    ) -> Result<(), WorkbookError> {
        let pen = self.pen;
        pen.key(sheet, line, row)?;
        let mut lines = 1;
        let cell = pen.cell();
        let labels = Label::ALL.into_iter().zip(Form::KEY_COLUMN + 1..);
        for (label, column) in labels.filter(|(label, _)| *label != Label::Baseline) {
            let is_centered = matches!(label, Label::Number | Label::Unit);
            let width = self.columns.width(column);
            lines = lines.max(pen.label(sheet, (line, column), &row.label(label), width, is_centered)?);
        }
        let figure = cell.set_align(FormatAlign::Right);
        pen.value(sheet, line, 5, &row.baseline, &figure, formats)?;
        for ((_, value), column) in row.past.iter().zip(Form::FIRST_YEAR_COLUMN..) {
            pen.value(sheet, line, column, value, &figure, formats)?;
        }
        self.input(sheet, line, row, formats)?;
        sheet.write_blank(line, self.columns.remark, &pen.to_fill())?;
        pen.check(sheet, (line, self.columns.check), &self.check_formula(line), row)?;
        sheet.set_row_height_pixels(line, row_pixels(lines))?;
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
        let mut format = match row.is_reference() {
            true => self.pen.cell().set_unlocked(),
            false => self.pen.to_fill().set_bold().set_border(FormatBorder::Medium).set_border_color(RULE),
        };
        format = format.set_align(FormatAlign::Right);
        if let Some(usual) = usual.filter(|usual| formats.takes(&usual.format)) {
            format = format.set_num_format(usual.format);
        }
        self.pen.value(sheet, line, column, &row.current, &format, formats)?;
        sheet.add_data_validation(line, column, line, column, &self.validation(line, row)?)?;
        Ok(())
    }

    fn validation(&self, line: u32, row: &FormRow) -> Result<DataValidation, WorkbookError> {
        let cell = row_col_to_cell(line, self.columns.input);
        validation(&cell, row, self.pen.form.year, self.vocabulary)
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

/// What may be typed into the cell of a figure, as Excel can tell.
pub(super) fn validation(
    cell: &str,
    row: &FormRow,
    year: FiscalYear,
    vocabulary: &Vocabulary,
) -> Result<DataValidation, WorkbookError> {
    let least = match &row.notation {
        Some(notation) if notation.is_signed() => format!("ISNUMBER({cell})"),
        Some(_) => format!("IF(ISNUMBER({cell}),{cell}>=0,FALSE)"),
        None => format!("ISTEXT({cell})"),
    };
    let mut rule = format!("OR({least}");
    let marks = ["—", "-", "－"].map(str::to_owned);
    for word in marks.iter().chain(vocabulary.words()) {
        let more = format!(",{cell}=\"{}\"", word.replace('"', "\"\""));
        if rule.encode_utf16().count() + more.encode_utf16().count() < LONGEST_VALIDATION {
            rule.push_str(&more);
        }
    }
    rule.push(')');
    let words = vocabulary.words().iter().take(4).cloned().collect::<Vec<_>>().join("」「");
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
            format!("「3件」のように単位を付けて入力するか、「—」「{words}」のどれかを入力してください。"),
        ),
    };
    let short = |text: String, most: usize| text.chars().take(most).collect::<String>();
    Ok(DataValidation::new()
        .allow_custom(Formula::new(rule))
        .ignore_blank(true)
        .set_input_title(short(format!("{}の実績", year.long()), 30))?
        .set_input_message(short(prompt, 250))?
        .set_error_title("この値は入力できません")?
        .set_error_message(short(message, 220))?
        .set_error_style(DataValidationErrorStyle::Stop))
}
