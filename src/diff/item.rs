//! A plan laid out flat: one item for everything that can differ.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::{Change, What};
use crate::plan::{Entry, Field, FiscalYear, Goal, Indicator, Measure, Plan, Project, Reprint, Row};
use crate::settings::Settings;

/// 「種別」
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The plan as a whole (「計画」).
    Plan,
    /// 「基本目標」
    Goal,
    /// 「数値目標」
    GoalIndicator,
    /// 「分野」
    Field,
    /// 「施策」
    Measure,
    /// 「KPI」
    Kpi,
    /// 「事業」
    Project,
    /// 「事業量」
    ProjectIndicator,
    /// 「再掲」
    Reprint,
}

impl Kind {
    /// As the master writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plan => "計画",
            Self::Goal => "基本目標",
            Self::GoalIndicator => "数値目標",
            Self::Field => "分野",
            Self::Measure => "施策",
            Self::Kpi => "KPI",
            Self::Project => "事業",
            Self::ProjectIndicator => "事業量",
            Self::Reprint => "再掲",
        }
    }
}

/// Where a thing stands, by the numbers of the headings above it; empty above the first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The number of the 基本目標.
    pub goal: String,
    /// The number of the 分野.
    pub field: String,
    /// The number of the 施策.
    pub measure: String,
    /// 「事業12「…」」, for a 事業量.
    pub project: Option<String>,
}

/// `基本目標1（ア）①`
impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.goal.is_empty() {
            write!(f, "基本目標{}", self.goal)?;
        }
        if !self.field.is_empty() {
            write!(f, "（{}）", self.field)?;
        }
        write!(f, "{}", self.measure)
    }
}

/// A thing that can differ.
pub(super) struct Item {
    /// Equal in both plans for the same thing, and for nothing else.
    pub key: String,
    /// The key of what it stands under; empty at the top.
    pub parent: String,
    pub kind: Kind,
    pub id: String,
    pub name: String,
    pub section: Section,
    pub row: Row,
    /// What it says, without what is empty.
    pub texts: BTreeMap<What, String>,
}

impl Item {
    pub fn change(&self, what: What, old: String, new: String, old_row: Option<Row>) -> Change {
        Change {
            id: self.id.clone(),
            kind: self.kind,
            section: self.section.clone(),
            number: self.texts.get(&What::Number).cloned().unwrap_or_default(),
            name: self.name.clone(),
            what,
            old,
            new,
            old_row,
        }
    }

    /// 「事業「…」」
    pub fn label(&self) -> String {
        format!("{}「{}」", self.kind.word(), self.name)
    }

    /// All it says, for a thing that is new or gone.
    pub fn summary(&self) -> String {
        let texts = self.texts.iter().filter(|(what, _)| what.is_printed());
        let texts = texts.map(|(what, text)| match what {
            What::Name => text.clone(),
            what => format!("{}：{text}", what.word()),
        });
        let all = texts.collect::<Vec<_>>().join("\n");
        if self.kind == Kind::Reprint { format!("{}\n{all}", self.name).trim_end().to_owned() } else { all }
    }
}

/// Everything in a plan that can differ, in printed order.
pub(super) fn items(plan: &Plan, settings: &Settings) -> Vec<Item> {
    let mut list = List { items: Vec::new(), years: &plan.years };
    let title = [(What::Title, settings.plan.title.as_str()), (What::Name, settings.plan.name.as_str())];
    list.add(Kind::Plan, "", "", &settings.plan.name, Section::default(), Row(0), &title);
    for goal in &plan.goals {
        list.goal(goal);
    }
    for project in plan.projects() {
        let key = reprint_key(&project.id);
        for item in
            list.items.iter_mut().filter(|item| item.kind == Kind::Reprint && item.key.ends_with(&key))
        {
            item.name.clone_from(&project.name);
        }
    }
    list.items
}

/// The number before a name; nothing for the dash of a project without a number.
pub(super) fn shown_number(number: &str) -> &str {
    if number.chars().any(char::is_alphanumeric) { number } else { "" }
}

fn reprint_key(of: &str) -> String {
    format!("\u{1F}{of}")
}

struct List<'p> {
    items: Vec<Item>,
    years: &'p [FiscalYear],
}

