//! A seed means the same everywhere and always.

mod common;

use common::{cases, everything};
use gainsay_case::{Case, Step};
use gainsay_generate::{Decisions, Generator, case_from, decisions_of};
use xxhash_rust::xxh3::Xxh3;

/// Changes whenever generation changes what a seed means. Campaigns of different
/// versions are then not comparable, so change it with intent.
const FIRST_200_CASES: u64 = 0xb193_5908_bc13_7d70;

fn digest(cases: impl Iterator<Item = Case>) -> u64 {
    let mut hasher = Xxh3::new();
    for step in cases.flat_map(|case| case.steps) {
        if let Step::Define { bytes, .. } = &step {
            hasher.update(bytes);
        } else {
            hasher.update(format!("{step:?}").as_bytes());
        }
    }
    hasher.digest()
}

#[test]
fn the_first_200_cases_are_the_same_on_every_machine() {
    assert_eq!(digest(cases(&everything(), 1, 200)), FIRST_200_CASES);
}

#[test]
fn a_case_does_not_depend_on_what_was_made_before() {
    let generator = Generator::new(&everything(), 7);
    let forwards: Vec<_> = (0..40).map(|index| generator.case(index)).collect();
    for index in (0..40).rev() {
        let fresh = Generator::new(&everything(), 7).case(index);
        assert_eq!(fresh, forwards[index as usize]);
    }
}

#[test]
fn seeds_and_indices_make_different_cases() {
    let one = digest(cases(&everything(), 1, 20));
    assert_ne!(one, digest(cases(&everything(), 2, 20)));
    let generator = Generator::new(&everything(), 1);
    assert_ne!(generator.case(0), generator.case(1));
    assert_ne!(generator.case(0), generator.case(1 << 40));
}

#[test]
fn the_same_bytes_make_the_same_case() {
    let bytes: Vec<u8> =
        (0..4096u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let case = || case_from(&everything(), Decisions::of(&bytes));
    assert!(!case().case.steps.is_empty());
    assert_eq!(case(), case());
}

#[test]
fn bytes_in_front_of_the_seed_that_decides_the_same_change_nothing() {
    let mut deciding = 0;
    for seed in 0..40 {
        let bytes = decisions_of(&everything(), seed, usize::MAX);
        let with = case_from(&everything(), Decisions { seed, bytes: &bytes });
        let without = case_from(&everything(), Decisions { seed, bytes: &[] });
        assert_eq!(with.case, without.case);
        let other_seed = case_from(&everything(), Decisions { seed: seed + 1, bytes: &bytes });
        deciding += u32::from(other_seed.case == with.case);
    }
    // What reads lengths from the end of the buffer depends on the seed all the same.
    assert!(deciding > 20, "{deciding} of 40 cases are decided by their bytes alone");
}

#[test]
fn a_mutation_changes_little_where_the_bytes_decide() {
    let (mut same_size, mut changed) = (0, 0);
    for seed in 0..60 {
        let mut bytes = decisions_of(&everything(), seed, usize::MAX);
        let before = case_from(&everything(), Decisions { seed, bytes: &bytes });
        let last = bytes.len() - bytes.len() / 4;
        bytes[last] ^= 0x55;
        let after = case_from(&everything(), Decisions { seed, bytes: &bytes });
        let steps = |case: &Case| case.steps.len();
        changed += u32::from(before.case != after.case);
        same_size += u32::from(steps(&before.case) == steps(&after.case));
    }
    assert!(changed > 20 && same_size > 30, "{changed} changed, {same_size} of one size");
}
