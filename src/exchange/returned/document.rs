//! Workbooks of LibreOffice (.ods), measured before they are read.
//!
//! A few letters of an .ods can say "this cell, 16,384 times, in a million rows", and
//! the library writes all of them out; it also waits for ever for a table that is
//! never closed. On the way it is noted what the library does not tell: what cells
//! show of their numbers, notes, text boxes, struck letters, hidden rows, joined cells.

use std::collections::HashMap;
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Refusal;
use super::book::{At, Look, Note, NoteKind, Struck};
use super::guard::MOST_CELLS;
use super::shown::Format;
use super::workbook::{ShownNumber, Surveyed};
use super::xml::DEEPEST;
use super::xml::referred;

/// A number that is repeated more often is no answer.
const MOST_REPEATED: u64 = 64;
/// Styles, notes and joined cells that are kept.
const MOST_KEPT: usize = 20_000;
/// Elements that lie on a sheet and can hold text.
const SHAPES: [&str; 13] = [
    "draw:frame",
    "draw:custom-shape",
    "draw:rect",
    "draw:ellipse",
    "draw:circle",
    "draw:polygon",
    "draw:polyline",
    "draw:path",
    "draw:line",
    "draw:connector",
    "draw:caption",
    "draw:regular-polygon",
    "draw:measure",
];

/// Walks the content of a document, after its common styles: what is noted of each sheet,
/// in order.
pub(super) fn survey(text: &[u8], styles: &[u8]) -> Result<Vec<Surveyed>, Refusal> {
    let mut walk = Walk::default();
    // Styles that cannot be read say nothing of how cells look.
    let _ = walk.through(styles);
    walk.depth = 0;
    walk.through(text)?;
    Ok(walk.sheets)
}

impl Walk {
    fn through(&mut self, text: &[u8]) -> Result<(), Refusal> {
        let walk = self;
        let mut reader = Reader::from_reader(text);
        let mut buffer = Vec::new();
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
                    if let Some(c) = referred(&name) {
                        walk.text(c.encode_utf8(&mut [0; 4]));
                    }
                }
                Ok(Event::Eof) if walk.depth == 0 => return Ok(()),
                Ok(Event::Eof) | Err(_) => return Err(Refusal::Damaged),
                Ok(_) => {}
            }
            buffer.clear();
        }
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
    /// The format of texts that is being read, and those that were, by their names.
    text_format: Option<(String, String)>,
    text_formats: HashMap<String, Rc<Format>>,
    /// Formats of cells by the names of their styles.
    style_formats: HashMap<String, Rc<Format>>,
    /// Styles of columns: those of the sheet's columns from the first on.
    column_styles: Vec<(u64, String)>,
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
    raised_since: Option<usize>,
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
    raised: bool,
    look: Look,
    format: Option<Rc<Format>>,
}

