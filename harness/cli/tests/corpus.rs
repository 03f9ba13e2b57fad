//! One test per regression case: all embedded engines, in worker processes.

mod common;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use common::{code, gainsay_in, root, stderr, stdout};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let mut files = Vec::new();
    collect(&root().join("corpus"), &mut files);
    files.sort();
    let cases = files.iter().map(|file| {
        let name = file.strip_prefix(root()).unwrap_or(file).display().to_string();
        Trial::test(name.clone(), move || replay(&name))
    });
    let count = files.len();
    let not_empty = Trial::test("the_corpus_has_cases", move || match count {
        0 => Err(Failed::from("there is no *.wast below corpus/")),
        _ => Ok(()),
    });
    let trials = cases.chain([not_empty]).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    // A directory that is missing has no cases, which is a failure of its own.
    for entry in std::fs::read_dir(directory).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "wast" || extension == "scenario")
        {
            files.push(path);
        }
    }
}

fn replay(file: &str) -> Result<(), Failed> {
    let output = gainsay_in(&root(), &["replay", file]);
    match code(&output) {
        0 => Ok(()),
        3 if is_held_by_its_assertions(file) => Ok(()),
        code => Err(format!("exit code {code}\n{}{}", stdout(&output), stderr(&output)).into()),
    }
}

/// Whether all that keeps the engines from being compared is that too few of them take the
/// case, and those that do hold what it asserts.
fn is_held_by_its_assertions(file: &str) -> bool {
    let output = gainsay_in(&root(), &["replay", file, "--format", "json"]);
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let reason = summary["files"][0]["inconclusive"].as_str();
    summary["passed"].as_u64() > Some(0)
        && summary["failed"] == 0
        && reason.is_some_and(|reason| ["module", "unsupported"].contains(&reason))
}
