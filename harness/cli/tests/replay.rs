//! `gainsay replay`: what counts as a difference between real engines.

use crate::common::{code, gainsay_in, stderr, stdout};
use serde_json::Value;

/// Engines choose for themselves whether a product is rounded before the sum, what is the
/// lesser of two zeros or of a NaN, and what a number out of range becomes; they may not
/// choose anew in each call.
const RELAXED: &str = r#"
(module $m
  (func (export "madd") (param v128 v128 v128) (result v128)
    (f64x2.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
  (func (export "min") (param v128 v128) (result v128)
    (f32x4.relaxed_min (local.get 0) (local.get 1)))
  (func (export "trunc") (param v128) (result v128)
    (i32x4.relaxed_trunc_f32x4_u (local.get 0)))
  (func (export "swizzle") (param v128 v128) (result v128)
    (i8x16.relaxed_swizzle (local.get 0) (local.get 1))))
(invoke $m "madd" (v128.const f64x2 0x1.00000004p0 1) (v128.const f64x2 0x1.00000004p0 2)
  (v128.const f64x2 -0x1.00000008p0 3))
(invoke $m "min" (v128.const f32x4 0 -0 nan 1) (v128.const f32x4 -0 0 1 nan))
(invoke $m "trunc" (v128.const f32x4 nan -1 1e20 3))
(invoke $m "swizzle" (v128.const i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)
  (v128.const i8x16 0 15 16 17 100 127 128 255 1 2 3 4 5 6 7 8))
"#;

/// Unlike what is relaxed, a sum has one value: the canary's is another.
const WRONG: &str = r#"
(invoke $m "mul" (i32.const 6) (i32.const 4))"#;

fn replayed(script: &str, engines: &str) -> (i32, Value) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("case.wast"), script).expect("a file");
    let arguments = ["replay", "case.wast", "--engines", engines, "--format", "json"];
    let output = gainsay_in(directory.path(), &arguments);
    let summary = serde_json::from_str(&stdout(&output));
    (code(&output), summary.unwrap_or_else(|error| panic!("{error}: {}", stderr(&output))))
}

#[test]
fn a_permitted_relaxed_result_is_not_a_difference() {
    let (code, summary) = replayed(RELAXED, "reference,wasmtime,wasmi");
    println!("verdicts: {}", summary["verdicts"]);
    assert_eq!((code, &summary["diverged"]), (0, &Value::from(0)), "{summary:#}");
    assert_eq!(summary["agreed"], 1, "{summary:#}");
}

#[test]
fn relaxed_instructions_hide_no_mistake() {
    let export = r#"(func (export "mul") (param i32 i32) (result i32)
        (i32.mul (local.get 0) (local.get 1)))
      (func (export "swizzle")"#;
    let script = RELAXED.replace(r#"(func (export "swizzle")"#, export) + WRONG;
    let (code, summary) = replayed(&script, "reference,wasmtime,canary");
    assert_eq!((code, &summary["diverged"]), (2, &Value::from(1)), "{summary:#}");
    let signature = summary["files"][0]["divergences"][0]["signature"].to_string();
    assert!(signature.contains("canary=returned:i32"), "{signature}");
    assert!(!signature.contains("v128"), "{signature}");
}
