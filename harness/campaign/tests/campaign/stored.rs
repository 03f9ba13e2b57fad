//! Campaigns that begin with stored cases.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use gainsay_campaign::{CampaignError, GeneratedOptions, HuntOptions, generated, hunt, merge};
use gainsay_case::CaseKind;
use gainsay_case::text::read_case;
use gainsay_findings::{
    Budget, CaseRef, Finding, Inserted, MergeError, Quiet, Shard, StoredCases, Summary,
};
use gainsay_generate::{Generator, PROPOSALS_GENERATED};

use crate::support::{Scratch, essence, options, run, worker};

pub const TESTS: &[(&str, fn())] = &[
    ("a_stored_case_that_shows_a_fault_is_found_and_minimised", a_stored_case_is_found),
    ("stored_cases_are_the_same_with_jobs_shards_and_resumption", stored_cases_are_cases),
    ("shards_with_other_stored_cases_are_not_merged", other_stored_cases_are_not_merged),
    ("a_campaign_whose_stored_cases_changed_is_not_resumed", changed_cases_are_refused),
    ("sequences_take_no_stored_cases", sequences_take_none),
    ("a_generated_case_is_the_raw_case_of_its_finding", a_generated_case_is_the_raw_one),
];

/// An odd result among calls that show nothing.
const ODD: &str = r#"
    (module $m
      (func (export "even") (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1)))
      (func (export "odd") (param i32) (result i32) (i32.or (local.get 0) (i32.const 1))))
    (invoke $m "even" (i32.const 3))
    (invoke $m "odd" (i32.const 12))
    (invoke $m "even" (i32.const 4))"#;

/// The first cases of another seed, of which some need what the engines here lack.
fn stored(count: u64) -> StoredCases {
    let all = PROPOSALS_GENERATED.iter().copied().collect();
    let generator = Generator::new(&all, 99);
    let mut stored = StoredCases::default();
    for index in 0..count {
        assert_ne!(stored.insert(generator.case(index).case), Inserted::Unreadable, "{index}");
    }
    stored
}

fn a_stored_case_is_found() {
    let scratch = Scratch::new();
    let mut of = options(&scratch.path("c"), &["sound", "liar", "other"], 1);
    of.stored.insert(read_case(ODD).expect("a script"));
    let summary = run(&of);
    assert_eq!((summary.cases, summary.stored), (1, 1));
    let [finding] = &summary.findings[..] else { panic!("{:#?}", summary.findings) };
    assert!(matches!(finding.case, CaseRef::Stored { .. }));
    assert!(finding.minimised && finding.after.lines <= 8, "{}", finding.text);
    assert!(finding.after.steps < finding.before.steps, "{}", finding.text);
    assert!(finding.text.contains(";; gainsay:stored "), "{}", finding.text);
    let CaseRef::Stored { hash } = finding.case else { return };
    assert!(scratch.path("c").join(format!("cases/{hash}.wast")).exists());
}

fn stored_cases_are_cases() {
    let scratch = Scratch::new();
    let stored = stored(45);
    let count = stored.len();
    let engines = ["sound", "liar", "other"];
    let whole = HuntOptions { stored, ..options(&scratch.path("whole"), &engines, 90) };
    let expected = run(&whole);
    assert_eq!((expected.cases, expected.stored), (90, count));
    let is_stored = |finding: &Finding| matches!(finding.case, CaseRef::Stored { .. });
    assert!(expected.findings.iter().any(is_stored), "{:#?}", expected.findings);
    let expected = essence(&expected);

    let jobs = HuntOptions { jobs: 2, out: scratch.path("jobs"), ..whole.clone() };
    assert_eq!(essence(&run(&jobs)), expected);

    let begun = HuntOptions {
        budget: Some(Budget::Cases(31)),
        out: scratch.path("begun"),
        ..whole.clone()
    };
    run(&begun);
    let stored = StoredCases::default();
    let resumed = HuntOptions { resume: true, budget: whole.budget, stored, ..begun };
    assert_eq!(essence(&run(&resumed)), expected);

    let shards: Vec<PathBuf> = (1..=3)
        .map(|k| {
            let out = scratch.path(&format!("shard-{k}"));
            let shard = Shard::new(k, 3).expect("k is from 1 to 3");
            run(&HuntOptions { shard, out: out.clone(), ..whole.clone() });
            out
        })
        .collect();
    let merged = merge(&shards, &scratch.path("sum")).expect("they are of one campaign");
    assert_eq!(essence(&merged), expected);
    let files = fs::read_dir(scratch.path("sum/cases")).expect("stored cases");
    assert_eq!(files.count() as u64, count);
}

