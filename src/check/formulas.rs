//! Texts that a spreadsheet takes for a formula.
//!
//! The workbook says of every cell that it is text. A CSV cannot: who opens the データ
//! CSV, or the master itself, with Excel sees `#NAME?` in the place of 「+15人の増加」,
//! or runs what stands there. The CSV is data for machines and keeps the text as it is;
//! so the planner is told where it stands.

use crate::finding::{Findings, ValueRule};
use crate::master::{Column, Master, Source};
use crate::plan::reading::is_digit;

pub(super) fn check(master: &Master) -> Findings {
    let mut findings = Findings::new();
    let source = &master.source;
    for (row, column, text) in source.cells().filter(|(_, column, _)| is_text(source, *column)) {
        if let Some(begins) = begins_like_formula(text) {
            let kind = ValueRule::LooksLikeFormula { text: text.to_owned(), begins };
            findings.push_where(kind, || source.place(row, column));
        }
    }
    findings
}

/// The sign with which a text begins, where a spreadsheet would calculate. 「-」 alone says
/// that there is none, and before a figure it is a minus.
fn begins_like_formula(text: &str) -> Option<char> {
    // Blanks of these kinds do not keep a spreadsheet from it.
    let mut letters = text.trim_start_matches(['\t', '\r', '\n']).chars();
    let sign = letters.next()?;
    let next = letters.next();
    let figure = |c: char| is_digit(c) || matches!(c, '.' | '．');
    match sign {
        '=' | '@' | '+' => next.map(|_| sign),
        '-' => next.filter(|next| !figure(*next)).map(|_| sign),
        _ => None,
    }
}

/// Figures are read as figures, and 種別 and 区分 hold words of the master's own.
fn is_text(source: &Source, column: Column) -> bool {
    !(matches!(column, Column::Kind | Column::Division) || source.holds_figures(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minus_before_a_figure_is_no_formula() {
        for text in
            ["=SUM(A1:A9)", "+15人の増加", "@根室", "-ポイント", "- 漁業の振興", "\t=1+1", "=\"a\"", "--1"]
        {
            assert!(begins_like_formula(text).is_some(), "{text:?}");
        }
        for text in
            ["-", "+", "-5ポイント", "-５ポイント", "-.5", "－ポイント", "漁業=資源", "△5", "・-a", "", " "]
        {
            assert_eq!(begins_like_formula(text), None, "{text:?}");
        }
    }
}
