//! A plan laid out flat: one item for everything that can differ.

use std::collections::BTreeMap;

use super::change::{Change, Kind, Section, What, shown_number};
use crate::plan::{Entry, Field, FiscalYear, Goal, Indicator, Measure, Plan, Project, Reprint, Row, RowKind};
use crate::settings::Settings;

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
    let heading = Heading { id: "", name: &settings.plan.name, row: Row(0) };
    list.add(Kind::Plan, "", heading, Section::default(), &title);
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

fn reprint_key(of: &str) -> String {
    format!("\u{1F}{of}")
}

/// What every row of a plan bears.
struct Heading<'p> {
    id: &'p str,
    name: &'p str,
    row: Row,
}

struct List<'p> {
    items: Vec<Item>,
    years: &'p [FiscalYear],
}

impl List<'_> {
    fn add(
        &mut self,
        kind: Kind,
        parent: &str,
        heading: Heading<'_>,
        section: Section,
        texts: &[(What, &str)],
    ) -> String {
        let Heading { id, name, row } = heading;
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
        let heading = Heading { id: &goal.id, name: &goal.name, row: goal.row };
        let key = self.add(Kind::Row(RowKind::Goal), "", heading, section.clone(), &texts);
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
        let heading = Heading { id: &field.id, name: &field.name, row: field.row };
        let key = self.add(Kind::Row(RowKind::Field), parent, heading, section.clone(), &texts);
        for measure in &field.measures {
            self.measure(&key, measure, &section);
        }
    }

    fn measure(&mut self, parent: &str, measure: &Measure, above: &Section) {
        let section = Section { measure: measure.number.clone(), ..above.clone() };
        let texts = [(What::Number, measure.number.as_str()), (What::Name, &measure.name)];
        let heading = Heading { id: &measure.id, name: &measure.name, row: measure.row };
        let key = self.add(Kind::Row(RowKind::Measure), parent, heading, section.clone(), &texts);
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
        let heading = Heading { id: &project.id, name: &project.name, row: project.row };
        let key = self.add(Kind::Row(RowKind::Project), parent, heading, above.clone(), &texts);
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
        let heading = Heading { id: &id, name: &reprint.of, row: reprint.row };
        self.add(Kind::Row(RowKind::Reprint), parent, heading, above.clone(), &texts);
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
        let heading = Heading { id: &indicator.id, name: &indicator.name, row: indicator.row };
        self.add(kind, parent, heading, section.clone(), &texts);
    }
}
