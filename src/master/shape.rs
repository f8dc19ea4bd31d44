//! The shape of the file: where the header stands, and whether every row fits it.
//!
//! A row with too many cells is shifted from somewhere on: a lost quote makes two cells
//! of `22,364件`, and every later figure of the row stands one column too far right. So
//! its figures are not read at all. A column nobody named is reported once, not in
//! every row.

use std::collections::{BTreeMap, HashSet};

use super::columns::{self, Column, ColumnMap};
use super::file::File;
use super::kind::UsedColumns;
use super::limits::shortened;
use super::records::Record;
use super::source::Source;
use crate::finding::{Findings, StructureRule};
use crate::plan::{Row, RowKind, Value, Vocabulary, reading};

/// A file whose rows are shaped worse than this gets no longer list.
const MOST_FINDINGS: usize = 200;

/// The header of a file.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// Which record it is.
    pub at: usize,
    pub headings: Vec<String>,
    /// The first of the rows above it, and how many there are.
    pub above: Option<(Above, usize)>,
}

/// A row above the header.
#[derive(Debug)]
pub(super) struct Above {
    pub at: usize,
    pub text: String,
}

/// Finds the header: the first row that is not blank, or the first that is one, where
/// titles stand above it.
pub(super) fn header(file: File<'_>) -> Header {
    /// A title is not longer than this, in rows.
    const LONGEST_TITLE: usize = 10;
    /// So many headings no row has by chance.
    const ENOUGH: usize = 4;
    let cells_of = |record: &Record| -> Vec<String> {
        record.cells.iter().map(|cell| cell.content(file.text).to_owned()).collect()
    };
    let rows = file.records.list.iter().map(cells_of).enumerate();
    let mut rows = rows.filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    // A text of blanks alone was refused as empty, one of commas alone is not.
    let Some((first, headings)) = rows.next() else { return Header::default() };
    if columns::known_headings(&headings) < ENOUGH {
        let title: Vec<&str> =
            headings.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
        let title = shortened(&title.join(" "));
        let below = rows.take(LONGEST_TITLE).enumerate();
        let found = below.into_iter().find(|(_, (_, cells))| columns::known_headings(cells) >= ENOUGH);
        if let Some((between, (at, headings))) = found {
            let above = Above { at: first, text: title };
            return Header { at, headings, above: Some((above, between + 1)) };
        }
    }
    Header { at: first, headings, above: None }
}

/// How many cells below the header say something in a column.
pub(super) fn cells_below(file: File<'_>, header: usize, at: usize) -> usize {
    let rows = file.records.list.iter().skip(header + 1);
    let cells = rows.filter_map(|record| record.cells.get(at));
    cells.filter(|cell| !cell.content(file.text).trim().is_empty()).count()
}

/// Whether an unknown column stands among the years and holds figures of indicators: a
/// year by a name that nobody can read (`実績`).
pub(super) fn holds_figures(file: File<'_>, header: usize, columns: &ColumnMap, at: usize) -> bool {
    let is_figure =
        |column: Option<&Option<Column>>| matches!(column, Some(Some(Column::Baseline | Column::Actual(_))));
    let beside = at.checked_sub(1).and_then(|before| columns.by_position.get(before));
    let among_years = is_figure(beside) || is_figure(columns.by_position.get(at + 1));
    let Some(kind) = columns.position(Column::Kind).filter(|_| among_years) else { return false };
    let (mut figures, mut others) = (0, 0);
    for record in file.records.list.iter().skip(header + 1) {
        let cell = |at: usize| record.cells.get(at).map_or("", |cell| cell.content(file.text));
        let has_years = RowKind::parse(cell(kind)).is_some_and(RowKind::has_years);
        match Value::parse(cell(at), &Vocabulary::default()) {
            Ok(Value::NotReported) => {}
            Ok(Value::Quantity(_)) if has_years => figures += 1,
            _ => others += 1,
        }
    }
    figures > others
}

/// Whether nothing but blanks stands in the row.
pub(super) fn is_blank(source: &Source, row: Row) -> bool {
    (0..cells(source, row)).all(|at| reading::stripped(source.cell_at(row, at)).is_empty())
}

