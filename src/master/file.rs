//! A file as text and records: where each of them is.

use super::records::{Records, line_breaks};
use crate::finding::{Excerpt, Place};

/// A file that has been read as CSV.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    /// Its name, for messages.
    pub name: &'a str,
    pub text: &'a str,
    pub records: &'a Records,
}

impl File<'_> {
    /// Where a record is, the header too.
    pub fn record_place(self, index: usize) -> Place {
        let Some(record) = self.records.list.get(index) else { return Place::file(self.name) };
        Place {
            row: Some(index + 1),
            excerpt: Some(Excerpt::of(self.text, record.span.clone())),
            ..Place::line(self.name, record.line)
        }
    }

    /// Where a cell is, the header's too; a cell a short record lacks is at its end.
    pub fn cell_place(self, index: usize, at: usize) -> Place {
        let Some(record) = self.records.list.get(index) else { return Place::file(self.name) };
        let span = record.cells.get(at).map_or(record.span.end..record.span.end, |cell| cell.span.clone());
        let before = self.text.as_bytes().get(record.span.start..span.start).unwrap_or_default();
        Place {
            line: Some(record.line + line_breaks(before)),
            row: Some(index + 1),
            column: Some(at),
            excerpt: Some(Excerpt::of(self.text, span)),
            ..Place::file(self.name)
        }
    }
}
