//! 返ってきたブック (returns): what a department sent back, read without trust.
//!
//! ```text
//! bytes ─► guard ─► xlsx, document, compound ─► Book ─► Returned
//!          (kind)   (one budget a file)         (cells)  (rows by key)
//! ```
//!
//! A row is found by its key, its columns by the codes in the hidden row above, else by
//! the headings, else by their distance from the key where the item's name proves it.
//! A file that is refused gives a finding; so does a row whose key is broken. What a
//! cell means is not decided here.
//!
//! Always true: whatever stands in a form is either a part of a row or of the form as it
//! was sent, or it is among [`Returned::written`]. Nothing that was typed is passed over.

mod book;
mod budget;
mod columns;
mod compound;
mod dates;
mod document;
mod filling;
mod globals;
mod guard;
mod joined;
mod notes;
mod opencell;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod oracle;
mod package;
mod records;
mod serial;
mod sheet;
mod shown;
mod slips;
mod steps;
mod strings;
mod styles;
mod substream;
mod table;
mod workbook;
mod xlsx;
mod xml;

pub use book::{At, Book, Cell, Look, Note, NoteKind, Number, Percent, SharedLook, Sheet, Struck};
pub use guard::LARGEST_FILE;
pub use shown::{Format, Shown, stated};
pub use workbook::is_reading;

use sheet::{Reading as FileReading, SheetReader};

use super::key::{FileKey, RowKey};
use super::label::Label;
use super::texts::OwnTexts;
use crate::finding::{ExchangeRule, Finding, Findings, Place};
use crate::plan::FiscalYear;

/// The name of the property that marks what this program wrote, and holds a form's key.
pub const PROPERTY: &str = "jisseki";
/// The value of [`PROPERTY`] in a list or a report: no form, and no stray file either.
pub const OWN_REPORT: &str = "report";

/// So often may a form hold each row of the master.
const MOST_COPIES: usize = 4;
/// Bytes of what was typed in a form: ten cells as long as Excel's can be.
const MOST_TYPED: usize = 1 << 20;
/// A report quotes so many broken rows of a file.
const MOST_BROKEN: usize = 20;

/// Why a file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It has a password.
    Encrypted,
    /// It would take more time or memory than any form.
    TooLarge(&'static str),
    /// It cannot be opened.
    Damaged,
    /// Two of its parts, or of its sheets, bear one name.
    Doubled,
    /// It is something else.
    NotAWorkbook(&'static str),
    /// A workbook in a format that is not read.
    Unsupported(&'static str),
}

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
    pub input: Asked,
    /// The remark; empty for none.
    pub remark: String,
    /// How the remark looks.
    pub remark_look: SharedLook,
    /// The years before, as the file has them now.
    pub past: Vec<(FiscalYear, Asked)>,
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
pub struct Asked {
    /// What it holds; `None` for an empty cell.
    pub cell: Option<Cell>,
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

/// What reading a file gave.
#[derive(Debug, Clone)]
pub enum Read {
    /// A form, or what is left of one.
    Form(Box<Returned>),
    /// A list or report this program wrote: to be passed over in a folder.
    OwnReport,
    /// Nothing that can be used; the findings say why.
    Nothing,
}

impl Asked {
    /// A cell that looks like any other.
    pub fn plain(cell: Option<Cell>, place: Place) -> Self {
        Self { cell, place, look: SharedLook::default(), is_joined: false }
    }

    /// What to quote of it: what the sheet shows; empty for an empty cell.
    pub fn shown(&self) -> String {
        let Some(cell) = &self.cell else { return String::new() };
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

impl Returned {
    /// Why this is no form of a plan whose master has so many rows: more rows than copying
    /// all of them would give, or more text than anybody types. Of each file all is kept
    /// until the end, so one must not take the room of the others.
    pub fn oversized(&self, master_rows: usize) -> Option<Finding> {
        let rows = self.rows.iter().map(|row| row.input.shown().len() + row.remark.len());
        let written = self.written.iter().map(|written| written.text.len());
        let why = if self.rows.len() > MOST_COPIES * (master_rows + 50) {
            "同じ項目の行が多すぎます"
        } else if rows.chain(written).sum::<usize>() > MOST_TYPED {
            "書き込みの文字が多すぎます"
        } else {
            return None;
        };
        Some(Finding::at(Place::file(&self.file), refused(Refusal::TooLarge(why))))
    }
}

/// What is said of a file that is larger than [`LARGEST_FILE`], without reading it.
pub fn oversized(file: &str) -> Finding {
    Finding::at(Place::file(file), refused(Refusal::TooLarge("ファイルの大きさが20MBを超えています")))
}

/// Reads the bytes of a returned file called `file` (for messages only).
pub fn read(bytes: &[u8], file: &str) -> (Read, Findings) {
    match workbook::read(bytes) {
        Ok(book) => interpret(&book, file),
        Err(refusal) => (Read::Nothing, Findings::from(Finding::at(Place::file(file), refused(refusal)))),
    }
}

/// The workbook in the bytes of a file.
///
/// # Errors
/// Why it is not read.
pub fn book(bytes: &[u8]) -> Result<Book, Refusal> {
    workbook::read(bytes)
}

/// What a workbook from a file called `file` says.
pub fn interpret(book: &Book, file: &str) -> (Read, Findings) {
    let own = book.properties.get(PROPERTY).map(String::as_str);
    let texts = OwnTexts::read(book.sheets.iter().flat_map(|sheet| sheet.cells.values()));
    let mut reading = FileReading::new(Returned {
        file: file.to_owned(),
        key: own.and_then(FileKey::parse),
        tells_own_texts: texts.is_some(),
        ..Returned::default()
    });
    let name = file.into();
    // The form first: of a long list beside it only so much is kept.
    let mut readers: Vec<SheetReader<'_>> =
        book.sheets.iter().map(|sheet| SheetReader::new(sheet, &name)).collect();
    readers.sort_by_cached_key(|reader| !reader.is_form());
    for reader in readers {
        if let Err(refusal) = reader.read(texts.as_ref(), &mut reading) {
            return (Read::Nothing, Findings::from(Finding::at(Place::file(file), refused(refusal))));
        }
    }
    let FileReading { mut returned, mut findings, .. } = reading;
    // It is kept until thousands of others have been read.
    returned.rows.shrink_to_fit();
    returned.written.shrink_to_fit();
    if returned.rows.is_empty() && returned.key.is_none() && findings.is_empty() {
        if own == Some(OWN_REPORT) {
            return (Read::OwnReport, findings);
        }
        findings.push_at(Place::file(file), ExchangeRule::NotAForm);
        return (Read::Nothing, findings);
    }
    (Read::Form(Box::new(returned)), findings)
}

fn refused(refusal: Refusal) -> ExchangeRule {
    match refusal {
        Refusal::Encrypted => ExchangeRule::EncryptedWorkbook,
        Refusal::TooLarge(why) => ExchangeRule::OversizedWorkbook { why },
        Refusal::Damaged => ExchangeRule::DamagedWorkbook,
        Refusal::Doubled => ExchangeRule::DoubledParts,
        Refusal::NotAWorkbook(why) => ExchangeRule::NotAWorkbook { why },
        Refusal::Unsupported(format) => ExchangeRule::UnsupportedWorkbook { format },
    }
}
