//! The invariants of ARCHITECTURE.md that a machine can check.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::root;
use gainsay_engines::registry;
use serde_json::Value;

/// Direct dependencies per crate of the workspace: normal and build, not those of tests,
/// nor the model checkers that stand in for the standard library where a `cfg` asks.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--offline", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    packages.iter().map(|package| (name(package), direct(package))).collect()
}

fn direct(package: &Value) -> BTreeSet<String> {
    let dependencies = package["dependencies"].as_array().expect("dependencies");
    let models = ["cfg(loom)", "cfg(shuttle)"];
    let ships = |dependency: &&Value| {
        let only_for = dependency["target"].as_str().unwrap_or_default();
        dependency["kind"] != "dev" && !models.contains(&only_for)
    };
    dependencies.iter().filter(ships).map(name).collect()
}

fn name(value: &Value) -> String {
    value["name"].as_str().expect("a name").to_owned()
}

/// Everything of the workspace that a crate is built from, and what that names directly.
fn reachable(from: &str) -> BTreeSet<String> {
    let all = dependencies();
    let mut seen = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(next) = open.pop() {
        for dependency in all.get(&next).into_iter().flatten() {
            if seen.insert(dependency.clone()) {
                open.push(dependency.clone());
            }
        }
    }
    seen
}

/// The Rust files below a directory of the project, by their path in it; not the
/// `tests.rs` of a module.
pub fn sources(directory: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&root().join(directory), &mut found);
    assert!(!found.is_empty(), "{directory} has no sources");
    let relative = |path: &Path| path.strip_prefix(root()).unwrap_or(path).display().to_string();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source can be read");
        (relative(&path), text)
    };
    found.into_iter().map(read).collect()
}

fn collect(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a directory of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("tests.rs")
        {
            found.push(path);
        }
    }
}

/// The lines of production code: no comments, nothing from the unit tests on.
pub fn code(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = source.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    lines
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
        .filter(|(_, line)| !line.starts_with("//"))
}

/// Every line of production code below `directory` that contains one of `words`.
fn uses(directory: &str, words: &[String], allowed: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, source) in sources(directory) {
        if allowed.contains(&path.as_str()) {
            continue;
        }
        for (number, line) in code(&source) {
            if words.iter().any(|word| line.contains(word.as_str())) {
                found.push(format!("{path}:{number}: {line}"));
            }
        }
    }
    found
}

fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).into()
}

/// The directories of the crates in `harness/`.
pub const PACKAGES: [&str; 21] = [
    "runtime",
    "case",
    "script",
    "engines",
    "generate",
    "oracle",
    "host",
    "wasi",
    "models",
    "lifecycle",
    "backends",
    "reduce",
    "findings",
    "protocol",
    "supervisor",
    "worker",
    "contract",
    "campaign",
    "bench",
    "fuzzing",
    "cli",
];

/// The block of ARCHITECTURE.md that names each crate with those it depends on.
#[test]
fn the_graph_of_crates_in_the_architecture_page_is_the_one_that_cargo_knows() {
    let page = crate::text("ARCHITECTURE.md");
    let (_, rest) = page.split_once("of ours that it depends on:\n\n```text\n").expect("a graph");
    let (block, _) = rest.split_once("```").expect("the end of the graph");
    let row = |line: &str| {
        let mut words = line.split_whitespace().map(str::to_owned);
        let name = words.next().expect("a crate");
        (name, words.filter(|word| word != "(nothing)").collect::<BTreeSet<_>>())
    };
    let shown: BTreeMap<_, _> = block.lines().map(row).collect();
    let short = |name: &str| match name {
        "gainsay" => "cli".to_owned(),
        name => name.trim_start_matches("gainsay-").to_owned(),
    };
    let known = dependencies().into_iter().map(|(name, all)| {
        let ours = all.iter().filter(|name| name.starts_with("gainsay"));
        (short(&name), ours.map(|name| short(name)).collect::<BTreeSet<_>>())
    });
    assert_eq!(shown, known.collect());
}

