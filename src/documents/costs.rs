//! Money by name: a 事業費 that a template prints by its name and the master has under another,
//! would be missing in the document without a word.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, LayoutRule};
use crate::layout::template::{Level, Template};
use crate::master::{Column, Master};
use crate::plan::{Cost, Plan, is_total_name, reading};

/// The names of a template that no 事業費 of the plan has, and those of the plan that it does not
/// print though it prints several others. Nothing, where the plan has none at all.
pub(super) fn unprinted(template: &Template, plan: &Plan, master: &Master) -> Vec<Finding> {
    let asked = template.cost_names();
    let mut given: BTreeMap<String, &Cost> = BTreeMap::new();
    for cost in plan.projects().flat_map(|project| &project.costs) {
        given.entry(reading::key(&cost.name)).or_insert(cost);
    }
    if asked.is_empty() || given.is_empty() {
        return Vec::new();
    }
    let keys: BTreeSet<String> = asked.iter().map(|name| reading::key(name)).collect();
    let counted = || {
        let years = 0..plan.years.len();
        let has_total = given.values().any(|cost| cost.is_total());
        has_total || plan.projects().any(|project| years.clone().any(|at| project.total(at, false).is_some()))
    };
    let is_given = |name: &str| given.contains_key(&reading::key(name)) || (is_total_name(name) && counted());
    let unknown = asked
        .iter()
        .filter(|name| !is_given(name))
        .map(|name| Finding::nowhere(LayoutRule::CostNotGiven { name: (*name).to_owned() }));
    let parts = template.blocks.iter().flat_map(|block| &block.parts);
    let prints_each = parts.into_iter().any(|part| part.each == Some(Level::Cost));
    let is_breakdown = asked.iter().filter(|name| !is_total_name(name)).count() > 1;
    let is_missing =
        |key: &String, cost: &Cost| is_breakdown && !prints_each && !cost.is_total() && !keys.contains(key);
    let missing = given.iter().filter(|(key, cost)| is_missing(key, cost)).map(|(_, cost)| {
        let rule = LayoutRule::CostNotPrinted { name: cost.name.clone() };
        Finding::at(master.source.place(cost.row, Column::Name), rule)
    });
    unknown.chain(missing).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::layout::template::shipped;
    use crate::settings::Settings;

    /// What is said of the invented town's project sheets, with another name for a 事業費.
    fn said(from: &str, to: &str) -> Vec<String> {
        let settings = include_bytes!("../../data/mihon/plan.toml");
        let settings = Settings::read(settings, "plan.toml").unwrap();
        let text = include_str!("../../data/mihon/master.csv").replace(from, to);
        let master = crate::master::read(text.as_bytes(), "master.csv", &settings).0.unwrap();
        let template = shipped("project-sheet.toml").unwrap();
        let template = Template::read(template.as_bytes(), "様式.toml").unwrap();
        unprinted(&template, &master.plan, &master).iter().map(Finding::message).collect()
    }

    #[test]
    fn w504_cost_not_printed() {
        assert!(said("", "").is_empty());
        // Width and blanks do not count.
        assert!(said(",国庫支出金,", ",国庫 支出金,").is_empty());
        let told = said(",その他,", ",県支出金,");
        assert!(
            told.contains(&"事業費「県支出金」は、様式のどの欄にも印刷されません".to_owned()),
            "{told:?}"
        );
    }

    #[test]
    fn w505_cost_not_given() {
        let told = said(",道支出金,", ",県支出金,");
        assert!(
            told.contains(&"様式にある事業費「道支出金」は、マスタのどの事業にもありません".to_owned()),
            "{told:?}"
        );
        assert_eq!(told.len(), 2);
    }
}
