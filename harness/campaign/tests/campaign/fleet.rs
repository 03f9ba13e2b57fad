//! Several workers, each with engines of its own.

use gainsay_case::Limits;
use gainsay_supervisor::{Fleet, WorkerCommand, WorkerSpec};

use crate::WORKER;
use crate::engines::ONLY;
use crate::support::{options, run, worker};

pub const TESTS: &[(&str, fn())] = &[
    ("an_engine_is_served_by_the_first_worker_that_has_it", first_come_first_served),
    ("an_engine_that_two_workers_offer_is_refused", twins),
    ("a_campaign_over_several_workers_finds_what_one_finds", campaign),
];

/// This program as a worker with one engine.
fn only(engine: &str) -> WorkerCommand {
    let program = std::env::current_exe().expect("this program").display().to_string();
    let words = [format!("{ONLY}={engine}"), format!("{WORKER}=1"), program];
    WorkerCommand { program: "env".into(), args: words.to_vec() }
}

fn spec(first: &str, others: &[&str]) -> WorkerSpec {
    let mut spec = worker();
    spec.env.push((ONLY.to_owned(), first.to_owned()));
    spec.others = others.iter().map(|engine| only(engine)).collect();
    spec
}

fn ids(fleet: &Fleet) -> Vec<&str> {
    fleet.engines.iter().map(|engine| engine.id.as_str()).collect()
}

fn first_come_first_served() {
    let spec = spec("sound", &["other", "liar"]);
    let asked = ["other", "liar", "sound", "nowhere"].map(str::to_owned);
    for _ in 0..2 {
        let fleet = Fleet::start(&spec, &asked, &Limits::default()).expect("all workers start");
        assert_eq!(ids(&fleet), ["sound", "other", "liar"]);
        let missing: Vec<&str> = fleet.missing.iter().map(|missing| missing.id.as_str()).collect();
        assert_eq!(missing, ["nowhere"]);
    }
    let fleet = Fleet::start(&spec, &asked[1..2], &Limits::default()).expect("it starts");
    assert_eq!(ids(&fleet), ["liar"]);
}

fn twins() {
    let spec = spec("sound", &["other", "sound"]);
    let error = Fleet::start(&spec, &[], &Limits::default()).expect_err("one id, two engines");
    assert!(error.to_string().contains("offers an engine \"sound\""), "{error}");
}

/// The same findings, digest and verdicts, whether one worker has all engines or each has one;
/// also where an engine ends its worker in the middle of what others have half done.
fn campaign() {
    same_with_several(["sound", "liar", "other"]);
    same_with_several(["sound", "aborts", "other"]);
}

fn same_with_several(engines: [&str; 3]) {
    let directory = tempfile::tempdir().expect("a directory");
    let one = run(&options(&directory.path().join("one"), &engines, 200));
    let mut several = options(&directory.path().join("several"), &engines, 200);
    several.worker = spec(engines[0], &engines[1..]);
    let several = run(&several);
    assert!(!one.findings.is_empty(), "{engines:?}");
    assert_eq!(one.incidents, several.incidents, "{engines:?}");
    assert_eq!(one.digest, several.digest);
    assert_eq!(one.verdicts, several.verdicts);
    let signatures = |summary: &gainsay_findings::Summary| {
        summary.findings.iter().map(|it| it.signature.clone()).collect::<Vec<_>>()
    };
    assert_eq!(signatures(&one), signatures(&several));
    let replay = &several.findings[0].replay;
    assert!(replay.contains(" --worker "), "{replay}");
}
