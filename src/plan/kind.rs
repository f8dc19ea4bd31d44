//! 「種別」: what kinds of rows a plan has.
//!
//! An *indicator* is any row with figures: a goal's (数値目標), a KPI, a project's (事業量).

use std::fmt;

use serde::Serialize;

use super::reading;

/// What a row of the plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
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
    /// 「事業費」: money of a 事業 in a row of its own, such as 国庫支出金
    Cost,
    /// 「予算」 of a 事業費
    Budget,
    /// 「目標値」 of an indicator, year by year
    YearTarget,
}

impl RowKind {
    const ALL: [Self; 11] = [
        Self::Goal,
        Self::GoalIndicator,
        Self::Field,
        Self::Measure,
        Self::Kpi,
        Self::Project,
        Self::ProjectIndicator,
        Self::Reprint,
        Self::Cost,
        Self::Budget,
        Self::YearTarget,
    ];

    /// As the master writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Goal => "基本目標",
            Self::GoalIndicator => "数値目標",
            Self::Field => "分野",
            Self::Measure => "施策",
            Self::Kpi => "KPI",
            Self::Project => "事業",
            Self::ProjectIndicator => "事業量",
            Self::Reprint => "再掲",
            Self::Cost => "事業費",
            Self::Budget => "予算",
            Self::YearTarget => "目標値",
        }
    }

    /// Every word that may stand in 「種別」.
    pub fn words() -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().map(Self::word)
    }

    /// Reads 「種別」; width, case and stray blanks do not count.
    pub fn parse(text: &str) -> Option<Self> {
        let folded = reading::key(text);
        Self::ALL.into_iter().find(|kind| folded.eq_ignore_ascii_case(kind.word()))
    }

    /// Whether such a row is printed with a number.
    pub const fn has_number(self) -> bool {
        matches!(
            self,
            Self::Goal | Self::GoalIndicator | Self::Field | Self::Measure | Self::Kpi | Self::Project
        )
    }

    /// Whether such a row has a name of its own: a 再掲 has its project's, a 予算 or 目標値
    /// that of the row above it.
    pub const fn has_name(self) -> bool {
        !matches!(self, Self::Reprint | Self::Budget | Self::YearTarget)
    }

    /// Whether such a row has a figure for each year.
    pub const fn has_years(self) -> bool {
        self.is_indicator() || matches!(self, Self::Cost | Self::Budget | Self::YearTarget)
    }

    /// Whether such a row is an indicator's.
    pub const fn is_indicator(self) -> bool {
        matches!(self, Self::GoalIndicator | Self::Kpi | Self::ProjectIndicator)
    }

    /// Whether a plan may declare a column (`[[fields]]`) for such rows.
    pub const fn may_declare(self) -> bool {
        self.is_indicator() || matches!(self, Self::Goal | Self::Field | Self::Measure | Self::Project)
    }
}

/// Its word.
impl fmt::Display for RowKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
