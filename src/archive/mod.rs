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
//!   …_実績一覧_R4.pdf …_実績一覧_R4.xlsx …_データ_R4.csv      of several documents, each with
//!                                           a template_実績一覧.toml
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
//! whatever gives the bytes when they are asked for ([`ByteSource`]), so that no more is held
//! than the editions being looked at: one for each of at most four cores, a large one alone.
//! What is read is never trusted: a name that leads elsewhere, junk, or a giant file is a
//! finding.

mod bundle;
mod chain;
mod content;
mod data;
mod files;
mod folder;
mod fonts;
mod hash;
mod manifest;
mod record;
mod rewritten;
mod sources;
mod verdict;
mod verify;
mod workbook;

pub use crate::file_name::{composed, same_name};
pub use bundle::{bundled_files, bundled_manifest};
pub use chain::{Latest, Listed, manifests, misplaced, read_chain};
pub use content::{ByteSource, Content, ReadError};
pub use folder::{Entry, Folder, Stored};
pub use fonts::FontShelf;
pub use hash::Hash;
pub use manifest::{
    DocumentRecord, FileRecord, FontRecord, Link, Manifest, Options, PlanRecord, Role, SCHEMA,
    is_edition_name,
};
pub use record::{CorrectedEdition, Edition, Identity, RecordError, record};
pub use sources::{SourceFiles, Sources, unreadable_source};
pub use verdict::{ChainEntry, EditionCheck, Figures, Remade, Verification};
pub use verify::{is_as_recorded, verify};

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
/// The whole template, as it was; of several documents each has its own.
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

#[cfg(test)]
mod tests;
