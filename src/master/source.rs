//! The master as a file: its bytes, and which of them every cell is.
//!
//! [`Source::rewrite`] copies what is not changed, so that a cell nobody touched
//! stays byte for byte: same encoding, same quoting, same line ending.

use std::collections::BTreeMap;

use super::columns::{Column, ColumnMap};
use super::encoding::{Decoded, Encoding};
use super::file::File;
use super::limits::shortened;
use super::records::{Record, Records};
use crate::finding::{Excerpt, Finding, Findings, Place, ReadingRule};
use crate::plan::Row;

/// A master's file, understood down to its cells.
#[derive(Debug, Clone)]
pub struct Source {
    name: String,
    bytes: Vec<u8>,
    decoded: Decoded,
    records: Records,
    /// Which record is the header; data rows follow it.
    header: usize,
    columns: ColumnMap,
}

impl Source {
    pub(super) fn new(
        name: &str,
        bytes: &[u8],
        decoded: Decoded,
        records: Records,
        header: usize,
        columns: ColumnMap,
    ) -> Self {
        Self { name: name.to_owned(), bytes: bytes.to_vec(), decoded, records, header, columns }
    }

    /// The file's name, without its folder.
    pub fn file_name(&self) -> &str {
        &self.name
    }

    /// The file as it was read.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How it is encoded.
    pub fn encoding(&self) -> Encoding {
        self.decoded.encoding
    }

    /// Every data row, blank ones too.
    pub fn rows(&self) -> impl Iterator<Item = Row> + use<> {
        (0..self.records.list.len().saturating_sub(self.header + 1)).map(Row)
    }

    /// What a cell says, as it stands there (blanks and line breaks too); empty where
    /// the master has no such cell.
    pub fn cell(&self, row: Row, column: Column) -> &str {
        self.columns.position(column).map_or("", |at| self.cell_at(row, at))
    }

    /// Whether the master has such a column.
    pub fn has(&self, column: Column) -> bool {
        self.columns.position(column).is_some()
    }

    /// The heading that a column has, or should have.
    pub fn heading(&self, column: Column) -> String {
        column.heading(&self.columns.fields)
    }

    /// Whether the cells of a column are figures.
    pub fn holds_figures(&self, column: Column) -> bool {
        self.columns.holds_figures(column)
    }

    /// Every data cell of a known column that is not empty, in row order.
    pub fn cells(&self) -> impl Iterator<Item = (Row, Column, &str)> {
        self.rows().flat_map(move |row| {
            let columns = self.columns.by_position.iter().enumerate();
            columns.filter_map(move |(at, column)| {
                let text = self.cell_at(row, at);
                (!text.is_empty()).then_some((row, (*column)?, text))
            })
        })
    }

    /// Where a cell is. A column the master lacks gives the row's place.
    pub fn place(&self, row: Row, column: Column) -> Place {
        match self.columns.position(column) {
            Some(at) => self.place_at(row, at),
            None => self.row_place(row),
        }
    }

    /// Where a row is.
    pub fn row_place(&self, row: Row) -> Place {
        let Some(record) = self.record(row) else { return Place::file(&self.name) };
        let place = self.file().record_place(self.header + 1 + row.0);
        let end = record.cells.last().map_or(record.span.start, |cell| cell.span.end);
        Place {
            id: self.id(row).map(Into::into),
            excerpt: Some(Excerpt::of(&self.decoded.text, record.span.start..end)),
            ..place
        }
    }

    /// The row and column that a place in this file is in; no column where it is the row as a
    /// whole, or a column without a known heading. `None` for places elsewhere.
    pub fn cell_of(&self, place: &Place) -> Option<(Row, Option<Column>)> {
        let is_here = place.file == self.name && place.sheet.is_none();
        let row = Row(place.row.filter(|_| is_here)?.checked_sub(self.header + 2)?);
        self.record(row)?;
        let column = place.column.and_then(|at| self.columns.by_position.get(at).copied()?);
        Some((row, column))
    }

    /// The physical line of a row, from 1.
    pub fn line(&self, row: Row) -> usize {
        self.record(row).map_or(0, |record| record.line)
    }

