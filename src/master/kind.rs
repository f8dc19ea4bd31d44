//! Which columns each kind of row uses.

use super::columns::Column;
use crate::plan::RowKind;

/// What a row of a kind says, and where.
pub(super) trait UsedColumns {
    /// Whether such a row says something in this column. 「種別」 and 「備考」 always may.
    fn uses(self, column: Column) -> bool;

    /// Whether a row that ends before this column has lost something. What is an error
    /// where it is empty (ID, 名称, 再掲元) is not asked about twice.
    fn needs(self, column: Column) -> bool;
}

impl UsedColumns for RowKind {
    fn uses(self, column: Column) -> bool {
        match column {
            Column::Kind | Column::Remark => true,
            Column::Id | Column::Name => self != Self::Reprint,
            Column::Number => self.has_number(),
            Column::Department => matches!(self, Self::GoalIndicator | Self::Kpi | Self::Project),
            Column::Division => self == Self::Project,
            Column::ReprintOf => self == Self::Reprint,
            Column::Purpose | Column::Content => matches!(self, Self::Project | Self::Reprint),
            Column::Target | Column::Baseline => matches!(self, Self::GoalIndicator | Self::Kpi),
            Column::Declared(_) => false,
            Column::Actual(_) => matches!(self, Self::GoalIndicator | Self::Kpi | Self::ProjectIndicator),
        }
    }

    fn needs(self, column: Column) -> bool {
        match column {
            Column::Number => self.has_number(),
            Column::Department => self == Self::Project,
            Column::Target => matches!(self, Self::GoalIndicator | Self::Kpi),
            _ => false,
        }
    }
}
