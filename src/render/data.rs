//! The data table (「データ」): the plan's figures for machines, and for clerks who compute.
//!
//! A document made for printing cannot be read by machines. 総務省
//! 「統計表における機械判読可能なデータの表記方法の統一ルール」 gives the way out:
//! publish the base data beside it. This is that table; the workbook shows it on a
//! sheet of its own, and [`DataTable::to_csv`] writes it.
//!
//! Its shape: **one row is one indicator**, the record to which name, target,
//! department and unit belong, and every year has columns of its own. A longer
//! table (one row for each year of each indicator) would repeat a target that holds
//! for all years together, and a clerk could neither set two years side by side nor
//! filter without a pivot; the rule asks for one record a row with its variables in
//! the first row, which this shape gives.
//!
//! How the rule is met:
//! - one datum a cell: number, prefix, unit and state stand apart. The unit of the
//!   indicator stands once where all its figures share it; every figure has its own
//!   unit again at the right end of the row, so a row whose unit changes between
//!   years (`326.6`, then `146.00億円`) is neither guessed at nor hidden;
//! - numbers are numbers, as printed (55.4% is 55.4 with the unit %);
//! - every row names its goal, field, measure and project; a text cell is empty only
//!   where the master says nothing or the kind (「種別」) has no such thing;
//! - special signs by agreement: a state column for each figure says 数値あり,
//!   未報告, 該当なし, or the printed word or text (調査中, 第3位). It is never empty, so no empty
//!   figure is left unexplained;
//! - western years beside the era; no machine-dependent characters, no line breaks,
//!   no blanks for looks ([`plain`](mod@plain)).
//!
//! What a plan has beside its indicators comes in the same shape, at the right and in rows
//! between, so that the table of a plan without it stays as it is:
//! - 事業費, 予算 and 目標値 are rows with their own ID and 種別; their figures stand in the
//!   columns of the years, and 対象ID says which row they are of;
//! - a declared column is a column; one of figures has its state, unit and prefix beside it.
//!   What is declared for 基本目標, 分野, 施策 or 事業 stands once, in a row of that 種別, and is
//!   not repeated beside each of its indicators, where a sum would count it several times.
//!
//! 再掲 repeats no row; 「備考」 is the office's own and is not published.

mod columns;
mod plain;
mod record;

use rust_decimal::Decimal;

use self::columns::Shape;
use self::plain::{plain, plain_number};
use self::record::{Place, Record, records};
use crate::plan::{DeclaredCell, Plan, Quantity, Value};
use crate::settings::{FieldForm, Settings};

/// A table with one header row; every row has one datum for each column.
#[derive(Debug, Clone, PartialEq)]
pub struct DataTable {
    /// The columns, left to right. No two bear one name.
    pub columns: Vec<Column>,
    /// The rows, in the order of the printed document.
    pub rows: Vec<Vec<Datum>>,
}

/// A column of the data table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What the header says.
    pub name: String,
    /// What the column holds, in a sentence for its reader.
    pub meaning: String,
    /// The same for programs.
    pub holds: Holds,
}

impl Column {
    /// A column of words.
    pub fn of_words(name: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self { name: name.into(), meaning: meaning.into(), holds: Holds::Words }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Names, sentences, codes.
    Words,
    /// The numbers of figures.
    Number,
    /// What is to be known of such a number: its state, its unit, the word before it.
    AboutNumber,
}

/// What one cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Datum {
    /// Nothing.
    Empty,
    /// Text on one line; never empty.
    Text(String),
    /// A number, exact; its scale is the number of decimals printed.
    Number(Decimal),
}

/// The name of the column that tells one row from all others.
pub(super) const KEY: &str = "ID";
/// The state of a figure that is a number.
const NUMBER: &str = "数値あり";
/// The state of a figure nobody has reported yet.
const NOT_REPORTED: &str = "未報告";
/// The state of a figure there is nothing to report for.
const NOT_APPLICABLE: &str = "該当なし";
/// In the unit's column, where the figures of an indicator differ in it.
const DIFFERS: &str = "値により異なる";

impl DataTable {
    /// The figures of `plan` and what it declares; see the head of this module.
    pub fn of(plan: &Plan, settings: &Settings) -> Self {
        let records = records(plan, settings);
        let is_owned = |record: &Record<'_>| !record.of.is_empty();
        let is_other = |record: &Record<'_>| !record.kind.is_indicator();
        let shape = Shape {
            years: &plan.years,
            fields: &settings.fields,
            has_other_rows: records.iter().any(is_other),
            has_owners: records.iter().any(is_owned),
        };
        let rows = records.iter().map(|record| row(settings, shape, record)).collect();
        Self { columns: shape.columns(), rows }
    }

