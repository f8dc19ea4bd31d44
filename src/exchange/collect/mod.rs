//! 集計 (collecting): returned forms against the master.
//!
//! For one cell of the master, be it the figure of a year or what is said in a declared
//! column, three texts are compared: what the master said when the form went out (the
//! base), what it says now, and what came back.
//!
//! ```text
//! came back = master now ......................... unchanged
//! came back = base ............................... untouched: the clerk said nothing
//! came back ≠ base, master now = base ............ an answer (or a revision)
//! came back ≠ base, master now ≠ base, all differ. a conflict
//! ```
//!
//! Before anything is compared, a row has to agree with its key ([`identity`](super::identity)). What has
//! to be asked about is a query: it is not taken over, and all that is sure is. A row or
//! a file that cannot be used stops no other. Whatever else a department wrote is quoted
//! ([`Outcome::writings`]): 「備考」 of the master is the office's own.

mod answers;
mod beside;
mod collector;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;

use super::form::forms;
use super::outcome::{Outcome, Request};
use super::returned::Returned;
use super::row::FormRow;
use super::status::{self, RowState};
use crate::finding::{ExchangeRule, Place};
use crate::plan::FiscalYear;
use collector::{Candidate, Collector};

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
    let mut candidates: BTreeMap<&str, Vec<Candidate<'_>>> = BTreeMap::new();
    for (returned, _) in returns {
        let mut doubts = collector.written(returned);
        for (at, row) in collector.belonging(returned) {
            let doubts = doubts.remove(&at).unwrap_or_default();
            candidates.entry(row.key.id.as_str()).or_default().push(Candidate { row, doubts });
        }
        collector.missing_rows(returned);
    }
    // In the order of the plan, so that the report reads like the document.
    let mut rows: Vec<&FormRow> = collector.rows.values().map(|(row, _)| *row).collect();
    rows.sort_by_key(|row| (row.row, row.field.as_ref().map(|field| field.at)));
    for row in rows {
        if let Some(candidates) = candidates.get(row.id.as_str()) {
            collector.row(&row.id, candidates);
        }
    }
    collector.leave_out();
    let Collector { mut outcome, states, .. } = collector;
    outcome.departments = status::departments(&all, &states, returns, &outcome, request.today);
    let rows = all.iter().flat_map(|form| &form.rows);
    let waits = rows.filter(|row| status::row_state(row, &states) != RowState::Answered);
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
