//! The plan (「総合戦略」「計画」): goals, fields, measures, projects and their figures.
//!
//! A `Plan` is what the master says once it has been understood, in the order in
//! which the document prints it. It knows nothing of files, pages or workbooks.
//!
//! Always true of a plan made by [`crate::master`]: every row of figures has one value
//! for each of [`Plan::years`], in that order; a [`Reprint`] names a project that
//! stands earlier in the plan; IDs are unique. Every part remembers the master's
//! row it came from, so that a finding can name it and an answer can change it.

mod date;
mod declared;
mod kind;
pub mod reading;
pub mod target;
mod total;
mod value;
mod year;

pub use date::{date_with_weekday, japanese_date};
pub use declared::{Declared, DeclaredCell};
pub use kind::RowKind;
pub use target::{Target, TargetError};
pub use total::is_total_name;
pub use value::{Quantity, Value, ValueError, Vocabulary};
pub use year::{FiscalYear, behind_era};

/// A data row of the master, counted from 0 after the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row(pub usize);

/// A whole plan (「総合戦略」).
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The years that have a column, in the order of the columns.
    pub years: Vec<FiscalYear>,
    /// The goals, in printed order.
    pub goals: Vec<Goal>,
}

/// 「基本目標」: a chapter of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// Where it stands in the master.
    pub row: Row,
    /// Such as `G1`.
    pub id: String,
    /// As printed, such as `1`.
    pub number: String,
    /// 「名称」
    pub name: String,
    /// What it says in the columns that the plan declares.
    pub declared: Declared,
    /// 「数値目標」
    pub indicators: Vec<Indicator>,
    /// 「分野」
    pub fields: Vec<Field>,
}

/// 「分野」: a section of a goal.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Where it stands in the master.
    pub row: Row,
    /// Such as `G1-A`.
    pub id: String,
    /// As printed, such as `ア`.
    pub number: String,
    /// 「名称」
    pub name: String,
    /// What it says in the columns that the plan declares.
    pub declared: Declared,
    /// 「施策」
    pub measures: Vec<Measure>,
}

/// 「施策」: a subsection; owns KPIs and projects.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Where it stands in the master.
    pub row: Row,
    /// Such as `G1-A-1`.
    pub id: String,
    /// As printed, such as `①`.
    pub number: String,
    /// 「名称」
    pub name: String,
    /// What it says in the columns that the plan declares.
    pub declared: Declared,
    /// 「KPI」
    pub indicators: Vec<Indicator>,
    /// Projects and reprints, in printed order.
    pub entries: Vec<Entry>,
}

/// What a measure lists: a project of its own or one shown again.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// 「事業」
    Project(Project),
    /// 「再掲」
    Reprint(Reprint),
}

/// 「事業」
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Where it stands in the master.
    pub row: Row,
    /// Such as `P001`. Stable for the life of the plan; two projects may bear one name.
    pub id: String,
    /// As printed: `1`, `37/38`, `40～41`, `-`.
    pub number: String,
    /// 「名称」
    pub name: String,
    /// 「担当課」, or an outside body such as 民間等.
    pub department: String,
    /// 「区分」 says 新規.
    pub is_new: bool,
    /// 「目的」
    pub purpose: String,
    /// 「内容」
    pub content: String,
    /// What it says in the columns that the plan declares.
    pub declared: Declared,
    /// 「事業量」
    pub indicators: Vec<Indicator>,
    /// 「事業費」
    pub costs: Vec<Cost>,
    /// 「備考」: for the office, never printed in the council's documents.
    pub remark: String,
}

/// 「再掲」: a project shown again under another measure.
///
/// A reference, never a copy: it has no figures of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Reprint {
    /// Where it stands in the master.
    pub row: Row,
    /// The ID of the project shown again (「再掲元」).
    pub of: String,
    /// 「目的」, only where this place words it differently.
    pub purpose: Option<String>,
    /// 「内容」, only where this place words it differently.
    pub content: Option<String>,
}

/// 「数値目標」 of a goal, 「KPI」 of a measure, 「事業量」 of a project.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Where it stands in the master.
    pub row: Row,
    /// Such as `G1-A-1-K2` or `P001-1`.
    pub id: String,
    /// As printed, such as `②`; empty for 事業量.
    pub number: String,
    /// 「名称」
    pub name: String,
    /// 「担当課」, where the master names one for this figure.
    pub department: Option<String>,
    /// 「目標」, the printed sentence; empty for 事業量.
    pub target: String,
    /// 「基準値」; not reported for 事業量.
    pub baseline: Value,
    /// 「実績」, one for each of [`Plan::years`].
    pub actuals: Vec<Value>,
    /// 「目標値」, where the master has them year by year.
    pub targets: Option<YearFigures>,
    /// What it says in the columns that the plan declares.
    pub declared: Declared,
    /// 「備考」
    pub remark: String,
}

