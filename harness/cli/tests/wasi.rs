//! `gainsay run` of WASI commands: what they are given and how they end.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::common::{code, gainsay_in, stderr, stdout};
use serde_json::Value;
use tempfile::TempDir;

/// Writes the bytes at an address to a stream.
const WRITE: &str = r#"
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (func $write (param $fd i32) (param $at i32) (param $length i32)
    (i32.store (i32.const 0) (local.get $at))
    (i32.store (i32.const 4) (local.get $length))
    (if (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))
      (then unreachable)))"#;

fn module(imports: &str, start: &str) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let text = format!("(module {imports} {WRITE} {start})");
    std::fs::write(directory.path().join("m.wat"), text).expect("a file");
    directory
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    gainsay_in(directory, &[&["run"], arguments].concat())
}

const HELLO: &str = r#"(data (i32.const 16) "hello\n")
  (func (export "_start") (call $write (i32.const 1) (i32.const 16) (i32.const 6))
    (call $write (i32.const 2) (i32.const 16) (i32.const 2)))"#;

#[test]
fn the_output_of_a_command_is_written() {
    let directory = module("", HELLO);
    let output = run(directory.path(), &["m.wat"]);
    assert_eq!(
        (code(&output), stdout(&output), stderr(&output)),
        (0, "hello\n".into(), "he".into())
    );
}

#[test]
fn the_json_form_has_what_a_command_wrote() {
    let directory = module("", HELLO);
    let output = run(directory.path(), &["--format", "json", "m.wat"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&report["stdout"], &report["stderr"]), (&"hello\n".into(), &"he".into()));
    assert_eq!((&report["status"], &report["exit_status"]), (&"returned".into(), &0.into()));
    assert_eq!(stderr(&output), "");
}

#[test]
fn the_status_of_a_command_is_passed_on() {
    for (status, expected) in [(0, 0), (1, 1), (77, 77), (255, 255), (256, 255), (u32::MAX, 255)] {
        let start = format!(r#"(func (export "_start") (call $proc_exit (i32.const {status})))"#);
        let output = run(module("", &start).path(), &["m.wat"]);
        assert_eq!(code(&output), expected, "{status}: {}", stderr(&output));
    }
}

#[test]
fn a_trap_in_a_command_is_named_and_ends_with_134() {
    let directory = module("", r#"(func (export "_start") unreachable)"#);
    let output = run(directory.path(), &["m.wat"]);
    assert_eq!(code(&output), 134);
    let message = "trapped on reference: the main thread failed: unreachable\n";
    assert_eq!(stderr(&output), message);
}

#[test]
fn arguments_and_variables_are_the_commands() {
    for what in ["args", "environ"] {
        let imports = format!(
            r#"(import "wasi_snapshot_preview1" "{what}_sizes_get"
                (func $sizes (param i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "{what}_get"
                (func $get (param i32 i32) (result i32)))"#
        );
        let start = r#"(func (export "_start")
            (drop (call $sizes (i32.const 64) (i32.const 68)))
            (drop (call $get (i32.const 100) (i32.const 1000)))
            (call $write (i32.const 1) (i32.const 1000) (i32.load (i32.const 68)))
            (call $proc_exit (i32.load (i32.const 64))))"#;
        let directory = module(&imports, start);
        let options = ["--env", "A=1", "--env", "B=", "m.wat", "--", "--flag", "-1"];
        let output = run(directory.path(), &options);
        let expected = if what == "args" { (3, "m.wat\0--flag\0-1\0") } else { (2, "A=1\0B=\0") };
        assert_eq!((code(&output), stdout(&output).as_str()), expected, "{}", stderr(&output));
    }
}

/// Exits with the error of opening `file` in descriptor 3.
const OPENS: &str = r#"(data (i32.const 16) "file")
  (func (export "_start") (call $proc_exit
    (call $path_open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 4) (i32.const 0)
      (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 64))))"#;

const PATH_OPEN: &str = r#"(import "wasi_snapshot_preview1" "path_open"
  (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))"#;

