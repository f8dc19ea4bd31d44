//! Whether the cells of a picture that are joined make rectangles.

use std::collections::BTreeMap;

use crate::layout::template::block::{CellSpec, PartSpec};

/// The joined cells of a part, counted with its head, that do not stand over the whole of a record.
pub(super) fn misplaced(part: &PartSpec) -> Vec<(usize, usize, &'static str)> {
    const WHOLE_RECORD: &str =
        "join は、1件の行の全部に立つ欄に書きます（1行目に書き、下の行の欄はどれも \"^\"）";
    let mut faults = Vec::new();
    for (row, cells) in part.rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let below = part.rows.iter().skip(1).map(|cells| &cells[column]);
            let is_whole = row == 0 && below.into_iter().all(|cell| matches!(cell, CellSpec::Above));
            if matches!(cell, CellSpec::Own(own) if own.join.is_some()) && !is_whole {
                faults.push((part.head.len() + row, column, WHOLE_RECORD));
            }
        }
    }
    faults
}

/// Which places belong to a cell.
struct Extent {
    /// The first and the last row.
    rows: (usize, usize),
    /// The first and the last column.
    columns: (usize, usize),
    /// How many places there are.
    places: usize,
}

/// The cells of a part, counted with its head, that join nothing or make no rectangle.
pub(super) fn misjoined(part: &PartSpec) -> Vec<(usize, usize, &'static str)> {
    const NO_LEFT: &str = "最も左の欄に \"<\" は書けません";
    const NO_ABOVE: &str = "最も上の行に \"^\" は書けません";
    const NO_RECTANGLE: &str = "つなげた欄が、四角形になりません";
    let rows: Vec<&Vec<CellSpec>> = part.head.iter().chain(&part.rows).collect();
    let mut faults = Vec::new();
    // To which cell each place belongs, by the place at which that cell begins.
    let mut owners: Vec<Vec<(usize, usize)>> = Vec::new();
    for (row, cells) in rows.iter().enumerate() {
        let mut of_row: Vec<(usize, usize)> = Vec::with_capacity(cells.len());
        for (column, cell) in cells.iter().enumerate() {
            let owner = match cell {
                CellSpec::Own(_) => Some((row, column)),
                CellSpec::Left => of_row.last().copied(),
                CellSpec::Above => {
                    // The first row of every record: what stands above it is another record.
                    let all =
                        || part.rows.iter().all(|cells| matches!(cells.get(column), Some(CellSpec::Above)));
                    let may = row != part.head.len() || (!part.head.is_empty() && all());
                    owners.last().and_then(|above| above.get(column)).copied().filter(|_| may)
                }
            };
            if owner.is_none() {
                let why = if matches!(cell, CellSpec::Left) { NO_LEFT } else { NO_ABOVE };
                faults.push((row, column, why));
            }
            of_row.push(owner.unwrap_or((row, column)));
        }
        owners.push(of_row);
    }
    let mut extents: BTreeMap<(usize, usize), Extent> = BTreeMap::new();
    for (row, of_row) in owners.iter().enumerate() {
        for (column, owner) in of_row.iter().enumerate() {
            let place = Extent { rows: (row, row), columns: (column, column), places: 0 };
            let extent = extents.entry(*owner).or_insert(place);
            extent.rows = (extent.rows.0.min(row), extent.rows.1.max(row));
            extent.columns = (extent.columns.0.min(column), extent.columns.1.max(column));
            extent.places += 1;
        }
    }
    for ((row, column), Extent { rows, columns, places }) in extents {
        let is_rectangle = (rows.1 + 1 - rows.0) * (columns.1 + 1 - columns.0) == places;
        if !is_rectangle || (rows.0, columns.0) != (row, column) {
            faults.push((row, column, NO_RECTANGLE));
        }
    }
    faults
}
