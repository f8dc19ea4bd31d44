//! What a document says to a reader who cannot see it, and in which order.
//!
//! Read aloud, sheets of cells are sections with headings, paragraphs, tables and a
//! contents. [`ReadingTree::of`] reads that off the cells' roles, which stand in reading
//! order. The tree is plain data for whoever writes or tests it: it names cells by their
//! numbers in [`Sheet::cells`] and holds no text of its own.
//!
//! Always true: the cells of the tree, read from its beginning to its end, are cells of the
//! sheets in their order, none of them furniture; those that nobody hears are in it only
//! where a table would have a hole without them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::grid::{Cell, Content, Document, Link, Role, Sheet};
use crate::plan::Value;

/// What is read aloud for a figure nobody has reported yet.
const UNREPORTED: &str = "未報告";
/// What is read aloud for 「—」.
const NOT_APPLICABLE: &str = "該当なし";

/// A document as it is read aloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingTree {
    /// One for each of [`Document::sheets`].
    pub sheets: Vec<Section>,
}

/// A sheet (基本目標), a 分野 or a 施策: its heading, and what stands under it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// In reading order.
    pub items: Vec<Item>,
}

/// What a section holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A section within it.
    Section(Section),
    /// A heading.
    Heading {
        /// From 1 (基本目標) to 4 (事業).
        level: u8,
        /// What it says.
        cell: usize,
    },
    /// A paragraph, which two cells may hold: （目的） and the words after it.
    Paragraph(Range<usize>),
    /// A table.
    Table(Table),
    /// 「目次」
    Contents(Vec<ContentsEntry>),
}

/// A table: what it is called, and its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Which of [`Sheet::tables`] it is.
    pub table: usize,
    /// Its name beside it.
    pub captions: Vec<usize>,
    /// Its rows, those of the head first.
    pub rows: Vec<Vec<TableCell>>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableCell {
    /// What it says.
    pub cell: usize,
    /// What it is.
    pub kind: CellKind,
    /// How many columns of the table it spans. The grid has more of them.
    pub columns: usize,
    /// How many rows of the table it spans.
    pub rows: usize,
    /// The heads it stands under: of columns, then of its row.
    pub heads: Vec<usize>,
}

/// What a cell of a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// The head of a column, or of several.
    ColumnHead,
    /// The head of a row.
    RowHead,
    /// What the heads speak of.
    Datum,
}

/// An entry of the contents: a heading and its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentsEntry {
    /// What it says, part by part.
    pub cells: Vec<usize>,
    /// Where it leads.
    pub link: Option<Link>,
}

/// How a cell is read aloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoken<'a> {
    /// As it is printed, line after line.
    AsPrinted,
    /// In these words in place of what is printed.
    InPlace(&'a str),
    /// As it is printed; the sign means this.
    Meaning(&'a str),
}

/// Whether a reader hears of a cell: it says something, or keeps the place of a figure.
pub(crate) fn is_heard(cell: &Cell) -> bool {
    match cell.role {
        Role::Artifact => false,
        Role::Data => !cell.lines.is_empty() || cell.content == Content::Value(Value::NotReported),
        _ => !cell.lines.is_empty(),
    }
}

/// How a cell is read aloud, where it is heard.
pub fn spoken(cell: &Cell) -> Spoken<'_> {
    match &cell.content {
        // Its letters stand one below the other; it is one word.
        _ if cell.role == Role::Caption => Spoken::InPlace(cell.text()),
        Content::Value(Value::NotReported) => Spoken::InPlace(UNREPORTED),
        Content::Value(Value::NotApplicable(_)) => Spoken::Meaning(NOT_APPLICABLE),
        _ => Spoken::AsPrinted,
    }
}

impl ReadingTree {
    /// The tree of a document.
    pub fn of(document: &Document) -> Self {
        Self { sheets: document.sheets.iter().map(section).collect() }
    }
}

/// A sheet, with a section in it for each 分野 and in those for each 施策.
fn section(sheet: &Sheet) -> Section {
    let cells = sheet.cells.as_slice();
    let mut open = Open(vec![Section::default()]);
    let mut at = 0;
    while let Some(cell) = cells.get(at) {
        let mut end = at + 1;
        match (cell.role, cell.table) {
            (Role::Artifact, _) => {}
            (Role::ContentsEntry, _) => {
                end = at + cells[at..].iter().take_while(|other| other.row == cell.row).count();
                open.entry(entry(cells, at..end));
            }
            (_, Some(own)) => {
                let is_other = |other: &Cell| other.table != cell.table && other.role != Role::Artifact;
                end = cells[at..].iter().position(is_other).map_or(cells.len(), |more| at + more);
                open.add(Item::Table(table(cells, at..end, own)));
            }
            _ if !is_heard(cell) => {}
            (Role::Heading(level), _) => {
                if let 2..=3 = level {
                    open.section(level);
                }
                open.add(Item::Heading { level, cell: at });
            }
            (role, _) => {
                // A label begins the paragraph that the next cell goes on with.
                let goes_on = |next: &Cell| next.role == Role::Paragraph && is_heard(next);
                if role == Role::Label && cells.get(end).is_some_and(goes_on) {
                    end += 1;
                }
                open.add(Item::Paragraph(at..end));
            }
        }
        at = end;
    }
    open.close(0).unwrap_or_default()
}