fn other_stored_cases_are_not_merged() {
    let scratch = Scratch::new();
    let half = |k, count| {
        let out = scratch.path(&format!("{k}-with-{count}"));
        let shard = Shard::new(k, 2).expect("k is 1 or 2");
        let of = options(&out, &["sound", "other"], 12);
        run(&HuntOptions { shard, stored: stored(count), ..of });
        out
    };
    let error = merge(&[half(1, 4), half(2, 5)], &scratch.path("sum")).expect_err("refused");
    let text = error.to_string();
    assert!(matches!(error, MergeError::Conflict { .. }), "{text}");
    assert!(text.contains("run each shard with the same --from"), "{text}");
}

fn refused(options: &HuntOptions) -> CampaignError {
    hunt(options, &AtomicBool::new(false), &Quiet).expect_err("it cannot begin")
}

fn changed_cases_are_refused() {
    let scratch = Scratch::new();
    let of = options(&scratch.path("c"), &["sound", "other"], 8);
    run(&HuntOptions { stored: stored(6), ..of.clone() });
    let resumed = HuntOptions { resume: true, ..of };
    let mut files = fs::read_dir(scratch.path("c/cases")).expect("stored cases");
    let file = files.next().expect("a case").expect("an entry").path();
    let text = fs::read_to_string(&file).expect("a script");
    fs::write(&file, format!("{text}\n")).expect("it can be changed");
    let error = refused(&resumed).to_string();
    assert!(error.contains("is damaged: its hash is"), "{error}");
    fs::remove_file(&file).expect("it can be removed");
    let error = refused(&resumed).to_string();
    assert!(error.contains("put back the files in cases/"), "{error}");
}

fn sequences_take_none() {
    let scratch = Scratch::new();
    let mut of = HuntOptions { stored: stored(1), ..options(&scratch.path("c"), &[], 8) };
    of.worker.kind = CaseKind::Sequences;
    assert!(matches!(refused(&of), CampaignError::StoredKind));
    assert!(!scratch.path("c").exists());
}

/// The findings of a campaign as they are before anything is minimised.
fn raw(scratch: &Scratch, of: &HuntOptions) -> Summary {
    run(of);
    for entry in fs::read_dir(of.out.join("witnesses")).expect("witnesses") {
        fs::remove_file(entry.expect("an entry").path()).expect("it can be removed");
    }
    merge(std::slice::from_ref(&of.out), &scratch.path("raw")).expect("one campaign")
}

fn a_generated_case_is_the_raw_one() {
    let scratch = Scratch::new();
    let of = options(&scratch.path("c"), &["sound", "liar", "other"], 60);
    let summary = raw(&scratch, &of);
    assert!(!summary.findings.is_empty());
    for finding in &summary.findings {
        assert!(!finding.minimised);
        let CaseRef::Generated(origin) = finding.case else { panic!("{finding:#?}") };
        let wanted = GeneratedOptions {
            engines: of.engines.clone(),
            seed: origin.seed,
            index: origin.index,
            worker: worker(),
        };
        let script = generated(&wanted).expect("it is generated");
        assert_eq!(CaseRef::described(&script.header), finding.case);
        assert_eq!(read_case(&finding.text), Ok(script.case.clone()));
        assert_eq!(read_case(&script.to_text()), Ok(script.case));
    }
}
