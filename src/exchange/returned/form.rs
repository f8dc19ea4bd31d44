//! A form that came back: its rows, found by their keys, and whatever else stands in it.

use crate::exchange::key::{FileKey, RowKey};
use crate::exchange::label::Label;
use crate::finding::Place;
use crate::plan::FiscalYear;
use crate::workbook::{Cell, SharedLook};

/// What came back in one file.
#[derive(Debug, Clone, Default)]
pub struct Returned {
    /// The file's name, without its folder.
    pub file: String,
    /// Where the file belongs, if its own key survived.
    pub key: Option<FileKey>,
    /// The name the clerk wrote; empty for none.
    pub clerk: String,
    /// Every row with a whole key, wherever it stood; one row may stand there twice.
    pub rows: Vec<ReturnedRow>,
    /// Whatever else stands in the file.
    pub written: Vec<Written>,
    /// Whether the file tells which texts it was sent out with, so that none of them is
    /// among [`written`](Self::written).
    pub tells_own_texts: bool,
}

/// A row of a returned form.
#[derive(Debug, Clone)]
pub struct ReturnedRow {
    /// Where it belongs.
    pub key: RowKey,
    /// The row itself.
    pub place: Place,
    /// The answer.
    pub input: PlacedCell,
    /// The remark; empty for none.
    pub remark: String,
    /// How the remark looks.
    pub remark_look: SharedLook,
    /// The years before, as the file has them now.
    pub past: Vec<(FiscalYear, PlacedCell)>,
    /// What the row says of itself under the headings that are there, where it is not
    /// letter by letter what its key says.
    pub labels: Vec<(Label, String)>,
    /// The columns in which they stand, in the same order.
    pub label_columns: Vec<usize>,
    /// Under which headings, in the order of [`Label::ALL`], stands what its key says.
    pub labels_as_sent: [bool; Label::ALL.len()],
    /// Whether its answer does not show.
    pub is_hidden: bool,
    /// Whether it stands on a sheet that does not show.
    pub is_on_hidden_sheet: bool,
    /// Whether cells of the answers' column have slipped up or down.
    pub has_slipped: bool,
    /// Whether the headings that can be seen say something else than the hidden ones.
    pub has_other_headings: bool,
}

/// A cell that was looked at.
#[derive(Debug, Clone)]
pub struct PlacedCell {
    /// What it holds; `None` for an empty cell.
    pub content: Option<Cell>,
    /// Where it is.
    pub place: Place,
    /// How it looks.
    pub look: SharedLook,
    /// Whether it is joined with other cells.
    pub is_joined: bool,
}

/// Something written in a file that is no answer and no remark.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: WrittenKind,
    /// What it says.
    pub text: String,
    /// Which of the file's rows it stands in.
    pub row: Option<usize>,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenKind {
    /// In a cell beside or below the table.
    Cell,
    /// On another sheet.
    Sheet,
    /// In the column 「確認」, where the form itself speaks.
    Check,
    /// In the column of the answers, in a row without a key: asked about already.
    Keyless,
    /// A note or comment on a cell.
    Note,
    /// Text in a shape.
    Shape,
    /// In the header or the footer of the page.
    Margin,
}

impl PlacedCell {
    /// What to quote of it: what the sheet shows; empty for an empty cell.
    pub fn shown(&self) -> String {
        let Some(cell) = &self.content else { return String::new() };
        self.look.shown_text().map_or_else(|| cell.shown(), str::to_owned)
    }
}

impl ReturnedRow {
    /// What stands under a heading; `None` where there is no such column.
    pub fn label(&self, label: Label) -> Option<&str> {
        let own = self.labels.iter().find(|(of, _)| *of == label).map(|(_, text)| text.as_str());
        own.or_else(|| self.key.label(label).filter(|_| self.labels_as_sent[label as usize]))
    }
}
