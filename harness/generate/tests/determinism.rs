//! A seed means the same everywhere and always.

mod common;

use common::{cases, everything};
use gainsay_case::{Case, Step};
use gainsay_generate::{Generator, case_from_bytes};
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
    let case = case_from_bytes(&everything(), &bytes);
    assert!(case.is_some());
    assert_eq!(case, case_from_bytes(&everything(), &bytes));
}
