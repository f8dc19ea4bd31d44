//! How large a master may be.
//!
//! The plan of a city of 24,000 has 350 rows and 48 kB; that of a city of millions has
//! some times that. A master beyond these numbers is another file, or one made to do harm.
//! They are so chosen that whatever is within them is read, checked, set and drawn in two
//! seconds and 200 MB: the pages as a PDF take the most of both, some 4 kB for each cell
//! that is printed and 80 bytes for each letter.

/// Rows in which something stands, the header too.
pub(super) const MOST_ROWS: usize = 3_000;
/// Rows, those with nothing in them too: a spreadsheet writes what was once formatted.
pub(super) const MOST_LINES: usize = 50_000;
/// Columns, those with nothing in them too.
pub(super) const MOST_COLUMNS: usize = 500;
/// Cells, those with nothing in them too.
pub(super) const MOST_CELLS: usize = 200_000;
/// Cells of the columns that are read, in the rows in which something stands.
pub(super) const MOST_READ: usize = 50_000;
/// Columns of years.
pub(super) const MOST_YEARS: usize = 30;
/// 「基本目標」: each is a sheet of the workbook.
pub(super) const MOST_GOALS: usize = 100;
/// 「担当課」: each gets a workbook of its own.
pub(super) const MOST_DEPARTMENTS: usize = 400;
/// Units of UTF-16 in a cell: Excel's limit.
pub(super) const LONGEST_CELL: usize = 32_767;

/// The limits, as rows of a table in Markdown.
pub fn manual() -> String {
    let rows = [
        ("何かが書かれた行（見出しを含む）", MOST_ROWS),
        ("行（空の行を含む）", MOST_LINES),
        ("列（空の列を含む）", MOST_COLUMNS),
        ("セル（空のセルを含む）", MOST_CELLS),
        ("何かが書かれた行の数 × 見出しのある列の数", MOST_READ),
        ("年度の列", MOST_YEARS),
        ("基本目標", MOST_GOALS),
        ("担当課", MOST_DEPARTMENTS),
        ("1つのセルの文字", LONGEST_CELL),
    ];
    rows.map(|(what, most)| format!("| {what} | {most} |\n")).concat()
}

/// Enough of a text to know it by.
pub(super) fn shortened(text: &str) -> String {
    const MOST: usize = 100;
    text.chars().take(MOST).collect()
}
