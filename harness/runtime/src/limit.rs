//! What a store refuses to make.

use std::fmt;

/// Something larger than the store's limits, or than there is room for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitError {
    what: String,
    exhausted: bool,
}

impl LimitError {
    /// This is larger than allowed: `a memory of 9 pages`.
    pub fn too_large(what: impl Into<String>) -> LimitError {
        LimitError { what: what.into(), exhausted: false }
    }

    /// All of these are in use: `all 3 memories are in use`. Another time there may be one.
    pub fn exhausted(what: impl Into<String>) -> LimitError {
        LimitError { what: what.into(), exhausted: true }
    }

    /// Whether it may be different when others have given back what they use.
    pub fn is_exhausted(&self) -> bool {
        self.exhausted
    }
}

impl fmt::Display for LimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for LimitError {}
