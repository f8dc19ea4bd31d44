//! Secrets of this run: nobody guesses them, and they are worth nothing after it.

use anyhow::{Result, anyhow};
use sha2::{Digest, Sha256};

/// How many random bytes one has: 256 bits.
const BYTES: usize = 32;

/// A random text of hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// Where the system has no random numbers.
    pub fn new() -> Result<Self> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(|error| anyhow!("乱数を得られません（{error}）"))?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// To be sent to who may know it.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether somebody knows it. Hashes are compared, so that the time it takes tells nothing.
    pub fn is(&self, said: &str) -> bool {
        Sha256::digest(&self.0) == Sha256::digest(said)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_alike() {
        let (one, other) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert_eq!(one.text().len(), 2 * BYTES);
        assert!(one.is(one.text()) && !one.is(other.text()) && !one.is(""));
    }
}
