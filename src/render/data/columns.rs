//! The columns of the table, and what each of them holds, in a sentence for its reader.

use super::plain::plain;
use super::{Column, Holds, KEY, NOT_APPLICABLE, NOT_REPORTED, NUMBER};
use crate::plan::FiscalYear;
use crate::settings::{FieldForm, FieldSettings};

/// Which columns a table has beside those that all have.
#[derive(Clone, Copy)]
pub(super) struct Shape<'a> {
    pub years: &'a [FiscalYear],
    pub fields: &'a [FieldSettings],
    /// Some of its rows are no indicators.
    pub has_other_rows: bool,
    /// Some of its rows are of others: 事業費, 予算, 目標値.
    pub has_owners: bool,
}

/// A column before those of the figures.
struct Fixed {
    name: &'static str,
    meaning: &'static str,
    /// What it says instead where not every row is an indicator.
    with_other_rows: Option<&'static str>,
}

const fn always(name: &'static str, meaning: &'static str) -> Fixed {
    Fixed { name, meaning, with_other_rows: None }
}

const fn either(name: &'static str, meaning: &'static str, with_other_rows: &'static str) -> Fixed {
    Fixed { name, meaning, with_other_rows: Some(with_other_rows) }
}

const FIXED: [Fixed; 19] = [
    always("団体コード", "全国地方公共団体コード（検査数字を含む6桁の文字列）"),
    always("団体名", "地方公共団体の名称"),
    always("計画名", "計画の名称"),
    either(
        KEY,
        "指標を一意に示す記号。計画の期間中は変わらない",
        "行を一意に示す記号。計画の期間中は変わらない",
    ),
    either(
        "種別",
        "数値目標（基本目標に属する）、KPI（施策に属する）、事業量（事業に属する）のいずれか",
        "数値目標（基本目標に属する）、KPI（施策に属する）、事業量と事業費（事業に属する）、予算（事業費に属する）、目標値（数値目標、KPI、事業量に属する）、または基本目標、分野、施策、事業のいずれか",
    ),
    always("基本目標番号", "基本目標の番号"),
    always("基本目標", "基本目標の名称"),
    either("分野番号", "分野の番号。数値目標では空", "分野の番号。分野に属さない行では空"),
    either("分野", "分野の名称。数値目標では空", "分野の名称。分野に属さない行では空"),
    either("施策番号", "施策の番号。数値目標では空", "施策の番号。施策に属さない行では空"),
    either("施策", "施策の名称。数値目標では空", "施策の名称。施策に属さない行では空"),
    either(
        "事業番号",
        "事業の番号（文字列）。事業量でない行と、番号のない事業では空",
        "事業の番号（文字列）。事業に属さない行と、番号のない事業では空",
    ),
    either("事業名", "事業の名称。事業量でない行では空", "事業の名称。事業に属さない行では空"),
    either(
        "担当課",
        "担当する課または団体の名称。定めのない指標では空",
        "担当する課または団体の名称。定めのない行では空",
    ),
    either(
        "項目番号",
        "指標の番号。事業量では空",
        "指標の番号。目標値では、それが属する指標の番号。番号のない行では空",
    ),
    either(
        "項目名",
        "指標の名称",
        "指標または事業費の名称。予算と目標値では、それが属する行の名称。基本目標、分野、施策、事業の行では空",
    ),
    either("目標", "目標の文。事業量では空", "目標の文。数値目標とKPIのほかの行では空"),
    always(
        "単位",
        "基準値と実績の単位。単位のない数値では空。値ごとに単位が違う指標では「値により異なる」とし、右の列に値ごとの単位を示す",
    ),
    always(
        "接頭語",
        "数値の前に付く語（延べ、約など）。ない数値では空。値ごとに違う指標では「値により異なる」とし、右の列に値ごとの語を示す",
    ),
];

