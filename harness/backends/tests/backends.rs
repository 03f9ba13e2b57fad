//! The model beside real backends.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use gainsay_backends::{find, open};
use gainsay_lifecycle::{Abilities, ModelBackend, Op, Record, Scenario, Tally, generate};

use crate::common::{agreed, scenario, usual};

/// Operations on one name of each kind, for sequences of every kind.
const SHORT: [&str; 20] = [
    "engine e0 pool=1",
    "engine e0 on-demand",
    "cache c0",
    "compile m0 e0 asker uncached",
    "compile m0 e0 once c0",
    "compile m1 e0 once c0",
    "close-module m0",
    "close-cache c0",
    "count-cache c0",
    "store s0 e0",
    "store s1 e0",
    "instantiate i0 s0 m0 raw",
    "instantiate i0 s0 m0 guarded",
    "instantiate i1 s1 m0 raw",
    "run i0",
    "begin k0 i0 5",
    "abandon k0",
    "into-data s0",
    "drop-store s0",
    "drop-engine e0",
];

/// What short sequences begin with, so that they get somewhere.
const BEGINNINGS: [&str; 3] = [
    "",
    "engine e0 pool=1\ncompile m0 e0 asker uncached\nstore s0 e0\nstore s1 e0\n\
     instantiate i0 s0 m0 raw\nbegin k0 i0 1\n",
    "engine e0 on-demand\ncache c0\ncompile m0 e0 once c0\ncompile m1 e0 once c0\nstore s0 e0\n\
     instantiate i0 s0 m0 guarded\nrun i0\n",
];

#[test]
fn all_short_sequences_end_as_the_model_says() {
    let ops: Vec<Op> = SHORT.iter().map(|line| Op::parse(line).expect("an operation")).collect();
    let mut counts = BTreeMap::new();
    for mut backend in usual() {
        // Native code takes longer to make than the rest together.
        let length_max = if backend.id().starts_with("wasmtime") { 2 } else { 3 };
        let mut count = 0u32;
        for beginning in BEGINNINGS {
            let beginning = scenario(beginning).ops;
            for length in 1..=length_max {
                for number in 0..ops.len().pow(length) {
                    let chosen = (0..length).map(|at| number / ops.len().pow(at) % ops.len());
                    let mut sequence = beginning.clone();
                    sequence.extend(chosen.map(|at| ops[at].clone()));
                    agreed(&mut *backend, &Scenario { ops: sequence });
                    count += 1;
                }
            }
        }
        counts.insert(backend.id().to_owned(), count);
    }
    println!("short sequences: {counts:?}");
    assert_eq!(counts["reference"], 3 * (20 + 400 + 8_000));
    assert_eq!(counts["wasmtime-cranelift"], 3 * (20 + 400));
}

/// Operations on one process.
const OF_A_PROCESS: [&str; 16] = [
    "plan p0 0 wasi unreachable",
    "plan p0 0 posix exit=7",
    "plan p0 1 wasi wait",
    "plan p0 0 wasi busy",
    "start p0 threads",
    "start p0 seed=5",
    "add-thread p0 wait",
    "add-thread p0 return",
    "add-thread p0 divide",
    "enter p0 return",
    "enter p0 null",
    "enter p0 exit=9",
    "kill p0",
    "join-process p0",
    "count-process p0",
    "drop-process p0",
];

#[test]
fn all_short_sequences_of_a_process_end_as_the_model_says() {
    let ops = OF_A_PROCESS.map(|line| Op::parse(line).expect("an operation"));
    let mut backend = open(find("reference").expect("the reference"));
    let mut tally = Tally::default();
    for deed in ["join", "wait", "read"] {
        for limit in 0..3 {
            let made = format!("engine e0 on-demand\nprocess p0 e0 limit={limit} {deed}\n");
            let made = scenario(&made).ops;
            for number in 0..ops.len().pow(3) {
                let mut sequence = made.clone();
                sequence.extend((0..3).map(|at| ops[number / ops.len().pow(at) % 16].clone()));
                tally.record("reference", &agreed(&mut *backend, &Scenario { ops: sequence }));
            }
        }
    }
    let ended = |ending: &str| tally.endings.get(&format!("reference {ending}")).copied();
    for ending in ["ok", "trap", "exit", "ended", "raced"] {
        assert!(ended(&format!("join-process {ending}")).is_some(), "no {ending}: {tally:?}");
    }
    println!("{:?}", tally.endings);
}

#[test]
fn generated_sequences_end_as_the_model_says() {
    let mut tally = Tally::default();
    for mut backend in usual() {
        let count = if backend.id().starts_with("wasmtime") { 150 } else { 1_500 };
        for index in 0..count {
            let ran = agreed(&mut *backend, &generate(11, index));
            tally.record(backend.id(), &ran);
        }
    }
    for (name, count) in &tally.endings {
        println!("{name} {count}");
    }
    println!("{:?}", tally.reasons);
    for ending in [
        "bump ok",
        "trap trap",
        "begin suspended",
        "proc-exit exit",
        "join ok",
        "join-process exit",
        "join-process trap",
        "join-process ended",
    ] {
        let name = format!("reference {ending}");
        assert!(tally.endings.get(&name).is_some_and(|count| *count > 0), "no {name}");
    }
}

/// What the scenarios of the corpus are about, the reference has.
#[test]
fn every_operation_of_the_corpus_is_carried_out_by_the_reference() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let mut count = 0;
    for entry in fs::read_dir(corpus).expect("the corpus") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "scenario") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a text");
        let scenario = Scenario::parse(&text).expect("a scenario");
        let ran = agreed(&mut *open(find("reference").expect("the reference")), &scenario);
        for (at, (verb, record)) in ran.records.iter().enumerate() {
            let is_done = matches!(record, Record::Done { .. });
            assert!(is_done, "{}, operation {at}, {}: {record:?}", path.display(), verb.name());
        }
        count += 1;
    }
    assert!(count >= 5, "{count} scenarios");
}

#[test]
fn the_model_agrees_with_itself() {
    let mut model_backend = ModelBackend::new(Abilities::ALL);
    for index in 0..5_000 {
        agreed(&mut model_backend, &generate(3, index));
    }
}
