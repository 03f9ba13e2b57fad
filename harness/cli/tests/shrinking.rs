//! `gainsay shrink` as a user sees it.

use std::fs;

use crate::common::{code, gainsay_in, stderr, stdout};

const CASE: &str = r#"(module $m (func (export "f") (result i32) (i32.popcnt (i32.const 7)))
  (func (export "idle") (nop)))
(invoke $m "f")"#;

#[test]
fn a_place_that_cannot_be_written_is_refused_before_the_work_begins() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    fs::write(directory.path().join("case.wast"), CASE).expect("a case");
    let output = gainsay_in(directory.path(), &["shrink", "case.wast", "--out", "none/x.wast"]);
    assert_eq!(code(&output), 1);
    let said = stderr(&output);
    assert!(said.starts_with("error: cannot write none/x.wast: "), "{said}");
    assert!(!said.contains("minimising"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_predicate_is_a_command_that_gets_a_file() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    fs::write(directory.path().join("case.wast"), CASE).expect("a case");
    let shrink = ["shrink", "case.wast", "--predicate", "grep -q popcnt", "--out", "small.wast"];
    let output = gainsay_in(directory.path(), &shrink);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let small = fs::read_to_string(directory.path().join("small.wast")).expect("it was written");
    assert!(small.contains("i32.popcnt") && !small.contains("idle"), "{small}");
    let json = [&shrink[..4], &["--format", "json"]].concat();
    let result: serde_json::Value =
        serde_json::from_str(&stdout(&gainsay_in(directory.path(), &json))).expect("JSON");
    assert_eq!(result["predicate"], "grep -q popcnt");
    assert!(result["after"]["bytes"].as_u64() < result["before"]["bytes"].as_u64(), "{result}");
    let dull = ["shrink", "case.wast", "--predicate", "grep -q absent"];
    let output = gainsay_in(directory.path(), &dull);
    assert_eq!(code(&output), 4);
    assert!(stderr(&output).contains("is not interesting"), "{}", stderr(&output));
}
