//! 行の照合: whether a returned row speaks of the indicator that its key names.
//!
//! A key is hidden, and what a clerk sorts, pastes or copies is what can be seen. So the
//! name in the row, the name in the key and the name in the master are compared, and the
//! figures of past years that stand in the row with those it was sent out with. A row
//! that contradicts its key gives nothing: whose answer it is has to be asked.

use super::form::Form;
use super::label::Label;
use super::notation::same;
use super::returned::ReturnedRow;
use super::row::FormRow;
use crate::finding::ExchangeRule;
use crate::plan::reading::compact;
use crate::plan::{FiscalYear, Value};

/// What contradicts the key of a row; `None` where all agrees. `of` is the row of the
/// master, `form` the form of the department that answers, `past` what stands in the
/// returned row for the years before, as far as it is figures.
pub(super) fn contradiction(
    row: &ReturnedRow,
    of: &FormRow,
    form: &Form,
    past: &[(FiscalYear, Value)],
) -> Option<ExchangeRule> {
    let answer = row.input.shown();
    let differs = |label: Label, expected: &str, shown: &str| ExchangeRule::RowContradictsKey {
        heading: label.heading(),
        shown: shown.to_owned(),
        expected: expected.to_owned(),
        perhaps: named_by(row, form),
        answer: answer.clone(),
    };
    let item = row.label(Label::Item).unwrap_or_default();
    if compact(item) != compact(&row.key.item) {
        return Some(differs(Label::Item, &row.key.item, item));
    }
    let sent_owner = row.key.label(Label::Owner).unwrap_or(&of.owner);
    if let Some(owner) = row.label(Label::Owner)
        && compact(owner) != compact(sent_owner)
    {
        return Some(differs(Label::Owner, sent_owner, owner));
    }
    for (sent, now) in [(row.key.item.as_str(), of.item.as_str()), (sent_owner, of.owner.as_str())] {
        if compact(sent) != compact(now) {
            let (sent, now) = (sent.to_owned(), now.to_owned());
            return Some(ExchangeRule::RowRenamed { sent, now, answer });
        }
    }
    past_of_another(row, of, form, past).map(|other| ExchangeRule::PastOfOtherRow { other, answer })
}

/// The one other row of the department that bears the name a row shows.
fn named_by(row: &ReturnedRow, form: &Form) -> Option<String> {
    let item = compact(row.label(Label::Item)?);
    let owner = row.label(Label::Owner).map(compact);
    let is_named = |other: &&FormRow| {
        other.id != row.key.id
            && compact(&other.item) == item
            && owner.as_ref().is_none_or(|owner| compact(&other.owner) == *owner)
    };
    only(form.rows.iter().filter(is_named)).map(name)
}

/// The one other row whose past figures stand in this row, where they are not its own.
fn past_of_another(
    row: &ReturnedRow,
    of: &FormRow,
    form: &Form,
    past: &[(FiscalYear, Value)],
) -> Option<String> {
    let agrees = |with: &FormRow| {
        past.iter().all(|(year, value)| with.past.iter().any(|(of, known)| of == year && same(known, value)))
    };
    if past.is_empty() || agrees(of) {
        return None;
    }
    let others = form.rows.iter().filter(|other| other.id != row.key.id && agrees(other));
    only(others).map(name)
}

fn name(row: &FormRow) -> String {
    if row.owner.is_empty() { row.item.clone() } else { format!("{}　{}", row.owner, row.item) }
}

fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}
