//! `manifest.json`: the record of an edition. `docs/MANIFEST.md` describes each field.
//!
//! Its bytes are canonical: the fields in the order in which they stand here, two
//! blanks of indent, LF. So a manifest that was opened and saved by anything else is
//! told from the one that was made.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::rewritten::of_text;
use super::{Hash, LARGEST_TEXT};
use crate::documents::{Issue, Request};
use crate::file_name::{folded_name, is_safe_name, shown_name};
use crate::plan::FiscalYear;
use crate::render::Program;
use crate::settings::MOST_DOCUMENTS;

/// The form of the manifest. A form with other fields gets the next number, and this one
/// stays readable.
pub const SCHEMA: u32 = 1;

/// The years that a document can bear, beyond which no calendar at hand goes.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9_999;

/// The faces of a template.
const MOST_FONTS: usize = 3;

/// The record of an edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`SCHEMA`]
    pub schema: u32,
    /// Which plan.
    pub plan: PlanRecord,
    /// The year, such as `R4`.
    pub year: String,
    /// 1, then one more for each `--revise` of the same year.
    pub edition: u32,
    /// The place in the chain: 1 for the first edition ever archived of the plan.
    pub sequence: u32,
    /// Why the edition was made; empty for edition 1.
    pub reason: String,
    /// The document's date.
    pub date: NaiveDate,
    /// The documents, in the order of plan.toml.
    pub documents: Vec<DocumentRecord>,
    /// The projects, 再掲 not counted.
    pub projects: usize,
    /// The indicators: 数値目標, KPI and 事業量.
    pub indicators: usize,
    /// The actuals reported up to the year, 該当なし and words included.
    pub filled: usize,
    /// The actuals not reported up to the year.
    pub empty: usize,
    /// The program that made it.
    pub program: Program,
    /// What else is needed to make it again.
    pub options: Options,
    /// Every file but this one, [`super::CHECKSUMS`] and the bundle, by name.
    pub files: Vec<FileRecord>,
    /// The name of the bundle, which carries this manifest and so cannot stand in
    /// [`Self::files`]; `null` for none.
    pub bundle: Option<String>,
    /// The edition made before this one; `null` for the first.
    pub previous: Option<Link>,
    /// The edition that this one corrects; `null` for edition 1.
    pub revises: Option<Link>,
}

/// Which plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRecord {
    /// `id` of plan.toml.
    pub id: String,
    /// `name` of plan.toml.
    pub name: String,
    /// The city.
    pub city: String,
    /// 全国地方公共団体コード
    pub city_code: String,
}

/// A document of the edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentRecord {
    /// Its name, such as 実績一覧.
    pub name: String,
    /// Its pages.
    pub pages: usize,
    /// The fonts it was set in.
    pub fonts: Vec<FontRecord>,
}

/// What the files do not say but the bytes depend on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// The title is marked （案）.
    pub draft: bool,
    /// The date printed on the pages; `null` where none is.
    pub printed_date: Option<NaiveDate>,
}

/// A font file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FontRecord {
    /// `regular`, `bold` or `fallback`.
    pub face: String,
    /// In bytes.
    pub size: usize,
    /// Of the whole font file.
    pub sha256: String,
}

/// A file of the edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    /// Without a folder.
    pub name: String,
    /// What it is in the edition.
    pub role: Role,
    /// The document it belongs to; `null` for what belongs to all.
    pub document: Option<String>,
    /// As registered with IANA.
    pub media_type: String,
    /// In bytes.
    pub size: usize,
    /// Of the file.
    pub sha256: String,
}

impl FileRecord {
    /// Whether these are the bytes that were recorded.
    pub(super) fn is(&self, bytes: &[u8]) -> bool {
        Hash::of(bytes).to_string() == self.sha256
    }
}

/// What a file is in an edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A document, PDF.
    Document,
    /// A document, workbook.
    Workbook,
    /// The データ table.
    Data,
    /// The 正誤表, PDF.
    Errata,
    /// The 正誤表, workbook.
    ErrataWorkbook,
    /// The master.
    Master,
    /// plan.toml
    Settings,
    /// The whole template of a document.
    Template,
}

impl Role {
    /// Those of the files that each document has.
    const OF_DOCUMENT: [Self; 3] = [Self::Document, Self::Workbook, Self::Template];
}

/// Another edition, by its manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Its folder.
    pub folder: String,
    /// The SHA-256 of its manifest.
    pub sha256: String,
}

/// Why bytes are no manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Larger than any manifest.
    #[error("大きすぎます")]
    TooLarge,
    /// No JSON, or not these fields.
    #[error("{line}行目が記録の形ではありません")]
    Form {
        /// From 1.
        line: usize,
    },
    /// A form of a later program.
    #[error("このプログラムの知らない形式（schema {0}）です。新しい版の jisseki を使ってください")]
    Schema(u64),
    /// A year, an edition, a place in the chain or a number of documents or files that cannot be.
    #[error("年度、版の番号または文書やファイルの数が正しくありません")]
    Number,
    /// A date that no document bears.
    #[error("日付が正しくありません")]
    Date,
    /// A name that leads into another folder, is not what it seems, or stands twice.
    #[error("ファイルの名前「{0}」は使えません")]
    Name(String),
    /// The bytes are not those this program writes.
    #[error("作ったときのままではありません（書き換えられたか、別のプログラムで保存し直されています）")]
    NotCanonical,
    /// The text is the one this program wrote, its line ends or encoding are not.
    #[error("{0}")]
    Rewritten(&'static str),
}

