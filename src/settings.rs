//! `plan.toml`: what the CSV master does not name.
//!
//! The city, the titles, the departments in their order, the document's number and
//! date, the words allowed in place of a figure. It lies beside the master, so that
//! a plan is one folder and nothing depends on a user's profile.

use std::path::PathBuf;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::finding::Findings;
use crate::plan::Vocabulary;
use crate::toml_file;

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
    /// A template in place of the built-in one, relative to `plan.toml`.
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

impl Settings {
    /// Reads the bytes of a `plan.toml` called `file_name` (for messages only).
    ///
    /// # Errors
    /// What is wrong with it, in Japanese, with its line.
    pub fn read(bytes: &[u8], file_name: &str) -> Result<Self, Findings> {
        toml_file::read(bytes, file_name)
    }
}

impl ValueSettings {
    /// The built-in words and those of this plan.
    pub fn vocabulary(&self) -> Vocabulary {
        Vocabulary::with(&self.words, &self.prefixes)
    }
}
