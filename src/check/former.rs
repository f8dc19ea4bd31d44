//! What the master said before: rows that are gone, and figures that have changed.
//!
//! A master only grows: new figures are written beside the old. Where an old one differs
//! from what the newest backup and the newest edition say, or a row is gone, somebody has
//! corrected it on purpose, or sorted, pasted or deleted by mistake. Nobody can tell by the
//! master alone, so the planner is asked, once.

use std::collections::{HashMap, HashSet};

use rust_decimal::{Decimal, RoundingStrategy};

use super::cells::{FigureRow, declared, figure_rows, named_cell};
use crate::finding::{Finding, Findings, Place, ValueRule, quote};
use crate::master::{Column, Master};
use crate::plan::{FiscalYear, Plan, Row, Value};

/// What the master was once.
#[derive(Debug)]
pub struct Former {
    /// As the planner finds it: `backup/master_20240610-101500.csv`.
    pub name: String,
    /// What it said.
    pub plan: Plan,
}

/// One finding for everything that differs from all of `former`.
pub(super) fn check(master: &Master, former: &[Former]) -> Findings {
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
        let rows = figure_rows(&former.plan);
        for (at, &year) in former.plan.years.iter().enumerate() {
            let says = |row: &FigureRow<'_>| is_said(row.of_year(at));
            let reported = || rows.iter().any(says);
            if !master.plan.years.contains(&year) && reported() && years.insert(year) {
                found.push((None, format!("{}の列がない", year.long())));
            }
        }
        for row in rows {
            for (column, value) in row.values(&former.plan) {
                known.entry((row.id, column)).or_default().push(value);
            }
        }
    }
    for row in figure_rows(&master.plan) {
        for (column, now) in row.values(&master.plan) {
            let then = known.get(&(row.id, column)).map(Vec::as_slice).unwrap_or_default();
            let Some(was) = then.iter().find(|then| is_said(Some(then))) else { continue };
            let unchanged = then.iter().any(|then| then.printed() == now.printed());
            // An older edition may not have it yet: what is empty now has been erased.
            let erased = !now.is_reported();
            if (!erased && (unchanged || then.iter().any(|then| changed_form(now, then))))
                || is_written_so(now, was)
            {
                continue;
            }
            let cell = named_cell(master, row.row, column, if erased { "（空欄）" } else { now.printed() });
            found.push((Some((row.row, column)), format!("{cell}（前は「{}」）", quote(was.printed()))));
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

/// Whether a spreadsheet makes the one of the other.
pub(super) fn changed_form(now: &Value, then: &Value) -> bool {
    let (Some(now), Some(then)) = (now.quantity(), then.quantity()) else { return false };
    let lost_unit = now.unit.is_empty() && !then.unit.is_empty();
    let same_unit = now.unit == then.unit && now.prefix == then.prefix;
    if now.number == then.number {
        let other_decimals = now.number.scale() != then.number.scale();
        let other_commas = now.grouped != then.grouped && now.number.abs() >= Decimal::ONE_THOUSAND;
        return lost_unit || (same_unit && (other_decimals || other_commas));
    }
    let of_hundred = now.number.checked_mul(Decimal::ONE_HUNDRED);
    let lost_percent = lost_unit && then.is_percent() && of_hundred == Some(then.number);
    let rounded =
        then.number.round_dp_with_strategy(now.number.scale(), RoundingStrategy::MidpointAwayFromZero);
    lost_percent || (same_unit && now.number.scale() < then.number.scale() && rounded == now.number)
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
    let figures = figure_rows(plan).into_iter().map(|row| (row.row, row.id));
    let mut rows: Vec<(Row, &str)> = declared(plan).into_iter().map(|(row, id, _)| (row, id)).collect();
    rows.extend(figures);
    rows.sort_unstable();
    rows.dedup();
    rows.into_iter().map(|(_, id)| id).collect()
}
