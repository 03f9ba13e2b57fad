//! Each target reaches what it should within a few thousand inputs, without libFuzzer.

use crate::common::{Draws, folder, inputs, mutated, quietly};
use gainsay_fuzzing::{Differential, Lifecycle, Target, Validate, WastRoundtrip};

/// Take the seeds of the target, and then as many mutations of them; every floor is reached.
fn reaches_its_floors<T: Target>(mutations: usize) {
    quietly();
    let mut target = T::open();
    let seeds = inputs(&folder(T::NAME));
    let mut draws = Draws::new(1);
    for seed in &seeds {
        target.take(seed).unwrap_or_else(|finding| panic!("{finding}"));
    }
    for _ in 0..mutations {
        let seed = &seeds[draws.below(seeds.len())];
        let input = mutated::<T>(seed, &mut draws);
        target.take(&input).unwrap_or_else(|finding| panic!("{finding}"));
    }
    let shortfalls = target.shortfalls();
    let shortfalls: Vec<String> = shortfalls.iter().map(ToString::to_string).collect();
    println!("{} seeds, {mutations} mutations\n{}", seeds.len(), target.ledger());
    assert!(shortfalls.is_empty(), "{}: {shortfalls:#?}", T::NAME);
}

#[test]
fn differential_reaches_its_floors() {
    reaches_its_floors::<Differential>(1_500);
}

#[test]
fn lifecycle_reaches_its_floors() {
    reaches_its_floors::<Lifecycle>(500);
}

#[test]
fn validate_reaches_its_floors() {
    reaches_its_floors::<Validate>(4_000);
}

#[test]
fn wast_roundtrip_reaches_its_floors() {
    reaches_its_floors::<WastRoundtrip>(2_000);
}
