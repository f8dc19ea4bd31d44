//! Digits that were typed or pasted wrongly and still read as a number: a point in the
//! place of the thousands comma (`2.070人`), a nought before other digits (`031万粒`).

use rust_decimal::Decimal;

use super::cells::{named_cell, rows};
use crate::finding::{Findings, ValueRule};
use crate::master::{Column, Master};
use crate::plan::Quantity;

pub(super) fn check(master: &Master) -> Findings {
    let mut findings = Findings::new();
    for (row, figures) in rows(master) {
        let name =
            |(column, figure): &(Column, &Quantity)| named_cell(master, row.row, *column, &figure.printed);
        let points: Vec<&(Column, &Quantity)> =
            figures.iter().filter(|(_, figure)| is_point_for_comma(figure, &figures)).collect();
        if let Some((column, _)) = points.first() {
            let kind = ValueRule::PointForComma { cells: points.iter().map(|one| name(one)).collect() };
            findings.push_at(master.source.place(row.row, *column), kind);
        }
        let noughts: Vec<&(Column, &Quantity)> =
            figures.iter().filter(|(_, figure)| begins_with_nought(figure)).collect();
        if let Some((column, _)) = noughts.first() {
            let kind = ValueRule::LeadingNought { cells: noughts.iter().map(|one| name(one)).collect() };
            findings.push_at(master.source.place(row.row, *column), kind);
        }
    }
    findings
}

/// `2.070人`: three decimals and no comma, of something that is counted in wholes, or
/// where the other figures of the row are whole.
fn is_point_for_comma(figure: &Quantity, row: &[(Column, &Quantity)]) -> bool {
    let may_be = figure.number.scale() == 3
        && !figure.grouped
        && !figure.compound
        && !matches!(figure.unit.as_str(), "%" | "‰" | "ポイント" | "倍")
        && figure.number.abs() >= Decimal::ONE
        && figure.number.abs() < Decimal::ONE_THOUSAND;
    if !may_be {
        return false;
    }
    let others = || row.iter().map(|(_, other)| *other).filter(|other| *other != figure);
    // Those that have lost their comma too say nothing.
    let mut whole = others().filter(|other| other.number.scale() != 3).peekable();
    let among_whole = whole.peek().is_some() && whole.all(|other| other.number.scale() == 0);
    figure.counts_wholes() || among_whole
}

/// `007人`, `031万粒`: not `0人`, not `0.4人`.
fn begins_with_nought(figure: &Quantity) -> bool {
    let digits = crate::plan::reading::folded(&figure.printed);
    let mut digits = digits.chars().skip_while(|c| !c.is_ascii_digit());
    digits.next() == Some('0') && digits.next().is_some_and(|c| c.is_ascii_digit())
}
