//! What is in the files of an archive: fetched when it is asked for, and never more than
//! was asked for. A thousand editions are verified with one of them in hand.

use std::borrow::Cow;
use std::fmt::Debug;
use std::io::Read;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{Entry, Folder, Hash, same_name};

/// How much of a file is held while its hash is taken, in bytes.
const CHUNK: usize = 1 << 16;

/// A file that lies elsewhere.
pub trait Source: Debug + Send + Sync {
    /// Opens it from its beginning.
    ///
    /// # Errors
    /// Says in Japanese why it cannot be opened.
    fn open(&self) -> Result<Box<dyn Read>, String>;

    /// Says in Japanese why reading it stopped.
    fn reason(&self, error: &std::io::Error) -> String;
}

/// What is in a file.
#[derive(Debug, Clone)]
pub enum Content {
    /// At hand.
    Held(Vec<u8>),
    /// To be fetched: of so many bytes, when it was looked at.
    Kept(u64, Arc<dyn Source>),
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// It has more bytes than asked for; so many are known of.
    TooLarge(u64),
    /// The system refused, for this reason.
    Refused(String),
}

impl Content {
    /// In bytes, as far as it is known without reading.
    pub fn size(&self) -> u64 {
        match self {
            Self::Held(bytes) => bytes.len() as u64,
            Self::Kept(size, _) => *size,
        }
    }

    /// All of it, where that is no more than `most` bytes.
    ///
    /// # Errors
    /// [`Unread`]
    pub fn read(&self, most: u64) -> Result<Cow<'_, [u8]>, Unread> {
        if self.size() > most {
            return Err(Unread::TooLarge(self.size()));
        }
        match self {
            Self::Held(bytes) => Ok(Cow::Borrowed(bytes)),
            Self::Kept(size, source) => {
                let mut bytes = Vec::with_capacity(usize::try_from(*size).unwrap_or_default());
                let open = source.open().map_err(Unread::Refused)?;
                let read = open.take(most.saturating_add(1)).read_to_end(&mut bytes);
                read.map_err(|error| Unread::Refused(source.reason(&error)))?;
                // It may have grown since.
                match bytes.len() as u64 > most {
                    true => Err(Unread::TooLarge(bytes.len() as u64)),
                    false => Ok(Cow::Owned(bytes)),
                }
            }
        }
    }

    /// Its hash, taken piece by piece.
    ///
    /// # Errors
    /// [`Unread`]
    pub fn hash(&self) -> Result<Hash, Unread> {
        let mut digest = Sha256::new();
        self.pieces(|piece| {
            digest.update(piece);
            true
        })?;
        Ok(Hash(digest.finalize().into()))
    }

    /// Whether it is these bytes, compared piece by piece.
    ///
    /// # Errors
    /// [`Unread`]
    pub fn is(&self, bytes: &[u8]) -> Result<bool, Unread> {
        let mut left = bytes;
        let mut same = self.size() == bytes.len() as u64;
        if same {
            self.pieces(|piece| {
                let rest = left.strip_prefix(piece);
                left = rest.unwrap_or_default();
                same = rest.is_some();
                same
            })?;
        }
        Ok(same && left.is_empty())
    }

    /// Shows all of it, a piece at a time, until one is enough.
    fn pieces(&self, mut show: impl FnMut(&[u8]) -> bool) -> Result<(), Unread> {
        let source = match self {
            Self::Held(bytes) => {
                show(bytes);
                return Ok(());
            }
            Self::Kept(_, source) => source,
        };
        // What grows while it is read has an end all the same.
        let mut open = source.open().map_err(Unread::Refused)?.take(super::LARGEST_FILE.saturating_add(1));
        let mut piece = vec![0; CHUNK];
        loop {
            match open.read(&mut piece) {
                Ok(0) => return Ok(()),
                Ok(read) if show(&piece[..read]) => {}
                Ok(_) => return Ok(()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Unread::Refused(source.reason(&error))),
            }
        }
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Held(bytes)
    }
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

    /// What all its files come to, in bytes.
    pub fn size(&self) -> u64 {
        let sizes = self.entries.values().filter_map(|entry| match entry {
            Entry::File(content) => Some(content.size()),
            _ => None,
        });
        sizes.fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A file of a million bytes that says it has fewer.
    #[derive(Debug)]
    struct Grown;

    impl Source for Grown {
        fn open(&self) -> Result<Box<dyn Read>, String> {
            Ok(Box::new(std::io::repeat(b'x').take(1_000_000)))
        }

        fn reason(&self, error: &std::io::Error) -> String {
            error.to_string()
        }
    }

    #[test]
    fn no_more_is_read_than_was_asked_for() {
        let grown = Content::Kept(10, Arc::new(Grown));
        assert_eq!(grown.read(10), Err(Unread::TooLarge(11)));
        assert_eq!(grown.read(9), Err(Unread::TooLarge(10)));
        assert_eq!(grown.read(1 << 20).unwrap().len(), 1_000_000);
        assert_eq!(grown.hash().unwrap(), Hash::of(&vec![b'x'; 1_000_000]));
        assert!(!grown.is(b"xxxxxxxxxx").unwrap());
        let held = Content::Held(b"xx".to_vec());
        assert!(held.is(b"xx").unwrap() && !held.is(b"xy").unwrap() && !held.is(b"x").unwrap());
        assert!(Content::Kept(1_000_000, Arc::new(Grown)).is(&vec![b'x'; 1_000_000]).unwrap());
    }
}
