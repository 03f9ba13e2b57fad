//! Draws for mutators.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng};

/// A source of draws that is seeded, so that a mutation can be repeated.
pub(crate) struct Rng(ChaCha8Rng);

impl Rng {
    pub(crate) fn new(seed: u64) -> Rng {
        Rng(ChaCha8Rng::seed_from_u64(seed))
    }

    pub(crate) fn u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `count`; zero if that is zero.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.u64()) * count as u128) >> 64) as usize
    }

    /// True once in `n` times.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of these; `None` if there are none.
    pub(crate) fn one_of<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        things.get(self.below(things.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_below_their_bound_and_come_again() {
        let draws = |seed| -> Vec<usize> {
            let mut rng = Rng::new(seed);
            (0..100).map(|_| rng.below(7)).collect()
        };
        assert!(draws(1).iter().all(|draw| *draw < 7));
        assert!((0..7).all(|number| draws(1).contains(&number)));
        assert_eq!(draws(1), draws(1));
        assert_ne!(draws(1), draws(2));
        assert_eq!((Rng::new(1).below(0), Rng::new(1).one_of::<u8>(&[])), (0, None));
    }
}
