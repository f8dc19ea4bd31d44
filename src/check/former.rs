//! What the master said before: rows that are gone, and figures that have changed.
//!
//! A master only grows: new figures are written beside the old. Where an old one differs
//! from what the newest backup and the newest edition say, or a row is gone, somebody has
//! corrected it on purpose, or sorted, pasted or deleted by mistake. Nobody can tell by the
//! master alone, so the planner is asked, once.

use std::collections::{HashMap, HashSet};

use super::spreadsheet::{Former, changed_form};
use super::{named_cell, values};
use crate::finding::{Finding, Findings, Place, ValueRule, quote};
use crate::master::{Column, Master};
use crate::plan::{FiscalYear, Plan, Row, Value};

/// One finding for everything that differs from all of `former`.
pub(super) fn changes(master: &Master, former: &[Former]) -> Findings {
    let mut found: Vec<(Option<(Row, Column)>, String)> = Vec::new();
    let now: HashSet<&str> = ids(&master.plan).into_iter().collect();
    let mut gone: HashSet<&str> = HashSet::new();
    let mut years: HashSet<FiscalYear> = HashSet::new();
    let mut known: HashMap<(&str, Column), Vec<&Value>> = HashMap::new();
    for former in former {
        for id in ids(&former.plan) {
            // An ID that has lost its noughts is there: a spreadsheet's doing.
            let is_there = now.contains(id) || now.contains(id.trim_start_matches('0'));
            if !id.is_empty() && !is_there && gone.insert(id) {
                found.push((None, format!("ID「{}」の行がない", quote(id))));
            }
        }
        for (at, &year) in former.plan.years.iter().enumerate() {
            let reported = || former.plan.indicators().iter().any(|(_, one)| is_said(one.actuals.get(at)));
            if !master.plan.years.contains(&year) && reported() && years.insert(year) {
                found.push((None, format!("{}の列がない", year.long())));
            }
        }
        for (_, indicator) in former.plan.indicators() {
            for (column, value) in values(&former.plan, indicator) {
                known.entry((indicator.id.as_str(), column)).or_default().push(value);
            }
        }
    }
    for (_, indicator) in master.plan.indicators() {
        for (column, now) in values(&master.plan, indicator) {
            let then = known.get(&(indicator.id.as_str(), column)).map(Vec::as_slice).unwrap_or_default();
            let Some(was) = then.iter().find(|then| is_said(Some(then))) else { continue };
            let unchanged = then.iter().any(|then| then.printed() == now.printed());
            // An older edition may not have it yet: what is empty now has been erased.
            let erased = !now.is_reported();
            if (!erased && (unchanged || then.iter().any(|then| changed_form(now, then))))
                || is_written_so(now, was)
            {
                continue;
            }
            let cell = named_cell(master, indicator, column, if erased { "（空欄）" } else { now.printed() });
            found
                .push((Some((indicator.row, column)), format!("{cell}（前は「{}」）", quote(was.printed()))));
        }
    }
    let Some((first, _)) = found.iter().find(|(place, _)| place.is_some()).or(found.first()) else {
        return Findings::new();
    };
    let place = match first {
        Some((row, column)) => master.source.place(*row, *column),
        None => Place::file(master.source.file_name()),
    };
    let kind = ValueRule::ChangedSinceFormer {
        changes: found.into_iter().map(|(_, change)| change).collect(),
        sources: former.iter().map(|former| format!("「{}」", former.name)).collect(),
    };
    Finding::at(place, kind).into()
}

/// Whether a cell said something that was meant to stay: a word such as 調査中 was not.
fn is_said(value: Option<&Value>) -> bool {
    value.is_some_and(|value| !matches!(value, Value::NotReported | Value::Word(_)))
}

/// The same in another width, or another dash.
fn is_written_so(now: &Value, was: &Value) -> bool {
    match (now, was) {
        (Value::NotApplicable(_), Value::NotApplicable(_)) => true,
        (Value::Quantity(now), Value::Quantity(was)) => {
            now.number == was.number
                && now.number.scale() == was.number.scale()
                && now.unit == was.unit
                && now.prefix == was.prefix
        }
        (now, was) => crate::plan::reading::key(now.printed()) == crate::plan::reading::key(was.printed()),
    }
}

/// The IDs of all rows, in printed order; reprints have none.
fn ids(plan: &Plan) -> Vec<&str> {
    let mut ids: Vec<&str> = Vec::new();
    for goal in &plan.goals {
        ids.push(&goal.id);
        ids.extend(goal.indicators.iter().map(|one| one.id.as_str()));
        for field in &goal.fields {
            ids.push(&field.id);
            for measure in &field.measures {
                ids.push(&measure.id);
                ids.extend(measure.indicators.iter().map(|one| one.id.as_str()));
                for project in measure.projects() {
                    ids.push(&project.id);
                    ids.extend(project.indicators.iter().map(|one| one.id.as_str()));
                }
            }
        }
    }
    ids
}
