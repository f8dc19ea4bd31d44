//! Texts in place of figures (`◎`, `第3位`): printed as they stand, asked about once.

use crate::finding::{FindingKind, Findings};
use crate::master::{Column, Master};
use crate::plan::{Value, reading};
use crate::settings::Settings;

pub(super) fn check(master: &Master, settings: &Settings) -> Findings {
    let allowed: Vec<String> = settings.values.texts.iter().map(|id| reading::key(id)).collect();
    let mut findings = Findings::new();
    for (_, indicator) in master.plan.indicators() {
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
            FindingKind::TextForFigure { text: text.clone(), id: indicator.id.clone(), more: texts.count() };
        findings.push_at(master.source.place(indicator.row, column), kind);
    }
    findings
}
