//! 返ってきたブック (returns): what a department sent back, read without trust.
//!
//! ```text
//! bytes ─► guard ─► workbook ─► Book ─► Returned
//!          (size)   (library)   (cells)  (rows by key)
//! ```
//!
//! A row is found by its key, its columns by the codes in the hidden row above, else by
//! the headings, else by their distance from the key where the item's name proves it.
//! A file that is refused gives a finding; so does a row whose key is broken. What a
//! cell means is not decided here.

mod book;
mod compound;
mod document;
mod guard;
mod workbook;

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

pub use book::{Book, Cell, Number, Percent, Sheet};
pub use guard::LARGEST_FILE;
pub use workbook::is_reading;

use super::answer::{Reading, understand};
use super::form::Form;
use super::key::{FileKey, KEY_MARK, RowKey, code_name};
use super::notation::{Notation, same};
use crate::finding::{Finding, FindingKind, Findings, Place};
use crate::plan::{FiscalYear, Value, Vocabulary};

/// The name of the property that marks what this program wrote, and holds a form's key.
pub const PROPERTY: &str = "jisseki";
/// The value of [`PROPERTY`] in a list or a report: no form, and no stray file either.
pub const OWN_REPORT: &str = "report";

/// From a row's key to its first past year, and to the item's name.
const YEARS_AT: u32 = (Form::FIRST_YEAR_COLUMN - Form::KEY_COLUMN) as u32;
const ITEM_AT: u32 = (Form::ITEM_COLUMN - Form::KEY_COLUMN) as u32;
/// A report quotes so many broken rows of a file.
const MOST_BROKEN: usize = 20;

/// Why a file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It has a password.
    Encrypted,
    /// It would take more time or memory than any form.
    TooLarge(&'static str),
    /// It cannot be opened.
    Damaged,
    /// It is something else.
    NotAWorkbook(&'static str),
    /// A workbook in a format that is not read.
    Unsupported(&'static str),
}

/// What came back in one file.
#[derive(Debug, Clone)]
pub struct Returned {
    /// The file's name, without its folder.
    pub file: String,
    /// Where the file belongs, if its own key survived.
    pub key: Option<FileKey>,
    /// The name the clerk wrote; empty for none.
    pub clerk: String,
    /// Every row with a whole key, wherever it stood; one row may stand there twice.
    pub rows: Vec<ReturnedRow>,
}

/// A row of a returned form.
#[derive(Debug, Clone)]
pub struct ReturnedRow {
    /// Where it belongs.
    pub key: RowKey,
    /// The row itself.
    pub place: Place,
    /// The answer.
    pub input: Asked,
    /// The remark; empty for none.
    pub remark: String,
    /// The years before, as the file has them now.
    pub past: Vec<(FiscalYear, Asked)>,
}

/// A cell that was looked at.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What it holds; `None` for an empty cell.
    pub cell: Option<Cell>,
    /// Where it is.
    pub place: Place,
}

/// What reading a file gave.
#[derive(Debug, Clone)]
pub enum Read {
    /// A form, or what is left of one.
    Form(Box<Returned>),
    /// A list or report this program wrote: to be passed over in a folder.
    OwnReport,
    /// Nothing that can be used; the findings say why.
    Nothing,
}

impl Returned {
    /// How many rows say something else than when they were sent out.
    pub fn touched(&self, vocabulary: &Vocabulary) -> usize {
        let is_touched = |row: &&ReturnedRow| {
            let base = Value::parse(&row.key.base, vocabulary).unwrap_or(Value::NotReported);
            match understand(row.input.cell.as_ref(), Notation::of([&base]).as_ref(), vocabulary) {
                Reading::Blank => !row.remark.is_empty(),
                Reading::Value(value) => !same(&value, &base) || !row.remark.is_empty(),
                Reading::Doubt(_) => true,
            }
        };
        self.rows.iter().filter(is_touched).count()
    }
}

/// What is said of a file that is larger than [`LARGEST_FILE`], without reading it.
pub fn oversized(file: &str) -> Finding {
    Finding::at(Place::file(file), refused(Refusal::TooLarge("ファイルの大きさが20MBを超えています")))
}

/// Reads the bytes of a returned file called `file` (for messages only).
pub fn read(bytes: &[u8], file: &str) -> (Read, Findings) {
    let book = match workbook::read(bytes) {
        Ok(book) => book,
        Err(refusal) => {
            return (Read::Nothing, Findings::from(Finding::at(Place::file(file), refused(refusal))));
        }
    };
    let mut findings = Findings::new();
    let own = book.properties.get(PROPERTY).map(String::as_str);
    let mut returned = Returned {
        file: file.to_owned(),
        key: own.and_then(FileKey::parse),
        clerk: String::new(),
        rows: Vec::new(),
    };
    let mut broken = 0;
    for sheet in &book.sheets {
        let reader = SheetReader::new(sheet, file);
        for (at, cell) in &sheet.cells {
            let Cell::Text(text) = cell else { continue };
            if !text.trim_start().starts_with(KEY_MARK) {
                continue;
            }
            if let Some(key) = FileKey::parse(text) {
                returned.key.get_or_insert(key);
            } else if let Some(key) = RowKey::parse(text) {
                match reader.row(*at, key) {
                    Ok(row) => returned.rows.push(row),
                    Err(finding) => findings.push(*finding),
                }
            } else {
                broken += 1;
                if broken <= MOST_BROKEN {
                    findings.push_at(reader.place(at.0, Some(at.1)), FindingKind::BrokenKey);
                }
            }
        }
        reader.rows_without_key(&mut findings);
        if returned.clerk.is_empty() {
            returned.clerk = reader.clerk();
        }
    }
    if returned.rows.is_empty() && returned.key.is_none() && findings.is_empty() {
        if own == Some(OWN_REPORT) {
            return (Read::OwnReport, findings);
        }
        findings.push_at(Place::file(file), FindingKind::NotAForm);
        return (Read::Nothing, findings);
    }
    (Read::Form(Box::new(returned)), findings)
}

fn refused(refusal: Refusal) -> FindingKind {
    match refusal {
        Refusal::Encrypted => FindingKind::EncryptedWorkbook,
        Refusal::TooLarge(why) => FindingKind::OversizedWorkbook { why },
        Refusal::Damaged => FindingKind::DamagedWorkbook,
        Refusal::NotAWorkbook(why) => FindingKind::NotAWorkbook { why },
        Refusal::Unsupported(format) => FindingKind::UnsupportedWorkbook { format },
    }
}

/// The columns of the rows under one head.
#[derive(Debug, Clone, Default)]
struct Columns {
    /// The row of the head.
    head: u32,
    input: Option<u32>,
    /// The column of the keys, where the head names it.
    key: Option<u32>,
    remark: Option<u32>,
    years: BTreeMap<FiscalYear, u32>,
}

/// Finds the cells of a sheet's rows.
struct SheetReader<'a> {
    sheet: &'a Sheet,
    file: &'a str,
    /// By codes, from top to bottom.
    coded: Vec<Columns>,
    /// By headings, from top to bottom.
    headed: Vec<Columns>,
}

