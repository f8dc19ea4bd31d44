//! Units: all figures of a row have the same, but for 千, 万 and 億.

use crate::finding::{FindingKind, Findings};
use crate::master::{Column, Master};
use crate::plan::target::in_base_unit;

pub(super) fn check(master: &Master) -> Findings {
    let mut findings = Findings::new();
    for (_, indicator) in master.plan.indicators() {
        let years = master.plan.years.iter().map(|year| Column::Actual(*year)).zip(&indicator.actuals);
        let values = std::iter::once((Column::Baseline, &indicator.baseline)).chain(years);
        // With the unit apart from 万 and 億, and as printed.
        let units: Vec<(Column, &str, &str)> = values
            .filter_map(|(column, value)| Some((column, value.quantity()?)))
            .map(|(column, quantity)| (column, in_base_unit(quantity).1, quantity.unit.as_str()))
            .collect();
        let count = |unit: &str| units.iter().filter(|(_, other, _)| *other == unit).count();
        // Of equals the later counts: the baseline is the one that was typed by hand.
        let Some((_, usual, printed)) = units.iter().max_by_key(|(_, unit, _)| count(unit)) else {
            continue;
        };
        for (column, _, unit) in units.iter().filter(|(_, unit, _)| unit != usual) {
            let kind = FindingKind::UnitDiffers { unit: (*unit).to_owned(), usual: (*printed).to_owned() };
            findings.push_at(master.source.place(indicator.row, *column), kind);
        }
    }
    findings
}
