//! The header: which column holds what.
//!
//! Columns are found by their heading, in any order, whatever its width or stray
//! blanks. What is missing, doubled or misspelt is a finding, because a column that
//! silently does nothing is a year that silently is not printed.

use std::collections::HashMap;

use crate::finding::{StructureRule, column_letters, nearest};
use crate::plan::reading::compact;
use crate::plan::{FiscalYear, behind_era};
use crate::settings::{FieldForm, FieldSettings};

/// What a column of the master holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// 「種別」: what kind of row it is.
    Kind,
    /// 「ID」
    Id,
    /// 「番号」, as printed.
    Number,
    /// 「名称」
    Name,
    /// 「担当課」
    Department,
    /// 「区分」: 新規 or empty.
    Division,
    /// 「再掲元」: the ID of the project shown again.
    ReprintOf,
    /// 「目的」
    Purpose,
    /// 「内容」
    Content,
    /// 「目標」
    Target,
    /// 「基準値」
    Baseline,
    /// A year: 「実績」 of an indicator, 「決算」 of a 事業費, the figures of a 予算 or 目標値.
    Actual(FiscalYear),
    /// A column that the plan declares: its place in [`Settings::fields`](crate::settings::Settings).
    Declared(usize),
    /// 「備考」
    Remark,
}

impl Column {
    /// Every column but the years' and those that a plan declares, in the order of the sample.
    pub const NAMED: [Self; 12] = [
        Self::Kind,
        Self::Id,
        Self::Number,
        Self::Name,
        Self::Department,
        Self::Division,
        Self::ReprintOf,
        Self::Purpose,
        Self::Content,
        Self::Target,
        Self::Baseline,
        Self::Remark,
    ];

    /// The heading a master is expected to give it, where the plan declares these columns.
    pub fn heading(self, fields: &[FieldSettings]) -> String {
        match self {
            Self::Actual(year) => year.to_string(),
            Self::Declared(at) => fields.get(at).map(|field| field.name.clone()).unwrap_or_default(),
            named => named.name().to_owned(),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Kind => "種別",
            Self::Id => "ID",
            Self::Number => "番号",
            Self::Name => "名称",
            Self::Department => "担当課",
            Self::Division => "区分",
            Self::ReprintOf => "再掲元",
            Self::Purpose => "目的",
            Self::Content => "内容",
            Self::Target => "目標",
            Self::Baseline => "基準値",
            Self::Actual(_) | Self::Declared(_) => "",
            Self::Remark => "備考",
        }
    }

    /// Reads a heading.
    fn parse(heading: &str, fields: &[FieldSettings]) -> Option<Self> {
        let heading = folded(heading);
        let declared = || fields.iter().position(|field| folded(&field.name) == heading).map(Self::Declared);
        Self::NAMED
            .into_iter()
            .find(|column| folded(column.name()) == heading)
            .or_else(|| FiscalYear::parse(&heading).map(Self::Actual))
            .or_else(declared)
    }
}

/// Without blanks, differences of width, and case.
fn folded(heading: &str) -> String {
    compact(heading).to_lowercase()
}

/// The columns of a master.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct ColumnMap {
    /// By position; `None` for a column that is not used.
    pub by_position: Vec<Option<Column>>,
    /// As the file writes them.
    pub headings: Vec<String>,
    /// The columns that the plan declares.
    pub fields: Vec<FieldSettings>,
    positions: HashMap<Column, usize>,
}

impl ColumnMap {
    pub fn position(&self, column: Column) -> Option<usize> {
        self.positions.get(&column).copied()
    }

    /// Whether the cells of a column are figures.
    pub fn holds_figures(&self, column: Column) -> bool {
        match column {
            Column::Baseline | Column::Actual(_) => true,
            Column::Declared(at) => self.fields.get(at).is_some_and(|field| field.form == FieldForm::Number),
            _ => false,
        }
    }

    /// The years in the order of their columns.
    pub fn years(&self) -> Vec<FiscalYear> {
        let year = |column: &Option<Column>| match column {
            Some(Column::Actual(year)) => Some(*year),
            _ => None,
        };
        self.by_position.iter().filter_map(year).collect()
    }
}

