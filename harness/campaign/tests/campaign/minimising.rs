//! Minimisation that comes to its end, and minimisation that does not.

use std::fs;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use gainsay_campaign::{
    CampaignError, PredicateOptions, ShrinkEvent, ShrinkOptions, ShrinkResult, shrink,
    shrink_by_predicate,
};
use gainsay_case::Limits;
use gainsay_findings::{Shortfall, ShrinkBounds};
use gainsay_supervisor::Predicate;

use crate::support::{Scratch, worker};

pub const TESTS: &[(&str, fn())] = &[
    ("a_fault_that_reads_stale_state_is_walked_back_to", stale_state_is_walked_back),
    ("a_budget_that_runs_out_is_told", a_budget_that_runs_out),
    ("an_interrupted_minimisation_has_what_it_found", interrupted),
    ("one_engine_that_panics_or_hangs_is_enough", one_engine_is_enough),
    ("an_engine_whose_worker_is_killed_is_not_left_out", a_killed_engine_is_not_left_out),
    ("a_users_wish_for_backtraces_does_not_reach_engines", backtraces_are_not_made),
    ("a_predicate_decides_what_is_kept", a_predicate_decides),
    ("a_file_that_is_not_interesting_is_refused", not_interesting),
];

/// The first call taints the process of the engine `stale`, which is wrong from then on.
const STALE: &str = r#"
(module $m
  (func (export "one") (result i32) (i32.const 1))
  (func (export "taint") (param i32))
  (func (export "idle") (nop)))
(invoke "idle")
(invoke "taint" (i32.const -1))
(invoke "idle")
(invoke "one")
"#;

const DEADLY: &str = r#"
(module $m
  (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 4)))
  (func (export "idle") (nop)))
(invoke "idle")
(invoke "f" (i32.const -1))
"#;

