//! Names of files, compared as people read them.
//!
//! macOS hands out names in decomposed form (「デ」 as 「テ」 and a mark): an archive that
//! was copied through a Mac has other bytes for the same names. All are compared in
//! composed form (Unicode's NFC); what is written is never changed.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::{Entry, Folder};

/// Whether two names are the same to whoever reads them.
pub fn same_name(one: &str, other: &str) -> bool {
    one == other || (!(one.is_ascii() && other.is_ascii()) && one.nfc().eq(other.nfc()))
}

/// A name in composed form.
pub fn composed(name: &str) -> String {
    if is_nfc(name) { name.to_owned() } else { name.nfc().collect() }
}

impl Folder {
    /// What stands under a name, and the name as it stands there. The very name comes
    /// before one that only reads the same.
    pub fn find(&self, name: &str) -> Option<(&str, &Entry)> {
        let exact = self.entries.get_key_value(name);
        let alike = || self.entries.iter().find(|(there, _)| same_name(there, name));
        exact.or_else(alike).map(|(name, entry)| (name.as_str(), entry))
    }

    /// The content of a file; `None` where there is no such file.
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        match self.find(name) {
            Some((_, Entry::File(bytes))) => Some(bytes),
            _ => None,
        }
    }
}
