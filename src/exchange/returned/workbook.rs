//! Reading a workbook, whatever its format.

use std::panic::catch_unwind;

use super::Refusal;
use super::book::Book;
use super::budget::Budget;
use super::guard::{self, Container};
use super::{compound, document, xlsx};

thread_local! {
    static READING: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Whether this thread is reading a file that came from elsewhere. A panic there is caught
/// and becomes a finding; a panic hook need not speak of it.
pub fn is_reading() -> bool {
    READING.get()
}

/// Reads the bytes of a workbook.
pub(super) fn read(bytes: &[u8]) -> Result<Book, Refusal> {
    // Nothing is known to panic. But should a file find a way, it must not stop the others,
    // and nothing is left half-done: all that is made here is made anew.
    READING.set(true);
    let reading = catch_unwind(|| {
        let mut budget = Budget::default();
        match guard::examine(bytes)? {
            Container::OpenXml(package) => xlsx::book(package, &mut budget),
            Container::OpenDocument(package) => document::read(package, &mut budget),
            Container::Compound => compound::read(bytes, &mut budget),
        }
    });
    READING.set(false);
    reading.unwrap_or(Err(Refusal::Damaged))
}
