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
//! 再掲 repeats no row; 「備考」 is the office's own and is not published.

mod plain;

use rust_decimal::Decimal;

use self::plain::{plain, plain_number};
use crate::plan::{FiscalYear, Indicator, Owner, Plan, Quantity, Value};
use crate::settings::Settings;

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
    /// The figures of `plan`, one row for each indicator.
    pub fn of(plan: &Plan, settings: &Settings) -> Self {
        let columns = columns(&plan.years);
        let rows = plan
            .indicators()
            .into_iter()
            .map(|(owner, indicator)| row(settings, &plan.years, owner, indicator))
            .collect();
        Self { columns, rows }
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

/// The columns before those of the figures, with what they hold.
const FIXED: [(&str, &str); 19] = [
    ("団体コード", "全国地方公共団体コード（検査数字を含む6桁の文字列）"),
    ("団体名", "地方公共団体の名称"),
    ("計画名", "計画の名称"),
    (KEY, "指標を一意に示す記号。計画の期間中は変わらない"),
    ("種別", "数値目標（基本目標に属する）、KPI（施策に属する）、事業量（事業に属する）のいずれか"),
    ("基本目標番号", "基本目標の番号"),
    ("基本目標", "基本目標の名称"),
    ("分野番号", "分野の番号。数値目標では空"),
    ("分野", "分野の名称。数値目標では空"),
    ("施策番号", "施策の番号。数値目標では空"),
    ("施策", "施策の名称。数値目標では空"),
    ("事業番号", "事業の番号（文字列）。事業量でない行と、番号のない事業では空"),
    ("事業名", "事業の名称。事業量でない行では空"),
    ("担当課", "担当する課または団体の名称。定めのない指標では空"),
    ("項目番号", "指標の番号。事業量では空"),
    ("項目名", "指標の名称"),
    ("目標", "目標の文。事業量では空"),
    (
        "単位",
        "基準値と実績の単位。単位のない数値では空。値ごとに単位が違う指標では「値により異なる」とし、右の列に値ごとの単位を示す",
    ),
    (
        "接頭語",
        "数値の前に付く語（延べ、約など）。ない数値では空。値ごとに違う指標では「値により異なる」とし、右の列に値ごとの語を示す",
    ),
];

fn columns(years: &[FiscalYear]) -> Vec<Column> {
    let column = |name: String, meaning: String| Column { name, meaning };
    let names = figure_names(years);
    let mut all: Vec<Column> =
        FIXED.iter().map(|(name, meaning)| column((*name).into(), (*meaning).into())).collect();
    for (place, name) in names.iter().enumerate() {
        let (value, of) = if place == 0 {
            (name.clone(), "計画が基準とする値")
        } else {
            (format!("{name}実績"), "実績")
        };
        all.push(column(value, format!("{of}（数値）。数値でないときは空とし、理由を状態の列に示す")));
        all.push(column(
            format!("{name}の状態"),
            format!("{NUMBER}、{NOT_REPORTED}（報告がまだない）、{NOT_APPLICABLE}（該当する数値がない）のいずれか、または数値に代わる語（調査中など）"),
        ));
    }
    for name in &names {
        all.push(column(
            format!("{name}の単位"),
            format!("{name}の数値の単位。単位のない数値と、数値でないときは空"),
        ));
        all.push(column(
            format!("{name}の接頭語"),
            format!("{name}の数値の前に付く語。ない数値と、数値でないときは空"),
        ));
    }
    all
}

/// 「基準値」, then each year: `2021年度（令和3年度）`.
fn figure_names(years: &[FiscalYear]) -> Vec<String> {
    std::iter::once("基準値".to_owned())
        .chain(years.iter().map(|year| {
            let (western, era) = (format!("{}年度", year.start()), year.long());
            if western == era { western } else { format!("{western}（{era}）") }
        }))
        .collect()
}

fn row(settings: &Settings, years: &[FiscalYear], owner: Owner<'_>, indicator: &Indicator) -> Vec<Datum> {
    let (goal, field, measure, project) = match owner {
        Owner::Goal(goal) => (goal, None, None, None),
        Owner::Measure(goal, field, measure) => (goal, Some(field), Some(measure), None),
        Owner::Project(goal, field, measure, project) => (goal, Some(field), Some(measure), Some(project)),
    };
    let kind = owner.indicator_kind().word();
    let department = indicator.department.as_ref().or(project.map(|project| &project.department));
    // A short list of actuals would shift all cells after it: every year has its value.
    let values: Vec<&Value> = std::iter::once(&indicator.baseline)
        .chain((0..years.len()).map(|at| indicator.actuals.get(at).unwrap_or(&Value::NotReported)))
        .collect();
    let texts = [
        settings.plan.city_code.clone(),
        plain(&settings.plan.city),
        plain(&settings.plan.name),
        plain(&indicator.id),
        kind.to_owned(),
        plain_number(&goal.number),
        plain(&goal.name),
        field.map(|field| plain_number(&field.number)).unwrap_or_default(),
        field.map(|field| plain(&field.name)).unwrap_or_default(),
        measure.map(|measure| plain_number(&measure.number)).unwrap_or_default(),
        measure.map(|measure| plain(&measure.name)).unwrap_or_default(),
        project.map(|project| plain_number(&project.number)).unwrap_or_default(),
        project.map(|project| plain(&project.name)).unwrap_or_default(),
        department.map(|name| plain(name)).unwrap_or_default(),
        plain_number(&indicator.number),
        plain(&indicator.name),
        plain(&indicator.target),
        common(&values, |quantity| &quantity.unit),
        common(&values, |quantity| &quantity.prefix),
    ];
    let mut row: Vec<Datum> = texts.into_iter().map(Datum::text).collect();
    for (place, value) in values.iter().enumerate() {
        // 事業量 has no baseline by its nature: nobody owes a report.
        let has_none = place == 0 && project.is_some();
        row.extend([number(value), Datum::text(state(value, has_none))]);
    }
    for value in &values {
        let part =
            |of: fn(&Quantity) -> &str| Datum::text(plain(value.quantity().map(of).unwrap_or_default()));
        row.extend([part(|quantity| &quantity.unit), part(|quantity| &quantity.prefix)]);
    }
    row
}

/// What all figures of an indicator share, or that they differ.
fn common(values: &[&Value], part: impl Fn(&Quantity) -> &str) -> String {
    let mut parts = values.iter().filter_map(|value| value.quantity()).map(part);
    let Some(first) = parts.next() else { return String::new() };
    if parts.all(|other| other == first) { plain(first) } else { DIFFERS.to_owned() }
}

fn number(value: &Value) -> Datum {
    match value.quantity() {
        // Minus zero is zero to a machine.
        Some(quantity) if quantity.number.is_zero() => Datum::Number(quantity.number.abs()),
        Some(quantity) => Datum::Number(quantity.number),
        None => Datum::Empty,
    }
}

fn state(value: &Value, has_none: bool) -> String {
    match value {
        Value::Quantity(_) => NUMBER.to_owned(),
        Value::NotReported if has_none => NOT_APPLICABLE.to_owned(),
        Value::NotReported => NOT_REPORTED.to_owned(),
        Value::NotApplicable(_) => NOT_APPLICABLE.to_owned(),
        Value::Word(text) | Value::Text(text) => plain(text),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests;
