//! Seeds, jobs, interruptions, findings and the canary.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gainsay_campaign::{CampaignError, HuntOptions, hunt};
use gainsay_findings::{Budget, Quiet};

use crate::support::{Scratch, essence, options, run};

pub const TESTS: &[(&str, fn())] = &[
    ("engines_that_agree_leave_no_findings", agreement_leaves_no_findings),
    ("a_wrong_engine_becomes_one_small_finding", a_wrong_engine_is_found),
    ("the_number_of_jobs_changes_nothing", jobs_change_nothing),
    ("a_resumed_campaign_equals_an_uninterrupted_one", resuming_changes_nothing),
    ("a_campaign_can_be_gone_on_with_for_longer", a_campaign_can_be_extended),
    ("another_seed_has_another_digest", seeds_matter),
    ("the_canary_is_caught_and_leaves_no_trace", the_canary_is_caught),
    ("a_sound_canary_is_missed_and_that_is_a_fault", a_sound_canary_is_missed),
    ("an_unknown_engine_is_named", an_unknown_engine_is_named),
    ("one_engine_is_too_few", one_engine_is_too_few),
    ("a_worker_that_is_no_worker_is_given_up", no_worker_is_given_up),
];

fn agreement_leaves_no_findings() {
    let scratch = Scratch::new();
    let summary = run(&options(&scratch.path("c"), &["sound", "other"], 60));
    assert_eq!(summary.cases, 60);
    assert!(summary.compared > 50, "{} of 60 cases were compared", summary.compared);
    assert_eq!(summary.findings, []);
    assert!(!summary.interrupted);
    assert_eq!(summary.engines.iter().map(|engine| engine.cases).collect::<Vec<_>>(), [60, 60]);
}

fn a_wrong_engine_is_found() {
    let scratch = Scratch::new();
    let summary = run(&options(&scratch.path("c"), &["sound", "liar", "other"], 120));
    let finding = summary
        .findings
        .iter()
        .filter(|finding| finding.kind == "result")
        .min_by_key(|finding| finding.after.lines)
        .unwrap_or_else(|| panic!("no wrong result in {:#?}", summary.findings));
    assert!(finding.signature.contains("liar=returned:i32|other,sound=returned:i32"));
    assert!(finding.after.lines <= 10, "{}", finding.text);
    assert!(finding.after.instructions < finding.before.instructions);
    assert!(finding.replay.starts_with(&format!("gainsay replay {}", finding.file)));
    let written = std::fs::read_to_string(scratch.path("c").join(&finding.file));
    assert_eq!(written.ok().as_ref(), Some(&finding.text));
    let signatures: Vec<&String> = summary.findings.iter().map(|f| &f.signature).collect();
    let mut distinct = signatures.clone();
    distinct.dedup();
    assert_eq!(signatures, distinct);
    let counted: u64 = summary.findings.iter().map(|finding| finding.count).sum();
    assert_eq!(counted, summary.verdicts.diverge);
}

fn jobs_change_nothing() {
    let scratch = Scratch::new();
    let one = options(&scratch.path("one"), &["sound", "liar"], 150);
    let three = HuntOptions { jobs: 3, out: scratch.path("three"), ..one.clone() };
    assert_eq!(essence(&run(&one)), essence(&run(&three)));
}

fn resuming_changes_nothing() {
    let scratch = Scratch::new();
    let whole = options(&scratch.path("whole"), &["sound", "liar"], 300);
    let parts = HuntOptions { out: scratch.path("parts"), ..whole.clone() };
    let stop = AtomicBool::new(false);
    let interrupted = std::thread::scope(|scope| {
        scope.spawn(|| {
            let seen = || std::fs::read_to_string(scratch.path("parts/progress.json"));
            while !seen().is_ok_and(|text| !text.contains("\"done\": []")) {
                std::thread::sleep(Duration::from_millis(5));
            }
            stop.store(true, Ordering::Relaxed);
        });
        hunt(&parts, &stop, &Quiet).expect("the campaign begins")
    });
    assert!(interrupted.cases > 0);
    let resumed = run(&HuntOptions { resume: true, ..parts });
    assert_eq!(essence(&resumed), essence(&run(&whole)));
}

fn a_campaign_can_be_extended() {
    let scratch = Scratch::new();
    let short = options(&scratch.path("c"), &["sound", "liar"], 41);
    run(&short);
    let longer = HuntOptions { resume: true, budget: Some(Budget::Cases(99)), ..short.clone() };
    let whole = HuntOptions {
        out: scratch.path("whole"),
        budget: Some(Budget::Cases(99)),
        ..short.clone()
    };
    assert_eq!(essence(&run(&longer)), essence(&run(&whole)));
}

fn seeds_matter() {
    let scratch = Scratch::new();
    let one = options(&scratch.path("one"), &["sound", "other"], 30);
    let two = HuntOptions { seed: 8, out: scratch.path("two"), ..one.clone() };
    assert_ne!(run(&one).digest, run(&two).digest);
}

fn the_canary_is_caught() {
    let scratch = Scratch::new();
    let without = options(&scratch.path("without"), &["sound", "other"], 40);
    let with = HuntOptions { canary: true, out: scratch.path("with"), ..without.clone() };
    let (without, mut with) = (run(&without), run(&with));
    assert!(with.canary_caught, "{:?}", with.canary);
    assert!(with.canary.lines <= 10 && with.canary.text.contains("(module"));
    with.canary = without.canary.clone();
    with.canary_caught = without.canary_caught;
    assert_eq!(essence(&without), essence(&with));
}

fn a_sound_canary_is_missed() {
    let scratch = Scratch::new();
    let mut options = options(&scratch.path("c"), &["sound", "other"], 20);
    options.canary = true;
    options.worker.env.push((crate::engines::SOUND_CANARY.to_owned(), "1".to_owned()));
    let summary = run(&options);
    assert!(!summary.canary_caught);
    assert!(summary.canary.reason.contains("not seen"), "{:?}", summary.canary);
    assert!(summary.canary.finished);
}

fn an_unknown_engine_is_named() {
    let scratch = Scratch::new();
    let options = options(&scratch.path("c"), &["sound", "nowhere"], 10);
    let error =
        hunt(&options, &AtomicBool::new(false), &Quiet).expect_err("there is no such engine");
    assert!(
        matches!(&error, CampaignError::EngineMissing { id, .. } if id == "nowhere"),
        "{error}"
    );
    assert!(!scratch.path("c").exists(), "a campaign that cannot begin leaves nothing behind");
}

fn one_engine_is_too_few() {
    let scratch = Scratch::new();
    let options = options(&scratch.path("c"), &["sound"], 10);
    let error = hunt(&options, &AtomicBool::new(false), &Quiet).expect_err("one is too few");
    assert!(matches!(error, CampaignError::TooFewEngines(_)), "{error}");
}

fn no_worker_is_given_up() {
    let scratch = Scratch::new();
    let mut options = options(&scratch.path("c"), &["sound", "other"], 10);
    options.worker.program = Some("/bin/false".into());
    let error = hunt(&options, &AtomicBool::new(false), &Quiet).expect_err("it ends at once");
    assert!(matches!(error, CampaignError::Worker { .. }), "{error}");
    assert!(error.to_string().contains("exit status 1"), "{error}");
}
