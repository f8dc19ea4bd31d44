//! The master: one CSV that holds a plan, read from top to bottom like the document.
//!
//! Bytes in, plan and findings out; and back: [`Source::rewrite`] changes cells and
//! nothing else. A master that cannot be read at all gives no [`Master`]; one with
//! errors in its rows gives what could be read, so that every other rule can be
//! checked in the same run. No document may be made while
//! [`Findings::has_errors`] holds.
//!
//! Always true of the plan, errors or not: every row of figures has one value a year, and
//! a reprint names a project that stands earlier in the master. Does no I/O.

mod columns;
mod encoding;
mod file;
mod garbled;
mod kind;
mod limits;
mod outline;
mod records;
mod shape;
mod source;

pub use columns::Column;
pub use encoding::Encoding;
pub use garbled::is_garbled;
pub use limits::manual as limits_manual;
pub use source::Source;

use std::collections::HashSet;

use columns::ColumnMap;
use file::File;

use crate::finding::{Finding, FindingKind, Findings, Place, ReadingRule, StructureRule};
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
    match read_master(bytes, file_name, settings) {
        Ok((master, findings)) => (Some(master), findings),
        Err(findings) => (None, findings),
    }
}

fn read_master(bytes: &[u8], file_name: &str, settings: &Settings) -> Result<(Master, Findings), Findings> {
    let decoded = encoding::decode(bytes, file_name)?;
    let records = records::read(&decoded.text);
    let file = File { name: file_name, text: &decoded.text, records: &records };
    let findings = check_form(file)?;
    let (header, columns, mut findings) = read_header(file, settings, findings)?;
    refuse_too_large(file, header, &columns)?;
    // A cell that is never closed has swallowed the rows below it: they are not judged.
    let unclosed = records.faults.iter().find(|fault| fault.kind == ReadingRule::QuoteNotClosed);
    let unclosed = unclosed.map(|fault| fault.record);
    let source = Source::new(file_name, bytes, decoded, records, header, columns);
    let is_whole = |row: &Row| unclosed.is_none_or(|record| header + 1 + row.0 < record);
    let mut rows: Vec<Row> = source.rows().filter(is_whole).collect();
    rows.retain(|row| !shape::is_blank(&source, *row));
    let shape::Doubtful { shifted, parted } = shape::check(&source, &rows, &mut findings);
    let plan = outline::read(&source, &rows, &shifted, settings, &mut findings);
    findings.sort_by_key(|finding| finding.place.as_ref().and_then(|place| place.row).unwrap_or(usize::MAX));
    Ok((Master { plan, source, parted }, findings))
}

/// What is wrong with the file's form, before its cells mean anything.
///
/// # Errors
/// It is too large for a master, or holds two versions of one.
fn check_form(file: File<'_>) -> Result<Findings, Findings> {
    let File { name, text, records } = file;
    let mut findings = Findings::new();
    for fault in &records.faults {
        findings.push_where(fault.kind.clone(), || file.cell_place(fault.record, fault.cell));
    }
    if let Some(last) = records.faults.last()
        && matches!(last.kind, ReadingRule::TooLarge { .. })
    {
        // What else is wrong with another file is nobody's concern.
        return Err(Finding::at(file.cell_place(last.record, last.cell), last.kind.clone()).into());
    }
    if let Some((mark, marked)) = garbled::merge_markers(file) {
        let first = marked.first().copied().unwrap_or_default();
        let line = |at: &usize| records.list.get(*at).map(|record| record.line);
        let lines = marked.iter().skip(1).filter_map(line).collect();
        findings.push_at(file.record_place(first), StructureRule::MergeMarkers { text: mark, lines });
        return Err(findings);
    }
    if text.starts_with(records::BYTE_ORDER_MARK) {
        findings.push_at(Place::file(name), ReadingRule::DoubledBom);
    }
    if text.contains('\r') && !text.contains('\n') {
        findings.push_at(Place::file(name), ReadingRule::OnlyCarriageReturns);
    }
    Ok(findings)
}