#[test]
fn the_list_of_crates_is_complete() {
    let entries = fs::read_dir(root().join("harness")).expect("a directory");
    let found = entries.map(|entry| entry.expect("an entry").file_name());
    let found: BTreeSet<String> = found.map(|name| name.to_string_lossy().into_owned()).collect();
    assert_eq!(found, PACKAGES.map(str::to_owned).into());
}

#[test]
fn the_reference_depends_on_nothing() {
    assert_eq!(dependencies()["gainsay-runtime"], BTreeSet::new());
}

#[test]
fn the_reference_forbids_unsafe_code() {
    let root = crate::text("harness/runtime/src/lib.rs");
    assert!(root.lines().any(|line| line == "#![forbid(unsafe_code)]"));
}

#[test]
fn nothing_in_the_harness_is_unsafe() {
    let found = uses(
        "harness",
        &words(["unsafe {", "unsafe fn", "unsafe impl"]),
        &[
            // This file spells them.
            "harness/cli/tests/architecture.rs",
        ],
    );
    assert_eq!(found, Vec::<String>::new());
}

/// What ships is what is model-checked; `harness/host/clippy.toml` says the same.
#[test]
fn the_host_takes_its_synchronisation_from_one_place() {
    let sources = words(["std::sync", "std::thread", "loom::", "shuttle::"]);
    let allowed = ["harness/host/src/sync.rs", "harness/host/src/defect.rs"];
    assert_eq!(uses("harness/host/src", &sources, &allowed), Vec::<String>::new());
}

#[test]
fn an_oracle_does_no_input_or_output() {
    let modules = words(["std::fs", "std::net", "std::process", "std::io", "std::env"]);
    assert_eq!(uses("harness/oracle/src", &modules, &[]), Vec::<String>::new());
    let reachable = reachable("gainsay-oracle");
    for other in ["gainsay-engines", "gainsay-generate", "gainsay-campaign"] {
        assert!(!reachable.contains(other), "the oracle is built from {other}");
    }
}

#[test]
fn an_oracle_knows_no_engine_by_name() {
    let names: BTreeSet<String> = registry::known()
        .iter()
        .flat_map(|known| [known.id, known.id.split('-').next().unwrap_or(known.id)])
        .flat_map(|name| [format!("\"{name}\""), format!("\"{name}-")])
        .collect();
    assert!(names.contains("\"reference\"") && names.contains("\"wasmtime\""));
    let names: Vec<String> = names.into_iter().collect();
    assert_eq!(uses("harness/oracle/src", &names, &[]), Vec::<String>::new());
}

#[test]
fn an_engine_never_sees_a_generator_or_an_oracle() {
    let reachable = reachable("gainsay-engines");
    for other in ["gainsay-generate", "gainsay-oracle", "gainsay-campaign", "wasm-smith"] {
        assert!(!reachable.contains(other), "the engines are built from {other}");
    }
}

/// What engines there are, and what they can do, a campaign is told by its workers.
#[test]
fn a_campaign_links_no_engine() {
    let reachable = reachable("gainsay-campaign");
    for engine in ["gainsay-runtime", "gainsay-engines", "gainsay-backends", "wasmtime", "wasmi"] {
        assert!(!reachable.contains(engine), "a campaign is built from {engine}");
    }
}

#[test]
fn the_harness_does_not_depend_on_libfuzzer() {
    for (package, dependencies) in dependencies() {
        assert!(!dependencies.contains("libfuzzer-sys"), "{package} depends on libFuzzer");
    }
    let libfuzzer = words(["libfuzzer_sys", "fuzz_target!"]);
    let this_file = ["harness/cli/tests/architecture.rs"];
    assert_eq!(uses("harness", &libfuzzer, &this_file), Vec::<String>::new());
}

