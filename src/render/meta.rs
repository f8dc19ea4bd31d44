//! What a file says of itself.

use chrono::NaiveDate;

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
}
