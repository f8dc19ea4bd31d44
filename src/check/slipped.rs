//! Figures that have slipped into the next year: a cell was inserted, and the rest of the
//! row moved to the right.
//!
//! Two things tell it: a hole where every other row of the same 施策 or 事業 has a figure,
//! and a figure in a year that nearly nobody has reported. Such a year would also become
//! the edition that is built when none is asked for, so the planner is told that too.
//! A hole alone, where no sibling fills it, is a project that began later.

use std::collections::HashMap;

use super::cells::is_reported;
use crate::finding::{Findings, ValueRule};
use crate::master::{Column, Master};
use crate::plan::{Indicator, Owner, Plan, Row, Value};

/// A year is lonely where no more than one row in so many has a figure.
const FEW: usize = 20;

pub(super) fn check(master: &Master) -> Findings {
    let mut all = master.plan.indicators();
    all.retain(|(_, indicator)| !master.is_parted(indicator.row));
    let years = Years::of(&master.plan, &all);
    let mut findings = lonely_years(master, &all, &years);
    findings.append(holes(master, &all, &years));
    findings
}

/// What is usual in each year.
struct Years {
    /// How many rows have a figure, and how many say anything at all.
    counts: Vec<usize>,
    reporting: usize,
    /// Whether most of those have one.
    usual: Vec<bool>,
    /// Whether nearly none has, though most had in an earlier year.
    lonely: Vec<bool>,
}

impl Years {
    fn of(plan: &Plan, all: &[(Owner<'_>, &Indicator)]) -> Self {
        let reporting = all.iter().filter(|(_, indicator)| indicator.actuals.iter().any(Value::is_reported));
        let reporting = reporting.count();
        let count = |at: usize| all.iter().filter(|(_, indicator)| is_reported(indicator, at)).count();
        let counts: Vec<usize> = (0..plan.years.len()).map(count).collect();
        let usual: Vec<bool> = counts.iter().map(|count| count * 2 > reporting).collect();
        let is_lonely = |(at, count): (usize, &usize)| {
            *count > 0 && count * FEW <= reporting && usual.iter().take(at).any(|usual| *usual)
        };
        let lonely = counts.iter().enumerate().map(is_lonely).collect();
        Self { counts, reporting, usual, lonely }
    }
}

/// Years that nearly nobody has reported.
fn lonely_years(master: &Master, all: &[(Owner<'_>, &Indicator)], years: &Years) -> Findings {
    let mut findings = Findings::new();
    for (at, &year) in master.plan.years.iter().enumerate().filter(|(at, _)| years.lonely[*at]) {
        let Some((_, first)) = all.iter().find(|(_, indicator)| is_reported(indicator, at)) else { continue };
        let is_latest = years.counts.iter().skip(at + 1).all(|count| *count == 0);
        let (count, of) = (years.counts[at], years.reporting);
        let kind = ValueRule::LonelyYear { year, count, of, is_latest };
        findings.push_at(master.source.place(first.row, Column::Actual(year)), kind);
    }
    findings
}

/// Rows with a hole before a figure, where others have none.
fn holes(master: &Master, all: &[(Owner<'_>, &Indicator)], years: &Years) -> Findings {
    let plan = &master.plan;
    let mut findings = Findings::new();
    // How many rows of a parent have something in each column.
    let mut siblings: HashMap<Row, (usize, HashMap<Column, usize>)> = HashMap::new();
    for (owner, indicator) in all {
        let (rows, filled) = siblings.entry(parent(owner)).or_default();
        *rows += 1;
        for (column, value) in values(plan, indicator) {
            *filled.entry(column).or_default() += usize::from(value.is_reported());
        }
    }
    for (owner, indicator) in all {
        let has_baseline = !matches!(owner, Owner::Project(..)) && master.source.has(Column::Baseline);
        let cells: Vec<(Column, &Value)> =
            values(plan, indicator).into_iter().skip(usize::from(!has_baseline)).collect();
        let Some(hole) = cells.iter().position(|(_, value)| !value.is_reported()) else { continue };
        let Some((_, next)) = cells.iter().skip(hole).find(|(_, value)| value.is_reported()) else {
            continue;
        };
        let column = cells[hole].0;
        let (rows, filled) = siblings.get(&parent(owner)).map(|(rows, filled)| (*rows, filled)).unzip();
        let others_have = rows.is_some_and(|rows| {
            rows > 1 && filled.and_then(|filled| filled.get(&column)).is_some_and(|filled| filled + 1 == rows)
        });
        let is_first = hole == 0;
        let is_usual = match column {
            Column::Actual(year) => {
                plan.years.iter().position(|known| *known == year).is_some_and(|at| years.usual[at])
            }
            _ => true,
        };
        let in_lonely_year = (0..years.lonely.len()).any(|at| years.lonely[at] && is_reported(indicator, at));
        if (is_first && others_have) || (is_usual && in_lonely_year) {
            let kind = ValueRule::HoleBeforeFigure {
                heading: master.source.heading(column),
                text: next.printed().to_owned(),
            };
            findings.push_at(master.source.place(indicator.row, column), kind);
        }
    }
    findings
}

/// Baseline and years of a row, in order.
fn values<'a>(plan: &Plan, indicator: &'a Indicator) -> Vec<(Column, &'a Value)> {
    let years = plan.years.iter().map(|year| Column::Actual(*year)).zip(&indicator.actuals);
    std::iter::once((Column::Baseline, &indicator.baseline)).chain(years).collect()
}

/// The row under which an indicator stands.
fn parent(owner: &Owner<'_>) -> Row {
    match owner {
        Owner::Goal(goal) => goal.row,
        Owner::Measure(.., measure) => measure.row,
        Owner::Project(.., project) => project.row,
    }
}
