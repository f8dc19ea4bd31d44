//! Figures and their heads, for any template: each figure is the master's, and a reader
//! who cannot see the page hears what it belongs to.

use std::collections::{BTreeMap, BTreeSet};

use jisseki::layout::Part;
use jisseki::layout::grid::{Content, Role};
use jisseki::layout::reading::{CellKind, Item, ReadingTree, Section, Table};
use jisseki::plan::{FiscalYear, Row, Value};

use crate::plans::Set;

/// What the master says at a row, of a year or as 基準値.
fn of_plan(set: &Set) -> BTreeMap<(Row, Option<FiscalYear>), &Value> {
    let mut all = BTreeMap::new();
    let years = |row: Row, figures: &'_ [Value]| -> Vec<((Row, Option<FiscalYear>), usize)> {
        assert_eq!(figures.len(), set.plan.years.len());
        set.plan.years.iter().enumerate().map(|(at, year)| ((row, Some(*year)), at)).collect()
    };
    for (_, indicator) in set.plan.indicators() {
        all.insert((indicator.row, None), &indicator.baseline);
        for (key, at) in years(indicator.row, &indicator.actuals) {
            all.insert(key, &indicator.actuals[at]);
        }
        if let Some(targets) = &indicator.targets {
            for (key, at) in years(targets.row, &targets.figures) {
                all.insert(key, &targets.figures[at]);
            }
        }
    }
    for cost in set.plan.projects().flat_map(|project| &project.costs) {
        for (key, at) in years(cost.row, &cost.actuals) {
            all.insert(key, &cost.actuals[at]);
        }
        if let Some(budget) = &cost.budget {
            for (key, at) in years(budget.row, &budget.figures) {
                all.insert(key, &budget.figures[at]);
            }
        }
    }
    all
}

/// What the costs of a project come to, at the rows of which they may be counted.
fn totals(set: &Set) -> Vec<(Row, FiscalYear, Value)> {
    let mut all = Vec::new();
    for project in set.plan.projects() {
        for (at, year) in set.plan.years.iter().enumerate() {
            for cost in &project.costs {
                let budget = cost.budget.as_ref().map(|budget| budget.row);
                for (row, is_budget) in [(Some(cost.row), false), (budget, true)] {
                    let total = project.total(at, is_budget).map_or(Value::NotReported, Value::Quantity);
                    all.extend(row.map(|row| (row, *year, total)));
                }
            }
        }
    }
    all
}

/// Each figure that says where it is from is what the master says there, or the sum of it.
pub fn are_the_plans(set: &Set) {
    let (of_plan, totals) = (of_plan(set), totals(set));
    for cell in set.document.sheets.iter().flat_map(|sheet| &sheet.cells) {
        let (Content::Value(value), Some(origin)) = (&cell.content, cell.origin()) else { continue };
        let year = match origin.part {
            Part::Baseline => None,
            Part::Actual(year) => Some(year),
            _ => continue,
        };
        let is_total =
            totals.iter().any(|(row, of, total)| (*row, Some(*of), total) == (origin.row, year, value));
        assert!(is_total || Some(&value) == of_plan.get(&(origin.row, year)), "{cell:?}");
    }
}

fn tables<'t>(section: &'t Section, found: &mut Vec<&'t Table>) {
    for item in &section.items {
        match item {
            Item::Section(inner) => tables(inner, found),
            Item::Table(table) => found.push(table),
            _ => {}
        }
    }
}

/// Over each figure the heads of its columns, and before it those of its rows; every cell of a
/// table is heard once and nothing of another.
pub fn heads_stand_over_their_figures(set: &Set) {
    let tree = ReadingTree::of(&set.document);
    for (sheet, section) in set.document.sheets.iter().zip(&tree.sheets) {
        let mut found = Vec::new();
        tables(section, &mut found);
        let numbers: BTreeSet<usize> = found.iter().map(|table| table.table).collect();
        assert_eq!(numbers.len(), found.len(), "{}: one table is read in pieces", sheet.name);
        for table in found {
            let cells: Vec<_> = table.rows.iter().flatten().collect();
            for datum in cells.iter().filter(|cell| cell.kind == CellKind::Datum) {
                let own = &sheet.cells[datum.cell];
                let meets = |at: usize, of_row: bool| {
                    let head = &sheet.cells[at];
                    match of_row {
                        true => head.row < own.row + own.row_span && own.row < head.row + head.row_span,
                        false => {
                            head.column < own.column + own.column_span
                                && own.column < head.column + head.column_span
                        }
                    }
                };
                let expected: BTreeSet<usize> = cells
                    .iter()
                    .filter(|head| match head.kind {
                        CellKind::ColumnHead => meets(head.cell, false),
                        CellKind::RowHead => {
                            meets(head.cell, true) && sheet.cells[head.cell].column < own.column
                        }
                        CellKind::Datum => false,
                    })
                    .map(|head| head.cell)
                    .collect();
                let heads: BTreeSet<usize> = datum.heads.iter().copied().collect();
                let shown = |heads: &BTreeSet<usize>| {
                    heads.iter().map(|at| sheet.cells[*at].text().to_owned()).collect::<Vec<_>>()
                };
                assert_eq!(shown(&heads), shown(&expected), "the heads of {own:?}");
            }
        }
    }
}

/// On every later page of a table its heads stand again above its rows.
pub fn continued_tables_repeat_their_heads(set: &Set) {
    for sheet in &set.document.sheets {
        for at in 0..sheet.tables.len() {
            let of_table = || sheet.cells.iter().filter(move |cell| cell.table == Some(at));
            let heads: Vec<_> = of_table().filter(|cell| cell.role == Role::ColumnHeader).collect();
            let Some(first) = of_table().map(|cell| cell.row).min() else { continue };
            let first = super::page(sheet, first);
            let pages: BTreeSet<usize> = of_table().map(|cell| super::page(sheet, cell.row)).collect();
            for page in pages.into_iter().filter(|page| *page != first) {
                let rows = &sheet.pages[page];
                let body = of_table().map(|cell| cell.row).filter(|row| rows.contains(row)).min().unwrap();
                for head in &heads {
                    let again = sheet.cells.iter().any(|cell| {
                        rows.contains(&cell.row)
                            && cell.row < body
                            && (cell.column, cell.text()) == (head.column, head.text())
                    });
                    assert!(again, "{:?} does not stand again on page {page} of {}", head.text(), sheet.name);
                }
            }
        }
    }
}
