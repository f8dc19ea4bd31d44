//! Which columns each kind of row uses.

use super::columns::Column;
use crate::plan::RowKind;
use crate::settings::FieldSettings;

/// What a row of a kind says, and where.
pub(super) trait UsedColumns {
    /// Whether such a row says something in this column, where the plan declares `fields`.
    /// 「種別」 and 「備考」 always may; a 予算 may repeat the name of the row above it.
    fn uses(self, column: Column, fields: &[FieldSettings]) -> bool;

    /// Whether a row that ends before this column has lost something. What is an error
    /// where it is empty (ID, 名称, 再掲元) is not asked about twice.
    fn needs(self, column: Column) -> bool;
}

impl UsedColumns for RowKind {
    fn uses(self, column: Column, fields: &[FieldSettings]) -> bool {
        match column {
            Column::Kind | Column::Remark => true,
            Column::Id | Column::Name => self != Self::Reprint,
            Column::Number => self.has_number(),
            Column::Department => matches!(self, Self::GoalIndicator | Self::Kpi | Self::Project),
            Column::Division => self == Self::Project,
            Column::ReprintOf => self == Self::Reprint,
            Column::Purpose | Column::Content => matches!(self, Self::Project | Self::Reprint),
            Column::Target | Column::Baseline => matches!(self, Self::GoalIndicator | Self::Kpi),
            Column::Actual(_) => self.has_years(),
            Column::Declared(at) => fields.get(at).is_some_and(|field| field.rows.contains(&self)),
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
