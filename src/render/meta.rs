//! What a file says of itself.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The properties of a document (「プロパティ」), the same in the PDF and the workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// 「タイトル」
    pub title: String,
    /// 「作成者」: the city, or the office that keeps the master.
    pub author: String,
    /// 「件名」
    pub subject: String,
    /// 「キーワード」
    pub keywords: Vec<String>,
    /// 「作成日」 and 「更新日」: the date the document bears, never that of the clock.
    pub date: NaiveDate,
    /// Which program the file names as its maker.
    pub program: Program,
}

/// A program with its version. What a file says of its maker is a part of the file: to
/// make an old file again, the program of that time is named, not the one at work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// `jisseki`
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Program {
    /// The program at work.
    pub fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}
