//! The sheet that asks for figures of a year.

use std::cmp::Reverse;

use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder,
    Formula, Worksheet, row_col_to_cell,
};
use unicode_width::UnicodeWidthStr;

use super::super::figure::figure;
use super::super::style::Formats;
use super::super::{WorkbookError, place};
use super::head::Head;
use super::screen::{self, View};
use super::{
    FORM, HEAD_ROW, LETTER_PIXELS, Pen, RULE, STILL_BLANK, TITLE_ROW, TO_CHECK, column_pixels, label_lines,
    row_pixels,
};
use crate::exchange::{Form, FormRow, Frame, Label};
use crate::plan::{FiscalYear, Vocabulary};

/// The least and the most half-width letters of the columns up to the first year. Between
/// them a column is as wide as its longest text needs on one line or several.
const LABEL_WIDTHS: [(u32, u32); 6] = [(6, 10), (20, 48), (20, 48), (6, 9), (10, 12), (12, 18)];
/// On how many lines the longest name and the longest item may stand.
const WRAPS: [(u32, u32); 5] = [(1, 1), (2, 1), (1, 2), (2, 2), (3, 2)];
const YEAR_WIDTH: u32 = 12;
const INPUT_WIDTH: u32 = 13;
/// The remark takes what the screen leaves.
const REMARK_WIDTHS: (u32, u32) = (24, 40);
/// 「増減の理由を備考へ」 on one line.
const CHECK_WIDTH: u32 = 17;

/// The columns that stay in view: up to the item.
const FROZEN: u16 = Form::ITEM_COLUMN + 1;

/// What Excel takes as a formula of validation.
pub(super) const LONGEST_VALIDATION: usize = 250;

/// Which column holds what.
struct FormColumns {
    years: u16,
    input: u16,
    remark: u16,
    check: u16,
    /// How wide each is, the key's first, in letters; 0 for one that is hidden.
    widths: Vec<u32>,
}

impl FormColumns {
    /// The columns whose longest name and item stand on so many lines.
    fn of(form: &Form, (owner, item): (u32, u32)) -> Self {
        let years = form.rows.first().map_or(0, |row| row.past.len());
        let wraps = [1, owner, item, 2, 1, 2];
        let labels = Label::ALL.into_iter().zip(wraps).zip(LABEL_WIDTHS);
        let labels = labels.map(|((label, lines), range)| width(form, label, lines, range));
        let mut widths: Vec<u32> = [0].into_iter().chain(labels).collect();
        widths.extend(std::iter::repeat_n(YEAR_WIDTH, years));
        let (least, most) = REMARK_WIDTHS;
        widths.extend([INPUT_WIDTH, least, CHECK_WIDTH]);
        let left = View::left(widths.iter().copied().map(column_pixels).sum()) / LETTER_PIXELS;
        // A plan of more years than a sheet has columns does not get this far.
        let years = u16::try_from(years).unwrap_or(0);
        let input = Form::FIRST_YEAR_COLUMN + years;
        if let Some(remark) = widths.get_mut(usize::from(input) + 1) {
            *remark = (least + left).min(most);
        }
        Self { years, input, remark: input + 1, check: input + 2, widths }
    }

    fn width(&self, column: u16) -> u32 {
        self.widths.get(usize::from(column)).copied().unwrap_or(0)
    }

    fn pixels(&self) -> Vec<u32> {
        self.widths.iter().copied().map(column_pixels).collect()
    }

    /// How the sheet opens.
    fn view(&self, form: &Form, frame: &Frame) -> View {
        let rows = form.figures().iter().take(screen::ROWS).map(|row| self.row_pixels(row));
        let heights: Vec<u32> = [self.head(form, frame).height()].into_iter().chain(rows).collect();
        View::of(&self.pixels(), usize::from(FROZEN), usize::from(self.input), &heights)
    }

    fn row_pixels(&self, row: &FormRow) -> u32 {
        let labels = Label::ALL.into_iter().zip(Form::KEY_COLUMN + 1..);
        let lines = labels.map(|(label, column)| match self.width(column) {
            0 => 1,
            width => label_lines(&row.label(label), label, column_pixels(width)),
        });
        row_pixels(lines.max().unwrap_or(1))
    }

    /// The row above the headings. Its text goes up to the answers, or stays with the columns
    /// that do where others are scrolled away.
    fn head<'f>(&self, form: &'f Form, frame: &'f Frame) -> Head<'f> {
        let first = View::first(&self.pixels(), usize::from(FROZEN), usize::from(self.input));
        let last = if first == usize::from(FROZEN) { self.input } else { FROZEN } - 1;
        Head {
            frame,
            text: (1, last),
            pixels: (1..=last).map(|column| column_pixels(self.width(column))).sum(),
            clerk: Some(self.input),
            input: self.input,
            check: self.check,
            rows: form.figures(),
        }
    }
}

