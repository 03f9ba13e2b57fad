//! `gainsay engines test` holds workers to the contract.

use std::path::Path;

use crate::common::{code, gainsay_in, stderr, stdout};
use serde_json::Value;

fn test(worker: &[&str]) -> (i32, Value) {
    let arguments = [&["engines", "test", "--format", "json", "--"], worker].concat();
    let output = gainsay_in(Path::new("."), &arguments);
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {} {}", stdout(&output), stderr(&output)));
    (code(&output), report)
}

fn names(failures: &Value) -> Vec<&str> {
    failures.as_array().expect("a list").iter().filter_map(|it| it["name"].as_str()).collect()
}

#[test]
fn the_embedded_worker_keeps_the_contract() {
    let (code, report) = test(&[env!("CARGO_BIN_EXE_gainsay"), "worker"]);
    assert_eq!(code, 0, "{report:#}");
    let engines = report["engines"].as_array().expect("a list");
    assert_eq!(engines.len(), 7, "{report:#}");
    let reference = engines.iter().find(|engine| engine["id"] == "reference");
    let passed = reference.map(|engine| engine["passed"].as_u64());
    assert!(passed > Some(Some(90)), "{report:#}");
    assert!(report["conversations"]["passed"].as_u64() >= Some(13), "{report:#}");
}

#[cfg(unix)]
#[test]
fn a_worker_whose_engine_takes_one_trap_for_another_breaks_the_contract() {
    let wrong = r#""$0" worker | sed -u s/divide_by_zero/unreachable/"#;
    let (code, report) = test(&["sh", "-c", wrong, env!("CARGO_BIN_EXE_gainsay")]);
    assert_eq!(code, 2, "{report:#}");
    for engine in report["engines"].as_array().expect("a list") {
        let failures = names(&engine["failures"]);
        assert!(!failures.is_empty(), "{report:#}");
        assert!(failures.iter().any(|name| name.starts_with("traps::")), "{failures:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_worker_that_ignores_errors_fails_the_conversations_about_them() {
    // Its own errors never reach the host.
    let silent = r#""$0" worker | grep --line-buffered -v '"type":"error"'"#;
    let (code, report) = test(&["sh", "-c", silent, env!("CARGO_BIN_EXE_gainsay")]);
    assert_eq!(code, 2, "{report:#}");
    let failures = names(&report["conversations"]["failures"]);
    assert!(failures.contains(&"refuses_nonsense_with_an_error"), "{report:#}");
}

#[test]
fn a_worker_that_does_not_exist_is_unavailable() {
    let output = gainsay_in(Path::new("."), &["engines", "test", "--", "no-such-worker"]);
    assert_eq!(code(&output), 5, "{}", stderr(&output));
    assert!(stderr(&output).contains("no-such-worker"), "{}", stderr(&output));
}

#[test]
fn a_worker_none_of_whose_engines_is_asked_for_is_refused() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let asked = ["hunt", "--cases", "1", "--engines", "reference,wasmi", "--worker", "no-such"];
    let output = gainsay_in(directory.path(), &asked);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stderr(&output).contains("--worker would take no part"), "{}", stderr(&output));
}
