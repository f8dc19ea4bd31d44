//! An archive as it was found: its folders, and what is in them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Content, Manifest, same_name};
use crate::finding::Place;

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
    /// [`LATEST`](super::LATEST), where it is there.
    pub latest: Option<Vec<u8>>,
    /// Bundles that lie elsewhere, by name, with the record of the edition they carry:
    /// they know of editions that were taken away together with [`LATEST`](super::LATEST).
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

impl Folder {
    /// What stands under a name, and the name as it stands there. The very name comes
    /// before one that only reads the same.
    pub fn find(&self, name: &str) -> Option<(&str, &Entry)> {
        let exact = self.entries.get_key_value(name);
        let alike = || self.entries.iter().find(|(there, _)| same_name(there, name));
        exact.or_else(alike).map(|(name, entry)| (name.as_str(), entry))
    }

    /// A file; `None` where there is no such file.
    pub fn file(&self, name: &str) -> Option<&Content> {
        match self.find(name) {
            Some((_, Entry::File(content))) => Some(content),
            _ => None,
        }
    }

    /// What is in a file; `None` where there is no such file, or it cannot be read or is
    /// larger. Looking at every file by name says which.
    pub fn bytes(&self, name: &str, most: u64) -> Option<Cow<'_, [u8]>> {
        self.file(name)?.read(most).ok()
    }

    /// Whether there is such a file, and it is not these bytes. One that cannot be read is
    /// not known to be another.
    pub fn has_other(&self, name: &str, bytes: &[u8]) -> bool {
        self.file(name).is_some_and(|beside| beside.is(bytes) == Ok(false))
    }

    /// A file of it, as findings name it.
    pub(super) fn place(&self, name: &str) -> Place {
        Place::file(&format!("{}/{name}", self.name))
    }

    /// What all its files come to, in bytes.
    pub fn size(&self) -> u64 {
        let sizes = self.entries.values().filter_map(|entry| match entry {
            Entry::File(content) => Some(content.size()),
            _ => None,
        });
        sizes.fold(0, u64::saturating_add)
    }
}
