//! What has been collected so far, and how a question or a quotation is put down.

use std::collections::BTreeMap;

use crate::exchange::answer::{Doubt, Reading, is_figure_as_sent, understand};
use crate::exchange::form::Form;
use crate::exchange::key::RowKey;
use crate::exchange::notation::Notation;
use crate::exchange::outcome::{ChangeKind, Outcome, Query, Request};
use crate::exchange::returned::{PlacedCell, Returned, ReturnedRow};
use crate::exchange::row::FormRow;
use crate::exchange::status::RowState;
use crate::exchange::words;
use crate::exchange::writing::Writing;
use crate::finding::{ExchangeRule, FindingKind, Place};
use crate::master::Column;
use crate::plan::{FiscalYear, Value, Vocabulary};
use crate::workbook::Cell;

/// The master and the forms, and what the returns have said.
pub(super) struct Collector<'a> {
    pub request: Request<'a>,
    pub year: FiscalYear,
    /// Whether nobody named the year and a later one has been reported: what came back
    /// is a form of a year that is closed.
    pub is_past: bool,
    pub vocabulary: Vocabulary,
    /// By department.
    pub forms: BTreeMap<&'a str, &'a Form>,
    /// Every row that is asked, with the (first) form it stands in.
    pub rows: BTreeMap<String, (&'a FormRow, &'a Form)>,
    pub outcome: Outcome,
    pub states: BTreeMap<String, RowState>,
}

/// A returned row, and why its answer is asked about whatever it says.
pub(super) struct Candidate<'r> {
    pub row: &'r ReturnedRow,
    /// What calls it into question, in what is written beside it and how it looks, each
    /// with its place.
    pub doubts: Vec<(Place, ExchangeRule)>,
}

/// What one returned row says of one year, next to what it was sent out with.
pub(super) struct Answer<'r> {
    pub from: &'r ReturnedRow,
    pub cell: &'r PlacedCell,
    pub base: Value,
    pub value: Value,
}

impl Collector<'_> {
    /// Whether corrections to past years of a row are taken over, and not asked about.
    pub(super) fn accepts_revisions(&self, row: &FormRow) -> bool {
        self.request.accept_revisions || self.request.revised.contains(&row.row)
    }

    /// What the cell of an answer says.
    pub(super) fn input(&self, cell: &PlacedCell, row: &FormRow) -> Reading {
        let Some(field) = &row.field else { return self.reading(cell, row.notation.as_ref()) };
        if row.is_words() {
            return shown_otherwise(cell).unwrap_or_else(|| words::understand(cell.content.as_ref(), field));
        }
        match self.reading(cell, row.notation.as_ref()) {
            // The columns that a plan declares for figures may be of a kind without a unit.
            Reading::Doubt(Doubt::NoUnit(text)) if row.notation.is_none() => {
                let value = Value::parse(&text, &self.vocabulary);
                value.map_or_else(|why| Reading::Doubt(Doubt::NotUnderstood(text, why)), Reading::Value)
            }
            reading => reading,
        }
    }

    /// What a cell says, as the row writes its figures.
    pub(super) fn reading(&self, cell: &PlacedCell, notation: Option<&Notation>) -> Reading {
        shown_otherwise(cell).unwrap_or_else(|| understand(cell.content.as_ref(), notation, &self.vocabulary))
    }

    /// Asks about a cell of a row.
    pub(super) fn query(
        &mut self,
        row: &FormRow,
        from: &ReturnedRow,
        cell: &PlacedCell,
        kind: impl Into<FindingKind>,
    ) {
        let kind = kind.into();
        self.outcome.queries.push(Query {
            department: from.key.department.clone(),
            id: row.master_id().to_owned(),
            owner: row.owner.clone(),
            item: row.item.clone(),
            question: kind.message(),
            help: kind.help(),
            answer: cell.shown(),
            remark: from.remark.clone(),
            place: cell.place.clone(),
            row: from.place.clone(),
        });
        self.outcome.findings.push_at(cell.place.clone(), kind);
    }

    /// Leaves out what is not to be taken over. Such an answer is there, and the master has
    /// none: nothing is missing, and the row is not answered.
    pub(super) fn leave_out(&mut self) {
        self.outcome.leave_out(self.request.left_out);
        let left = self.outcome.left_out.iter().filter(|change| change.kind == ChangeKind::Answer);
        for change in left {
            let is_of = |row: &FormRow| {
                let field = row.field.as_ref().map(|field| Column::Declared(field.at));
                row.row == change.row && field.unwrap_or(Column::Actual(self.year)) == change.column
            };
            let ids = self.rows.iter().filter(|(_, (row, _))| is_of(row)).map(|(id, _)| id.clone());
            self.states.extend(ids.map(|id| (id, RowState::Queried)));
        }
    }

    /// Quotes a text that stands in a row.
    pub(super) fn quote(
        &mut self,
        from: &ReturnedRow,
        of: Option<&FormRow>,
        kind: &str,
        text: &str,
        place: &Place,
    ) {
        if text.trim().is_empty() {
            return;
        }
        self.outcome.writings.push(Writing {
            department: from.key.department.clone(),
            id: from.key.master_id().to_owned(),
            owner: of.map(|of| of.owner.clone()).unwrap_or_default(),
            item: of.map_or_else(|| from.key.item.clone(), |of| of.item.clone()),
            kind: kind.to_owned(),
            text: text.to_owned(),
            place: place.clone(),
        });
    }

    /// What the master said in the cell asked for when the form was sent out.
    pub(super) fn base(&self, key: &RowKey) -> Value {
        let row = self.rows.get(&key.id).map(|(row, _)| *row);
        let is_words = row.map_or(key.is_of_field(), FormRow::is_words);
        if is_words { words::value(&key.base) } else { self.value(&key.base) }
    }

    /// A text the master printed; what it cannot read was refused before.
    pub(super) fn value(&self, printed: &str) -> Value {
        Value::parse(printed, &self.vocabulary).unwrap_or(Value::NotReported)
    }
}

/// A text that the sheet shows as another one.
fn shown_otherwise(cell: &PlacedCell) -> Option<Reading> {
    let (Some(Cell::Text(stored)), Some(shown)) = (&cell.content, &cell.look.text) else { return None };
    let shown = if shown.trim().is_empty() { "（何も表示されない）" } else { shown };
    Some(Reading::Doubt(Doubt::Shown { shown: shown.to_owned(), stored: stored.clone() }))
}

/// Whose file it is: as its own key says, else as most of its rows do.
pub(super) fn file_department(returned: &Returned) -> Option<&str> {
    if let Some(key) = &returned.key {
        return Some(&key.department);
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &returned.rows {
        *counts.entry(&row.key.department).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(department, _)| department)
}

/// Whether a cell that cannot be understood is only what was sent out.
pub(super) fn is_as_sent(cell: &PlacedCell, base: &Value) -> bool {
    cell.content.as_ref().is_some_and(|content| {
        let is_text_as_sent = || match base {
            Value::Text(text) => words::normal(&content.shown()) == *text,
            _ => content.shown().trim() == base.printed(),
        };
        is_figure_as_sent(content, base) || (base.is_reported() && is_text_as_sent())
    })
}
