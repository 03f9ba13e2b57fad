//! What the tests of this crate share.

use gainsay_case::{Capabilities, Case};
use gainsay_generate::{Generator, PROPOSALS_GENERATED};

/// Everything that generation knows how to use.
pub fn everything() -> Capabilities {
    PROPOSALS_GENERATED.iter().copied().collect()
}

/// The first cases of a seed.
pub fn cases(capabilities: &Capabilities, seed: u64, count: u64) -> impl Iterator<Item = Case> {
    let generator = Generator::new(capabilities, seed);
    (0..count).map(move |index| generator.case(index).case)
}
