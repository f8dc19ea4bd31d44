//! Records: what a block is printed for, with all that it belongs to.

use std::collections::HashMap;

use crate::layout::template::Level;
use crate::plan::{Cost, Declared, Entry, Field, Goal, Indicator, Measure, Plan, Project, Reprint, Row};

/// The projects of a plan by their IDs, for those that are shown again.
pub type Projects<'p> = HashMap<&'p str, &'p Project>;

/// Something of the plan, and what it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Record<'p> {
    /// What it is.
    pub level: Level,
    /// 「基本目標」
    pub goal: Option<&'p Goal>,
    /// 「分野」
    pub field: Option<&'p Field>,
    /// 「施策」
    pub measure: Option<&'p Measure>,
    /// 「事業」
    pub project: Option<&'p Project>,
    /// The 再掲 by which the project stands here.
    pub reprint: Option<&'p Reprint>,
    /// 「数値目標」「KPI」「事業量」
    pub indicator: Option<&'p Indicator>,
    /// 「事業費」
    pub cost: Option<&'p Cost>,
}

impl<'p> Record<'p> {
    /// The plan as a whole.
    pub const PLAN: Self = Self {
        level: Level::Plan,
        goal: None,
        field: None,
        measure: None,
        project: None,
        reprint: None,
        indicator: None,
        cost: None,
    };

    fn goal(goal: &'p Goal) -> Self {
        Self { level: Level::Goal, goal: Some(goal), ..Self::PLAN }
    }

    /// The records of a level that belong to this one, in printed order; reprints of projects
    /// only where they are wanted.
    pub fn below(self, level: Level, plan: &'p Plan, projects: &Projects<'p>, reprints: bool) -> Vec<Self> {
        let mut found = Vec::new();
        self.collect(level, plan, projects, reprints, &mut found);
        found
    }

    fn collect(
        self,
        level: Level,
        plan: &'p Plan,
        projects: &Projects<'p>,
        reprints: bool,
        found: &mut Vec<Self>,
    ) {
        if self.level == level {
            found.push(self);
            return;
        }
        // One step towards the level that is wanted.
        let Some(next) = std::iter::successors(Some(level), |level| level.parent())
            .find(|step| step.parent() == Some(self.level))
        else {
            return;
        };
        for child in self.children(next, plan, projects, reprints) {
            child.collect(level, plan, projects, reprints, found);
        }
    }

    /// The records right below this one of a level.
    fn children(self, level: Level, plan: &'p Plan, projects: &Projects<'p>, reprints: bool) -> Vec<Self> {
        let with = |indicator| Self { level, indicator: Some(indicator), ..self };
        match level {
            Level::Plan => Vec::new(),
            Level::Goal => plan.goals.iter().map(Self::goal).collect(),
            Level::GoalIndicator => {
                self.goal.map_or(&[][..], |goal| &goal.indicators).iter().map(with).collect()
            }
            Level::Field => {
                let fields = self.goal.map_or(&[][..], |goal| &goal.fields);
                fields.iter().map(|field| Self { level, field: Some(field), ..self }).collect()
            }
            Level::Measure => {
                let measures = self.field.map_or(&[][..], |field| &field.measures);
                measures.iter().map(|measure| Self { level, measure: Some(measure), ..self }).collect()
            }
            Level::Kpi => {
                self.measure.map_or(&[][..], |measure| &measure.indicators).iter().map(with).collect()
            }
            Level::Project => {
                let entries = self.measure.map_or(&[][..], |measure| &measure.entries);
                let record = |entry: &'p Entry| match entry {
                    Entry::Project(project) => Some(Self { level, project: Some(project), ..self }),
                    Entry::Reprint(reprint) if reprints => {
                        let project = projects.get(reprint.of.as_str()).copied()?;
                        Some(Self { level, project: Some(project), reprint: Some(reprint), ..self })
                    }
                    Entry::Reprint(_) => None,
                };
                entries.iter().filter_map(record).collect()
            }
            Level::ProjectIndicator => {
                self.project.map_or(&[][..], |project| &project.indicators).iter().map(with).collect()
            }
            Level::Cost => {
                let costs = self.project.map_or(&[][..], |project| &project.costs);
                costs.iter().map(|cost| Self { level, cost: Some(cost), ..self }).collect()
            }
        }
    }

    /// What this belongs to at a level, or this itself.
    pub fn at(self, level: Level) -> Self {
        let (indicator, cost) = match level == self.level {
            true => (self.indicator, self.cost),
            false => (None, None),
        };
        Self { level, indicator, cost, ..self }
    }

    /// The row of the master in which it stands; that of the project for one shown again.
    pub fn row(self) -> Option<Row> {
        match self.level {
            Level::Plan => None,
            Level::Goal => self.goal.map(|goal| goal.row),
            Level::Field => self.field.map(|field| field.row),
            Level::Measure => self.measure.map(|measure| measure.row),
            Level::Project => self.project.map(|project| project.row),
            Level::GoalIndicator | Level::Kpi | Level::ProjectIndicator => {
                self.indicator.map(|indicator| indicator.row)
            }
            Level::Cost => self.cost.map(|cost| cost.row),
        }
    }

    /// Its row and its ID, by which a message names it; those of the 再掲 for one shown again.
    pub fn identity(self) -> (Row, &'p str) {
        let id = match self.level {
            Level::Plan => None,
            Level::Goal => self.goal.map(|goal| goal.id.as_str()),
            Level::Field => self.field.map(|field| field.id.as_str()),
            Level::Measure => self.measure.map(|measure| measure.id.as_str()),
            Level::Project => self.project.map(|project| project.id.as_str()),
            Level::GoalIndicator | Level::Kpi | Level::ProjectIndicator => {
                self.indicator.map(|indicator| indicator.id.as_str())
            }
            Level::Cost => self.cost.map(|cost| cost.id.as_str()),
        };
        let reprint = self.reprint.filter(|_| self.level == Level::Project).map(|reprint| reprint.row);
        (reprint.or(self.row()).unwrap_or(Row(0)), id.unwrap_or_default())
    }

    /// What it says in the columns that the plan declares.
    pub fn declared(self) -> Option<&'p Declared> {
        match self.level {
            Level::Plan | Level::Cost => None,
            Level::Goal => self.goal.map(|goal| &goal.declared),
            Level::Field => self.field.map(|field| &field.declared),
            Level::Measure => self.measure.map(|measure| &measure.declared),
            Level::Project => self.project.map(|project| &project.declared),
            Level::GoalIndicator | Level::Kpi | Level::ProjectIndicator => {
                self.indicator.map(|indicator| &indicator.declared)
            }
        }
    }
}
