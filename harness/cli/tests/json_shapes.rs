//! The JSON that other programs rely on: these fields stay.

use std::fs;
use std::path::Path;

use crate::common::{code, gainsay_in, root, stderr};
use serde_json::Value;

fn json(directory: &Path, arguments: &[&str]) -> Value {
    let output = gainsay_in(directory, &[arguments, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{arguments:?}: {error}; exit code {}: {}", code(&output), stderr(&output))
    })
}

fn has(value: &Value, fields: &[&str]) {
    for field in fields {
        assert!(value.get(field).is_some(), "{field} is missing in {value}");
    }
}

#[test]
fn engines_have_ids_versions_and_capabilities() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for arguments in [&["engines"][..], &["engines", "--all"]] {
        let listing = json(directory.path(), arguments);
        let engines = listing["engines"].as_array().expect("a list");
        let ids: Vec<&str> = engines.iter().filter_map(|engine| engine["id"].as_str()).collect();
        for id in [
            "reference",
            "wasmi-eager",
            "wasmi-lazy",
            "wasmtime-cranelift",
            "wasmtime-winch",
            "wasmtime-pulley",
            "wasmtime-pooling",
        ] {
            assert!(ids.contains(&id), "{id} is missing in {ids:?}");
        }
        for engine in engines {
            has(engine, &["id", "implementation", "version", "available", "reason"]);
            assert!(engine["capabilities"]["multi-value"].is_boolean());
        }
    }
}

#[test]
fn wast_has_counts_per_file() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let script = r#"(module (func (export "f") (result i32) i32.const 1))
        (assert_return (invoke "f") (i32.const 1))
        (assert_return (invoke "f") (i32.const 2))"#;
    fs::write(directory.path().join("a.wast"), script).expect("a file");
    let report = json(directory.path(), &["wast", "a.wast"]);
    assert_eq!(report["engine"], "reference");
    let file = &report["files"][0];
    assert_eq!(file["path"], "a.wast");
    assert_eq!(
        (&file["passed"], &file["failed"], &file["skipped"]),
        (&1.into(), &1.into(), &0.into())
    );
}

#[test]
fn wast_on_several_engines_is_a_list_of_the_same() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    fs::write(directory.path().join("a.wast"), "(module)").expect("a file");
    let reports = json(directory.path(), &["wast", "a.wast", "--engine", "reference,wasmi"]);
    let engines = reports["engines"].as_array().expect("a list");
    assert_eq!(engines.len(), 2);
    for engine in engines {
        has(engine, &["engine", "files"]);
        has(&engine["files"][0], &["path", "passed", "failed", "skipped"]);
    }
}

#[test]
fn a_campaign_is_summarised() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let hunt =
        ["hunt", "--seed", "1", "--cases", "20", "--jobs", "1", "--no-canary", "--out", "campaign"];
    let summary = json(directory.path(), &hunt);
    summarised(&summary);
    assert_eq!(summary["seed"], 1);
    assert_eq!(summary["cases"], 20);
    let merged = json(directory.path(), &["merge", "campaign", "--out", "all"]);
    summarised(&merged);
    assert_eq!(merged["digest"], summary["digest"]);
}

#[test]
fn a_campaign_begins_with_the_cases_that_it_is_given() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let corpus = directory.path().join("corpus");
    fs::create_dir(&corpus).expect("a directory");
    let script = r#"(module $m (func (export "f") (result i32) i32.const 1)) (invoke $m "f")"#;
    fs::write(corpus.join("a.wast"), script).expect("a file");
    fs::write(corpus.join("decisions"), [7; 200]).expect("a file");
    let hunt = ["hunt", "--from", "corpus", "--seed", "1", "--cases", "5", "--jobs", "1"];
    let more = ["--no-canary", "--engines", "reference,wasmi", "--out", "campaign"];
    let summary = json(directory.path(), &[&hunt[..], &more].concat());
    assert_eq!((&summary["cases"], &summary["stored"]), (&5.into(), &2.into()), "{summary}");
}

#[test]
fn a_generated_case_is_written() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let case = ["case", "--seed", "1", "--index", "3", "--engines", "reference,wasmi"];
    let written = json(directory.path(), &[&case[..], &["--out", "case.wast"]].concat());
    has(&written, &["seed", "index", "steps", "text"]);
    let text = fs::read_to_string(directory.path().join("case.wast")).expect("a script");
    assert_eq!(written["text"], text);
    let replayed = json(directory.path(), &["replay", "case.wast"]);
    assert_eq!(replayed["failed"], 0, "{replayed}");
}

