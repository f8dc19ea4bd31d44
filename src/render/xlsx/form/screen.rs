//! What of a sheet a clerk sees when it opens.
//!
//! The least that a city hall has on its desks is a screen of 1366 × 768 pixels. A form
//! opens at the greatest zoom at which the columns, from the key to 「確認」, and the first
//! rows fit on it.

/// Pixels of cells on such a screen at 100 %: what Excel leaves beside its ribbon, the rows'
/// numbers and the bars.
const WIDTH: u32 = 1_300;
const HEIGHT: u32 = 480;
/// Rows to answer that show at once.
pub(super) const ROWS: usize = 8;
/// Below this, 11-point letters are no longer read with ease.
const LEAST_ZOOM: u32 = 70;

/// How a sheet opens.
#[derive(Debug, PartialEq)]
pub(super) struct View {
    /// In percent.
    pub zoom: u16,
    /// The first column that shows behind those that stay. Columns before it, of years long
    /// past, have to be scrolled to where not even the least zoom has room for them.
    pub first: usize,
}

impl View {
    /// Of columns and rows of so many pixels, of which the first `frozen` columns stay and
    /// those from `input` on are to be seen in any case.
    pub fn of(columns: &[u32], frozen: usize, input: usize, rows: &[u32]) -> Self {
        let first = Self::first(columns, frozen, input);
        let room = |has: u32, takes: u32| has * 100 / takes.max(1);
        let zoom = room(WIDTH, shown(columns, frozen, first)).min(room(HEIGHT, rows.iter().sum()));
        // Whole fives: letters are not set narrower by the very percent.
        let zoom = zoom.clamp(LEAST_ZOOM, 100) / 5 * 5;
        Self { zoom: u16::try_from(zoom).unwrap_or(100), first }
    }

    /// The first column that shows behind those that stay.
    pub fn first(columns: &[u32], frozen: usize, input: usize) -> usize {
        let fits = |first: &usize| shown(columns, frozen, *first) * LEAST_ZOOM <= WIDTH * 100;
        (frozen..input).find(fits).unwrap_or(input.max(frozen))
    }

    /// What of the screen's width is left by columns of so many pixels.
    pub fn left(columns: u32) -> u32 {
        WIDTH.saturating_sub(columns)
    }
}

/// The pixels of the first `frozen` columns and of those from `first` on.
fn shown(columns: &[u32], frozen: usize, first: usize) -> u32 {
    let from = |column: usize| -> u32 { columns.get(column..).unwrap_or_default().iter().sum() };
    from(0) - from(frozen) + from(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_opens_at_the_greatest_zoom_at_which_it_fits() {
        let of = |columns: &[u32], rows: &[u32]| View::of(columns, 2, columns.len() - 1, rows);
        assert_eq!(of(&[0, 500, 400, 300], &[90; 5]), View { zoom: 100, first: 2 });
        assert_eq!(of(&[0, 500, 600, 300], &[90; 5]), View { zoom: 90, first: 2 });
        assert_eq!(of(&[0, 500, 400, 300], &[100; 6]), View { zoom: 80, first: 2 });
        assert_eq!(of(&[0, 500, 400, 300], &[100; 20]), View { zoom: LEAST_ZOOM as u16, first: 2 });
    }

    #[test]
    fn years_long_past_give_way_to_the_answers() {
        let columns = [0, 500, 600, 600, 300, 300];
        assert_eq!(View::of(&columns, 2, 4, &[]), View { zoom: 75, first: 3 });
    }
}
