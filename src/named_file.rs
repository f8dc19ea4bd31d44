//! A file as it leaves this program or comes to it: a name, and what is in it.
//!
//! What kind of file it is is told by its name alone, as every system tells it: a file
//! out of a stranger's PDF or folder brings nothing else along that could be believed.

/// A file, wherever it lies: in a folder, in an edition, within a PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// Its name, below the folder it lies in.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl NamedFile {
    /// A file of this name with this content.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }

    /// The media type as registered with IANA; that of any bytes at all where the name
    /// does not tell (RFC 2046, 4.5.1).
    pub fn media_type(&self) -> &'static str {
        MediaType::of(&self.name).map_or("application/octet-stream", MediaType::name)
    }
}

/// The kinds of files this program makes.
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
    const ALL: [Self; 5] = [Self::Pdf, Self::Workbook, Self::Csv, Self::Toml, Self::Json];

    /// The kind of file that bears this name; `None` for one that this program makes none of.
    pub fn of(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        Self::ALL.into_iter().find(|kind| kind.extension().eq_ignore_ascii_case(extension))
    }

    /// The name registered with IANA (RFC 6838).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Workbook => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv",
            Self::Toml => "application/toml",
            Self::Json => "application/json",
        }
    }

    /// How names of such files end, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Workbook => "xlsx",
            Self::Csv => "csv",
            Self::Toml => "toml",
            Self::Json => "json",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_a_file_is() {
        for (name, media_type) in [
            ("master.csv", "text/csv"),
            ("計画_実績一覧_R4.PDF", MediaType::Pdf.name()),
            ("plan.toml", "application/toml"),
            ("checksums.sha256", "application/octet-stream"),
            ("pdf", "application/octet-stream"),
        ] {
            assert_eq!(NamedFile::new(name, b"").media_type(), media_type);
        }
    }
}
