//! That a job has made nothing, for the data have errors.

use askama::Template;

use super::found::Found;

/// The page, without its frame.
#[derive(Template)]
#[template(path = "refused.html")]
pub struct Refused {
    /// What was not made.
    pub line: &'static str,
    /// The errors.
    pub found: Found,
    /// The page 「調べる」.
    pub check: String,
    /// The page from which it was asked for.
    pub again: String,
}
