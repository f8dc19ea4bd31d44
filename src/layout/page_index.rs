//! On which pages of the finished document the rows of the plan are printed.

use std::collections::{BTreeSet, HashMap};

use super::grid::{Document, Role};
use super::origin::{Origin, Part};
use crate::plan::Row;

/// The printed page numbers of the plan's rows, found by the cells' origins. The 目次,
/// whose pages have no number, is not among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageIndex(HashMap<(Row, Part), Vec<usize>>);

impl PageIndex {
    /// The pages of every row in `document`.
    pub fn of(document: &Document) -> Self {
        let mut index = Self::default();
        for sheet in &document.sheets {
            let Some(first) = sheet.first_page else { continue };
            for cell in &sheet.cells {
                let page = first + sheet.page_of(cell.row);
                for Origin { row, part, reprint } in cell.origins.iter().copied() {
                    index.add(row, part, page);
                    // A 再掲 has no name: it is where the heading of its project stands again.
                    if let (Some(reprint), Role::Heading(_)) = (reprint, cell.role) {
                        index.add(reprint, part, page);
                    }
                }
            }
        }
        index
    }

    fn add(&mut self, row: Row, part: Part, page: usize) {
        let pages = self.0.entry((row, part)).or_default();
        if !pages.contains(&page) {
            pages.push(page);
        }
    }

    /// The pages on which this part of the master's `row` has a cell of its own, be it empty.
    pub fn own_pages(&self, row: Row, part: Part) -> &[usize] {
        self.0.get(&(row, part)).map_or(&[], Vec::as_slice)
    }

    /// The pages on which this part of the master's `row` is printed, in order; each 再掲
    /// of it counts. A part without a cell of its own is where the row's name is.
    pub fn pages(&self, row: Row, part: Part) -> &[usize] {
        match self.own_pages(row, part) {
            [] => self.own_pages(row, Part::Name),
            pages => pages,
        }
    }

    /// The pages on which anything of the master's `row` is printed, in order.
    pub fn pages_of_row(&self, row: Row) -> Vec<usize> {
        let of_row = self.0.iter().filter(|((of, _), _)| *of == row);
        let pages: BTreeSet<usize> = of_row.flat_map(|(_, pages)| pages).copied().collect();
        pages.into_iter().collect()
    }
}
