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
//! A department that wrote anything at all is not late: it is to be asked, not to be
//! reminded.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::form::Form;
use super::outcome::{DepartmentStatus, Outcome, Status};
use super::returned::Returned;
use super::row::FormRow;
use super::words;
use crate::finding::quote;
use crate::plan::date_with_weekday;

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
    let late = outcome.due.is_some_and(|due| today > due);
    let clerk = own.iter().map(|(returned, _)| returned.clerk.as_str()).find(|name| !name.is_empty());
    let queries = outcome.queries.iter().filter(|query| query.department == form.department).count();
    let has_rewritten = own.iter().any(|(returned, _)| has_rewritten(returned));
    let has_answered = has_rewritten || asked.iter().any(|row| is_answered(row, state(row)));
    let wrote = clerk.is_some()
        || has_rewritten
        || queries > 0
        || outcome.writings.iter().any(|writing| writing.department == form.department)
        || outcome.changes.iter().any(|change| change.department == form.department);
    let status = if answered == asked.len() {
        Status::Answered
    } else if wrote || count(RowState::Queried) > 0 {
        Status::Partly
    } else if late {
        Status::Overdue
    } else if has_answered {
        Status::Partly
    } else {
        Status::NotYet
    };
    let mut entry = DepartmentStatus {
        department: form.department.clone(),
        status,
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

/// A letter names so many changes and questions; of more, the number.
const MOST_LISTED: usize = 60;

/// What to send: ready to paste into a mail.
fn letter(entry: &DepartmentStatus, form: &Form, outcome: &Outcome, has_answered: bool) -> String {
    let year = form.year.long();
    let to = if entry.clerk.is_empty() {
        format!("{}　ご担当者様", entry.department)
    } else {
        format!("{}　{}様", entry.department, entry.clerk)
    };
    let about = format!("「{}」の{year}実績の照会", form.plan_name);
    let mut text = format!("{to}\n\n{}です。\n", form.office);
    let until =
        outcome.due.map(|due| format!("（回答期限　{}）", date_with_weekday(due))).unwrap_or_default();
    if entry.files.is_empty() && entry.status != Status::Answered {
        text.push_str(&format!("{about}{until}について、まだ回答をいただいていません。\n"));
        let late = entry.status == Status::Overdue;
        text.push_str(if late { "期限を過ぎていますので、至急" } else { "期限までに" });
        text.push_str("記入票に記入のうえ、返送をお願いします。\n");
        return text;
    }
    let wrote = outcome.writings.iter().any(|writing| writing.department == entry.department);
    if !has_answered && entry.queries == 0 && !wrote {
        text.push_str(&format!("{about}の記入票をお返しいただきましたが、記入がありませんでした。\n"));
    } else {
        text.push_str(&format!("{about}に回答をいただき、ありがとうございました。\n"));
    }
    let changes: Vec<_> =
        outcome.changes.iter().filter(|change| change.department == entry.department).collect();
    if !changes.is_empty() {
        text.push_str("\n次のとおり取り込みました。\n");
        let more = changes.len().saturating_sub(MOST_LISTED);
        for change in changes.into_iter().take(MOST_LISTED) {
            // A text is told by its beginning.
            let new = if change.field.is_some() { quote(&change.new) } else { change.new.clone() };
            text.push_str(&format!("・{}　{}　{}：{new}\n", change.id, change.item, change.year));
        }
        if more > 0 {
            text.push_str(&format!("・ほか{more}件\n"));
        }
    }
    let queries: Vec<_> =
        outcome.queries.iter().filter(|query| query.department == entry.department).collect();
    if !queries.is_empty() {
        text.push_str("\n次の点を確かめて、お知らせください。\n");
        let more = queries.len().saturating_sub(MOST_LISTED);
        for query in queries.into_iter().take(MOST_LISTED) {
            let about = [query.id.as_str(), &query.item, &query.question];
            let about: Vec<&str> = about.into_iter().filter(|part| !part.is_empty()).collect();
            text.push_str(&format!("・{}\n", about.join("　")));
        }
        if more > 0 {
            text.push_str(&format!("・ほか{more}件（照会結果の「確認事項」にあります）\n"));
        }
    }
    if entry.open > 0 {
        text.push_str(&format!(
            "\nまだ記入のない項目が{}件あります。記入のうえ、返送をお願いします。\n",
            entry.open
        ));
    }
    text
}
