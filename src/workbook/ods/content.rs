//! The content of a document of LibreOffice: its tables, walked once.
//!
//! A few letters can say "this cell, 16,384 times, in a million rows", or "a thousand
//! million blanks". What is kept is paid for as often as it is kept; what is empty costs
//! nothing and is not written out.

use std::collections::HashSet;
use std::rc::Rc;

use quick_xml::events::BytesStart;

use super::cell::CellBuilder;
use super::styles::{Style, Styles};
use super::xml::{Step, count, meant, raw, steps};
use crate::workbook::book::{Cell, Look, NoteKind, Position, Sheet, Strikethrough};
use crate::workbook::budget::{Budget, MOST_SHEETS};
use crate::workbook::refusal::Refusal;
use crate::workbook::sheet_builder::SheetBuilder;

/// Rows and columns that a sheet of any program has.
const ROWS: u64 = 1 << 20;
const COLUMNS: u64 = 1 << 14;
/// Of an empty cell that is repeated, so many rows and columns are noted.
const MOST_REPEATED: u64 = 64;
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

/// Reads the content of a document; `common` are its common styles.
pub(super) fn sheets(content: &[u8], common: &[u8], budget: &mut Budget) -> Result<Vec<Sheet>, Refusal> {
    let mut walk = ContentReader::new(budget);
    match steps(common, |step| walk.styles.step(&step, walk.budget)) {
        // Styles that cannot be read say nothing of how cells look.
        Ok(()) | Err(Refusal::Damaged) => {}
        Err(refusal) => return Err(refusal),
    }
    steps(content, |step| walk.step(&step))?;
    Ok(walk.sheets)
}

/// Where the walk is.
struct ContentReader<'a> {
    budget: &'a mut Budget,
    styles: Styles,
    sheets: Vec<Sheet>,
    /// The names of the sheets.
    names: HashSet<String>,
    table: Option<Table>,
    /// The depth of a table within a cell or a shape, which is only text.
    inner: Option<usize>,
    cell: Option<CellBuilder>,
    note: Option<NoteBuilder>,
    /// How many paragraphs are open, of the cell or of the note.
    paragraphs: usize,
    /// Within struck and raised letters since these depths.
    struck_since: Option<usize>,
    raised_since: Option<usize>,
}

struct Table {
    filling: SheetBuilder,
    /// How many rows have ended.
    rows: u64,
    /// The styles of its columns: of those before each number that are not before the last.
    columns: Vec<(u64, Option<Rc<Style>>)>,
    row: Option<Row>,
}

struct Row {
    repeats: u64,
    is_hidden: bool,
    is_filled: bool,
    /// How many columns have ended.
    columns: u64,
}

/// A note or a shape that is being read.
struct NoteBuilder {
    depth: usize,
    kind: NoteKind,
    text: String,
    /// How many paragraphs are open around it.
    around: usize,
}

impl<'a> ContentReader<'a> {
    fn new(budget: &'a mut Budget) -> Self {
        Self {
            budget,
            styles: Styles::default(),
            sheets: Vec::new(),
            names: HashSet::new(),
            table: None,
            inner: None,
            cell: None,
            note: None,
            paragraphs: 0,
            struck_since: None,
            raised_since: None,
        }
    }

    fn step(&mut self, step: &Step<'_>) -> Result<(), Refusal> {
        match step {
            Step::Open(tag, depth) => self.open(tag, *depth),
            Step::Text(text) if self.paragraphs > 0 => self.text(text),
            Step::Close(name, depth) => self.close(name, *depth),
            Step::Text(_) => Ok(()),
        }?;
        if self.table.is_none() { self.styles.step(step, self.budget) } else { Ok(()) }
    }

