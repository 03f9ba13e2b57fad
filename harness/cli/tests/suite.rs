//! The official test suite on the reference: every file and every assertion of the
//! parts that it implements. One test per file.

mod common;

use std::process::ExitCode;

use common::{code, gainsay_in, root, stderr, stdout};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

/// Wasm 2.0 without SIMD, and what the reference has of 3.0.
const PARTS: &[&str] = &["2.0", "tail-call", "extended-const", "multi-memory", "memory64"];

/// Files of those parts that are about SIMD after all.
const WITH_SIMD: &[&str] = &["memory64/simd_address.wast"];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for part in PARTS {
        let report = report(part);
        let mut files = report["files"].as_array().cloned().unwrap_or_default();
        files.retain(|file| !WITH_SIMD.iter().any(|path| file["path"] == *path));
        let sum = |field: &str| files.iter().map(|file| number(file, field)).sum::<u64>();
        if !arguments.list {
            println!(
                "{part}: {} files, {} assertions passed, {} failed, {} skipped",
                files.len(),
                sum("passed"),
                sum("failed"),
                sum("skipped")
            );
        }
        let name = format!("{part}_has_files");
        let is_empty = files.is_empty();
        trials.push(Trial::test(name, move || match is_empty {
            true => Err(Failed::from("no file was run")),
            false => Ok(()),
        }));
        trials.extend(files.into_iter().map(trial));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn report(part: &str) -> Value {
    let output = gainsay_in(&root(), &["wast", "--suite", part, "--format", "json"]);
    serde_json::from_str(&stdout(&output)).unwrap_or_else(|error| {
        panic!("{part}: exit code {}: {error}: {}", code(&output), stderr(&output))
    })
}

fn trial(file: Value) -> Trial {
    let path = file["path"].as_str().unwrap_or_default().to_owned();
    Trial::test(path, move || {
        let wrong = number(&file, "failed") + number(&file, "skipped");
        match number(&file, "passed") + number(&file, "directives") + number(&file, "text") {
            0 => Err(Failed::from("nothing in it was run")),
            _ if wrong > 0 => Err(format!("{}\n{}", file["failures"], file["skip_reasons"]).into()),
            _ => Ok(()),
        }
    })
}

fn number(file: &Value, field: &str) -> u64 {
    file[field].as_u64().unwrap_or_default()
}
