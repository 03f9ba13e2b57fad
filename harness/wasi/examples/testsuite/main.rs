//! Runs the official test programs of preview 1 and of wasi-threads:
//! `testsuite DIRECTORY` with the `tests` directory of the suite's branch of built
//! programs. Prints how many of each suite pass and why the others do not.

mod test_case;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use test_case::TestCase;

fn main() -> ExitCode {
    let Some(directory) = std::env::args_os().nth(1) else {
        eprintln!("usage: testsuite DIRECTORY [NAME]");
        return ExitCode::FAILURE;
    };
    let name = std::env::args().nth(2).unwrap_or_default();
    let mut programs = Vec::new();
    collect(Path::new(&directory), &mut programs);
    programs.sort();
    programs.retain(|path| path.to_string_lossy().contains(&name));
    let mut tally: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for path in &programs {
        let outcome = TestCase::read(path).and_then(|case| case.run());
        let suite = path.parent().and_then(|parent| parent.strip_prefix(&directory).ok());
        let suite = suite.map(|suite| suite.display().to_string()).unwrap_or_default();
        let (passed, all) = tally.entry(suite).or_default();
        *all += 1;
        match outcome {
            Ok(()) => *passed += 1,
            Err(reason) => println!("{}: {reason}", path.display()),
        }
    }
    for (suite, (passed, all)) in &tally {
        println!("{passed} of {all} in {suite}");
    }
    let (passed, all) =
        tally.values().fold((0, 0), |sum, suite| (sum.0 + suite.0, sum.1 + suite.1));
    println!("{passed} of {all} in total");
    if all > 0 && passed == all { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The programs below a directory, without those of later versions of WASI.
fn collect(directory: &Path, programs: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if !path.ends_with("wasm32-wasip3") {
                collect(&path, programs);
            }
        } else if path.extension().is_some_and(|extension| extension == "wasm") {
            programs.push(path);
        }
    }
}
