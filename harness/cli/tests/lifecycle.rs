//! `gainsay hunt --kind lifecycle`, with engines that die, and scenarios replayed.

use std::path::Path;

use crate::common::{code, gainsay_in, root, stderr};
use serde_json::Value;

fn hunted(directory: &Path, arguments: &[&str]) -> (i32, Value) {
    let hunt = ["hunt", "--kind", "lifecycle", "--jobs", "1", "--out", "campaign"];
    let output = gainsay_in(directory, &[&hunt, arguments, &["--format", "json"]].concat());
    let summary = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)));
    (code(&output), summary)
}

fn findings(summary: &Value) -> Vec<&Value> {
    summary["findings"].as_array().expect("a list").iter().collect()
}

#[test]
fn a_campaign_over_sequences_is_summarised_and_catches_its_canary() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let arguments = ["--seed", "1", "--cases", "120", "--engines", "reference,wasmi"];
    let (code, summary) = hunted(directory.path(), &arguments);
    assert_eq!((code, &summary["canary_caught"]), (0, &Value::from(true)), "{summary:#}");
    assert_eq!((&summary["seed"], &summary["cases"]), (&1.into(), &120.into()));
    assert!(summary["compared"].as_u64().is_some_and(|compared| compared > 60), "{summary:#}");
    assert_eq!(summary["verdicts"]["agree"], 120);
    assert_eq!(summary["engines"].as_array().map(Vec::len), Some(2));
    assert!(summary["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0));
    let bumps = summary["reach"]["reference bump ok"].as_u64();
    println!("canary after {} sequences, {bumps:?} calls", summary["canary"]["cases"]);
    assert!(bumps.is_some_and(|bumps| bumps > 0), "{summary:#}");
    assert!(directory.path().join("campaign/summary.json").is_file());
}

#[test]
fn an_engine_that_dies_is_a_finding_that_can_be_replayed() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let arguments =
        ["--seed", "1", "--cases", "150", "--engines", "reference,faulty-abort", "--no-canary"];
    let (exit, summary) = hunted(directory.path(), &arguments);
    let [crash] = findings(&summary)[..] else { panic!("{summary:#}") };
    assert_eq!((exit, &crash["kind"]), (2, &Value::from("crash")), "{summary:#}");
    assert_eq!(summary["cases"], 150, "the campaign went on");
    assert!(crash["signature"].as_str().is_some_and(|text| text.contains("SIGABRT")), "{crash:#}");
    let lines = crash["text"].as_str().unwrap_or_default().lines();
    let operations = lines.filter(|line| !line.starts_with(';')).count() - 1;
    println!("{operations} operations of {} are left", crash["before"]["steps"]);
    assert!(operations <= 6, "{crash:#}");
    let replay = crash["replay"].as_str().expect("a command");
    let words: Vec<&str> = replay.split(' ').skip(1).collect();
    assert_eq!(code(&gainsay_in(directory.path(), &words)), 2, "{replay}");
}

#[test]
fn an_engine_that_hangs_is_a_finding() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let arguments = [
        &["--seed", "1", "--cases", "12", "--engines", "reference,faulty-hang", "--no-canary"][..],
        &["--case-time", "1s", "--shrink-attempts", "0"],
    ];
    let (exit, summary) = hunted(directory.path(), &arguments.concat());
    let [hang] = findings(&summary)[..] else { panic!("{summary:#}") };
    assert_eq!((exit, &hang["kind"]), (2, &Value::from("hang")), "{summary:#}");
    assert_eq!(summary["cases"], 12);
}

#[test]
fn an_engine_without_a_backend_for_sequences_is_not_available() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let hunt = ["hunt", "--kind", "lifecycle", "--engines", "wasmtime-pulley", "--cases", "1"];
    assert_eq!(code(&gainsay_in(directory.path(), &hunt)), 5);
}

#[test]
fn a_scenario_that_cannot_be_read_says_where() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let text = "scenario 1\nengine e0 pool=9\n";
    std::fs::write(directory.path().join("a.scenario"), text).expect("a file");
    let output = gainsay_in(directory.path(), &["replay", "a.scenario", "--engines", "reference"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(code(&output), 2);
    assert!(text.contains("line 2: expected allocation (on-demand or pool=1"), "{text}");
}

#[test]
fn the_scenarios_of_three_reports_are_in_the_corpus() {
    for report in ["r3", "r4", "r5"] {
        let files = std::fs::read_dir(root().join("corpus")).expect("a directory");
        let names = files.map(|file| file.expect("a file").file_name());
        let is_of = |name: &String| name.starts_with(report) && name.ends_with(".scenario");
        assert!(names.map(|name| name.to_string_lossy().into_owned()).any(|name| is_of(&name)));
    }
}
