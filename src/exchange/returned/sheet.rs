//! One returned sheet: its rows, and whatever else stands on it.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{At, Cell, NoteKind, Sheet};
use super::columns::{Columns, Heads, heading_name};
use super::slips;
use super::{Asked, MOST_BROKEN, Returned, ReturnedRow, Written, WrittenKind};
use crate::exchange::form::{CLERK_HINT, CLERK_LABEL, Form, footer};
use crate::exchange::key::{FileKey, KEY_MARK, RowKey, code_name};
use crate::exchange::label::Label;
use crate::exchange::texts::{OwnTexts, Page, Pool, take};
use crate::finding::{Finding, FindingKind, Findings, Place};
use crate::plan::reading::compact;

/// Writings of a form's sheet that are kept one by one; of more, only the number is told.
const MOST_WRITTEN: usize = 2_000;
/// Letters of one writing that quotes a whole sheet.
const LONGEST_QUOTE: usize = 8_000;
/// Joined cells are looked up in so many columns; a form has some fifteen.
const MOST_COLUMNS: u32 = 256;
/// A name is no longer than this.
const LONGEST_NAME: usize = 40;

/// Finds the cells of a sheet's rows.
pub(super) struct SheetReader<'a> {
    sheet: &'a Sheet,
    file: &'a str,
    heads: Heads,
    /// Joined cells, by column and first row: the areas they belong to.
    joined: BTreeMap<At, (At, At)>,
    /// Cells that are parts of rows, keys or codes.
    claimed: BTreeSet<At>,
    /// Cells that hold something and lie under joined ones.
    covered: Vec<At>,
    /// Where each of the file's rows stands on this sheet, and under which columns.
    rows: BTreeMap<u32, (usize, Columns)>,
}

impl<'a> SheetReader<'a> {
    pub fn new(sheet: &'a Sheet, file: &'a str) -> Self {
        let mut joined = BTreeMap::new();
        for &(first, last) in &sheet.merged {
            for column in first.1..=last.1.min(MOST_COLUMNS) {
                joined.insert((column, first.0), (first, last));
            }
        }
        let heads = Heads::of(sheet);
        let (claimed, covered, rows) = (BTreeSet::new(), Vec::new(), BTreeMap::new());
        Self { sheet, file, heads, joined, claimed, covered, rows }
    }

    /// Whether the sheet is one to fill in, or was.
    pub fn is_form(&self) -> bool {
        let is_key = |cell: &Cell| matches!(cell, Cell::Text(text) if text.starts_with(KEY_MARK) && RowKey::parse(text).is_some());
        !self.heads.is_empty() || self.sheet.cells.values().any(is_key)
    }

