//! `gainsay run`: results, arguments, exit codes.

use std::path::Path;

use crate::common::{code, gainsay_in, stderr, stdout};
use serde_json::Value;
use tempfile::TempDir;

const MODULE: &str = r#"(module
  (import "gainsay" "seen" (func $seen (param i32) (result i32)))
  (func (export "add") (param i32 i32) (result i32)
    (call $seen (i32.add (local.get 0) (local.get 1))))
  (func (export "pair") (param f32 f64) (result f32 f64) local.get 0 local.get 1)
  (func (export "echo") (param externref) (result externref) local.get 0)
  (func (export "divide") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
  (func $deep (export "deep") (call $deep))
  (func (export "spin") (loop (br 0))))"#;

fn with(name: &str, contents: impl AsRef<[u8]>) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join(name), contents).expect("a file");
    directory
}

fn run(directory: &Path, arguments: &[&str]) -> std::process::Output {
    gainsay_in(directory, &[&["run"], arguments].concat())
}

#[test]
fn results_are_printed_one_to_a_line() {
    let directory = with("m.wat", MODULE);
    for (arguments, expected) in [
        (&["m.wat", "--invoke", "add", "2", "0xff"][..], "257\n"),
        (&["m.wat", "--invoke", "add", "-2", "-0x1"], "-3\n"),
        (&["m.wat", "--invoke", "pair", "nan:0x200000", "-inf"], "nan:0x200000\n-inf\n"),
        (&["m.wat", "--invoke", "pair", "0x1p-1", "1e300"], "0.5\n1e300\n"),
        (&["m.wat", "--invoke", "echo", "7"], "7\n"),
        (&["m.wat", "--invoke", "echo", "null"], "null\n"),
    ] {
        for engine in ["reference", "wasmi", "wasmtime"] {
            let output = run(directory.path(), &[&["--engine", engine], arguments].concat());
            assert_eq!(stdout(&output), expected, "{engine} {arguments:?} {}", stderr(&output));
            assert_eq!(code(&output), 0);
        }
    }
}

#[test]
fn host_calls_are_shown_when_asked_for() {
    let directory = with("m.wat", MODULE);
    let output = run(directory.path(), &["m.wat", "--trace", "--invoke", "add", "1", "2"]);
    assert_eq!(stderr(&output), "call gainsay.seen (i32.const 3)\n");
    let output = run(directory.path(), &["m.wat", "--invoke", "add", "1", "2"]);
    assert_eq!(stderr(&output), "");
}

#[test]
fn a_trap_is_named_and_ends_with_2() {
    let directory = with("m.wat", MODULE);
    let output = run(directory.path(), &["m.wat", "--invoke", "divide", "0"]);
    assert_eq!(code(&output), 2);
    assert_eq!(stderr(&output), "trapped on reference: integer divide by zero\n");
    assert_eq!(stdout(&output), "");
}

#[test]
fn a_limit_ends_with_3() {
    let directory = with("m.wat", MODULE);
    let output = run(directory.path(), &["m.wat", "--invoke", "deep"]);
    assert_eq!(code(&output), 3);
    assert_eq!(stderr(&output), "limit on reference: call stack exhausted\n");
    let output = run(directory.path(), &["--fuel", "1000", "m.wat", "--invoke", "spin"]);
    assert_eq!(code(&output), 3);
    assert_eq!(stderr(&output), "limit on reference: fuel used up\n");
}

#[test]
fn the_json_form_has_values_and_trace() {
    let directory = with("m.wat", MODULE);
    let arguments = ["--format", "json", "m.wat", "--invoke", "add", "1", "2"];
    let output = run(directory.path(), &arguments);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["engine"], "reference");
    assert_eq!(report["status"], "returned");
    assert_eq!(report["values"], serde_json::json!([{"type": "i32", "value": "3"}]));
    assert_eq!(report["trace"][0]["name"], "seen");
}

