//! 記入票の見出し: what a row of a form says of itself, under which heading.

/// A column that says what is asked, and is not to be typed into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// 「番号」: the project's number, or the indicator's with its kind.
    Number,
    /// 「事業・施策」: the name of the project, measure or goal.
    Owner,
    /// 「項目」: the indicator's name.
    Item,
    /// 「単位」
    Unit,
    /// 「基準値」
    Baseline,
    /// 「目標」
    Target,
}

impl Label {
    /// In the order of the form's columns, behind the hidden key.
    pub const ALL: [Self; 6] =
        [Self::Number, Self::Owner, Self::Item, Self::Unit, Self::Baseline, Self::Target];

    /// The heading.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Number => "番号",
            Self::Owner => "事業・施策",
            Self::Item => "項目",
            Self::Unit => "単位",
            Self::Baseline => "基準値",
            Self::Target => "目標",
        }
    }

    /// The name in the hidden row above the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Owner => "owner",
            Self::Item => "item",
            Self::Unit => "unit",
            Self::Baseline => "baseline",
            Self::Target => "target",
        }
    }
}
