//! What kind of file a file is.

/// The kinds of files this program makes or keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// PDF
    Pdf,
    /// An Excel workbook
    Workbook,
    /// CSV
    Csv,
    /// TOML
    Toml,
    /// JSON
    Json,
}

impl MediaType {
    /// The name registered with IANA (RFC 6838).
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Workbook => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv",
            Self::Toml => "application/toml",
            Self::Json => "application/json",
        }
    }

    /// How names of such files end, without the dot.
    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Workbook => "xlsx",
            Self::Csv => "csv",
            Self::Toml => "toml",
            Self::Json => "json",
        }
    }
}
