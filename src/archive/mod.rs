//! 「保存」: the yearly archive, from which a city answers for decades what it
//! submitted, from which data, and what was corrected afterwards and why.
//!
//! ```text
//! archive/
//!   R3/                 year R3, edition 1
//!   R4/                 year R4, edition 1
//!   R4-2/               year R4, edition 2 (--revise), with its 正誤表
//!   latest.json         which edition is the newest
//! R4/
//!   manifest.json       the record: what is here, from what, and how (docs/MANIFEST.md)
//!   checksums.sha256    every other file, as `sha256sum -c` reads it
//!   master.csv plan.toml template.toml      what the documents were made from
//!   …_実績一覧_R4.pdf …_実績一覧_R4.xlsx …_データ_R4.csv
//!   …_正誤表_R4.pdf …_正誤表_R4.xlsx        from edition 2 on
//!   …_保存用_R4.pdf                         with --bundle: carries all but itself
//! ```
//!
//! Editions form a chain: each manifest holds the hash of the one made before it, so
//! none that has a later one can be changed, swapped or taken out unseen. Of its end the
//! chain proves nothing: the newest editions can be taken away with the note of them, and
//! who can rewrite the whole folder can rewrite the chain too. Only the newest manifest's
//! hash, kept elsewhere on paper, tells; so verifying always shows it.
//!
//! Does no I/O of its own: editions go out as names and bytes, and come in as names and
//! whatever gives the bytes when they are asked for ([`Source`]), so that one edition at a
//! time is held. What is read is never trusted: a name that leads elsewhere, junk, or a
//! giant file is a finding.

mod bundle;
mod chain;
mod content;
mod data;
mod files;
mod manifest;
mod record;
mod rewritten;
mod sources;
mod verdict;
mod verify;
mod workbook;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use crate::file_name::{composed, same_name};
use crate::finding::{Finding, FindingKind, Findings, Place};
use crate::plan::FiscalYear;
pub use bundle::{bundled_files, record_in};
pub use content::{Content, Source, Unread};
pub use manifest::{FileRecord, FontRecord, Link, Manifest, Options, PlanRecord, Role, SCHEMA};
pub use record::{CorrectedEdition, Edition, Identity, RecordError, record};
pub use sources::{SourceFiles, Sources, unreadable_source};
pub use verdict::{Checked, Figures, Newest, Remade, Verification};
pub use verify::{FontShelf, read_chain, verify};

/// The record of an edition.
pub const MANIFEST: &str = "manifest.json";
/// The hashes of all other files, for tools that know nothing of this program.
pub const CHECKSUMS: &str = "checksums.sha256";
/// Which edition is the newest.
pub const LATEST: &str = "latest.json";
/// The master, as it was.
pub const MASTER: &str = "master.csv";
/// The settings, as they were.
pub const SETTINGS: &str = "plan.toml";
/// The whole template, as it was.
pub const TEMPLATE: &str = "template.toml";

/// No archived file is larger, in bytes.
pub const LARGEST_FILE: u64 = 256 << 20;
/// No master is larger, in bytes.
pub const LARGEST_MASTER: u64 = 16 << 20;
/// No settings, no template, no manifest and no list of hashes is larger, in bytes.
pub const LARGEST_TEXT: u64 = 1 << 20;
/// No data table is larger, in bytes: each figure of the master has a row in it.
const LARGEST_DATA: u64 = 64 << 20;
/// No PDF that carries an edition is larger, in bytes.
pub const LARGEST_BUNDLE: u64 = 64 << 20;
/// [`LATEST`] is smaller, in bytes.
pub const LARGEST_NOTE: u64 = 1 << 16;

/// Begins the name of a folder in which an edition is being made.
pub const UNFINISHED: &str = ".jisseki-";

/// The archive of a plan, as it was found.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    /// The folders that may be editions, by name.
    pub folders: Vec<Folder>,
    /// What is left of runs that were stopped.
    pub unfinished: Vec<String>,
    /// What does not belong there.
    pub strangers: Vec<String>,
    /// Links that bear the names of editions.
    pub links: Vec<String>,
    /// Folders that cannot be opened, and why.
    pub closed: Vec<(String, String)>,
    /// [`LATEST`], where it is there.
    pub latest: Option<Vec<u8>>,
    /// Bundles that lie elsewhere, by name, with the record of the edition they carry:
    /// they know of editions that were taken away together with [`LATEST`].
    pub witnesses: Vec<(String, Manifest)>,
}

