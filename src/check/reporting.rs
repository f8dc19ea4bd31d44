//! 「実績」, the 「決算」 of 事業費 too: who has not answered yet, for the year that most have answered.
//!
//! Only the latest such year is looked at: a project that began later has empty
//! years before, and nobody is to be asked about those again each year. Bodies
//! outside the city hall are left out; no workbook is sent to them.

use super::cells::is_reported;
use crate::finding::{Finding, Findings, Place, ValueRule};
use crate::master::{Column, Master};
use crate::plan::reading::stripped;
use crate::plan::{FiscalYear, Row};
use crate::settings::Settings;

pub(super) fn check(master: &Master, settings: &Settings) -> Findings {
    let all = master.plan.indicators();
    let years = master.plan.years.iter().enumerate();
    let mostly_reported = years.rev().find(|(at, _)| {
        let reported = all.iter().filter(|(_, indicator)| is_reported(indicator, *at)).count();
        reported * 2 > all.len()
    });
    let Some((_, &year)) = mostly_reported else { return Findings::new() };

    // One finding a department, in the order in which the office lists them.
    let office = &settings.plan.office;
    let indicators = all.iter().map(|(owner, one)| (one.row, &one.id, owner.answerer(one, office)));
    let costs = master.plan.projects().flat_map(|project| {
        let department = project.answerer(office);
        project.costs.iter().map(move |cost| (cost.row, &cost.id, department))
    });
    let mut rows: Vec<(Row, &String, &str)> = indicators.chain(costs).collect();
    rows.sort_by_key(|(row, ..)| *row);
    let mut open: Vec<(&str, Row, Vec<String>)> = Vec::new();
    for (row, id, department) in rows {
        let department = if department.is_empty() { "担当課なし" } else { department };
        // What cannot be read has been named as that: the cell is not empty.
        let is_empty = stripped(master.source.cell(row, Column::Actual(year))).is_empty();
        if !is_empty || settings.departments.outside.iter().any(|name| name == department) {
            continue;
        }
        match open.iter_mut().find(|(name, ..)| *name == department) {
            Some((_, _, ids)) => ids.push(id.clone()),
            None => open.push((department, row, vec![id.clone()])),
        }
    }
    let order = &settings.departments.order;
    open.sort_by_key(|(name, ..)| order.iter().position(|known| known == name).unwrap_or(order.len()));
    open.into_iter()
        .map(|(department, row, ids)| {
            let kind = ValueRule::ActualNotReported { year, department: department.to_owned(), ids };
            Finding::at(master.source.place(row, Column::Actual(year)), kind)
        })
        .collect()
}

/// What is wrong with making the edition of a year: none of it has been reported.
pub fn edition(master: &Master, year: FiscalYear) -> Findings {
    let mut findings = Findings::new();
    let at = master.plan.years.iter().position(|known| *known == year);
    let all = master.plan.indicators();
    let is_begun = |at| all.iter().any(|(_, indicator)| is_reported(indicator, at));
    if !at.is_some_and(is_begun) {
        findings.push_at(Place::file(master.source.file_name()), ValueRule::NothingReported { year });
    }
    findings
}
