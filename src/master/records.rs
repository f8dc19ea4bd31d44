//! Text to records and cells, each with the place it came from.
//!
//! The `csv` crate keeps neither quoting nor spans, and its line number is one short
//! in CRLF files; so this reads for itself. A test holds it to what `csv` reads,
//! down to how broken quoting is taken, so that other programs agree about a file.
//!
//! Unlike `csv`, blank lines are kept: they are rows in Excel.

use std::ops::Range;

use super::limits::{LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_LINES, MOST_ROWS};
use crate::finding::ReadingRule;

/// What the decoder has left of a byte order mark is one too many.
pub(super) const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// All records of a file; spans are in bytes of the text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Records {
    pub list: Vec<Record>,
    /// What is wrong with the quoting, in order.
    pub faults: Vec<Fault>,
}

/// A record: a row in Excel, one or more physical lines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record {
    /// The physical line on which it begins, from 1.
    pub line: usize,
    /// Without the line ending.
    pub span: Range<usize>,
    /// None for a blank line.
    pub cells: Vec<Cell>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    /// With its quotes.
    pub span: Range<usize>,
    pub quoted: bool,
    /// The content, where it is not simply what stands between the quotes.
    unescaped: Option<Box<str>>,
}

/// Something wrong with a record's form.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fault {
    pub record: usize,
    pub cell: usize,
    pub kind: ReadingRule,
}

impl Cell {
    /// What the cell says; `text` is the text it was read from.
    pub fn content<'a>(&'a self, text: &'a str) -> &'a str {
        if let Some(unescaped) = &self.unescaped {
            return unescaped;
        }
        let inside = if self.quoted { self.span.start + 1..self.span.end - 1 } else { self.span.clone() };
        text.get(inside).unwrap_or_default()
    }
}

/// Line breaks as an editor counts them: CR LF is one, a lone CR or LF is one.
pub(super) fn line_breaks(bytes: &[u8]) -> usize {
    let mut breaks = 0;
    let mut after_cr = false;
    for byte in bytes {
        breaks += usize::from(*byte == b'\r' || (*byte == b'\n' && !after_cr));
        after_cr = *byte == b'\r';
    }
    breaks
}

/// Reads all records of `text`; none after the one in which a limit is passed.
pub(super) fn read(text: &str) -> Records {
    // A byte order mark written twice is content for no cell.
    let at = text.len() - text.trim_start_matches(BYTE_ORDER_MARK).len();
    let records = Records::default();
    let mut reader = Reader { text, bytes: text.as_bytes(), at, line: 1, records, rows: 0, cells: 0 };
    while reader.at < reader.bytes.len() && reader.record() {}
    reader.records
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: usize,
    records: Records,
    /// Rows with something in them, so far.
    rows: usize,
    /// Cells of the records before this one.
    cells: usize,
}

impl<'a> Reader<'a> {
    fn fault(&mut self, cell: usize, kind: ReadingRule) {
        self.records.faults.push(Fault { record: self.records.list.len(), cell, kind });
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Reads one record; whether more may be read.
    fn record(&mut self) -> bool {
        let (start, line) = (self.at, self.line);
        let mut too_large = None;
        let mut cells = Vec::new();
        if !matches!(self.peek(), Some(b'\r' | b'\n')) {
            loop {
                let cell = self.cell(cells.len());
                cells.push(cell);
                if self.peek() != Some(b',') {
                    break;
                }
                self.at += 1;
                if cells.len() == MOST_COLUMNS {
                    too_large = Some(("列", MOST_COLUMNS));
                    break;
                }
            }
        }
        self.rows += usize::from(cells.iter().any(|cell: &Cell| !cell.span.is_empty()));
        self.cells += cells.len();
        if self.rows > MOST_ROWS {
            too_large = Some(("行", MOST_ROWS));
        } else if self.records.list.len() >= MOST_LINES {
            too_large = Some(("行", MOST_LINES));
        } else if self.cells > MOST_CELLS {
            too_large = Some(("セル", MOST_CELLS));
        }
        if let Some((what, most)) = too_large {
            self.fault(0, ReadingRule::TooLarge { what, most });
        }
        let span = start..self.at;
        self.line += line_breaks(&self.bytes[span.clone()]);
        if self.peek() == Some(b'\r') {
            self.at += 1;
            self.line += 1;
            if self.peek() == Some(b'\n') {
                self.at += 1;
            }
        } else if self.peek() == Some(b'\n') {
            self.at += 1;
            self.line += 1;
        }
        self.records.list.push(Record { line, span, cells });
        too_large.is_none()
    }

    /// Reads up to the comma, the line ending or the end.
    fn cell(&mut self, index: usize) -> Cell {
        let start = self.at;
        if self.peek() == Some(b'"') {
            return self.quoted_cell(index);
        }
        self.skip_rest_of_cell();
        let content: &'a str = &self.text[start..self.at];
        if content.contains('"') {
            self.fault(index, ReadingRule::StrayQuote);
        }
        self.measure(index, content);
        Cell { span: start..self.at, quoted: false, unescaped: None }
    }

    fn quoted_cell(&mut self, index: usize) -> Cell {
        let start = self.at;
        self.at += 1;
        let mut content = String::new();
        let mut piece = self.at;
        let mut plain = true;
        let closed = loop {
            match self.bytes[self.at..].iter().position(|b| *b == b'"') {
                None => {
                    self.at = self.bytes.len();
                    break false;
                }
                Some(ahead) => self.at += ahead + 1,
            }
            if self.peek() != Some(b'"') {
                break true;
            }
            // `""`: one of the two is content.
            content.push_str(&self.text[piece..self.at]);
            self.at += 1;
            piece = self.at;
            plain = false;
        };
        let content_end = if closed { self.at - 1 } else { self.at };
        content.push_str(&self.text[piece..content_end]);
        if !closed {
            self.fault(index, ReadingRule::QuoteNotClosed);
            plain = false;
        } else if !matches!(self.peek(), None | Some(b',' | b'\r' | b'\n')) {
            self.fault(index, ReadingRule::TextAfterQuote);
            let more = self.at;
            self.skip_rest_of_cell();
            content.push_str(&self.text[more..self.at]);
            plain = false;
        }
        if closed {
            self.measure(index, &content);
        }
        let unescaped = (!plain).then(|| content.into_boxed_str());
        Cell { span: start..self.at, quoted: true, unescaped }
    }

    fn skip_rest_of_cell(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|b| matches!(b, b',' | b'\r' | b'\n')).unwrap_or(rest.len());
    }

