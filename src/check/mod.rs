//! Rules over a master that has been read: what reading itself does not see.
//!
//! All of these are warnings. A plan may break any of them for a reason; a planner
//! wants to have been asked. One file a family; nothing here prints or fails.

mod characters;
mod digits;
mod former;
mod formulas;
mod glyphs;
mod ids;
mod notation;
mod numbers;
mod radicals;
mod reporting;
mod slipped;
mod spreadsheet;
mod targets;
mod texts;
mod units;
mod wording;

pub use glyphs::{Coverage, glyphs};
pub use reporting::edition;
pub use spreadsheet::{Former, spreadsheet};

use crate::finding::Findings;
use crate::master::{Column, Master};
use crate::plan::{Indicator, Plan, Quantity, Value};
use crate::settings::Settings;

/// Every rule but that of the glyphs, which needs the fonts, and that of the
/// spreadsheet, which needs what the master was before; in row order.
pub fn check(master: &Master, settings: &Settings) -> Findings {
    let mut all = Findings::new();
    all.append(targets::check(master));
    all.append(reporting::check(master, settings));
    all.append(slipped::check(master));
    all.append(units::check(master));
    all.append(digits::check(master));
    all.append(notation::check(master));
    all.append(texts::check(master, settings));
    all.append(wording::check(master));
    all.append(numbers::check(master));
    all.append(radicals::check(master));
    all.append(formulas::check(master));
    all.append(ids::check(master));
    all.append(characters::check(master));
    all.sort_by_key(|finding| finding.place.as_ref().and_then(|place| place.row));
    all
}

/// Whether a row says anything of the year at this place.
fn is_reported(indicator: &Indicator, at: usize) -> bool {
    indicator.actuals.get(at).is_some_and(Value::is_reported)
}

/// Baseline and years of a row, in order.
fn values<'a>(plan: &Plan, indicator: &'a Indicator) -> Vec<(Column, &'a Value)> {
    let years = plan.years.iter().map(|year| Column::Actual(*year)).zip(&indicator.actuals);
    std::iter::once((Column::Baseline, &indicator.baseline)).chain(years).collect()
}

/// Those of them that are figures.
fn figures<'a>(plan: &Plan, indicator: &'a Indicator) -> Vec<(Column, &'a Quantity)> {
    let values = values(plan, indicator).into_iter();
    values.filter_map(|(column, value)| Some((column, value.quantity()?))).collect()
}

/// Every indicator with its figures, but for rows that fell apart: of those the reading has
/// said what is wrong, and their figures mean nothing.
fn rows(master: &Master) -> impl Iterator<Item = (&Indicator, Vec<(Column, &Quantity)>)> {
    let whole = |indicator: &&Indicator| !master.is_parted(indicator.row);
    let indicators = master.plan.indicators().into_iter().map(|(_, indicator)| indicator).filter(whole);
    indicators.map(|indicator| (indicator, figures(&master.plan, indicator)))
}

/// A cell by its name and what it says: `L6「2.070人」`.
fn named_cell(master: &Master, indicator: &Indicator, column: Column, printed: &str) -> String {
    let cell = master.source.place(indicator.row, column).cell().unwrap_or_default();
    format!("{cell}「{}」", crate::finding::quote(printed))
}

#[cfg(test)]
mod tests;
