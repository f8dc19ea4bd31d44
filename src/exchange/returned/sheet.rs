//! One returned sheet: its rows, and whatever else stands on it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::book::{At, Cell, NoteKind, Sheet};
use super::columns::{Columns, Heads, heading_name};
use super::{Asked, MOST_BROKEN, Returned, ReturnedRow, Written, WrittenKind};
use crate::exchange::form::{CLERK_LABEL, Form};
use crate::exchange::key::{FileKey, KEY_MARK, RowKey, code_name};
use crate::exchange::texts::{OwnTexts, Page, folded, take};
use crate::finding::{Finding, FindingKind, Findings, Place};

/// Writings of a file that are kept one by one; of more, only the number is told.
const MOST_WRITTEN: usize = 2_000;
/// Cells that are looked up as parts of joined ones.
const MOST_JOINED: usize = 200_000;
/// A name is no longer than this.
const LONGEST_NAME: usize = 40;

/// Finds the cells of a sheet's rows.
pub(super) struct SheetReader<'a> {
    sheet: &'a Sheet,
    file: &'a str,
    heads: Heads,
    /// Joined cells: the first of their area, and whether it has several rows.
    joined: HashMap<At, (At, bool)>,
    /// Cells that are parts of rows, keys or codes.
    claimed: BTreeSet<At>,
    /// Where each of the file's rows stands on this sheet, and under which columns.
    rows: BTreeMap<u32, (usize, Columns)>,
}

impl<'a> SheetReader<'a> {
    pub fn new(sheet: &'a Sheet, file: &'a str) -> Self {
        let cells = sheet.merged.iter().flat_map(|&(first, last)| {
            let place = (first, last.0 > first.0);
            let rows = first.0..=last.0;
            rows.flat_map(move |row| (first.1..=last.1).map(move |column| ((row, column), place)))
        });
        let joined = cells.take(MOST_JOINED).collect();
        let heads = Heads::of(sheet);
        Self { sheet, file, heads, joined, claimed: BTreeSet::new(), rows: BTreeMap::new() }
    }

    /// Reads the sheet. `texts` are those the file was sent out with.
    pub fn read(mut self, texts: Option<&OwnTexts>, returned: &mut Returned, findings: &mut Findings) {
        let mut broken = 0;
        for (at, cell) in &self.sheet.cells {
            let Cell::Text(text) = cell else { continue };
            if code_name(text).is_some() || OwnTexts::is_list(text) {
                self.claimed.insert(*at);
            }
            if !text.trim_start().starts_with(KEY_MARK) {
                continue;
            }
            self.claimed.insert(*at);
            if let Some(key) = FileKey::parse(text) {
                returned.key.get_or_insert(key);
            } else if let Some(key) = RowKey::parse(text) {
                match self.row(*at, key) {
                    Ok((row, columns)) => {
                        self.rows.insert(at.0, (returned.rows.len(), columns));
                        returned.rows.push(row);
                    }
                    Err(finding) => findings.push(*finding),
                }
            } else {
                broken += 1;
                if broken <= MOST_BROKEN {
                    findings.push_at(self.place(at.0, Some(at.1)), FindingKind::BrokenKey);
                }
            }
        }
        self.rows_without_key(returned, findings);
        if self.has_slipped() {
            for (at, _) in self.rows.values() {
                if let Some(row) = returned.rows.get_mut(*at) {
                    row.has_slipped = true;
                }
            }
        }
        self.clerk(returned);
        self.notes(returned);
        self.rest(texts, returned);
    }

    fn row(&mut self, at: At, key: RowKey) -> Result<(ReturnedRow, Columns), Box<Finding>> {
        let columns = self.heads.columns(self.sheet, at, &key);
        let columns = columns.and_then(|columns| Some((columns.input?, columns)));
        let Some((input, columns)) = columns else {
            let place = Place { id: Some(key.id.clone()), ..self.place(at.0, Some(at.1)) };
            return Err(Box::new(Finding::at(place, FindingKind::InputNotFound)));
        };
        let id = &key.id;
        let mut asked = |column: u32| self.asked((at.0, column), id);
        let input = asked(input);
        let remark = columns.remark.map(&mut asked);
        let labels = columns.labels.iter().map(|(label, column)| (*label, asked(*column).shown())).collect();
        let past =
            key.past.iter().filter_map(|(year, _)| Some((*year, asked(*columns.years.get(year)?)))).collect();
        let row = ReturnedRow {
            place: Place { id: Some(id.clone()), ..self.place(at.0, None) },
            input,
            remark: remark.map(|asked| asked.shown().trim().to_owned()).unwrap_or_default(),
            past,
            labels,
            is_hidden: self.sheet.hidden_rows.contains(&at.0),
            has_slipped: false,
            key,
        };
        Ok((row, columns))
    }

    /// A cell of a row. Of cells that are joined, the first holds what all show.
    fn asked(&mut self, at: At, id: &str) -> Asked {
        self.claimed.insert(at);
        let (from, is_joined) = self.joined.get(&at).copied().unwrap_or((at, false));
        Asked {
            cell: self.sheet.cells.get(&from).cloned(),
            place: Place { id: Some(id.to_owned()), ..self.place(at.0, Some(at.1)) },
            look: self.sheet.looks.get(&from).cloned().unwrap_or_default(),
            is_joined,
        }
    }

