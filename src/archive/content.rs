//! What is in the files of an archive: fetched when it is asked for, and never more than
//! was asked for. A thousand editions are verified with a few of them in hand.

use std::borrow::Cow;
use std::fmt::Debug;
use std::io::Read;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Hash;

/// How much of a file is held while its hash is taken, in bytes.
const CHUNK: usize = 1 << 16;

/// A file that lies elsewhere.
pub trait ByteSource: Debug + Send + Sync {
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
    Bytes(Vec<u8>),
    /// To be fetched: of so many bytes, when it was looked at.
    Source(u64, Arc<dyn ByteSource>),
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// It has more bytes than asked for; so many are known of.
    TooLarge(u64),
    /// The system refused, for this reason.
    Refused(String),
}

impl Content {
    /// In bytes, as far as it is known without reading.
    pub fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Source(size, _) => *size,
        }
    }

    /// All of it, where that is no more than `most` bytes.
    ///
    /// # Errors
    /// [`ReadError`]
    pub fn read(&self, most: u64) -> Result<Cow<'_, [u8]>, ReadError> {
        if self.size() > most {
            return Err(ReadError::TooLarge(self.size()));
        }
        match self {
            Self::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
            Self::Source(size, source) => {
                let mut bytes = Vec::with_capacity(usize::try_from(*size).unwrap_or_default());
                let open = source.open().map_err(ReadError::Refused)?;
                let read = open.take(most.saturating_add(1)).read_to_end(&mut bytes);
                read.map_err(|error| ReadError::Refused(source.reason(&error)))?;
                // It may have grown since.
                match bytes.len() as u64 > most {
                    true => Err(ReadError::TooLarge(bytes.len() as u64)),
                    false => Ok(Cow::Owned(bytes)),
                }
            }
        }
    }

    /// Its hash, taken piece by piece.
    ///
    /// # Errors
    /// [`ReadError`]
    pub fn hash(&self) -> Result<Hash, ReadError> {
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
    /// [`ReadError`]
    pub fn is(&self, bytes: &[u8]) -> Result<bool, ReadError> {
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
    fn pieces(&self, mut show: impl FnMut(&[u8]) -> bool) -> Result<(), ReadError> {
        let source = match self {
            Self::Bytes(bytes) => {
                show(bytes);
                return Ok(());
            }
            Self::Source(_, source) => source,
        };
        // What grows while it is read has an end all the same.
        let mut open = source.open().map_err(ReadError::Refused)?.take(super::LARGEST_FILE.saturating_add(1));
        let mut piece = vec![0; CHUNK];
        loop {
            match open.read(&mut piece) {
                Ok(0) => return Ok(()),
                Ok(read) if show(&piece[..read]) => {}
                Ok(_) => return Ok(()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ReadError::Refused(source.reason(&error))),
            }
        }
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A file of a million bytes that says it has fewer.
    #[derive(Debug)]
    struct Grown;

    impl ByteSource for Grown {
        fn open(&self) -> Result<Box<dyn Read>, String> {
            Ok(Box::new(std::io::repeat(b'x').take(1_000_000)))
        }

        fn reason(&self, error: &std::io::Error) -> String {
            error.to_string()
        }
    }

    #[test]
    fn no_more_is_read_than_was_asked_for() {
        let grown = Content::Source(10, Arc::new(Grown));
        assert_eq!(grown.read(10), Err(ReadError::TooLarge(11)));
        assert_eq!(grown.read(9), Err(ReadError::TooLarge(10)));
        assert_eq!(grown.read(1 << 20).unwrap().len(), 1_000_000);
        assert_eq!(grown.hash().unwrap(), Hash::of(&vec![b'x'; 1_000_000]));
        assert!(!grown.is(b"xxxxxxxxxx").unwrap());
        let held = Content::Bytes(b"xx".to_vec());
        assert!(held.is(b"xx").unwrap() && !held.is(b"xy").unwrap() && !held.is(b"x").unwrap());
        assert!(Content::Source(1_000_000, Arc::new(Grown)).is(&vec![b'x'; 1_000_000]).unwrap());
    }
}