impl Shape<'_> {
    /// The columns, left to right.
    pub fn columns(self) -> Vec<Column> {
        let mut all = ColumnList::default();
        for Fixed { name, meaning, with_other_rows } in FIXED {
            let meaning = with_other_rows.filter(|_| self.has_other_rows).unwrap_or(meaning);
            all.add(Holds::Words, name.to_owned(), meaning.to_owned());
        }
        let names = figure_names(self.years);
        for (place, name) in names.iter().enumerate() {
            let (value, of) = match place {
                0 => (name.clone(), "計画が基準とする値"),
                _ => (format!("{name}実績"), "実績"),
            };
            let others = match place {
                1.. if self.has_owners => "。事業費では決算の額、予算では予算の額、目標値では目標とする値",
                _ => "",
            };
            let meaning = format!("{of}（数値）。数値でないときは空とし、理由を状態の列に示す{others}");
            all.add(Holds::Number, value, meaning);
            all.state(name);
        }
        for name in &names {
            all.unit_and_prefix(name);
        }
        if self.has_owners {
            let meaning =
                "事業費では事業の、予算では事業費の、目標値では数値目標、KPI、事業量のID。その他の行では空";
            all.add(Holds::Words, "対象ID".to_owned(), meaning.to_owned());
        }
        for field in self.fields {
            all.declared(field);
        }
        all.0
    }
}

#[derive(Default)]
struct ColumnList(Vec<Column>);

impl ColumnList {
    fn add(&mut self, holds: Holds, name: String, meaning: String) {
        self.0.push(Column { name, meaning, holds });
    }

    fn state(&mut self, name: &str) {
        let meaning = format!(
            "{NUMBER}、{NOT_REPORTED}（報告がまだない）、{NOT_APPLICABLE}（該当する数値がない）のいずれか、または数値に代わる語（調査中など）"
        );
        self.add(Holds::AboutNumber, format!("{name}の状態"), meaning);
    }

    fn unit_and_prefix(&mut self, name: &str) {
        let unit = format!("{name}の数値の単位。単位のない数値と、数値でないときは空");
        self.add(Holds::AboutNumber, format!("{name}の単位"), unit);
        let prefix = format!("{name}の数値の前に付く語。ない数値と、数値でないときは空");
        self.add(Holds::AboutNumber, format!("{name}の接頭語"), prefix);
    }

    /// The column of a declared field; a figure has four.
    fn declared(&mut self, field: &FieldSettings) {
        let rows: Vec<&str> = field.rows.iter().map(|kind| kind.word()).collect();
        let rows = format!("{}の行に書く。その他の行では空", rows.join("、"));
        let is_number = field.form == FieldForm::Number;
        let name = self.free_name(&plain(&field.name), is_number);
        match field.form {
            FieldForm::Text => {
                self.add(Holds::Words, name, format!("計画が独自に定めた項目（文章）。{rows}"));
            }
            FieldForm::Choice => {
                let choices: Vec<String> = field.choices.iter().map(|choice| plain(choice)).collect();
                let choices = choices.join("、");
                let meaning = format!("計画が独自に定めた項目（{choices}のいずれか）。{rows}");
                self.add(Holds::Words, name, meaning);
            }
            FieldForm::Number => {
                let meaning = format!(
                    "計画が独自に定めた項目（数値）。数値でないときは空とし、理由を状態の列に示す。{rows}"
                );
                self.add(Holds::Number, name.clone(), meaning);
                self.state(&name);
                self.unit_and_prefix(&name);
            }
        }
    }

    /// A name for a declared column that no other bears: 単位 may be declared, and stands in
    /// every table. Case does not tell columns apart in Excel.
    fn free_name(&self, name: &str, is_number: bool) -> String {
        let parts = if is_number { &["", "の状態", "の単位", "の接頭語"][..] } else { &[""] };
        let is_taken = |name: &String| {
            let mut names = parts.iter().map(|part| format!("{name}{part}").to_lowercase());
            names.any(|name| self.0.iter().any(|column| column.name.to_lowercase() == name))
        };
        let mut name = name.to_owned();
        while is_taken(&name) {
            name.push_str("（独自）");
        }
        name
    }
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
