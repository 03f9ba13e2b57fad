//! What no campaign would make, and a fuzzer may be given: a case or a rejection, never a
//! crash of the harness.

use std::time::{Duration, Instant};

use crate::common::{Draws, quietly};
use gainsay_fuzzing::{
    Differential, Envelope, Lifecycle, MAGIC, Taken, Target, Validate, WastRoundtrip,
};

/// Inputs of every bad kind, by name.
fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    const MEBIBYTE: usize = 1 << 20;
    let mut draws = Draws::new(7);
    let mut random = |len: usize| -> Vec<u8> { (0..len).map(|_| draws.u32() as u8).collect() };
    let case = gainsay_case::text::read_case("(module $m) (module $n)").expect("a script");
    let envelope = Envelope { group: 9, case }.encode();
    let mut newer = envelope.clone();
    newer[MAGIC.len()] += 1;
    vec![
        ("nothing", Vec::new()),
        ("one byte", vec![0]),
        ("a mebibyte of zeros", vec![0; MEBIBYTE]),
        ("a mebibyte of ones", vec![0xff; MEBIBYTE]),
        ("a mebibyte at random", random(MEBIBYTE)),
        ("a kilobyte at random", random(1000)),
        ("text", b"The quick brown fox".to_vec()),
        ("a mebibyte of parentheses", b"(".repeat(MEBIBYTE)),
        ("a mebibyte of forms", b"(module)".repeat(MEBIBYTE / 8)),
        ("a binary's header", b"\0asm\x01\0\0\0".to_vec()),
        ("a mebibyte after a header", [b"\0asm\x01\0\0\0", &random(MEBIBYTE)[..]].concat()),
        ("half an envelope", envelope[..envelope.len() / 2].to_vec()),
        ("an envelope and a byte", [&envelope[..], &[0]].concat()),
        ("a newer envelope", newer),
        ("an empty envelope", MAGIC.to_vec()),
        ("a scenario of another version", b"scenario 99\n".to_vec()),
    ]
}

fn takes_anything<T: Target>() -> Vec<(&'static str, Taken)> {
    quietly();
    let mut target = T::open();
    let mut slowest = (Duration::ZERO, "");
    let taken = inputs().into_iter().map(|(name, input)| {
        let start = Instant::now();
        let taken = target.take(&input).unwrap_or_else(|finding| panic!("{name}: {finding}"));
        slowest = slowest.max((start.elapsed(), name));
        let mut data = input.clone();
        data.resize(input.len() + 4096, 0);
        for seed in 0..4 {
            gainsay_fuzzing::mutate::<T>(&mut data, input.len(), input.len() + 4096, seed);
        }
        (name, taken)
    });
    let taken = taken.collect();
    println!("{}: slowest {} ms, {}", T::NAME, slowest.0.as_millis(), slowest.1);
    taken
}

fn rejected(taken: &[(&'static str, Taken)]) -> Vec<&'static str> {
    let rejected = taken.iter().filter(|(_, taken)| *taken == Taken::Rejected);
    rejected.map(|(name, _)| *name).collect()
}

const DAMAGED: [&str; 4] =
    ["half an envelope", "an envelope and a byte", "a newer envelope", "an empty envelope"];

#[test]
fn differential_takes_anything() {
    assert_eq!(rejected(&takes_anything::<Differential>()), DAMAGED);
}

#[test]
fn lifecycle_takes_anything() {
    assert!(rejected(&takes_anything::<Lifecycle>()).is_empty());
}

#[test]
fn validate_takes_anything() {
    assert!(rejected(&takes_anything::<Validate>()).is_empty());
}

#[test]
fn wast_roundtrip_takes_anything() {
    assert_eq!(rejected(&takes_anything::<WastRoundtrip>()), DAMAGED);
}
