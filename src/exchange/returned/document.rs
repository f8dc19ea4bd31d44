//! Workbooks of LibreOffice (.ods), measured before they are read.
//!
//! A few letters of an .ods can say "this cell, 16,384 times, in a million rows", and
//! the library writes all of them out; it also waits for ever for a table that is
//! never closed. On the way it is noted what the library does not tell: what cells
//! show of their numbers, notes, text boxes, struck letters, hidden rows, joined cells.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Refusal;
use super::book::{At, Look, Note, NoteKind, Struck};
use super::guard::{DEEPEST, MOST_CELLS};
use super::workbook::{ShownNumber, Surveyed};

/// A number that is repeated more often is no answer.
const MOST_REPEATED: u64 = 64;
/// Styles, notes and joined cells that are kept.
const MOST_KEPT: usize = 20_000;

/// Walks the content of a document: what is noted of each sheet, in order.
pub(super) fn survey(text: &[u8]) -> Result<Vec<Surveyed>, Refusal> {
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
                walk.depth += 1;
                walk.open(&tag)?;
                walk.depth -= 1;
                walk.close(tag.name().0)?;
            }
            Ok(Event::End(tag)) => {
                walk.depth = walk.depth.checked_sub(1).ok_or(Refusal::Damaged)?;
                walk.close(tag.name().0)?;
            }
            Ok(Event::Text(text)) => walk.text(&text.xml10_content()),
            Ok(Event::GeneralRef(name)) => {
                let c = match &*name.xml10_content() {
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "amp" => Some('&'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => name.resolve_char_ref().ok().flatten(),
                };
                if let Some(c) = c {
                    walk.text(c.encode_utf8(&mut [0; 4]));
                }
            }
            Ok(Event::Eof) if walk.depth == 0 => return Ok(walk.sheets),
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
    sheets: Vec<Surveyed>,
    /// Looks by the names of their styles.
    styles: HashMap<String, Look>,
    style: Option<(String, Look)>,
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
    /// The cell the walk is in.
    cell: Option<OpenCell>,
    /// The depth at which a note or a shape began, and its text.
    note: Option<(usize, NoteKind, String)>,
    /// Within `text:p`, and within struck letters since this depth.
    in_text: bool,
    struck_since: Option<usize>,
}

/// A cell whose end has not come yet.
#[derive(Default)]
struct OpenCell {
    /// Columns, and how many rows and columns show the same.
    first: u64,
    repeats: u64,
    /// Its number's kind, where it has one: a percentage or not.
    percentage: Option<bool>,
    text: String,
    struck: String,
    look: Look,
}