/// What offices call a column otherwise, and its heading here; folded.
const OTHER_NAMES: [(&str, &str); 26] = [
    ("種類", "種別"),
    ("区別", "種別"),
    ("分類", "種別"),
    ("no", "ID"),
    ("no.", "ID"),
    ("記号", "ID"),
    ("コード", "ID"),
    ("管理番号", "ID"),
    ("識別番号", "ID"),
    ("no", "番号"),
    ("no.", "番号"),
    ("項目", "名称"),
    ("項目名", "名称"),
    ("名前", "名称"),
    ("事業名", "名称"),
    ("所管課", "担当課"),
    ("所管", "担当課"),
    ("担当", "担当課"),
    ("新規", "区分"),
    ("再掲", "再掲元"),
    ("ねらい", "目的"),
    ("概要", "内容"),
    ("事業内容", "内容"),
    ("目標値", "目標"),
    ("現状値", "基準値"),
    ("当初値", "基準値"),
];

/// How many of these cells are headings of named columns.
pub(super) fn known_headings(cells: &[String]) -> usize {
    let known = |column: &Column| cells.iter().any(|cell| folded(cell) == folded(column.name()));
    Column::NAMED.iter().filter(|column| known(column)).count()
}

/// What is wrong with the header: at a position, or with the header as a whole.
pub(super) type HeaderFault = (Option<usize>, StructureRule);

/// Reads the header; `None` where none of its cells is a heading.
pub(super) fn read(headings: Vec<String>, fields: &[FieldSettings]) -> (Option<ColumnMap>, Vec<HeaderFault>) {
    let mut faults = Vec::new();
    let mut columns = ColumnMap { fields: fields.to_vec(), ..ColumnMap::default() };
    for (at, heading) in headings.iter().enumerate() {
        let mut column = Column::parse(heading, fields);
        if let Some(known) = column {
            match columns.positions.get(&known) {
                Some(first) => {
                    faults.push((Some(at), doubled(known.heading(fields), known, *first, at)));
                    column = None;
                }
                None => {
                    columns.positions.insert(known, at);
                }
            }
        }
        columns.by_position.push(column);
    }
    if !Column::NAMED.iter().any(|column| columns.positions.contains_key(column)) {
        return (None, vec![(Some(0), StructureRule::NoHeader)]);
    }
    unknown_headings(&mut columns, &headings, &mut faults);
    years(&columns, &headings, &mut faults);
    faults.sort_by_key(|(at, _)| at.unwrap_or(usize::MAX));
    columns.headings = headings;
    (Some(columns), faults)
}

fn doubled(heading: String, column: Column, first: usize, second: usize) -> StructureRule {
    let (first, second) = (column_letters(first), column_letters(second));
    match column {
        Column::Actual(year) => StructureRule::DuplicateYear { year, first, second },
        _ => StructureRule::DuplicateColumn { heading, first, second },
    }
}

/// Headings that are no column's, and columns that no heading names.
///
/// A misspelt heading is an error; its column is read as what was meant, so that nothing
/// else is said about the rows than what is wrong with them.
fn unknown_headings(columns: &mut ColumnMap, headings: &[String], faults: &mut Vec<HeaderFault>) {
    let fields = std::mem::take(&mut columns.fields);
    let declared = (0..fields.len()).map(Column::Declared);
    let needed = Column::NAMED.into_iter().filter(|column| *column != Column::Remark).chain(declared);
    let mut missing: Vec<(Column, String)> = needed
        .filter(|column| !columns.positions.contains_key(column))
        .map(|column| (column, column.heading(&fields)))
        .collect();
    for (at, heading) in headings.iter().enumerate() {
        if heading.trim().is_empty() || Column::parse(heading, &fields).is_some() {
            continue;
        }
        let heading = heading.trim().to_owned();
        let kind = if let Some(meant) = meant(&heading, &missing) {
            let (column, nearest) = missing.remove(meant);
            if let Some(unused) = columns.by_position.get_mut(at) {
                *unused = Some(column);
                columns.positions.insert(column, at);
            }
            StructureRule::MisspeltColumn { heading, nearest }
        } else if looks_like_year(&heading) {
            let nearest = year_within(&heading);
            StructureRule::UnreadableYear { heading, nearest }
        } else {
            StructureRule::UnknownColumn { heading, cells: 0 }
        };
        faults.push((Some(at), kind));
    }
    for (column, heading) in missing {
        let kind = match column {
            Column::Declared(_) => StructureRule::MissingDeclared { heading },
            _ => StructureRule::MissingColumn { heading },
        };
        faults.push((None, kind));
    }
    columns.fields = fields;
}

