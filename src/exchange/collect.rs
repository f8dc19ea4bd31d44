//! 集計 (collecting): returned forms against the master.
//!
//! For one indicator and one year three texts are compared: what the master said when
//! the form went out (the base), what it says now, and what came back.
//!
//! ```text
//! came back = master now ......................... unchanged
//! came back = base ............................... untouched: the clerk said nothing
//! came back ≠ base, master now = base ............ an answer (or a revision)
//! came back ≠ base, master now ≠ base, all differ. a conflict: an error
//! ```
//!
//! An answer that has to be asked about is a query: it is not taken over, and the
//! others are. An error takes nothing over at all. What a clerk wrote as a remark goes
//! into the report, never into the master: 「備考」 there is the office's own.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use rust_decimal::Decimal;

use super::answer::{Doubt, Reading, is_figure_as_sent, understand};
use super::form::{Form, FormRow, forms};
use super::notation::{Notation, same};
use super::outcome::{Change, ChangeKind, Outcome, Query, Request};
use super::returned::{Asked, Returned, ReturnedRow};
use super::roll;
use crate::finding::{FindingKind, Findings, Place};
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
    let mut outcome = Outcome {
        year: request.year.or_else(|| asked_year(returns)),
        due: None,
        findings: Findings::new(),
        changes: Vec::new(),
        queries: Vec::new(),
        unchanged: 0,
        roll: Vec::new(),
    };
    let Some(year) = outcome.year else { return outcome };
    let plan = &request.master.plan;
    if !plan.years.contains(&year) {
        let place = Place::file(request.master.source.file_name());
        outcome.findings.push_at(place, FindingKind::YearNotInMaster { year });
        return outcome;
    }
    let keys = |returned: &Returned| returned.rows.iter().map(|row| row.key.due).collect::<Vec<_>>();
    outcome.due = returns.iter().flat_map(|(returned, _)| keys(returned)).max();
    let all = forms(plan, request.settings, year, outcome.due.unwrap_or(request.today));
    let mut collector = Collector {
        request,
        year,
        vocabulary: request.settings.values.vocabulary(),
        rows: BTreeMap::new(),
        outcome,
        states: BTreeMap::new(),
    };
    for form in &all {
        for row in &form.rows {
            collector.rows.entry(row.id.clone()).or_insert((row, form));
        }
    }
    let mut came: BTreeMap<&str, Vec<&ReturnedRow>> = BTreeMap::new();
    for (returned, _) in returns {
        for row in collector.belonging(returned) {
            came.entry(row.key.id.as_str()).or_default().push(row);
        }
        collector.missing_rows(returned, &all);
    }
    // In the order of the plan, so that the report reads like the document.
    for (_, indicator) in plan.indicators() {
        if let Some(rows) = came.get(indicator.id.as_str()) {
            collector.row(&indicator.id, rows);
        }
    }
    let Collector { mut outcome, states, .. } = collector;
    outcome.roll = roll::roll(&all, &states, returns, &outcome, request.today);
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
    vocabulary: Vocabulary,
    /// Every row that is asked, with the (first) form it stands in.
    rows: BTreeMap<String, (&'a FormRow, &'a Form)>,
    outcome: Outcome,
    states: BTreeMap<String, State>,
}

/// What one returned row says of one year, next to what it was sent out with.
struct Said<'r> {
    from: &'r ReturnedRow,
    place: &'r Place,
    base: Value,
    value: Value,
}

