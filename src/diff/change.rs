//! One thing that differs between two plans: what it is, where it stands, and how.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::plan::{FiscalYear, Row, RowKind};

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The ID by which both were matched; that of the project for a 再掲.
    pub id: String,
    /// 「種別」
    pub kind: Kind,
    /// Where it stands, in the old plan where it stood there.
    pub section: Section,
    /// Its number, in the old plan where it was there.
    pub number: String,
    /// Its name, in the old plan where it was there; that of the 事業費 for its 予算, of the
    /// indicator for its 目標値.
    pub name: String,
    /// What differs.
    pub what: What,
    /// As it was (誤); empty where there was nothing.
    pub old: String,
    /// As it is now (正); empty where there is nothing.
    pub new: String,
    /// Its row in the old plan, or that of the nearest thing above it that was there.
    #[serde(skip)]
    pub old_row: Option<Row>,
}

/// What of a thing differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It is new.
    Added,
    /// It is gone.
    Dropped,
    /// It stands under another heading.
    Moved,
    /// It stands in another order among its like.
    Reordered,
    /// The document's title.
    Title,
    /// 「番号」
    Number,
    /// 「名称」
    Name,
    /// 「担当課」
    Department,
    /// 「区分」
    Division,
    /// 「目的」
    Purpose,
    /// 「内容」
    Content,
    /// 「目標」
    Target,
    /// 「基準値」
    Baseline,
    /// 「実績」 of a year
    Actual(FiscalYear),
    /// 「決算」 of a year, of a 事業費
    Settled(FiscalYear),
    /// 「予算」 of a year
    Budgeted(FiscalYear),
    /// 「目標値」 of a year
    Targeted(FiscalYear),
    /// What a column says that a plan declares for itself
    Declared(DeclaredColumn),
    /// 「備考」, which is never printed
    Remark,
}

/// A column declared by one of the two plans, or by both.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeclaredColumn {
    /// Its place among the columns of the old plan; behind all of them, where only the new
    /// one declares it.
    pub place: usize,
    /// Its heading, by which both plans' columns are matched.
    pub name: String,
}

impl What {
    /// As documents and messages name it.
    pub fn word(&self) -> String {
        match self {
            Self::Added => "追加".to_owned(),
            Self::Dropped => "削除".to_owned(),
            Self::Moved => "移動".to_owned(),
            Self::Reordered => "順番".to_owned(),
            Self::Title => "表題".to_owned(),
            Self::Number => "番号".to_owned(),
            Self::Name => "名称".to_owned(),
            Self::Department => "担当課".to_owned(),
            Self::Division => "区分".to_owned(),
            Self::Purpose => "目的".to_owned(),
            Self::Content => "内容".to_owned(),
            Self::Target => "目標".to_owned(),
            Self::Baseline => "基準値".to_owned(),
            Self::Actual(year) => format!("{year}実績"),
            Self::Settled(year) => format!("{year}決算"),
            Self::Budgeted(year) => format!("{year}予算"),
            Self::Targeted(year) => format!("{year}目標値"),
            Self::Declared(column) => column.name.clone(),
            Self::Remark => "備考".to_owned(),
        }
    }

    /// Whether a thing that is new or gone is described by it: what is never printed does
    /// not count, nor what a template may leave out.
    pub(super) fn describes(&self) -> bool {
        !matches!(self, Self::Remark | Self::Declared(_))
    }
}

/// For programs: one word for each, `actual:R4` for a year, `declared:…` for a declared column.
impl Serialize for What {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let word = match self {
            Self::Added => "added",
            Self::Dropped => "dropped",
            Self::Moved => "moved",
            Self::Reordered => "reordered",
            Self::Title => "title",
            Self::Number => "number",
            Self::Name => "name",
            Self::Department => "department",
            Self::Division => "division",
            Self::Purpose => "purpose",
            Self::Content => "content",
            Self::Target => "target",
            Self::Baseline => "baseline",
            Self::Actual(year) => return serializer.collect_str(&format_args!("actual:{year}")),
            Self::Settled(year) => return serializer.collect_str(&format_args!("settled:{year}")),
            Self::Budgeted(year) => return serializer.collect_str(&format_args!("budgeted:{year}")),
            Self::Targeted(year) => return serializer.collect_str(&format_args!("targeted:{year}")),
            Self::Declared(column) => {
                return serializer.collect_str(&format_args!("declared:{}", column.name));
            }
            Self::Remark => "remark",
        };
        serializer.serialize_str(word)
    }
}

impl Change {
    /// 「事業12「人材確保対策事業」の事業量「相談件数」」
    pub fn subject(&self) -> String {
        let own = match (self.kind, self.name.as_str()) {
            (Kind::Plan, _) => return self.kind.word().to_owned(),
            (_, "") => self.kind.word().to_owned(),
            (kind, name) => format!("{}{}「{name}」", kind.word(), shown_number(&self.number)),
        };
        match &self.section.project {
            Some(project) => format!("{project}の{own}"),
            None => own,
        }
    }
}

/// What a thing that differs is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The plan as a whole.
    Plan,
    /// A row of it.
    Row(RowKind),
}

impl Kind {
    /// As the master writes it; 「計画」.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plan => "計画",
            Self::Row(kind) => kind.word(),
        }
    }
}

/// `plan`, or the row's kind.
impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plan => serializer.serialize_str("plan"),
            Self::Row(kind) => kind.serialize(serializer),
        }
    }
}

/// Where a thing stands, by the numbers of the headings above it; empty above the first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The number of the 基本目標.
    pub goal: String,
    /// The number of the 分野.
    pub field: String,
    /// The number of the 施策.
    pub measure: String,
    /// 「事業12「…」」, for what a 事業 has in rows of their own: 事業量, 事業費 and below them.
    pub project: Option<String>,
}

/// `基本目標1（ア）①`
impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.goal.is_empty() {
            write!(f, "基本目標{}", self.goal)?;
        }
        if !self.field.is_empty() {
            write!(f, "（{}）", self.field)?;
        }
        write!(f, "{}", self.measure)
    }
}

/// The number before a name; nothing for the dash of a project without a number.
pub(super) fn shown_number(number: &str) -> &str {
    if number.chars().any(char::is_alphanumeric) { number } else { "" }
}
