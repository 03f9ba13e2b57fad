//! Scripts whose threads are real ones.

mod script;

use std::fs;
use std::path::{Path, PathBuf};

use gainsay_runtime::{Config, Limits};
use script::Tally;

/// Enough for a thread that waits to be notified on a busy machine.
const WAIT_NS_MAX: u64 = 60_000_000_000;

/// Scripts of the crate `wasm-tools` 1.263.0 whose last check reads one local where it
/// means the other, so that it forbids an outcome which it says is allowed.
const MISPRINTED: [&str; 3] = ["LB.wast", "MP.wast", "SB.wast"];

fn config() -> Config {
    let limits = Limits { wait_ns_max: WAIT_NS_MAX, ..Limits::default() };
    Config { limits, ..Config::default() }
}

/// The scripts of a directory, by name.
fn scripts(directory: &Path) -> Vec<(String, String)> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "wast"))
        .collect();
    paths.sort();
    let script = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(path).unwrap())
    };
    paths.into_iter().map(script).collect()
}

fn run(scripts: &[(String, String)], times: usize) -> Tally {
    let mut tally = Tally::default();
    for _ in 0..times {
        for (name, text) in scripts {
            script::run(name, text, &config(), &mut tally);
        }
    }
    println!(
        "{} scripts, {times} times each: {} threads, {} passed, {} failed",
        scripts.len(),
        tally.threads,
        tally.passed,
        tally.failed.len()
    );
    tally
}

#[test]
fn no_thread_sees_what_the_memory_model_forbids() {
    let scripts = scripts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/litmus"));
    assert_eq!(scripts.len(), 8);
    let tally = run(&scripts, 10);
    assert_eq!(tally.failed, Vec::<String>::new());
    assert_eq!(tally.threads, 160);
}

/// Where cargo has put the sources of a crate, if it has.
fn sources(name: &str) -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))?;
    let registries = fs::read_dir(home.join("registry/src")).ok()?;
    registries.flatten().map(|entry| entry.path().join(name)).find(|path| path.is_dir())
}

/// No other crate needs that one, so that it may not be there: then the scripts are as
/// many as none, which is said.
#[test]
fn the_scripts_that_come_with_wasm_tools_pass_where_they_are() {
    let Some(sources) = sources("wasm-tools-1.263.0") else {
        println!("0 scripts: the sources of wasm-tools 1.263.0 are not here");
        return;
    };
    let mut scripts = scripts(&sources.join("tests/cli/upstream-threads"));
    assert_eq!(scripts.len(), 8);
    for (name, text) in &mut scripts {
        let mended = mend(text);
        assert_eq!(mended != *text, MISPRINTED.contains(&name.as_str()), "{name}");
        *text = mended;
    }
    let tally = run(&scripts, 20);
    assert_eq!(tally.failed, Vec::<String>::new());
    assert_eq!(tally.threads, 320);
}

/// `a or b` about the second local, where `b` is about the first.
fn mend(text: &str) -> String {
    let line = |line: &str| match line.trim_start().starts_with("(i32.or (i32.eq (local.get 1)") {
        true => line.replace("(local.get 0)", "(local.get 1)"),
        false => line.to_owned(),
    };
    text.split_inclusive('\n').map(line).collect()
}

/// A script that must fail, and how.
fn fails(text: &str, message: &str) {
    let mut tally = Tally::default();
    script::run("script", text, &config(), &mut tally);
    assert!(tally.failed.iter().any(|line| line.contains(message)), "{:?}", tally.failed);
}

#[test]
fn a_failure_in_a_thread_fails_the_script() {
    const MEMORY: &str = r#"(module $Mem (memory (export "shared") 1 1 shared))"#;
    fails(
        &format!(
            r#"{MEMORY} (thread $T (shared (module $Mem))
            (module (func (export "f") (result i32) (i32.const 1)))
            (assert_return (invoke "f") (i32.const 2)))
            (wait $T)"#
        ),
        "wanted",
    );
    fails(&format!("{MEMORY} (thread $T (shared (module $Mem)))"), "nobody waited");
    fails("(module) (thread $T (shared (module $Mem)))", "no instance");
    fails("(module) (wait $T)", "there is no thread");
    let own = r#"(module $Mem (memory (export "own") 1 1))
        (thread $T (shared (module $Mem))
          (register "mem" $Mem)
          (module (memory (import "mem" "own") 1 1)))
        (wait $T)"#;
    fails(own, "unknown import");
}