/// A folder of the archive.
#[derive(Debug, Clone)]
pub struct Folder {
    /// Its name.
    pub name: String,
    /// What is in it, by name.
    pub entries: BTreeMap<String, Entry>,
}

/// What was found under a name.
#[derive(Debug, Clone)]
pub enum Entry {
    /// A file.
    File(Content),
    /// A link: what it leads to is not archived.
    Link,
    /// A folder, or something else that is no file.
    NoFile,
    /// A file larger than any that is archived, in bytes.
    TooLarge(u64),
}

/// An edition whose manifest can be read.
#[derive(Debug, Clone)]
pub struct Listed<'a> {
    /// Where it is.
    pub folder: &'a Folder,
    /// Its record.
    pub manifest: Manifest,
    /// The hash of its manifest.
    pub sha256: Hash,
}

/// A SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

/// 64 digits, as `sha256sum` and `certutil -hashfile` write them.
impl std::fmt::Display for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// [`LATEST`]: written after an edition; should a run be stopped in between, it is
/// one edition behind, which [`verify()`] tells from a newest edition that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latest {
    /// The newest edition's folder.
    pub folder: String,
    /// Its place in the chain.
    pub sequence: u32,
    /// The SHA-256 of its manifest.
    pub sha256: String,
}

impl Latest {
    /// As the file says it.
    pub fn to_json(&self) -> Vec<u8> {
        manifest::canonical(self)
    }
}

/// The folder of an edition: `R4`, then `R4-2`.
pub fn folder_name(year: FiscalYear, edition: u32) -> String {
    if edition <= 1 { year.to_string() } else { format!("{year}-{edition}") }
}

/// Whether a folder's name looks like an edition's.
pub fn is_edition_name(name: &str) -> bool {
    let (year, edition) = name.split_once('-').unwrap_or((name, "1"));
    FiscalYear::parse(year).is_some() && edition.parse::<u32>().is_ok()
}

/// The manifests of the archive, in the order in which they were made. Those that
/// cannot be read are findings.
pub fn manifests(stored: &Stored) -> (Vec<Listed<'_>>, Findings) {
    let mut findings = Findings::new();
    let mut all = Vec::new();
    for folder in &stored.folders {
        match read_manifest(folder) {
            Ok((manifest, sha256)) => all.push(Listed { folder, manifest, sha256 }),
            Err(faults) => findings.extend(faults),
        }
    }
    all.sort_by(|a, b| (a.manifest.sequence, &a.folder.name).cmp(&(b.manifest.sequence, &b.folder.name)));
    (all, findings)
}

fn read_manifest(folder: &Folder) -> Result<(Manifest, Hash), Findings> {
    let fault = |kind| Err(Finding::at(place(folder, MANIFEST), kind).into());
    let unreadable = |why: String| fault(FindingKind::ManifestUnreadable { why });
    let content = match folder.entries.get(MANIFEST) {
        Some(Entry::File(content)) => content,
        Some(Entry::Link) => return fault(FindingKind::ArchivedFileIsLink),
        Some(Entry::NoFile | Entry::TooLarge(_)) => {
            return unreadable("ふつうの大きさのファイルではありません".to_owned());
        }
        None => return fault(FindingKind::ArchivedFileMissing { name: MANIFEST.to_owned() }),
    };
    match content.read(LARGEST_TEXT) {
        Ok(bytes) => match Manifest::read(&bytes) {
            Ok(manifest) => Ok((manifest, Hash::of(&bytes))),
            Err(why) => unreadable(why.to_string()),
        },
        Err(Unread::TooLarge(_)) => unreadable(manifest::ManifestError::TooLarge.to_string()),
        Err(Unread::Refused(why)) => fault(FindingKind::ArchivedFileUnreadable { why }),
    }
}

/// A file of an edition, as findings name it.
fn place(folder: &Folder, name: &str) -> Place {
    Place::file(&format!("{}/{name}", folder.name))
}

#[cfg(test)]
mod tests;
