//! 集計 (collecting): returned forms against the master.
//!
//! For one indicator and one year three texts are compared: what the master said when
//! the form went out (the base), what it says now, and what came back.
//!
//! ```text
//! came back = master now ......................... unchanged
//! came back = base ............................... untouched: the clerk said nothing
//! came back ≠ base, master now = base ............ an answer (or a revision)
//! came back ≠ base, master now ≠ base, all differ. a conflict
//! ```
//!
//! Before anything is compared, a row has to agree with its key ([`identity`]). What has
//! to be asked about is a query: it is not taken over, and all that is sure is. A row or
//! a file that cannot be used stops no other. Whatever else a department wrote is quoted
//! ([`Outcome::writings`]): 「備考」 of the master is the office's own.

mod answers;
mod beside;
mod rows;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDateTime;
use rust_decimal::Decimal;

use super::answer::{Doubt, Reading, is_figure_as_sent, understand};
use super::form::{Form, FormRow, Frame, forms};
use super::identity;
use super::label::Label;
use super::notation::{Notation, same};
use super::outcome::{Change, ChangeKind, Outcome, Query, Request};
use super::returned::{Asked, Cell, Returned, ReturnedRow, Struck, Written, WrittenKind};
use super::roll;
use super::writing::{self, Writing};
use crate::finding::{ExchangeRule, FindingKind, Name, Place};
use crate::plan::reading::compact;
use crate::plan::{FiscalYear, Value, Vocabulary};

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing came back, or an empty cell.
    Open,
    /// There is a question.
    Queried,
    /// The master has an answer, or gets it now.
    Answered,
}

/// Compares what came back with the master. `returns` with the time of each file.
pub fn collect(request: Request<'_>, returns: &[(Returned, Option<NaiveDateTime>)]) -> Outcome {
    let mut outcome = Outcome::new(request.year.or_else(|| asked_year(returns)));
    let Some(year) = outcome.year else { return outcome };
    let plan = &request.master.plan;
    if !plan.years.contains(&year) {
        let place = Place::file(request.master.source.file_name());
        outcome.findings.push_at(place, ExchangeRule::YearNotInMaster { year });
        return outcome;
    }
    outcome.due = returns.iter().flat_map(|(returned, _)| &returned.rows).map(|row| row.key.due).max();
    let all = forms(plan, request.settings, year, outcome.due.unwrap_or(request.today));
    let mut collector = Collector {
        request,
        year,
        is_past: request.year.is_none() && plan.latest_reported() > Some(year),
        vocabulary: request.settings.values.vocabulary(),
        forms: all.iter().map(|form| (form.department.as_str(), form)).collect(),
        rows: BTreeMap::new(),
        outcome,
        states: BTreeMap::new(),
    };
    for form in &all {
        for row in &form.rows {
            collector.rows.entry(row.id.clone()).or_insert((row, form));
        }
    }
    let mut came: BTreeMap<&str, Vec<Came<'_>>> = BTreeMap::new();
    for (returned, _) in returns {
        let mut beside = collector.written(returned);
        for (at, row) in collector.belonging(returned) {
            let beside = beside.remove(&at).unwrap_or_default();
            came.entry(row.key.id.as_str()).or_default().push(Came { row, beside });
        }
        collector.missing_rows(returned);
    }
    // In the order of the plan, so that the report reads like the document.
    for (_, indicator) in plan.indicators() {
        if let Some(rows) = came.get(indicator.id.as_str()) {
            collector.row(&indicator.id, rows);
        }
    }
    let Collector { mut outcome, states, .. } = collector;
    outcome.roll = roll::roll(&all, &states, returns, &outcome, request.today);
    let rows = all.iter().flat_map(|form| &form.rows);
    let waits = rows.filter(|row| roll::state(row, &states) != State::Answered);
    outcome.waiting = waits.map(|row| row.id.as_str()).collect::<BTreeSet<_>>().len();
    outcome
}

