//! What stands above the table of a sheet to fill in: a hidden row of codes, one row with
//! all that is to be known, and the headings. Both stay in view.

use rust_xlsxwriter::{Format, FormatAlign, Formula, Worksheet, row_col_to_cell_absolute};

use super::super::sheet::write_pieces;
use super::super::{WorkbookError, check_length};
use super::{
    HEAD, HEAD_ROW, LINE_PIXELS, Pen, SIZE, STILL_BLANK, TITLE_ROW, WARNING, check_text, letters_in,
    lines_of, row_pixels,
};
use crate::exchange::{CLERK_CELL, Form, FormRow, Frame, code};

const TITLE_SIZE: f64 = 14.0;
/// What a line at that size is taller than another, in pixels.
const TITLE_PIXELS: u32 = 5;
/// The headings have two lines at most.
const HEADINGS_PIXELS: u32 = 2 * LINE_PIXELS + 6;

/// The row above the headings.
pub(super) struct Head<'a> {
    pub frame: &'a Frame,
    /// The columns of its text, and how many pixels they have together.
    pub text: (u16, u16),
    pub pixels: u32,
    /// Where the clerk's name is asked for; it is written into the next column.
    pub clerk: Option<u16>,
    /// The column of the answers.
    pub input: u16,
    /// The column of 「確認」, over which stands how many answers are not there yet.
    pub check: u16,
    pub rows: &'a [FormRow],
}

impl Head<'_> {
    /// Draws both rows.
    pub fn draw(&self, pen: Pen<'_>, sheet: &mut Worksheet) -> Result<(), WorkbookError> {
        self.text(pen, sheet)?;
        let middle = pen.cell().set_bold().set_align(FormatAlign::Center);
        if let Some(label) = self.clerk {
            let format = middle.clone().set_background_color(HEAD);
            sheet.write_string_with_format(TITLE_ROW, label, CLERK_CELL, &format)?;
            sheet.write_blank(TITLE_ROW, label + 1, &pen.to_fill())?;
        }
        let blank = self.rows.iter().filter(|row| check_text(row) == Form::STILL_BLANK).count();
        let count = Formula::new(self.count_formula()).set_result(Form::count(blank));
        let format = middle.clone().set_font_color(WARNING);
        sheet.write_formula_with_format(TITLE_ROW, self.check, count, &format)?;
        let plain = middle.clone().set_background_color(HEAD);
        let to_fill = middle.set_background_color(STILL_BLANK);
        for (heading, column) in self.frame.headings.iter().zip(1u16..) {
            let format = if column == self.input { &to_fill } else { &plain };
            sheet.write_string_with_format(HEAD_ROW, column, heading, format)?;
        }
        sheet.set_row_height_pixels(HEAD_ROW, HEADINGS_PIXELS)?;
        Ok(())
    }

    /// The height of both rows that show.
    pub fn height(&self) -> u32 {
        self.title_pixels() + HEADINGS_PIXELS
    }

    /// The title, and below it in the same cell whatever else is to be known.
    fn text(&self, pen: Pen<'_>, sheet: &mut Worksheet) -> Result<(), WorkbookError> {
        let (title, lines) = self.frame.opening();
        let (first, last) = self.text;
        check_length(&format!("{title}{lines}"), &sheet.name(), TITLE_ROW, first)?;
        let format = pen.base().set_text_wrap().set_align(FormatAlign::VerticalCenter);
        sheet.merge_range(TITLE_ROW, first, TITLE_ROW, last, "", &format)?;
        let large = pen.base().set_bold().set_font_size(TITLE_SIZE);
        let parts: [(&Format, &str); 2] = [(&large, title), (&pen.base(), &lines)];
        write_pieces(sheet, (TITLE_ROW, first), &parts, &format)?;
        sheet.set_row_height_pixels(TITLE_ROW, self.title_pixels())?;
        Ok(())
    }

    fn title_pixels(&self) -> u32 {
        let (title, lines) = self.frame.opening();
        let letters = letters_in(self.pixels, false);
        let of_title = f64::from(letters) * SIZE / TITLE_SIZE;
        // The other lines begin with the break behind the title.
        row_pixels(lines_of(title, of_title as u32) + lines_of(lines.trim_start(), letters)) + TITLE_PIXELS
    }

    /// How many rows 「確認」 says of that they are not answered.
    fn count_formula(&self) -> String {
        let first = HEAD_ROW + 1;
        let last = first + u32::try_from(self.rows.len().saturating_sub(1)).unwrap_or(0);
        let [first, last] = [first, last].map(|row| row_col_to_cell_absolute(row, self.check));
        let blank = Form::STILL_BLANK;
        format!("=\"{blank} \"&COUNTIF({first}:{last},\"{blank}\")&\"件\"")
    }
}

impl Pen<'_> {
    /// The codes of the columns in the hidden row, the file's key in the hidden column.
    pub(super) fn codes<'c>(
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
}