#[test]
fn only_the_console_prints() {
    let macros = words(["println!(", "print!(", "eprintln!(", "eprint!(", "dbg!("]);
    let streams = words(["io::stdout()", "io::stderr()"]);
    for package in PACKAGES {
        let directory = format!("harness/{package}/src");
        let console = ["harness/cli/src/console.rs"];
        assert_eq!(uses(&directory, &macros, &console), Vec::<String>::new());
        // The worker hands its standard output to the protocol.
        // A guest may be given the streams of the process.
        let given = [
            "harness/cli/src/console.rs",
            "harness/cli/src/commands/worker.rs",
            "harness/wasi/src/inherit.rs",
        ];
        assert_eq!(uses(&directory, &streams, &given), Vec::<String>::new());
    }
}

/// What judges sequences of operations sees backends as answers.
#[test]
fn the_model_of_sequences_knows_no_backend() {
    let engines = words(["gainsay_host", "gainsay_runtime", "wasmtime", "wasmi", "std::fs"]);
    for place in ["harness/lifecycle/src/model", "harness/lifecycle/src/run"] {
        let path = root().join(place);
        if path.is_dir() {
            assert_eq!(uses(place, &engines, &[]), Vec::<String>::new());
        } else {
            let source = crate::text(&format!("{place}.rs"));
            let found: Vec<_> = code(&source)
                .filter(|(_, line)| engines.iter().any(|word| line.contains(word.as_str())))
                .collect();
            assert_eq!(found, Vec::new(), "{place}");
        }
    }
}

#[test]
fn every_crate_takes_the_shared_lints() {
    for package in PACKAGES {
        let manifest = crate::text(&format!("harness/{package}/Cargo.toml"));
        assert!(manifest.contains("[lints]\nworkspace = true"), "{package} has lints of its own");
    }
}

/// What each crate may know of the others, from the bottom to the top.
const LAYERS: &[(&str, &[&str])] = &[
    ("runtime", &[]),
    ("case", &[]),
    ("script", &["case"]),
    ("engines", &["runtime", "case"]),
    ("generate", &["case"]),
    ("oracle", &["case"]),
    ("host", &["runtime"]),
    ("wasi", &["runtime", "host"]),
    ("models", &["host"]),
    ("lifecycle", &[]),
    ("backends", &["runtime", "host", "engines", "lifecycle"]),
    ("reduce", &["case"]),
    ("findings", &["case", "oracle", "reduce"]),
    (
        "fuzzing",
        &["case", "engines", "generate", "oracle", "lifecycle", "backends", "reduce", "findings"],
    ),
    ("protocol", &["case", "script", "lifecycle"]),
    ("supervisor", &["case", "protocol"]),
    ("contract", &["case", "script", "protocol", "supervisor"]),
    ("worker", &["case", "script", "engines", "lifecycle", "backends", "protocol"]),
    (
        "campaign",
        &[
            "case",
            "script",
            "generate",
            "oracle",
            "lifecycle",
            "reduce",
            "findings",
            "protocol",
            "supervisor",
        ],
    ),
    (
        "bench",
        &[
            "runtime",
            "case",
            "engines",
            "generate",
            "host",
            "lifecycle",
            "backends",
            "findings",
            "supervisor",
            "campaign",
        ],
    ),
];

#[test]
fn the_crates_form_layers() {
    let all = dependencies();
    let mut below: BTreeSet<&str> = BTreeSet::new();
    for (package, allowed) in LAYERS {
        assert!(allowed.iter().all(|other| below.contains(other)), "{package} knows upwards");
        let own = all[&format!("gainsay-{package}")].iter();
        for dependency in own.filter_map(|name| name.strip_prefix("gainsay-")) {
            assert!(allowed.contains(&dependency), "{package} depends on {dependency}");
        }
        below.insert(package);
    }
    // The command line is above all of them.
    below.insert("cli");
    assert_eq!(below, PACKAGES.into(), "a crate is in no layer");
    for (package, dependencies) in &all {
        assert!(!dependencies.contains("gainsay"), "{package} depends on the command line");
    }
}
