//! What people are used to from other tools: short options, numbers, lists, pipes, quiet.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::common::{code, gainsay_in, gainsay_with, root, stderr, stdout};
use serde_json::Value;
use tempfile::TempDir;

fn with(name: &str, contents: impl AsRef<[u8]>) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    fs::write(directory.path().join(name), contents).expect("a file");
    directory
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {} {}", stdout(output), stderr(output)))
}

#[test]
fn quiet_leaves_the_results_and_verbose_names_each_file() {
    let directory = with("a.wast", "(module $m (func (export \"f\"))) (invoke $m \"f\")");
    let hunt = ["hunt", "--seed", "0x1", "--cases", "0_002", "-j", "1", "--no-canary"];
    let more = ["--engines", "reference, wasmi", "--out", "c", "-q"];
    let output = gainsay_in(directory.path(), &[&hunt[..], &more].concat());
    assert!([0, 2].contains(&code(&output)), "{}", stderr(&output));
    assert_eq!(stderr(&output), "");
    assert!(stdout(&output).starts_with("seed 1, shard 1/1: 2 cases"), "{}", stdout(&output));
    let replay = ["replay", "a.wast", "--engines", "reference,wasmi"];
    let usual = stdout(&gainsay_in(directory.path(), &replay));
    assert!(!usual.contains("a.wast"), "{usual}");
    let verbose = stdout(&gainsay_in(directory.path(), &[&replay[..], &["-v"]].concat()));
    assert!(verbose.starts_with("a.wast: agreed\n"), "{verbose}");
    let error = gainsay_in(directory.path(), &["replay", "missing.wast", "--quiet"]);
    assert_eq!((code(&error), stderr(&error).contains("missing.wast")), (1, true));
}

#[test]
fn engines_are_left_out_by_name_and_by_implementation() {
    let directory = with("a.wast", "(module)");
    let engines = |options: &[&str]| -> Vec<String> {
        let arguments = [&["wast", "a.wast", "--format", "json"], options].concat();
        let report = json(&gainsay_in(directory.path(), &arguments));
        let list = report["engines"].as_array().expect("several engines");
        list.iter().map(|it| it["engine"].as_str().expect("an id").to_owned()).collect()
    };
    let few = ["reference", "wasmi-eager", "wasmi-lazy"];
    assert_eq!(engines(&["--engine", "all,-wasmtime"]), few);
    assert_eq!(engines(&["-x", "wasmtime"]), few);
    assert_eq!(engines(&["--engines", "reference, wasmi"]), few[..2]);
    assert_eq!(engines(&["--engine", "all, -wasmtime", "--exclude", "wasmi-lazy"]), few[..2]);
    for arguments in [
        &["wast", "a.wast", "--engine", "wasmi,wasmi"][..],
        &["replay", "a.wast", "--engines", "wasmi", "-x", "wasmi"],
        &["hunt", "--engines", "wasmtime,wasmtime"],
    ] {
        let output = gainsay_in(directory.path(), arguments);
        assert_eq!(code(&output), 1, "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).starts_with("error: "), "{}", stderr(&output));
    }
}

#[test]
fn a_seed_and_a_time_may_be_written_in_several_ways() {
    let directory = with("m.wat", "(module)");
    let case = |seed: &str, index: &str| {
        let arguments = ["case", "--seed", seed, "--index", index, "--engines", "reference,wasmi"];
        let output = gainsay_in(directory.path(), &arguments);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        stdout(&output)
    };
    assert_eq!(case("0x3e8", "1_0"), case("1k", "10"));
    for time in ["500ms", "1.5s", "0x", "0s", "1.5 parsecs"] {
        let output = gainsay_in(directory.path(), &["validate", "m.wat", "--case-time", time]);
        let is_good = ["500ms", "1.5s"].contains(&time);
        assert_eq!(code(&output), i32::from(!is_good), "{time}: {}", stderr(&output));
    }
}

#[test]
fn help_fits_a_narrow_terminal() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for command in ["hunt", "replay", "run", "wast", "validate", "engines", "adopt", "record"] {
        let arguments = [command, "--help"];
        let output = gainsay_with(directory.path(), &arguments, &[("COLUMNS", "60")]);
        let help = stdout(&output);
        let long: Vec<&str> = help.lines().filter(|line| line.chars().count() > 60).collect();
        assert!(long.is_empty(), "{command}: {long:#?}");
    }
}