impl<'a> SheetReader<'a> {
    fn new(sheet: &'a Sheet, file: &'a str) -> Self {
        let mut rows: BTreeMap<u32, (Columns, Columns)> = BTreeMap::new();
        for ((row, column), cell) in &sheet.cells {
            let Cell::Text(text) = cell else { continue };
            // Keys and long texts are no heads.
            if text.len() > 200 {
                continue;
            }
            if let Some(name) = code_name(text) {
                let (coded, _) = rows.entry(*row).or_default();
                note(coded, name, *column);
            } else if let Some(name) = heading_name(text) {
                let (_, headed) = rows.entry(*row).or_default();
                note(headed, &name, *column);
            }
        }
        let (mut coded, mut headed) = (Vec::new(), Vec::new());
        for (row, (by_code, by_heading)) in rows {
            // A head without an input column is a clerk's note.
            if by_code.input.is_some() {
                coded.push(Columns { head: row, ..by_code });
            }
            if by_heading.input.is_some() {
                headed.push(Columns { head: row, ..by_heading });
            }
        }
        Self { sheet, file, coded, headed }
    }

    /// The columns for a key.
    fn columns(&self, (row, column): (u32, u32), key: &RowKey) -> Option<Columns> {
        let above = |heads: &[Columns]| heads.iter().rev().find(|columns| columns.head < row).cloned();
        above(&self.coded).or_else(|| above(&self.headed)).or_else(|| self.by_distance(row, column, key))
    }

    /// Without a head: the columns as they were made, if the item's name stands where
    /// it was.
    fn by_distance(&self, row: u32, column: u32, key: &RowKey) -> Option<Columns> {
        let folded = |text: &str| text.nfkc().filter(|c| !c.is_whitespace()).collect::<String>();
        let item = self.sheet.text(row, column.checked_add(ITEM_AT)?)?;
        if folded(item) != folded(&key.item) {
            return None;
        }
        let first = column.checked_add(YEARS_AT)?;
        let years: BTreeMap<FiscalYear, u32> = key.past.iter().map(|(year, _)| *year).zip(first..).collect();
        let input = first.checked_add(u32::try_from(key.past.len()).ok()?)?;
        Some(Columns {
            head: row,
            input: Some(input),
            key: Some(column),
            remark: input.checked_add(1),
            years,
        })
    }