#[test]
fn a_command_has_the_directories_that_it_is_given_and_no_other() {
    let directory = module(PATH_OPEN, OPENS);
    std::fs::create_dir(directory.path().join("sub")).expect("a directory");
    std::fs::write(directory.path().join("file"), "").expect("a file");
    for (arguments, errno) in [
        (&["m.wat"][..], 8),
        (&["m.wat", "--dir", "."], 0),
        (&["--dir", ".::/guest", "m.wat"], 0),
        (&["--dir", "sub", "--dir", ".", "m.wat"], 44),
    ] {
        let output = run(directory.path(), arguments);
        assert_eq!(code(&output), errno, "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_command_with_threads_ends_with_all_of_them() {
    let text = r#"(module
      (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
      (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
      (import "env" "memory" (memory 1 1 shared))
      (export "memory" (memory 0))
      (func (export "wasi_thread_start") (param i32 i32) (call $proc_exit (i32.const 42)))
      (func (export "_start") (drop (call $spawn (i32.const 0))) (loop $forever (br $forever))))"#;
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("m.wat"), text).expect("a file");
    let output = run(directory.path(), &["m.wat"]);
    assert_eq!(code(&output), 42, "{}", stderr(&output));
}

/// A command that runs the binary so that SIGINT ends it, even where whoever started these
/// tests ignores SIGINT, which child processes inherit: a shell does so for a background job.
#[cfg(unix)]
fn interruptible() -> Command {
    let with_default = ["--default-signal=INT"];
    let is_known = Command::new("env").args(with_default).arg("true").output();
    if is_known.is_ok_and(|output| output.status.success()) {
        let mut command = Command::new("env");
        command.args(with_default).arg(env!("CARGO_BIN_EXE_gainsay"));
        return command;
    }
    Command::new(env!("CARGO_BIN_EXE_gainsay"))
}

#[cfg(unix)]
#[test]
fn a_command_that_waits_for_input_is_ended_by_an_interrupt() {
    let imports = r#"(import "wasi_snapshot_preview1" "fd_read"
        (func $fd_read (param i32 i32 i32 i32) (result i32)))"#;
    let start = r#"(data (i32.const 16) "ready\n")
      (func (export "_start") (call $write (i32.const 1) (i32.const 16) (i32.const 6))
        (i32.store (i32.const 0) (i32.const 64))
        (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (call $proc_exit (i32.load (i32.const 8))))"#;
    let directory = module(imports, start);
    for interrupted in [true, false] {
        let mut child = interruptible()
            .args(["run", "m.wat"])
            .current_dir(directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary can be started");
        let mut line = [0; 6];
        child.stdout.as_mut().expect("a pipe").read_exact(&mut line).expect("a line");
        if interrupted {
            let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
            assert!(kill.expect("kill can be started").success());
            let status = child.wait().expect("it ends");
            assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(2));
        } else {
            child.stdin.take().expect("a pipe").write_all(b"abc").expect("it reads");
            assert_eq!(child.wait().expect("it ends").code(), Some(3));
        }
    }
}

#[test]
fn an_impossible_run_is_refused_with_its_reason() {
    let directory = module(PATH_OPEN, OPENS);
    for (arguments, status, message) in [
        (
            &["m.wat", "--engine", "wasmtime"][..],
            1,
            "WASI programs run only on the reference: leave out --engine wasmtime",
        ),
        (&["m.wat", "--invoke", "_start"], 1, "runs from its _start"),
        (&["m.wat", "--dir", "nowhere"], 1, "cannot open the directory nowhere"),
    ] {
        let output = run(directory.path(), arguments);
        assert_eq!(code(&output), status, "{arguments:?}");
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
    }
    let unknown = r#"(import "env" "nobody" (func))"#;
    let output = run(module(unknown, HELLO).path(), &["m.wat"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("unlinkable") && stderr(&output).contains("nobody"));
    let reactor = run(module("", r#"(func (export "_initialize"))"#).path(), &["m.wat"]);
    assert_eq!(code(&reactor), 4, "{}", stderr(&reactor));
    assert!(stderr(&reactor).contains("_start"), "{}", stderr(&reactor));
}

#[test]
fn a_reactor_is_initialized_and_then_called() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let text = r#"(module
        (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
        (memory (export "memory") 1) (global $g (mut i32) (i32.const 0))
        (func (export "_initialize") (global.set $g (i32.const 5)))
        (func (export "get") (param i32) (result i32 f64)
          (i32.add (local.get 0) (i32.add (global.get $g) (call $yield))) (f64.const 0.5))
        (func (export "trap") unreachable))"#;
    std::fs::write(directory.path().join("m.wat"), text).expect("a file");
    let output = run(directory.path(), &["m.wat", "--invoke", "get", "2"]);
    assert_eq!((code(&output), stdout(&output)), (0, "7\n0.5\n".into()), "{}", stderr(&output));
    let output = run(directory.path(), &["--format", "json", "m.wat", "--invoke", "get", "2"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["values"], serde_json::json!(["7", "0.5"]));
    let output = run(directory.path(), &["m.wat", "--invoke", "trap"]);
    assert_eq!(code(&output), 134, "{}", stderr(&output));
    let output = run(directory.path(), &["m.wat"]);
    assert_eq!(code(&output), 4);
    assert!(stderr(&output).contains("\"get\""), "{}", stderr(&output));
}

#[test]
fn a_command_is_not_called_by_function() {
    let directory = module("", HELLO);
    let output = run(directory.path(), &["m.wat", "--invoke", "_start"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("leave out --invoke"), "{}", stderr(&output));
}

#[test]
fn threads_with_memories_of_their_own_are_refused() {
    let threads = r#"(import "wasi" "thread-spawn" (func (param i32) (result i32)))"#;
    let directory = module(threads, HELLO);
    let output = run(directory.path(), &["m.wat"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("a memory of its own"), "{}", stderr(&output));
}

#[test]
fn a_limit_of_a_wasi_program_ends_with_3() {
    let fill = r#"(memory $more 8192) (func (export "_start")
        (memory.fill $more (i32.const 0) (i32.const 1) (i32.const 0x1fff_ffff)))"#;
    let directory = module("", fill);
    let output = run(directory.path(), &["m.wat", "--memory", "0"]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert!(stderr(&output).starts_with("limit on reference"), "{}", stderr(&output));
    let spin = r#"(func (export "_start") (loop (br 0)))"#;
    let directory = module("", spin);
    let output = run(directory.path(), &["m.wat", "--time", "1s"]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert!(stderr(&output).contains("within 1s"), "{}", stderr(&output));
    let grow = r#"(memory $more 8192) (func (export "_start") (loop
        (memory.fill $more (i32.const 0) (i32.const 1) (i32.const 0x1fff_ffff)) (br 0)))"#;
    let directory = module("", grow);
    let output = run(directory.path(), &["m.wat", "--worker-memory", "200"]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert!(stderr(&output).contains("more than 200 MiB"), "{}", stderr(&output));
}
