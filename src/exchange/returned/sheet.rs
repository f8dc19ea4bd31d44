//! One returned sheet: its rows, and whatever else stands on it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::form::{PlacedCell, Returned, ReturnedRow, Written, WrittenKind};
use super::headers::{FormHeader, FormHeaders, heading_name};
use super::joined::Joined;
use super::slips;
use crate::exchange::earlier::CLERK_HINT;
use crate::exchange::form::{CLERK_LABEL, Form, footer};
use crate::exchange::key::{FileKey, KEY_MARK, RowKey, code_name};
use crate::exchange::label::Label;
use crate::exchange::texts::{OwnTexts, Page, TextCounts, take};
use crate::exchange::wording;
use crate::finding::{ExchangeRule, Finding, Findings, Name, Place};
use crate::plan::FiscalYear;
use crate::plan::reading::compact;
use crate::workbook::{Cell, Note, NoteKind, Position, Refusal, SharedLook, Sheet};

/// Writings of a form's sheet that are kept one by one; of more, only the number is told.
const MOST_WRITTEN: usize = 2_000;
/// Letters of one writing that quotes a whole sheet.
const LONGEST_QUOTE: usize = 8_000;
/// Rows of a file; a department has some hundred.
const MOST_ROWS: usize = 5_000;
/// Cells of its rows that are looked at: answers, years, labels.
const MOST_ASKED: usize = 100_000;
/// Letters of joined cells that rows show.
const MOST_JOINED_TEXT: usize = 4 << 20;
/// Different looks of answers that are kept for others to share.
const MOST_LOOKS: usize = 16;
/// A report quotes so many broken rows of a file.
const MOST_BROKEN: usize = 20;
/// A name is no longer than this.
const LONGEST_NAME: usize = 40;

/// How much of a file has been looked at for its rows.
#[derive(Debug, Clone, Copy, Default)]
struct LookedAt {
    cells: usize,
    /// Letters of joined cells: each row over which they are joined has them once more.
    text: usize,
}

/// What is known of a file while its sheets are read.
#[derive(Debug, Default)]
pub(super) struct ReturnedBuilder {
    pub returned: Returned,
    pub findings: Findings,
    looked_at: LookedAt,
    /// What the forms in the file print in their margins, and of how many rows that is known.
    margins: HashSet<String>,
    margins_of: usize,
}

impl ReturnedBuilder {
    pub fn new(returned: Returned) -> Self {
        Self { returned, ..Self::default() }
    }

    /// Whether a note is what a form prints in its margins.
    fn is_own_margin(&mut self, note: &Note) -> bool {
        if note.kind != NoteKind::Margin {
            return false;
        }
        let rows = self.returned.rows.iter().skip(self.margins_of);
        let mut of: BTreeSet<(FiscalYear, &str)> =
            rows.map(|row| (row.key.year, row.key.department.as_str())).collect();
        of.extend(self.returned.key.iter().map(|key| (key.year, key.department.as_str())));
        let own: Vec<String> =
            of.into_iter().map(|(year, department)| compact(&footer(year, department))).collect();
        self.margins.extend(own);
        self.margins_of = self.returned.rows.len();
        self.margins.contains(&compact(&note.text))
    }
}

/// Finds the cells of a sheet's rows.
pub(super) struct SheetReader<'a> {
    sheet: &'a Sheet,
    file: Name,
    name: Name,
    headers: FormHeaders,
    joined: Joined<'a>,
    /// FormHeader of which it is known whether they are hidden.
    hidden: HashMap<u32, bool>,
    /// Cells that are parts of rows, keys or codes.
    claimed: BTreeSet<Position>,
    /// Cells that hold something and lie under joined ones.
    covered: Vec<Position>,
    /// Letters of joined cells that the row being read shows.
    taken: usize,
    /// Looks that cells of rows share.
    looks: Vec<SharedLook>,
    plain: SharedLook,
    /// Where each of the file's rows stands on this sheet, and under which columns.
    rows: BTreeMap<u32, (usize, Rc<FormHeader>)>,
}

