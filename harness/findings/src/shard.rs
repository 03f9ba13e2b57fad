//! Shard `k/n` of a campaign.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Which of a campaign's cases belong to this run: those with index ≡ k-1 mod n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Shard {
    k: u64,
    n: u64,
}

impl Shard {
    /// The whole campaign.
    pub const WHOLE: Shard = Shard { k: 1, n: 1 };

    /// Shard `k` of `n`, counted from 1.
    ///
    /// # Errors
    /// [`ShardError`] unless 1 ≤ k ≤ n.
    pub fn new(k: u64, n: u64) -> Result<Shard, ShardError> {
        match (k, n) {
            (_, 0) => Err(ShardError::NoShards),
            (0, _) => Err(ShardError::CountedFromZero { n }),
            _ if k > n => Err(ShardError::Beyond { k, n }),
            _ => Ok(Shard { k, n }),
        }
    }

    /// `(k, n)`.
    pub fn parts(self) -> (u64, u64) {
        (self.k, self.n)
    }

    /// The campaign-wide index of this shard's case number `ordinal`, from 0.
    pub fn index(self, ordinal: u64) -> u64 {
        ordinal.saturating_mul(self.n).saturating_add(self.k - 1)
    }

    /// How many of the campaign's first `cases` cases belong to this shard.
    pub fn cases_of(self, cases: u64) -> u64 {
        cases / self.n + u64::from(cases % self.n >= self.k)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.k, self.n)
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> String {
        shard.to_string()
    }
}

impl TryFrom<String> for Shard {
    type Error = ShardError;

    fn try_from(text: String) -> Result<Shard, ShardError> {
        text.parse()
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Shard, ShardError> {
        let numbers = text.split_once('/').and_then(|(k, n)| {
            Some((k.trim().parse::<u64>().ok()?, n.trim().parse::<u64>().ok()?))
        });
        let (k, n) = numbers.ok_or_else(|| ShardError::Malformed(text.to_owned()))?;
        Shard::new(k, n)
    }
}

/// Why a shard cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShardError {
    /// Not of the form `k/n`.
    #[error("{0:?} is not a shard: write k/n, for example 1/3, 2/3 and 3/3")]
    Malformed(String),
    /// `0/n`.
    #[error("shards are counted from 1: write 1/{n} for the first, {n}/{n} for the last")]
    CountedFromZero {
        /// How many shards there are.
        n: u64,
    },
    /// `k/n` with k > n.
    #[error("there is no shard {k} of {n}: the last shard is {n}/{n}")]
    Beyond {
        /// The shard asked for.
        k: u64,
        /// How many shards there are.
        n: u64,
    },
    /// `k/0`.
    #[error("a campaign has at least one shard: write 1/1 for the whole campaign")]
    NoShards,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_belongs_to_exactly_one_shard() {
        for n in 1..=5 {
            for cases in 0..=23 {
                let mut indices = Vec::new();
                for k in 1..=n {
                    let shard = Shard::new(k, n).unwrap();
                    indices.extend((0..shard.cases_of(cases)).map(|i| shard.index(i)));
                }
                indices.sort_unstable();
                assert_eq!(indices, (0..cases).collect::<Vec<_>>(), "{cases} cases in {n} shards");
            }
        }
    }

    #[test]
    fn a_shard_counted_from_zero_is_refused_with_a_hint() {
        let error = "0/3".parse::<Shard>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "shards are counted from 1: write 1/3 for the first, 3/3 for the last"
        );
        assert_eq!("4/3".parse::<Shard>(), Err(ShardError::Beyond { k: 4, n: 3 }));
        assert_eq!("1/0".parse::<Shard>(), Err(ShardError::NoShards));
        assert!(matches!("third".parse::<Shard>(), Err(ShardError::Malformed(_))));
    }

    #[test]
    fn a_shard_survives_its_text_form() {
        let shard = Shard::new(2, 7).unwrap();
        assert_eq!(shard.to_string().parse::<Shard>(), Ok(shard));
    }
}
