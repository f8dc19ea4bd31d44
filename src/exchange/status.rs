//! 回答状況 (the status of each department): who has answered, and what to write to whom.
//!
//! ```text
//!               an answer, a word          every row answered
//! 未回答 ───────────────────────► 一部回答 ───────────────────► 回答済
//!    │
//!    ▼ the day after it was due
//! 期限超過
//! ```
//!
//! A department that wrote anything at all has answered in part, and is to be asked, not to be
//! reminded. That the day is past is told of it too, as long as anything is missing.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::form::Form;
use super::letter::letter;
use super::outcome::{Change, DepartmentStatus, Outcome, Status};
use super::returned::Returned;
use super::row::FormRow;
use super::words;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowState {
    /// Nothing came back, or an empty cell.
    Open,
    /// There is a question.
    Queried,
    /// The master has an answer, or gets it now.
    Answered,
}

/// What became of a row, known or as the master has it.
pub(super) fn row_state(row: &FormRow, states: &BTreeMap<String, RowState>) -> RowState {
    let known = states.get(&row.id).copied();
    known.unwrap_or(if row.current.is_reported() { RowState::Answered } else { RowState::Open })
}

/// The status of every department that was asked, in the order of the forms.
pub(super) fn departments(
    forms: &[Form],
    states: &BTreeMap<String, RowState>,
    returns: &[(Returned, Option<NaiveDateTime>)],
    outcome: &Outcome,
    today: NaiveDate,
) -> Vec<DepartmentStatus> {
    forms.iter().map(|form| department(form, states, returns, outcome, today)).collect()
}

fn department(
    form: &Form,
    states: &BTreeMap<String, RowState>,
    returns: &[(Returned, Option<NaiveDateTime>)],
    outcome: &Outcome,
    today: NaiveDate,
) -> DepartmentStatus {
    let state = |row: &FormRow| row_state(row, states);
    let is_asked = |row: &&FormRow| !row.is_reference() || state(row) == RowState::Queried;
    let asked: Vec<&FormRow> = form.rows.iter().filter(is_asked).collect();
    let count = |wanted: RowState| asked.iter().filter(|row| state(row) == wanted).count();
    let (answered, open) = (count(RowState::Answered), count(RowState::Open));
    let own: Vec<&(Returned, Option<NaiveDateTime>)> =
        returns.iter().filter(|(returned, _)| is_of(returned, form)).collect();
    let is_late = outcome.due.is_some_and(|due| today > due);
    let clerk = own.iter().map(|(returned, _)| returned.clerk.as_str()).find(|name| !name.is_empty());
    let queries = outcome.queries.iter().filter(|query| query.department == form.department).count();
    let has_rewritten = own.iter().any(|(returned, _)| has_rewritten(returned));
    let is_of_own = |change: &Change| change.department == form.department;
    let was_left_out = outcome.left_out.iter().any(is_of_own);
    let has_answered = has_rewritten || was_left_out || asked.iter().any(|row| is_answered(row, state(row)));
    let wrote = clerk.is_some()
        || has_rewritten
        || queries > 0
        || outcome.writings.iter().any(|writing| writing.department == form.department)
        || was_left_out
        || outcome.changes.iter().any(is_of_own);
    let status = if answered == asked.len() {
        Status::Answered
    } else if wrote || count(RowState::Queried) > 0 {
        Status::Partly
    } else if is_late {
        Status::Overdue
    } else if has_answered {
        Status::Partly
    } else {
        Status::NotYet
    };
    let mut entry = DepartmentStatus {
        department: form.department.clone(),
        status,
        overdue: is_late && open > 0,
        asked: asked.len(),
        answered,
        open,
        queries,
        files: own.iter().map(|(returned, time)| (returned.file.clone(), *time)).collect(),
        clerk: clerk.unwrap_or_default().to_owned(),
        letter: String::new(),
    };
    entry.letter = letter(&entry, form, outcome, has_answered);
    entry
}

/// Whether a file is an answer to a form.
fn is_of(returned: &Returned, form: &Form) -> bool {
    let asked = (form.department.as_str(), form.year, form.plan.as_str());
    let mut keys = returned.rows.iter().map(|row| &row.key);
    let of_file = returned.key.as_ref();
    keys.any(|key| (key.department.as_str(), key.year, key.plan.as_str()) == asked)
        || of_file.is_some_and(|key| (key.department.as_str(), key.year, key.plan.as_str()) == asked)
}

/// Whether the department has said what stands in a row, as far as that can be known: a
/// budget, a target or a text of last year stands there before anybody is asked.
fn is_answered(row: &FormRow, state: RowState) -> bool {
    state == RowState::Answered && !(row.may_stand_before() && row.current.is_reported())
}

/// Whether a file says something in a declared column that it was not sent out with, be it
/// what the master says by now.
fn has_rewritten(returned: &Returned) -> bool {
    let mut rows = returned.rows.iter().filter(|row| row.key.is_of_field());
    rows.any(|row| words::normal(&row.input.shown()) != words::normal(&row.key.base))
}
