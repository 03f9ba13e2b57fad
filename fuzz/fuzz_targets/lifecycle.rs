//! Any bytes, made a sequence of operations, on three implementations in this process.
#![no_main]

use std::cell::RefCell;

use gainsay_backends::{find, open};
use gainsay_lifecycle::{Backend, Scenario, Tally, generate_from_bytes, run};
use libfuzzer_sys::{Corpus, fuzz_target};

const BACKENDS: [&str; 3] = ["reference", "wasmi", "wasmtime"];

/// How often it is told what was reached: at this many sequences, and twice that, and so on.
const TOLD_FIRST: u64 = 1 << 11;

#[derive(Default)]
struct Open {
    backends: Vec<Box<dyn Backend>>,
    sequences: u64,
    tally: Tally,
}

thread_local! {
    static OPEN: RefCell<Open> = RefCell::default();
}

fuzz_target!(|data: &[u8]| -> Corpus {
    // Text is a scenario, as it stands in the corpus; anything else drives the generator.
    let text = std::str::from_utf8(data).ok();
    let scenario = text
        .and_then(|text| Scenario::parse(text).ok())
        .unwrap_or_else(|| generate_from_bytes(data));
    OPEN.with_borrow_mut(|Open { backends, sequences, tally }| {
        if backends.is_empty() {
            backends.extend(BACKENDS.iter().filter_map(|id| find(id)).map(open));
        }
        for backend in backends {
            let ran = run(&scenario, &mut **backend);
            if let Some(failure) = &ran.failure {
                panic!("{failure}\n{scenario}");
            }
            tally.record(backend.id(), &ran);
        }
        *sequences += 1;
        if *sequences >= TOLD_FIRST && sequences.is_power_of_two() {
            eprintln!("{sequences} sequences\n{:#?}", tally.endings);
        }
    });
    Corpus::Keep
});