impl List<'_> {
    #[allow(clippy::too_many_arguments)] // the fields of an item, each of another kind
    fn add(
        &mut self,
        kind: Kind,
        parent: &str,
        id: &str,
        name: &str,
        section: Section,
        row: Row,
        texts: &[(What, &str)],
    ) -> String {
        // A thing that changed its kind under its ID is another thing.
        let key = format!("{}\u{1F}{id}", kind.word());
        let texts = texts.iter().filter(|(_, text)| !text.is_empty());
        self.items.push(Item {
            key: key.clone(),
            parent: parent.to_owned(),
            kind,
            id: id.to_owned(),
            name: name.to_owned(),
            section,
            row,
            texts: texts.map(|(what, text)| (*what, (*text).to_owned())).collect(),
        });
        key
    }

    fn goal(&mut self, goal: &Goal) {
        let section = Section { goal: goal.number.clone(), ..Section::default() };
        let texts = [(What::Number, goal.number.as_str()), (What::Name, &goal.name)];
        let key = self.add(Kind::Goal, "", &goal.id, &goal.name, section.clone(), goal.row, &texts);
        for indicator in &goal.indicators {
            self.indicator(Kind::GoalIndicator, &key, indicator, &section);
        }
        for field in &goal.fields {
            self.field(&key, field, &section);
        }
    }

    fn field(&mut self, parent: &str, field: &Field, above: &Section) {
        let section = Section { field: field.number.clone(), ..above.clone() };
        let texts = [(What::Number, field.number.as_str()), (What::Name, &field.name)];
        let key = self.add(Kind::Field, parent, &field.id, &field.name, section.clone(), field.row, &texts);
        for measure in &field.measures {
            self.measure(&key, measure, &section);
        }
    }

    fn measure(&mut self, parent: &str, measure: &Measure, above: &Section) {
        let section = Section { measure: measure.number.clone(), ..above.clone() };
        let texts = [(What::Number, measure.number.as_str()), (What::Name, &measure.name)];
        let (kind, row) = (Kind::Measure, measure.row);
        let key = self.add(kind, parent, &measure.id, &measure.name, section.clone(), row, &texts);
        for indicator in &measure.indicators {
            self.indicator(Kind::Kpi, &key, indicator, &section);
        }
        for entry in &measure.entries {
            match entry {
                Entry::Project(project) => self.project(&key, project, &section),
                Entry::Reprint(reprint) => self.reprint(&key, reprint, &section),
            }
        }
    }

    fn project(&mut self, parent: &str, project: &Project, above: &Section) {
        let texts = [
            (What::Number, project.number.as_str()),
            (What::Name, &project.name),
            (What::Department, &project.department),
            (What::Division, if project.is_new { "新規" } else { "" }),
            (What::Purpose, &project.purpose),
            (What::Content, &project.content),
            (What::Remark, &project.remark),
        ];
        let (kind, row) = (Kind::Project, project.row);
        let key = self.add(kind, parent, &project.id, &project.name, above.clone(), row, &texts);
        let own = format!("事業{}「{}」", shown_number(&project.number), project.name);
        let section = Section { project: Some(own), ..above.clone() };
        for indicator in &project.indicators {
            self.indicator(Kind::ProjectIndicator, &key, indicator, &section);
        }
    }

    fn reprint(&mut self, parent: &str, reprint: &Reprint, above: &Section) {
        let texts = [
            (What::Purpose, reprint.purpose.as_deref().unwrap_or_default()),
            (What::Content, reprint.content.as_deref().unwrap_or_default()),
        ];
        let id = format!("{parent}{}", reprint_key(&reprint.of));
        self.add(Kind::Reprint, parent, &id, &reprint.of, above.clone(), reprint.row, &texts);
        if let Some(item) = self.items.last_mut() {
            item.id.clone_from(&reprint.of);
        }
    }

    fn indicator(&mut self, kind: Kind, parent: &str, indicator: &Indicator, section: &Section) {
        let mut texts = vec![
            (What::Number, indicator.number.as_str()),
            (What::Name, &indicator.name),
            (What::Department, indicator.department.as_deref().unwrap_or_default()),
            (What::Target, &indicator.target),
            (What::Baseline, indicator.baseline.printed()),
            (What::Remark, &indicator.remark),
        ];
        let actuals = self.years.iter().zip(&indicator.actuals);
        texts.extend(actuals.map(|(year, actual)| (What::Actual(*year), actual.printed())));
        self.add(kind, parent, &indicator.id, &indicator.name, section.clone(), indicator.row, &texts);
    }
}
