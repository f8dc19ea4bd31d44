//! One sheet of an Excel 97–2003 workbook: its cells, and what stands beside them.
//!
//! What a sheet says of its own extent is not read: only cells that are there are kept.

use std::collections::HashMap;

use super::globals::{BoundSheet, Globals, SheetKind, Style, has_password};
use super::records::{BOF, EOF, Record, Records, Texts, f64_at, u16_at};
use crate::workbook::book::{Cell, Look, NoteKind, Number, Position, RunStyle, Sheet, Strikethrough};
use crate::workbook::budget::Budget;
use crate::workbook::refusal::Refusal;
use crate::workbook::serial::shown_date;
use crate::workbook::sheet_builder::{SheetBuilder, shown_text, text_cell};

/// The last column that the format has.
const LAST_COLUMN: u16 = 255;

const FILE_PASS: u16 = 0x002F;
const BLANK: u16 = 0x0201;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const BOOL_ERR: u16 = 0x0205;
const STRING: u16 = 0x0207;
const ROW: u16 = 0x0208;
const FORMULA: u16 = 0x0006;
const RK: u16 = 0x027E;
const RICH_STRING: u16 = 0x00D6;
const LABEL_SST: u16 = 0x00FD;
const MUL_RK: u16 = 0x00BD;
const MUL_BLANK: u16 = 0x00BE;
const MERGE_CELLS: u16 = 0x00E5;
const COL_INFO: u16 = 0x007D;
const NOTE: u16 = 0x001C;
const OBJ: u16 = 0x005D;
const TXO: u16 = 0x01B6;

/// Reads the sheet that begins where `bound` says.
pub(super) fn sheet(
    stream: &[u8],
    bound: BoundSheet,
    globals: &Globals,
    budget: &mut Budget,
) -> Result<Sheet, Refusal> {
    let mut records = Records::from(stream, bound.at)?;
    if records.next(budget)?.kind != BOF {
        return Err(Refusal::Damaged);
    }
    let mut walk = SheetReader {
        globals,
        filling: SheetBuilder::new(bound.name, bound.is_hidden, budget)?,
        formula: None,
        object: None,
        said: Vec::new(),
        noted: HashMap::new(),
    };
    // Within a sheet stand charts, whose cells are what they drew.
    let mut charts = usize::from(bound.kind == SheetKind::Chart);
    let mut depth = 0usize;
    loop {
        let record = records.next(budget)?;
        match record.kind {
            BOF => (depth, charts) = (depth + 1, charts + 1),
            EOF if depth == 0 => break,
            EOF => (depth, charts) = (depth - 1, charts - 1),
            _ => {
                walk.beside(&record, budget)?;
                if charts == 0 {
                    walk.cells(&record, budget)?;
                }
            }
        }
    }
    walk.finished(budget)
}

struct SheetReader<'a> {
    globals: &'a Globals,
    filling: SheetBuilder,
    /// The formula whose text is still to come, and the number of its style.
    formula: Option<(Position, u16)>,
    /// The object that was described last.
    object: Option<u16>,
    /// What objects say, and which of them are notes on which cells.
    said: Vec<(Option<u16>, String)>,
    noted: HashMap<u16, Position>,
}

