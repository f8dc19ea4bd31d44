//! A workbook as far as an exchange looks at it: cells, and what they are.
//!
//! Whatever wrote the file and in whichever format, this is all that is kept. The
//! rest of the exchange knows no format.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::number_format::Shown;

/// A workbook.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Book {
    /// In the order of their tabs, hidden ones too.
    pub sheets: Vec<Sheet>,
    /// The file's own properties by name, where its format has them.
    pub properties: BTreeMap<String, String>,
}

/// A place on a sheet: row and column, each from 0.
pub type Position = (u32, u32);

/// A sheet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// On its tab.
    pub name: String,
    /// Those that are not empty, by row and column from 0.
    pub cells: BTreeMap<Position, Cell>,
    /// How cells look, where that says more than their content.
    pub looks: BTreeMap<Position, Look>,
    /// What is written on the sheet but in no cell.
    pub notes: Vec<Note>,
    /// Whether its tab does not show.
    pub is_hidden: bool,
    /// Rows that do not show.
    pub hidden_rows: BTreeSet<u32>,
    /// Columns that do not show: the first and the last of each run.
    pub hidden_columns: Vec<(u32, u32)>,
    /// Cells joined into one: the first and the last of each area.
    pub merged: Vec<(Position, Position)>,
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
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// As the file holds it.
    pub value: f64,
    /// Whether the sheet shows it as a percentage.
    pub is_percent: bool,
    /// Whether the sheet shows it as a date.
    pub is_date: bool,
    /// What the sheet shows.
    pub shown: Shown,
}

/// How a cell looks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Look {
    /// Whether its text is struck through.
    pub struck: Strikethrough,
    /// Whether letters of it stand above or below the line, as marks of footnotes do.
    pub raised: bool,
    /// Whether it may be typed into where the sheet is protected.
    pub unlocked: bool,
    /// Its background and the colour of its text, RGB, where they are its own.
    pub colours: (Option<u32>, Option<u32>),
    /// What shows in place of its text, where its format adds to it.
    pub text: Option<String>,
    /// The unit that its format adds to a number.
    pub unit: Option<String>,
}

/// A look that many cells share.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SharedLook(Arc<Look>);

impl From<Look> for SharedLook {
    fn from(look: Look) -> Self {
        Self(Arc::new(look))
    }
}

impl Deref for SharedLook {
    type Target = Look;

    fn deref(&self) -> &Look {
        &self.0
    }
}

impl DerefMut for SharedLook {
    fn deref_mut(&mut self) -> &mut Look {
        Arc::make_mut(&mut self.0)
    }
}

/// What of a cell's text is struck through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Strikethrough {
    /// Nothing.
    #[default]
    No,
    /// A part of it; holds the rest.
    Partly(String),
    /// All of it.
    Whole,
}

/// What the runs of a text say beside its letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RunStyle {
    pub struck: Strikethrough,
    pub raised: bool,
    /// Of the first letters that have one of their own.
    pub colour: Option<u32>,
}

impl Strikethrough {
    /// Of a text of which these letters are struck and those are kept.
    pub(super) fn of(struck: &str, kept: String) -> Self {
        match (struck.trim().is_empty(), kept.trim().is_empty()) {
            (true, _) => Self::No,
            (false, true) => Self::Whole,
            (false, false) => Self::Partly(kept),
        }
    }
}

/// Something written on a sheet that is no cell's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The cell it is attached to.
    pub at: Option<Position>,
    /// What it is.
    pub kind: NoteKind,
    /// What it says.
    pub text: String,
}

/// What a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// 「メモ」「コメント」: a note or a thread of comments on a cell.
    Comment,
    /// 「テキストボックス」: text in a shape that lies on the sheet.
    Shape,
    /// 「ヘッダー」「フッター」 of the printed page.
    Margin,
}

impl Number {
    /// A number that shows as it is.
    pub fn plain(value: f64) -> Self {
        Self { value, is_percent: false, is_date: false, shown: Shown::Unknown }
    }
}

impl Sheet {
    /// The text of a cell that holds text.
    pub fn text(&self, row: u32, column: u32) -> Option<&str> {
        match self.cells.get(&(row, column)) {
            Some(Cell::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// What a cell shows, as far as it is known; `None` for an empty one. A text that its
    /// format hides was typed all the same.
    pub fn shown(&self, at: Position) -> Option<String> {
        let cell = self.cells.get(&at)?;
        Some(self.looks.get(&at).and_then(Look::shown_text).map_or_else(|| cell.shown(), str::to_owned))
    }
}

impl Look {
    /// Takes over what the runs of the cell's text say.
    pub(super) fn take(&mut self, rich: RunStyle) {
        if rich.struck != Strikethrough::No {
            self.struck = rich.struck;
        }
        self.raised |= rich.raised;
        self.colours.1 = rich.colour.or(self.colours.1);
    }

    /// What shows in place of the cell's text, if anything does.
    pub fn shown_text(&self) -> Option<&str> {
        self.text.as_deref().filter(|text| !text.trim().is_empty())
    }
}

impl Cell {
    /// What to quote in a message: what the sheet shows.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Date(text) | Self::Error(text) => text.clone(),
            Self::Number(number) => match &number.shown {
                Shown::Text(shown) if !shown.trim().is_empty() => shown.trim().to_owned(),
                _ => number.value.to_string(),
            },
            Self::Logical(true) => "TRUE".to_owned(),
            Self::Logical(false) => "FALSE".to_owned(),
            Self::NotCalculated => "（計算前の数式）".to_owned(),
        }
    }
}
