//! The rows of the table, before they are cells: what of the plan has figures, or words in the
//! columns that the plan declares.

use crate::plan::{
    Cost, Declared, Entry, Field, Goal, Indicator, Measure, Plan, Project, RowKind, Value, YearFigures,
};
use crate::settings::Settings;

/// A row of the plan that is a row of the table. What such a row does not have by its nature is
/// empty, or `None` where it is a figure.
pub(super) struct Record<'p> {
    pub kind: RowKind,
    pub id: &'p str,
    /// The ID of what a 事業費, a 予算 or a 目標値 is of.
    pub of: &'p str,
    pub place: Place<'p>,
    pub department: &'p str,
    /// 「番号」 and 「名称」 of an indicator or a 事業費
    pub number: &'p str,
    pub name: &'p str,
    pub target: &'p str,
    pub baseline: Option<&'p Value>,
    /// One for each year.
    pub figures: Option<&'p [Value]>,
    pub declared: Option<&'p Declared>,
}

/// The headings above a row, with its own where it is one.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub goal: &'p Goal,
    pub field: Option<&'p Field>,
    pub measure: Option<&'p Measure>,
    pub project: Option<&'p Project>,
}

/// The rows of the table in the order of the printed document: every row with figures, and the
/// headings (基本目標, 分野, 施策, 事業) for which the plan declares columns.
pub(super) fn records<'p>(plan: &'p Plan, settings: &'p Settings) -> Vec<Record<'p>> {
    let mut walk = Walk { settings, records: Vec::new() };
    for goal in &plan.goals {
        let place = Place { goal, field: None, measure: None, project: None };
        walk.heading(RowKind::Goal, &goal.id, place, &goal.declared);
        walk.indicators(RowKind::GoalIndicator, &goal.indicators, place);
        for field in &goal.fields {
            let place = Place { field: Some(field), ..place };
            walk.heading(RowKind::Field, &field.id, place, &field.declared);
            for measure in &field.measures {
                walk.measure(measure, Place { measure: Some(measure), ..place });
            }
        }
    }
    walk.records
}

struct Walk<'p> {
    settings: &'p Settings,
    records: Vec<Record<'p>>,
}

impl<'p> Walk<'p> {
    fn measure(&mut self, measure: &'p Measure, place: Place<'p>) {
        self.heading(RowKind::Measure, &measure.id, place, &measure.declared);
        self.indicators(RowKind::Kpi, &measure.indicators, place);
        for entry in &measure.entries {
            let Entry::Project(project) = entry else { continue };
            let place = Place { project: Some(project), ..place };
            self.heading(RowKind::Project, &project.id, place, &project.declared);
            self.indicators(RowKind::ProjectIndicator, &project.indicators, place);
            for cost in &project.costs {
                self.cost(project, cost, place);
            }
        }
    }

    /// A heading has no figures; it is a row where the plan declares a column for its like.
    fn heading(&mut self, kind: RowKind, id: &'p str, place: Place<'p>, declared: &'p Declared) {
        if self.settings.fields.iter().any(|field| field.rows.contains(&kind)) {
            self.records.push(Record { declared: Some(declared), ..Record::new(kind, id, place) });
        }
    }

    fn indicators(&mut self, kind: RowKind, indicators: &'p [Indicator], place: Place<'p>) {
        for indicator in indicators {
            let record = Record::new(kind, &indicator.id, place);
            // 事業量 has no baseline by its nature: nobody owes a report.
            let owed = kind != RowKind::ProjectIndicator || indicator.baseline.is_reported();
            self.records.push(Record {
                department: indicator.department.as_deref().unwrap_or(record.department),
                number: &indicator.number,
                name: &indicator.name,
                target: &indicator.target,
                baseline: owed.then_some(&indicator.baseline),
                figures: Some(&indicator.actuals),
                declared: Some(&indicator.declared),
                ..record
            });
            self.year_figures(RowKind::YearTarget, indicator.targets.as_ref());
        }
    }

    fn cost(&mut self, project: &'p Project, cost: &'p Cost, place: Place<'p>) {
        self.records.push(Record {
            of: &project.id,
            name: &cost.name,
            figures: Some(&cost.actuals),
            ..Record::new(RowKind::Cost, &cost.id, place)
        });
        self.year_figures(RowKind::Budget, cost.budget.as_ref());
    }

    /// 「予算」 or 「目標値」 of the row before, whose number and name it bears.
    fn year_figures(&mut self, kind: RowKind, row: Option<&'p YearFigures>) {
        let (Some(row), Some(of)) = (row, self.records.last()) else { return };
        let record = Record {
            of: of.id,
            department: of.department,
            number: of.number,
            name: of.name,
            figures: Some(&row.figures),
            ..Record::new(kind, &row.id, of.place)
        };
        self.records.push(record);
    }
}

impl<'p> Record<'p> {
    fn new(kind: RowKind, id: &'p str, place: Place<'p>) -> Self {
        Self {
            kind,
            id,
            of: "",
            place,
            department: place.project.map_or("", |project| &project.department),
            number: "",
            name: "",
            target: "",
            baseline: None,
            figures: None,
            declared: None,
        }
    }

    /// The baseline, then the figure of each year; `None` for what such a row has not.
    pub fn values(&self, years: usize) -> Vec<Option<&'p Value>> {
        // A short list of figures would shift all cells after it: every year has its value.
        let of_year = |at: usize| self.figures.map(|all| all.get(at).unwrap_or(&Value::NotReported));
        std::iter::once(self.baseline).chain((0..years).map(of_year)).collect()
    }
}