/// 「事業費」: what a project costs, or one source of its money (国庫支出金, 一般財源, 計).
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    /// Where it stands in the master.
    pub row: Row,
    /// Such as `P001-C1`.
    pub id: String,
    /// 「名称」
    pub name: String,
    /// 「決算」, one for each of [`Plan::years`].
    pub actuals: Vec<Value>,
    /// 「予算」, where the master has it.
    pub budget: Option<YearFigures>,
    /// 「備考」
    pub remark: String,
}

/// A row of figures below another: 「予算」 below a 事業費, 「目標値」 below an indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct YearFigures {
    /// Where it stands in the master.
    pub row: Row,
    /// Such as `P001-C1-B` or `P001-1-T`.
    pub id: String,
    /// One for each of [`Plan::years`].
    pub figures: Vec<Value>,
    /// 「備考」
    pub remark: String,
}

/// What an indicator belongs to.
#[derive(Debug, Clone, Copy)]
pub enum Owner<'a> {
    /// It is a 「数値目標」.
    Goal(&'a Goal),
    /// It is a 「KPI」.
    Measure(&'a Goal, &'a Field, &'a Measure),
    /// It is a 「事業量」.
    Project(&'a Goal, &'a Field, &'a Measure, &'a Project),
}

impl<'a> Owner<'a> {
    /// What an indicator of this owner is.
    pub const fn indicator_kind(self) -> RowKind {
        match self {
            Self::Goal(_) => RowKind::GoalIndicator,
            Self::Measure(..) => RowKind::Kpi,
            Self::Project(..) => RowKind::ProjectIndicator,
        }
    }

    /// Who answers for an indicator of this owner: the department that its row names, else
    /// its project's; else the office that keeps the master, because somebody must.
    pub fn answerer(self, indicator: &'a Indicator, office: &'a str) -> &'a str {
        match (indicator.department.as_deref().map(str::trim), self) {
            (Some(named), _) if !named.is_empty() => named,
            (_, Self::Project(.., project)) => project.answerer(office),
            (_, Self::Goal(_) | Self::Measure(..)) => office,
        }
    }
}

impl Project {
    /// Who answers for it: its department, else the office that keeps the master.
    pub fn answerer<'a>(&'a self, office: &'a str) -> &'a str {
        match self.department.trim() {
            "" => office,
            department => department,
        }
    }
}

impl Plan {
    /// Every project once, in printed order; reprints are left out.
    pub fn projects(&self) -> impl Iterator<Item = &Project> {
        self.goals
            .iter()
            .flat_map(|goal| &goal.fields)
            .flat_map(|field| &field.measures)
            .flat_map(|measure| measure.projects())
    }

    /// Every indicator once, in printed order, with what it belongs to.
    pub fn indicators(&self) -> Vec<(Owner<'_>, &Indicator)> {
        let mut all = Vec::new();
        for goal in &self.goals {
            all.extend(goal.indicators.iter().map(|i| (Owner::Goal(goal), i)));
            for field in &goal.fields {
                for measure in &field.measures {
                    let owner = Owner::Measure(goal, field, measure);
                    all.extend(measure.indicators.iter().map(|i| (owner, i)));
                    for project in measure.projects() {
                        let owner = Owner::Project(goal, field, measure, project);
                        all.extend(project.indicators.iter().map(|i| (owner, i)));
                    }
                }
            }
        }
        all
    }

    /// The latest year in which any indicator has an actual.
    pub fn latest_reported(&self) -> Option<FiscalYear> {
        let all = self.indicators();
        let reported = |at: usize| all.iter().any(|(_, i)| i.actuals.get(at).is_some_and(Value::is_reported));
        (0..self.years.len()).filter(|at| reported(*at)).filter_map(|at| self.years.get(at).copied()).max()
    }

    /// The year that is meant where none is named: the latest with an actual, else the last.
    pub fn usual_year(&self) -> Option<FiscalYear> {
        self.latest_reported().or_else(|| self.years.last().copied())
    }

    /// The plan as it stood at the end of `year`: the actuals of later years are empty.
    /// 予算 and 目標値 are known before their year and stay.
    pub fn edition(mut self, year: FiscalYear) -> Self {
        let later: Vec<bool> = self.years.iter().map(|y| *y > year).collect();
        let clear = |actuals: &mut Vec<Value>| {
            for (value, later) in actuals.iter_mut().zip(&later) {
                if *later {
                    *value = Value::NotReported;
                }
            }
        };
        let clear_all = |indicators: &mut Vec<Indicator>| {
            indicators.iter_mut().for_each(|indicator| clear(&mut indicator.actuals));
        };
        for goal in &mut self.goals {
            clear_all(&mut goal.indicators);
            for measure in goal.fields.iter_mut().flat_map(|field| &mut field.measures) {
                clear_all(&mut measure.indicators);
                for entry in &mut measure.entries {
                    if let Entry::Project(project) = entry {
                        clear_all(&mut project.indicators);
                        project.costs.iter_mut().for_each(|cost| clear(&mut cost.actuals));
                    }
                }
            }
        }
        self
    }
}

impl Measure {
    /// The projects this measure owns; reprints are left out.
    pub fn projects(&self) -> impl Iterator<Item = &Project> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Project(project) => Some(project),
            Entry::Reprint(_) => None,
        })
    }
}
