//! Feeds the decoder and validator with generated, mutated and random binaries, and runs
//! what they accept:
//!
//! `cargo run --release -p gainsay-runtime --example stress -- COUNT SEED`
//!
//! Says how many were refused as what, executed and trapped. Every panic and every
//! difference to wasmparser's verdict is printed with the binary; with any, the exit
//! code is 1. The same count and seed give the same inputs.

mod execute;
mod mutate;
#[path = "../../tests/peer/mod.rs"]
mod peer;
mod sections;
mod tally;

use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use gainsay_runtime::{Config, Features, Limits, StackPool};
use peer::{Numbers, compare, features, generate, hex};
use tally::Tally;

/// Modules that mutations start from.
const CORPUS: usize = 64;

/// Sizes of modules that others are made of: mutants must neither grow for ever, nor
/// end as next to nothing.
const BYTES: RangeInclusive<usize> = 200..=8 << 10;

/// Inputs between two lines about the progress.
const REPORT_EVERY: u64 = 250_000;

/// Valid modules, which change over time: new ones come, and so do mutants of the old
/// ones that are valid as well.
struct Corpus(Vec<Vec<u8>>);

impl Corpus {
    fn new(numbers: &mut Numbers) -> Corpus {
        let mut modules = Vec::new();
        while modules.len() < CORPUS {
            let seed_bytes = seed_bytes(numbers);
            modules.extend(generate(numbers, seed_bytes, false));
        }
        Corpus(modules)
    }

    fn any(&self, numbers: &mut Numbers) -> &[u8] {
        &self.0[numbers.below(CORPUS)]
    }

    /// Have a valid module in place of another, unless it is hardly one, or grown large.
    fn put(&mut self, module: &[u8], numbers: &mut Numbers) {
        if BYTES.contains(&module.len()) {
            self.0[numbers.below(CORPUS)] = module.to_vec();
        }
    }

    /// The next input.
    fn input(&mut self, numbers: &mut Numbers) -> Vec<u8> {
        match numbers.below(256) {
            0..=3 => {
                let allow_invalid = numbers.below(4) == 0;
                let seed_bytes = seed_bytes(numbers);
                let generated = generate(numbers, seed_bytes, allow_invalid).unwrap_or_default();
                if !allow_invalid {
                    self.put(&generated, numbers);
                }
                generated
            }
            4..=7 => {
                let count = numbers.below(64);
                [b"\0asm\x01\0\0\0".to_vec(), numbers.bytes(count)].concat()
            }
            8..=55 => {
                let mut module = self.any(numbers).to_vec();
                peer::mutate(&mut module, numbers);
                module
            }
            56..=71 => mutate::splice(self.any(numbers), self.any(numbers), numbers),
            _ => mutate::within(self.any(numbers), numbers),
        }
    }
}

/// Random bytes for one module: mostly few.
fn seed_bytes(numbers: &mut Numbers) -> usize {
    512 << numbers.below(7)
}

fn config(features: Features) -> Config {
    let limits = Limits {
        stack_slots_max: 1 << 14,
        frames_max: 500,
        memory_bytes_max: 1 << 20,
        table_elements_max: 2000,
        heap_bytes_max: 1 << 20,
        wait_ns_max: 1,
        ..Limits::default()
    };
    Config { features, limits, fuel: true, ..Config::default() }
}

/// Judge and run one input. Returns whether it is valid.
fn take(
    input: &[u8],
    config: &Config,
    stacks: &StackPool,
    numbers: &mut Numbers,
    tally: &mut Tally,
) -> bool {
    let (comparison, module) = compare(config, input);
    tally.judged(comparison);
    let Some(module) = module else { return false };
    execute::execute(&module, config, stacks, numbers, tally);
    true
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse());
    let (Some(Ok(count)), Some(Ok(seed)), None) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        eprintln!("usage: stress COUNT SEED");
        return ExitCode::from(2);
    };
    let mut numbers = Numbers(seed);
    let mut corpus = Corpus::new(&mut numbers);
    let mut tally = Tally::default();
    let stacks = StackPool::default();
    for number in 1..=count {
        let input = corpus.input(&mut numbers);
        let all = numbers.below(4) != 0;
        let features = if all { Features::default() } else { features(numbers.next()) };
        let config = config(features);
        let taken = catch_unwind(AssertUnwindSafe(|| {
            take(&input, &config, &stacks, &mut numbers, &mut tally)
        }));
        match taken {
            Ok(true) if numbers.below(8) == 0 => corpus.put(&input, &mut numbers),
            Ok(_) => {}
            Err(_) => tally.panicked(&format!("{features:?}: {}", hex(&input))),
        }
        if number % REPORT_EVERY == 0 {
            println!("{number} inputs: {tally}");
        }
    }
    println!("{count} inputs, seed {seed}: {tally}");
    if tally.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