/// The width of a label's column; none for 基準値 or 目標 of which a department has nothing.
fn width(form: &Form, label: Label, lines: u32, (least, most): (u32, u32)) -> u32 {
    let texts = form.figures().iter().map(|row| row.label(label));
    let longest = texts.max_by_key(|text| text.width_cjk()).unwrap_or_default();
    if longest.is_empty() && matches!(label, Label::Baseline | Label::Target) {
        return 0;
    }
    let fits = |width: &u32| label_lines(&longest, label, column_pixels(*width)) <= lines;
    (least..most).find(fits).unwrap_or(most)
}

/// Draws the sheet.
pub(super) struct FigureSheet<'a> {
    pen: Pen<'a>,
    frame: &'a Frame,
    vocabulary: &'a Vocabulary,
    columns: FormColumns,
    view: View,
}

impl<'a> FigureSheet<'a> {
    /// Of the ways to break names and items, the sheet takes that at which the most shows,
    /// and it opens largest.
    pub(super) fn new(pen: Pen<'a>, frame: &'a Frame, vocabulary: &'a Vocabulary) -> Self {
        let broken = |lines: (u32, u32)| {
            let columns = FormColumns::of(pen.form, lines);
            let view = columns.view(pen.form, frame);
            Self { pen, frame, vocabulary, columns, view }
        };
        let shown = |sheet: &Self| (Reverse(sheet.view.first), sheet.view.zoom);
        let [first, others @ ..] = WRAPS.map(broken);
        others.into_iter().fold(first, |best, other| if shown(&other) > shown(&best) { other } else { best })
    }
}

impl FigureSheet<'_> {
    /// The first column behind the sheet's own.
    pub(super) fn behind(&self) -> u16 {
        self.columns.check + 1
    }

    pub(super) fn draw(
        &self,
        sheet: &mut Worksheet,
        key: &str,
        formats: &mut Formats<'_>,
    ) -> Result<(), WorkbookError> {
        let (pen, columns, rows) = (self.pen, &self.columns, self.pen.form.figures());
        sheet.set_screen_gridlines(false).set_formula_result_default("");
        for (column, pixels) in (Form::KEY_COLUMN..).zip(columns.pixels()).skip(1) {
            match pixels {
                0 => sheet.set_column_hidden(column)?,
                pixels => sheet.set_column_width_pixels(column, pixels)?,
            };
        }
        self.codes(sheet, key)?;
        columns.head(pen.form, self.frame).draw(pen, sheet)?;
        let mut above = None;
        for (at, row) in rows.iter().enumerate() {
            let (line, _) = place(HEAD_ROW as usize + 1 + at, 0, FORM)?;
            self.row(sheet, line, row, above, formats)?;
            above = Some(row);
        }
        if let Some(last) = rows.len().checked_sub(1) {
            let (last, _) = place(HEAD_ROW as usize + 1 + last, 0, FORM)?;
            self.warnings(sheet, last)?;
            sheet.set_print_area(TITLE_ROW, 1, last, columns.check)?;
        }
        pen.finish(sheet, columns.input, FROZEN, &self.view)
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
        above: Option<&FormRow>,
        formats: &mut Formats<'_>,
    ) -> Result<(), WorkbookError> {
        let pen = self.pen;
        pen.key(sheet, line, row)?;
        let cell = pen.cell();
        let labels = Label::ALL.into_iter().zip(Form::KEY_COLUMN + 1..);
        for (label, column) in labels.filter(|(label, _)| *label != Label::Baseline) {
            pen.label(sheet, (line, column), label, row, above)?;
        }
        let figure = cell.set_align(FormatAlign::Right);
        pen.value(sheet, (line, 5), &row.baseline, &figure, formats)?;
        for ((_, value), column) in row.past.iter().zip(Form::FIRST_YEAR_COLUMN..) {
            pen.value(sheet, (line, column), value, &figure, formats)?;
        }
        self.input(sheet, line, row, formats)?;
        sheet.write_blank(line, self.columns.remark, &pen.to_fill())?;
        pen.check(sheet, (line, self.columns.check), &self.check_formula(line), row)?;
        sheet.set_row_height_pixels(line, self.columns.row_pixels(row))?;
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
        self.pen.value(sheet, (line, column), &row.current, &format, formats)?;
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
        .set_input_title(short(format!("{}（{}）", Form::INPUT, year.long()), 30))?
        .set_input_message(short(prompt, 250))?
        .set_error_title("この値は入力できません")?
        .set_error_message(short(message, 220))?
        .set_error_style(DataValidationErrorStyle::Stop))
}