/// Which of the missing columns somebody meant by this heading.
fn meant(heading: &str, missing: &[(Column, String)]) -> Option<usize> {
    // Kana and kanji that differ in one of two are still likely here: the
    // candidates are only the columns that are missing.
    let folded = folded(heading);
    let place = |name: &str| missing.iter().position(|(_, other)| other == name);
    let other_name =
        || OTHER_NAMES.iter().filter(|(other, _)| *other == folded).find_map(|(_, name)| place(name));
    nearest(heading, missing.iter().map(|(_, name)| name.as_str())).and_then(place).or_else(other_name)
}

/// Whether somebody meant a year by this heading.
fn looks_like_year(heading: &str) -> bool {
    let heading = folded(heading);
    let after = behind_era(&heading).unwrap_or(&heading);
    let after = after.trim_start_matches(['.', '・', '-', '_', ' ', '(']);
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let is_date =
        months.iter().any(|month| heading.contains(month) && heading.contains(|c: char| c.is_ascii_digit()));
    // 四 alone may begin any word; behind an era it counts years.
    let is_kanji = after.len() < heading.len() && after.starts_with(|c| "一二三四五六七八九十".contains(c));
    after.starts_with(|c: char| c.is_ascii_digit() || c == '元')
        || heading.contains("年度")
        || is_date
        || is_kanji
}

/// The year with which a heading begins: `R3` of `R3（実績）`.
fn year_within(heading: &str) -> Option<String> {
    let heading = compact(heading);
    let ends = heading.char_indices().map(|(at, _)| at).skip(1).take(10);
    ends.filter_map(|end| FiscalYear::parse(&heading[..end])).last().map(|year| year.to_string())
}

/// No plan has years further apart than this.
const REACH: i32 = 25;
/// No plan in force has other years.
const IN_FORCE: std::ops::RangeInclusive<i32> = 1980..=2100;

fn years(columns: &ColumnMap, headings: &[String], faults: &mut Vec<HeaderFault>) {
    let mut years = columns.years();
    if years.is_empty() {
        faults.push((None, StructureRule::NoYears));
    }
    // A year far from all others is a slip, and says nothing about those between.
    let mut in_force: Vec<FiscalYear> =
        years.iter().copied().filter(|year| IN_FORCE.contains(&year.start())).collect();
    in_force.sort_unstable();
    let middle = in_force.get(in_force.len().saturating_sub(1) / 2).copied();
    years.retain(|year| {
        let is_near = |middle: FiscalYear| (year.start() - middle.start()).abs() <= REACH;
        let within_reach = IN_FORCE.contains(&year.start()) && middle.is_some_and(is_near);
        if !within_reach && let Some(at) = columns.position(Column::Actual(*year)) {
            let heading = headings.get(at).map(|heading| heading.trim().to_owned()).unwrap_or_default();
            faults.push((Some(at), StructureRule::YearOutOfReach { heading, year: *year }));
        }
        within_reach
    });
    for pair in years.windows(2) {
        let &[before, after] = pair else { continue };
        let at = columns.position(Column::Actual(after));
        if after < before {
            faults.push((at, StructureRule::YearsOutOfOrder { before, after }));
        } else if before.next() < after {
            faults.push((at, StructureRule::YearMissing { missing: before.next() }));
        }
    }
}
