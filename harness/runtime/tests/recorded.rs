//! The regression corpus, and scripts that a campaign recorded, on the runtime alone.
//!
//! This is the judge of `scripts/mutants`: it is built without any other engine. A
//! recorded script asserts what all engines agreed on; `GAINSAY_RECORDED` names the
//! directory of them. The first script in which something fails ends a test, for one
//! failure settles what a change is worth.

mod script;

use std::fs;
use std::path::{Path, PathBuf};

use gainsay_runtime::{Config, Limits};
use script::Tally;

/// The limits under which campaigns run the reference (`gainsay_case::Limits`).
const LIMITS: Limits = Limits {
    stack_slots_max: 1 << 17,
    frames_max: 1 << 15,
    memory_bytes_max: 64 << 20,
    table_elements_max: 100_000,
    heap_bytes_max: 64 << 20,
    exception_bytes_max: 64 << 20,
    wait_ns_max: 20_000_000,
};

/// The scripts below a directory, by name.
fn scripts(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory of scripts") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(scripts(&path));
        } else if path.extension().is_some_and(|extension| extension == "wast") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Run all scripts until one fails: how many there are, and what they asserted.
fn run_all(directory: &Path) -> (usize, Tally) {
    let config = Config { limits: LIMITS, ..Config::default() };
    let mut tally = Tally { traps_by_kind: true, ..Tally::default() };
    let scripts = scripts(directory);
    for path in &scripts {
        let text = fs::read_to_string(path).expect("a script");
        script::run(&path.display().to_string(), &text, &config, &mut tally);
        assert!(tally.failed.is_empty(), "{:#?}", tally.failed);
    }
    println!(
        "{} scripts, {} assertions, {} about validity",
        scripts.len(),
        tally.passed,
        tally.validity
    );
    (scripts.len(), tally)
}

#[test]
fn the_corpus_holds_on_the_runtime() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let (scripts, tally) = run_all(&corpus);
    assert!(scripts > 0 && tally.passed > 0 && tally.validity > 0);
}

#[test]
fn recorded_agreements_hold_on_the_runtime() {
    let Some(directory) = std::env::var_os("GAINSAY_RECORDED") else {
        return println!("GAINSAY_RECORDED is not set: nothing was recorded");
    };
    let (scripts, tally) = run_all(Path::new(&directory));
    assert!(scripts > 0 && tally.passed > 0 && tally.validity > 0);
}