    /// The table as CSV: UTF-8 with BOM (so that Excel knows it), CRLF, every field quoted.
    pub fn to_csv(&self) -> Vec<u8> {
        let header: Vec<String> = self.columns.iter().map(|column| column.name.clone()).collect();
        let rows = self.rows.iter().map(|row| row.iter().map(Datum::to_text).collect());
        csv_file(std::iter::once(header).chain(rows))
    }
}

/// Records as a CSV file: UTF-8 with BOM (so that Excel knows it), CRLF, every field quoted.
pub(super) fn csv_file(records: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut bytes = vec![0xEF, 0xBB, 0xBF];
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(&mut bytes);
    for record in records {
        let written = writer.write_record(&record);
        debug_assert!(written.is_ok(), "writing to memory cannot fail");
    }
    drop(writer);
    bytes
}

impl Datum {
    fn text(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// As CSV shows it: numbers without separators, empty for nothing.
    pub fn to_text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// The cells of a record, one for each column of the shape.
fn row(settings: &Settings, shape: Shape<'_>, record: &Record<'_>) -> Vec<Datum> {
    let Place { goal, field, measure, project } = record.place;
    let values = record.values(shape.years.len());
    let texts = [
        settings.plan.city_code.clone(),
        plain(&settings.plan.city),
        plain(&settings.plan.name),
        plain(record.id),
        record.kind.word().to_owned(),
        plain_number(&goal.number),
        plain(&goal.name),
        field.map(|field| plain_number(&field.number)).unwrap_or_default(),
        field.map(|field| plain(&field.name)).unwrap_or_default(),
        measure.map(|measure| plain_number(&measure.number)).unwrap_or_default(),
        measure.map(|measure| plain(&measure.name)).unwrap_or_default(),
        project.map(|project| plain_number(&project.number)).unwrap_or_default(),
        project.map(|project| plain(&project.name)).unwrap_or_default(),
        plain(record.department),
        plain_number(record.number),
        plain(record.name),
        plain(record.target),
        common(&values, |quantity| &quantity.unit),
        common(&values, |quantity| &quantity.prefix),
    ];
    let mut row: Vec<Datum> = texts.into_iter().map(Datum::text).collect();
    row.extend(values.iter().flat_map(|value| number_and_state(*value)));
    row.extend(values.iter().flat_map(|value| unit_and_prefix(*value)));
    if shape.has_owners {
        row.push(Datum::text(plain(record.of)));
    }
    for field in shape.fields {
        let cell = record.declared.and_then(|declared| declared.get(&field.name));
        match field.form {
            FieldForm::Text | FieldForm::Choice => {
                row.push(Datum::text(plain(cell.map(DeclaredCell::printed).unwrap_or_default())));
            }
            FieldForm::Number => {
                let value = match cell {
                    Some(DeclaredCell::Figure(value)) => Some(value),
                    Some(DeclaredCell::Text(_)) | None => None,
                };
                row.extend(number_and_state(value));
                row.extend(unit_and_prefix(value));
            }
        }
    }
    row
}

/// What all figures of an indicator share, or that they differ.
fn common(values: &[Option<&Value>], part: impl Fn(&Quantity) -> &str) -> String {
    let mut parts = values.iter().filter_map(|value| value.as_ref()?.quantity()).map(part);
    let Some(first) = parts.next() else { return String::new() };
    if parts.all(|other| other == first) { plain(first) } else { DIFFERS.to_owned() }
}

/// The number, and what is to be said of it; `None` where there is none by its nature.
fn number_and_state(value: Option<&Value>) -> [Datum; 2] {
    let number = match value.and_then(Value::quantity) {
        // Minus zero is zero to a machine.
        Some(quantity) if quantity.number.is_zero() => Datum::Number(quantity.number.abs()),
        Some(quantity) => Datum::Number(quantity.number),
        None => Datum::Empty,
    };
    let state = match value {
        Some(Value::Quantity(_)) => NUMBER.to_owned(),
        Some(Value::NotReported) => NOT_REPORTED.to_owned(),
        Some(Value::NotApplicable(_)) | None => NOT_APPLICABLE.to_owned(),
        Some(Value::Word(text) | Value::Text(text)) => plain(text),
    };
    [number, Datum::text(state)]
}

fn unit_and_prefix(value: Option<&Value>) -> [Datum; 2] {
    let quantity = value.and_then(Value::quantity);
    let part = |of: fn(&Quantity) -> &str| Datum::text(plain(quantity.map(of).unwrap_or_default()));
    [part(|quantity| &quantity.unit), part(|quantity| &quantity.prefix)]
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests;
