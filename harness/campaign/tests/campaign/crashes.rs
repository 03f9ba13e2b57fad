//! Engines and workers that die, and what the campaign makes of it.

use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use gainsay_campaign::{HuntOptions, hunt};
use gainsay_findings::{Quiet, ShrinkBounds, Summary};

use crate::support::{SHORT, Scratch, essence, options, run};

pub const TESTS: &[(&str, fn())] = &[
    ("an_engine_that_aborts_is_a_finding_and_the_campaign_goes_on", an_abort_is_a_finding),
    ("an_engine_that_exits_is_a_finding", an_exit_is_a_finding),
    ("an_engine_that_hangs_is_a_finding", a_hang_is_a_finding),
    ("an_engine_that_fills_the_memory_is_a_finding", memory_is_a_finding),
    ("an_engine_that_panics_is_a_finding", a_panic_is_a_finding),
    ("a_worker_killed_from_outside_changes_nothing", a_killed_worker_changes_nothing),
];

/// Executions where each takes long.
const FEW: u32 = 6;

/// The campaign with the engine of this id, whose findings are all of this kind.
fn found(engine: &str, kind: &str, change: impl Fn(&mut HuntOptions)) -> Summary {
    let scratch = Scratch::new();
    let mut options = options(&scratch.path("c"), &["sound", engine, "other"], 96);
    change(&mut options);
    let summary = run(&options);
    assert_eq!(summary.fault, None);
    assert_eq!(summary.cases, 96, "the campaign went on");
    let kinds: Vec<&str> = summary.findings.iter().map(|finding| finding.kind.as_str()).collect();
    assert!(!kinds.is_empty() && kinds.iter().all(|found| *found == kind), "{kinds:?}");
    let finding = &summary.findings[0];
    assert!(finding.after.steps < finding.before.steps, "{finding:#?}");
    let granted = options.shrink.attempts_max;
    let short = (granted == FEW).then(|| format!("the budget of {FEW} executions ran out"));
    assert_eq!((finding.minimised, &finding.unfinished), (short.is_none(), &short));
    assert!(finding.text.contains("(i32.const -1)"), "{}", finding.text);
    assert_eq!(summary.incidents.len(), 0, "{:?}", summary.incidents);
    summary
}

fn an_abort_is_a_finding() {
    let summary = found("aborts", "crash", |_| {});
    let finding = &summary.findings[0];
    assert!(finding.signature.contains("SIGABRT"), "{}", finding.signature);
    assert!(finding.stderr.contains("planted: about to abort"), "{:?}", finding.stderr);
}

fn an_exit_is_a_finding() {
    let summary = found("exits", "crash", |_| {});
    assert!(summary.findings[0].signature.contains("exit status 7"));
}

fn a_hang_is_a_finding() {
    found("hangs", "hang", |options| {
        options.worker.case_time_max = SHORT;
        options.shrink = ShrinkBounds { attempts_max: FEW };
    });
}

fn memory_is_a_finding() {
    found("swells", "memory_exhaustion", |options| {
        options.worker.resident_bytes_max = 512 << 20;
        options.shrink = ShrinkBounds { attempts_max: FEW };
    });
}

fn a_panic_is_a_finding() {
    let summary = found("panics", "fault", |_| {});
    assert!(summary.findings[0].signature.contains("planted: number N"));
}

fn a_killed_worker_changes_nothing() {
    let scratch = Scratch::new();
    let calm = options(&scratch.path("calm"), &["sound", "liar"], 600);
    let mut troubled = HuntOptions { out: scratch.path("troubled"), ..calm.clone() };
    let mark = troubled.out.to_string_lossy().into_owned();
    troubled.worker.env.push(("GAINSAY_TEST_MARK".to_owned(), mark));
    let ends = AtomicBool::new(false);
    let summary = std::thread::scope(|scope| {
        let killer = scope.spawn(|| {
            let mut killed = 0;
            while !ends.load(std::sync::atomic::Ordering::Relaxed) && killed < 3 {
                std::thread::sleep(Duration::from_millis(30));
                let is_at_work = std::fs::metadata(troubled.out.join("progress.json")).is_ok();
                killed += u32::from(is_at_work && kill_workers_of(&troubled));
            }
            killed
        });
        let summary = hunt(&troubled, &AtomicBool::new(false), &Quiet).expect("it begins");
        ends.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(killer.join().expect("the killer survives") > 0, "nothing was killed");
        summary
    });
    let mut without_incidents = summary.clone();
    without_incidents.incidents.clear();
    assert_eq!(essence(&without_incidents), essence(&run(&calm)));
}

/// Kill the processes that carry this campaign's mark in their environment.
fn kill_workers_of(options: &HuntOptions) -> bool {
    let mark = options.out.to_string_lossy().into_owned();
    let processes = std::fs::read_dir("/proc").expect("this test needs Linux");
    let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let mut victims = ids.filter(|id| {
        let environment = std::fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
        String::from_utf8_lossy(&environment).contains(&mark)
    });
    let Some(victim) = victims.next() else { return false };
    let killed = Command::new("kill").args(["-9", &victim.to_string()]).status();
    killed.is_ok_and(|status| status.success())
}