impl<'a> SheetReader<'a> {
    pub fn new(sheet: &'a Sheet, file: &Name) -> Self {
        let (claimed, covered, rows) = (BTreeSet::new(), Vec::new(), BTreeMap::new());
        Self {
            sheet,
            file: file.clone(),
            name: sheet.name.as_str().into(),
            headers: FormHeaders::of(sheet),
            joined: Joined::new(&sheet.merged),
            hidden: HashMap::new(),
            taken: 0,
            looks: Vec::new(),
            plain: SharedLook::default(),
            claimed,
            covered,
            rows,
        }
    }

    /// Whether the sheet is one to fill in, or was.
    pub fn is_form(&self) -> bool {
        let is_key = |cell: &Cell| matches!(cell, Cell::Text(text) if text.starts_with(KEY_MARK) && RowKey::parse(text).is_some());
        !self.headers.is_empty() || !self.rows.is_empty() || self.sheet.cells.values().any(is_key)
    }

    /// Reads the sheet. `texts` are those the file was sent out with.
    ///
    /// # Errors
    /// Where it has more rows than any form.
    pub fn read(mut self, texts: Option<&OwnTexts>, reading: &mut ReturnedBuilder) -> Result<(), Refusal> {
        let mut broken = 0;
        for (at, cell) in &self.sheet.cells {
            let Cell::Text(text) = cell else { continue };
            if code_name(text).is_some_and(FormHeader::knows) || OwnTexts::is_list(text) {
                self.claimed.insert(*at);
            }
            if !text.trim_start().starts_with(KEY_MARK) {
                continue;
            }
            let mut told = None;
            if let Some(key) = RowKey::parse(text) {
                self.claimed.insert(*at);
                match self.row(*at, key, &mut reading.looked_at) {
                    Ok((row, columns)) => {
                        self.rows.insert(at.0, (reading.returned.rows.len(), columns));
                        reading.returned.rows.push(row);
                    }
                    Err(finding) => told = Some(*finding),
                }
            } else if let Some(key) = FileKey::parse(text) {
                self.claimed.insert(*at);
                reading.returned.key.get_or_insert(key);
            } else {
                // One that was typed over is still seen to be one.
                if text.bytes().filter(|byte| *byte == b';').count() > 5 {
                    self.claimed.insert(*at);
                }
                told = Some(Finding::at(self.place(at.0, Some(at.1)), ExchangeRule::BrokenKey));
            }
            if let Some(finding) = told {
                broken += 1;
                if broken <= MOST_BROKEN {
                    reading.findings.push(finding);
                }
            }
            let LookedAt { cells, text } = reading.looked_at;
            if reading.returned.rows.len() > MOST_ROWS || cells > MOST_ASKED || text > MOST_JOINED_TEXT {
                return Err(Refusal::TooLarge("記入票の行が多すぎます"));
            }
        }
        self.rows_without_key(reading);
        self.slips(&mut reading.returned);
        self.clerk(&mut reading.returned);
        self.notes(reading);
        let returned = &mut reading.returned;
        let covered = std::mem::take(&mut self.covered);
        let kept = covered.len().min(MOST_WRITTEN.saturating_sub(returned.written.len()));
        for at in covered.iter().take(kept) {
            let text = self.sheet.shown(*at).unwrap_or_default();
            self.write(*at, WrittenKind::Cell, text, returned);
        }
        if self.is_form() {
            self.rest(texts, covered.len() - kept, returned);
        } else {
            self.other_sheet(texts, returned);
        }
        Ok(())
    }

