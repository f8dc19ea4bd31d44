//! The master: one CSV that holds a plan, read from top to bottom like the document.
//!
//! Bytes in, plan and findings out; and back: [`Source::rewrite`] changes cells and
//! nothing else. A master that cannot be read at all gives no [`Master`]; one with
//! errors in its rows gives what could be read, so that every other rule can be
//! checked in the same run. No document may be made while
//! [`Findings::has_errors`] holds.
//!
//! Always true of the plan, errors or not: every indicator has one value a year, and
//! a reprint names a project that stands earlier in the master. Does no I/O.

mod columns;
mod encoding;
mod garbled;
mod kind;
mod limits;
mod outline;
mod records;
mod shape;
mod source;

pub use columns::Column;
pub use encoding::Encoding;
pub use limits::manual as limits_manual;
pub use source::Source;

use std::collections::HashSet;

use crate::finding::{Finding, FindingKind, Findings, Place};
use crate::plan::{Plan, Row};
use crate::settings::Settings;

/// A master that has been read.
#[derive(Debug, Clone)]
pub struct Master {
    /// What it says.
    pub plan: Plan,
    /// The file it was read from.
    pub source: Source,
    /// Rows in which a value seems to have been parted into two cells. That was reported;
    /// what else is strange about their figures follows from it.
    parted: HashSet<Row>,
}

impl Master {
    /// Whether a value of this row seems to have been parted into two cells.
    pub fn is_parted(&self, row: Row) -> bool {
        self.parted.contains(&row)
    }
}

