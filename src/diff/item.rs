//! A plan laid out flat: one item for everything that can differ.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use super::{Change, What};
use crate::plan::{Entry, Field, FiscalYear, Goal, Indicator, Measure, Plan, Project, Reprint, Row, RowKind};
use crate::settings::Settings;

/// What a thing that differs is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The plan as a whole.
    Plan,
    /// A row of it.
    Row(RowKind),
}

impl Kind {
    /// As the master writes it; 「計画」.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plan => "計画",
            Self::Row(kind) => kind.word(),
        }
    }
}

/// `plan`, or the row's kind.
impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plan => serializer.serialize_str("plan"),
            Self::Row(kind) => kind.serialize(serializer),
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
        if self.kind == Kind::Row(RowKind::Reprint) {
            format!("{}\n{all}", self.name).trim_end().to_owned()
        } else {
            all
        }
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
        for item in list
            .items
            .iter_mut()
            .filter(|item| item.kind == Kind::Row(RowKind::Reprint) && item.key.ends_with(&key))
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
        let key =
            self.add(Kind::Row(RowKind::Goal), "", &goal.id, &goal.name, section.clone(), goal.row, &texts);
        for indicator in &goal.indicators {
            self.indicator(Kind::Row(RowKind::GoalIndicator), &key, indicator, &section);
        }
        for field in &goal.fields {
            self.field(&key, field, &section);
        }
    }

    fn field(&mut self, parent: &str, field: &Field, above: &Section) {
        let section = Section { field: field.number.clone(), ..above.clone() };
        let texts = [(What::Number, field.number.as_str()), (What::Name, &field.name)];
        let key = self.add(
            Kind::Row(RowKind::Field),
            parent,
            &field.id,
            &field.name,
            section.clone(),
            field.row,
            &texts,
        );
        for measure in &field.measures {
            self.measure(&key, measure, &section);
        }
    }

    fn measure(&mut self, parent: &str, measure: &Measure, above: &Section) {
        let section = Section { measure: measure.number.clone(), ..above.clone() };
        let texts = [(What::Number, measure.number.as_str()), (What::Name, &measure.name)];
        let (kind, row) = (Kind::Row(RowKind::Measure), measure.row);
        let key = self.add(kind, parent, &measure.id, &measure.name, section.clone(), row, &texts);
        for indicator in &measure.indicators {
            self.indicator(Kind::Row(RowKind::Kpi), &key, indicator, &section);
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
        let (kind, row) = (Kind::Row(RowKind::Project), project.row);
        let key = self.add(kind, parent, &project.id, &project.name, above.clone(), row, &texts);
        let own = format!("事業{}「{}」", shown_number(&project.number), project.name);
        let section = Section { project: Some(own), ..above.clone() };
        for indicator in &project.indicators {
            self.indicator(Kind::Row(RowKind::ProjectIndicator), &key, indicator, &section);
        }
    }

    fn reprint(&mut self, parent: &str, reprint: &Reprint, above: &Section) {
        let texts = [
            (What::Purpose, reprint.purpose.as_deref().unwrap_or_default()),
            (What::Content, reprint.content.as_deref().unwrap_or_default()),
        ];
        let id = format!("{parent}{}", reprint_key(&reprint.of));
        self.add(Kind::Row(RowKind::Reprint), parent, &id, &reprint.of, above.clone(), reprint.row, &texts);
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
