//! `gainsay wast`: what a script is, what becomes of it, and how it ends.

use std::path::Path;

use crate::common::{code, gainsay_in, stderr, stdout};
use serde_json::Value;

/// The report and the exit code of a script.
#[track_caller]
fn wast(script: &str, options: &[&str]) -> (Value, i32) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("a.wast"), script).expect("a file");
    let arguments = [&["wast", "a.wast", "--format", "json"], options].concat();
    let output = gainsay_in(directory.path(), &arguments);
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)));
    (report["files"][0].clone(), code(&output))
}

fn counts(file: &Value) -> [u64; 4] {
    ["passed", "failed", "skipped", "text"].map(|field| file[field].as_u64().expect(field))
}

fn lines(list: &Value) -> Vec<u64> {
    let line = |entry: &Value| entry["line"].as_u64().expect("a line");
    list.as_array().expect("a list").iter().map(line).collect()
}

#[test]
fn the_reference_tells_malformed_from_invalid_and_others_are_noted() {
    let script = r#"(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00"
        "\03\02\01\00" "\0a\06\01\04\00\41\00\0b") "unexpected end")
        (assert_invalid (module binary "\00asm\01\00\00\00" "\01\04\01\60\00") "type mismatch")
        (assert_malformed (module quote "(func") "unexpected token")"#;
    let (file, code) = wast(script, &[]);
    assert_eq!((counts(&file), code), ([0, 2, 0, 1], 2), "{file}");
    let (file, code) = wast(script, &["--engine", "wasmtime"]);
    assert_eq!((counts(&file), code), ([2, 0, 0, 1], 0), "{file}");
    assert_eq!(file["untold"], 2);
}

#[test]
fn a_mistake_costs_itself_and_fails_and_what_is_not_known_is_skipped() {
    let script = r#"(module (func (export "add") (param i32 i32) (result i32) (local.get 0)))
        (assert_return (invoke "add" (i32.const 1) (i32.const 2)) (i32.const 1))
        (assert_return (invoke "adds" (i32.const 1)) (i32.const 1))
        (assert_return (invoke "add" (i64.const 1)) (i32.const 1))
        (assert_return (get "add") (i32.const 1))
        (assert_tail (invoke "add"))
        (assert_return (invoke "add" (i32.const 3) (i32.const 2)) (i32.const 3))"#;
    for engine in ["reference", "wasmi", "wasmtime", "wasmtime-winch"] {
        let (file, code) = wast(script, &["--engine", engine]);
        assert_eq!((counts(&file), code), ([2, 3, 1, 0], 2), "{engine}: {file}");
        assert_eq!((lines(&file["failures"]), lines(&file["skips"])), (vec![3, 4, 5], vec![6]));
    }
}

#[test]
fn a_script_that_asks_for_nothing_is_nothing_run_alone_and_no_failure_among_others() {
    for script in ["", ";; only a comment\n"] {
        let (file, code) = wast(script, &[]);
        assert_eq!((counts(&file), code), ([0; 4], 4));
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("a.wast"), "").expect("a file");
    std::fs::write(directory.path().join("b.wast"), "(module)").expect("a file");
    assert_eq!(code(&gainsay_in(directory.path(), &["wast", "."])), 0);
}