impl SheetReader<'_> {
    /// What stands beside the cells.
    fn beside(&mut self, record: &Record<'_>, budget: &mut Budget) -> Result<(), Refusal> {
        match record.kind {
            FILE_PASS => return has_password(record),
            ROW => {
                let is_hidden = record.u16(12).is_some_and(|flags| flags & 0x0020 != 0);
                if let (true, Some(row)) = (is_hidden, record.u16(0)) {
                    self.filling.hide_row(u32::from(row));
                }
            }
            COL_INFO => {
                let is_hidden = record.u16(8).is_some_and(|flags| flags & 1 != 0);
                if let (true, Some(first), Some(last)) = (is_hidden, record.u16(0), record.u16(2)) {
                    let last = last.min(LAST_COLUMN);
                    self.filling.hide_columns(u32::from(first), u32::from(last), budget)?;
                }
            }
            MERGE_CELLS => self.joined(record, budget)?,
            OBJ => self.object = record.u16(6),
            TXO => {
                let letters = record.u16(10).map_or(0, usize::from);
                // The letters begin in the next record.
                let text = record.segments(record.data.len()).text_so_far(letters);
                budget.text(text.len())?;
                if !text.is_empty() {
                    budget.item()?;
                    self.said.push((self.object, text));
                }
            }
            NOTE => self.note(record, budget)?,
            _ => {}
        }
        Ok(())
    }

    fn joined(&mut self, record: &Record<'_>, budget: &mut Budget) -> Result<(), Refusal> {
        for at in 0..record.u16(0).map_or(0, usize::from) {
            let field = |field: usize| record.u16(2 + at * 8 + field * 2).map(u32::from);
            let (Some(top), Some(bottom), Some(left), Some(right)) = (field(0), field(1), field(2), field(3))
            else {
                return Ok(());
            };
            self.filling.join((top, left), (bottom, right), budget)?;
        }
        Ok(())
    }

    fn note(&mut self, record: &Record<'_>, budget: &mut Budget) -> Result<(), Refusal> {
        let (Some(row), Some(column), Some(third)) = (record.u16(0), record.u16(2), record.u16(6)) else {
            return Ok(());
        };
        let at = (u32::from(row), u32::from(column));
        if let Texts::Wide = self.globals.texts {
            self.noted.insert(third, at);
            return Ok(());
        }
        // Before Excel 97 the text stands in the record itself, or in several.
        let bytes = record.u16(4).map_or(0, usize::from).min(record.data.len().saturating_sub(6));
        let text = self.globals.texts.letters(&mut record.segments(6), bytes).unwrap_or_default();
        let at = Some(at).filter(|_| row != u16::MAX);
        self.filling.note(at, NoteKind::Comment, &text, budget)
    }

    fn cells(&mut self, record: &Record<'_>, budget: &mut Budget) -> Result<(), Refusal> {
        let data = record.data;
        match record.kind {
            BLANK => self.blanks(record, 1, budget),
            MUL_BLANK => self.blanks(record, data.len().saturating_sub(6) / 2, budget),
            NUMBER => {
                let value = f64_at(data, 6).ok_or(Refusal::Damaged)?;
                self.number(place(record)?, value, budget)
            }
            RK => {
                let value = record.u32(6).ok_or(Refusal::Damaged)?;
                self.number(place(record)?, rk(value), budget)
            }
            MUL_RK => self.numbers(record, budget),
            LABEL | RICH_STRING => {
                let text = self.globals.texts.text(&mut record.segments(6)).ok_or(Refusal::Damaged)?;
                self.text(place(record)?, text, budget)
            }
            LABEL_SST => {
                let number = record.u32(6).and_then(|number| usize::try_from(number).ok());
                self.shared(place(record)?, number.ok_or(Refusal::Damaged)?, budget)
            }
            BOOL_ERR => {
                let (value, is_error) = (data.get(6).copied(), data.get(7).copied());
                let (Some(value), Some(is_error)) = (value, is_error) else { return Err(Refusal::Damaged) };
                let cell = if is_error == 0 { Cell::Logical(value != 0) } else { error(value) };
                self.put(place(record)?, cell, budget)
            }
            FORMULA => self.formula(record, budget),
            STRING => {
                let Some((at, style)) = self.formula.take() else { return Ok(()) };
                let text = self.globals.texts.text(&mut record.segments(0)).ok_or(Refusal::Damaged)?;
                let style = self.globals.styles.get(usize::from(style));
                let shown = style.and_then(|style| shown_text(&style.format.format, &text));
                let text = Some(text).filter(|text| !text.trim().is_empty());
                let shown = shown.filter(|_| text.is_some());
                self.filling.result(at, text, budget)?;
                self.filling.shows(at, shown, budget)
            }
            _ => Ok(()),
        }
    }

    fn style(&self, style: u16) -> Option<&Style> {
        self.globals.styles.get(usize::from(style))
    }

    fn look(&self, style: u16) -> Look {
        self.style(style).map(|style| style.look.clone()).unwrap_or_default()
    }

    fn put(&mut self, (at, style): (Position, u16), cell: Cell, budget: &mut Budget) -> Result<(), Refusal> {
        let look = self.look(style);
        self.filling.cell(at, cell, look, budget)
    }

    fn blanks(&mut self, record: &Record<'_>, count: usize, budget: &mut Budget) -> Result<(), Refusal> {
        let (Some(row), Some(first)) = (record.u16(0), record.u16(2)) else { return Ok(()) };
        for (at, column) in (first..=LAST_COLUMN).take(count).enumerate() {
            if let Some(style) = record.u16(4 + at * 2) {
                self.bare((u32::from(row), u32::from(column)), style, budget)?;
            }
        }
        Ok(())
    }

    fn bare(&mut self, at: Position, style: u16, budget: &mut Budget) -> Result<(), Refusal> {
        if !self.filling.keeps_bare() {
            return Ok(());
        }
        let look = Look { struck: Strikethrough::No, raised: false, ..self.look(style) };
        self.filling.bare(at, look, budget)
    }

    fn number(
        &mut self,
        (at, style): (Position, u16),
        value: f64,
        budget: &mut Budget,
    ) -> Result<(), Refusal> {
        let cell = match self.style(style).map(|style| &style.format) {
            Some(known) if known.makes_dates => Cell::Date(shown_date(value, self.globals.since_1904)),
            Some(known) => Cell::Number(Number {
                value,
                is_percent: known.format.is_percent,
                is_date: known.format.is_date,
                shown: known.format.shown(value),
            }),
            None => Cell::Number(Number::plain(value)),
        };
        self.put((at, style), cell, budget)
    }

    /// Numbers that stand side by side.
    fn numbers(&mut self, record: &Record<'_>, budget: &mut Budget) -> Result<(), Refusal> {
        let count = record.data.len().checked_sub(6).ok_or(Refusal::Damaged)? / 6;
        let ((row, first), _) = place(record)?;
        let last = u16_at(record.data, record.data.len() - 2).map(u32::from);
        let columns = last.and_then(|last| (last + 1).checked_sub(first)).map(|columns| columns as usize);
        if columns != Some(count) || last > Some(u32::from(LAST_COLUMN)) || count * 6 + 6 != record.data.len()
        {
            return Err(Refusal::Damaged);
        }
        for (at, column) in (first..).take(count).enumerate() {
            let (style, value) = (record.u16(4 + at * 6), record.u32(6 + at * 6));
            let (Some(style), Some(value)) = (style, value) else { return Err(Refusal::Damaged) };
            self.number(((row, column), style), rk(value), budget)?;
        }
        Ok(())
    }

    fn text(
        &mut self,
        (at, style): (Position, u16),
        text: String,
        budget: &mut Budget,
    ) -> Result<(), Refusal> {
        let Some(cell) = text_cell(text) else { return self.bare(at, style, budget) };
        let look = self.text_look(style, &cell);
        self.filling.cell(at, cell, look, budget)
    }

    fn text_look(&self, style: u16, cell: &Cell) -> Look {
        let shown = match (self.style(style), cell) {
            (Some(style), Cell::Text(text)) => shown_text(&style.format.format, text),
            _ => None,
        };
        Look { text: shown, ..self.look(style) }
    }

    fn shared(
        &mut self,
        (at, style): (Position, u16),
        number: usize,
        budget: &mut Budget,
    ) -> Result<(), Refusal> {
        let string = self.globals.strings.get(number).ok_or(Refusal::Damaged)?;
        // A long text is copied for every cell that names it.
        budget.text(string.text.len())?;
        let Some(cell) = text_cell(string.text.clone()) else { return self.bare(at, style, budget) };
        let mut look = self.text_look(style, &cell);
        if let Some(rich) = &string.rich {
            look.take(RunStyle::clone(rich));
        }
        self.filling.cell(at, cell, look, budget)
    }

    /// A formula, of which only its last result counts.
    fn formula(&mut self, record: &Record<'_>, budget: &mut Budget) -> Result<(), Refusal> {
        let (at, style) = place(record)?;
        let value = f64_at(record.data, 6).ok_or(Refusal::Damaged)?;
        self.formula = None;
        if record.u16(12) != Some(u16::MAX) {
            return self.number((at, style), value, budget);
        }
        let result = record.data.get(8).copied().unwrap_or(0);
        match record.data.get(6).copied() {
            Some(1) => self.put((at, style), Cell::Logical(result != 0), budget),
            Some(2) => self.put((at, style), error(result), budget),
            // An empty text.
            Some(3) => self.bare(at, style, budget),
            kind => {
                // A text comes in a record of its own, if it comes.
                self.formula = Some((at, style)).filter(|_| kind == Some(0));
                self.put((at, style), Cell::NotCalculated, budget)
            }
        }
    }

    fn finished(mut self, budget: &mut Budget) -> Result<Sheet, Refusal> {
        for (object, text) in self.said {
            let at = object.and_then(|object| self.noted.get(&object).copied());
            let kind = if at.is_some() { NoteKind::Comment } else { NoteKind::Shape };
            self.filling.note(at, kind, &text, budget)?;
        }
        Ok(self.filling.finished())
    }
}

/// Where a cell stands, and the number of its style.
fn place(record: &Record<'_>) -> Result<(Position, u16), Refusal> {
    match (record.u16(0), record.u16(2), record.u16(4)) {
        (Some(row), Some(column), Some(style)) if column <= LAST_COLUMN => {
            Ok(((u32::from(row), u32::from(column)), style))
        }
        _ => Err(Refusal::Damaged),
    }
}

/// A number in four bytes: a whole one, or the upper half of a fraction; the lowest bits
/// tell which, and whether it is to be divided by a hundred.
fn rk(bits: u32) -> f64 {
    let value = if bits & 2 != 0 {
        f64::from(bits.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(bits & !3) << 32)
    };
    if bits & 1 != 0 { value / 100.0 } else { value }
}

fn error(code: u8) -> Cell {
    let name = match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#DATA!",
        _ => "#ERROR!",
    };
    Cell::Error(name.to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