/// The sections that have begun and not ended, each in the one before it.
struct Open(Vec<Section>);

impl Open {
    fn add(&mut self, item: Item) {
        if let Some(section) = self.0.last_mut() {
            section.items.push(item);
        }
    }

    /// Adds an entry to the contents.
    fn entry(&mut self, entry: ContentsEntry) {
        match self.0.last_mut().and_then(|section| section.items.last_mut()) {
            Some(Item::Contents(entries)) => entries.push(entry),
            _ => self.add(Item::Contents(vec![entry])),
        }
    }

    /// Begins the section of a heading, within those of higher ones.
    fn section(&mut self, level: u8) {
        let above = usize::from(level) - 1;
        if let Some(ended) = self.close(above) {
            self.add(Item::Section(ended));
        }
        self.0.push(Section::default());
    }

    /// Ends all but the first `kept` sections: the outermost of those ended, the others in it.
    fn close(&mut self, kept: usize) -> Option<Section> {
        let mut ended = self.0.drain(kept.min(self.0.len())..).rev();
        let mut inner = ended.next()?;
        for mut section in ended {
            section.items.push(Item::Section(inner));
            inner = section;
        }
        Some(inner)
    }
}

fn entry(cells: &[Cell], row: Range<usize>) -> ContentsEntry {
    ContentsEntry { link: cells[row.start].link, cells: row.collect() }
}

/// The table `own` of a sheet, which these of its cells are, and furniture between them.
fn table(cells: &[Cell], range: Range<usize>, own: usize) -> Table {
    let of_table = range.filter(|at| cells[*at].role != Role::Artifact);
    let (captions, body): (Vec<usize>, Vec<usize>) =
        of_table.partition(|at| cells[*at].role == Role::Caption);
    let columns: BTreeSet<usize> = body.iter().map(|at| cells[*at].column).collect();
    // A row of the grid in which nothing begins is none of the table: a tall row is
    // divided into several for Excel's sake.
    let rows: BTreeSet<usize> = body.iter().map(|at| cells[*at].row).collect();
    let mut table = Table { table: own, captions, rows: Vec::with_capacity(rows.len()) };
    // A head of several rows stands beside each of them.
    let mut row_heads: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in body.iter().filter(|at| cells[**at].role == Role::RowHeader) {
        for row in cells[*at].row..cells[*at].row + cells[*at].row_span {
            row_heads.entry(row).or_default().push(*at);
        }
    }
    let beside = |cell: &Cell| -> BTreeSet<usize> {
        let of_rows = row_heads.range(cell.row..cell.row + cell.row_span).flat_map(|(_, heads)| heads);
        of_rows.copied().filter(|head| cells[*head].column < cell.column).collect()
    };
    let mut column_heads: Vec<usize> = Vec::new();
    for row in body.chunk_by(|one, next| cells[*one].row == cells[*next].row) {
        let mut read = Vec::with_capacity(row.len());
        for at in row {
            let cell = &cells[*at];
            let over = column_heads.iter().filter(|head| is_over(&cells[**head], cell));
            let (kind, heads) = match cell.role {
                Role::RowHeader => (CellKind::RowHead, Vec::new()),
                Role::ColumnHeader => (CellKind::ColumnHead, over.copied().collect()),
                _ => (CellKind::Datum, over.copied().chain(beside(cell)).collect()),
            };
            if kind == CellKind::ColumnHead {
                column_heads.push(*at);
            }
            let columns = columns.range(cell.column..cell.column + cell.column_span).count();
            let rows = rows.range(cell.row..cell.row + cell.row_span).count();
            read.push(TableCell { cell: *at, kind, columns, rows, heads });
        }
        table.rows.push(read);
    }
    table
}

/// Whether the head of a column stands over a cell, or over a part of it.
fn is_over(head: &Cell, cell: &Cell) -> bool {
    cell.column < head.column + head.column_span && head.column < cell.column + cell.column_span
}
