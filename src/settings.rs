//! `plan.toml`: what the CSV master does not name.
//!
//! The city, the titles, the departments in their order, the document's number and
//! date, the words allowed in place of a figure. It lies beside the master, so that
//! a plan is one folder and nothing depends on a user's profile.

mod documents;
mod fields;

use std::ops::RangeInclusive;
use std::path::PathBuf;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use toml::de::DeValue;

use crate::finding::{Findings, SettingsRule};
use crate::plan::Vocabulary;
use crate::toml_file;
pub use documents::{MOST_DOCUMENTS, PlanDocument};
pub use fields::{FieldForm, FieldSettings};

/// The whole of `plan.toml`. Unknown keys are refused: a misspelt key must not be
/// a setting that silently does nothing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `[plan]`
    pub plan: PlanSettings,
    /// `[document]`
    #[serde(default)]
    pub document: DocumentSettings,
    /// `[departments]`
    #[serde(default)]
    pub departments: Departments,
    /// `[values]`
    #[serde(default)]
    pub values: ValueSettings,
    /// `[[fields]]`
    #[serde(default)]
    pub fields: Vec<FieldSettings>,
    /// `[[documents]]`, at least one.
    #[serde(default = "PlanDocument::official")]
    pub documents: Vec<PlanDocument>,
}

/// `[plan]`: which plan of which city this is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanSettings {
    /// Begins the name of every file made, such as `根室市創生総合戦略`.
    pub id: String,
    /// Such as 根室市.
    pub city: String,
    /// 全国地方公共団体コード, six digits with the check digit, such as `012238`.
    #[serde(default)]
    pub city_code: String,
    /// The office that keeps the master, such as 総合政策室.
    pub office: String,
    /// The plan's name, such as 第2期根室市創生総合戦略.
    pub name: String,
    /// The title at the head of every goal of the 実績一覧.
    pub title: String,
}

/// `[document]`: what stands around the tables.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentSettings {
    /// 「資料１」, boxed at the top right; empty for none.
    pub number: String,
    /// The meeting the document is made for; empty for none.
    pub meeting: String,
    /// The date the document bears. `--date` overrules it.
    pub date: Option<NaiveDate>,
    /// Marks the title with （案）. `--draft` sets it too.
    pub draft: bool,
    /// A template in place of the built-in one, relative to `plan.toml`; for every document
    /// that names none of its own.
    pub template: Option<PathBuf>,
    /// 「件名」 in the file's properties; the plan's name where empty.
    pub subject: String,
    /// 「キーワード」 in the file's properties.
    pub keywords: Vec<String>,
}

/// `[departments]`: who answers, in the order in which the office lists them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Departments {
    /// 「担当課」, in order.
    pub order: Vec<String>,
    /// Bodies outside the city hall (民間等, 北海道): no workbook is sent to them.
    pub outside: Vec<String>,
    /// Names in the master that stand for several departments together.
    pub joint: Vec<JointDepartment>,
}

/// `[[departments.joint]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JointDepartment {
    /// As the master writes it, such as 農業委員会・農林課.
    pub name: String,
    /// The departments it stands for.
    pub members: Vec<String>,
    /// Whether they share a workbook or each get one.
    #[serde(default)]
    pub workbook: JointWorkbook,
}

/// How a joint department is asked for its figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JointWorkbook {
    /// One workbook under the joint name.
    #[default]
    Shared,
    /// Its rows stand in the workbook of each member.
    Each,
}

/// `[values]`: words allowed in a cell for a figure, beside the built-in ones.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ValueSettings {
    /// In place of a figure, such as 調査中.
    pub words: Vec<String>,
    /// Before a figure, such as 延べ.
    pub prefixes: Vec<String>,
    /// IDs of the indicators whose values are texts (`◎`, `第3位`), so that nobody is
    /// asked about them.
    pub texts: Vec<String>,
}

/// The longest text, in letters: a title of more is no title.
const LONGEST_TEXT: usize = 300;
/// The longest list: no city hall has as many departments.
const LONGEST_LIST: usize = 500;
/// The years of a date that a document may bear. Excel has none before 1900 and none
/// after 9999, and no plan is older than 昭和.
const YEARS: RangeInclusive<i32> = 1926..=2999;

