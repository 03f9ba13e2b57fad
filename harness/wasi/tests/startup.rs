//! What a program is started with, what it writes and how it exits.

use gainsay_host::process::ProcessExit;
use gainsay_wasi::WasiBuilder;

/// Writes its arguments, or its environment, as they lie in memory, and exits with how
/// many there are.
const ECHO: &str = r#"(module
    (import "wasi_snapshot_preview1" "WHAT_sizes_get"
        (func $sizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "WHAT_get" (func $get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write"
        (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start")
        (drop (call $sizes (i32.const 0) (i32.const 8)))
        (drop (call $get (i32.const 100) (i32.const 1000)))
        (i32.store (i32.const 4) (i32.load (i32.const 100)))
        (drop (call $fd_write (i32.const 1) (i32.const 4) (i32.const 1) (i32.const 16)))
        (call $proc_exit (i32.load (i32.const 0)))))"#;

#[test]
fn a_program_sees_its_arguments() {
    let builder = WasiBuilder::new().arg("hello").args(["", "wörld"]);
    let ended = crate::common::run(&ECHO.replace("WHAT", "args"), builder);
    assert_eq!(ended.exit, ProcessExit::Exited(3));
    assert_eq!(ended.stdout, "hello\0\0wörld\0");
}

#[test]
fn a_program_sees_its_environment() {
    let builder = WasiBuilder::new().env("A", "1").env("B", "x=y");
    let ended = crate::common::run(&ECHO.replace("WHAT", "environ"), builder);
    assert_eq!(ended.exit, ProcessExit::Exited(2));
    assert_eq!(ended.stdout, "A=1\0B=x=y\0");
}

#[test]
fn only_granted_directories_exist() {
    for what in ["args", "environ"] {
        let ended = crate::common::run(&ECHO.replace("WHAT", what), WasiBuilder::new());
        assert_eq!((ended.exit, ended.stdout.as_str()), (ProcessExit::Exited(0), ""), "{what}");
    }
}

#[test]
fn strings_that_no_guest_can_be_given_are_refused() {
    assert!(WasiBuilder::new().arg("a\0b").build().is_err());
    assert!(WasiBuilder::new().env("A=B", "").build().is_err());
    assert!(WasiBuilder::new().env("A", "\0").build().is_err());
    let error = WasiBuilder::new().preopen("no such directory", "/").build().unwrap_err();
    assert!(error.to_string().contains("no such directory"), "{error}");
}