#[test]
fn every_command_that_a_user_may_need_is_in_the_help_and_has_a_page() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let help = stdout(&gainsay_in(directory.path(), &["--help"]));
    assert_eq!(code(&gainsay_in(directory.path(), &["man", "--out", "pages"])), 0);
    for command in ["adopt", "record", "case", "replay"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command} in {help}");
        assert!(directory.path().join(format!("pages/gainsay-{command}.1")).exists(), "{command}");
    }
}

#[test]
fn errors_are_json_for_programs() {
    let directory = with("m.wat", "(module)");
    for (arguments, exit_code) in [
        (&["run", "missing.wasm", "--format", "json"][..], 1),
        (&["run", "m.wat", "--format", "json"], 4),
        (&["hunt", "--format", "json", "--nonsense"], 1),
        (&["wast", "m.wat", "--engine", "v9", "--format=json"], 5),
    ] {
        let output = gainsay_in(directory.path(), arguments);
        assert_eq!(code(&output), exit_code, "{}", stderr(&output));
        let error = &json(&output)["error"];
        assert_eq!(error["exit_code"], exit_code, "{error}");
        let message = error["message"].as_str().expect("a text");
        assert!(!message.is_empty() && !message.starts_with("error"), "{message}");
    }
}

#[test]
fn an_option_of_another_tool_is_told_what_it_is_called_here() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (arguments, here) in [
        (["wast", "--timeout=3"], "--case-time"),
        (["hunt", "--threads"], "--jobs"),
        (["replay", "--skip"], "--exclude"),
    ] {
        let output = gainsay_in(directory.path(), &arguments);
        assert_eq!(code(&output), 1);
        assert!(
            stderr(&output).contains(&format!("tip: here it is {here}")),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn what_is_listed_can_be_filtered_and_what_is_unknown_is_refused() {
    let engines = json(&gainsay_in(&root(), &["engines", "wasmi", "canary", "--format", "json"]));
    let ids: Vec<&str> = engines["engines"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|engine| engine["id"].as_str().expect("an id"))
        .collect();
    assert_eq!(ids, ["wasmi-eager", "wasmi-lazy", "canary"]);
    let models = json(&gainsay_in(&root(), &["models", "R4", "--list", "--format", "json"]));
    let models = models["models"].as_array().expect("a list");
    assert!(!models.is_empty() && models.iter().all(|model| model["report"] == "R4"));
    let reports = json(&gainsay_in(&root(), &["reports", "r4", "--format", "json"]));
    assert_eq!(reports["reports"].as_array().expect("a list").len(), 1);
    for (arguments, exit_code, there) in [
        (&["engines", "v9"][..], 5, "wasmtime-winch"),
        (&["models", "nope", "--list"], 1, "nope"),
        (&["reports", "R99"], 1, "R4"),
        (&["bench", "nope"], 1, "instance_memory"),
        (&["bench", "--runs", "0"], 1, "1 or more"),
    ] {
        let output = gainsay_in(&root(), arguments);
        assert_eq!(code(&output), exit_code, "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(there), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_directory_with_files_in_it_is_not_recorded_into() {
    let directory = with("kept.wast", "(module)");
    let output = gainsay_in(directory.path(), &["record", "--cases", "1", "--out", "."]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("not empty"), "{}", stderr(&output));
}

#[test]
fn bytes_that_are_not_a_case_are_not_taken_for_one() {
    let directory = with("README", "What lies here is text.\n");
    fs::write(directory.path().join("module"), b"\0asm\x01\0\0\0").expect("a file");
    fs::write(directory.path().join("empty"), b"").expect("a file");
    for (name, reason) in [("README", "text"), ("module", "a module"), ("empty", "empty")] {
        let output = gainsay_in(directory.path(), &["adopt", name, "--target", "differential"]);
        assert_eq!(code(&output), 1, "{name}");
        assert!(stderr(&output).contains(reason), "{}", stderr(&output));
    }
    let arguments = ["hunt", "--from", ".", "--cases", "1", "--seed", "1", "--out", "c"];
    let output = gainsay_in(directory.path(), &arguments);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stderr(&output).contains("--from found no case"), "{}", stderr(&output));
}

fn piped(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gainsay"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.as_bytes()).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

#[test]
fn a_module_and_a_script_may_come_through_a_pipe() {
    let module = "(module (func (export \"f\") (result i32) (i32.const 7)))";
    let output = piped(&["run", "-", "--invoke", "f"], module);
    assert_eq!((code(&output), stdout(&output)), (0, "7\n".to_owned()), "{}", stderr(&output));
    assert_eq!(code(&piped(&["validate", "-"], module)), 0);
    let script = format!("{module} (assert_return (invoke \"f\") (i32.const 8))");
    let output = piped(&["wast", "-", "--engine", "reference,wasmi"], &script);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert_eq!(stdout(&output).matches("-:1: expected (i32.const 8)").count(), 2);
}

#[test]
fn a_module_with_nothing_but_a_long_name_is_nothing_run() {
    for length in [3, 200_000] {
        let name = "n".repeat(length);
        let directory = with("m.wat", format!("(module (func (export \"{name}\")))"));
        let output = gainsay_in(directory.path(), &["run", "m.wat"]);
        assert_eq!(code(&output), 4, "{length}: {}", stderr(&output));
        assert!(stderr(&output).contains("nothing to call"), "{}", stderr(&output));
    }
}

fn run(directory: &Path, engine: &str, arguments: &[&str]) -> Output {
    gainsay_in(directory, &[&["run", "m.wat", "--engine", engine], arguments].concat())
}

#[test]
fn the_suites_module_is_there_and_functions_that_trap_on_request() {
    let text = r#"(module
        (import "spectest" "global_i32" (global $g i32))
        (import "env" "log" (func $log (param i32 f64) (result i64)))
        (func (export "get") (result i32) (global.get $g))
        (func (export "log") (drop (call $log (i32.const 1) (f64.const 2)))))"#;
    let directory = with("m.wat", text);
    for engine in ["reference", "wasmi", "wasmtime"] {
        let output = run(directory.path(), engine, &["--invoke", "get"]);
        assert_eq!(code(&output), 1, "{engine}");
        assert!(stderr(&output).contains("--trap-unknown-imports"), "{}", stderr(&output));
        let output = run(directory.path(), engine, &["--trap-unknown-imports", "--invoke", "get"]);
        assert_eq!((code(&output), stdout(&output)), (0, "666\n".to_owned()), "{engine}");
        let output = run(directory.path(), engine, &["--trap-unknown-imports", "--invoke", "log"]);
        let message = stderr(&output);
        assert_eq!(code(&output), 2, "{engine}: {message}");
        assert!(
            message.starts_with("trapped on ") && message.contains("env.log was called"),
            "{message}"
        );
    }
}

#[test]
fn wasi_on_another_engine_is_refused_with_the_reason() {
    let text = r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
        (memory (export "memory") 1) (func (export "_start")))"#;
    let directory = with("m.wat", text);
    let output = run(directory.path(), "wasmi", &[]);
    assert_eq!(code(&output), 1);
    assert!(
        stderr(&output).contains("WASI programs run only on the reference"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn an_engine_that_cannot_switch_a_proposal_off_is_held_to_the_language_all_the_same() {
    let text = "(module (func (export \"f\") (result i32) (i32.extend8_s (i32.const 255))))";
    let directory = with("m.wat", text);
    for engine in ["reference", "wasmi", "wasmtime", "wasmtime-winch"] {
        let output = run(directory.path(), engine, &["--invoke", "f"]);
        assert_eq!((code(&output), stdout(&output)), (0, "-1\n".to_owned()), "{engine}");
        let output = run(directory.path(), engine, &["--language", "1.0", "--invoke", "f"]);
        assert_eq!(code(&output), 1, "{engine}: {}", stderr(&output));
    }
    let output =
        run(directory.path(), "wasmtime", &["--features=-sign-extension-ops", "--invoke", "f"]);
    assert!(stderr(&output).contains("cannot switch it off"), "{}", stderr(&output));
}

/// The address space that is left is enough to start, and not for what the module wants.
#[cfg(target_os = "linux")]
#[test]
fn memory_that_the_user_does_not_grant_is_a_limit() {
    let memories = "(memory 16384)".repeat(20);
    let fill: String = (0..20)
        .map(|at| format!("(memory.fill {at} (i32.const 0) (i32.const 1) (i32.const 0x3fffffff))"))
        .collect();
    let directory = with("m.wat", format!("(module {memories} (func (export \"f\") {fill}))"));
    let command = format!(
        "ulimit -v 1500000; exec {} run m.wat --invoke f --worker-memory 100000",
        env!("CARGO_BIN_EXE_gainsay")
    );
    let output = Command::new("sh")
        .args(["-c", &command])
        .current_dir(directory.path())
        .output()
        .expect("a shell");
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert!(stderr(&output).starts_with("limit on reference"), "{}", stderr(&output));
}
