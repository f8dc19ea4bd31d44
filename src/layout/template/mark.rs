//! Marks: what a template's texts take from the plan.
//!
//! `{名称}` is the record's own, `{施策.名称}` that of what it belongs to,
//! `{事業費「一般財源」.決算}` that of a row below it by its name. Signs and blanks within
//! the braces (`{【担当課】}`, `{番号　}`) are printed only with the value. `.今年度`,
//! `.前年度`, `.翌年度` and `.R4` name a year where the column does not; `:全角`, `:元号` and
//! `:選択` say how the value is written. There are no conditions, no loops and no arithmetic.

use super::level::Level;
use crate::finding::nearest;
use crate::plan::FiscalYear;

/// A text of a template, cut at its marks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(pub Vec<Piece>);

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Printed as it stands.
    Words(String),
    /// Taken from the plan.
    Mark(Mark),
}

/// A mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Printed before the value, where there is one.
    pub before: String,
    /// Printed after the value, where there is one.
    pub after: String,
    /// Of what: the record itself, where it does not say.
    pub of: Option<Level>,
    /// The 「名称」 of the 事業費 that is meant.
    pub cost: Option<String>,
    /// What of it.
    pub name: Name,
    /// Of which year, where the column does not say.
    pub year: Option<Year>,
    /// How it is written.
    pub form: Option<Form>,
}

/// What a mark takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// 「ID」
    Id,
    /// 「番号」
    Number,
    /// 「名称」
    Name,
    /// 「担当課」
    Department,
    /// 「区分」, in the template's words: 【新規】, 【再掲】
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
    Actual,
    /// 「目標値」 of a year
    YearTarget,
    /// 「決算」 of a year
    CostActual,
    /// 「予算」 of a year
    CostBudget,
    /// A column that the plan declares.
    Declared(String),
    /// 「計画名」
    PlanName,
    /// 「題名」: the title, with （案） where the document is a draft
    Title,
    /// 「資料番号」
    DocumentNumber,
    /// 「注記」: date and meeting
    Note,
    /// 「市」
    City,
    /// 「部署」: the office that keeps the master
    Office,
    /// 「年度」: the year of the column
    ColumnYear,
    /// 「今年度」「前年度」「翌年度」
    Year(Year),
    /// 「見出し1」 to 「見出し6」: the heading of that level that it stands under
    Heading(u8),
}

/// A year by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Year {
    /// The year of the edition.
    This,
    /// The one before.
    Previous,
    /// The one after.
    Next,
    /// A certain one.
    Of(FiscalYear),
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Digits in full width.
    Wide,
    /// A year with its era: 令和4年度.
    Era,
    /// All choices, ■ before the one that was made and □ before the others.
    Choices,
}

