//! A plan laid out flat: one item for everything that can differ.

use std::collections::BTreeMap;

use super::change::{Change, DeclaredColumn, Kind, Section, What, shown_number};
use crate::plan::{
    Cost, Declared, DeclaredCell, Entry, Field, FiscalYear, Goal, Indicator, Measure, Plan, Project, Reprint,
    Row, RowKind, Value, YearFigures,
};
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
        let texts = self.texts.iter().filter(|(what, _)| what.describes());
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

/// Everything in a plan that can differ, in printed order. `columns` are the names of the
/// declared columns of both plans, in one order for both.
pub(super) fn items(plan: &Plan, settings: &Settings, columns: &[&str]) -> Vec<Item> {
    let mut list = List { items: Vec::new(), years: &plan.years, columns };
    let title = vec![(What::Title, settings.plan.title.as_str()), (What::Name, settings.plan.name.as_str())];
    let heading = Heading { id: "", name: &settings.plan.name, row: Row(0) };
    list.add(Kind::Plan, "", heading, Section::default(), title);
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

/// What a row says, with what is empty.
type Texts<'p> = Vec<(What, &'p str)>;

struct List<'p> {
    items: Vec<Item>,
    years: &'p [FiscalYear],
    columns: &'p [&'p str],
}

impl List<'_> {
    fn add(
        &mut self,
        kind: Kind,
        parent: &str,
        heading: Heading<'_>,
        section: Section,
        texts: Texts<'_>,
    ) -> String {
        let Heading { id, name, row } = heading;
        // A thing that changed its kind under its ID is another thing.
        let key = format!("{}\u{1F}{id}", kind.word());
        let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
        self.items.push(Item {
            key: key.clone(),
            parent: parent.to_owned(),
            kind,
            id: id.to_owned(),
            name: name.to_owned(),
            section,
            row,
            texts: texts.map(|(what, text)| (what, text.to_owned())).collect(),
        });
        key
    }

    /// What a row says in the declared columns.
    fn declared<'d>(&self, declared: &'d Declared) -> Texts<'d> {
        let place = |name: &str| self.columns.iter().position(|column| *column == name);
        let text = |(name, cell): (&str, &'d DeclaredCell)| {
            let column = DeclaredColumn { place: place(name)?, name: name.to_owned() };
            Some((What::Declared(column), cell.printed()))
        };
        declared.iter().filter_map(text).collect()
    }

    /// The figures of each year.
    fn figures<'f>(&self, figures: &'f [Value], what: fn(FiscalYear) -> What) -> Texts<'f> {
        let years = self.years.iter().zip(figures);
        years.map(|(year, figure)| (what(*year), figure.printed())).collect()
    }

    fn goal(&mut self, goal: &Goal) {
        let section = Section { goal: goal.number.clone(), ..Section::default() };
        let mut texts = vec![(What::Number, goal.number.as_str()), (What::Name, &goal.name)];
        texts.extend(self.declared(&goal.declared));
        let heading = Heading { id: &goal.id, name: &goal.name, row: goal.row };
        let key = self.add(Kind::Row(RowKind::Goal), "", heading, section.clone(), texts);
        for indicator in &goal.indicators {
            self.indicator(Kind::Row(RowKind::GoalIndicator), &key, indicator, &section);
        }
        for field in &goal.fields {
            self.field(&key, field, &section);
        }
    }

    fn field(&mut self, parent: &str, field: &Field, above: &Section) {
        let section = Section { field: field.number.clone(), ..above.clone() };
        let mut texts = vec![(What::Number, field.number.as_str()), (What::Name, &field.name)];
        texts.extend(self.declared(&field.declared));
        let heading = Heading { id: &field.id, name: &field.name, row: field.row };
        let key = self.add(Kind::Row(RowKind::Field), parent, heading, section.clone(), texts);
        for measure in &field.measures {
            self.measure(&key, measure, &section);
        }
    }

    fn measure(&mut self, parent: &str, measure: &Measure, above: &Section) {
        let section = Section { measure: measure.number.clone(), ..above.clone() };
        let mut texts = vec![(What::Number, measure.number.as_str()), (What::Name, &measure.name)];
        texts.extend(self.declared(&measure.declared));
        let heading = Heading { id: &measure.id, name: &measure.name, row: measure.row };
        let key = self.add(Kind::Row(RowKind::Measure), parent, heading, section.clone(), texts);
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
        let mut texts = vec![
            (What::Number, project.number.as_str()),
            (What::Name, &project.name),
            (What::Department, &project.department),
            (What::Division, if project.is_new { "新規" } else { "" }),
            (What::Purpose, &project.purpose),
            (What::Content, &project.content),
            (What::Remark, &project.remark),
        ];
        texts.extend(self.declared(&project.declared));
        let heading = Heading { id: &project.id, name: &project.name, row: project.row };
        let key = self.add(Kind::Row(RowKind::Project), parent, heading, above.clone(), texts);
        let own = format!("事業{}「{}」", shown_number(&project.number), project.name);
        let section = Section { project: Some(own), ..above.clone() };
        for indicator in &project.indicators {
            self.indicator(Kind::Row(RowKind::ProjectIndicator), &key, indicator, &section);
        }
        for cost in &project.costs {
            self.cost(&key, cost, &section);
        }
    }

    fn reprint(&mut self, parent: &str, reprint: &Reprint, above: &Section) {
        let texts = vec![
            (What::Purpose, reprint.purpose.as_deref().unwrap_or_default()),
            (What::Content, reprint.content.as_deref().unwrap_or_default()),
        ];
        let id = format!("{parent}{}", reprint_key(&reprint.of));
        let heading = Heading { id: &id, name: &reprint.of, row: reprint.row };
        self.add(Kind::Row(RowKind::Reprint), parent, heading, above.clone(), texts);
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
        texts.extend(self.figures(&indicator.actuals, What::Actual));
        texts.extend(self.declared(&indicator.declared));
        let heading = Heading { id: &indicator.id, name: &indicator.name, row: indicator.row };
        let key = self.add(kind, parent, heading, section.clone(), texts);
        if let Some(targets) = &indicator.targets {
            self.year_figures(RowKind::YearTarget, &key, &indicator.name, targets, section);
        }
    }

    fn cost(&mut self, parent: &str, cost: &Cost, section: &Section) {
        let mut texts = vec![(What::Name, cost.name.as_str()), (What::Remark, &cost.remark)];
        texts.extend(self.figures(&cost.actuals, What::Settled));
        let heading = Heading { id: &cost.id, name: &cost.name, row: cost.row };
        let key = self.add(Kind::Row(RowKind::Cost), parent, heading, section.clone(), texts);
        if let Some(budget) = &cost.budget {
            self.year_figures(RowKind::Budget, &key, &cost.name, budget, section);
        }
    }

    /// 「予算」 or 「目標値」 below a row of this name.
    fn year_figures(
        &mut self,
        kind: RowKind,
        parent: &str,
        name: &str,
        row: &YearFigures,
        section: &Section,
    ) {
        let what = if kind == RowKind::Budget { What::Budgeted } else { What::Targeted };
        let mut texts = self.figures(&row.figures, what);
        texts.push((What::Remark, &row.remark));
        let heading = Heading { id: &row.id, name, row: row.row };
        self.add(Kind::Row(kind), parent, heading, section.clone(), texts);
    }
}
