//! Cells that are joined into one, found by any of them.

use std::collections::HashMap;

use crate::workbook::Position;

/// Joined cells are looked up in so many columns; a form has some fifteen.
const MOST_COLUMNS: usize = 256;

/// The joined areas of a sheet. Which of them cross a column is found out when a cell of
/// it is first asked for: an area may be as wide as the sheet.
#[derive(Debug)]
pub(super) struct Joined<'a> {
    areas: &'a [(Position, Position)],
    /// By column: the areas' first rows, and which areas they are.
    columns: HashMap<u32, Vec<(u32, usize)>>,
}

impl<'a> Joined<'a> {
    pub fn new(areas: &'a [(Position, Position)]) -> Self {
        Self { areas, columns: HashMap::new() }
    }

    /// The area of several cells in which a cell lies.
    pub fn area(&mut self, (row, column): Position) -> Option<(Position, Position)> {
        if self.areas.is_empty() {
            return None;
        }
        if !self.columns.contains_key(&column) && self.columns.len() >= MOST_COLUMNS {
            return None;
        }
        let areas = self.areas;
        let crossing = self.columns.entry(column).or_insert_with(|| {
            let all = areas.iter().enumerate();
            let crosses = all.filter(|(_, (first, last))| (first.1..=last.1).contains(&column));
            let mut crossing: Vec<(u32, usize)> = crosses.map(|(at, (first, _))| (first.0, at)).collect();
            crossing.sort_unstable();
            crossing
        });
        // They do not overlap: the one that begins last above the cell is its own, or none.
        let above = crossing.partition_point(|(first, _)| *first <= row).checked_sub(1)?;
        let (first, last) = *areas.get(crossing.get(above)?.1)?;
        (first != last && row <= last.0).then_some((first, last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_found_in_its_area() {
        let areas = [((9, 9), (11, 9)), ((12, 8), (13, 400)), ((20, 9), (20, 9))];
        let mut joined = Joined::new(&areas);
        for (at, expected) in [
            ((8, 9), None),
            ((9, 9), Some(areas[0])),
            ((11, 9), Some(areas[0])),
            ((11, 10), None),
            ((12, 9), Some(areas[1])),
            ((13, 300), Some(areas[1])),
            ((14, 9), None),
            ((20, 9), None),
        ] {
            assert_eq!(joined.area(at), expected, "{at:?}");
        }
    }
}