    fn row(&self, at: (u32, u32), key: RowKey) -> Result<ReturnedRow, Box<Finding>> {
        let id = Some(key.id.clone());
        let here = |column: u32| Place { id: id.clone(), ..self.place(at.0, Some(column)) };
        let columns = self.columns(at, &key).and_then(|columns| Some((columns.input?, columns)));
        let Some((input, columns)) = columns else {
            let finding = Finding::at(here(at.1), FindingKind::InputNotFound);
            return Err(Box::new(finding));
        };
        let asked =
            |column: u32| Asked { cell: self.sheet.cells.get(&(at.0, column)).cloned(), place: here(column) };
        let remark = columns.remark.and_then(|column| self.sheet.cells.get(&(at.0, column)));
        let past =
            key.past.iter().filter_map(|(year, _)| Some((*year, asked(*columns.years.get(year)?)))).collect();
        Ok(ReturnedRow {
            place: Place { id: id.clone(), ..self.place(at.0, None) },
            input: asked(input),
            remark: remark.map(|cell| cell.shown().trim().to_owned()).unwrap_or_default(),
            past,
            key,
        })
    }

    /// Answers beside which no key stands: typed below the table, or their key erased.
    fn rows_without_key(&self, findings: &mut Findings) {
        let Some(columns) = self.coded.last().filter(|columns| columns.key.is_some()) else { return };
        let (Some(input), Some(key)) = (columns.input, columns.key) else { return };
        let is_row = |text: &str| RowKey::parse(text).is_some();
        let first_key = self.sheet.cells.iter().find(|((row, column), cell)| {
            *row > columns.head && *column == key && matches!(cell, Cell::Text(text) if is_row(text))
        });
        let Some(((first, _), _)) = first_key else { return };
        let typed = self.sheet.cells.iter().filter(|((row, column), _)| row > first && *column == input);
        for ((row, column), cell) in typed {
            let has_key =
                self.sheet.cells.range((*row, 0)..=(*row, u32::MAX)).any(
                    |(_, cell)| matches!(cell, Cell::Text(text) if text.trim_start().starts_with(KEY_MARK)),
                );
            let is_heading = matches!(cell, Cell::Text(text) if heading_name(text).is_some());
            if !has_key && !is_heading && findings.len() < MOST_BROKEN {
                let kind = FindingKind::AnswerWithoutKey { text: cell.shown() };
                findings.push_at(self.place(*row, Some(*column)), kind);
            }
        }
    }

    /// What stands beside 「記入者」.
    fn clerk(&self) -> String {
        let is_label = |cell: &Cell| matches!(cell, Cell::Text(text) if text.trim().starts_with("記入者"));
        let Some(((row, column), _)) = self.sheet.cells.iter().find(|(_, cell)| is_label(cell)) else {
            return String::new();
        };
        let beside = self.sheet.cells.range((*row, column + 1)..=(*row, column.saturating_add(3))).next();
        let name = beside.map(|(_, cell)| cell.shown()).unwrap_or_default();
        // The hint beside the cell is not a name.
        if name.starts_with('（') { String::new() } else { name.trim().chars().take(40).collect() }
    }

    fn place(&self, row: u32, column: Option<u32>) -> Place {
        Place {
            sheet: Some(self.sheet.name.clone()),
            row: Some(row as usize + 1),
            column: column.map(|column| column as usize),
            ..Place::file(self.file)
        }
    }
}

/// What a visible heading stands for, in the words of a code.
fn heading_name(text: &str) -> Option<String> {
    let text: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    if text.starts_with("備考") {
        return Some("remark".to_owned());
    }
    let (year, rest) = text.split_once("(実績)")?;
    let year = FiscalYear::parse(year)?;
    if rest.contains("記入") { Some("input".to_owned()) } else { rest.is_empty().then(|| year.to_string()) }
}

fn note(columns: &mut Columns, name: &str, column: u32) {
    // The first of two: a copied column stands behind its original.
    match name {
        "input" => drop(columns.input.get_or_insert(column)),
        "remark" => drop(columns.remark.get_or_insert(column)),
        "id" => drop(columns.key.get_or_insert(column)),
        name => {
            if let Some(year) = FiscalYear::parse(name) {
                columns.years.entry(year).or_insert(column);
            }
        }
    }
}