    /// Reads the sheet. `texts` are those the file was sent out with.
    pub fn read(mut self, texts: Option<&OwnTexts>, returned: &mut Returned, findings: &mut Findings) {
        let mut broken = 0;
        for (at, cell) in &self.sheet.cells {
            let Cell::Text(text) = cell else { continue };
            if code_name(text).is_some_and(Columns::knows) || OwnTexts::is_list(text) {
                self.claimed.insert(*at);
            }
            if !text.trim_start().starts_with(KEY_MARK) {
                continue;
            }
            if let Some(key) = FileKey::parse(text) {
                self.claimed.insert(*at);
                returned.key.get_or_insert(key);
            } else if let Some(key) = RowKey::parse(text) {
                self.claimed.insert(*at);
                match self.row(*at, key) {
                    Ok((row, columns)) => {
                        self.rows.insert(at.0, (returned.rows.len(), columns));
                        returned.rows.push(row);
                    }
                    Err(finding) => findings.push(*finding),
                }
            } else {
                // One that was typed over is still seen to be one.
                if text.matches(';').count() > 5 {
                    self.claimed.insert(*at);
                }
                broken += 1;
                if broken <= MOST_BROKEN {
                    findings.push_at(self.place(at.0, Some(at.1)), FindingKind::BrokenKey);
                }
            }
        }
        self.rows_without_key(returned, findings);
        self.slips(returned);
        self.clerk(returned);
        self.notes(returned);
        for at in std::mem::take(&mut self.covered) {
            let text = self.sheet.shown(at).unwrap_or_default();
            self.write(at, WrittenKind::Cell, text, returned);
        }
        if self.is_form() {
            self.rest(texts, returned);
        } else {
            self.other_sheet(texts, returned);
        }
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
        let answer = asked(input);
        // A remark may be joined with those of other rows, not with an answer.
        let remark = columns.remark.map(&mut asked);
        let (labels, label_places) = columns
            .labels
            .iter()
            .map(|(label, column)| {
                let asked = asked(*column);
                ((*label, asked.shown()), asked.place)
            })
            .unzip();
        let past =
            key.past.iter().filter_map(|(year, _)| Some((*year, asked(*columns.years.get(year)?)))).collect();
        let is_own = |column: u32| self.area((at.0, column)).is_none_or(|(first, _)| first.1 == column);
        let remark = remark.filter(|_| columns.remark.is_some_and(is_own));
        let mut hidden = self.sheet.hidden_columns.iter();
        let row = ReturnedRow {
            place: Place { id: Some(id.clone()), ..self.place(at.0, None) },
            input: answer,
            remark: remark.as_ref().map(|asked| asked.shown().trim().to_owned()).unwrap_or_default(),
            remark_look: remark.map(|asked| asked.look).unwrap_or_default(),
            past,
            labels,
            label_places,
            is_hidden: self.sheet.hidden_rows.contains(&at.0)
                || hidden.any(|(first, last)| (*first..=*last).contains(&input)),
            is_on_hidden_sheet: self.sheet.is_hidden,
            has_slipped: false,
            has_other_headings: columns.is_contradicted,
            key,
        };
        Ok((row, columns))
    }

    /// The area of joined cells in which a cell lies.
    fn area(&self, (row, column): At) -> Option<(At, At)> {
        let above = self.joined.range((column, 0)..=(column, row)).next_back();
        above.map(|(_, area)| *area).filter(|(first, last)| first != last && row <= last.0)
    }

