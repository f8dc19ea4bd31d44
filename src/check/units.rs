//! Units: all figures of a row have the same, but for 千, 万 and 億; and where these
//! differ, the numbers differ as much.

use rust_decimal::Decimal;

use super::cells::rows;
use crate::finding::{Findings, ValueRule};
use crate::master::{Column, Master};
use crate::plan::target::{Aim, Target, in_base_unit};
use crate::plan::{Quantity, Row, RowKind, Value, YearFigures, reading};

pub(super) fn check(master: &Master) -> Findings {
    let mut findings = Findings::new();
    for (row, figures) in rows(master) {
        let target = unit_of_target(row.target);
        different_units(master, row.row, &figures, target.as_deref(), &mut findings);
        if let Some((text, usual, column)) = other_scale(&figures) {
            let kind = ValueRule::ScaleDiffers { text, usual };
            findings.push_at(master.source.place(row.row, column), kind);
        }
        // A row in which some figures have a unit is asked about as that.
        let bare = figures.iter().all(|(_, figure)| figure.unit.is_empty());
        if let (Some((column, _)), Some(unit), true) = (figures.first(), target, bare)
            && !unit.is_empty()
        {
            let kind = ValueRule::UnitOfTargetMissing { unit };
            findings.push_at(master.source.place(row.row, *column), kind);
        }
    }
    for (_, indicator) in master.plan.indicators() {
        if let Some(targets) = &indicator.targets {
            let target = unit_of_target(&indicator.target);
            let above = std::iter::once(&indicator.baseline).chain(&indicator.actuals);
            further(master, (RowKind::YearTarget, targets), above, target, &mut findings);
        }
    }
    for cost in master.plan.projects().flat_map(|project| &project.costs) {
        if let Some(budget) = &cost.budget {
            further(master, (RowKind::Budget, budget), cost.actuals.iter(), None, &mut findings);
        }
    }
    findings
}

/// The first figure of a 目標値 or 予算 that has none of the units of the row above it; where
/// that has no figure yet, not the unit of its target.
fn further<'a>(
    master: &Master,
    (kind, below): (RowKind, &YearFigures),
    above: impl Iterator<Item = &'a Value>,
    target: Option<String>,
    findings: &mut Findings,
) {
    let figures = above.filter_map(Value::quantity);
    let mut known: Vec<&str> = figures.map(|figure| figure.unit.as_str()).collect();
    if known.is_empty() {
        known.extend(target.as_deref());
    }
    let Some(usual) = known.first() else { return };
    let mut cells = master.plan.years.iter().zip(&below.figures);
    let odd = cells.find_map(|(year, value)| {
        let unit = &value.quantity()?.unit;
        (!known.contains(&unit.as_str())).then(|| (*year, unit.clone()))
    });
    if let Some((year, unit)) = odd {
        let kind = ValueRule::FurtherUnitDiffers { kind, unit, usual: (*usual).to_owned() };
        findings.push_at(master.source.place(below.row, Column::Actual(year)), kind);
    }
}

fn different_units(
    master: &Master,
    row: Row,
    figures: &[(Column, &Quantity)],
    target: Option<&str>,
    findings: &mut Findings,
) {
    // With the unit apart from 万 and 億, and as printed.
    let units: Vec<(Column, &str, &str)> = figures
        .iter()
        .map(|(column, quantity)| (*column, in_base_unit(quantity).1, quantity.unit.as_str()))
        .collect();
    let count = |unit: &str| units.iter().filter(|(_, other, _)| *other == unit).count();
    // Of equals the target's counts, then that of the earlier year: the last figure was
    // typed last, and the baseline by hand.
    let weight = |(at, (column, unit, _)): &(usize, &(Column, &str, &str))| {
        let of_target = target.is_some_and(|target| without_scale(target) == *unit);
        (count(unit), of_target, *column != Column::Baseline, std::cmp::Reverse(*at))
    };
    let Some((_, (_, usual, printed))) = units.iter().enumerate().max_by_key(weight) else { return };
    for (column, _, unit) in units.iter().filter(|(_, unit, _)| unit != usual) {
        let kind = ValueRule::UnitDiffers { unit: (*unit).to_owned(), usual: (*printed).to_owned() };
        findings.push_at(master.source.place(row, *column), kind);
    }
}

/// 億, 万, 千 and their like at the start of a unit.
fn scale(unit: &str) -> &str {
    let rest = unit.trim_start_matches(['百', '千', '十', '万', '億', '兆']);
    unit.get(..unit.len() - rest.len()).unwrap_or_default()
}

fn without_scale(unit: &str) -> &str {
    unit.get(scale(unit).len()..).unwrap_or_default()
}

/// A figure in another scale than the row's others whose number does not make up for it:
/// `150.25円` behind `146.00億円`. With what it is compared, and where it is.
fn other_scale(figures: &[(Column, &Quantity)]) -> Option<(String, String, Column)> {
    let first = figures.first()?;
    if figures.iter().all(|(_, figure)| scale(&figure.unit) == scale(&first.1.unit)) {
        return None;
    }
    let count = |unit: &str| figures.iter().filter(|(_, figure)| scale(&figure.unit) == scale(unit)).count();
    // Of equals the one with a scale counts: a lost word is more likely than one too many.
    let weight = |(_, figure): &&(Column, &Quantity)| (count(&figure.unit), !scale(&figure.unit).is_empty());
    let (_, usual) = figures.iter().max_by_key(weight)?;
    let (base, unit) = in_base_unit(usual);
    let alike = || {
        let all = figures.iter().map(|(_, figure)| *figure);
        all.filter(|figure| scale(&figure.unit) == scale(&usual.unit))
    };
    figures.iter().find_map(|(column, figure)| {
        let (value, own) = in_base_unit(figure);
        let differs = own == unit && scale(&figure.unit) != scale(&usual.unit);
        let fits =
            value.is_zero() || base.is_zero() || alike().any(|other| is_near(value, in_base_unit(other).0));
        // 1億3,000円 beside 1億2,345万円: the 億 hides that the rest has lost its 万.
        let skips = figure.compound && alike().any(|other| other.compound);
        (differs && (!fits || skips)).then(|| (figure.printed.clone(), usual.printed.clone(), *column))
    })
}

/// Whether one is not twenty times the other.
fn is_near(one: Decimal, other: Decimal) -> bool {
    const MOST: Decimal = Decimal::from_parts(20, 0, 0, false, 0);
    let (one, other) = (one.abs(), other.abs());
    let (small, large) = if one < other { (one, other) } else { (other, one) };
    small.checked_mul(MOST).is_none_or(|reach| large <= reach)
}

/// What a target counts; `None` where it cannot be told.
fn unit_of_target(target: &str) -> Option<String> {
    let amount = match Target::parse(target) {
        Ok(Target { aim: Aim::Reach { level, .. } | Aim::Keep { level, .. }, .. }) => level,
        Ok(Target { aim: Aim::Move(change), .. }) => change.amount,
        Err(_) => {
            let target = reading::folded(target);
            let mut percents = target.match_indices('%').filter_map(|(at, _)| target.get(..at));
            let is_percent = percents.any(|before| before.ends_with(|c: char| c.is_ascii_digit()));
            return is_percent.then(|| "%".to_owned());
        }
    };
    Some(amount.quantity.unit)
}
