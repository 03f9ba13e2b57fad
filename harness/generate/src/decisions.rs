//! What decides a case: some bytes, and a seed for when they are used up.

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

/// The bytes decide first. When they are used up, a generator goes on that is seeded by
/// `seed` alone, so that a change of one byte changes what that byte decides and not all
/// that comes after the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decisions<'a> {
    /// Seeds what follows.
    pub seed: u64,
    /// Read from the first to the last.
    pub bytes: &'a [u8],
}

/// How many bytes of an input are the seed.
const SEED_BYTES: usize = 8;

impl<'a> Decisions<'a> {
    /// The decisions that an input of any length stands for: eight bytes of seed, little
    /// end first, then those that decide. Missing bytes of the seed are zeros.
    pub fn of(input: &'a [u8]) -> Decisions<'a> {
        let (seed, bytes) = input.split_at(input.len().min(SEED_BYTES));
        let mut padded = [0; SEED_BYTES];
        padded[..seed.len()].copy_from_slice(seed);
        Decisions { seed: u64::from_le_bytes(padded), bytes }
    }

    /// The input that stands for these decisions.
    pub fn to_input(self) -> Vec<u8> {
        [&self.seed.to_le_bytes(), self.bytes].concat()
    }

    /// What goes on when the bytes are used up.
    pub(crate) fn rest(self) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(self.seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_of_any_length_stands_for_decisions() {
        assert_eq!(Decisions::of(&[]), Decisions { seed: 0, bytes: &[] });
        assert_eq!(Decisions::of(&[7, 1]), Decisions { seed: 0x107, bytes: &[] });
        let input = [1, 0, 0, 0, 0, 0, 0, 0, 9, 8];
        assert_eq!(Decisions::of(&input), Decisions { seed: 1, bytes: &[9, 8] });
        assert_eq!(Decisions::of(&input).to_input(), input);
    }
}
