//! Accept or reject: the reference's decoder and validator against wasmparser.
//!
//! Inputs are binaries; those that do not begin with the magic number drive the
//! generator instead, so that both kinds are reached from one corpus.
#![no_main]

use std::cell::RefCell;

use gainsay_findings::ReachTally;
use gainsay_engines::validity::{Comparison, compare};
use gainsay_generate::{module_from_bytes, proposals_in};
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};
use wasm_mutate::WasmMutate;

const MAGIC: &[u8] = b"\0asm";

/// How often it is told what was reached: at this many modules, and twice that, and so on.
const TOLD_FIRST: u64 = 1 << 14;

thread_local! {
    /// The modules so far, and those that use each proposal. Nothing is executed here.
    static REACH: RefCell<(u64, ReachTally)> = RefCell::default();
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let generated;
    let binary = if data.starts_with(MAGIC) {
        data
    } else {
        let Some(module) = module_from_bytes(data) else { return Corpus::Reject };
        generated = module;
        &generated
    };
    if let Comparison::Differ(difference) = compare(binary) {
        panic!("{difference}");
    }
    REACH.with_borrow_mut(|(modules, tally)| {
        tally.record_module(&proposals_in(binary));
        *modules += 1;
        if *modules >= TOLD_FIRST && modules.is_power_of_two() {
            eprintln!("{modules} modules\n{tally}");
        }
    });
    Corpus::Keep
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    // Every other mutation keeps the structure of a module.
    if seed % 2 == 0
        && data[..size].starts_with(MAGIC)
        && let Some(mutated) = mutate(&data[..size], seed)
        && mutated.len() <= max_size
    {
        data[..mutated.len()].copy_from_slice(&mutated);
        return mutated.len();
    }
    fuzzer_mutate(data, size, max_size)
});

fn mutate(binary: &[u8], seed: u32) -> Option<Vec<u8>> {
    let mut mutate = WasmMutate::default();
    mutate.seed(seed.into()).fuel(1_000);
    let mut mutants = mutate.run(binary).ok()?;
    mutants.next()?.ok()
}