    fn open(&mut self, tag: &BytesStart<'_>, depth: usize) -> Result<(), Refusal> {
        match tag.name().0 {
            name if name.starts_with("table:") => {
                if self.inner.is_none() {
                    self.open_part(name, tag, depth)
                } else {
                    Ok(())
                }
            }
            "text:p" | "text:h" => self.begin_paragraph(),
            "text:s" => self.blanks(count(tag, "text:c")?),
            "text:tab" if self.paragraphs > 0 => self.text("\t"),
            "text:line-break" if self.paragraphs > 0 => self.text("\n"),
            "text:span" => {
                self.span(tag, depth);
                Ok(())
            }
            "office:annotation" => {
                self.begin_note(NoteKind::Comment, depth);
                Ok(())
            }
            name if SHAPES.contains(&name) && self.note.is_none() && self.table.is_some() => {
                self.begin_note(NoteKind::Shape, depth);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A part of a table opens, or a table.
    fn open_part(&mut self, name: &str, tag: &BytesStart<'_>, depth: usize) -> Result<(), Refusal> {
        match (name, &mut self.table) {
            ("table:table", None) => self.begin_table(tag),
            ("table:table", Some(_)) => {
                self.inner = Some(depth);
                Ok(())
            }
            ("table:table-column", Some(table)) => table.column(tag, &self.styles, self.budget),
            ("table:table-row", Some(table)) => {
                let is_hidden = raw(tag, "table:visibility").is_some_and(|how| how != "visible");
                let repeats = count(tag, "table:number-rows-repeated")?;
                let before = table.row.replace(Row { repeats, is_hidden, is_filled: false, columns: 0 });
                if before.is_some() { Err(Refusal::Damaged) } else { Ok(()) }
            }
            ("table:table-cell" | "table:covered-table-cell", Some(_)) => self.begin_cell(tag),
            _ => Ok(()),
        }
    }

    fn begin_table(&mut self, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        if self.sheets.len() >= MOST_SHEETS {
            return Err(Refusal::TooLarge("シートの数が多すぎます"));
        }
        let name = raw(tag, "table:name").unwrap_or_default();
        self.budget.text(2 * name.len())?;
        let name = meant(&name)?;
        // Whoever speaks of a sheet names it: of two alike nobody knows which is meant.
        if !self.names.insert(name.to_lowercase()) {
            return Err(Refusal::Doubled);
        }
        let style = raw(tag, "table:style-name").and_then(|name| self.styles.get(&name));
        let filling = SheetBuilder::new(name, style.is_some_and(|style| style.hides), self.budget)?;
        self.table = Some(Table { filling, rows: 0, columns: Vec::new(), row: None });
        Ok(())
    }

    fn begin_cell(&mut self, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        let mut cell = CellBuilder::open(tag, self.budget)?;
        let Some(table) = &mut self.table else { return Ok(()) };
        let (Some(row), None) = (&table.row, &self.cell) else { return Err(Refusal::Damaged) };
        cell.first = row.columns;
        cell.style = match &cell.style_name {
            Some(name) => self.styles.get(name),
            None => table.column_style(cell.first),
        };
        table.joined(tag, cell.first, self.budget)?;
        self.cell = Some(cell);
        Ok(())
    }

    fn begin_paragraph(&mut self) -> Result<(), Refusal> {
        self.paragraphs += 1;
        match (&mut self.note, &mut self.cell) {
            (Some(note), _) if !note.text.is_empty() => note.text.push('\n'),
            (None, Some(cell)) if self.paragraphs == 1 => cell.begin_paragraph(),
            _ => return Ok(()),
        }
        self.budget.text(1)
    }

    fn blanks(&mut self, count: u64) -> Result<(), Refusal> {
        if self.paragraphs == 0 || self.cell.is_none() && self.note.is_none() {
            return Ok(());
        }
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.budget.text(count)?;
        self.text(&" ".repeat(count))
    }

    fn span(&mut self, tag: &BytesStart<'_>, depth: usize) {
        let Some(style) = raw(tag, "text:style-name").and_then(|name| self.styles.get(&name)) else { return };
        if style.look.struck == Strikethrough::Whole {
            self.struck_since.get_or_insert(depth);
        }
        if style.look.raised {
            self.raised_since.get_or_insert(depth);
        }
        if let Some(cell) = &mut self.cell {
            cell.coloured(style.look.colours.1);
        }
    }

    fn begin_note(&mut self, kind: NoteKind, depth: usize) {
        let around = std::mem::take(&mut self.paragraphs);
        self.note = Some(NoteBuilder { depth, kind, text: String::new(), around });
    }

    /// Text within a paragraph. Who wrote a note and when stand outside of any.
    fn text(&mut self, text: &str) -> Result<(), Refusal> {
        match (&mut self.note, &mut self.cell) {
            (Some(note), _) => {
                self.budget.text(text.len())?;
                note.text.push_str(text);
            }
            (None, Some(cell)) => {
                let is_struck = self.struck_since.is_some();
                self.budget.text(text.len() * if is_struck { 2 } else { 1 })?;
                cell.show(text, is_struck, self.raised_since.is_some());
            }
            (None, None) => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str, depth: usize) -> Result<(), Refusal> {
        match name {
            _ if self.inner == Some(depth) => self.inner = None,
            "text:p" | "text:h" => self.paragraphs = self.paragraphs.saturating_sub(1),
            "text:span" => {
                self.struck_since = self.struck_since.filter(|since| *since < depth);
                self.raised_since = self.raised_since.filter(|since| *since < depth);
            }
            _ if self.note.as_ref().is_some_and(|note| note.depth == depth) => return self.end_note(),
            _ if self.inner.is_some() => {}
            "table:table-cell" | "table:covered-table-cell" => return self.end_cell(),
            "table:table-row" => {
                if let Some(table) = &mut self.table {
                    table.end_row();
                }
            }
            "table:table" => self.sheets.extend(self.table.take().map(|table| table.filling.finished())),
            _ => {}
        }
        Ok(())
    }

    fn end_note(&mut self) -> Result<(), Refusal> {
        let Some(note) = self.note.take() else { return Ok(()) };
        self.paragraphs = note.around;
        let Some(table) = &mut self.table else { return Ok(()) };
        let at = self.cell.as_ref().and_then(|cell| place(table.rows, cell.first));
        table.filling.note(at, note.kind, &note.text, self.budget)
    }

    fn end_cell(&mut self) -> Result<(), Refusal> {
        let (Some(cell), Some(table)) = (self.cell.take(), &mut self.table) else { return Ok(()) };
        let (first, columns) = (cell.first, cell.repeats);
        let (content, look) = cell.close();
        table.end_cell(first, columns, content, look, self.budget)
    }
}

impl Table {
    fn column(&mut self, tag: &BytesStart<'_>, styles: &Styles, budget: &mut Budget) -> Result<(), Refusal> {
        budget.item()?;
        let from = self.columns.last().map_or(0, |(until, _)| *until);
        let until = from.saturating_add(count(tag, "table:number-columns-repeated")?);
        if raw(tag, "table:visibility").is_some_and(|how| how != "visible")
            && let (Some((_, first)), Some((_, last))) = (place(0, from), place(0, until.min(COLUMNS) - 1))
        {
            self.filling.hide_columns(first, last, budget)?;
        }
        let style = raw(tag, "table:default-cell-style-name").and_then(|name| styles.get(&name));
        self.columns.push((until, style));
        Ok(())
    }

    fn column_style(&self, column: u64) -> Option<Rc<Style>> {
        let at = self.columns.partition_point(|(until, _)| *until <= column);
        self.columns.get(at).and_then(|(_, style)| style.clone())
    }

    /// Notes an area of joined cells.
    fn joined(&mut self, tag: &BytesStart<'_>, column: u64, budget: &mut Budget) -> Result<(), Refusal> {
        let rows = count(tag, "table:number-rows-spanned")?;
        let columns = count(tag, "table:number-columns-spanned")?;
        let last = |first: u64, count: u64, all: u64| first.saturating_add(count - 1).min(all - 1);
        if (rows > 1 || columns > 1)
            && let Some(first) = place(self.rows, column)
            && let Some(last) = place(last(self.rows, rows, ROWS), last(column, columns, COLUMNS))
        {
            self.filling.join(first, last, budget)?;
        }
        Ok(())
    }

    /// A cell ends: it is put down as often as it is repeated.
    fn end_cell(
        &mut self,
        first: u64,
        columns: u64,
        content: Option<Cell>,
        look: Look,
        budget: &mut Budget,
    ) -> Result<(), Refusal> {
        let Some(row) = &mut self.row else { return Ok(()) };
        row.columns = first.saturating_add(columns);
        let all = |most: u64| {
            let rows = self.rows..self.rows.saturating_add(row.repeats.min(most));
            rows.flat_map(move |row| {
                (first..first.saturating_add(columns.min(most))).map(move |column| place(row, column))
            })
        };
        let Some(content) = content else {
            if look != Look::default() && self.filling.keeps_bare() {
                for at in all(MOST_REPEATED).flatten() {
                    self.filling.bare(at, look.clone(), budget)?;
                }
            }
            return Ok(());
        };
        for at in all(u64::MAX) {
            let at = at.ok_or(Refusal::TooLarge("シートが大きすぎます"))?;
            self.filling.cell(at, content.clone(), look.clone(), budget)?;
        }
        row.is_filled = true;
        Ok(())
    }

    fn end_row(&mut self) {
        let Some(row) = self.row.take() else { return };
        let until = self.rows.saturating_add(row.repeats);
        if row.is_hidden && row.is_filled {
            // As many as have been paid for with their cells.
            for (row, _) in (self.rows..until).filter_map(|row| place(row, 0)) {
                self.filling.hide_row(row);
            }
        }
        self.rows = until;
    }
}

/// A place that any sheet has.
fn place(row: u64, column: u64) -> Option<Position> {
    if row >= ROWS || column >= COLUMNS {
        return None;
    }
    Some((u32::try_from(row).ok()?, u32::try_from(column).ok()?))
}
