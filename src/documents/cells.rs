//! The parts of the pages and the columns of the master, which one another are.

use crate::layout::Part;
use crate::master::Column;

/// In which column of the master a part of a row stands.
pub const fn column(part: Part) -> Column {
    match part {
        Part::Name => Column::Name,
        Part::Department => Column::Department,
        Part::Purpose => Column::Purpose,
        Part::Content => Column::Content,
        Part::Target => Column::Target,
        Part::Baseline => Column::Baseline,
        Part::Actual(year) => Column::Actual(year),
        Part::Declared(at) => Column::Declared(at),
    }
}

/// As which part of its row a cell of the master is printed; `None` for what is not.
pub const fn part(column: Column) -> Option<Part> {
    match column {
        Column::Number | Column::Name | Column::Division => Some(Part::Name),
        Column::Department => Some(Part::Department),
        Column::Purpose => Some(Part::Purpose),
        Column::Content => Some(Part::Content),
        Column::Target => Some(Part::Target),
        Column::Baseline => Some(Part::Baseline),
        Column::Actual(year) => Some(Part::Actual(year)),
        Column::Declared(at) => Some(Part::Declared(at)),
        Column::Kind | Column::Id | Column::ReprintOf | Column::Remark => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::FiscalYear;

    #[test]
    fn a_part_stands_in_a_column_that_is_printed_as_this_part() {
        let years = [2021, 2022].map(|start| Part::Actual(FiscalYear::starting(start)));
        let named =
            [Part::Name, Part::Department, Part::Purpose, Part::Content, Part::Target, Part::Baseline];
        for of in named.into_iter().chain(years).chain([Part::Declared(1)]) {
            assert_eq!(part(column(of)), Some(of));
        }
    }
}
