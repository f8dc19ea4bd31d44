//! What the rules look at: the figures of rows, and cells by their names and places.

use crate::finding::Place;
use crate::master::{Column, Master};
use crate::plan::{Indicator, Plan, Quantity, Value};

/// Whether a row says anything of the year at this place.
pub(super) fn is_reported(indicator: &Indicator, at: usize) -> bool {
    indicator.actuals.get(at).is_some_and(Value::is_reported)
}

/// Baseline and years of a row, in order.
pub(super) fn values<'a>(plan: &Plan, indicator: &'a Indicator) -> Vec<(Column, &'a Value)> {
    let years = plan.years.iter().map(|year| Column::Actual(*year)).zip(&indicator.actuals);
    std::iter::once((Column::Baseline, &indicator.baseline)).chain(years).collect()
}

/// Those of them that are figures.
pub(super) fn figures<'a>(plan: &Plan, indicator: &'a Indicator) -> Vec<(Column, &'a Quantity)> {
    let values = values(plan, indicator).into_iter();
    values.filter_map(|(column, value)| Some((column, value.quantity()?))).collect()
}

/// Every indicator with its figures, but for rows that fell apart: of those the reading has
/// said what is wrong, and their figures mean nothing.
pub(super) fn rows(master: &Master) -> impl Iterator<Item = (&Indicator, Vec<(Column, &Quantity)>)> {
    let whole = |indicator: &&Indicator| !master.is_parted(indicator.row);
    let indicators = master.plan.indicators().into_iter().map(|(_, indicator)| indicator).filter(whole);
    indicators.map(|indicator| (indicator, figures(&master.plan, indicator)))
}

/// A cell by its name and what it says: `L6「2.070人」`.
pub(super) fn named_cell(master: &Master, indicator: &Indicator, column: Column, printed: &str) -> String {
    let cell = master.source.place(indicator.row, column).cell().unwrap_or_default();
    format!("{cell}「{}」", crate::finding::quote(printed))
}

/// The place with its mark set on a part of the cell, where it is found there.
pub(super) fn pointing_at(mut place: Place, part: &str) -> Place {
    if let Some(excerpt) = &mut place.excerpt {
        let cell = excerpt.text.get(excerpt.span.clone()).unwrap_or_default();
        if let Some(at) = cell.find(part) {
            let start = excerpt.span.start + at;
            excerpt.span = start..start + part.len();
        }
    }
    place
}

/// 「種別」「ID」「再掲元」 and 「備考」 are for the office.
pub(super) fn is_printed(column: Column) -> bool {
    !matches!(column, Column::Kind | Column::Id | Column::ReprintOf | Column::Division | Column::Remark)
}