/// Which record is the header and what its columns are; adds to the findings.
///
/// # Errors
/// None of its cells is a heading.
fn read_header(
    file: File<'_>,
    settings: &Settings,
    mut findings: Findings,
) -> Result<(usize, ColumnMap, Findings), Findings> {
    let shape::Header { at: header, headings, above } = shape::header(file);
    if let Some((first, count)) = above {
        let kind = StructureRule::RowsAboveHeader { text: first.text, count };
        findings.push_at(file.record_place(first.at), kind);
    }
    let separator = other_separator(&headings);
    let (columns, faults) = columns::read(headings, &settings.fields);
    if let Some((first, more)) = garbled::garbled(file) {
        let kind = StructureRule::Mojibake { text: limits::shortened(&first.text), meant: first.meant, more };
        findings.push_at(file.cell_place(first.record, first.cell), kind);
        if columns.is_none() || first.record <= header {
            return Err(findings); // what the other headings are not follows from it
        }
    }
    // A year that cannot be read is not missing too.
    let faults: Vec<(Place, FindingKind)> = faults
        .into_iter()
        .map(|fault| header_fault(file, header, columns.as_ref(), separator, fault))
        .collect();
    let unreadable = faults
        .iter()
        .any(|(_, kind)| matches!(kind, FindingKind::Structure(StructureRule::UnreadableYear { .. })));
    for (place, kind) in faults {
        if !(unreadable && matches!(kind, FindingKind::Structure(StructureRule::YearMissing { .. }))) {
            findings.push_at(place, kind);
        }
    }
    match columns {
        Some(columns) => Ok((header, columns, findings)),
        None => Err(without_excerpts(findings)),
    }
}

/// What is wrong with the header, with its place, in the light of what stands below it.
fn header_fault(
    file: File<'_>,
    header: usize,
    columns: Option<&ColumnMap>,
    separator: Option<&'static str>,
    (at, kind): columns::HeaderFault,
) -> (Place, FindingKind) {
    let place = match at {
        Some(at) => Place { heading: None, ..file.cell_place(header, at) },
        None => file.record_place(header),
    };
    let kind = match (kind, separator) {
        (StructureRule::NoHeader, Some(separator)) => ReadingRule::NotComma { separator }.into(),
        (StructureRule::UnknownColumn { heading, .. }, _) => {
            let cells = at.map_or(0, |at| shape::cells_below(file, header, at));
            let holds_figures = |(columns, at)| shape::holds_figures(file, header, columns, at);
            if columns.zip(at).is_some_and(holds_figures) {
                StructureRule::UnreadableYear { heading, nearest: None }.into()
            } else {
                StructureRule::UnknownColumn { heading, cells }.into()
            }
        }
        (kind, _) => kind.into(),
    };
    (place, kind)
}

/// Refuses a file that has more years or cells than any plan. Every row has a value of
/// every year, however short it is.
fn refuse_too_large(file: File<'_>, header: usize, columns: &ColumnMap) -> Result<(), Findings> {
    let says = |record: &&records::Record| record.cells.iter().any(|cell| !cell.span.is_empty());
    let rows = file.records.list.iter().filter(says).count();
    let too_large = [
        ("年度の列", columns.years().len(), limits::MOST_YEARS),
        ("セル", columns.by_position.iter().flatten().count() * rows, limits::MOST_READ),
    ];
    match too_large.into_iter().find(|(_, count, most)| count > most) {
        Some((what, _, most)) => {
            Err(Finding::at(file.record_place(header), ReadingRule::TooLarge { what, most }).into())
        }
        None => Ok(()),
    }
}

/// Findings about a file that is no master: what stands in it may be nobody's concern.
fn without_excerpts(mut findings: Findings) -> Findings {
    for place in findings.iter_mut().filter_map(|finding| finding.place.as_mut()) {
        (place.excerpt, place.heading, place.id) = (None, None, None);
    }
    findings
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
mod properties;
#[cfg(test)]
mod tests;
