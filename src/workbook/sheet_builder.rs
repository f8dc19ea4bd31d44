//! A sheet while it is read: whatever is kept of it is paid for here.

use super::book::{Cell, Look, NoteKind, Position, Sheet, Strikethrough};
use super::budget::Budget;
use super::notes::Notes;
use super::number_format::{Format, Shown};
use super::refusal::Refusal;

/// Looks of cells without content that are kept. They tell where a form is open to be
/// filled in; which of some more such cells are coloured tells nothing.
const MOST_BARE: usize = 100_000;
/// A joined area is looked up column by column, in so many of them at most.
const MOST_COLUMNS: u32 = 256;
/// Letters of a text to which a format may add: 「件」 stands behind a figure, and a
/// format can repeat the text itself two hundred times.
const LONGEST_ADDED_TO: usize = 1_000;

/// A sheet that is being read.
pub(super) struct SheetBuilder {
    sheet: Sheet,
    bare: usize,
    notes: Notes,
    /// Rows that are said not to show, in the order of the file.
    hidden_rows: Vec<u32>,
}

impl SheetBuilder {
    /// A sheet without cells.
    pub fn new(name: String, is_hidden: bool, budget: &mut Budget) -> Result<Self, Refusal> {
        budget.item()?;
        budget.text(name.len())?;
        let sheet = Sheet { name, is_hidden, ..Sheet::default() };
        Ok(Self { sheet, bare: 0, notes: Notes::default(), hidden_rows: Vec::new() })
    }

    /// Puts down what a cell holds. Of two at one place the later one counts.
    pub fn cell(&mut self, at: Position, cell: Cell, look: Look, budget: &mut Budget) -> Result<(), Refusal> {
        budget.cells(1)?;
        budget.text(bytes_of(&cell))?;
        self.look(at, look, budget)?;
        self.sheet.cells.insert(at, cell);
        Ok(())
    }

    /// Puts down the text that a formula gave, in place of the formula; `None` for one
    /// that gave nothing.
    pub fn result(&mut self, at: Position, text: Option<String>, budget: &mut Budget) -> Result<(), Refusal> {
        match text {
            Some(text) => {
                budget.text(text.len())?;
                self.sheet.cells.insert(at, Cell::Text(text));
            }
            None => drop(self.sheet.cells.remove(&at)),
        }
        Ok(())
    }

    /// What shows of the text at `at`, where that is another.
    pub fn shows(&mut self, at: Position, shown: Option<String>, budget: &mut Budget) -> Result<(), Refusal> {
        if let Some(shown) = shown {
            budget.text(shown.len())?;
            self.sheet.looks.entry(at).or_default().text = Some(shown);
        }
        Ok(())
    }

    fn look(&mut self, at: Position, look: Look, budget: &mut Budget) -> Result<(), Refusal> {
        if look == Look::default() {
            self.sheet.looks.remove(&at);
            return Ok(());
        }
        let texts = [look.text.as_ref(), look.unit.as_ref()].into_iter().flatten().map(String::len);
        let rest = if let Strikethrough::Partly(rest) = &look.struck { rest.len() } else { 0 };
        budget.text(rest + texts.sum::<usize>())?;
        self.sheet.looks.insert(at, look);
        Ok(())
    }

    /// Whether looks of cells without content are still kept.
    pub fn keeps_bare(&self) -> bool {
        self.bare < MOST_BARE
    }

    /// Notes how a cell looks that holds nothing.
    pub fn bare(&mut self, at: Position, look: Look, budget: &mut Budget) -> Result<(), Refusal> {
        if look == Look::default() || !self.keeps_bare() || self.sheet.cells.contains_key(&at) {
            return Ok(());
        }
        self.bare += 1;
        self.look(at, look, budget)
    }

    /// Notes what is written beside the cells.
    pub fn note(
        &mut self,
        at: Option<Position>,
        kind: NoteKind,
        text: &str,
        budget: &mut Budget,
    ) -> Result<(), Refusal> {
        self.notes.push(at, kind, text, budget)
    }

    /// Joins the cells from `first` to `last`.
    pub fn join(&mut self, first: Position, last: Position, budget: &mut Budget) -> Result<(), Refusal> {
        budget.item()?;
        budget.cells(u64::from(last.1.saturating_sub(first.1).min(MOST_COLUMNS)) + 1)?;
        self.sheet.merged.push((first, last));
        Ok(())
    }

    /// Hides a row.
    pub fn hide_row(&mut self, row: u32) {
        self.hidden_rows.push(row);
    }

    /// Hides the columns from `first` to `last`.
    pub fn hide_columns(&mut self, first: u32, last: u32, budget: &mut Budget) -> Result<(), Refusal> {
        budget.item()?;
        self.sheet.hidden_columns.push((first, last));
        Ok(())
    }

    /// The sheet. Of hidden rows, those that hold something; runs of hidden columns are
    /// joined, for every row looks them up.
    pub fn finished(mut self) -> Sheet {
        self.sheet.notes = self.notes.take();
        let (mut sheet, mut hidden) = (self.sheet, self.hidden_rows);
        hidden.sort_unstable();
        hidden.dedup();
        let is_filled = |row: &u32| sheet.cells.range((*row, 0)..=(*row, u32::MAX)).next().is_some();
        sheet.hidden_rows = hidden.into_iter().filter(is_filled).collect();
        let mut runs = std::mem::take(&mut sheet.hidden_columns);
        runs.sort_unstable();
        for (first, last) in runs {
            match sheet.hidden_columns.last_mut() {
                Some((_, until)) if first <= until.saturating_add(1) => *until = (*until).max(last),
                _ => sheet.hidden_columns.push((first, last)),
            }
        }
        sheet
    }
}

/// A cell with this text; none for one that only holds blanks.
pub(super) fn text_cell(text: String) -> Option<Cell> {
    (!text.trim().is_empty()).then_some(Cell::Text(text))
}

/// What a cell under `format` shows of its text, where the format adds to it or hides it.
pub(super) fn shown_text(format: &Format, text: &str) -> Option<String> {
    if text.len() > LONGEST_ADDED_TO { None } else { format.shown_text(text) }
}

fn bytes_of(cell: &Cell) -> usize {
    match cell {
        Cell::Text(text) | Cell::Date(text) | Cell::Error(text) => text.len(),
        Cell::Number(number) => match &number.shown {
            Shown::Text(text) => text.len(),
            _ => 0,
        },
        Cell::Logical(_) | Cell::NotCalculated => 0,
    }
}