#[test]
fn a_script_of_which_everything_was_skipped_is_inconclusive() {
    let script = r#"(module) (assert_malformed_custom (module quote "(@custom)") "")"#;
    assert_eq!(wast(script, &[]).1, 3);
    assert_eq!(wast(r#"(assert_malformed (module quote "(func") "")"#, &[]).1, 3);
}

#[test]
fn the_form_that_kills_an_engine_is_reported_and_the_rest_goes_on() {
    // The planted fault of this engine comes with one module in fifty.
    let mut script = String::new();
    for number in 0..200 {
        script += &format!(
            "(module (func (export \"f\") (result i32) (i32.const {number})))\n\
             (assert_return (invoke \"f\") (i32.const {number}))\n(invoke \"f\")\n"
        );
    }
    let (file, code) = wast(&script, &["--engine", "faulty-abort"]);
    let [passed, failed, skipped, _] = counts(&file);
    assert!(failed > 0 && skipped == failed && passed + failed == 200, "{file}");
    assert_eq!(code, 2);
    for failure in file["failures"].as_array().expect("a list") {
        assert!(failure["message"].as_str().expect("a text").contains("SIGABRT"), "{failure}");
        assert_eq!(failure["line"].as_u64().expect("a line") % 3, 2, "{failure}");
    }
    for skip in file["skips"].as_array().expect("a list") {
        let reason = skip["reason"].as_str().expect("a text");
        assert!(reason.starts_with("the engine ended at line"), "{reason}");
    }
}

#[test]
fn a_directive_that_does_not_end_is_ended_and_the_rest_goes_on() {
    let script = r#"(module (func (export "spin") (loop (br 0))) (func (export "ok")))
        (assert_return (invoke "ok"))
        (invoke "spin")
        (assert_return (invoke "ok"))
        (module (func (export "ok")))
        (assert_return (invoke "ok"))"#;
    for engine in ["reference", "wasmtime"] {
        let (file, code) = wast(script, &["--engine", engine, "--case-time", "1s"]);
        assert_eq!((counts(&file), code), ([2, 1, 1, 0], 2), "{engine}: {file}");
        assert_eq!((lines(&file["failures"]), lines(&file["skips"])), (vec![3], vec![4]));
    }
}

#[test]
fn memory_in_all_is_bounded() {
    let script = r#"(module (memory 16384) (memory 16384) (func (export "f")
        (memory.fill 0 (i32.const 0) (i32.const 1) (i32.const 0x3fff_ffff))
        (memory.fill 1 (i32.const 0) (i32.const 1) (i32.const 0x3fff_ffff))))
        (invoke "f")"#;
    let (file, code) = wast(script, &["--worker-memory", "300"]);
    assert_eq!((counts(&file), code), ([0, 0, 1, 0], 3), "{file}");
    assert_eq!(lines(&file["skips"]), [4]);
}

#[test]
fn results_are_shown_as_they_come() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("a.wast"), "(module)").expect("a file");
    let spin = "(module (func (export \"f\") (loop (br 0)))) (invoke \"f\")";
    std::fs::write(directory.path().join("b.wast"), spin).expect("a file");
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_gainsay"))
        .args(["wast", ".", "--case-time", "100s"])
        .current_dir(directory.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    let mut reader = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
    let mut shown = String::new();
    while !shown.contains("a.wast") {
        let read = std::io::BufRead::read_line(&mut reader, &mut shown).expect("text");
        assert!(read > 0, "{shown}");
    }
    child.kill().expect("it runs");
    child.wait().expect("it has ended");
}

#[test]
fn every_engine_with_64_bit_tables_is_offered_one() {
    let script = r#"(module (import "spectest" "table64" (table i64 0 funcref))
        (func (export "size") (result i64) table.size))
        (assert_return (invoke "size") (i64.const 10))
        (assert_unlinkable (module (import "spectest" "table64" (table i64 12 funcref))) "")"#;
    for engine in ["reference", "wasmi", "wasmtime", "wasmtime-winch", "wasmtime-pulley"] {
        let (file, _) = wast(script, &["--engine", engine]);
        let [passed, failed, skipped, _] = counts(&file);
        assert_eq!((failed, passed + skipped >= 2), (0, true), "{engine}: {file}");
    }
    assert_eq!(counts(&wast(script, &["--engine", "wasmtime-winch"]).0)[1], 0);
}

