//! Corpus files replayed and cases shrunk.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use gainsay_campaign::{CampaignError, ReplayOptions, ShrinkOptions, ShrinkResult, replay, shrink};
use gainsay_case::Limits;
use gainsay_findings::{ReplaySummary, ShrinkBounds};

use crate::support::{Scratch, options, run, worker};

pub const TESTS: &[(&str, fn())] = &[
    ("files_on_which_engines_agree_are_counted", agreement_is_counted),
    ("a_wrong_engine_fails_the_assertions_and_diverges", a_wrong_engine_fails),
    ("a_file_that_kills_an_engine_does_not_end_the_replay", a_deadly_file_is_survived),
    ("a_script_that_is_no_case_has_its_assertions_run", a_script_is_run),
    ("a_file_that_is_no_script_is_told", nonsense_is_reported),
    ("replaying_nothing_is_no_success", running_nothing_is_not_a_success),
    ("what_a_campaign_finds_can_be_replayed", findings_can_be_replayed),
    ("shrinking_keeps_the_signature", shrinking_keeps_the_signature),
    ("shrinking_what_shows_nothing_says_so", nothing_to_shrink),
];

const ODD: &str = r#"
(module $m
  (memory 1)
  (func $helper (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
  (func (export "odd") (param i32 i64) (result i32 i64)
    (local i32)
    (local.set 2 (call $helper (local.get 0)))
    (i32.store (i32.const 8) (local.get 2))
    (i32.add (i32.load (i32.const 8)) (i32.const 1)) (local.get 1))
  (func (export "idle") (nop)))
(invoke "idle")
(assert_return (invoke "odd" (i32.const 4) (i64.const 9)) (i32.const 13) (i64.const 9))
(invoke "idle")
"#;

const DEADLY: &str = r#"
(module (func (export "f") (param i32)))
(assert_return (invoke "f" (i32.const -1)))
"#;

const SUITE: &str = r#"
(module (func (export "f") (result i32) (i32.const 5)))
(assert_return (invoke "f") (i32.const 5))
(assert_malformed (module quote "(func (nonsense))") "unknown operator")
(assert_invalid (module (func (result i32))) "type mismatch")
"#;

fn replayed(engines: &[&str], files: &[(&str, &str)]) -> ReplaySummary {
    let scratch = Scratch::new();
    for (name, text) in files {
        fs::write(scratch.path(name), text).expect("a corpus file");
    }
    let options = ReplayOptions {
        paths: vec![scratch.path("")],
        engines: engines.iter().map(|id| (*id).to_owned()).collect(),
        limits: Limits::default(),
        worker: worker(),
    };
    replay(&options, &Arc::new(AtomicBool::new(false)), &|_, _| {}).expect("it begins")
}

fn agreement_is_counted() {
    let summary = replayed(&["sound", "other"], &[("a.wast", ODD), ("b.wast", DEADLY)]);
    assert_eq!((summary.agreed, summary.diverged), (2, 0));
    assert_eq!((summary.passed, summary.failed, summary.skipped), (4, 0, 0));
}

fn a_wrong_engine_fails() {
    let summary = replayed(&["sound", "liar"], &[("a.wast", ODD)]);
    assert_eq!((summary.agreed, summary.diverged), (0, 1));
    let wrong = &summary.files[0].assertions[1];
    assert_eq!((wrong.engine.as_str(), wrong.passed, wrong.failed), ("liar", 0, 1));
    assert_eq!(summary.files[0].divergences[0].kind, "result");
}

fn a_deadly_file_is_survived() {
    let summary = replayed(&["aborts", "other"], &[("a.wast", DEADLY), ("b.wast", ODD)]);
    assert_eq!((summary.agreed, summary.diverged), (1, 1));
    assert_eq!(summary.files[0].divergences[0].kind, "crash");
}

fn a_script_is_run() {
    let summary = replayed(&["sound", "liar"], &[("a.wast", SUITE)]);
    let counts: Vec<_> = summary.files[0].assertions.iter().map(|a| (a.passed, a.failed)).collect();
    assert_eq!(counts, [(2, 0), (1, 1)]);
    // What the text parser refuses, as the script says, no engine has passed.
    let skipped: u64 = summary.files[0].assertions[0].skipped.values().sum();
    assert_eq!(skipped, 1);
}

fn nonsense_is_reported() {
    let summary = replayed(&["sound", "other"], &[("a.wast", "(module"), ("b.wast", ODD)]);
    assert!(summary.failed > 0, "{summary:#?}");
    assert_eq!(summary.agreed, 1);
}

fn running_nothing_is_not_a_success() {
    let summary = replayed(&["sound", "other"], &[]);
    assert_eq!((summary.files.len(), summary.agreed), (0, 0));
}

fn findings_can_be_replayed() {
    let scratch = Scratch::new();
    let found = run(&options(&scratch.path("c"), &["sound", "liar"], 60));
    let options = ReplayOptions {
        paths: vec![scratch.path("c/findings")],
        engines: vec!["sound".to_owned(), "liar".to_owned()],
        limits: Limits::default(),
        worker: worker(),
    };
    let summary =
        replay(&options, &Arc::new(AtomicBool::new(false)), &|_, _| {}).expect("it begins");
    assert_eq!(summary.diverged, found.findings.len() as u64);
    for file in &summary.files {
        let signature = &file.divergences[0].signature;
        assert!(found.findings.iter().any(|finding| finding.signature.starts_with(signature)));
    }
}

fn shrunk(text: &str) -> (PathBuf, Result<ShrinkResult, CampaignError>, Scratch) {
    let scratch = Scratch::new();
    let path = scratch.path("case.wast");
    fs::write(&path, text).expect("a case");
    let options = ShrinkOptions {
        path: path.clone(),
        engines: vec!["sound".to_owned(), "liar".to_owned()],
        limits: Limits::default(),
        worker: worker(),
        bounds: ShrinkBounds { attempts_max: 1000 },
    };
    (path, shrink(&options, &AtomicBool::new(false), &|_| {}), scratch)
}

fn shrinking_keeps_the_signature() {
    let (_, result, _scratch) = shrunk(ODD);
    let result = result.expect("it diverges");
    assert!(result.signature.starts_with("result liar=returned:i32"), "{}", result.signature);
    assert_eq!((result.before.steps, result.after.steps), (5, 3));
    assert!(result.after.instructions <= 3, "{}", result.text);
    assert!(result.after.lines <= 5, "{}", result.text);
    let again = shrunk(&result.text).1.expect("it still diverges");
    assert_eq!((again.signature, again.after), (result.signature, result.after));
}

fn nothing_to_shrink() {
    let error = shrunk(DEADLY).1.expect_err("the engines agree");
    assert!(matches!(error, CampaignError::NothingToKeep { .. }), "{error}");
}