impl Name {
    /// Every name that the program gives, but for those of headings.
    const GIVEN: [(&'static str, Self); 23] = [
        ("ID", Self::Id),
        ("番号", Self::Number),
        ("名称", Self::Name),
        ("担当課", Self::Department),
        ("区分", Self::Division),
        ("目的", Self::Purpose),
        ("内容", Self::Content),
        ("目標", Self::Target),
        ("基準値", Self::Baseline),
        ("実績", Self::Actual),
        ("目標値", Self::YearTarget),
        ("決算", Self::CostActual),
        ("予算", Self::CostBudget),
        ("計画名", Self::PlanName),
        ("題名", Self::Title),
        ("資料番号", Self::DocumentNumber),
        ("注記", Self::Note),
        ("市", Self::City),
        ("部署", Self::Office),
        ("年度", Self::ColumnYear),
        ("今年度", Self::Year(Year::This)),
        ("前年度", Self::Year(Year::Previous)),
        ("翌年度", Self::Year(Year::Next)),
    ];

    fn parse(word: &str) -> Self {
        if let Some((_, name)) = Self::GIVEN.iter().find(|(given, _)| *given == word) {
            return name.clone();
        }
        let level = word.strip_prefix("見出し").and_then(|level| level.parse::<u8>().ok());
        match level {
            Some(level @ 1..=6) => Self::Heading(level),
            _ => Self::Declared(word.to_owned()),
        }
    }

    /// As a template writes it.
    pub fn word(&self) -> String {
        match self {
            Self::Declared(name) => name.clone(),
            Self::Heading(level) => format!("見出し{level}"),
            given => {
                let found = Self::GIVEN.iter().find(|(_, name)| name == given);
                found.map_or_else(String::new, |(word, _)| (*word).to_owned())
            }
        }
    }

    /// What it is, in words for whoever writes a template.
    pub fn meaning(&self) -> &'static str {
        match self {
            Self::Id => "マスタの「ID」",
            Self::Number => "マスタの「番号」",
            Self::Name => "マスタの「名称」",
            Self::Department => "マスタの「担当課」",
            Self::Division => "新規・再掲のしるし（言葉は [words] で変えられます）",
            Self::Purpose => "マスタの「目的」",
            Self::Content => "マスタの「内容」",
            Self::Target => "マスタの「目標」（文）",
            Self::Baseline => "マスタの「基準値」",
            Self::Actual => "年度ごとの実績",
            Self::YearTarget => "年度ごとの目標値（種別「目標値」の行）",
            Self::CostActual => "年度ごとの決算額（種別「事業費」の行）",
            Self::CostBudget => "年度ごとの予算額（種別「予算」の行）",
            Self::Declared(_) => "マスタに加えた列",
            Self::PlanName => "計画の名前（plan.toml の name）",
            Self::Title => "文書の表題。案のときは（案）が付きます",
            Self::DocumentNumber => "資料番号",
            Self::Note => "日付と会議名",
            Self::City => "市の名前",
            Self::Office => "マスタをまとめる部署",
            Self::ColumnYear => "年度の列の年度",
            Self::Year(Year::Previous) => "文書の年度の前の年度",
            Self::Year(Year::Next) => "文書の年度の次の年度",
            Self::Year(_) => "文書の年度",
            Self::Heading(_) => "その欄の上にある見出し（見出し1から見出し6まで）",
        }
    }

    /// Whether it is the document's own, whatever the record.
    pub fn is_of_document(&self) -> bool {
        matches!(
            self,
            Self::PlanName
                | Self::Title
                | Self::DocumentNumber
                | Self::Note
                | Self::City
                | Self::Office
                | Self::ColumnYear
                | Self::Year(_)
                | Self::Heading(_)
        )
    }

    /// Whether it has a value for each year.
    pub fn is_of_a_year(&self) -> bool {
        matches!(self, Self::Actual | Self::YearTarget | Self::CostActual | Self::CostBudget)
    }

    /// Whether records of a level have it. What the plan declares is not known here.
    pub fn is_of(&self, level: Level) -> bool {
        let is_indicator = matches!(level, Level::GoalIndicator | Level::Kpi | Level::ProjectIndicator);
        match self {
            _ if self.is_of_document() => true,
            _ if level == Level::Plan => false,
            Self::Id | Self::Name => true,
            Self::Number => !matches!(level, Level::ProjectIndicator | Level::Cost),
            Self::Department => is_indicator || level == Level::Project,
            Self::Division | Self::Purpose | Self::Content => level == Level::Project,
            Self::Target | Self::Baseline => matches!(level, Level::GoalIndicator | Level::Kpi),
            Self::Actual | Self::YearTarget => is_indicator,
            Self::CostActual | Self::CostBudget => level == Level::Cost,
            Self::Declared(_) => level != Level::Cost,
            _ => false,
        }
    }

    /// The names that records of a level have, but for those that the plan declares.
    pub fn of(level: Level) -> impl Iterator<Item = Self> {
        let given = Self::GIVEN.iter().map(|(_, name)| name.clone());
        given.filter(move |name| name.is_of(level) && !name.is_of_document())
    }

