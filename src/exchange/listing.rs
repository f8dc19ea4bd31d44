//! Plain lists for the office: one table a sheet, as plain data.

use crate::visible::visible;

/// A list, or several in one workbook.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listing {
    /// In order.
    pub sheets: Vec<ListSheet>,
    /// The SHA-256 of the same list as CSV, where it lies beside the workbook.
    pub csv: Option<String>,
}

/// One table.
#[derive(Debug, Clone, PartialEq)]
pub struct ListSheet {
    /// On the tab.
    pub name: String,
    /// Lines above the table.
    pub notes: Vec<String>,
    /// From left to right.
    pub columns: Vec<ListColumn>,
    /// As many cells each as there are columns.
    pub rows: Vec<Vec<ListCell>>,
}

/// A column of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListColumn {
    /// Its heading.
    pub heading: String,
    /// How wide it is, in half-width letters.
    pub width: u32,
    /// There for whoever needs it, and not shown.
    pub is_hidden: bool,
}

/// A cell of a list.
#[derive(Debug, Clone, PartialEq)]
pub enum ListCell {
    /// Text; may have several lines. What departments wrote is made visible.
    Text(String),
    /// A number of things.
    Count(usize),
}

impl ListColumn {
    /// A column that is shown.
    pub fn new(heading: &str, width: u32) -> Self {
        Self { heading: heading.to_owned(), width, is_hidden: false }
    }
}

impl ListCell {
    /// As CSV writes it.
    pub fn to_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => count.to_string(),
        }
    }
}

impl From<&str> for ListCell {
    fn from(text: &str) -> Self {
        Self::Text(visible(text).into_owned())
    }
}

impl From<String> for ListCell {
    fn from(text: String) -> Self {
        Self::Text(visible(&text).into_owned())
    }
}

impl From<usize> for ListCell {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_departments_wrote_is_made_visible() {
        let written = "係\u{1b}[2J\n\u{202E}長";
        for cell in [ListCell::from(written), ListCell::from(written.to_owned())] {
            assert_eq!(cell.to_text(), "係␛[2J\n〔U+202E〕長");
        }
    }
}
