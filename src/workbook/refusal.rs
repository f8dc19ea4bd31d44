//! Why a file is not read.

/// Why a file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It has a password.
    Encrypted,
    /// It would take more time or memory than any form.
    TooLarge(&'static str),
    /// It cannot be opened.
    Damaged,
    /// Two of its parts, or of its sheets, bear one name.
    Doubled,
    /// It is something else.
    NotAWorkbook(&'static str),
    /// A workbook in a format that is not read.
    Unsupported(&'static str),
}