fn summarised(summary: &Value) {
    has(
        summary,
        &[
            "seed",
            "cases",
            "compared",
            "verdicts",
            "engines",
            "findings",
            "canary_caught",
            "seconds",
        ],
    );
    has(&summary["verdicts"], &["agree", "diverge", "allowed", "inconclusive"]);
    has(&summary["engines"][0], &["id", "version", "cases", "seconds"]);
    for finding in summary["findings"].as_array().expect("a list") {
        has(finding, &["signature", "kind", "count", "file"]);
    }
}

#[test]
fn measures_are_ratios_with_their_spread() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let bench = ["bench", "--cases", "20", "--runs", "1", "--memory-cases", "40"];
    let report = json(directory.path(), &bench);
    let measures = report["measures"].as_array().expect("a list");
    assert!(!measures.is_empty());
    for measure in measures {
        has(measure, &["name", "ratio", "against", "runs", "min", "max"]);
    }
}

/// Models are built by `scripts/models`, not here: that takes minutes.
#[test]
fn models_and_variants_are_listed() {
    for arguments in [&["models", "--list"][..], &["models", "--list", "--known-bad"]] {
        let listing = json(&root(), arguments);
        let models = listing["models"].as_array().expect("a list");
        assert!(models.len() >= 13, "{arguments:?}");
        for model in models {
            has(model, &["name", "component", "report", "threads", "bound"]);
            assert_eq!(model.get("defect").is_some(), arguments.len() == 3);
        }
    }
}

#[test]
fn reports_have_the_state_of_their_models_and_releases() {
    let listing = json(&root(), &["reports"]);
    let reports = listing["reports"].as_array().expect("a list");
    let ids: Vec<&str> = reports.iter().filter_map(|report| report["id"].as_str()).collect();
    assert!(ids.contains(&"R4") && ids.contains(&"R5"), "{ids:?}");
    for report in reports {
        has(report, &["id", "title", "models", "known_bad", "releases", "ok"]);
        has(&report["models"][0], &["name", "state"]);
        for release in report["releases"].as_array().expect("a list") {
            has(release, &["engine", "expected", "seen"]);
        }
    }
}

#[test]
fn an_adopted_input_is_named() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    fs::create_dir(directory.path().join("validate")).expect("a directory");
    fs::write(directory.path().join("validate/crash-1"), b"\0asm\x01\0\0\0").expect("a file");
    let adopted = json(directory.path(), &["adopt", "validate/crash-1"]);
    let file = adopted["file"].as_str().expect("a path");
    assert!(file.starts_with("corpus/validate-"), "{file}");
    let summary = json(directory.path(), &["replay", file]);
    assert_eq!((&summary["agreed"], &summary["failed"]), (&1.into(), &0.into()), "{summary}");
}

#[test]
fn adopted_inputs_of_every_target_can_be_replayed() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let bytes: Vec<u8> =
        (0u32..4096).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    fs::write(directory.path().join("crash"), bytes).expect("a file");
    for target in ["differential", "validate", "wast_roundtrip"] {
        let adopted = json(directory.path(), &["adopt", "crash", "--target", target]);
        let file = adopted["file"].as_str().expect("a path");
        let summary = json(directory.path(), &["replay", file]);
        assert_eq!(summary["failed"], 0, "{target}: {summary}");
        assert_eq!(summary["agreed"], 1, "{target}: {summary}");
    }
}

#[test]
fn recorded_cases_hold_on_the_reference() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let engines = ["--engines", "reference,wasmtime-pulley"];
    let arguments = [&["record", "--cases", "12", "--seed", "3", "--out", "out"][..], &engines];
    let recorded = json(directory.path(), &arguments.concat());
    has(&recorded, &["considered", "scripts", "assertions", "refused", "left_out"]);
    let count = |name: &str| recorded[name].as_u64().expect("a count");
    assert!(count("assertions") > count("refused") && count("refused") > 0, "{recorded}");
    let replayed = json(directory.path(), &["wast", "out", "--engine", "reference"]);
    let files = replayed["files"].as_array().expect("a list");
    assert_eq!(files.len() as u64, count("scripts"));
    for file in files {
        assert_eq!(file["failed"], 0, "{file}");
    }
}
