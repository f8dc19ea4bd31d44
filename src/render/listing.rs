//! Lists for the office as CSV.

use super::data::csv_file;
use crate::exchange::{ListCell, ListSheet};

/// A list as CSV: UTF-8 with BOM, as Excel expects it; every field quoted; CRLF. The notes
/// are left out, so that the first row names the columns.
pub fn to_csv(list: &ListSheet) -> Vec<u8> {
    let headings: Vec<String> = list.columns.iter().map(|column| column.heading.clone()).collect();
    let rows = list.rows.iter().map(|row| row.iter().map(ListCell::to_text).collect());
    csv_file(std::iter::once(headings).chain(rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::ListColumn;

    #[test]
    fn csv_quotes_every_field() {
        let list = ListSheet {
            name: "一覧".into(),
            notes: vec!["注".into()],
            columns: vec![ListColumn::new("担当課", 10), ListColumn::new("件数", 5)],
            rows: vec![vec!["水産\"課\"\n".into(), 3.into()]],
        };
        let csv = to_csv(&list);
        assert_eq!(
            String::from_utf8_lossy(&csv),
            "\u{FEFF}\"担当課\",\"件数\"\r\n\"水産\"\"課\"\"\n\",\"3\"\r\n"
        );
    }
}
