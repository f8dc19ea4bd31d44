//! A workbook that came from elsewhere, read without trust: cells, how they look, what is
//! written beside them. Of three formats (.xlsx, .ods, .xls), one [`Book`].
//!
//! ```text
//! bytes ─► container ─► xlsx, ods, xls ─► SheetBuilder ─► Book
//!          (kind)       (one budget a file)
//! ```
//!
//! What a cell is taken to mean is not decided here, nor what a form is.

mod book;
mod budget;
mod container;
mod date_format;
mod notes;
mod number_format;
mod ods;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod oracle;
mod package;
mod refusal;
mod serial;
mod sheet_builder;
mod stated;
mod xls;
mod xlsx;
mod xml;

use std::panic::catch_unwind;

use budget::Budget;
use container::Container;

pub use book::{Book, Cell, Look, Note, NoteKind, Number, Position, SharedLook, Sheet, Strikethrough};
pub use container::LARGEST_FILE;
pub use number_format::{Format, Shown};
pub use refusal::Refusal;
pub use stated::stated;

thread_local! {
    static READING: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Whether this thread is reading a file that came from elsewhere. A panic there is caught
/// and becomes a finding; a panic hook need not speak of it.
pub fn is_reading() -> bool {
    READING.get()
}

/// Reads the bytes of a workbook.
///
/// # Errors
/// Why it is not read.
pub fn read(bytes: &[u8]) -> Result<Book, Refusal> {
    // Nothing is known to panic. But should a file find a way, it must not stop the others,
    // and nothing is left half-done: all that is made here is made anew.
    READING.set(true);
    let reading = catch_unwind(|| {
        let mut budget = Budget::default();
        match container::examine(bytes)? {
            Container::OpenXml(package) => xlsx::read(package, &mut budget),
            Container::OpenDocument(package) => ods::read(package, &mut budget),
            Container::Compound => xls::read(bytes, &mut budget),
        }
    });
    READING.set(false);
    reading.unwrap_or(Err(Refusal::Damaged))
}