impl Manifest {
    /// What is recorded of the file of this name.
    pub(super) fn file(&self, name: &str) -> Option<&FileRecord> {
        self.files.iter().find(|file| file.name == name)
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// [`ManifestError`] for anything that this program has not written.
    pub fn read(bytes: &[u8]) -> Result<Self, ManifestError> {
        Self::exactly(bytes).map_err(|error| match error {
            ManifestError::Form { .. } | ManifestError::NotCanonical => {
                let written = |bytes: &[u8]| Self::exactly(bytes).is_ok();
                of_text(bytes, written).map_or(error, |how| ManifestError::Rewritten(how.cause()))
            }
            other => other,
        })
    }

    fn exactly(bytes: &[u8]) -> Result<Self, ManifestError> {
        if bytes.len() as u64 > LARGEST_TEXT {
            return Err(ManifestError::TooLarge);
        }
        #[derive(Deserialize)]
        struct Form {
            schema: u64,
        }
        if let Ok(Form { schema }) = serde_json::from_slice(bytes)
            && schema != u64::from(SCHEMA)
        {
            return Err(ManifestError::Schema(schema));
        }
        let manifest: Self =
            serde_json::from_slice(bytes).map_err(|error| ManifestError::Form { line: error.line() })?;
        let year = FiscalYear::parse(&manifest.year).filter(|year| year.to_string() == manifest.year);
        if year.is_none() || manifest.edition == 0 || manifest.sequence == 0 {
            return Err(ManifestError::Number);
        }
        if !manifest.has_each_file_once() {
            return Err(ManifestError::Number);
        }
        let dates = [Some(manifest.date), manifest.options.printed_date];
        if dates.into_iter().flatten().any(|date| !YEARS.contains(&date.year())) {
            return Err(ManifestError::Date);
        }
        let mut seen = BTreeSet::from([super::MANIFEST, super::CHECKSUMS].map(folded_name));
        let names = manifest.files.iter().map(|file| &file.name).chain(&manifest.bundle);
        for name in names {
            if !is_safe_name(name) || !seen.insert(folded_name(name)) {
                return Err(ManifestError::Name(shown_name(name)));
            }
        }
        if manifest.to_json() != bytes {
            return Err(ManifestError::NotCanonical);
        }
        Ok(manifest)
    }

    /// Whether there is a document, none of them twice, each file of each there once, and each
    /// of what belongs to all no more than once.
    fn has_each_file_once(&self) -> bool {
        let names: BTreeSet<&str> = self.documents.iter().map(|document| document.name.as_str()).collect();
        let mut files = BTreeSet::new();
        let is_only = |file: &FileRecord| {
            let belongs = match &file.document {
                Some(document) => Role::OF_DOCUMENT.contains(&file.role) && names.contains(document.as_str()),
                None => !Role::OF_DOCUMENT.contains(&file.role),
            };
            belongs && files.insert((file.role, file.document.clone()))
        };
        (1..=MOST_DOCUMENTS).contains(&self.documents.len())
            && names.len() == self.documents.len()
            && self.documents.iter().all(|document| document.fonts.len() <= MOST_FONTS)
            && self.files.iter().all(is_only)
    }

    /// The bytes of the file.
    pub fn to_json(&self) -> Vec<u8> {
        canonical(self)
    }

    /// The year.
    pub fn fiscal_year(&self) -> FiscalYear {
        // `read` accepts no other; one built in memory holds a year's own name.
        FiscalYear::parse(&self.year).unwrap_or(FiscalYear::starting(0))
    }

    /// The folder in which it belongs.
    pub fn folder(&self) -> String {
        folder_name(self.fiscal_year(), self.edition)
    }

    /// The link by which another edition refers to this one.
    pub fn link(&self) -> Link {
        Link { folder: self.folder(), sha256: Hash::of(&self.to_json()).to_string() }
    }

    /// What makes the documents again.
    pub fn request(&self) -> Request {
        Request {
            year: self.fiscal_year(),
            date: self.date,
            printed_date: self.options.printed_date,
            draft: self.options.draft,
            edition: Some(self.edition).filter(|edition| *edition > 1),
            program: self.program.clone(),
        }
    }

    /// The edition, as its readers know it.
    pub fn issue(&self) -> Issue {
        Issue { edition: self.edition, printed_date: self.options.printed_date }
    }

    /// The name of the file of all documents with this role.
    pub fn name_of(&self, role: Role) -> Option<&str> {
        self.record(role, None).map(|file| file.name.as_str())
    }

    /// What is recorded of the file with this role, of a document or of all.
    pub fn record(&self, role: Role, document: Option<&DocumentRecord>) -> Option<&FileRecord> {
        let name = document.map(|document| &document.name);
        self.files.iter().find(|file| file.role == role && file.document.as_ref() == name)
    }

    /// The pages of all documents.
    pub fn pages(&self) -> usize {
        self.documents.iter().map(|document| document.pages).sum()
    }
}

/// The bytes of a record: stable order, two blanks, LF.
pub(super) fn canonical(record: &impl Serialize) -> Vec<u8> {
    // Text, numbers and lists alone: serde_json has nothing to refuse.
    let mut json = serde_json::to_vec_pretty(record).unwrap_or_default();
    json.push(b'\n');
    json
}

/// The folder of an edition: `R4`, then `R4-2`.
fn folder_name(year: FiscalYear, edition: u32) -> String {
    if edition <= 1 { year.to_string() } else { format!("{year}-{edition}") }
}

/// Whether a folder's name looks like an edition's.
pub fn is_edition_name(name: &str) -> bool {
    let (year, edition) = name.split_once('-').unwrap_or((name, "1"));
    FiscalYear::parse(year).is_some() && edition.parse::<u32>().is_ok()
}
