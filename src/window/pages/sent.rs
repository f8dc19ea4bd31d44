//! What a form of a page sends.

use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::plan::FiscalYear;
use crate::settings;
use crate::visible::visible;
use crate::window::answer::{Answer, Problem};
use crate::window::page::Notice;

/// A year.
///
/// # Errors
/// What is none.
pub fn year(text: &str) -> Result<FiscalYear, Problem> {
    let unclear = || Problem::Unclear("年度は R4、令和4年度、2022 のように書きます。".to_owned());
    FiscalYear::parse(text).ok_or_else(unclear)
}

/// The fields of a form, in their order; boxes that are ticked share a name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Sent(Vec<(String, String)>);

impl Sent {
    /// All values of a field.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(own, _)| own == name).map(|(_, value)| value.clone()).collect()
    }

    /// The value of a field; `None` where it is empty.
    pub fn one(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(own, _)| own == name)?.1.trim();
        (!value.is_empty()).then_some(value)
    }

    /// The year of the field `year`; `None` where it is empty.
    ///
    /// # Errors
    /// What is no year.
    pub fn year(&self) -> Result<Option<FiscalYear>, Problem> {
        self.one("year").map(year).transpose()
    }

    /// The date of a field that the page calls `label`; `None` where it is empty.
    ///
    /// # Errors
    /// What is no date, or none that a document may bear.
    pub fn date(&self, name: &str, label: &str) -> Result<Option<NaiveDate>, Problem> {
        let read = |text: &str| {
            let date =
                NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|date| settings::is_date(*date));
            date.ok_or_else(|| Problem::Unclear(format!("{label}は 2024-06-10 のように書きます。")))
        };
        self.one(name).map(read).transpose()
    }
}

/// What a form is answered: where what it sends cannot be understood, the page again, which says why.
pub async fn or_again<F: Future<Output = Answer>>(answer: Answer, page: impl FnOnce(Notice) -> F) -> Answer {
    let Err(Problem::Unclear(what)) = answer else { return answer };
    let mut page = page(Notice::error(visible(&what))).await?;
    *page.status_mut() = StatusCode::BAD_REQUEST;
    Ok(page)
}