    /// The row of a key, and its columns; or why there is none.
    fn row(
        &mut self,
        at: Position,
        key: RowKey,
        looked_at: &mut LookedAt,
    ) -> Result<(ReturnedRow, Rc<FormHeader>), Box<Finding>> {
        let id: Name = key.id.as_str().into();
        let columns = self.headers.columns(self.sheet, at, &key);
        let columns = columns.and_then(|columns| Some((columns.input?, columns)));
        let Some((input, columns)) = columns else {
            let place = Place { id: Some(id), ..self.place(at.0, Some(at.1)) };
            return Err(Box::new(Finding::at(place, ExchangeRule::InputNotFound)));
        };
        looked_at.cells += 2 + key.past.len() + columns.labels.len();
        let mut placed = |column: u32| self.placed((at.0, column), &id);
        let answer = placed(input);
        // A remark may be joined with those of other rows, not with an answer.
        let remark = columns.remark.map(&mut placed);
        let (mut labels, mut label_columns) = (Vec::new(), Vec::new());
        let mut labels_as_sent = [false; Label::ALL.len()];
        for (label, column) in &columns.labels {
            let shown = placed(*column).shown();
            if key.label(*label) == Some(shown.as_str()) {
                labels_as_sent[*label as usize] = true;
            } else {
                labels.push((*label, shown));
                label_columns.push(*column as usize);
            }
        }
        let mut past: Vec<(FiscalYear, PlacedCell)> = key
            .past
            .iter()
            .filter_map(|(year, _)| Some((*year, placed(*columns.years.get(year)?))))
            .collect();
        past.shrink_to_fit();
        let is_own =
            |column: u32| self.joined.area((at.0, column)).is_none_or(|(first, _)| first.1 == column);
        let remark = remark.filter(|_| columns.remark.is_some_and(is_own));
        let row = ReturnedRow {
            place: Place { id: Some(id), ..self.place(at.0, None) },
            input: answer,
            remark: remark.as_ref().map(|cell| cell.shown().trim().to_owned()).unwrap_or_default(),
            remark_look: remark.map(|cell| cell.look).unwrap_or_default(),
            past,
            labels,
            label_columns,
            labels_as_sent,
            is_hidden: self.sheet.hidden_rows.contains(&at.0) || self.is_hidden(input),
            is_on_hidden_sheet: self.sheet.is_hidden,
            has_slipped: false,
            has_other_headings: columns.is_contradicted,
            key,
        };
        looked_at.text += self.taken;
        self.taken = 0;
        Ok((row, columns))
    }

    /// Whether a column does not show.
    fn is_hidden(&mut self, column: u32) -> bool {
        let mut all = self.sheet.hidden_columns.iter();
        *self
            .hidden
            .entry(column)
            .or_insert_with(|| all.any(|(first, last)| (*first..=*last).contains(&column)))
    }

    /// A cell of a row. Of cells that are joined, the first holds what all show.
    fn placed(&mut self, at: Position, id: &Name) -> PlacedCell {
        self.claimed.insert(at);
        let area = self.joined.area(at);
        let from = area.map_or(at, |(first, _)| first);
        if from != at && self.sheet.cells.contains_key(&at) {
            self.covered.push(at);
        }
        let cell = self.sheet.cells.get(&from).cloned();
        if let (Some(_), Some(Cell::Text(text))) = (area, &cell) {
            self.taken += text.len();
        }
        PlacedCell {
            content: cell,
            place: Place { id: Some(id.clone()), ..self.place(at.0, Some(at.1)) },
            look: self.look(from),
            is_joined: area.is_some(),
        }
    }

    /// How a cell looks. Most cells of rows look like one that was asked for before.
    fn look(&mut self, at: Position) -> SharedLook {
        let Some(look) = self.sheet.looks.get(&at) else { return self.plain.clone() };
        if let Some(known) = self.looks.iter().find(|known| ***known == *look) {
            return known.clone();
        }
        let shared = SharedLook::from(look.clone());
        if self.looks.len() < MOST_LOOKS {
            self.looks.push(shared.clone());
        }
        shared
    }

