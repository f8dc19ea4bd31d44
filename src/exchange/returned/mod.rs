//! 返ってきたブック (returns): what a department sent back, read without trust.
//!
//! ```text
//! bytes ─► workbook ─► Book ─► Returned
//!                     (cells)  (rows by key)
//! ```
//!
//! A row is found by its key, its columns by the codes in the hidden row above, else by
//! the headings, else by their distance from the key where the item's name proves it.
//! A file that is refused gives a finding; so does a row whose key is broken. What a
//! cell means is not decided here.
//!
//! Always true: whatever stands in a form is either a part of a row or of the form as it
//! was sent, or it is among [`Returned::written`]. Nothing that was typed is passed over.

mod form;
mod headers;
mod joined;
mod sheet;
mod slips;

pub use form::{PlacedCell, Returned, ReturnedRow, Written, WrittenKind};

use sheet::{ReturnedBuilder, SheetReader};

use super::key::FileKey;
use super::texts::OwnTexts;
use crate::finding::{ExchangeRule, Finding, Findings, Place};
use crate::workbook::{self, Book, Refusal};

/// The name of the property that marks what this program wrote, and holds a form's key.
pub const PROPERTY: &str = "jisseki";
/// The value of [`PROPERTY`] in a list or a report: no form, and no stray file either.
pub const OWN_REPORT: &str = "report";

/// So often may a form hold each row that is asked.
const MOST_COPIES: usize = 4;
/// Bytes of what was typed in a form: ten cells as long as Excel's can be.
const MOST_TYPED: usize = 1 << 20;

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

impl Returned {
    /// Why this is no form of a plan of which so much can be asked: more rows than copying
    /// all of it would give, or more text than anybody types. Of each file all is kept
    /// until the end, so one must not take the room of the others.
    pub fn oversized(&self, most_rows: usize) -> Option<Finding> {
        let rows = self.rows.iter().map(|row| row.input.shown().len() + row.remark.len());
        let written = self.written.iter().map(|written| written.text.len());
        let why = if self.rows.len() > MOST_COPIES * (most_rows + 50) {
            "同じ項目の行が多すぎます"
        } else if rows.chain(written).sum::<usize>() > MOST_TYPED {
            "書き込みの文字が多すぎます"
        } else {
            return None;
        };
        Some(Finding::at(Place::file(&self.file), refused(Refusal::TooLarge(why))))
    }
}

/// What is said of a file that is larger than [`LARGEST_FILE`](workbook::LARGEST_FILE), without reading it.
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

/// What a workbook from a file called `file` says.
pub(super) fn interpret(book: &Book, file: &str) -> (Read, Findings) {
    let own = book.properties.get(PROPERTY).map(String::as_str);
    let texts = OwnTexts::read(book.sheets.iter().flat_map(|sheet| sheet.cells.values()));
    let mut reading = ReturnedBuilder::new(Returned {
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
    let ReturnedBuilder { mut returned, mut findings, .. } = reading;
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