/// The year most of the files ask for; of two alike, the later.
fn asked_year(returns: &[(Returned, Option<NaiveDateTime>)]) -> Option<FiscalYear> {
    let mut counts: BTreeMap<FiscalYear, usize> = BTreeMap::new();
    for (returned, _) in returns {
        let of_rows = returned.rows.first().map(|row| row.key.year);
        if let Some(year) = of_rows.or(returned.key.as_ref().map(|key| key.year)) {
            *counts.entry(year).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(year, count)| (*count, *year)).map(|(year, _)| year)
}

struct Collector<'a> {
    request: Request<'a>,
    year: FiscalYear,
    /// Whether nobody named the year and a later one has been reported: what came back
    /// is a form of a year that is closed.
    is_past: bool,
    vocabulary: Vocabulary,
    /// By department.
    forms: BTreeMap<&'a str, &'a Form>,
    /// Every row that is asked, with the (first) form it stands in.
    rows: BTreeMap<String, (&'a FormRow, &'a Form)>,
    outcome: Outcome,
    states: BTreeMap<String, State>,
}

/// A returned row, and why its answer is asked about whatever it says.
struct Came<'r> {
    row: &'r ReturnedRow,
    /// What is written beside it and how it looks, each with its place.
    beside: Vec<(Place, ExchangeRule)>,
}

/// What one returned row says of one year, next to what it was sent out with.
struct Said<'r> {
    from: &'r ReturnedRow,
    asked: &'r Asked,
    base: Value,
    value: Value,
}

impl Collector<'_> {
    /// What a cell says, as the row writes its figures.
    fn reading(&self, asked: &Asked, notation: Option<&Notation>) -> Reading {
        match (&asked.cell, &asked.look.text) {
            (Some(Cell::Text(stored)), Some(shown)) => {
                let shown = if shown.trim().is_empty() { "（何も表示されない）" } else { shown };
                Reading::Doubt(Doubt::Shown { shown: shown.to_owned(), stored: stored.clone() })
            }
            (cell, _) => understand(cell.as_ref(), notation, &self.vocabulary),
        }
    }

    fn query(&mut self, row: &FormRow, from: &ReturnedRow, asked: &Asked, kind: impl Into<FindingKind>) {
        let kind = kind.into();
        self.outcome.queries.push(Query {
            department: from.key.department.clone(),
            id: row.id.clone(),
            owner: row.owner.clone(),
            item: row.item.clone(),
            question: kind.message(),
            help: kind.help(),
            answer: asked.shown(),
            remark: from.remark.clone(),
            place: asked.place.clone(),
            row: from.place.clone(),
        });
        self.outcome.findings.push_at(asked.place.clone(), kind);
    }

    fn quote(&mut self, from: &ReturnedRow, of: Option<&FormRow>, kind: &str, text: &str, place: &Place) {
        if text.trim().is_empty() {
            return;
        }
        self.outcome.writings.push(Writing {
            department: from.key.department.clone(),
            id: from.key.id.clone(),
            owner: of.map(|of| of.owner.clone()).unwrap_or_default(),
            item: of.map_or_else(|| from.key.item.clone(), |of| of.item.clone()),
            kind: kind.to_owned(),
            text: text.to_owned(),
            place: place.clone(),
        });
    }

    /// A text the master printed; what it cannot read was refused before.
    fn value(&self, printed: &str) -> Value {
        Value::parse(printed, &self.vocabulary).unwrap_or(Value::NotReported)
    }
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
fn is_as_sent(asked: &Asked, base: &Value) -> bool {
    asked.cell.as_ref().is_some_and(|cell| {
        is_figure_as_sent(cell, base) || (base.is_reported() && cell.shown().trim() == base.printed())
    })
}

/// Whether a figure differs from last year's by more than half of it.
pub fn is_large_change(last_year: Option<&Value>, answer: &Value) -> bool {
    let (Some(last), Some(new)) = (last_year.and_then(Value::quantity), answer.quantity()) else {
        return false;
    };
    let Some(difference) = new.number.checked_sub(last.number) else { return true };
    difference.abs().checked_mul(Decimal::TWO).is_none_or(|twice| twice > last.number.abs())
}
