//! What the rules look at: the figures of rows, and cells by their names and places.

use crate::finding::Place;
use crate::master::{Column, Master};
use crate::plan::{Declared, Indicator, Plan, Quantity, Row, Value};

/// A row of figures: an indicator's, a 事業費's, or that of a 予算 or 目標値 below one.
pub(super) struct FigureRow<'a> {
    pub row: Row,
    pub id: &'a str,
    /// Its own name, or that of the row to which it belongs.
    pub name: &'a str,
    /// 「目標」 of an indicator; empty for other rows.
    pub target: &'a str,
    baseline: Option<&'a Value>,
    years: &'a [Value],
}

impl<'a> FigureRow<'a> {
    /// Baseline and years, in order.
    pub fn values(&self, plan: &Plan) -> Vec<(Column, &'a Value)> {
        let baseline = self.baseline.map(|value| (Column::Baseline, value));
        let years = plan.years.iter().map(|year| Column::Actual(*year)).zip(self.years);
        baseline.into_iter().chain(years).collect()
    }

    /// That of the year at this place.
    pub fn of_year(&self, at: usize) -> Option<&'a Value> {
        self.years.get(at)
    }

    /// The row, and those of its values that are figures.
    pub fn with_figures(self, plan: &Plan) -> Figures<'a> {
        let values = self.values(plan).into_iter();
        let figures = values.filter_map(|(column, value)| Some((column, value.quantity()?))).collect();
        (self, figures)
    }
}

/// A row with its figures.
pub(super) type Figures<'a> = (FigureRow<'a>, Vec<(Column, &'a Quantity)>);

/// Every row of figures, in the master's order.
pub(super) fn figure_rows(plan: &Plan) -> Vec<FigureRow<'_>> {
    let mut rows = Vec::new();
    for (_, indicator) in plan.indicators() {
        let Indicator { row, id, name, target, baseline, actuals, targets, .. } = indicator;
        rows.push(FigureRow { row: *row, id, name, target, baseline: Some(baseline), years: actuals });
        rows.extend(targets.iter().map(|targets| FigureRow {
            row: targets.row,
            id: &targets.id,
            name,
            target: "",
            baseline: None,
            years: &targets.figures,
        }));
    }
    for cost in plan.projects().flat_map(|project| &project.costs) {
        let own = (cost.row, &cost.id, &cost.actuals);
        let budget = cost.budget.as_ref().map(|budget| (budget.row, &budget.id, &budget.figures));
        rows.extend([Some(own), budget].into_iter().flatten().map(|(row, id, years)| FigureRow {
            row,
            id,
            name: &cost.name,
            target: "",
            baseline: None,
            years,
        }));
    }
    rows.sort_by_key(|row| row.row);
    rows
}

/// The same with their figures, but for rows that fell apart: of those the reading has
/// said what is wrong, and their figures mean nothing.
pub(super) fn rows(master: &Master) -> impl Iterator<Item = Figures<'_>> {
    let whole = figure_rows(&master.plan).into_iter().filter(|row| !master.is_parted(row.row));
    whole.map(|row| row.with_figures(&master.plan))
}

/// Every row that may have declared columns, with its ID.
pub(super) fn declared(plan: &Plan) -> Vec<(Row, &str, &Declared)> {
    let mut rows: Vec<(Row, &str, &Declared)> = Vec::new();
    rows.extend(plan.indicators().iter().map(|(_, one)| (one.row, one.id.as_str(), &one.declared)));
    for goal in &plan.goals {
        rows.push((goal.row, &goal.id, &goal.declared));
        for field in &goal.fields {
            rows.push((field.row, &field.id, &field.declared));
            for measure in &field.measures {
                rows.push((measure.row, &measure.id, &measure.declared));
                rows.extend(measure.projects().map(|one| (one.row, one.id.as_str(), &one.declared)));
            }
        }
    }
    rows
}

/// Whether a row says anything of the year at this place.
pub(super) fn is_reported(indicator: &Indicator, at: usize) -> bool {
    indicator.actuals.get(at).is_some_and(Value::is_reported)
}

/// A cell by its name and what it says: `L6「2.070人」`.
pub(super) fn named_cell(master: &Master, row: Row, column: Column, printed: &str) -> String {
    let cell = master.source.place(row, column).cell().unwrap_or_default();
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
