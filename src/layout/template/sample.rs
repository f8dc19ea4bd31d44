//! A plan that says what its parts are called, so that a page shows which mark stands where.
//!
//! A text is the mark that takes it from anywhere below: `{施策.名称}`. Figures stand in narrow
//! columns and say their name alone: `{実績}`.

use std::collections::BTreeSet;

use super::{Level, Name, PartSpec, Template};
use crate::plan::{
    Cost, Declared, DeclaredCell, Entry, Field, FiscalYear, Goal, Indicator, Measure, Plan, Project, Row,
    Value, YearFigures,
};
use crate::settings::{FieldForm, FieldSettings, Settings};

/// What is printed after the title.
pub const TITLE: &str = "（様式の見本）";

/// What 「注記」 says.
pub const NOTE: &str = "{注記}";

/// The money of a plan whose template names none.
const COSTS: [&str; 3] = ["国庫支出金", "一般財源", "計"];

/// Makes the parts of the plan.
struct Sample<'a> {
    template: &'a Template,
    fields: &'a [FieldSettings],
    years: Vec<FiscalYear>,
    rows: usize,
}

/// A plan of one 基本目標 with one 分野 and 施策, and two of what is below, for a template and
/// the columns that a plan declares.
pub fn plan(template: &Template, fields: &[FieldSettings], years: Vec<FiscalYear>) -> Plan {
    let mut sample = Sample { template, fields, years, rows: 0 };
    let goals = vec![sample.goal()];
    Plan { years: sample.years, goals }
}

/// The settings of a plan with its names in place of the plan's own.
pub fn settings(of: &Settings) -> Settings {
    let mut own = of.clone();
    let mark = |name: Name| format!("{{{}}}", name.word());
    own.plan.name = mark(Name::PlanName);
    own.plan.title = format!("{}{TITLE}", mark(Name::Title));
    own.plan.city = mark(Name::City);
    own.plan.office = mark(Name::Office);
    own.document.number = mark(Name::DocumentNumber);
    own
}

impl Sample<'_> {
    fn row(&mut self) -> Row {
        self.rows += 1;
        Row(self.rows - 1)
    }

    fn goal(&mut self) -> Goal {
        let level = Level::Goal;
        Goal {
            row: self.row(),
            id: text(level, &Name::Id),
            number: text(level, &Name::Number),
            name: text(level, &Name::Name),
            declared: self.declared(level),
            indicators: vec![self.indicator(Level::GoalIndicator)],
            fields: vec![self.field()],
        }
    }

    fn field(&mut self) -> Field {
        let level = Level::Field;
        Field {
            row: self.row(),
            id: text(level, &Name::Id),
            number: text(level, &Name::Number),
            name: text(level, &Name::Name),
            declared: self.declared(level),
            measures: vec![self.measure()],
        }
    }

    fn measure(&mut self) -> Measure {
        let level = Level::Measure;
        Measure {
            row: self.row(),
            id: text(level, &Name::Id),
            number: text(level, &Name::Number),
            name: text(level, &Name::Name),
            declared: self.declared(level),
            indicators: vec![self.indicator(Level::Kpi), self.indicator(Level::Kpi)],
            entries: vec![Entry::Project(self.project(true)), Entry::Project(self.project(false))],
        }
    }

    fn project(&mut self, is_new: bool) -> Project {
        let level = Level::Project;
        let level_text = |name: Name| text(level, &name);
        Project {
            row: self.row(),
            // Projects are found by their IDs.
            id: format!("{}{}", level_text(Name::Id), if is_new { "" } else { "2" }),
            number: level_text(Name::Number),
            name: level_text(Name::Name),
            department: level_text(Name::Department),
            is_new,
            purpose: level_text(Name::Purpose),
            content: level_text(Name::Content),
            declared: self.declared(level),
            indicators: vec![
                self.indicator(Level::ProjectIndicator),
                self.indicator(Level::ProjectIndicator),
            ],
            costs: self.costs(),
            remark: String::new(),
        }
    }

    fn indicator(&mut self, level: Level) -> Indicator {
        let said = |name: Name| if name.is_of(level) { text(level, &name) } else { String::new() };
        Indicator {
            row: self.row(),
            id: said(Name::Id),
            number: said(Name::Number),
            name: said(Name::Name),
            department: Some(said(Name::Department)),
            target: said(Name::Target),
            baseline: if Name::Baseline.is_of(level) { figure(&Name::Baseline) } else { Value::NotReported },
            actuals: self.figures(&Name::Actual),
            targets: Some(self.year_figures(&Name::YearTarget)),
            declared: self.declared(level),
            remark: String::new(),
        }
    }

    /// The money that the template names.
    fn costs(&mut self) -> Vec<Cost> {
        let parts = self.template.blocks.iter().flat_map(|block| &block.parts);
        let marks = parts.flat_map(PartSpec::own_cells).flat_map(|cell| cell.text.marks());
        let named: BTreeSet<&str> = marks.filter_map(|mark| mark.cost.as_deref()).collect();
        let names: Vec<String> = match named.is_empty() {
            true => COSTS.map(str::to_owned).into(),
            false => named.into_iter().map(str::to_owned).collect(),
        };
        names.into_iter().map(|name| self.cost(name)).collect()
    }

    fn cost(&mut self, name: String) -> Cost {
        Cost {
            row: self.row(),
            id: text(Level::Cost, &Name::Id),
            name,
            actuals: self.figures(&Name::CostActual),
            budget: Some(self.year_figures(&Name::CostBudget)),
            remark: String::new(),
        }
    }

    fn year_figures(&mut self, name: &Name) -> YearFigures {
        let figures = self.figures(name);
        YearFigures { row: self.row(), id: String::new(), figures, remark: String::new() }
    }

    fn figures(&self, name: &Name) -> Vec<Value> {
        self.years.iter().map(|_| figure(name)).collect()
    }

    /// The columns that the plan declares for records of a level, and those that the template
    /// takes for declared.
    fn declared(&self, level: Level) -> Declared {
        let is_own = |field: &&FieldSettings| level.row_kind().is_some_and(|kind| field.rows.contains(&kind));
        let of_plan: Vec<&FieldSettings> = self.fields.iter().filter(is_own).collect();
        let used = self.template.declared.iter().filter(|used| used.level == level);
        let used: BTreeSet<&str> = used.map(|used| used.name.as_str()).collect();
        let is_known = |name: &&str| of_plan.iter().any(|field| field.name == *name);
        let others = used.into_iter().filter(|name| !is_known(name)).map(|name| (name, FieldForm::Text));
        let all = of_plan.iter().map(|field| (field.name.as_str(), field.form)).chain(others);
        let cell = |(name, form): (&str, FieldForm)| {
            let own = Name::Declared(name.to_owned());
            let cell = match form {
                FieldForm::Number => DeclaredCell::Figure(figure(&own)),
                FieldForm::Text | FieldForm::Choice => DeclaredCell::Text(text(level, &own)),
            };
            (name.to_owned(), cell)
        };
        Declared::new(all.map(cell).collect())
    }
}

/// `{施策.名称}`
fn text(level: Level, name: &Name) -> String {
    format!("{{{}.{}}}", level.word(), name.word())
}

/// `{実績}`
fn figure(name: &Name) -> Value {
    Value::Text(format!("{{{}}}", name.word()))
}
