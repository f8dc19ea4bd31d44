//! Workbooks of LibreOffice (.ods), measured before they are read.
//!
//! A few letters of an .ods can say "this cell, 16,384 times, in a million rows", and
//! the library writes all of them out; it also waits for ever for a table that is
//! never closed. On the way it is noted which cells show percentages, which the
//! library does not tell.

use std::collections::HashSet;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Refusal;
use super::guard::{DEEPEST, MOST_CELLS};

/// Cells that show percentages, by row and column, for each sheet in order.
pub(super) type Percentages = Vec<HashSet<(u32, u32)>>;

/// A percentage that is repeated more often is no answer.
const MOST_REPEATED: u64 = 64;

/// Walks the content of a document.
pub(super) fn survey(text: &[u8]) -> Result<Percentages, Refusal> {
    let mut reader = Reader::from_reader(text);
    let mut buffer = Vec::new();
    let mut walk = Walk::default();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => {
                walk.depth += 1;
                walk.open(&tag)?;
            }
            Ok(Event::Empty(tag)) => {
                walk.open(&tag)?;
                walk.close(tag.name().0)?;
            }
            Ok(Event::End(tag)) => {
                walk.depth = walk.depth.checked_sub(1).ok_or(Refusal::Damaged)?;
                walk.close(tag.name().0)?;
            }
            Ok(Event::Eof) if walk.depth == 0 => return Ok(walk.percentages),
            Ok(Event::Eof) | Err(_) => return Err(Refusal::Damaged),
            Ok(_) => {}
        }
        buffer.clear();
    }
}

/// Where the walk is, and what it has measured.
#[derive(Default)]
struct Walk {
    depth: usize,
    percentages: Percentages,
    /// Of the sheet: rows so far, and the widest of them.
    rows: u64,
    widest: u64,
    /// Of the row: how often it is repeated, its cells so far, and those at its end
    /// that are empty (not written out).
    repeats: u64,
    columns: u64,
    empty: u64,
    is_filled: bool,
    /// Of the document: what the library writes out.
    written: u64,
}

impl Walk {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        if self.depth > DEEPEST {
            return Err(Refusal::TooLarge("XMLの入れ子が深すぎます"));
        }
        match tag.name().0 {
            "table:table" => {
                (self.rows, self.widest) = (0, 0);
                self.percentages.push(HashSet::new());
            }
            "table:table-row" => {
                self.repeats = number(tag, "table:number-rows-repeated")?;
                (self.columns, self.empty, self.is_filled) = (0, 0, false);
            }
            "table:table-cell" | "table:covered-table-cell" => self.cell(tag)?,
            // Blanks in a text are written out too.
            "text:s" => self.write(number(tag, "text:c")? / 8)?,
            _ => {}
        }
        Ok(())
    }

    fn cell(&mut self, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        let kind = attribute(tag, "office:value-type");
        let is_filled = kind.is_some()
            || [
                "table:formula",
                "office:value",
                "office:string-value",
                "office:date-value",
                "office:time-value",
                "office:boolean-value",
            ]
            .iter()
            .any(|name| attribute(tag, name).is_some());
        let repeats = number(tag, "table:number-columns-repeated")?;
        if !is_filled {
            self.empty = self.empty.saturating_add(repeats);
            return Ok(());
        }
        self.columns = self.columns.saturating_add(std::mem::take(&mut self.empty));
        let first = self.columns;
        self.columns = self.columns.saturating_add(repeats);
        self.is_filled = true;
        // A filled cell is kept with its text as often as it is repeated.
        self.write(self.columns - first)?;
        if kind.as_deref() == Some("percentage")
            && let Some(sheet) = self.percentages.last_mut()
        {
            for row in self.rows..self.rows.saturating_add(self.repeats.min(MOST_REPEATED)) {
                for column in first..first.saturating_add(repeats.min(MOST_REPEATED)) {
                    if let (Ok(row), Ok(column)) = (u32::try_from(row), u32::try_from(column)) {
                        sheet.insert((row, column));
                    }
                }
            }
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Refusal> {
        if name != "table:table-row" {
            return Ok(());
        }
        self.rows = self.rows.saturating_add(self.repeats);
        if self.is_filled {
            self.widest = self.widest.max(self.columns);
            // The empty rows above a filled one are written out as wide as the sheet.
            if self.rows.saturating_mul(self.widest) > MOST_CELLS * 8 {
                return Err(too_many());
            }
        }
        self.write(self.columns)
    }

    fn write(&mut self, cells: u64) -> Result<(), Refusal> {
        self.written = self.written.saturating_add(cells);
        if self.written > MOST_CELLS * 4 { Err(too_many()) } else { Ok(()) }
    }
}

fn too_many() -> Refusal {
    Refusal::TooLarge("セルの数が多すぎます")
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().with_checks(false).flatten().find(|attribute| attribute.key.0 == name);
    found.map(|attribute| attribute.value.into_owned())
}

/// How often something is repeated: once, where it is not said.
fn number(tag: &BytesStart<'_>, name: &str) -> Result<u64, Refusal> {
    attribute(tag, name).map_or(Ok(1), |text| text.trim().parse().map_err(|_| Refusal::Damaged))
}