impl Walk {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        if self.depth > DEEPEST {
            return Err(Refusal::TooLarge("XMLの入れ子が深すぎます"));
        }
        match tag.name().0 {
            "table:table" => {
                (self.rows, self.widest) = (0, 0);
                self.sheets.push(Surveyed::default());
            }
            "table:table-row" => {
                self.repeats = number(tag, "table:number-rows-repeated")?;
                (self.columns, self.empty, self.is_filled) = (0, 0, false);
                let is_hidden = raw(tag, "table:visibility").is_some_and(|how| how != "visible");
                if is_hidden && let Some(sheet) = self.sheets.last_mut() {
                    let last = self.rows.saturating_add(self.repeats.min(MOST_CELLS));
                    sheet.hidden_rows.extend((self.rows..last).filter_map(|row| u32::try_from(row).ok()));
                }
            }
            "table:table-cell" | "table:covered-table-cell" => self.cell(tag)?,
            // Blanks in a text are written out too.
            "text:s" => {
                self.write(number(tag, "text:c")? / 8)?;
                self.text(" ");
            }
            "text:p" => {
                self.in_text = true;
                self.new_line();
            }
            "text:span" => {
                let style = raw(tag, "text:style-name").and_then(|name| self.styles.get(&name));
                if style.is_some_and(|look| look.struck == Struck::Whole) && self.struck_since.is_none() {
                    self.struck_since = Some(self.depth);
                }
            }
            "office:annotation" => self.note = Some((self.depth, NoteKind::Comment, String::new())),
            "draw:frame" | "draw:custom-shape" | "draw:rect" if self.note.is_none() => {
                self.note = Some((self.depth, NoteKind::Shape, String::new()));
            }
            "style:style" => {
                let name = raw(tag, "style:name").unwrap_or_default();
                self.style = (self.styles.len() < MOST_KEPT).then(|| (name, Look::default()));
            }
            "style:text-properties" => {
                if let Some((_, look)) = &mut self.style {
                    let line = raw(tag, "style:text-line-through-style");
                    if line.is_some_and(|line| line != "none") {
                        look.struck = Struck::Whole;
                    }
                    look.colours.1 = colour(tag, "fo:color").filter(|colour| *colour != 0);
                }
            }
            "style:table-cell-properties" => {
                if let Some((_, look)) = &mut self.style {
                    look.colours.0 = colour(tag, "fo:background-color");
                    look.unlocked = raw(tag, "style:cell-protect").is_some_and(|how| how == "none");
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn cell(&mut self, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        let kind = raw(tag, "office:value-type");
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
            .any(|name| raw(tag, name).is_some());
        let repeats = number(tag, "table:number-columns-repeated")?;
        let look = raw(tag, "table:style-name").and_then(|name| self.styles.get(&name).cloned());
        let first = self.columns.saturating_add(self.empty);
        self.cell = Some(OpenCell {
            first,
            repeats,
            percentage: match kind.as_deref() {
                Some("percentage") => Some(true),
                Some("float" | "currency") => Some(false),
                _ => None,
            },
            look: look.unwrap_or_default(),
            ..OpenCell::default()
        });
        self.joined(tag, first)?;
        if !is_filled {
            self.empty = self.empty.saturating_add(repeats);
            return Ok(());
        }
        self.columns = self.columns.saturating_add(std::mem::take(&mut self.empty));
        self.columns = self.columns.saturating_add(repeats);
        self.is_filled = true;
        // A filled cell is kept with its text as often as it is repeated.
        self.write(self.columns - first)
    }

    /// Notes an area of joined cells.
    fn joined(&mut self, tag: &BytesStart<'_>, first: u64) -> Result<(), Refusal> {
        let rows = number(tag, "table:number-rows-spanned")?.max(1);
        let columns = number(tag, "table:number-columns-spanned")?.max(1);
        let place = |row: u64, column: u64| -> Option<At> {
            Some((u32::try_from(row).ok()?, u32::try_from(column).ok()?))
        };
        let last = place(self.rows.saturating_add(rows - 1), first.saturating_add(columns - 1));
        if rows * columns > 1
            && let (Some(first), Some(last), Some(sheet)) =
                (place(self.rows, first), last, self.sheets.last_mut())
            && sheet.merged.len() < MOST_KEPT
        {
            sheet.merged.push((first, last));
        }
        Ok(())
    }

    fn new_line(&mut self) {
        let text = match (&mut self.note, &mut self.cell) {
            (Some((.., text)), _) => text,
            (None, Some(cell)) => &mut cell.text,
            _ => return,
        };
        if !text.is_empty() {
            text.push('\n');
        }
    }

    fn text(&mut self, text: &str) {
        match (&mut self.note, &mut self.cell) {
            // Who wrote a note and when stand outside its paragraphs.
            (Some((.., said)), _) if self.in_text => said.push_str(text),
            (None, Some(cell)) if self.in_text => {
                cell.text.push_str(text);
                if self.struck_since.is_some() {
                    cell.struck.push_str(text);
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) -> Result<(), Refusal> {
        match name {
            "text:p" => self.in_text = false,
            "text:span" if self.struck_since.is_some_and(|since| since > self.depth) => {
                self.struck_since = None;
            }
            "style:style" => self.styles.extend(self.style.take()),
            "office:annotation" | "draw:frame" | "draw:custom-shape" | "draw:rect" => self.end_note(),
            "table:table-cell" | "table:covered-table-cell" => self.end_cell(),
            "table:table-row" => return self.end_row(),
            _ => {}
        }
        Ok(())
    }

    fn end_note(&mut self) {
        if self.note.as_ref().is_none_or(|(depth, ..)| *depth <= self.depth) {
            return;
        }
        let Some((_, kind, text)) = self.note.take() else { return };
        let at = self.cell.as_ref().map(|cell| (self.rows, cell.first));
        let at = at.and_then(|(row, column)| Some((u32::try_from(row).ok()?, u32::try_from(column).ok()?)));
        let text = text.trim();
        if let Some(sheet) = self.sheets.last_mut()
            && !text.is_empty()
            && sheet.notes.len() < MOST_KEPT
        {
            sheet.notes.push(Note { at, kind, text: text.to_owned() });
        }
    }

    fn end_cell(&mut self) {
        let Some(mut cell) = self.cell.take() else { return };
        let Some(sheet) = self.sheets.last_mut() else { return };
        let (text, struck) = (cell.text.trim(), cell.struck.trim());
        if text.is_empty() {
            cell.look.struck = Struck::No;
        } else if !struck.is_empty() && cell.look.struck == Struck::No {
            let rest = text.replacen(struck, "", 1);
            cell.look.struck = if rest.trim().is_empty() { Struck::Whole } else { Struck::Partly(rest) };
        }
        let shown = cell.percentage.filter(|_| !text.is_empty());
        let shown = shown.map(|percentage| ShownNumber::Text(text.to_owned(), percentage));
        if shown.is_none() && cell.look == Look::default() {
            return;
        }
        for row in self.rows..self.rows.saturating_add(self.repeats.min(MOST_REPEATED)) {
            for column in cell.first..cell.first.saturating_add(cell.repeats.min(MOST_REPEATED)) {
                let (Ok(row), Ok(column)) = (u32::try_from(row), u32::try_from(column)) else { continue };
                if cell.look != Look::default() && (sheet.looks.len() as u64) < MOST_CELLS {
                    sheet.looks.insert((row, column), cell.look.clone());
                }
                if let Some(shown) = &shown {
                    sheet.numbers.insert((row, column), shown.clone());
                }
            }
        }
    }

    fn end_row(&mut self) -> Result<(), Refusal> {
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

/// The value of an attribute by its whole name, as it is written.
fn raw(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().with_checks(false).flatten().find(|attribute| attribute.key.0 == name);
    found.map(|attribute| attribute.value.into_owned())
}

/// `#ff0000` as RGB.
fn colour(tag: &BytesStart<'_>, name: &str) -> Option<u32> {
    u32::from_str_radix(raw(tag, name)?.strip_prefix('#')?, 16).ok()
}

/// How often something is repeated: once, where it is not said.
fn number(tag: &BytesStart<'_>, name: &str) -> Result<u64, Refusal> {
    raw(tag, name).map_or(Ok(1), |text| text.trim().parse().map_err(|_| Refusal::Damaged))
}
