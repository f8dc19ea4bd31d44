//! Rows of a part that stand beside the rows of another: shared out so that the block is
//! least tall.

use super::block::{Need, raise};
use crate::layout::Length;

/// Where each of `parts` rows begins among `rows` rows, and the end of the last.
///
/// `needs` are those of their cells, in rows counted from 0; `others` those of the other
/// cells of the block, of whose rows `first` stand above.
pub fn spread(parts: usize, rows: usize, needs: &[Need], others: &[Need], first: usize) -> Vec<usize> {
    match parts {
        0 => Vec::new(),
        1 => vec![0, rows],
        _ if parts >= rows => (0..=parts).map(|at| at.min(rows)).collect(),
        2 => vec![0, in_two(rows, needs, others, first), rows],
        _ => in_many(parts, rows, needs, others, first),
    }
}

/// Beside how many of the rows the first of two stands, so that the block is least tall.
fn in_two(rows: usize, needs: &[Need], others: &[Need], first: usize) -> usize {
    let (single, spanning): (Vec<Need>, Vec<Need>) = others.iter().partition(|need| need.row_span == 1);
    let mut least = vec![Length::ZERO; first + rows];
    raise(&mut least, single);
    let mut best: Option<(Length, usize)> = None;
    for upper in 1..rows {
        let placed = needs.iter().map(|need| match need.row {
            0 if need.row_span == 1 => Need { row: first, row_span: upper, ..*need },
            0 => Need { row: first, row_span: rows, ..*need },
            _ => Need { row: first + upper, row_span: rows - upper, ..*need },
        });
        let mut heights = least.clone();
        raise(&mut heights, spanning.iter().copied().chain(placed).collect());
        let height: Length = heights.iter().sum();
        if best.is_none_or(|(least, _)| height < least) {
            best = Some((height, upper));
            // Enough of the search where nothing is to be gained.
            if heights.iter().min() == heights.iter().max() {
                break;
            }
        }
    }
    best.map_or(1, |(_, upper)| upper)
}

/// The same for more than two: the least that rows have to grow, found part by part.
fn in_many(parts: usize, rows: usize, needs: &[Need], others: &[Need], first: usize) -> Vec<usize> {
    let mut least = vec![Length::ZERO; first + rows];
    raise(&mut least, others.iter().copied().filter(|need| need.row_span == 1).collect());
    let mut own = vec![Length::ZERO; parts];
    for need in needs.iter().filter(|need| need.row_span == 1) {
        if let Some(own) = own.get_mut(need.row) {
            *own = (*own).max(need.height);
        }
    }
    // The least growth with which the first parts fill the first rows, and where the last began.
    let mut best = vec![vec![None::<(Length, usize)>; rows + 1]; parts + 1];
    best[0][0] = Some((Length::ZERO, 0));
    for part in 0..parts {
        for from in part..rows {
            let Some((grown, _)) = best[part][from] else { continue };
            // Each of the parts that follow needs a row.
            let last = rows - (parts - part - 1);
            let mut height = Length::ZERO;
            for (to, slot) in best[part + 1].iter_mut().enumerate().take(last + 1).skip(from + 1) {
                height += least[first + to - 1];
                let more = grown + (own[part] - height).max(Length::ZERO);
                if slot.is_none_or(|(least, _)| more < least) {
                    *slot = Some((more, from));
                }
            }
        }
    }
    let mut starts = vec![rows];
    let mut end = rows;
    for part in (1..=parts).rev() {
        end = best[part][end].map_or(part - 1, |(_, from)| from);
        starts.push(end);
    }
    starts.reverse();
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(row: usize, height: f64) -> Need {
        Need { row, row_span: 1, height: Length::pt(height) }
    }

    fn starts(parts: &[f64], rows: &[f64]) -> Vec<usize> {
        let needs: Vec<Need> = parts.iter().enumerate().map(|(at, height)| need(at, *height)).collect();
        let others: Vec<Need> = rows.iter().enumerate().map(|(at, height)| need(at, *height)).collect();
        spread(parts.len(), rows.len(), &needs, &others, 0)
    }

    #[test]
    fn a_tall_row_gets_most_of_the_rows_beside_it() {
        assert_eq!(starts(&[15.0, 60.0], &[15.0; 5]), [0, 1, 5]);
        assert_eq!(starts(&[60.0, 15.0], &[15.0; 5]), [0, 4, 5]);
        assert_eq!(starts(&[15.0, 45.0, 15.0], &[15.0; 5]), [0, 1, 4, 5]);
        assert_eq!(starts(&[30.0, 15.0, 30.0], &[15.0; 5]), [0, 2, 3, 5]);
    }

    #[test]
    fn every_part_has_a_row() {
        assert_eq!(starts(&[90.0, 15.0, 15.0], &[15.0; 3]), [0, 1, 2, 3]);
        assert_eq!(starts(&[15.0], &[15.0; 4]), [0, 4]);
    }
}