/// Whether a document may bear this date.
pub fn is_date(date: NaiveDate) -> bool {
    YEARS.contains(&date.year())
}

/// Why a value of `plan.toml` cannot be used, whatever its key.
fn refusal(key: &str, value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) if text.chars().count() > LONGEST_TEXT => {
            Some(format!("の文字が長すぎます。書けるのは{LONGEST_TEXT}字までです"))
        }
        DeValue::String(text) if key == "document.date" => {
            let date = text.parse::<NaiveDate>().ok().filter(|date| !is_date(*date))?;
            let (first, last) = YEARS.into_inner();
            Some(format!("に {date} は使えません。書けるのは{first}年から{last}年までです"))
        }
        DeValue::String(text) => {
            let control = text.chars().find(|c| c.is_control() && *c != '\n')?;
            Some(format!("に、印刷できない文字（U+{:04X}）が入っています", u32::from(control)))
        }
        DeValue::Array(list) if list.len() > LONGEST_LIST => {
            Some(format!("の一覧が長すぎます。書けるのは{LONGEST_LIST}個までです"))
        }
        _ => None,
    }
}

impl Settings {
    /// Reads the bytes of a `plan.toml` called `file_name` (for messages only).
    ///
    /// # Errors
    /// What is wrong with it, in Japanese, with its line.
    pub fn read(bytes: &[u8], file_name: &str) -> Result<Self, Findings> {
        let text = toml_file::utf8(bytes, file_name)?;
        let parsed = toml_file::parse(text, file_name)?;
        let mut refused = Findings::new();
        toml_file::for_each_leaf(parsed.get_ref(), &mut |key, value| {
            if let Some(why) = refusal(key, value.get_ref()) {
                let message = format!("「{}」{why}", toml_file::cut(key));
                let place = toml_file::place(text, &value.span(), file_name);
                refused.push_at(place, SettingsRule::UnusableSetting { message });
            }
        });
        refused.append(fields::check(parsed.get_ref(), text, file_name));
        for (span, message) in documents::refusals(parsed.get_ref()) {
            let place = toml_file::place(text, &span, file_name);
            refused.push_at(place, SettingsRule::UnusableSetting { message });
        }
        if refused.is_empty() || !toml_file::is_named_so(file_name) {
            return toml_file::read(bytes, file_name);
        }
        Err(refused)
    }
}

impl ValueSettings {
    /// The built-in words and those of this plan.
    pub fn vocabulary(&self) -> Vocabulary {
        Vocabulary::with(&self.words, &self.prefixes)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PLAN: &str = "[plan]\nid = \"a\"\ncity = \"b\"\noffice = \"c\"\nname = \"d\"\ntitle = \"e\"\n";

    /// Within the file's size no text and no list is so long that others suffer.
    #[test]
    fn what_no_plan_says_is_refused_with_its_line() {
        let said = |text: String| {
            let findings = Settings::read(text.as_bytes(), "plan.toml").unwrap_err();
            let shown =
                |f: &crate::finding::Finding| format!("{}: {}", f.place.as_ref().unwrap(), f.message());
            findings.iter().map(shown).collect::<Vec<_>>()
        };
        assert_eq!(
            said(PLAN.replace("\"e\"", &format!("\"{}\"", "表".repeat(301)))),
            ["plan.toml 6行目: 「plan.title」の文字が長すぎます。書けるのは300字までです"]
        );
        assert_eq!(
            said(format!("{PLAN}[departments]\norder = [{}]\n", "\"課\",".repeat(501))),
            ["plan.toml 8行目: 「departments.order」の一覧が長すぎます。書けるのは500個までです"]
        );
        assert_eq!(
            said(PLAN.replace("\"b\"", "\"b\\u001b[2J\"")),
            ["plan.toml 3行目: 「plan.city」に、印刷できない文字（U+001B）が入っています"]
        );
        for date in ["9999-12-31", "0001-01-01", "+262142-12-31"] {
            let said = said(format!("{PLAN}[document]\ndate = \"{date}\"\n"));
            assert!(said[0].contains("書けるのは1926年から2999年までです"), "{said:?}");
        }
        let many = "[[departments.joint]]\nname = \"a\"\nmembers = []\n".repeat(501);
        assert!(said(format!("{PLAN}{many}"))[0].contains("「departments.joint」の一覧が長すぎます"));
    }
}
