//! Which changes the readers of the old document can see.
//!
//! Every template prints the rows that a plan is made of. Whether it prints a 事業費, a
//! 予算, a 目標値 or a column that the plan declares only the document tells: nothing is
//! corrected that it never showed.

use std::collections::HashMap;

use super::change::{Change, Kind, What};
use crate::layout::{PageIndex, Part};
use crate::plan::{FiscalYear, Plan, Row, RowKind};

/// The document that is corrected.
pub(super) struct Printed<'a> {
    pages: &'a PageIndex,
    years: &'a [FiscalYear],
    /// By the word of their kind and by name: whether any of these rows is printed.
    rows: HashMap<(&'static str, &'a str), bool>,
}

impl<'a> Printed<'a> {
    /// The document of `plan`, with its pages.
    pub fn of(plan: &'a Plan, pages: &'a PageIndex) -> Self {
        let mut printed = Self { pages, years: &plan.years, rows: HashMap::new() };
        for cost in plan.projects().flat_map(|project| &project.costs) {
            printed.note(RowKind::Cost, &cost.name, cost.row);
            if let Some(budget) = &cost.budget {
                printed.note(RowKind::Budget, &cost.name, budget.row);
            }
        }
        for (_, indicator) in plan.indicators() {
            if let Some(targets) = &indicator.targets {
                printed.note(RowKind::YearTarget, &indicator.name, targets.row);
            }
        }
        printed
    }

    fn note(&mut self, kind: RowKind, name: &'a str, row: Row) {
        let is_printed = self.pages.has_cell(row, self.part(row));
        *self.rows.entry((kind.word(), name)).or_default() |= is_printed;
    }

    /// Whether the old document shows this. What is new it shows where it prints other rows of
    /// that kind and name, or where there was none of that name, others of that kind.
    pub fn shows(&self, change: &Change) -> bool {
        let has_cell = |part: Part| change.old_row.is_some_and(|row| self.pages.has_cell(row, part));
        match (change.kind, &change.what) {
            (_, What::Remark) => false,
            // It stands in the files' properties only.
            (Kind::Plan, What::Name) => false,
            (Kind::Row(kind @ (RowKind::Cost | RowKind::Budget | RowKind::YearTarget)), What::Added) => {
                self.shows_like(kind.word(), &change.name)
            }
            (Kind::Row(RowKind::Cost | RowKind::Budget | RowKind::YearTarget), _)
            | (_, What::Declared(_)) => self.part_of(change).is_some_and(has_cell),
            _ => true,
        }
    }

    fn shows_like(&self, kind: &'static str, name: &str) -> bool {
        let of_kind = || self.rows.iter().any(|((other, _), is_printed)| *other == kind && *is_printed);
        self.rows.get(&(kind, name)).copied().unwrap_or_else(of_kind)
    }

    /// The pages on which it stands, in order.
    pub fn pages(&self, change: &Change) -> &[usize] {
        let Some((row, part)) = change.old_row.zip(self.part_of(change)) else { return &[] };
        match self.pages.pages(row, part) {
            // What is new will stand once: where its heading begins.
            [first, ..] if change.what == What::Added => std::slice::from_ref(first),
            pages => pages,
        }
    }

    /// Where in the cells of its row a change is seen.
    fn part_of(&self, change: &Change) -> Option<Part> {
        Some(match &change.what {
            What::Purpose => Part::Purpose,
            What::Content => Part::Content,
            What::Settled(year) | What::Budgeted(year) | What::Targeted(year) => Part::Actual(*year),
            What::Declared(column) => Part::Declared(column.place),
            _ => self.part(change.old_row?),
        })
    }

    /// A part by which a row can be found: its name, or where the document does without it, the
    /// first of its figures.
    fn part(&self, row: Row) -> Part {
        let mut figures = self.years.iter().map(|year| Part::Actual(*year));
        match self.pages.has_cell(row, Part::Name) {
            true => Part::Name,
            false => figures.find(|part| self.pages.has_cell(row, *part)).unwrap_or(Part::Name),
        }
    }
}
