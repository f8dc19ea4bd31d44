//! Answers that have slipped from row to row: a single cell of their column was deleted
//! or inserted, and those below followed.
//!
//! Every answer's cell is sent out unlocked. After a deletion the last one is missing,
//! after an insertion there is one below the table. Where it happened, the units tell that
//! the cells' formats bring along: from the run of rows with one unit on in which they
//! first disagree with the rows' own, nobody knows whose an answer is.

/// A row of the table as it was sent, from top to bottom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    /// Whether its answer's cell is unlocked.
    pub is_open: bool,
    /// Whether nothing stands in it.
    pub is_blank: bool,
    /// The unit that the cell's format shows.
    pub unit: Option<&'a str>,
    /// The unit of the row.
    pub own_unit: Option<&'a str>,
}

/// From which row on answers may have slipped; `None` where nothing says so.
pub(super) fn slipped_from(table: &[Row<'_>], one_too_many: bool) -> Option<usize> {
    if !table.iter().any(|row| row.is_open) {
        return None;
    }
    // A cell that was cleared, looks and all, in the middle is one that went elsewhere.
    let missing = table.iter().position(|row| !row.is_open && row.is_blank);
    let others_open = table.iter().filter(|row| !row.is_open && !row.is_blank).count() == 0;
    let is_gone = missing.is_some() && others_open;
    let disagrees = |row: &Row<'_>| row.unit.zip(row.own_unit).is_some_and(|(shown, own)| shown != own);
    // Several cells with the unit of the row below, or above: they have moved, and what
    // was missing has been put right.
    let own = |at: Option<usize>| at.and_then(|at| table.get(at)).and_then(|row| row.own_unit);
    let from_next = |step: fn(usize) -> Option<usize>| {
        let all = table.iter().enumerate().filter(|(_, row)| row.is_open && disagrees(row));
        all.filter(|(at, row)| row.unit == own(step(*at))).count() > 1
    };
    let have_moved = from_next(|at| at.checked_add(1)) || from_next(|at| at.checked_sub(1));
    if !one_too_many && !is_gone && !have_moved {
        return None;
    }
    let run_of = |at: usize| {
        let unit = table.get(at).and_then(|row| row.own_unit);
        let run = table.get(..at).unwrap_or_default().iter().rev();
        at - run.take_while(|row| row.own_unit == unit).count()
    };
    let first = table.iter().position(disagrees).or(missing.filter(|at| at + 1 < table.len()));
    Some(run_of(first.unwrap_or(table.len() - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows as `unit of the format`/`unit of the row`; `x` for a cell that is locked and
    /// blank, `=` for a locked one with an answer.
    fn from(rows: &str, one_too_many: bool) -> Option<usize> {
        let row = |text| match text {
            "x" => Row { is_open: false, is_blank: true, unit: None, own_unit: Some("人") },
            "=" => Row { is_open: false, is_blank: false, unit: None, own_unit: Some("人") },
            text => {
                let (unit, own_unit) = str::split_once(text, '/').unwrap_or((text, text));
                Row { is_open: true, is_blank: false, unit: Some(unit), own_unit: Some(own_unit) }
            }
        };
        let rows: Vec<Row<'_>> = rows.split(' ').map(row).collect();
        slipped_from(&rows, one_too_many)
    }

    #[test]
    fn slips_are_found_from_the_first_row_in_doubt() {
        for (rows, one_too_many, expected) in [
            ("人 件 人", false, None),
            // The last cell is gone, and the units say that it was deleted below the 件.
            ("人 件 人 人 x", false, Some(2)),
            ("人 件 人/件 x", false, Some(1)),
            ("人 人/件 件/人 x", false, Some(1)),
            ("人 人 人 x", false, Some(0)),
            ("人 件 件 件", true, Some(1)),
            ("人 件/人 人", true, Some(0)),
            // A block was moved down; its first cell is locked and blank.
            ("件 人 x 人 人", true, Some(1)),
            ("件 x 件 件", false, Some(1)),
            ("人 人/件 件/人 人", false, Some(1)),
            ("人 人/件 人 人", false, None),
            ("人 件/千尾 千尾/% 回/億円", false, None),
            ("人 千尾/件 %/千尾 回/%", false, Some(1)),
            // Where locks are gone anyway they say nothing.
            ("= = x", false, None),
            ("人 = x", false, None),
        ] {
            assert_eq!(from(rows, one_too_many), expected, "{rows}");
        }
    }
}