    fn measure(&mut self, index: usize, content: &str) {
        if content.len() > LONGEST_CELL {
            let length = content.chars().map(char::len_utf16).sum();
            if length > LONGEST_CELL {
                self.fault(index, ReadingRule::CellTooLong { length });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    fn by_us(text: &str) -> Vec<Vec<String>> {
        read(text)
            .list
            .iter()
            .filter(|record| !record.cells.is_empty())
            .map(|record| record.cells.iter().map(|cell| cell.content(text).to_owned()).collect())
            .collect()
    }

    fn by_csv(text: &str) -> Vec<Vec<String>> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes())
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn cells_have_spans_and_records_have_lines() {
        let text = "a,b\r\n\r\n\"x\r\ny\",\"q\"\"q\"\nlast";
        let records = read(text);
        let lines: Vec<usize> = records.list.iter().map(|record| record.line).collect();
        assert_eq!(lines, [1, 2, 3, 5]);
        let cells = &records.list[2].cells;
        assert_eq!(&text[cells[0].span.clone()], "\"x\r\ny\"");
        assert_eq!((cells[0].content(text), cells[1].content(text)), ("x\r\ny", "q\"q"));
        assert_eq!(records.faults, []);
    }

    #[test]
    fn broken_quoting_is_reported() {
        for (text, kind) in [
            ("a,\"b\nc,d", ReadingRule::QuoteNotClosed),
            ("a,\"b\"c,d\n", ReadingRule::TextAfterQuote),
            ("a, \"b\",d\n", ReadingRule::StrayQuote),
        ] {
            assert_eq!(read(text).faults, [Fault { record: 0, cell: 1, kind }], "{text}");
        }
    }

    #[test]
    fn a_huge_cell_is_measured_quickly() {
        let text = format!("a,\"{}\"\n", "\"\"".repeat(5_000_000));
        let start = std::time::Instant::now();
        assert!(matches!(read(&text).faults[..], [Fault { kind: ReadingRule::CellTooLong { .. }, .. }]));
        assert!(start.elapsed().as_secs() < 5);
    }

    proptest! {
        /// What other programs read in a file, this reads.
        #[test]
        fn csv_reads_the_same(text in "[ab漢,,\"\"\r\n]{0,40}") {
            prop_assert_eq!(by_us(&text), by_csv(&text));
        }

        /// Between the cells there are only commas and line endings.
        #[test]
        fn spans_cover_the_text(text in "[ab漢,,\"\"\r\n]{0,40}") {
            let mut rest = String::new();
            let mut at = 0;
            for cell in read(&text).list.iter().flat_map(|record| &record.cells) {
                rest.push_str(&text[at..cell.span.start]);
                at = cell.span.end;
            }
            rest.push_str(&text[at..]);
            prop_assert!(rest.chars().all(|c| matches!(c, ',' | '\r' | '\n')), "{:?}", rest);
        }
    }
}