impl<'a> Collector<'a> {
    /// The rows of a file that belong here; the others are findings.
    fn belonging<'r>(&mut self, returned: &'r Returned) -> Vec<&'r ReturnedRow> {
        let mut rows = Vec::new();
        let (mut other_plan, mut other_year) = (None, None);
        for row in &returned.rows {
            if row.key.plan != self.request.settings.plan.id {
                other_plan.get_or_insert(&row.key.plan);
            } else if row.key.year != self.year {
                other_year.get_or_insert(row.key.year);
            } else {
                rows.push(row);
            }
        }
        let place = || Place::file(&returned.file);
        if let Some(plan) = other_plan {
            self.outcome.findings.push_at(place(), FindingKind::FormOfOtherPlan { plan: plan.clone() });
        }
        if let Some(year) = other_year {
            let kind = FindingKind::FormOfOtherYear { year, expected: self.year };
            self.outcome.findings.push_at(place(), kind);
        }
        rows.retain(|row| self.is_known(row));
        rows
    }

    fn is_known(&mut self, row: &ReturnedRow) -> bool {
        if self.rows.contains_key(&row.key.id) {
            return true;
        }
        let id = row.key.id.clone();
        let answer = row.input.cell.as_ref().map(|cell| cell.shown()).unwrap_or_default();
        let base = self.value(&row.key.base);
        let said = understand(row.input.cell.as_ref(), Notation::of([&base]).as_ref(), &self.vocabulary);
        let untouched =
            said == Reading::Blank || matches!(said, Reading::Value(value) if same(&value, &base));
        let kind = if untouched {
            FindingKind::UnknownRow { id }
        } else {
            FindingKind::AnswerToUnknownRow { id, answer }
        };
        self.outcome.findings.push_at(row.place.clone(), kind);
        false
    }

    /// Rows of its department that a file no longer has.
    fn missing_rows(&mut self, returned: &Returned, all: &[Form]) {
        let of_rows = returned.rows.iter().map(|row| &row.key).find(|key| key.year == self.year);
        let of_file = returned.key.as_ref().filter(|key| key.year == self.year);
        let plan = &self.request.settings.plan.id;
        let department = of_rows
            .filter(|key| key.plan == *plan)
            .map(|key| &key.department)
            .or(of_file.filter(|key| key.plan == *plan).map(|key| &key.department));
        let Some(form) = all.iter().find(|form| Some(&form.department) == department) else { return };
        let has = |id: &str| returned.rows.iter().any(|row| row.key.id == id);
        let ids: Vec<String> =
            form.rows.iter().filter(|row| !has(&row.id)).map(|row| row.id.clone()).collect();
        if !ids.is_empty() {
            let kind = FindingKind::RowsMissing { department: form.department.clone(), ids };
            self.outcome.findings.push_at(Place::file(&returned.file), kind);
        }
    }

    /// Everything that came back for one indicator.
    fn row(&mut self, id: &str, came: &[&ReturnedRow]) {
        let Some((row, _)) = self.rows.get(id).copied() else { return };
        let state = self.answer(row, came);
        let known = self.states.entry(id.to_owned()).or_insert(state);
        if state == State::Queried {
            *known = state;
        }
        for (at, (year, master)) in row.past.iter().enumerate() {
            self.past_year(row, came, at, *year, master);
        }
    }

    /// The year asked for.
    fn answer(&mut self, row: &'a FormRow, came: &[&ReturnedRow]) -> State {
        let year = self.year;
        let mut said: Vec<Said<'_>> = Vec::new();
        let mut queried = false;
        let mut kept = row.current.is_reported();
        for from in came {
            let base = self.value(&from.key.base);
            match understand(from.input.cell.as_ref(), row.notation.as_ref(), &self.vocabulary) {
                Reading::Value(value) => {
                    if same(&value, &row.current) {
                        self.outcome.unchanged += 1;
                        kept = true;
                    } else if !same(&value, &base) {
                        said.push(Said { from, place: &from.input.place, base, value });
                    }
                }
                Reading::Blank if base.is_reported() && same(&base, &row.current) => {
                    let kind = FindingKind::AnswerErased { year, base: base.printed().to_owned() };
                    self.query(row, from, &from.input.place, kind);
                    queried = true;
                }
                Reading::Blank => {}
                Reading::Doubt(doubt) if is_as_sent(&from.input, &base) => drop(doubt),
                Reading::Doubt(doubt) => {
                    self.query(row, from, &from.input.place, doubted(year, doubt));
                    queried = true;
                }
            }
        }
        let Some(first) = self.agreed(year, &row.current, &said) else {
            return if queried || !said.is_empty() {
                State::Queried
            } else if kept {
                State::Answered
            } else {
                State::Open
            };
        };
        let remark = said.iter().map(|said| said.from.remark.as_str()).find(|remark| !remark.is_empty());
        if remark.is_none() && is_large_change(row.last_year(), &first.value) {
            let last = row.last_year().map(|value| value.printed().to_owned()).unwrap_or_default();
            let kind = FindingKind::LargeChange { year, last, answer: first.value.printed().to_owned() };
            self.query(row, first.from, first.place, kind);
            return State::Queried;
        }
        let kind = if row.current.is_reported() { ChangeKind::Correction } else { ChangeKind::Answer };
        self.change(row, kind, year, &row.current, first, remark.unwrap_or_default());
        if queried { State::Queried } else { State::Answered }
    }

    /// A year before the one asked for: locked in the form, and changed all the same.
    fn past_year(
        &mut self,
        row: &'a FormRow,
        came: &[&ReturnedRow],
        at: usize,
        year: FiscalYear,
        master: &Value,
    ) {
        let mut said: Vec<Said<'_>> = Vec::new();
        for from in came {
            let Some((_, asked)) = from.past.iter().find(|(of, _)| *of == year) else { continue };
            let Some((_, base)) = from.key.past.iter().find(|(of, _)| *of == year) else { continue };
            let base = self.value(base);
            // How this year is written tells better than how the last one is.
            let around = row.past.get(..at).unwrap_or_default().iter().rev().map(|(_, value)| value);
            let notation =
                Notation::of([&base, master].into_iter().chain(around)).or_else(|| row.notation.clone());
            let value = match understand(asked.cell.as_ref(), notation.as_ref(), &self.vocabulary) {
                Reading::Value(value) => value,
                Reading::Blank => Value::NotReported,
                Reading::Doubt(_) if is_as_sent(asked, &base) => continue,
                Reading::Doubt(doubt) => {
                    self.query(row, from, &asked.place, doubted(year, doubt));
                    continue;
                }
            };
            if same(&value, &base) || same(&value, master) {
                continue;
            }
            let refused = !self.request.accept_revisions || !value.is_reported();
            if refused {
                let (base, answer) = (base.printed().to_owned(), value.printed().to_owned());
                self.query(row, from, &asked.place, FindingKind::PastRevised { year, base, answer });
            } else {
                said.push(Said { from, place: &asked.place, base, value });
            }
        }
        if let Some(first) = self.agreed(year, master, &said) {
            self.change(row, ChangeKind::Revision, year, master, first, &first.from.remark);
        }
    }

    /// The one thing all said, if it does not contradict the master.
    fn agreed<'s, 'r>(
        &mut self,
        year: FiscalYear,
        master: &Value,
        said: &'s [Said<'r>],
    ) -> Option<&'s Said<'r>> {
        let (first, others) = said.split_first()?;
        let mut agreed = true;
        for other in others.iter().filter(|other| !same(&other.value, &first.value)) {
            let kind = FindingKind::AnswersDiffer {
                year,
                answer: other.value.printed().to_owned(),
                other_answer: first.value.printed().to_owned(),
                other: first.place.to_string(),
            };
            self.outcome.findings.push_at(other.place.clone(), kind);
            agreed = false;
        }
        for said in said.iter().filter(|said| !same(&said.base, master)) {
            let kind = FindingKind::MasterChanged {
                year,
                base: said.base.printed().to_owned(),
                master: master.printed().to_owned(),
                answer: said.value.printed().to_owned(),
            };
            self.outcome.findings.push_at(said.place.clone(), kind);
            agreed = false;
        }
        agreed.then_some(first)
    }

    fn change(
        &mut self,
        row: &FormRow,
        kind: ChangeKind,
        year: FiscalYear,
        old: &Value,
        said: &Said<'_>,
        remark: &str,
    ) {
        self.outcome.changes.push(Change {
            kind,
            department: said.from.key.department.clone(),
            id: row.id.clone(),
            owner: row.owner.clone(),
            item: row.item.clone(),
            row: row.row,
            year,
            old: old.printed().to_owned(),
            new: said.value.printed().to_owned(),
            remark: remark.to_owned(),
            file: said.place.file.clone(),
        });
    }

    fn query(&mut self, row: &FormRow, from: &ReturnedRow, place: &Place, kind: FindingKind) {
        self.outcome.queries.push(Query {
            department: from.key.department.clone(),
            id: row.id.clone(),
            owner: row.owner.clone(),
            item: row.item.clone(),
            question: kind.to_string(),
            help: kind.help(),
            remark: from.remark.clone(),
            place: place.clone(),
        });
        self.outcome.findings.push_at(place.clone(), kind);
    }

    /// A text the master printed; what it cannot read was refused before.
    fn value(&self, printed: &str) -> Value {
        Value::parse(printed, &self.vocabulary).unwrap_or(Value::NotReported)
    }
}

