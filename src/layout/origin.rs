//! Where a cell comes from: a row of the master, and which part of it the cell is for.
//!
//! The composer, which alone knows the plan, gives cells their origins; pages carry them
//! along. To the grid and its writers they are values like any other and mean nothing.

use crate::plan::{FiscalYear, Row};

/// What a cell is for. It may be empty, as a 目的 that nobody has written yet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The row whose words or figure stand in the cell.
    pub row: Row,
    /// Which of them.
    pub part: Part,
    /// The 再掲 that shows them here; `None` at the row's own place.
    pub reprint: Option<Row>,
}

/// A part of a row, as cells divide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// 「番号」 and 「名称」, with 「区分」 for a 事業 and 「目標」 for a KPI: a heading or the
    /// head of a table's row. It stands wherever the row is printed.
    Name,
    /// 「担当課」
    Department,
    /// 「目的」
    Purpose,
    /// 「内容」
    Content,
    /// 「目標」, where it has a cell of its own
    Target,
    /// 「基準値」
    Baseline,
    /// 「実績」 of a year; in a 事業費, 予算 or 目標値 its figure of the year
    Actual(FiscalYear),
    /// A column that the plan declares for itself: which of its settings' `fields`
    Declared(usize),
}
