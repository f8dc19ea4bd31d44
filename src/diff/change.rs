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
    /// Its name, in the old plan where it was there.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    /// 「備考」, which is never printed
    Remark,
}

impl What {
    /// As documents and messages name it.
    pub fn word(self) -> String {
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
            Self::Remark => "備考".to_owned(),
        }
    }

    /// Whether the council's documents print it.
    pub fn is_printed(self) -> bool {
        self != Self::Remark
    }
}

/// For programs: one word for each, `actual:R4` for a year.
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
            Self::Remark => "remark",
        };
        serializer.serialize_str(word)
    }
}

impl Change {
    /// Whether the council's documents show it.
    pub fn is_printed(&self) -> bool {
        // The plan's name stands in the files' properties only.
        self.what.is_printed() && (self.kind, self.what) != (Kind::Plan, What::Name)
    }

    /// 「事業12「人材確保対策事業」の事業量「相談件数」」
    pub fn subject(&self) -> String {
        let own = match (self.kind, self.name.as_str()) {
            (Kind::Plan, _) => return self.kind.word().to_owned(),
            (_, "") => self.kind.word().to_owned(),
            (kind, name) => format!("{}{}「{name}」", kind.word(), shown_number(&self.number)),
        };
        match &self.section.project {
            Some(project) if self.kind == Kind::Row(RowKind::ProjectIndicator) => format!("{project}の{own}"),
            _ => own,
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
    /// 「事業12「…」」, for a 事業量.
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
