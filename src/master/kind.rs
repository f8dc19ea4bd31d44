//! 「種別」: what kind of row it is, and which columns such a row uses.

use super::columns::Column;
use crate::plan::reading;

/// What a row of the master is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowKind {
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

impl RowKind {
    const ALL: [Self; 8] = [
        Self::Goal,
        Self::GoalIndicator,
        Self::Field,
        Self::Measure,
        Self::Kpi,
        Self::Project,
        Self::ProjectIndicator,
        Self::Reprint,
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

    /// Whether such a row says something in this column. 「種別」 and 「備考」 always may.
    pub fn uses(self, column: Column) -> bool {
        match column {
            Column::Kind | Column::Remark => true,
            Column::Id | Column::Name => self != Self::Reprint,
            Column::Number => self.has_number(),
            Column::Department => matches!(self, Self::GoalIndicator | Self::Kpi | Self::Project),
            Column::Division => self == Self::Project,
            Column::ReprintOf => self == Self::Reprint,
            Column::Purpose | Column::Content => matches!(self, Self::Project | Self::Reprint),
            Column::Target | Column::Baseline => matches!(self, Self::GoalIndicator | Self::Kpi),
            Column::Actual(_) => matches!(self, Self::GoalIndicator | Self::Kpi | Self::ProjectIndicator),
        }
    }

    /// Whether a row that ends before this column has lost something. What is an error
    /// where it is empty (ID, 名称, 再掲元) is not asked about twice.
    pub fn needs(self, column: Column) -> bool {
        match column {
            Column::Number => self.has_number(),
            Column::Department => self == Self::Project,
            Column::Target => matches!(self, Self::GoalIndicator | Self::Kpi),
            _ => false,
        }
    }

    /// Whether such a row is printed with a number.
    pub const fn has_number(self) -> bool {
        !matches!(self, Self::ProjectIndicator | Self::Reprint)
    }
}
