//! Hashes that tell one thing of a kind from another.

use std::fmt;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// A hash of 64 bits; 16 hexadecimal digits in text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The fingerprint of these bytes.
    pub fn of(bytes: &[u8]) -> Fingerprint {
        Fingerprint(xxh3_64(bytes))
    }

    /// The hash as a number.
    pub fn number(self) -> u64 {
        self.0
    }
}

impl From<u64> for Fingerprint {
    fn from(hash: u64) -> Fingerprint {
        Fingerprint(hash)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl std::str::FromStr for Fingerprint {
    type Err = String;

    fn from_str(text: &str) -> Result<Fingerprint, String> {
        let number = u64::from_str_radix(text, 16);
        number.map(Fingerprint).map_err(|error| format!("{text:?} is not a fingerprint: {error}"))
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> String {
        fingerprint.to_string()
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = String;

    fn try_from(text: String) -> Result<Fingerprint, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_survives_its_text_form() {
        for fingerprint in [Fingerprint::from(7), Fingerprint::of(b"case")] {
            let text = fingerprint.to_string();
            assert_eq!((text.len(), text.parse()), (16, Ok(fingerprint)));
        }
        assert!("generator".parse::<Fingerprint>().is_err());
    }
}
