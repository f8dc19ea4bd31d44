//! Which changes the readers of the old documents can see.
//!
//! The rows that a plan is made of are taken for printed; where no document has one, its
//! correction names no page. Whether one prints a 事業費, a 予算, a 目標値 or a column that the
//! plan declares only the document tells: nothing is corrected that none ever showed. A total
//! that the program counts shows all its parts.

use std::collections::HashMap;

use super::change::{Change, Kind, What};
use crate::layout::{PageIndex, Part};
use crate::plan::{FiscalYear, Plan, Row, RowKind};

/// A document that is corrected, and on which of its pages what stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentPages {
    /// Its name, such as 実績一覧.
    pub name: String,
    /// Its pages.
    pub index: PageIndex,
}

/// The same, with what it prints of a plan.
pub(super) struct Printed<'a> {
    /// Its name.
    pub name: &'a str,
    index: &'a PageIndex,
    years: &'a [FiscalYear],
    /// By the word of their kind and by name: whether it prints any of these rows.
    rows: HashMap<(&'static str, &'a str), bool>,
}

/// Whether one of the documents shows this, or is taken to.
pub(super) fn is_shown(change: &Change, documents: &[Printed<'_>]) -> bool {
    match (change.kind, &change.what) {
        (_, What::Remark) => false,
        // It stands in the files' properties only.
        (Kind::Plan, What::Name) => false,
        (Kind::Row(kind), what) if is_optional(kind) || matches!(what, What::Declared(_)) => {
            documents.iter().any(|document| !document.pages(change).is_empty())
        }
        _ => true,
    }
}

/// Whether a template may leave out such rows.
fn is_optional(kind: RowKind) -> bool {
    matches!(kind, RowKind::Cost | RowKind::Budget | RowKind::YearTarget)
}

impl<'a> Printed<'a> {
    /// A document of `plan`.
    pub fn of(plan: &'a Plan, document: &'a DocumentPages) -> Self {
        let DocumentPages { name, index } = document;
        let mut printed = Self { name, index, years: &plan.years, rows: HashMap::new() };
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
        let is_printed = !self.found(row).is_empty();
        *self.rows.entry((kind.word(), name)).or_default() |= is_printed;
    }

    /// The pages on which a change is seen, in order.
    pub fn pages(&self, change: &Change) -> &'a [usize] {
        let (index, Some(row)) = (self.index, change.old_row) else { return &[] };
        match (change.kind, &change.what) {
            (Kind::Row(kind), What::Added) if is_optional(kind) && !self.prints_like(kind, &change.name) => {
                &[]
            }
            // What is new will stand once: where its heading begins.
            (_, What::Added) => self.found(row).get(..1).unwrap_or_default(),
            (_, What::Purpose) => index.pages(row, Part::Purpose),
            (_, What::Content) => index.pages(row, Part::Content),
            (_, What::Settled(year) | What::Budgeted(year) | What::Targeted(year)) => {
                index.own_pages(row, Part::Actual(*year))
            }
            (_, What::Declared(column)) => index.own_pages(row, Part::Declared(column.place)),
            _ => self.found(row),
        }
    }

    /// Whether a new row of this kind and name would have been printed: others of that name
    /// are, or where there was none of it, others of that kind.
    fn prints_like(&self, kind: RowKind, name: &str) -> bool {
        let of_kind =
            || self.rows.iter().any(|((other, _), is_printed)| *other == kind.word() && *is_printed);
        self.rows.get(&(kind.word(), name)).copied().unwrap_or_else(of_kind)
    }

    /// The pages on which a row is found by its name, or where the document does without it,
    /// by the first of its figures.
    fn found(&self, row: Row) -> &'a [usize] {
        let figures = self.years.iter().map(|year| Part::Actual(*year));
        let mut pages =
            std::iter::once(Part::Name).chain(figures).map(|part| self.index.own_pages(row, part));
        pages.find(|pages| !pages.is_empty()).unwrap_or_default()
    }
}
