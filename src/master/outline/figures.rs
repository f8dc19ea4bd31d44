//! Rows of figures: indicators, 事業費, and the 予算 and 目標値 below them.

use super::{Level, Outline, shortened};
use crate::finding::{StructureRule, ValueRule};
use crate::master::columns::Column;
use crate::plan::{Cost, Entry, FiscalYear, Indicator, Project, Row, RowKind, Value, YearFigures, reading};

/// What stands above a row, for a 予算 or 目標値 that belongs right below it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Above {
    /// Something to which neither belongs.
    #[default]
    Other,
    /// A row whose kind nobody knows; that was reported.
    Unknown,
    /// A row that may have one, or that and the one it has.
    Series(Series),
}

/// A row that may have a row of further figures below it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Series {
    row: Row,
    kind: RowKind,
    /// Whether it has a place in the plan.
    level: Level,
    /// The 予算 or 目標値 it has.
    further: Option<Row>,
}

impl Outline<'_> {
    pub(super) fn indicator(&mut self, row: Row, kind: RowKind) {
        let level = match kind {
            RowKind::GoalIndicator => {
                if self.field != Level::Missing && self.goal == Level::Open {
                    self.out_of_order(row, kind, RowKind::Field);
                }
                self.under(self.goal, row, kind, RowKind::Goal)
            }
            RowKind::Kpi => {
                if !self.entries.is_empty() && self.measure == Level::Open {
                    self.out_of_order(row, kind, RowKind::Project);
                }
                self.under(self.measure, row, kind, RowKind::Measure)
            }
            _ => self.under_project(row, kind),
        };
        let is_of_project = kind == RowKind::ProjectIndicator;
        let department = if is_of_project { String::new() } else { self.department(row) };
        let indicator = Indicator {
            row,
            id: self.key(row, Column::Id),
            number: if is_of_project { String::new() } else { self.text(row, Column::Number) },
            name: self.text(row, Column::Name),
            department: (!department.is_empty()).then_some(department),
            target: if is_of_project { String::new() } else { self.text(row, Column::Target) },
            baseline: if is_of_project { Value::NotReported } else { self.value(row, Column::Baseline) },
            actuals: self.years_of(row),
            targets: None,
            declared: self.declared(row, kind),
            remark: self.text(row, Column::Remark),
        };
        self.series = Above::Series(Series { row, kind, level, further: None });
        if level == Level::Open
            && let Some(indicators) = self.indicators_of(kind)
        {
            indicators.push(indicator);
        }
    }

    pub(super) fn cost(&mut self, row: Row) {
        let kind = RowKind::Cost;
        let level = self.under_project(row, kind);
        let cost = Cost {
            row,
            id: self.key(row, Column::Id),
            name: self.text(row, Column::Name),
            actuals: self.years_of(row),
            budget: None,
            remark: self.text(row, Column::Remark),
        };
        self.series = Above::Series(Series { row, kind, level, further: None });
        let name = reading::key(&cost.name);
        match self.costs.get(&name) {
            _ if name.is_empty() || level != Level::Open => {}
            Some(first) => {
                let (name, line) = (shortened(&cost.name), self.source.line(*first));
                self.report(row, Column::Name, StructureRule::DuplicateCost { name, line });
            }
            None => {
                self.costs.insert(name, row);
            }
        }
        if level == Level::Open
            && let Some(project) = self.project_being_read()
        {
            project.costs.push(cost);
        }
    }

    /// 予算 or 目標値: of the row right above it.
    pub(super) fn further_figures(&mut self, row: Row, kind: RowKind) {
        let figures = YearFigures {
            row,
            id: self.key(row, Column::Id),
            figures: self.years_of(row),
            remark: self.text(row, Column::Remark),
        };
        let may_have = |above: RowKind| match kind {
            RowKind::Budget => above == RowKind::Cost,
            _ => above.is_indicator(),
        };
        let series = match self.series {
            Above::Series(series) if may_have(series.kind) => series,
            Above::Unknown => return,
            Above::Series(_) | Above::Other => {
                return self.report(row, Column::Kind, StructureRule::NotBelowItsRow { kind });
            }
        };
        if let Some(first) = series.further {
            let line = self.source.line(first);
            return self.report(row, Column::Kind, StructureRule::SecondFigures { kind, line });
        }
        self.same_name(row, kind, series.row);
        self.series = Above::Series(Series { further: Some(row), ..series });
        if series.level != Level::Open {
            return;
        }
        if kind == RowKind::Budget {
            if let Some(cost) = self.project_being_read().and_then(|project| project.costs.last_mut()) {
                cost.budget = Some(figures);
            }
        } else if let Some(indicator) = self.indicators_of(series.kind).and_then(|all| all.last_mut()) {
            indicator.targets = Some(figures);
        }
    }

    /// The name that such a row may repeat is that of the row it belongs to.
    fn same_name(&mut self, row: Row, kind: RowKind, above: Row) {
        let [name, above] = [row, above].map(|row| self.text(row, Column::Name));
        let is_same = reading::key(&name) == reading::key(&above);
        if !name.is_empty() && !super::is_dash(&name) && !is_same && !self.shifted.contains(&row) {
            let (name, above) = (shortened(&name), shortened(&above));
            self.report(row, Column::Name, StructureRule::NameOfOther { kind, name, above });
        }
    }

    /// The level of a row under a project; reports where there is none above.
    fn under_project(&mut self, row: Row, kind: RowKind) -> Level {
        if self.last == Some(RowKind::Reprint) && self.project == Level::Missing {
            self.out_of_order(row, kind, RowKind::Reprint);
            self.project = Level::Lost;
            return Level::Lost;
        }
        self.under(self.project, row, kind, RowKind::Project)
    }

    /// The indicators to which those of a kind are being added.
    fn indicators_of(&mut self, kind: RowKind) -> Option<&mut Vec<Indicator>> {
        match kind {
            RowKind::GoalIndicator => self.goals.last_mut().map(|goal| &mut goal.indicators),
            RowKind::Kpi => self.open_measure().map(|measure| &mut measure.indicators),
            _ => self.project_being_read().map(|project| &mut project.indicators),
        }
    }

    fn project_being_read(&mut self) -> Option<&mut Project> {
        match self.open_measure()?.entries.last_mut()? {
            Entry::Project(project) => Some(project),
            Entry::Reprint(_) => None,
        }
    }

    /// A row's figures, one for each year.
    fn years_of(&mut self, row: Row) -> Vec<Value> {
        let years: Vec<FiscalYear> = self.years.clone();
        years.into_iter().map(|year| self.value(row, Column::Actual(year))).collect()
    }

    pub(super) fn value(&mut self, row: Row, column: Column) -> Value {
        if self.shifted.contains(&row) {
            return Value::NotReported;
        }
        let text = self.text(row, column);
        match Value::parse(&text, &self.vocabulary) {
            Ok(value) => value,
            Err(why) => {
                let text = shortened(&text);
                self.report(row, column, ValueRule::UnreadableValue { text, why });
                Value::NotReported
            }
        }
    }
}