/// Rows whose figures are not what they seem.
#[derive(Debug, Default)]
pub(super) struct Doubtful {
    /// Longer than the header: no cell can be trusted to stand in its column.
    pub shifted: HashSet<Row>,
    /// A value of theirs seems to be parted into two cells.
    pub parted: HashSet<Row>,
}

/// Reports rows that do not fit the header; returns those that are doubtful.
pub(super) fn check(source: &Source, rows: &[Row], findings: &mut Findings) -> Doubtful {
    let columns = source.columns().headings.len();
    // Empty cells behind the header that every row has come from a wider sheet.
    let common = rows.iter().map(|row| cells(source, *row)).min().unwrap_or_default();
    let Doubtful { mut shifted, mut parted } = Doubtful::default();
    let mut too_long: Vec<Row> = Vec::new();
    let mut unnamed: BTreeMap<usize, (Row, usize)> = BTreeMap::new();
    for &row in rows {
        let count = cells(source, row);
        let says = |at: &usize| !source.cell_at(row, *at).trim().is_empty();
        let is_long = count > columns.max(common) || (columns..count).any(|at| says(&at));
        if is_long {
            shifted.insert(row);
        }
        if findings.len() > MOST_FINDINGS {
            continue;
        }
        let pairs = self::parted(source, row, is_long);
        let is_parted = !pairs.is_empty();
        if is_parted {
            parted.insert(row);
        }
        for (at, before, after) in pairs {
            let kind = if is_long {
                StructureRule::LostQuote { before, after }
            } else {
                StructureRule::PerhapsLostQuote { before, after }
            };
            findings.push_at(source.place_at(row, at), kind);
        }
        if is_long && is_parted {
            continue;
        }
        let headings = &source.columns().headings;
        let is_unnamed = |at: &usize| headings.get(*at).is_none_or(|heading| heading.trim().is_empty());
        let mut says_outside = false;
        for at in (0..count).filter(is_unnamed).filter(says) {
            unnamed.entry(at).or_insert((row, 0)).1 += 1;
            says_outside |= at >= columns;
        }
        if is_long && !says_outside {
            too_long.push(row);
        }
    }
    for (at, (row, count)) in unnamed {
        let text = shortened(source.cell_at(row, at).trim());
        findings
            .push_at(source.place_at(row, at), StructureRule::ValueOutsideColumns { text, more: count - 1 });
    }
    if let [first, others @ ..] = &too_long[..] {
        let lines = others.iter().map(|row| source.line(*row)).collect();
        let kind = StructureRule::RowTooLong { cells: cells(source, *first), columns, lines };
        findings.push_at(source.row_place(*first), kind);
    }
    short_rows(source, rows, &parted, findings);
    Doubtful { shifted, parted }
}

fn cells(source: &Source, row: Row) -> usize {
    source.record(row).map_or(0, |record| record.cells.len())
}

/// Neighbouring cells that are one value parted at its comma: `22` and `364件`. In a row
/// that is too long they may stand anywhere; else only figures are looked at, and a target
/// with the figure behind it.
fn parted(source: &Source, row: Row, is_long: bool) -> Vec<(usize, String, String)> {
    let count = cells(source, row);
    let column = |at: usize| source.columns().by_position.get(at).copied().flatten();
    let is_figure = |at: usize| matches!(column(at), Some(Column::Baseline | Column::Actual(_)));
    let quoted = |at: usize| {
        source.record(row).and_then(|record| record.cells.get(at)).is_some_and(|cell| cell.quoted)
    };
    let text = |at: usize| source.cell_at(row, at).trim();
    let mut found = Vec::new();
    // Pairs without any unit: one may be two figures, two that go the same way are not.
    let mut bare: Vec<(usize, u32, u32)> = Vec::new();
    let mut at = 0;
    while at + 1 < count {
        let (before, after) = (text(at), text(at + 1));
        let both_figures = is_figure(at) && is_figure(at + 1);
        let joins = !quoted(at) && !quoted(at + 1) && {
            if is_long {
                ends_in_group(before) && begins_group(after)
            } else if both_figures {
                is_pair(before, after)
            } else {
                column(at) == Some(Column::Target) && is_figure(at + 1) && is_parted_target(before, after)
            }
        };
        if joins {
            found.push((at, shortened(before), shortened(after)));
            at += 2;
        } else if let Some((left, right)) =
            bare_pair(before, after).filter(|_| both_figures && !is_long && !quoted(at) && !quoted(at + 1))
        {
            bare.push((at, left, right));
            at += 2;
        } else {
            at += 1;
        }
    }
    let is_steep = |(_, left, right): &(usize, u32, u32)| left * 5 <= *right;
    let begins_with_nought = |(at, ..): &(usize, u32, u32)| text(at + 1).starts_with('0');
    let is_alternating = bare.len() > 1 && bare.iter().all(|pair| is_steep(pair) || begins_with_nought(pair));
    let pairs = bare.iter().filter(|pair| is_alternating || begins_with_nought(pair));
    found.extend(pairs.map(|(at, ..)| (*at, shortened(text(*at)), shortened(text(*at + 1)))));
    found.sort_by_key(|(at, ..)| *at);
    found
}

