//! A workbook as far as an exchange looks at it: cells, and what they are.
//!
//! Whatever wrote the file and in whichever format, this is all that is kept. The
//! rest of the exchange knows no library.

use std::collections::BTreeMap;

/// A workbook.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Book {
    /// In the order of their tabs, hidden ones too.
    pub sheets: Vec<Sheet>,
    /// The file's own properties by name, where its format has them.
    pub properties: BTreeMap<String, String>,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// On its tab.
    pub name: String,
    /// Those that are not empty, by row and column from 0.
    pub cells: BTreeMap<(u32, u32), Cell>,
}

/// A cell that is not empty.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text, or the text a formula gave.
    Text(String),
    /// A number, or the number a formula gave.
    Number(Number),
    /// A date or a time, as far as it can be shown.
    Date(String),
    /// TRUE or FALSE.
    Logical(bool),
    /// `#REF!` and its like.
    Error(String),
    /// A formula without a result.
    NotCalculated,
}

/// A number and what its format says of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// As the file holds it.
    pub value: f64,
    /// Whether the sheet shows it as a percentage.
    pub percent: Percent,
    /// Whether the sheet shows it as a date.
    pub dated: bool,
}

/// Whether a number is shown as a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Percent {
    /// It is: 0.5 shows as 50 %.
    Yes,
    /// It is not.
    No,
    /// The file does not tell.
    Unknown,
}

impl Sheet {
    /// The text of a cell that holds text.
    pub fn text(&self, row: u32, column: u32) -> Option<&str> {
        match self.cells.get(&(row, column)) {
            Some(Cell::Text(text)) => Some(text),
            _ => None,
        }
    }
}

impl Cell {
    /// What to quote in a message.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Date(text) | Self::Error(text) => text.clone(),
            Self::Number(number) => number.value.to_string(),
            Self::Logical(true) => "TRUE".to_owned(),
            Self::Logical(false) => "FALSE".to_owned(),
            Self::NotCalculated => "（計算前の数式）".to_owned(),
        }
    }
}