    /// Answers beside which no key stands: typed below the table, or their key erased.
    fn rows_without_key(&mut self, returned: &mut Returned, findings: &mut Findings) {
        let Some(columns) = self.heads.coded.last().filter(|columns| columns.key.is_some()) else { return };
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
                let (place, text) = (self.place(*row, Some(*column)), cell.shown());
                let kind = FindingKind::AnswerWithoutKey { text: text.clone() };
                findings.push_at(place.clone(), kind);
                self.claimed.insert((*row, *column));
                returned.written.push(Written { place, kind: WrittenKind::Keyless, text, row: None });
            }
        }
    }

    /// Whether answers have slipped from row to row, as they do when a single cell is
    /// deleted or inserted in their column. Every answer's cell was sent out unlocked: at
    /// the end of the table one is missing then, or there is one too many.
    fn has_slipped(&self) -> bool {
        // The table as it was sent: rows without a gap, under one head.
        let Some((first, (_, columns))) = self.rows.first_key_value() else { return false };
        let Some(input) = columns.input else { return false };
        let mut table: Vec<u32> = Vec::new();
        for row in *first.. {
            if self.rows.get(&row).is_none_or(|(_, other)| other.input != Some(input)) {
                break;
            }
            table.push(row);
        }
        let is_open = |row: &u32| self.sheet.looks.get(&(*row, input)).is_some_and(|look| look.unlocked);
        let open = table.iter().filter(|row| is_open(row)).count();
        let (Some(last), true) = (table.last(), open > 0) else { return false };
        // A row below whose key is gone still says what it asks for.
        let below = last + 1;
        let is_bare = |row: u32| {
            let mut labels = columns.labels.values();
            labels.all(|column| !self.sheet.cells.contains_key(&(row, *column)))
        };
        let one_too_many = open == table.len() && is_open(&below) && is_bare(below);
        let is_missing = |row: &u32| !is_open(row) && !self.sheet.cells.contains_key(&(*row, input));
        let missing = table.iter().rev().take_while(|row| is_missing(row)).count();
        one_too_many || (missing > 0 && missing + open == table.len())
    }

    /// What stands beside 「記入者」.
    fn clerk(&mut self, returned: &mut Returned) {
        let is_label = |cell: &Cell| matches!(cell, Cell::Text(text) if text.trim().starts_with(CLERK_LABEL));
        let Some((&(row, column), _)) = self.sheet.cells.iter().find(|(_, cell)| is_label(cell)) else {
            return;
        };
        let beside = self.sheet.cells.range((row, column + 1)..=(row, column.saturating_add(3))).next();
        let Some((at, cell)) = beside else { return };
        let name = cell.shown().trim().to_owned();
        // The hint beside the cell is not a name; what is longer than one is more than one.
        if name.starts_with('（') || name.chars().count() > LONGEST_NAME {
            return;
        }
        self.claimed.insert(*at);
        if returned.clerk.is_empty() {
            returned.clerk = name;
        } else if returned.clerk != name {
            let place = self.place(at.0, Some(at.1));
            returned.written.push(Written { place, kind: WrittenKind::Cell, text: name, row: None });
        }
    }

    /// Notes and text in shapes.
    fn notes(&self, returned: &mut Returned) {
        for note in &self.sheet.notes {
            let kind = match note.kind {
                NoteKind::Comment => WrittenKind::Note,
                NoteKind::Shape => WrittenKind::Shape,
            };
            // A shape only lies somewhere; a note belongs to its cell.
            let row = note.at.filter(|_| kind == WrittenKind::Note).and_then(|at| self.rows.get(&at.0));
            let place = match note.at {
                Some((row, column)) => self.place(row, Some(column)),
                None => Place { sheet: Some(self.sheet.name.clone()), ..Place::file(self.file) },
            };
            returned.written.push(Written {
                place,
                kind,
                text: note.text.clone(),
                row: row.map(|(at, _)| *at),
            });
        }
    }

    /// All cells that are parts of nothing.
    fn rest(&self, texts: Option<&OwnTexts>, returned: &mut Returned) {
        let is_form = !self.rows.is_empty();
        // Forms sent out before they told their texts: the view of the document is
        // locked and says nothing new.
        if !is_form && texts.is_none() && self.sheet.name == Form::PREVIEW {
            return;
        }
        let page = if is_form { Page::Form } else { Page::Preview };
        let mut pool = texts.map(|texts| texts.pool(page)).unwrap_or_default();
        // A row's own texts are claimed with it, wherever they were counted.
        if is_form {
            for at in &self.claimed {
                if let Some(shown) = self.sheet.shown(*at) {
                    take(&mut pool, &shown);
                }
            }
        }
        let mut more = 0usize;
        for (at, cell) in self.sheet.cells.iter().filter(|(at, _)| !self.claimed.contains(at)) {
            let text = self.sheet.shown(*at).unwrap_or_default();
            if folded(&text).is_empty() || take(&mut pool, &text) || matches!(cell, Cell::NotCalculated) {
                continue;
            }
            let row = self.rows.get(&at.0);
            let is_check = row.is_some_and(|(_, columns)| columns.check == Some(at.1));
            // An answer that is an error makes the form's own formula one.
            let is_error =
                matches!(cell, Cell::Error(_)) || text.starts_with('#') || text.starts_with("Err:");
            if is_check && (Form::CHECKS.contains(&text.trim()) || is_error) {
                continue;
            }
            if returned.written.len() >= MOST_WRITTEN {
                more += 1;
                continue;
            }
            let mut place = self.place(at.0, Some(at.1));
            place.id = row.and_then(|(at, _)| returned.rows.get(*at)).map(|row| row.key.id.clone());
            returned.written.push(Written {
                place,
                kind: if is_check { WrittenKind::Check } else { WrittenKind::Cell },
                text,
                row: row.map(|(at, _)| *at),
            });
        }
        if more > 0 {
            let place = Place { sheet: Some(self.sheet.name.clone()), ..Place::file(self.file) };
            let text = format!("（ほかに{more}個のセルに書き込みがあります）");
            returned.written.push(Written { place, kind: WrittenKind::Cell, text, row: None });
        }
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