    /// The names of the document.
    pub fn of_document() -> impl Iterator<Item = Self> {
        Self::GIVEN.iter().map(|(_, name)| name.clone()).filter(Self::is_of_document)
    }
}

impl Year {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "今年度" => Some(Self::This),
            "前年度" => Some(Self::Previous),
            "翌年度" => Some(Self::Next),
            year => FiscalYear::parse(year).map(Self::Of),
        }
    }
}

impl Form {
    const ALL: [(&'static str, Self); 3] =
        [("全角", Self::Wide), ("元号", Self::Era), ("選択", Self::Choices)];
}

impl Text {
    /// Reads a text.
    ///
    /// # Errors
    /// What is wrong with its marks, in words for a clerk.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.contains(['｛', '｝']) {
            return Err(format!("「{text}」の ｛ ｝ は全角です。差し込みは、半角の {{ }} で書きます"));
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let (words, tail) = rest.split_at(open);
            let close = tail.find('}').filter(|_| tail.starts_with('{'));
            let Some(close) = close else {
                return Err(format!("「{text}」の {{ と }} が対になっていません"));
            };
            if !words.is_empty() {
                pieces.push(Piece::Words(words.to_owned()));
            }
            pieces.push(Piece::Mark(Mark::parse(&tail[1..close])?));
            rest = &tail[close + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Words(rest.to_owned()));
        }
        Ok(Self(pieces))
    }

    /// Its marks.
    pub fn marks(&self) -> impl Iterator<Item = &Mark> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Mark(mark) => Some(mark),
            Piece::Words(_) => None,
        })
    }

    /// Whether it says the same for every record: words alone, and not none.
    pub fn is_literal(&self) -> bool {
        !self.0.is_empty() && self.marks().next().is_none()
    }

    /// Whether it names something: words alone that are more than a dash.
    pub fn is_label(&self) -> bool {
        let has_letters = |piece: &Piece| match piece {
            Piece::Words(words) => words.contains(char::is_alphanumeric),
            Piece::Mark(_) => false,
        };
        self.is_literal() && self.0.iter().any(has_letters)
    }

    /// The mark, where the text is one mark alone.
    pub fn only_mark(&self) -> Option<&Mark> {
        match self.0.as_slice() {
            [Piece::Mark(mark)] if mark.before.is_empty() && mark.after.is_empty() => Some(mark),
            _ => None,
        }
    }
}

impl Mark {
    /// A mark of the record itself: `{名称}`.
    pub fn of_record(name: Name) -> Self {
        let (before, after) = (String::new(), String::new());
        Self { before, after, of: None, cost: None, name, year: None, form: None }
    }

    /// Reads what stands between the braces.
    fn parse(inner: &str) -> Result<Self, String> {
        let shown = || format!("{{{inner}}}");
        let (path, form) = match inner.split_once([':', '：']) {
            Some((path, form)) => (path, Some(form)),
            None => (inner, None),
        };
        let is_sign = |c: char| !c.is_alphanumeric();
        let core = path.trim_start_matches(is_sign);
        let before = &path[..path.len() - core.len()];
        let mut path = core.trim_end_matches(is_sign);
        // A bracket that a name opens is its own: {成果（R4）}.
        for (open, close) in [('（', '）'), ('(', ')')] {
            let is_open = path.matches(open).count() > path.matches(close).count();
            if is_open && core[path.len()..].starts_with(close) {
                path = &core[..path.len() + close.len_utf8()];
            }
        }
        let after = &core[path.len()..];
        if path.is_empty() {
            return Err(format!("「{}」の中に、項目の名前がありません", shown()));
        }
        let form = match form {
            None => None,
            Some(word) => match Form::ALL.iter().find(|(known, _)| *known == word.trim()) {
                Some((_, form)) => Some(*form),
                None => {
                    return Err(format!("「{}」の「:」の後に書けるのは、全角、元号、選択です", shown()));
                }
            },
        };
        let mut mark =
            Self { before: before.to_owned(), after: after.to_owned(), form, ..Self::of_record(Name::Id) };
        let mut parts: Vec<&str> = path.split('.').collect();
        if parts.len() > 1
            && let Some(year) = parts.last().and_then(|last| Year::parse(last))
        {
            mark.year = Some(year);
            parts.pop();
        }
        let name = parts.pop().unwrap_or_default();
        for part in parts {
            mark.qualify(part, &shown())?;
        }
        if name == "備考" {
            return Err(format!("「{}」は使えません。備考は、議会の文書に印刷しません", shown()));
        }
        mark.name = Name::parse(name);
        Ok(mark)
    }