/// Whether up to three digits stand at the end, no more.
fn ends_in_group(text: &str) -> bool {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    (1..=3).contains(&digits) && !text[..text.len() - digits].ends_with(['.', '-', '/'])
}

/// Whether exactly three digits stand at the start.
fn begins_group(text: &str) -> bool {
    text.bytes().take_while(u8::is_ascii_digit).count() == 3
}

/// `22` and `364件`, `延べ49` and `381人`: a whole number without a unit, and one of three
/// digits with one.
fn is_pair(before: &str, after: &str) -> bool {
    let unit = after.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = before.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '.');
    let prefix = before.len() - digits.len();
    let is_prefix = before[..prefix].chars().count() <= LONGEST_PREFIX;
    is_prefix
        && is_first_group(digits)
        && begins_group(after)
        && unit.starts_with(|c: char| c.is_alphabetic() || c == '%')
}

/// 延べ, 年間延べ, △ and their like are no longer.
const LONGEST_PREFIX: usize = 6;

/// One to three digits, no nought before others.
fn is_first_group(text: &str) -> bool {
    (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0')
}

/// `1` and `622`, as numbers: three digits behind at most three.
fn bare_pair(before: &str, after: &str) -> Option<(u32, u32)> {
    let is_group = after.len() == 3 && after.bytes().all(|b| b.is_ascii_digit());
    (is_first_group(before) && is_group).then(|| Some((before.parse().ok()?, after.parse().ok()?)))?
}

/// `4年で1` and `665人増加`: a target that ends in a bare number, and what goes on as
/// targets do, or with a unit that the number lacks.
fn is_parted_target(before: &str, after: &str) -> bool {
    let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let number = before.get(before.len() - digits..).unwrap_or_default();
    digits < before.len()
        && is_first_group(number)
        && ends_in_group(before)
        && begins_group(after)
        && after[3..].starts_with(|c: char| c.is_alphabetic() || c == '%')
}

/// Rows that end before something they must say, and the one row that is short where no
/// other is. Programs leave out empty cells at the end of rows, so most short rows are
/// whole.
fn short_rows(source: &Source, rows: &[Row], parted: &HashSet<Row>, findings: &mut Findings) {
    const FEW: usize = 50;
    let columns = source.columns();
    let width = columns.headings.len();
    let short: Vec<Row> = rows.iter().copied().filter(|row| cells(source, *row) < width).collect();
    let few = rows.len() >= 5 && short.len() <= 1 + rows.len() / FEW;
    for row in short {
        if findings.len() > MOST_FINDINGS {
            return;
        }
        let count = cells(source, row);
        let kind = RowKind::parse(source.cell(row, Column::Kind));
        let missing = columns.by_position.get(count..).unwrap_or_default().iter().flatten();
        let lacks = kind.is_some_and(|kind| missing.into_iter().any(|column| kind.needs(*column)));
        if lacks {
            let heading = columns.headings.get(count).map(|heading| heading.trim().to_owned());
            let kind = StructureRule::RowEndsEarly { heading: heading.unwrap_or_default() };
            findings.push_at(source.place_at(row, count), kind);
        } else if few && !parted.contains(&row) {
            findings
                .push_at(source.row_place(row), StructureRule::OnlyShortRow { cells: count, columns: width });
        }
    }
}
