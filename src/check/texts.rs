//! Texts in place of figures (`◎`, `第3位`): printed as they stand, asked about once.

use std::collections::HashSet;

use crate::finding::{Findings, Place, StructureRule, ValueRule, nearest as nearest_of};
use crate::master::{Column, Master};
use crate::plan::{Value, reading};
use crate::settings::Settings;

/// Where the list stands.
const SETTINGS_FILE: &str = "plan.toml";

/// Looking for the nearest ID takes time; nobody misspells more than these.
const MOST_SUGGESTIONS: usize = 20;

pub(super) fn check(master: &Master, settings: &Settings) -> Findings {
    let allowed: Vec<String> = settings.values.texts.iter().map(|id| reading::key(id)).collect();
    let mut findings = Findings::new();
    let indicators = master.plan.indicators();
    let ids: HashSet<&str> = indicators.iter().map(|(_, indicator)| indicator.id.as_str()).collect();
    for (at, id) in allowed.iter().filter(|id| !ids.contains(id.as_str())).enumerate() {
        let candidates = indicators.iter().map(|(_, indicator)| indicator.id.as_str());
        let nearest = nearest_of(id, candidates.filter(|_| at < MOST_SUGGESTIONS)).map(str::to_owned);
        let kind = StructureRule::TextsOfUnknownId { id: id.clone(), nearest };
        findings.push_at(Place::file(SETTINGS_FILE), kind);
    }
    for (_, indicator) in indicators {
        let years = master.plan.years.iter().map(|year| Column::Actual(*year)).zip(&indicator.actuals);
        let mut texts = std::iter::once((Column::Baseline, &indicator.baseline)).chain(years).filter_map(
            |(column, value)| match value {
                Value::Text(text) => Some((column, text)),
                _ => None,
            },
        );
        let Some((column, text)) = texts.next() else { continue };
        if allowed.contains(&reading::key(&indicator.id)) {
            continue;
        }
        let kind =
            ValueRule::TextForFigure { text: text.clone(), id: indicator.id.clone(), more: texts.count() };
        findings.push_at(master.source.place(indicator.row, column), kind);
    }
    findings
}
