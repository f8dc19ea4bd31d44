//! What reading one returned file may cost.
//!
//! A form is some 30 kB and holds some thousands of cells. A file of a few hundred bytes
//! can ask for gigabytes all the same: by repeating a cell, by referring to one long text
//! from every cell, by naming one part as two hundred sheets. What makes the work grow is
//! therefore paid for where it is done, before it is done, from one purse for the whole
//! file: then it does not matter by which of these ways a file grows.

use super::refusal::Refusal;

/// More sheets than anybody returns.
pub(super) const MOST_SHEETS: usize = 200;
/// Bytes of a part that holds a sheet, some 200,000 full rows.
pub(super) const LARGEST_SHEET: u64 = 32 << 20;
/// Bytes of a part that holds strings, styles and all else.
pub(super) const LARGEST_PART: u64 = 8 << 20;

/// Bytes of all parts, each time one is unpacked. A form has some 60 kB, a list of a
/// hundred thousand rows beside it some 30 MB.
const UNPACKED: u64 = 40 << 20;
/// Cells that are kept, and places that are walked for them.
const CELLS: u64 = 300_000;
/// Bytes of text that is kept, each time it is kept.
const TEXT: u64 = 8 << 20;
/// Number formats and styles that are understood; Excel itself allows 65,490 styles, a
/// form has some thirty.
const FORMATS: u64 = 4_000;
/// Whatever else is kept: notes, joined cells, hidden rows, names of sheets.
const ITEMS: u64 = 100_000;

/// What is left to be spent on a file.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    unpacked: u64,
    cells: u64,
    text: u64,
    formats: u64,
    items: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { unpacked: UNPACKED, cells: CELLS, text: TEXT, formats: FORMATS, items: ITEMS }
    }
}

impl Budget {
    /// How many bytes may still be unpacked: no more is read of a part.
    pub fn left_to_unpack(&self) -> u64 {
        self.unpacked
    }

    /// Pays for the bytes of a part.
    pub fn unpack(&mut self, bytes: usize) -> Result<(), Refusal> {
        spend(&mut self.unpacked, bytes as u64, "展開すると大きくなりすぎます")
    }

    /// Pays for cells.
    pub fn cells(&mut self, count: u64) -> Result<(), Refusal> {
        spend(&mut self.cells, count, "セルの数が多すぎます")
    }

    /// Pays for text that is kept.
    pub fn text(&mut self, bytes: usize) -> Result<(), Refusal> {
        spend(&mut self.text, bytes as u64, "文字の数が多すぎます")
    }

    /// Pays for a number format or a style.
    pub fn format(&mut self) -> Result<(), Refusal> {
        spend(&mut self.formats, 1, "書式の数が多すぎます")
    }

    /// Pays for a note, a joined area, a hidden row, a sheet.
    pub fn item(&mut self) -> Result<(), Refusal> {
        spend(&mut self.items, 1, "ブックの構造が複雑すぎます")
    }
}

fn spend(purse: &mut u64, amount: u64, why: &'static str) -> Result<(), Refusal> {
    *purse = purse.checked_sub(amount).ok_or(Refusal::TooLarge(why))?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_gone() {
        let mut budget = Budget::default();
        budget.cells(CELLS).unwrap();
        assert_eq!(budget.cells(1), Err(Refusal::TooLarge("セルの数が多すぎます")));
        budget.text(0).unwrap();
        assert!(budget.text(TEXT as usize + 1).is_err());
    }
}
