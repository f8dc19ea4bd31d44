//! The findings as a table.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Deserializer};

use crate::app::preview::Preview;
use crate::finding::{Finding, Findings, Severity};
use crate::plan::{Plan, Row};
use crate::visible::visible;
use crate::window::pages::encoded;
use crate::window::pages::found::help;

/// More rows than this nobody reads on one page; the rest is counted.
const MOST_ROWS: usize = 1_000;

/// Which findings are shown, and in which order.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// `error` or `warning`
    #[serde(deserialize_with = "said")]
    pub kind: Option<String>,
    /// A department.
    #[serde(deserialize_with = "said")]
    pub department: Option<String>,
    /// `kind`, `department`, or by place.
    #[serde(deserialize_with = "said")]
    pub order: Option<String>,
}

/// A form sends what was not chosen as an empty text.
fn said<'de, D: Deserializer<'de>>(field: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(field)?.filter(|text| !text.is_empty()))
}

/// The table.
pub struct List {
    /// Its rows.
    pub rows: Vec<FindingRow>,
    /// How many errors there are, shown or not.
    pub errors: usize,
    /// How many warnings there are, shown or not.
    pub warnings: usize,
    /// How many are not shown, though nothing keeps them from it.
    pub omitted: usize,
    /// All departments that something is found for.
    pub departments: Vec<String>,
}

/// A row of the table.
pub struct FindingRow {
    /// Which of all the findings, from 0.
    pub index: usize,
    /// 「エラー」
    pub word: &'static str,
    /// `error` or `warning`
    pub kind: &'static str,
    /// `E201`
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where: the cell, or the place in words.
    pub place: String,
    /// Who answers for it; empty for what is no row's.
    pub department: String,
    /// Its page; empty where there is none.
    pub href: String,
}

impl List {
    /// Of a plan that has pages. `address` is the one of this page, with year and filter.
    pub fn of(preview: &Preview, filter: &Filter, address: &str) -> Self {
        let office = &preview.loaded.settings.plan.office;
        let answerers = answerers(&preview.loaded.master.plan, office);
        let department = |finding: &Finding| {
            let (row, _) = preview.origin_of(finding.place.as_ref()?)?;
            answerers.get(&row).map(|name| (*name).to_owned())
        };
        Self::filtered(&preview.findings, filter, department, |index| format!("{address}&f={index}"))
    }

    /// Of a plan that has none.
    pub fn without_pages(findings: &Findings) -> Self {
        Self::filtered(findings, &Filter::default(), |_| None, |_| String::new())
    }

    fn filtered(
        findings: &Findings,
        filter: &Filter,
        department: impl Fn(&Finding) -> Option<String>,
        href: impl Fn(usize) -> String,
    ) -> Self {
        let mut departments = BTreeSet::new();
        let mut rows = Vec::new();
        for (index, finding) in findings.iter().enumerate() {
            let department = department(finding).unwrap_or_default();
            if !department.is_empty() {
                departments.insert(department.clone());
            }
            let row = FindingRow::of(finding, index, department, href(index));
            let is_kind = filter.kind.as_deref().is_none_or(|kind| kind == row.kind);
            let is_theirs = filter.department.as_deref().is_none_or(|name| name == row.department);
            if is_kind && is_theirs {
                rows.push(row);
            }
        }
        match filter.order.as_deref() {
            // Errors first: they keep documents from being made.
            Some("kind") => rows.sort_by_key(|row| (row.kind != "error", row.code)),
            Some("department") => rows.sort_by(|one, other| one.department.cmp(&other.department)),
            _ => {}
        }
        let shown = rows.len().min(MOST_ROWS);
        let unshown = rows.len() - shown;
        rows.truncate(MOST_ROWS);
        let is_all = filter.kind.is_none() && filter.department.is_none();
        Self {
            rows,
            errors: findings.count(Severity::Error),
            warnings: findings.count(Severity::Warning),
            omitted: unshown + if is_all { findings.omitted() } else { 0 },
            departments: departments.into_iter().collect(),
        }
    }
}

impl Filter {
    /// What is chosen: the names of the fields, and their values.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let parts = [("kind", &self.kind), ("department", &self.department), ("order", &self.order)];
        parts.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }

    /// As a part of an address.
    pub fn query(&self) -> String {
        self.fields().map(|(name, value)| format!("&{name}={}", encoded(value))).collect()
    }

    /// Whether a value of a field is chosen.
    pub fn is(&self, field: &str, value: &str) -> bool {
        let said = match field {
            "kind" => &self.kind,
            "department" => &self.department,
            _ => &self.order,
        };
        said.as_deref().unwrap_or_default() == value
    }
}

impl FindingRow {
    fn of(finding: &Finding, index: usize, department: String, href: String) -> Self {
        let severity = finding.severity();
        let place = finding.place.as_ref().map(|place| place.cell().unwrap_or_else(|| place.to_string()));
        let document = finding.document.as_ref().map(|name| format!("文書「{name}」 "));
        let shown = |text: String| visible(&text).into_owned();
        Self {
            index,
            word: severity.word(),
            kind: if severity == Severity::Error { "error" } else { "warning" },
            code: finding.code(),
            message: shown(format!("{}{}", document.unwrap_or_default(), finding.message())),
            help: help(&finding.help()),
            place: shown(place.unwrap_or_default()),
            department,
            href,
        }
    }
}

/// Who answers for each row.
fn answerers<'a>(plan: &'a Plan, office: &'a str) -> HashMap<Row, &'a str> {
    let mut answerers = HashMap::new();
    for project in plan.projects() {
        let own = project.answerer(office);
        answerers.insert(project.row, own);
        for cost in &project.costs {
            answerers.insert(cost.row, own);
            answerers.extend(cost.budget.iter().map(|budget| (budget.row, own)));
        }
    }
    for (owner, indicator) in plan.indicators() {
        let own = owner.answerer(indicator, office);
        answerers.insert(indicator.row, own);
        answerers.extend(indicator.targets.iter().map(|targets| (targets.row, own)));
    }
    answerers
}
