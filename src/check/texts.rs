//! Texts in place of figures (`◎`, `第3位`): printed as they stand, asked about once.

use std::collections::HashSet;

use super::cells::{declared, figure_rows};
use crate::finding::{Findings, Place, StructureRule, ValueRule, nearest as nearest_of};
use crate::master::{Column, Master};
use crate::plan::{Declared, DeclaredCell, Value, reading};
use crate::settings::{FieldSettings, Settings};

/// Where the list stands.
const SETTINGS_FILE: &str = "plan.toml";

/// Looking for the nearest ID takes time; nobody misspells more than these.
const MOST_SUGGESTIONS: usize = 20;

pub(super) fn check(master: &Master, settings: &Settings) -> Findings {
    let allowed: Vec<String> = settings.values.texts.iter().map(|id| reading::key(id)).collect();
    let mut findings = Findings::new();
    let figures = figure_rows(&master.plan);
    let mut declared = declared(&master.plan);
    let has_figure =
        |declared: &Declared| declared.iter().any(|(_, cell)| matches!(cell, DeclaredCell::Figure(_)));
    declared.retain(|(.., declared)| has_figure(declared));
    let all = || figures.iter().map(|row| row.id).chain(declared.iter().map(|(_, id, _)| *id));
    let ids: HashSet<&str> = all().collect();
    for (at, id) in allowed.iter().filter(|id| !ids.contains(id.as_str())).enumerate() {
        let nearest = nearest_of(id, all().filter(|_| at < MOST_SUGGESTIONS)).map(str::to_owned);
        let kind = StructureRule::TextsOfUnknownId { id: id.clone(), nearest };
        findings.push_at(Place::file(SETTINGS_FILE), kind);
    }
    let rows = figures.iter().map(|row| (row.row, row.id, texts(row.values(&master.plan))));
    let declared = declared.iter().map(|(row, id, declared)| {
        let value = |field: &FieldSettings| match declared.get(&field.name) {
            Some(DeclaredCell::Figure(value)) => Some(value),
            _ => None,
        };
        let cells = settings.fields.iter().enumerate();
        let cells = cells.filter_map(|(at, field)| Some((Column::Declared(at), value(field)?)));
        (*row, *id, texts(cells.collect()))
    });
    for (row, id, texts) in rows.chain(declared) {
        let Some(&(column, text)) = texts.first().filter(|_| !allowed.contains(&reading::key(id))) else {
            continue;
        };
        let kind =
            ValueRule::TextForFigure { text: text.to_owned(), id: id.to_owned(), more: texts.len() - 1 };
        findings.push_at(master.source.place(row, column), kind);
    }
    findings
}

/// Those of some cells that hold a text.
fn texts(cells: Vec<(Column, &Value)>) -> Vec<(Column, &str)> {
    let text = |(column, value)| match value {
        &Value::Text(ref text) => Some((column, text.as_str())),
        _ => None,
    };
    cells.into_iter().filter_map(text).collect()
}