/// Whether a cell that cannot be understood is only what was sent out.
fn is_as_sent(asked: &Asked, base: &Value) -> bool {
    asked.cell.as_ref().is_some_and(|cell| {
        is_figure_as_sent(cell, base) || (base.is_reported() && cell.shown().trim() == base.printed())
    })
}

fn doubted(year: FiscalYear, doubt: Doubt) -> FindingKind {
    match doubt {
        Doubt::Date(shown) | Doubt::DateNumber(shown) => FindingKind::AnswerIsDate { year, shown },
        Doubt::Error(shown) => FindingKind::AnswerIsError { year, shown },
        Doubt::NotCalculated => FindingKind::AnswerNotCalculated { year },
        Doubt::Logical(value) => FindingKind::AnswerNotUnderstood {
            year,
            text: if value { "TRUE" } else { "FALSE" }.to_owned(),
            why: crate::plan::ValueError::NoNumber,
        },
        Doubt::NotUnderstood(text, why) => FindingKind::AnswerNotUnderstood { year, text, why },
        Doubt::Percent(text) => FindingKind::AmbiguousPercent { year, text },
        Doubt::Unit { text, unit, usual } => FindingKind::AnswerUnitDiffers { year, text, unit, usual },
        Doubt::NoUnit(text) => FindingKind::AnswerWithoutUnit { year, text },
        Doubt::Negative(text) => FindingKind::NegativeAnswer { year, text },
        Doubt::Inexact(text) => FindingKind::InexactAnswer { year, text },
    }
}

/// Whether a figure differs from last year's by more than half of it.
pub fn is_large_change(last_year: Option<&Value>, answer: &Value) -> bool {
    let (Some(last), Some(new)) = (last_year.and_then(Value::quantity), answer.quantity()) else {
        return false;
    };
    let Some(difference) = new.number.checked_sub(last.number) else { return true };
    difference.abs().checked_mul(Decimal::TWO).is_none_or(|twice| twice > last.number.abs())
}
