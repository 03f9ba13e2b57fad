//! Which NaN an operation results in is an engine's choice, whatever its bits become.

use crate::common::{code, gainsay_in, stderr, stdout};
use serde_json::Value;

/// The bits of a NaN in an integer, in memory, and as a condition.
const BITS: &str = r#"
(module $m
  (memory (export "m") 1)
  (global (export "g") (mut i64) (i64.const 0))
  (func (export "bits") (param f64) (result i64) (i64.reinterpret_f64 (f64.sqrt (local.get 0))))
  (func (export "store") (param f64)
    (f64.store (i32.const 0) (f64.add (local.get 0) (f64.const 1))))
  (func (export "branch") (param f64) (result i32)
    (i64.lt_s (i64.reinterpret_f64 (f64.mul (local.get 0) (f64.const 1))) (i64.const 0)))
  (func (export "trap") (param f64)
    (if (i64.lt_s (i64.reinterpret_f64 (f64.sqrt (local.get 0))) (i64.const 0))
      (then unreachable)))
  (func (export "loop") (param f64)
    (loop $again
      (br_if $again (i64.lt_s (i64.reinterpret_f64 (f64.sqrt (local.get 0))) (i64.const 0))))))
"#;

/// Two sign bits: of a NaN, and of an unrelated mistake of wasmi 2.0.0.
const SELECT: &str = r#"
(module
  (func (export "g") (param f64) (result i64)
    (i64.shr_u (i64.reinterpret_f64 (f64.div (local.get 0) (f64.const 0))) (i64.const 63)))
  (func (export "f") (param i32 f64) (result i64)
    (local i64)
    (local.set 2 (call 0 (local.get 1)))
    (i64.add (local.get 2)
      (select (i64.const 1) (i64.const 2) (i32.eqz (local.get 0))))))
(invoke "f" (i32.const 0) (f64.const 0))
"#;

fn replayed(script: &str, engines: &str) -> (i32, Value) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("case.wast"), script).expect("a file");
    let arguments =
        ["replay", "case.wast", "--engines", engines, "--case-time", "2s", "--format", "json"];
    let output = gainsay_in(directory.path(), &arguments);
    let summary = serde_json::from_str(&stdout(&output));
    (code(&output), summary.unwrap_or_else(|error| panic!("{error}: {}", stderr(&output))))
}

#[test]
fn the_bits_of_a_nan_never_count_as_a_difference() {
    for call in ["bits", "branch", "store", "trap"] {
        let script = format!("{BITS}(invoke $m \"{call}\" (f64.const -nan:0x8000000000000))");
        let (code, summary) = replayed(&script, "reference,wasmi,wasmtime");
        assert_eq!((code, &summary["diverged"]), (0, &Value::from(0)), "{call}: {summary:#}");
        assert_eq!(summary["verdicts"]["allowed"]["nan_payload"], 1, "{call}: {summary:#}");
    }
}

#[test]
fn a_loop_that_ends_only_for_some_nans_is_not_a_hang() {
    let script = format!("{BITS}(invoke $m \"loop\" (f64.const -nan:0x8000000000000))");
    let (_, summary) = replayed(&script, "reference,wasmi,wasmtime");
    assert_eq!(summary["diverged"], 0, "{summary:#}");
}

#[test]
fn a_mistake_in_another_instance_is_still_one() {
    let other = r#"
        (module $n (func (export "mul") (param i32 i32) (result i32)
          (i32.mul (local.get 0) (local.get 1))))
        (invoke $m "bits" (f64.const -1))
        (invoke $n "mul" (i32.const 6) (i32.const 4))"#;
    let (code, summary) = replayed(&format!("{BITS}{other}"), "reference,wasmtime,canary");
    assert_eq!((code, &summary["diverged"]), (2, &Value::from(1)), "{summary:#}");
    let signature = summary["files"][0]["divergences"][0]["signature"].to_string();
    assert!(signature.contains("canary=returned:i32"), "{signature}");
}

#[test]
fn a_mistake_that_a_nan_hides_is_found_by_shrinking() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("case.wast"), SELECT).expect("a file");
    let output = gainsay_in(
        directory.path(),
        &["shrink", "case.wast", "--engines", "reference,wasmi", "--out", "small.wast"],
    );
    assert_eq!(code(&output), 2, "{}{}", stdout(&output), stderr(&output));
    let small = std::fs::read_to_string(directory.path().join("small.wast")).expect("a result");
    assert!(small.contains("select") && small.contains("eqz"), "{small}");
    assert!(!small.contains("f64.div"), "{small}");
}

#[test]
fn only_a_nan_is_nothing_to_minimise() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let script = format!("{BITS}(invoke $m \"bits\" (f64.const -1))");
    std::fs::write(directory.path().join("case.wast"), script).expect("a file");
    let output = gainsay_in(
        directory.path(),
        &["shrink", "case.wast", "--engines", "reference,wasmi", "--out", "small.wast"],
    );
    assert!(stderr(&output).contains("no divergence"), "{}", stderr(&output));
}
