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

/// What `replay` prints of a script, and its exit code.
fn replayed_as_text(script: &str, options: &[&str]) -> (i32, String) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("a.wast"), script).expect("a file");
    let output = gainsay_in(directory.path(), &[&["replay", "a.wast"], options].concat());
    (code(&output), stdout(&output) + &stderr(&output))
}

#[test]
fn a_mistake_of_the_script_fails_with_its_line() {
    let script = r#"(module (func (export "add") (param i32) (result i32) (local.get 0)))
(assert_return (invoke "add" (i32.const 1)) (i32.const 1))
(assert_return (invoke "adds" (i32.const 1)) (i32.const 1))
(assert_return (invoke "add" (i64.const 1)) (i32.const 1))
(assert_return (get "add") (i32.const 1))
(invoke "gone")
(assert_return (invoke "add" (i32.const 1)) (i32.const 2))"#;
    let (code, text) = replayed_as_text(script, &["--engines", "reference,wasmi,wasmtime"]);
    assert_eq!(code, 2, "{text}");
    for line in [
        "a.wast:3: there is no exported function \"adds\"\n",
        "a.wast:4: \"add\" takes (i32), not (i64)\n",
        "a.wast:5: there is no exported global \"add\"\n",
        "a.wast:6: there is no exported function \"gone\"\n",
        "a.wast:7: expected (i32.const 2), saw (i32.const 1)\n",
    ] {
        assert_eq!(text.matches(line).count(), 3, "{line} in {text}");
    }
    assert!(text.contains("0 agreed, 0 diverged, 1 wrong"), "{text}");
}

#[test]
fn a_divergence_is_told_with_its_line_and_in_the_notation_of_scripts() {
    let script = "(module $m (func (export \"mul\") (param i32 i32) (result i32)\n  \
        (i32.mul (local.get 0) (local.get 1))))\n(invoke $m \"mul\" (i32.const 6) (i32.const 4))";
    let (code, text) = replayed_as_text(script, &["--engines", "reference,canary"]);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("a.wast:3: diverges: result in line 3; "), "{text}");
    assert!(text.contains("reference: returned (i32.const 24)"), "{text}");
}

#[test]
fn what_nobody_comes_to_the_end_of_is_inconclusive_and_no_failure() {
    let module = r#"(module (func (export "spin") (loop (br 0))) (func (export "ok")))"#;
    let options = ["--engines", "reference,wasmtime", "--case-time", "1s"];
    // Steps of a case, and a script of which some directives are none.
    for more in ["", "(assert_malformed (module quote \"(func\") \"\")"] {
        let script = format!(
            "{module}\n(assert_return (invoke \"ok\"))\n(invoke \"spin\")\n\
             (assert_return (invoke \"ok\"))\n{more}"
        );
        let (code, text) = replayed_as_text(&script, &options);
        assert_eq!(code, 3, "{text}");
        assert!(text.contains("0 agreed, 0 diverged, 1 inconclusive"), "{text}");
        assert!(text.contains("inconclusive: time_out") && text.contains(" 0 failed,"), "{text}");
    }
}

#[test]
fn nothing_to_run_is_no_success() {
    for script in ["", ";; only a comment\n"] {
        let (code, text) = replayed_as_text(script, &["--engines", "reference,wasmi"]);
        assert_eq!(code, 4, "{text}");
        assert!(text.contains("nothing to run") && text.contains("0 agreed"), "{text}");
    }
}

#[test]
fn a_binary_is_no_script() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("m.wasm"), b"\0asm\x01\0\0\0").expect("a file");
    std::fs::write(directory.path().join("named"), b"\0asm\x01\0\0\0").expect("a file");
    for name in ["m.wasm", "named"] {
        let output = gainsay_in(directory.path(), &["replay", name, "--engines", "reference"]);
        assert_eq!(code(&output), 1, "{}", stderr(&output));
        assert!(stderr(&output).contains("gainsay run"), "{}", stderr(&output));
    }
}

#[test]
fn what_is_not_compared_is_told_and_the_rest_is() {
    let script = r#"(module (func (export "f") (result i32) (i32.const 5)))
        (assert_return (invoke "f") (i32.const 5))
        (assert_malformed (module quote "(func (nonsense))") "unknown operator")"#;
    let (code, text) = replayed_as_text(script, &["--engines", "reference,wasmi"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("1 directive is not compared"), "{text}");
    assert!(text.contains("line 3") && text.contains("1 agreed"), "{text}");
    assert!(text.contains("2 passed"), "{text}");
    let script = "(module $m (func (export \"f\")))\n(assert_trap (module instance $m) \"\")";
    let (_, text) = replayed_as_text(script, &["--engines", "reference,wasmi"]);
    assert!(text.contains("not compared") && text.contains("line 2"), "{text}");
}

#[test]
fn a_limit_has_its_own_name_and_the_engines_words() {
    let tables = format!("(module {})", "(table 0 funcref)".repeat(101));
    let (code, text) = replayed_as_text(&tables, &["--engines", "reference,wasmi,wasmtime"]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("inconclusive: module"), "{text}");
    assert!(text.contains("wasmi-eager: a limit was hit: ") && text.contains("tables"), "{text}");
    let deep: String =
        (1..=64).map(|at| format!("(type $t{at} (sub $t{} (struct)))", at - 1)).collect();
    let types = format!("(module (type $t0 (sub (struct))) {deep})");
    let (code, text) = replayed_as_text(&types, &["--engines", "reference,wasmtime"]);
    assert_eq!(code, 3, "{text}");
    assert!(
        text.contains("inconclusive: module") && text.contains("skipped: limit: module"),
        "{text}"
    );
    let heap = r#"(module (type $a (array i64)) (func (export "f")
        (drop (array.new $a (i64.const 0) (i32.const 0x7fff_ffff)))))
        (assert_return (invoke "f"))"#;
    let (code, text) = replayed_as_text(heap, &["--engines", "reference,wasmtime"]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("heap"), "{text}");
}

#[cfg(unix)]
#[test]
fn one_interrupt_ends_a_replay_at_once() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};
    let directory = tempfile::tempdir().expect("a temporary directory");
    let script = "(module (func (export \"f\") (loop (br 0)))) (invoke \"f\")";
    std::fs::write(directory.path().join("a.wast"), script).expect("a file");
    let child = Command::new(env!("CARGO_BIN_EXE_gainsay"))
        .args(["replay", "a.wast", "--engines", "reference,wasmi", "--case-time", "1h"])
        .current_dir(directory.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    std::thread::sleep(Duration::from_secs(3));
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill can be started").success());
    let sent = Instant::now();
    let output = child.wait_with_output().expect("it ends");
    assert!(sent.elapsed() < Duration::from_secs(10), "{:?}", sent.elapsed());
    assert_eq!(code(&output), 130, "{}", stderr(&output));
    assert!(stdout(&output).contains("interrupted"), "{}", stdout(&output));
}