#[test]
fn a_command_is_started_without_being_asked() {
    let directory = with("m.wat", r#"(module (func (export "_start") unreachable))"#);
    let output = run(directory.path(), &["m.wat"]);
    assert_eq!(code(&output), 2);
    assert_eq!(stderr(&output), "trapped on reference: unreachable\n");
}

#[test]
fn a_module_without_anything_to_call_says_what_could_be_called() {
    let directory = with("m.wat", MODULE);
    let output = run(directory.path(), &["m.wat"]);
    assert_eq!(code(&output), 4);
    assert!(stderr(&output).contains(r#"--invoke: "add", "pair""#), "{}", stderr(&output));
}

#[test]
fn wrong_arguments_are_refused_before_anything_runs() {
    let directory = with("m.wat", MODULE);
    for (arguments, message) in [
        (&["m.wat", "--invoke", "nope"][..], "there is no exported function \"nope\""),
        (&["m.wat", "--invoke", "add", "1"], "\"add\" takes 2 arguments, not 1"),
        (&["m.wat", "--invoke", "divide", "0.5"], "\"0.5\" is not a value of type i32"),
        (&["m.wat", "--invoke", "divide", "4294967296"], "is not a value of type i32"),
        (
            &["m.wat", "--invoke", "add", "1", "--fuel", "9"],
            "options must come before the arguments",
        ),
        (
            &["m.wat", "--engine", "wasmi", "--", "argument"],
            "WASI programs run only on the reference",
        ),
        (&["m.wat", "--env", "A", "--invoke", "divide", "1"], "\"A\" is not a variable"),
        (&["m.wat", "--dir", "nowhere::/", "--invoke", "divide", "1"], "cannot open the directory"),
    ] {
        let output = run(directory.path(), arguments);
        assert_eq!(code(&output), 1, "{arguments:?}");
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
    }
}

#[test]
fn a_module_that_is_wrong_is_that_whatever_was_to_be_called() {
    for (name, contents, message) in [
        ("m.wat", &b"(module (func (result i32)))"[..], "rejected on reference: type mismatch"),
        ("m.wasm", b"\0asm\x01\0\0\0\x01", "rejected on reference: "),
        ("m.wasm", b"\0asm\x02\0\0\0", "rejected on reference: unknown binary version"),
        ("m.wasm", b"\0asm\x0d\0\x01\0", "m.wasm is a component"),
        ("m.wat", b"(component)", "m.wat is a component"),
    ] {
        let directory = with(name, contents);
        for arguments in [&[name][..], &[name, "--invoke", "f"]] {
            let output = run(directory.path(), arguments);
            assert_eq!(code(&output), 1, "{name}: {}", stderr(&output));
            assert!(stderr(&output).contains(message), "{}", stderr(&output));
        }
    }
}

#[test]
fn proposals_can_be_switched_off() {
    let module = r#"(module (memory 1) (memory 1) (func (export "_start")))"#;
    let directory = with("m.wat", module);
    assert_eq!(code(&run(directory.path(), &["m.wat"])), 0);
    for options in [["--language", "2.0"], ["--features", "-multi-memory"]] {
        for engine in ["reference", "wasmi", "wasmtime"] {
            let output =
                run(directory.path(), &[&["m.wat", "--engine", engine], &options[..]].concat());
            assert_eq!(code(&output), 1, "{engine} {}", stderr(&output));
            assert!(stderr(&output).starts_with("rejected on "), "{}", stderr(&output));
        }
    }
    let output = run(directory.path(), &["m.wat", "--features", "-smid"]);
    assert!(code(&output) == 1 && stderr(&output).contains("no proposal is named"));
}

#[test]
fn memory_in_all_and_time_have_limits() {
    let memories = r#"(module (memory 16384) (memory 16384) (func (export "f")
        (memory.fill 0 (i32.const 0) (i32.const 1) (i32.const 0x3fff_ffff))
        (memory.fill 1 (i32.const 0) (i32.const 1) (i32.const 0x3fff_ffff))))"#;
    let directory = with("m.wat", memories);
    let output = run(directory.path(), &["m.wat", "--worker-memory", "300", "--invoke", "f"]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert!(stderr(&output).contains("more than 300 MiB"), "{}", stderr(&output));
    let directory = with("m.wat", MODULE);
    let output = run(directory.path(), &["m.wat", "--time", "1s", "--invoke", "spin"]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert!(stderr(&output).contains("within 1s"), "{}", stderr(&output));
}

#[test]
fn a_limit_is_named_exactly() {
    for (text, message) in [
        (r#"(module (memory 2) (func (export "_start")))"#, "memory"),
        (
            r#"(module (type $a (array i8)) (func (export "_start")
            (drop (array.new_default $a (i32.const -1)))))"#,
            "heap exhausted",
        ),
    ] {
        let directory = with("m.wat", text);
        let output = run(directory.path(), &["m.wat", "--memory", "0"]);
        assert_eq!(code(&output), 3, "{}", stderr(&output));
        let message_is = stderr(&output);
        assert!(
            message_is.contains(message) && !message_is.contains("or the module"),
            "{message_is}"
        );
    }
}

#[test]
fn an_import_that_nobody_offers_is_named() {
    let module = r#"(module (import "env" "f" (func)) (func (export "_start")))"#;
    let directory = with("m.wat", module);
    for engine in ["reference", "wasmi", "wasmtime"] {
        let output = run(directory.path(), &["m.wat", "--engine", engine]);
        assert_eq!(code(&output), 1);
        let message = stderr(&output);
        assert!(message.starts_with("unlinkable on ") && message.contains("env"), "{message}");
    }
}