fn shrunk_with(
    text: &str,
    engines: &[&str],
    change: impl FnOnce(&mut ShrinkOptions),
    stop: &AtomicBool,
    on_event: &(dyn Fn(ShrinkEvent<'_>) + Sync),
) -> Result<ShrinkResult, CampaignError> {
    let scratch = Scratch::new();
    let path = scratch.path("case.wast");
    fs::write(&path, text).expect("a case");
    let mut options = ShrinkOptions {
        path,
        engines: engines.iter().map(|id| (*id).to_owned()).collect(),
        limits: Limits::default(),
        worker: worker(),
        bounds: ShrinkBounds { attempts_max: 1000 },
    };
    change(&mut options);
    shrink(&options, stop, on_event)
}

fn shrunk(text: &str, engines: &[&str]) -> Result<ShrinkResult, CampaignError> {
    shrunk_with(text, engines, |_| {}, &AtomicBool::new(false), &|_| {})
}

fn stale_state_is_walked_back() {
    let result = shrunk(STALE, &["sound", "stale"]).expect("it diverges in a fresh worker");
    assert_eq!(result.unfinished, Some(Shortfall::NotShownAgain));
    assert!(result.text.contains("(i32.const -1)"), "what taints is there: {}", result.text);
    assert!(result.after.steps < result.before.steps, "{}", result.text);
    let again = shrunk(&result.text, &["sound", "stale"]).expect("it shows it in a fresh worker");
    assert_eq!(again.signature, result.signature);
}

fn a_budget_that_runs_out() {
    let few = |options: &mut ShrinkOptions| options.bounds.attempts_max = 2;
    let stop = AtomicBool::new(false);
    let result = shrunk_with(STALE, &["sound", "liar"], few, &stop, &|_| {});
    let result = result.expect("it diverges");
    assert_eq!(result.unfinished, Some(Shortfall::Budget(2)));
    let told = "gainsay:unfinished the budget of 2 executions ran out";
    assert!(result.text.contains(told), "{}", result.text);
    assert_eq!(shrunk(STALE, &["sound", "liar"]).expect("it diverges").unfinished, None);
}

fn interrupted() {
    let stop = AtomicBool::new(false);
    // Ctrl-C, once something smaller was found.
    let interrupt = |event: ShrinkEvent<'_>| {
        let is_smaller = matches!(event, ShrinkEvent::Smaller(_));
        stop.fetch_or(is_smaller, std::sync::atomic::Ordering::Relaxed);
    };
    let result = shrunk_with(DEADLY, &["sound", "liar"], |_| {}, &stop, &interrupt);
    let result = result.expect("what was found");
    assert_eq!(result.unfinished, Some(Shortfall::Interrupted));
    assert!(result.after.steps < result.before.steps, "{}", result.text);
    assert!(result.text.contains("unfinished it was interrupted"), "{}", result.text);
    let again = shrunk(&result.text, &["sound", "liar"]).expect("it shows the same");
    assert_eq!((again.unfinished, again.kind), (None, result.kind));
}

fn one_engine_is_enough() {
    let result = shrunk(DEADLY, &["panics"]).expect("it panics");
    assert_eq!((result.kind.as_str(), result.unfinished), ("fault", None));
    assert!(result.after.steps < result.before.steps, "{}", result.text);
    let short = |options: &mut ShrinkOptions| {
        options.worker.case_time_max = Duration::from_millis(500);
        options.bounds.attempts_max = 3;
    };
    let stop = AtomicBool::new(false);
    let result = shrunk_with(DEADLY, &["hangs"], short, &stop, &|_| {}).expect("it hangs");
    assert_eq!(
        (result.kind.as_str(), result.signature.as_str()),
        ("hang", "hang hangs=hang [int.add]")
    );
    let sound = shrunk(DEADLY, &["sound"]).expect_err("it does nothing wrong");
    assert!(matches!(sound, CampaignError::NothingToKeep { .. }), "{sound}");
}

fn a_killed_engine_is_not_left_out() {
    let error = shrunk(DEADLY, &["sound", "liar", "killed"]).expect_err("one is missing");
    let text = error.to_string();
    assert!(matches!(error, CampaignError::EngineLost { .. }), "{text}");
    assert!(text.contains("\"killed\"") && text.contains("SIGKILL 3 times in a row"), "{text}");
}

fn backtraces_are_not_made() {
    let wish = |options: &mut ShrinkOptions| {
        // As a shell hands it on to everything that it starts.
        options.worker.args.clear();
    };
    let stop = AtomicBool::new(false);
    let result = shrunk_with(DEADLY, &["sound", "tells"], wish, &stop, &|_| {});
    let result = result.expect("it panics");
    assert!(
        result.signature.contains("RUST_BACKTRACE is N, RUST_LIB_BACKTRACE is N"),
        "{}",
        result.signature
    );
}

/// A file, and what a predicate leaves of it.
fn kept(name: &str, contents: &[u8], command: &str) -> Result<Vec<u8>, CampaignError> {
    let scratch = Scratch::new();
    let path = scratch.path(name);
    fs::write(&path, contents).expect("a file");
    let predicate = Predicate { command: command.to_owned(), time_max: Duration::from_secs(10) };
    let options = PredicateOptions { path, predicate, bounds: ShrinkBounds::default() };
    let result = shrink_by_predicate(&options, &AtomicBool::new(false), &|_| {})?;
    assert_eq!(result.unfinished, None);
    assert!(result.after.bytes <= result.before.bytes);
    Ok(result.bytes)
}

const WAT: &str = "(module (func (export \"f\") (result i32) (i32.popcnt (i32.const 7)))
    (func (export \"g\") (nop)) (memory 1) (data (i32.const 0) \"hello\"))";

fn a_predicate_decides() {
    let text = kept("a.wat", WAT.as_bytes(), "grep -q popcnt").expect("it is interesting");
    let text = String::from_utf8(text).expect("text");
    assert!(text.contains("popcnt") && !text.contains("hello") && !text.contains("nop"), "{text}");
    let binary = wat::parse_str(WAT).expect("a module");
    let small = kept("a.wasm", &binary, "grep -q hello").expect("it is interesting");
    assert!(small.starts_with(b"\0asm") && small.len() < binary.len() / 2, "{small:?}");
    let script = kept("a.wast", STALE.as_bytes(), "grep -q taint").expect("it is interesting");
    let script = String::from_utf8(script).expect("text");
    assert!(script.contains("taint") && !script.contains("idle"), "{script}");
}

fn not_interesting() {
    let error = kept("a.wat", WAT.as_bytes(), "grep -q absent").expect_err("it is not");
    assert!(matches!(error, CampaignError::NotInteresting { .. }), "{error}");
}
