//! Feeds the decoder and validator with generated, mutated and random binaries, and runs
//! what they accept:
//!
//! `cargo run --release -p gainsay-runtime --example stress -- [execute] COUNT SEED`
//!
//! Says how many were refused as what, executed and trapped. Every panic and every
//! difference to wasmparser's verdict is told with the binary; with any, the exit
//! code is 1. The same count and seed give the same inputs.
//!
//! With `execute` nobody else is asked, and the count is one of executor inputs: calls of
//! exported functions with arguments, and instantiations that ran a start function. Every
//! module gets what it imports from one that is made for it (`provider.rs`).

mod execute;
mod mutate;
#[path = "../../tests/peer/mod.rs"]
mod peer;
mod provider;
mod reach;
mod sections;
mod supply;
mod tally;

use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use gainsay_runtime::{Config, Features, Limits, Module, StackPool};
use peer::{Numbers, compare, features, generate};
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

    /// A module that is new.
    fn fresh(&mut self, numbers: &mut Numbers) -> Vec<u8> {
        let seed_bytes = seed_bytes(numbers);
        let generated = generate(numbers, seed_bytes, false).unwrap_or_default();
        self.put(&generated, numbers);
        generated
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

/// What is done with the inputs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// So many inputs are judged beside wasmparser, and run.
    Judge,
    /// Inputs are run until the executor has had so many.
    Execute,
}

/// Judge and run one input. Returns whether it is valid.
fn take(
    input: &[u8],
    mode: Mode,
    config: &Config,
    stacks: &StackPool,
    numbers: &mut Numbers,
    tally: &mut Tally,
) -> bool {
    let module = match mode {
        Mode::Judge => {
            let (comparison, module) = compare(config, input);
            tally.judged(comparison);
            module
        }
        Mode::Execute => Module::new(config, input).ok(),
    };
    let Some(module) = module else { return false };
    execute::execute(input, &module, config, stacks, numbers, tally);
    true
}

fn stress(mode: Mode, count: u64, seed: u64) -> Tally {
    let mut numbers = Numbers(seed);
    let mut corpus = Corpus::new(&mut numbers);
    let mut tally = Tally::default();
    let stacks = StackPool::default();
    for number in 1.. {
        let input = match mode {
            Mode::Execute if numbers.below(24) == 0 => corpus.fresh(&mut numbers),
            _ => corpus.input(&mut numbers),
        };
        let all = numbers.below(4) != 0;
        let features = if all { Features::default() } else { features(numbers.next()) };
        let config = config(features);
        let taken = catch_unwind(AssertUnwindSafe(|| {
            take(&input, mode, &config, &stacks, &mut numbers, &mut tally)
        }));
        match taken {
            Ok(true) if numbers.below(8) == 0 => corpus.put(&input, &mut numbers),
            Ok(_) => {}
            Err(_) => tally.panicked(&format!("{features:?}"), &input),
        }
        if number % REPORT_EVERY == 0 {
            println!("{number} inputs: {tally}");
        }
        let done = if mode == Mode::Judge { number } else { tally.executed() };
        if done >= count {
            println!("{number} inputs, seed {seed}: {tally}\n{}", tally.proposals());
            break;
        }
    }
    tally
}

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mode = match arguments.first().map(String::as_str) {
        Some("execute") => {
            arguments.remove(0);
            Mode::Execute
        }
        _ => Mode::Judge,
    };
    let numbers: Option<Vec<u64>> = arguments.iter().map(|number| number.parse().ok()).collect();
    let Some(&[count, seed]) = numbers.as_deref() else {
        eprintln!("usage: stress [execute] COUNT SEED");
        return ExitCode::from(2);
    };
    match stress(mode, count, seed).is_clean() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