    /// Answers beside which no key stands: typed below the table, or their key erased.
    fn rows_without_key(&mut self, reading: &mut ReturnedBuilder) {
        let ReturnedBuilder { returned, findings, .. } = reading;
        let Some(columns) = self.headers.coded.last().filter(|columns| columns.key.is_some()) else { return };
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
                let kind = ExchangeRule::AnswerWithoutKey { text: text.clone() };
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
        let Some((&(row, column), label)) = self.sheet.cells.iter().find(|(_, cell)| is_label(cell)) else {
            return;
        };
        // Forms sent out earlier had room for it, and a hint behind.
        let reach = if compact(&label.shown()) == CLERK_LABEL { 4 } else { 1 };
        let beside = self.sheet.cells.range((row, column + 1)..=(row, column.saturating_add(reach)));
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
        if returned.clerk == name && !wording::doubts(&name) {
            self.claimed.insert(*at);
        }
    }

    /// Notes and text in shapes.
    fn notes(&self, reading: &mut ReturnedBuilder) {
        for note in &self.sheet.notes {
            if reading.is_own_margin(note) {
                continue;
            }
            let returned = &mut reading.returned;
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
            place.id = of.and_then(|row| row.place.id.clone());
            returned.written.push(Written {
                place,
                kind,
                text: note.text.clone(),
                row: row.map(|(at, _)| *at),
            });
        }
        if wording::doubts(&self.sheet.name) {
            let text = format!("シートの名前「{}」", self.sheet.name);
            let place = self.sheet_place();
            reading.returned.written.push(Written { place, kind: WrittenKind::Cell, text, row: None });
        }
    }

    /// All cells of a form that are parts of nothing.
    /// `more` of its cells hold something that has not been kept.
    fn rest(&self, texts: Option<&OwnTexts>, mut more: usize, returned: &mut Returned) {
        let mut pool = texts.map(|texts| texts.pool(self.page(returned))).unwrap_or_default();
        // What the rows were sent out with stands in them, or has been typed over.
        for row in self.rows.values().filter_map(|(at, _)| returned.rows.get(*at)) {
            for text in row.key.texts() {
                take(&mut pool, text);
            }
        }
        // The formulas of rows whose keys are gone.
        let checks: BTreeSet<u32> = self.rows.values().filter_map(|(_, columns)| columns.check).collect();
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
            // The count follows the answers: it is not the one that the form was sent out with.
            let is_count = !is_check && checks.contains(&at.1) && Form::is_count(&text);
            if compact(&text).is_empty() || take(&mut pool, &text) || is_count {
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

    /// Which sheet to fill in this is: what most of its rows ask for tells.
    fn page(&self, returned: &Returned) -> Page {
        let rows = self.rows.values().filter_map(|(at, _)| returned.rows.get(*at));
        let (fields, figures): (Vec<_>, Vec<_>) = rows.partition(|row| row.key.is_of_field());
        if fields.len() > figures.len() { Page::Fields } else { Page::Form }
    }

    /// What stands on a sheet that is no form: quoted together, for nobody reads a list
    /// cell by cell.
    fn other_sheet(&self, texts: Option<&OwnTexts>, returned: &mut Returned) {
        let is_preview = self.sheet.name == Form::PREVIEW;
        let mut pool = match texts {
            Some(texts) if is_preview => texts.pool(Page::Preview),
            Some(_) => TextCounts::default(),
            // Forms sent out before they told their texts: the view of the document is
            // locked and says nothing new.
            None if is_preview => return,
            None => TextCounts::default(),
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

    fn write(&self, at: Position, kind: WrittenKind, text: String, returned: &mut Returned) {
        let row = self.rows.get(&at.0).map(|(at, _)| *at);
        let mut place = self.place(at.0, Some(at.1));
        place.id = row.and_then(|at| returned.rows.get(at)).and_then(|row| row.place.id.clone());
        returned.written.push(Written { place, kind, text, row });
    }

    fn sheet_place(&self) -> Place {
        Place { file: self.file.clone(), sheet: Some(self.name.clone()), ..Place::default() }
    }

    fn place(&self, row: u32, column: Option<u32>) -> Place {
        Place {
            row: Some(row as usize + 1),
            column: column.map(|column| column as usize),
            ..self.sheet_place()
        }
    }
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