impl Walk {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        if self.depth > DEEPEST {
            return Err(Refusal::TooLarge("XMLの入れ子が深すぎます"));
        }
        match tag.name().0 {
            "table:table" => {
                (self.rows, self.widest) = (0, 0);
                self.column_styles.clear();
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
            "table:table-column" => {
                let until = self.column_styles.last().map_or(0, |(until, _)| *until);
                let until = until.saturating_add(number(tag, "table:number-columns-repeated")?);
                let style = raw(tag, "table:default-cell-style-name").unwrap_or_default();
                let is_hidden = raw(tag, "table:visibility").is_some_and(|how| how != "visible");
                if let (true, Some(sheet)) = (is_hidden, self.sheets.last_mut()) {
                    let from = self.column_styles.last().map_or(0, |(until, _)| *until);
                    let run = u32::try_from(from).ok().zip(u32::try_from(until - 1).ok());
                    sheet.hidden_columns.extend(run);
                }
                if self.column_styles.len() < MOST_KEPT {
                    self.column_styles.push((until, style));
                }
            }
            "text:span" => {
                let style = raw(tag, "text:style-name").and_then(|name| self.styles.get(&name));
                if let Some(look) = style.cloned() {
                    if look.struck == Struck::Whole {
                        self.struck_since.get_or_insert(self.depth);
                    }
                    if look.raised {
                        self.raised_since.get_or_insert(self.depth);
                    }
                    if let Some(cell) = &mut self.cell {
                        cell.look.colours.1 = look.colours.1.or(cell.look.colours.1);
                    }
                }
            }
            "number:text-style" => {
                self.text_format = Some((raw(tag, "style:name").unwrap_or_default(), String::new()));
            }
            "number:text-content" => {
                if let Some((_, code)) = &mut self.text_format {
                    code.push('@');
                }
            }
            "office:annotation" => self.note = Some((self.depth, NoteKind::Comment, String::new())),
            name if SHAPES.contains(&name) && self.note.is_none() => {
                self.note = Some((self.depth, NoteKind::Shape, String::new()));
            }
            "style:style" => {
                let name = raw(tag, "style:name").unwrap_or_default();
                let parent = raw(tag, "style:parent-style-name");
                let inherited = parent.as_ref().and_then(|parent| self.styles.get(parent)).cloned();
                let format = raw(tag, "style:data-style-name");
                let format = format.and_then(|format| self.text_formats.get(&format));
                let format = format.or_else(|| self.style_formats.get(parent.as_ref()?));
                if let Some(format) = format.cloned() {
                    self.style_formats.insert(name.clone(), format);
                }
                self.style = (self.styles.len() < MOST_KEPT).then(|| (name, inherited.unwrap_or_default()));
            }
            "style:text-properties" => {
                if let Some((_, look)) = &mut self.style {
                    let line = raw(tag, "style:text-line-through-style")
                        .or_else(|| raw(tag, "style:text-line-through-type"));
                    match line.as_deref() {
                        None => {}
                        Some("none") => look.struck = Struck::No,
                        Some(_) => look.struck = Struck::Whole,
                    }
                    if let Some(position) = raw(tag, "style:text-position") {
                        look.raised = !position.starts_with("0%");
                    }
                    if let Some(colour) = colour(tag, "fo:color") {
                        look.colours.1 = (colour != 0).then_some(colour);
                    }
                }
            }
            "style:table-cell-properties" => {
                if let Some((_, look)) = &mut self.style {
                    if raw(tag, "fo:background-color").is_some() {
                        look.colours.0 = colour(tag, "fo:background-color");
                    }
                    if let Some(how) = raw(tag, "style:cell-protect") {
                        look.unlocked = how == "none";
                    }
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
        let first = self.columns.saturating_add(self.empty);
        let of_column = || {
            let style = self.column_styles.iter().find(|(until, _)| first < *until);
            style.map(|(_, style)| style.clone())
        };
        let style = raw(tag, "table:style-name").or_else(of_column).unwrap_or_default();
        let look = self.styles.get(&style).cloned();
        let format = self.style_formats.get(&style).cloned();
        self.cell = Some(OpenCell {
            first,
            repeats,
            percentage: match kind.as_deref() {
                Some("percentage") => Some(true),
                Some("float" | "currency") => Some(false),
                _ => None,
            },
            look: look.unwrap_or_default(),
            format,
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
                cell.raised |= self.raised_since.is_some() && !text.trim().is_empty();
            }
            (None, None) => {
                if let Some((_, code)) = &mut self.text_format {
                    code.push_str(&format!("\"{}\"", text.replace('"', "")));
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) -> Result<(), Refusal> {
        match name {
            "text:p" => self.in_text = false,
            "text:span" => {
                self.struck_since = self.struck_since.filter(|since| *since <= self.depth);
                self.raised_since = self.raised_since.filter(|since| *since <= self.depth);
            }
            "style:style" => self.styles.extend(self.style.take()),
            "number:text-style" => {
                if let Some((name, code)) = self.text_format.take() {
                    self.text_formats.insert(name, Rc::new(Format::new(&code)));
                }
            }
            name if name == "office:annotation" || SHAPES.contains(&name) => self.end_note(),
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
        if let Some(format) = cell.format.take().filter(|_| !text.is_empty()) {
            cell.look.text = format.shown_text(text);
        }
        cell.look.raised = !text.is_empty() && (cell.look.raised || cell.raised);
        if text.is_empty() {
            cell.look.struck = Struck::No;
        } else if !struck.is_empty() && cell.look.struck == Struck::No {
            let rest = text.replacen(struck, "", 1);
            cell.look.struck = if rest.trim().is_empty() { Struck::Whole } else { Struck::Partly(rest) };
        }
        // A number beside which no text stands shows nothing.
        let shown = cell.percentage.map(|percentage| ShownNumber::Text(text.to_owned(), percentage));
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