    /// A cell of a row. Of cells that are joined, the first holds what all show.
    fn asked(&mut self, at: At, id: &str) -> Asked {
        self.claimed.insert(at);
        let area = self.area(at);
        let from = area.map_or(at, |(first, _)| first);
        if from != at && self.sheet.cells.contains_key(&at) {
            self.covered.push(at);
        }
        Asked {
            cell: self.sheet.cells.get(&from).cloned(),
            place: Place { id: Some(id.to_owned()), ..self.place(at.0, Some(at.1)) },
            look: self.sheet.looks.get(&from).cloned().unwrap_or_default(),
            is_joined: area.is_some(),
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

    /// Notes which answers have slipped from row to row.
    fn slips(&self, returned: &mut Returned) {
        // The table as it was sent: rows without a gap, under one head.
        let Some((first, (_, columns))) = self.rows.first_key_value() else { return };
        let Some(input) = columns.input else { return };
        let mut table: Vec<slips::Row<'_>> = Vec::new();
        for row in *first.. {
            let Some((at, other)) = self.rows.get(&row) else { break };
            let Some(of) = returned.rows.get(*at).filter(|_| other.input == Some(input)) else { break };
            let look = self.sheet.looks.get(&(row, input));
            table.push(slips::Row {
                is_open: look.is_some_and(|look| look.unlocked),
                is_blank: !self.sheet.cells.contains_key(&(row, input)),
                unit: look.and_then(|look| look.unit.as_deref()),
                own_unit: of.label(Label::Unit).filter(|unit| *unit != crate::exchange::FormRow::NO_UNIT),
            });
        }
        let Ok(length) = u32::try_from(table.len()) else { return };
        // A row below whose key is gone still says what it asks for.
        let below = first + length;
        let labels = columns.labels.values();
        let filled = labels.filter(|column| self.sheet.cells.contains_key(&(below, **column))).count();
        let look = self.sheet.looks.get(&(below, input));
        let one_too_many = look.is_some_and(|look| look.unlocked) && filled < 2;
        let Some(from) = slips::slipped_from(&table, one_too_many) else { return };
        for (row, (at, _)) in &self.rows {
            if (*row - first) as usize >= from
                && let Some(row) = returned.rows.get_mut(*at)
            {
                row.has_slipped = true;
            }
        }
    }

    /// What stands beside 「記入者」.
    fn clerk(&mut self, returned: &mut Returned) {
        let is_label = |cell: &Cell| matches!(cell, Cell::Text(text) if text.trim().starts_with(CLERK_LABEL));
        let Some((&(row, column), _)) = self.sheet.cells.iter().find(|(_, cell)| is_label(cell)) else {
            return;
        };
        let beside = self.sheet.cells.range((row, column + 1)..=(row, column.saturating_add(4)));
        let names = beside.filter(|(_, cell)| compact(&cell.shown()) != compact(CLERK_HINT));
        let Some((at, cell)) = names.into_iter().next().filter(|_| !self.rows.is_empty()) else { return };
        let name = cell.shown().trim().to_owned();
        // What is longer than a name is more than one.
        if name.chars().count() > LONGEST_NAME {
            return;
        }
        if returned.clerk.is_empty() {
            returned.clerk = name.clone();
        }
        if returned.clerk == name && !crate::exchange::writing::doubts(&name) {
            self.claimed.insert(*at);
        }
    }

    /// Notes and text in shapes.
    fn notes(&self, returned: &mut Returned) {
        for note in &self.sheet.notes {
            if is_own_margin(note, returned) {
                continue;
            }
            let kind = match note.kind {
                NoteKind::Comment => WrittenKind::Note,
                NoteKind::Shape => WrittenKind::Shape,
                NoteKind::Margin => WrittenKind::Margin,
            };
            // A shape only lies somewhere; a note belongs to its cell.
            let row = note.at.filter(|_| kind == WrittenKind::Note).and_then(|at| self.rows.get(&at.0));
            let mut place = match note.at {
                Some((row, column)) => self.place(row, Some(column)),
                None => self.sheet_place(),
            };
            let of = row.and_then(|(at, _)| returned.rows.get(*at));
            place.id = of.map(|row| row.key.id.clone());
            returned.written.push(Written {
                place,
                kind,
                text: note.text.clone(),
                row: row.map(|(at, _)| *at),
            });
        }
        if crate::exchange::writing::doubts(&self.sheet.name) {
            let text = format!("シートの名前「{}」", self.sheet.name);
            let place = self.sheet_place();
            returned.written.push(Written { place, kind: WrittenKind::Cell, text, row: None });
        }
    }

    /// All cells of a form that are parts of nothing.
    fn rest(&self, texts: Option<&OwnTexts>, returned: &mut Returned) {
        let mut pool = texts.map(|texts| texts.pool(Page::Form)).unwrap_or_default();
        // What the rows were sent out with stands in them, or has been typed over.
        for row in self.rows.values().filter_map(|(at, _)| returned.rows.get(*at)) {
            for text in row.key.texts() {
                take(&mut pool, text);
            }
        }
        // The formulas of rows whose keys are gone.
        let checks: BTreeSet<u32> = self.rows.values().filter_map(|(_, columns)| columns.check).collect();
        let mut more = 0usize;
        for (at, cell) in self.sheet.cells.iter().filter(|(at, _)| !self.claimed.contains(at)) {
            let is_check = self.rows.get(&at.0).is_some_and(|(_, columns)| columns.check == Some(at.1));
            let is_own = if is_check {
                is_forms_own_check(cell)
            } else {
                checks.contains(&at.1) && *cell == Cell::NotCalculated
            };
            if is_own {
                continue;
            }
            let text = self.sheet.shown(*at).unwrap_or_default();
            if compact(&text).is_empty() || take(&mut pool, &text) {
                continue;
            }
            if returned.written.len() >= MOST_WRITTEN {
                more += 1;
                continue;
            }
            self.write(*at, if is_check { WrittenKind::Check } else { WrittenKind::Cell }, text, returned);
        }
        if more > 0 {
            let text = format!("（ほかに{more}個のセルに書き込みがあります）");
            let place = self.sheet_place();
            returned.written.push(Written { place, kind: WrittenKind::Cell, text, row: None });
        }
    }

    /// What stands on a sheet that is no form: quoted together, for nobody reads a list
    /// cell by cell.
    fn other_sheet(&self, texts: Option<&OwnTexts>, returned: &mut Returned) {
        let is_preview = self.sheet.name == Form::PREVIEW;
        let mut pool = match texts {
            Some(texts) if is_preview => texts.pool(Page::Preview),
            Some(_) => Pool::default(),
            // Forms sent out before they told their texts: the view of the document is
            // locked and says nothing new.
            None if is_preview => return,
            None => Pool::default(),
        };
        let mut quote = String::new();
        let mut place = None;
        let mut quotes: Vec<(Place, String)> = Vec::new();
        for (at, _) in self.sheet.cells.iter().filter(|(at, _)| !self.claimed.contains(at)) {
            let text = self.sheet.shown(*at).unwrap_or_default();
            if compact(&text).is_empty() || take(&mut pool, &text) {
                continue;
            }
            let here = self.place(at.0, Some(at.1));
            let line = format!("{}　{text}", here.cell().unwrap_or_default());
            let first = place.get_or_insert(here).clone();
            if !quote.is_empty() && quote.len() + line.len() > LONGEST_QUOTE {
                quotes.push((first, std::mem::take(&mut quote)));
                place = Some(self.place(at.0, Some(at.1)));
            }
            if !quote.is_empty() {
                quote.push('\n');
            }
            quote.push_str(&line);
        }
        quotes.extend(place.filter(|_| !quote.is_empty()).map(|place| (place, quote)));
        for (place, text) in quotes {
            returned.written.push(Written { place, kind: WrittenKind::Sheet, text, row: None });
        }
    }

    fn write(&self, at: At, kind: WrittenKind, text: String, returned: &mut Returned) {
        let row = self.rows.get(&at.0).map(|(at, _)| *at);
        let mut place = self.place(at.0, Some(at.1));
        place.id = row.and_then(|at| returned.rows.get(at)).map(|row| row.key.id.clone());
        returned.written.push(Written { place, kind, text, row });
    }

    fn sheet_place(&self) -> Place {
        Place { sheet: Some(self.sheet.name.clone()), ..Place::file(self.file) }
    }

    fn place(&self, row: u32, column: Option<u32>) -> Place {
        Place {
            row: Some(row as usize + 1),
            column: column.map(|column| column as usize),
            ..self.sheet_place()
        }
    }
}

/// Whether a note is what the form prints in its margins.
fn is_own_margin(note: &super::Note, returned: &Returned) -> bool {
    let of_rows = returned.rows.iter().map(|row| (row.key.year, row.key.department.as_str()));
    let of_file = returned.key.iter().map(|key| (key.year, key.department.as_str()));
    let is_own = |(year, department)| compact(&footer(year, department)) == compact(&note.text);
    note.kind == NoteKind::Margin && of_rows.chain(of_file).any(is_own)
}

/// Whether a cell of 「確認」 is what the form's own formula gives: one of its words, nothing
/// (which some programs keep as 0), or an error where the answer is one.
fn is_forms_own_check(cell: &Cell) -> bool {
    match cell {
        // Some formats have errors as texts.
        Cell::Text(text) => Form::CHECKS.contains(&text.trim()) || crate::exchange::answer::is_error(text),
        Cell::Number(number) => number.value == 0.0,
        Cell::Error(_) | Cell::NotCalculated => true,
        Cell::Date(_) | Cell::Logical(_) => false,
    }
}
