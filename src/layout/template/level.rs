//! The levels of a plan, as a template names them: what a block is printed for, what its
//! rows are repeated for, what a mark belongs to.

use crate::plan::RowKind;

/// A level of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// 「計画」: the plan as a whole.
    Plan,
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
    /// 「事業費」
    Cost,
}

impl Level {
    /// From the highest to the lowest.
    pub const ALL: [Self; 9] = [
        Self::Plan,
        Self::Goal,
        Self::GoalIndicator,
        Self::Field,
        Self::Measure,
        Self::Kpi,
        Self::Project,
        Self::ProjectIndicator,
        Self::Cost,
    ];

    /// As a template writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plan => "計画",
            Self::Goal => RowKind::Goal.word(),
            Self::GoalIndicator => RowKind::GoalIndicator.word(),
            Self::Field => RowKind::Field.word(),
            Self::Measure => RowKind::Measure.word(),
            Self::Kpi => RowKind::Kpi.word(),
            Self::Project => RowKind::Project.word(),
            Self::ProjectIndicator => RowKind::ProjectIndicator.word(),
            Self::Cost => RowKind::Cost.word(),
        }
    }

    /// The level of this name; `ＫＰＩ` is `KPI`.
    pub fn parse(word: &str) -> Option<Self> {
        let folded = crate::plan::reading::key(word);
        Self::ALL.into_iter().find(|level| folded.eq_ignore_ascii_case(level.word()))
    }

    /// What it belongs to; `None` for the plan.
    pub const fn parent(self) -> Option<Self> {
        match self {
            Self::Plan => None,
            Self::Goal => Some(Self::Plan),
            Self::GoalIndicator | Self::Field => Some(Self::Goal),
            Self::Measure => Some(Self::Field),
            Self::Kpi | Self::Project => Some(Self::Measure),
            Self::ProjectIndicator | Self::Cost => Some(Self::Project),
        }
    }

    /// Whether this is `other` or lies below it.
    pub fn is_within(self, other: Self) -> bool {
        std::iter::successors(Some(self), |level| level.parent()).any(|level| level == other)
    }

    /// The row kind of its records; `None` for the plan.
    pub fn row_kind(self) -> Option<RowKind> {
        RowKind::parse(self.word())
    }
}
