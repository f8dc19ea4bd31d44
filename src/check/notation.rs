//! What stands around a number, within a row: 延べ before one figure and not before the
//! next, a minus among counts, 増 or 減 behind a number.

use super::cells::{named_cell, rows};
use crate::finding::{Findings, ValueRule};
use crate::master::{Column, Master};
use crate::plan::Quantity;

pub(super) fn check(master: &Master) -> Findings {
    let mut findings = Findings::new();
    for (row, figures) in rows(master) {
        let name =
            |(column, figure): &(Column, &Quantity)| named_cell(master, row.row, *column, &figure.printed);
        let mut said: Vec<String> = Vec::new();
        let mut first: Option<Column> = None;
        if let Some((odd, usual)) = other_prefix(&figures) {
            first = Some(odd.0);
            said.push(format!("{}と{}では、数値の前の言葉が違います", name(odd), name(usual)));
        }
        if let Some(odd) = negative_count(row.name, &figures) {
            first = first.or(Some(odd.0));
            said.push(format!("{}だけがマイナスです", name(odd)));
        }
        if let Some(odd) = figures.iter().find(|(_, figure)| says_change(&figure.unit)) {
            first = first.or(Some(odd.0));
            said.push(format!("{}の「増」「減」を単位として読みました", name(odd)));
        }
        if let Some(column) = first {
            let kind = ValueRule::NotationDiffers { what: said.join("。また、") };
            findings.push_at(master.source.place(row.row, column), kind);
        }
    }
    findings
}

type Cell<'a> = (Column, &'a Quantity);

/// A figure with another prefix than most, and one of those. Of equals the earlier count.
fn other_prefix<'a, 'b>(figures: &'b [Cell<'a>]) -> Option<(&'b Cell<'a>, &'b Cell<'a>)> {
    let first = figures.first()?;
    if figures.iter().all(|(_, figure)| figure.prefix == first.1.prefix) {
        return None;
    }
    let count = |prefix: &str| figures.iter().filter(|(_, figure)| figure.prefix == prefix).count();
    let usual = figures.iter().rev().max_by_key(|(_, figure)| count(&figure.prefix))?;
    let odd = figures.iter().find(|(_, figure)| figure.prefix != usual.1.prefix)?;
    Some((odd, usual))
}

/// The one negative figure of a row of counts; a row about changes may have one.
fn negative_count<'a, 'b>(name: &str, figures: &'b [Cell<'a>]) -> Option<&'b Cell<'a>> {
    const OF_CHANGES: [&str; 8] = ["増", "減", "差", "収支", "損益", "伸び", "変動", "推移"];
    let mut negative =
        figures.iter().filter(|(_, figure)| figure.number.is_sign_negative() && !figure.number.is_zero());
    let odd = negative.next()?;
    let alone = negative.next().is_none() && figures.len() > 1;
    let is_change = OF_CHANGES.iter().any(|word| name.contains(word));
    (alone && !is_change && odd.1.counts_wholes()).then_some(odd)
}

/// `%減`, `人増加`
fn says_change(unit: &str) -> bool {
    ["増", "減", "増加", "減少"].iter().any(|word| unit.ends_with(word))
}
