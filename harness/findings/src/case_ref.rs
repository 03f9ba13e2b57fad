//! Which case something is about.

use std::fmt;

use gainsay_case::text::Header;
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;

/// A case of a campaign. Stored ones come first, as in the campaign itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseRef {
    /// One that the campaign's directory keeps.
    Stored {
        /// Of its text; the name of its file.
        hash: Fingerprint,
    },
    /// One that can be generated again.
    Generated(GeneratedRef),
}

/// A case that can be generated again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GeneratedRef {
    /// The seed that it was generated from.
    pub seed: u64,
    /// Its index among the cases of the seed.
    pub index: u64,
    /// The generator that made it.
    pub generator: Fingerprint,
}

impl CaseRef {
    /// The number that digests know it by: the same in every shard.
    pub fn digest_key(self) -> u64 {
        match self {
            CaseRef::Stored { hash } => hash.number(),
            CaseRef::Generated(GeneratedRef { index, .. }) => index,
        }
    }

    /// The part of a file's name that says which case it is.
    pub(crate) fn file_part(self) -> String {
        match self {
            CaseRef::Stored { hash } => format!("stored-{hash}"),
            CaseRef::Generated(GeneratedRef { seed, index, .. }) => format!("{seed}-{index}"),
        }
    }

    /// Say in the header of a case's file which case it is or was made of.
    pub fn describe(self, header: &mut Header) {
        match self {
            CaseRef::Stored { hash } => header.push("stored", &hash.to_string()),
            CaseRef::Generated(GeneratedRef { seed, index, generator }) => {
                header.push("seed", &seed.to_string());
                header.push("case", &index.to_string());
                header.push("generator", &generator.to_string());
            }
        }
    }

    /// Which case the header of a file says that it is; of what it does not say, zeros.
    pub fn described(header: &Header) -> CaseRef {
        let hash = header.get("stored").and_then(|value| value.parse().ok());
        if let Some(hash) = hash {
            return CaseRef::Stored { hash };
        }
        let number = |key: &str| header.get(key).and_then(|value| value.parse().ok()).unwrap_or(0);
        let generator = header.get("generator").and_then(|value| value.parse().ok());
        CaseRef::Generated(GeneratedRef {
            seed: number("seed"),
            index: number("case"),
            generator: generator.unwrap_or_default(),
        })
    }
}

impl fmt::Display for CaseRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CaseRef::Stored { hash } => write!(f, "stored {hash}"),
            CaseRef::Generated(generated) => write!(f, "index {}", generated.index),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_which_case_it_is() {
        let stored = CaseRef::Stored { hash: Fingerprint::from(7) };
        let generator = Fingerprint::from(3);
        let generated = CaseRef::Generated(GeneratedRef { seed: 1, index: 2, generator });
        for case in [stored, generated] {
            let mut header = Header::default();
            case.describe(&mut header);
            assert_eq!(CaseRef::described(&header), case);
        }
        assert!(stored < generated, "stored cases come first");
    }
}
