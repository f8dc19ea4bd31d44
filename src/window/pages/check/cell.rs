//! Cells as Excel names them, and what is typed into them.

use crate::finding::Place;

/// No column of Excel has more letters,
const MOST_LETTERS: usize = 3;

/// The place of a cell such as `G118` in a file; `None` for what names none.
pub fn place(cell: &str, file: &str) -> Option<Place> {
    let letters =
        cell.find(|c: char| !c.is_ascii_uppercase()).filter(|at| (1..=MOST_LETTERS).contains(at))?;
    let (column, row) = cell.split_at(letters);
    let column = column.bytes().fold(0, |sum, letter| sum * 26 + usize::from(letter - b'A') + 1) - 1;
    let row = row.parse().ok().filter(|row| *row > 0)?;
    Some(Place { row: Some(row), column: Some(column), ..Place::file(file) })
}

/// What was typed, with its line breaks as the cell has had them: a browser sends all of them as
/// CR LF.
pub fn with_breaks_as(old: &str, typed: &str) -> String {
    let plain = typed.replace("\r\n", "\n");
    if old.contains("\r\n") { plain.replace('\n', "\r\n") } else { plain }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_they_are_named() {
        for name in ["A1", "G118", "Z2", "AA3", "ZZZ9999"] {
            assert_eq!(place(name, "master.csv").unwrap().cell().unwrap(), name);
        }
        for name in ["", "A", "1", "a1", "A0", "A-1", "AAAA1", "G１", "G118 ", "G99999999999999999999"] {
            assert_eq!(place(name, "master.csv"), None, "{name}");
        }
    }

    #[test]
    fn breaks_stay_as_the_file_has_them() {
        assert_eq!(with_breaks_as("い\nろ", "い\r\nは"), "い\nは");
        assert_eq!(with_breaks_as("い\r\nろ", "い\r\nは"), "い\r\nは");
        assert_eq!(with_breaks_as("", "い\r\n"), "い\n");
    }
}