#[test]
fn scripts_of_other_projects_are_taken_as_they_are_meant() {
    let script = r#"(module $a (func (export "f") (result i32) (i32.const 1)))
        (module (import "a" "f" (func $f (result i32))) (import "wasmtime" "gc" (func $gc))
          (func (export "g") (result i32) (call $gc) (call $f)))
        (assert_return (invoke "g") (i32.const 1))"#;
    assert_eq!(counts(&wast(script, &[]).0), [0, 2, 0, 0]);
    assert_eq!(counts(&wast(script, &["--dialect", "wasmtime"]).0), [1, 0, 0, 0]);
    let lost = r#";;! gc = true
        (module $b (type $f (func)) (type $c (cont $f)) (func (param (ref $c))))
        (module (import "b" "f" (func)))"#;
    assert_eq!(counts(&wast(lost, &[]).0), [0, 0, 2, 0]);
    let nans = ";;! nan_canonicalization = true\n(module)\n(invoke \"f\")";
    assert_eq!(counts(&wast(nans, &[]).0), [0, 0, 2, 0]);
    let simd = ";; RUN: wast % -f=-simd\n(assert_invalid (module (func (param v128))) \"\")\n";
    assert_eq!(counts(&wast(simd, &[]).0), [1, 0, 0, 0]);
    assert_eq!(counts(&wast(simd, &["--dialect", "spec"]).0), [0, 1, 0, 0]);
}

#[test]
fn a_language_holds_for_scripts() {
    let script = r#"(assert_invalid (module (memory 1) (memory 1)) "multiple memories")"#;
    assert_eq!(wast(script, &[]).1, 2);
    assert_eq!(wast(script, &["--language", "2.0"]).1, 0);
    assert_eq!(wast(script, &["--features=-multi-memory", "--engine", "wasmi"]).1, 0);
}

#[test]
fn any_trap_will_do_if_messages_are_ignored() {
    let script = r#"(module (func (export "f") unreachable))
        (assert_trap (invoke "f") "unreachable executed")
        (assert_trap (invoke "f") "my own words")"#;
    assert_eq!(counts(&wast(script, &[]).0), [1, 1, 0, 0]);
    assert_eq!(counts(&wast(script, &["--ignore-messages"]).0), [2, 0, 0, 0]);
}

#[test]
fn a_script_that_is_too_large_is_refused() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("a.wast"), " ".repeat(1 << 21)).expect("a file");
    let output = gainsay_in(directory.path(), &["wast", "a.wast", "--script-size", "1"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("larger than 1 MiB"), "{}", stderr(&output));
}

#[test]
fn results_that_cannot_be_written_are_a_fault() {
    let full = Path::new("/dev/full");
    if !full.exists() {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("a.wast"), "(module)").expect("a file");
    std::fs::write(directory.path().join("a.wat"), "(module)").expect("a file");
    for arguments in [
        &["wast", "a.wast"][..],
        &["wast", "a.wast", "--format", "json"],
        &["validate", "a.wat"],
        &["engines"],
        &["replay", "a.wast"],
        &["completions", "bash"],
        &["--help"],
        &["man"],
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_gainsay"))
            .args(arguments)
            .current_dir(directory.path())
            .stdout(std::fs::OpenOptions::new().write(true).open(full).expect("a device"))
            .stderr(std::process::Stdio::piped())
            .output()
            .expect("the binary can be started");
        assert_eq!(code(&output), 70, "{arguments:?} {}", stderr(&output));
        assert!(stderr(&output).contains("cannot be written"), "{}", stderr(&output));
    }
}

#[test]
fn validation_names_the_kind_and_the_place() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let write = |name: &str, contents: &[u8]| {
        std::fs::write(directory.path().join(name), contents).expect("a file");
    };
    write("valid.wat", b"(module (func (result i32) (i32.const 1)))");
    write("invalid.wat", b"(module (func (result i32)))");
    write("malformed.wasm", b"\0asm\x01\0\0\0\x01");
    write("text.wat", b"(modul)");
    write("component.wat", b"(component)");
    write("simd.wat", b"(module (func (param v128)))");
    let validate = |arguments: &[&str]| {
        let output = gainsay_in(directory.path(), &[&["validate"], arguments].concat());
        (code(&output), stdout(&output))
    };
    assert_eq!(validate(&["valid.wat"]), (0, "valid.wat: valid on reference\n".to_owned()));
    for (name, verdict, expected) in [
        ("invalid.wat", "invalid on reference: type mismatch", 2),
        ("malformed.wasm", "malformed on reference: ", 2),
        ("text.wat", "malformed on reference: ", 2),
        ("component.wat", "component on reference: ", 3),
        ("simd.wat", "valid on reference", 0),
    ] {
        let (code, text) = validate(&[name]);
        assert_eq!(code, expected, "{text}");
        assert!(text.starts_with(&format!("{name}: {verdict}")), "{text}");
    }
    let (code, text) = validate(&["simd.wat", "--language", "1.0"]);
    assert!(code == 2 && text.contains("at byte"), "{text}");
    let (code, text) =
        validate(&["invalid.wat", "valid.wat", "--engine", "all", "--format", "json"]);
    assert_eq!(code, 2);
    let report: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(report["files"].as_array().expect("a list").len(), 2);
    for result in report["files"][1]["results"].as_array().expect("a list") {
        assert_eq!((&result["verdict"], &result["message"]), (&"valid".into(), &Value::Null));
    }
    let first = &report["files"][0]["results"];
    assert_eq!(
        (&first[0]["verdict"], &first[1]["verdict"]),
        (&"invalid".into(), &"rejected".into())
    );
}