    /// Takes a part before the last: 施策, 事業費「計」.
    fn qualify(&mut self, part: &str, shown: &str) -> Result<(), String> {
        let (word, child) = match part.split_once('「') {
            Some((word, child)) => match child.strip_suffix('」') {
                Some(child) => (word, Some(child)),
                None => return Err(format!("「{shown}」の「 と 」が対になっていません")),
            },
            None => (part, None),
        };
        let Some(level) = Level::parse(word) else {
            let words = Level::ALL.map(Level::word);
            let perhaps = match nearest(word, words) {
                Some(nearest) => format!("「{nearest}」ではありませんか"),
                None => format!("書けるのは、{}です", words.join("、")),
            };
            return Err(format!("「{shown}」の「{word}」という段はありません。{perhaps}"));
        };
        match (level, child) {
            (Level::Cost, Some(child)) if !child.is_empty() => self.cost = Some(child.to_owned()),
            (Level::Cost, _) => {
                return Err(format!("「{shown}」は、事業費「一般財源」.決算 のように名称を書きます"));
            }
            (_, None) => self.of = Some(level),
            (_, Some(_)) => return Err(format!("「{shown}」で「…」を書けるのは、事業費だけです")),
        }
        Ok(())
    }

    /// The level of whose records it takes something, where `own` is that of the record.
    pub fn level(&self, own: Level) -> Level {
        if self.cost.is_some() { Level::Cost } else { self.of.unwrap_or(own) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn mark(text: &str) -> Mark {
        let text = Text::parse(text).unwrap();
        let mut marks = text.marks();
        marks.next().cloned().unwrap()
    }

    #[test]
    fn signs_are_printed_with_the_value() {
        let department = mark("{【担当課】}");
        assert_eq!((department.before.as_str(), department.after.as_str()), ("【", "】"));
        assert_eq!(department.name, Name::Department);
        assert_eq!(mark("{番号　}").after, "　");
        assert_eq!(mark("{／目標}").before, "／");
        assert_eq!(mark("{施策.番号 }").of, Some(Level::Measure));
        assert_eq!(mark("{（成果（R4））}").name, Name::Declared("成果（R4）".to_owned()));
    }

    #[test]
    fn a_child_is_named_by_its_name() {
        let mark = mark("{事業.事業費「一般財源」.決算.今年度}");
        assert_eq!((mark.of, mark.cost.as_deref()), (Some(Level::Project), Some("一般財源")));
        assert_eq!((mark.name, mark.year), (Name::CostActual, Some(Year::This)));
    }

    #[test]
    fn what_is_no_mark_is_refused_in_words() {
        let said = |text: &str| Text::parse(text).unwrap_err();
        assert_eq!(
            said("{施錯.名称}"),
            "「{施錯.名称}」の「施錯」という段はありません。「施策」ではありませんか"
        );
        assert_eq!(said("{備考}"), "「{備考}」は使えません。備考は、議会の文書に印刷しません");
        assert_eq!(said("名称}"), "「名称}」の { と } が対になっていません");
        assert_eq!(said("{名称:半角}"), "「{名称:半角}」の「:」の後に書けるのは、全角、元号、選択です");
        assert!(said("{　}").contains("項目の名前がありません"));
        assert!(said("｛名称｝").ends_with("差し込みは、半角の { } で書きます"));
        assert!(said("{事業費.決算}").contains("名称を書きます"));
    }
}