    /// The bytes of the file with these cells changed and nothing else.
    ///
    /// A cell that was quoted stays quoted; others are quoted where they must be. A
    /// record that is too short is filled up. A text a cell already has changes
    /// nothing. Where one cell is named twice, the last text counts.
    ///
    /// # Errors
    /// All texts that the file's encoding cannot express (never a `?` instead), and
    /// all cells that do not exist.
    pub fn rewrite(&self, changes: &[(Row, Column, String)]) -> Result<Vec<u8>, Findings> {
        let mut findings = Findings::new();
        let mut cells: BTreeMap<(usize, usize), &str> = BTreeMap::new();
        for (row, column, text) in changes {
            match (self.record(*row), self.columns.position(*column)) {
                (Some(_), Some(at)) if self.cell_at(*row, at) == text => {
                    cells.remove(&(row.0, at));
                }
                (Some(_), Some(at)) => {
                    cells.insert((row.0, at), text);
                }
                (None, _) => {
                    findings.push(self.no_such(*row, format!("行（見出しの下の{}行目）", row.0 + 1)))
                }
                (_, None) => findings.push(self.no_such(*row, format!("列「{}」", self.heading(*column)))),
            }
        }
        let edits = self.edits(&cells, &mut findings);
        if findings.has_errors() {
            return Err(findings);
        }
        let places: Vec<usize> = edits.iter().flat_map(|edit| [edit.start, edit.end]).collect();
        let places = self.decoded.source_offsets(&self.bytes, &places);
        let mut out = Vec::with_capacity(self.bytes.len());
        let mut copied = 0;
        for (edit, place) in edits.iter().zip(places.chunks(2)) {
            let &[start, end] = place else { continue };
            out.extend_from_slice(self.bytes.get(copied..start).unwrap_or_default());
            out.extend_from_slice(&edit.encoded);
            copied = end;
        }
        out.extend_from_slice(self.bytes.get(copied..).unwrap_or_default());
        Ok(out)
    }

    /// What to write where, in order.
    fn edits(&self, cells: &BTreeMap<(usize, usize), &str>, findings: &mut Findings) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut next = cells.iter().peekable();
        while let Some(row) = next.peek().map(|((row, _), _)| *row) {
            let Some(record) = self.record(Row(row)) else { break };
            let all_quoted = !record.cells.is_empty() && record.cells.iter().all(|cell| cell.quoted);
            // What a short record lacks is written behind it. A blank line is a
            // record of one empty cell.
            let (mut tail, mut filled) = (Vec::new(), record.cells.len().max(1));
            while let Some((&(_, at), text)) = next.next_if(|((of, _), _)| *of == row) {
                let there = record.cells.get(at);
                let quoted = there.map_or(all_quoted, |cell| cell.quoted);
                let bytes = match self.decoded.encoding.encode(&written(text, quoted)) {
                    Ok(bytes) => bytes,
                    Err(character) => {
                        let encoding = self.decoded.encoding.name();
                        let kind = ReadingRule::CharacterNotInEncoding { character, encoding };
                        findings.push_at(self.place_at(Row(row), at), kind);
                        continue;
                    }
                };
                if let Some(cell) = there {
                    edits.push(Edit { start: cell.span.start, end: cell.span.end, encoded: bytes });
                    continue;
                }
                while filled <= at {
                    let empty = if all_quoted && filled < at { ",\"\"" } else { "," };
                    tail.extend(self.decoded.encoding.encode(empty).unwrap_or_default());
                    filled += 1;
                }
                tail.extend(bytes);
            }
            if !tail.is_empty() {
                edits.push(Edit { start: record.span.end, end: record.span.end, encoded: tail });
            }
        }
        edits
    }

    fn no_such(&self, row: Row, what: String) -> Finding {
        Finding::at(self.row_place(row), ReadingRule::NoSuchCell { what })
    }

    pub(super) fn columns(&self) -> &ColumnMap {
        &self.columns
    }

    pub(super) fn record(&self, row: Row) -> Option<&Record> {
        self.records.list.get(self.header.checked_add(1)?.checked_add(row.0)?)
    }

    /// The content of a cell by position, beyond the header's columns too.
    pub(super) fn cell_at(&self, row: Row, at: usize) -> &str {
        let cell = self.record(row).and_then(|record| record.cells.get(at));
        cell.map_or("", |cell| cell.content(&self.decoded.text))
    }

    /// Where a cell by position is.
    pub(super) fn place_at(&self, row: Row, at: usize) -> Place {
        Place {
            heading: self.columns.headings.get(at).map(|heading| shortened(heading.trim())),
            id: self.id(row).map(Into::into),
            ..self.file().cell_place(self.header + 1 + row.0, at)
        }
    }

    fn file(&self) -> File<'_> {
        File { name: &self.name, text: &self.decoded.text, records: &self.records }
    }

    fn id(&self, row: Row) -> Option<String> {
        const MOST: usize = 20;
        let id = self.cell(row, Column::Id).trim();
        (!id.is_empty()).then(|| id.chars().take(MOST).collect())
    }
}

/// A piece of the text and the bytes to write for it.
struct Edit {
    start: usize,
    end: usize,
    encoded: Vec<u8>,
}

/// A cell as CSV writes it.
fn written(text: &str, quoted: bool) -> String {
    if quoted || text.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
