//! Texts in place of figures (`◎`, `第3位`): printed as they stand, asked about once.

use std::collections::HashSet;

use super::cells::{declared, figure_rows};
use crate::finding::{Findings, Place, StructureRule, ValueRule, nearest as nearest_of};
use crate::master::{Column, Master};
use crate::plan::{Declared, DeclaredCell, Row, Value, reading};
use crate::settings::{FieldSettings, Settings};

/// Where the list stands.
const SETTINGS_FILE: &str = "plan.toml";

/// Looking for the nearest ID takes time; nobody misspells more than these.
const MOST_SUGGESTIONS: usize = 20;

pub(super) fn check(master: &Master, settings: &Settings) -> Findings {
    let allowed: Vec<String> = settings.values.texts.iter().map(|id| reading::key(id)).collect();
    let mut findings = Findings::new();
    let plan = &master.plan;
    let mut rows: Vec<(Row, &str, Vec<Cell<'_>>)> =
        figure_rows(plan).into_iter().map(|row| (row.row, row.id, row.values(plan))).collect();
    let declared = declared(plan).into_iter();
    let declared = declared.map(|(row, id, cells)| (row, id, declared_figures(cells, &settings.fields)));
    rows.extend(declared.filter(|(.., figures)| !figures.is_empty()));
    let ids: HashSet<&str> = rows.iter().map(|(_, id, _)| *id).collect();
    for (at, id) in allowed.iter().filter(|id| !ids.contains(id.as_str())).enumerate() {
        let candidates = rows.iter().map(|(_, id, _)| *id);
        let nearest = nearest_of(id, candidates.filter(|_| at < MOST_SUGGESTIONS)).map(str::to_owned);
        let kind = StructureRule::TextsOfUnknownId { id: id.clone(), nearest };
        findings.push_at(Place::file(SETTINGS_FILE), kind);
    }
    for (row, id, cells) in rows {
        let mut texts = cells.into_iter().filter_map(|(column, value)| match value {
            Value::Text(text) => Some((column, text)),
            _ => None,
        });
        let Some((column, text)) = texts.next() else { continue };
        if allowed.contains(&reading::key(id)) {
            continue;
        }
        let kind = ValueRule::TextForFigure { text: text.clone(), id: id.to_owned(), more: texts.count() };
        findings.push_at(master.source.place(row, column), kind);
    }
    findings
}

/// A column of a row, and what it says there.
type Cell<'a> = (Column, &'a Value);

/// The columns of figures that the plan declares for a row.
fn declared_figures<'a>(declared: &'a Declared, fields: &[FieldSettings]) -> Vec<Cell<'a>> {
    let figure = |field: &FieldSettings| match declared.get(&field.name) {
        Some(DeclaredCell::Figure(value)) => Some(value),
        _ => None,
    };
    let fields = fields.iter().enumerate();
    fields.filter_map(|(at, field)| Some((Column::Declared(at), figure(field)?))).collect()
}
