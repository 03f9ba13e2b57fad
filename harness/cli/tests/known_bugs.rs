//! Known bugs of released engines, which do not make a hunt fail.

use serde_json::Value;

use crate::common::{code, gainsay_in, root, stderr, stdout};

/// Cases in which wasmi's and wasmtime's known bugs show.
const HUNT: [&str; 8] =
    ["hunt", "--seed", "9", "--cases", "2700", "--no-canary", "--format", "json"];

fn hunted(engines: &str) -> (i32, Value) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let output = gainsay_in(directory.path(), &[&HUNT[..], &["--engines", engines]].concat());
    let summary = serde_json::from_str(&stdout(&output));
    (code(&output), summary.unwrap_or_else(|error| panic!("{error}: {}", stderr(&output))))
}

#[test]
fn a_hunt_that_meets_known_bugs_alone_names_them_and_succeeds() {
    let (code, summary) = hunted("reference,wasmi,wasmtime");
    assert_eq!((code, summary["findings"].as_array().map(Vec::len)), (0, Some(0)), "{summary}");
    assert_eq!(summary["verdicts"]["diverge"], 2);
    let known = summary["known"].as_array().expect("a list");
    let files: Vec<&str> = known.iter().filter_map(|bug| bug["file"].as_str()).collect();
    assert_eq!(
        files,
        [
            "corpus/wasmi-2.0.0-select-on-eqz-of-a-local.wast",
            "corpus/wasmtime-48.0.8-trap-in-a-shared-memory.wast"
        ]
    );
    for bug in known {
        assert_eq!(bug["count"], 1);
        for named in ["file", "page"] {
            let path = root().join(bug[named].as_str().expect("a path"));
            assert!(path.exists(), "{}", path.display());
        }
        assert!(bug["title"].as_str().is_some_and(|title| title.contains(": ")), "{bug}");
    }
}

#[test]
fn a_new_finding_is_fatal_whatever_is_known() {
    let (code, summary) = hunted("reference,wasmi,canary");
    assert_eq!(code, 2);
    assert!(!summary["findings"].as_array().expect("a list").is_empty());
    assert!(!summary["known"].as_array().expect("a list").is_empty(), "wasmi's bug is known still");
}
