//! Programs in C, compiled when the test runs, with the library that real programs use.
//! Debian has what that needs: clang, lld, wasi-libc and libclang-rt-dev-wasm32.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common;
use gainsay_wasi::{Input, WasiBuilder};

/// The programs, beside this file, each of which says what went wrong and returns 0 if
/// nothing did.
const PROGRAMS: [&str; 4] = ["streams", "files", "directories", "time"];

/// Compile a program; `None` if there is no compiler for it.
fn compile(name: &str, into: &Path) -> Option<Vec<u8>> {
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/c/{name}.c"));
    let binary = into.join(name);
    let output = Command::new("clang")
        .args(["--target=wasm32-wasi", "--sysroot=/usr", "-O1", "-Wall", "-Werror", "-o"])
        .args([&binary, &source])
        .output()
        .ok()?;
    if output.status.success() {
        return Some(std::fs::read(binary).expect("a compiled program"));
    }
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    // Neither the library nor the linker is part of the compiler.
    let lacks = ["file not found", "wasm-ld", "cannot open crt1", "cannot open /usr"];
    assert!(lacks.iter().any(|lack| message.contains(lack)), "{name}.c: {message}");
    None
}

#[test]
fn programs_in_c_find_what_they_expect() {
    let mut ran = 0;
    for name in PROGRAMS {
        let host = tempfile::tempdir().unwrap();
        let Some(binary) = compile(name, host.path()) else { continue };
        let given = host.path().join("given");
        std::fs::create_dir(&given).unwrap();
        let builder = WasiBuilder::new()
            .args([name, "an argument"])
            .env("VARIABLE", "its value")
            .stdin(Input::Bytes(b"first line\nsecond line\n".to_vec()))
            .preopen(given, "/given");
        let ended = common::run_binary(&binary, builder);
        assert_eq!(ended.exit.status(), 0, "{name}.c: {}", ended.stdout);
        assert_eq!(ended.stdout.lines().last(), Some("all is well"), "{name}.c");
        ran += 1;
    }
    println!("{ran} of {} programs in C ran", PROGRAMS.len());
    if ran == 0 {
        // Seen without --nocapture, too.
        let lacking = "NO PROGRAM IN C RAN (0 of 4): there is no clang with wasi-libc here\n";
        std::io::Write::write_all(&mut std::io::stderr(), lacking.as_bytes()).unwrap();
    }
    assert!(ran == 0 || ran == PROGRAMS.len(), "{ran} of {}", PROGRAMS.len());
}