/// Reads the bytes of a master called `file_name` (for messages only).
///
/// `None` where the file is no master: no text, no CSV, or no header.
pub fn read(bytes: &[u8], file_name: &str, settings: &Settings) -> (Option<Master>, Findings) {
    let decoded = match encoding::decode(bytes, file_name) {
        Ok(decoded) => decoded,
        Err(findings) => return (None, findings),
    };
    let records = records::read(&decoded.text);
    let text = &decoded.text;
    let cell_place = |record, cell| source::cell_place(file_name, text, &records, record, cell);
    let mut findings = Findings::new();
    for fault in &records.faults {
        findings.push_where(fault.kind.clone(), || cell_place(fault.record, fault.cell));
    }
    if let Some(last) = records.faults.last()
        && matches!(last.kind, FindingKind::TooLarge { .. })
    {
        // What else is wrong with another file is nobody's concern.
        return (None, Finding::at(cell_place(last.record, last.cell), last.kind.clone()).into());
    }

    if let Some((mark, marked)) = garbled::merge_markers(&records, text) {
        let first = marked.first().copied().unwrap_or_default();
        let line = |at: &usize| records.list.get(*at).map(|record| record.line);
        let lines = marked.iter().skip(1).filter_map(line).collect();
        let place = source::record_place(file_name, text, &records, first);
        findings.push_at(place, FindingKind::MergeMarkers { text: mark, lines });
        return (None, findings);
    }
    let garbled = garbled::garbled(&records, text);
    let garbled_until = garbled.as_ref().map(|(first, _)| first.record);
    let garbled = garbled.map(|(first, more)| {
        let kind = FindingKind::Mojibake { text: shape::shortened(&first.text), meant: first.meant, more };
        Finding::at(cell_place(first.record, first.cell), kind)
    });

    if text.starts_with(records::BYTE_ORDER_MARK) {
        findings.push_at(Place::file(file_name), FindingKind::DoubledBom);
    }
    if text.contains('\r') && !text.contains('\n') {
        findings.push_at(Place::file(file_name), FindingKind::OnlyCarriageReturns);
    }
    let shape::Header { at: header, headings, above } = shape::header(&records, text);
    if let Some((first, count)) = above {
        let kind = FindingKind::RowsAboveHeader { text: first.text, count };
        findings.push_at(source::record_place(file_name, text, &records, first.at), kind);
    }
    let separator = other_separator(&headings);
    let (columns, faults) = columns::read(headings);
    findings.extend(garbled);
    if garbled_until.is_some_and(|record| columns.is_none() || record <= header) {
        return (None, findings); // what the other headings are not follows from it
    }
    let mut faults_of_header = Vec::with_capacity(faults.len());
    for (column, kind) in faults {
        let place = match column {
            Some(at) => Place { heading: None, ..cell_place(header, at) },
            None => source::record_place(file_name, text, &records, header),
        };
        let kind = match (kind, separator) {
            (FindingKind::NoHeader, Some(separator)) => FindingKind::NotComma { separator },
            (FindingKind::UnknownColumn { heading, .. }, _) => {
                let cells = column.map_or(0, |at| shape::cells_below(&records, text, header, at));
                let among_years = || {
                    let columns = columns.as_ref()?;
                    Some(shape::holds_figures(&records, text, header, columns, column?))
                };
                if among_years() == Some(true) {
                    FindingKind::UnreadableYear { heading, nearest: None }
                } else {
                    FindingKind::UnknownColumn { heading, cells }
                }
            }
            (kind, _) => kind,
        };
        faults_of_header.push((place, kind));
    }
    // A year that cannot be read is not missing too.
    let unreadable =
        faults_of_header.iter().any(|(_, kind)| matches!(kind, FindingKind::UnreadableYear { .. }));
    for (place, kind) in faults_of_header {
        if !(unreadable && matches!(kind, FindingKind::YearMissing { .. })) {
            findings.push_at(place, kind);
        }
    }
    let Some(columns) = columns else { return (None, without_excerpts(findings)) };
    // Every row has a value of every year, however short it is.
    let says = |record: &&records::Record| record.cells.iter().any(|cell| !cell.span.is_empty());
    let rows = records.list.iter().filter(says).count();
    let too_large = [
        ("年度の列", columns.years().len(), limits::MOST_YEARS),
        ("セル", columns.by_position.iter().flatten().count() * rows, limits::MOST_READ),
    ];
    if let Some((what, _, most)) = too_large.into_iter().find(|(_, count, most)| count > most) {
        let place = source::record_place(file_name, text, &records, header);
        return (None, Finding::at(place, FindingKind::TooLarge { what, most }).into());
    }

    // A cell that is never closed has swallowed the rows below it: they are not judged.
    let unclosed = records
        .faults
        .iter()
        .find(|fault| fault.kind == FindingKind::QuoteNotClosed)
        .map(|fault| fault.record);
    let source = Source::new(file_name, bytes, decoded, records, header, columns);
    let rows: Vec<Row> =
        source.rows().filter(|row| unclosed.is_none_or(|record| header + 1 + row.0 < record)).collect();
    let rows: Vec<Row> = rows.into_iter().filter(|row| !shape::is_blank(&source, *row)).collect();
    let shape::Doubtful { shifted, parted } = shape::check(&source, &rows, &mut findings);
    let plan = outline::read(&source, &rows, &shifted, settings, &mut findings);
    findings.sort_by_key(|finding| finding.place.as_ref().and_then(|place| place.row).unwrap_or(usize::MAX));
    (Some(Master { plan, source, parted }), findings)
}

/// Findings about a file that is no master: what stands in it may be nobody's concern.
fn without_excerpts(findings: Findings) -> Findings {
    let unquoted = |finding: Finding| {
        let place = finding.place.map(|place| Place { excerpt: None, heading: None, id: None, ..place });
        Finding { place, ..finding }
    };
    findings.into_iter().map(unquoted).collect()
}

/// What separates the cells of a header that has no commas.
fn other_separator(headings: &[String]) -> Option<&'static str> {
    let [only] = headings else { return None };
    let holds = |separator: char| only.split(separator).any(|part| matches!(part.trim(), "種別" | "名称"));
    [('\t', "タブ"), (';', "セミコロン（;）"), ('、', "読点（、）"), ('，', "全角のカンマ（，）")]
        .into_iter()
        .find(|(separator, _)| only.contains(*separator) && holds(*separator))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod doubts;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