#[test]
fn what_is_wrong_with_a_text_is_told_with_its_place() {
    let script =
        "(module)\n(assert_return (invoke \"f\"\n   nonsense))\n(module (func (call $gone)))";
    let (file, code) = wast(script, &[]);
    assert_eq!((counts(&file), code), ([0, 2, 0, 0], 2), "{file}");
    let failures = file["failures"].as_array().expect("a list");
    let message = |at: usize| failures[at]["message"].as_str().expect("a text");
    assert!(message(0).contains("(line 3, column 4)"), "{}", message(0));
    assert!(message(1).contains("(line 4, column 21)"), "{}", message(1));
}

#[test]
fn reasons_are_told_as_they_are() {
    let script = "(module (memory 0x1_0001 (pagesize 1)) (func $f (param v128)))\n\
        (assert_malformed_custom (module quote \"(@custom)\") \"\")\n\
        (module (type $f (func)) (type $c (cont $f)) (func (param (ref $c))))";
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("a.wast"), script).expect("a file");
    let deep: String =
        (1..=64).map(|at| format!("(type $t{at} (sub $t{} (struct)))", at - 1)).collect();
    let types = format!("(module (type $t0 (sub (struct))) {deep})");
    std::fs::write(directory.path().join("b.wast"), types).expect("a file");
    let text = stdout(&gainsay_in(directory.path(), &["wast", "."]));
    assert!(
        text.contains("1 skipped: needs stack-switching") && text.contains("a.wast:3"),
        "{text}"
    );
    assert!(text.contains("type 64 extends more than 63 others"), "{text}");
    assert!(!text.contains('#'), "{text}");
}

#[test]
fn a_binary_that_is_malformed_and_invalid_may_be_asserted_as_either() {
    // A body that leaves a value, and another one that ends in the middle of a block.
    let binary = r#"(module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\03\02\00\00"
        "\0a\0b\02\04\00\41\00\0b\04\00\02\40\0b")"#;
    for assertion in ["assert_malformed", "assert_invalid"] {
        let (file, code) = wast(&format!("({assertion} {binary} \"\")"), &[]);
        assert_eq!((counts(&file), code, &file["untold"]), ([1, 0, 0, 0], 0, &0.into()), "{file}");
    }
    // One that is only invalid.
    let (file, code) = wast("(assert_malformed (module (func i32.add)) \"\")", &[]);
    assert_eq!((counts(&file), code), ([0, 1, 0, 0], 2), "{file}");
}

#[test]
fn a_name_of_any_length_does_not_fill_the_report() {
    let name = "n".repeat(100_000);
    let script = format!("(module (import \"{name}\" \"{name}\" (func)))");
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("a.wast"), &script).expect("a file");
    std::fs::write(directory.path().join("a.wat"), &script).expect("a file");
    for arguments in [&["wast", "a.wast"][..], &["run", "a.wat"]] {
        let output = gainsay_in(directory.path(), arguments);
        let shown = stdout(&output) + &stderr(&output);
        assert!(shown.len() < 4_000, "{arguments:?}: {} bytes", shown.len());
    }
}
