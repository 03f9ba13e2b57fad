//! Random bytes.

use std::fmt;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

/// Where random bytes come from.
pub(crate) struct Random(ChaCha20Rng);

impl Random {
    /// The same ones for the same seed.
    pub(crate) fn of_seed(seed: u64) -> Random {
        Random(ChaCha20Rng::seed_from_u64(seed))
    }

    /// Others each time; what the host says if it has none.
    pub(crate) fn of_host() -> Result<Random, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        Ok(Random(ChaCha20Rng::from_seed(seed)))
    }

    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }
}

/// Without the state, which is a secret.
impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Random").finish_non_exhaustive()
    }
}
