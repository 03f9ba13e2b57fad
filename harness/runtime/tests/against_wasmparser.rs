//! Accepting and refusing the same modules as wasmparser, which shares no code
//! with this crate: generated modules, and the same with bytes changed.

mod peer;

use gainsay_runtime::{Config, ErrorKind, Features};
use peer::{Comparison, Numbers, compare, features, generate, mutate};

/// Random bytes for one module, which is small then.
const SEED_BYTES: usize = 4096;

#[derive(Debug, Default)]
struct Tally {
    both_accept: usize,
    both_refuse: usize,
    /// Of those, how many are malformed.
    malformed: usize,
    long_zeros: usize,
    tail_call_refs: usize,
    /// One of the two says that the module is too large for it.
    limits: usize,
    differ: Vec<String>,
}

impl Tally {
    fn compare(&mut self, bytes: &[u8], features: Features) {
        let config = Config { features, ..Config::default() };
        match compare(&config, bytes).0 {
            Comparison::BothAccept => self.both_accept += 1,
            Comparison::BothRefuse(kind) => {
                self.both_refuse += 1;
                self.malformed += usize::from(kind == ErrorKind::Malformed);
            }
            Comparison::LongZero => self.long_zeros += 1,
            Comparison::TailCallRef => self.tail_call_refs += 1,
            Comparison::Limit => self.limits += 1,
            Comparison::Differ(how) => self.differ.push(how),
        }
    }

    fn finish(&self, what: &str) {
        println!(
            "{what}: {} accepted by both, {} refused by both, {} of them malformed, {} limits, {} long zeros, {} tail calls of references, {} differ",
            self.both_accept,
            self.both_refuse,
            self.malformed,
            self.limits,
            self.long_zeros,
            self.tail_call_refs,
            self.differ.len()
        );
        for line in self.differ.iter().take(20) {
            println!("  {line}");
        }
        assert!(self.differ.is_empty());
    }
}

#[test]
fn generated_modules_are_accepted() {
    let mut numbers = Numbers(1);
    let mut tally = Tally::default();
    for _ in 0..3000 {
        if let Some(bytes) = generate(&mut numbers, SEED_BYTES, false) {
            tally.compare(&bytes, Features::default());
        }
    }
    tally.finish("generated");
    assert!(tally.both_accept > 2000 && tally.both_refuse == 0, "{tally:?}");
}

#[test]
fn generated_modules_are_accepted_or_refused_alike_with_any_features() {
    let mut numbers = Numbers(2);
    let mut tally = Tally::default();
    for round in 0..2000 {
        let Some(bytes) = generate(&mut numbers, SEED_BYTES, round % 4 == 0) else { continue };
        for _ in 0..8 {
            tally.compare(&bytes, features(numbers.next()));
        }
    }
    tally.finish("any features");
    assert!(tally.both_accept > 100 && tally.both_refuse > 1000, "{tally:?}");
}

#[test]
fn mutated_modules_are_accepted_or_refused_alike() {
    let mut numbers = Numbers(3);
    let mut tally = Tally::default();
    for round in 0..2000 {
        let Some(original) = generate(&mut numbers, SEED_BYTES, round % 4 == 0) else { continue };
        for variant in 0..60 {
            let mut bytes = original.clone();
            mutate(&mut bytes, &mut numbers);
            let set = if variant % 4 == 0 { features(numbers.next()) } else { Features::default() };
            tally.compare(&bytes, set);
        }
    }
    tally.finish("mutated");
    assert!(tally.both_accept > 1000 && tally.both_refuse > 50_000, "{tally:?}");
}

#[test]
fn arbitrary_bytes_never_panic() {
    let mut numbers = Numbers(4);
    let mut tally = Tally::default();
    for _ in 0..50_000 {
        let count = numbers.below(64);
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        bytes.extend(numbers.bytes(count));
        tally.compare(&bytes, Features::default());
    }
    tally.finish("arbitrary");
}

/// Modules about which the two once differed, with the features they did so for.
fn found() -> Vec<(Features, &'static str)> {
    let all = Features::default();
    vec![(Features { gc: false, ..all }, "(module (table 1 nullexnref))")]
}

#[test]
fn former_disagreements_are_judged_alike() {
    for (features, text) in found() {
        let config = Config { features, ..Config::default() };
        let (comparison, _) = compare(&config, &wat::parse_str(text).unwrap());
        let alike = matches!(comparison, Comparison::BothAccept | Comparison::BothRefuse(_));
        assert!(alike, "{text}: {comparison:?}");
    }
}
