//! 「事業費」: totals that are not what their parts come to, and figures that cannot be
//! added because they count other things.

use crate::finding::{Findings, ValueRule};
use crate::master::{Column, Master};
use crate::plan::{Cost, Project, Row, Value};

pub(super) fn check(master: &Master) -> Findings {
    let mut findings = Findings::new();
    for project in master.plan.projects() {
        let is_parted = |cost: &Cost| {
            let budget = cost.budget.as_ref().map(|budget| budget.row);
            [Some(cost.row), budget].into_iter().flatten().any(|row| master.is_parted(row))
        };
        if project.costs.iter().any(is_parted) {
            continue; // that was reported
        }
        let totals: Vec<&Cost> = project.costs.iter().filter(|cost| cost.is_total()).collect();
        match totals[..] {
            [] => {}
            [total] => check_total(master, project, total, &mut findings),
            [.., last] => {
                let names = totals.iter().map(|cost| cost.name.clone()).collect();
                findings
                    .push_at(master.source.place(last.row, Column::Name), ValueRule::SeveralTotals { names });
            }
        }
        for cost in project.costs.iter().filter(|cost| cost.may_be_total()) {
            let place = master.source.place(cost.row, Column::Name);
            findings.push_at(place, ValueRule::TotalByAnotherName { name: cost.name.clone() });
        }
        units(master, project, &mut findings);
    }
    findings
}

/// Every year in which a total and all its parts are figures of one unit.
fn check_total(master: &Master, project: &Project, total: &Cost, findings: &mut Findings) {
    let budget = total.budget.as_ref().map(|budget| budget.row);
    let rows: [(Option<Row>, bool, &str); 2] = [(Some(total.row), false, "決算"), (budget, true, "予算")];
    for (row, is_budget, what) in rows {
        let Some(row) = row else { continue };
        for (at, &year) in master.plan.years.iter().enumerate() {
            let (Some(given), Some(sum)) = (total.of_year(at, is_budget), project.total(at, is_budget))
            else {
                continue;
            };
            let differs = match given {
                Value::Quantity(given) => {
                    given.unit == sum.unit && given.prefix.is_empty() && given.number != sum.number
                }
                // There is something to report, its parts say.
                Value::NotApplicable(_) => true,
                Value::NotReported | Value::Word(_) | Value::Text(_) => false,
            };
            if !differs {
                continue;
            }
            let kind = ValueRule::TotalDiffers {
                name: total.name.clone(),
                year,
                what,
                given: given.printed().to_owned(),
                sum: sum.printed,
            };
            findings.push_at(master.source.place(row, Column::Actual(year)), kind);
        }
    }
}

/// Money that is counted in another unit (円, 千円) than in the first 事業費 of its project.
fn units(master: &Master, project: &Project, findings: &mut Findings) {
    let money = |cost: &Cost| {
        let figure = cost.actuals.iter().find_map(|value| value.quantity())?;
        figure.unit.ends_with('円').then(|| figure.unit.clone())
    };
    let mut all = project.costs.iter().filter_map(|cost| Some((cost, money(cost)?)));
    let Some((first, usual)) = all.next() else { return };
    for (cost, unit) in all.filter(|(_, unit)| *unit != usual) {
        let kind = ValueRule::CostUnitDiffers { unit, name: first.name.clone(), usual: usual.clone() };
        findings.push_at(master.source.place(cost.row, Column::Name), kind);
    }
}
