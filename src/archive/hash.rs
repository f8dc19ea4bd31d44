//! The fingerprint of a file, by which an archive knows it.

use sha2::{Digest, Sha256};

/// A SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub(super) [u8; 32]);

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

/// A line as `sha256sum` writes it.
pub(super) fn checksum_line(sha256: &str, name: &str) -> String {
    format!("{sha256}  {name}\n")
}
