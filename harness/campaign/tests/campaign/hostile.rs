//! Workers that do not do what a worker should, and what the campaign makes of each.
//!
//! A hostile worker is the worker of the other tests whose output is tampered with.

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use gainsay_campaign::{CampaignError, HuntOptions, hunt};
use gainsay_findings::{Quiet, ShrinkBounds, Summary};

use crate::support::{SHORT, Scratch, options, run};

pub const TESTS: &[(&str, fn())] = &[
    ("half_a_line_is_an_early_exit", half_a_line),
    ("an_early_exit_is_shown_with_its_status", an_early_exit),
    ("nonsense_is_an_incident_with_its_text", nonsense),
    ("an_error_of_the_worker_is_an_incident_with_its_text", an_error),
    ("results_that_nobody_asked_for_are_an_incident", results_unasked),
    ("what_is_newer_than_the_host_is_passed_over", newer),
    ("silence_is_a_hang", silence),
    ("chatter_does_not_lengthen_the_time_of_a_case", chatter),
    ("a_flood_neither_fills_the_memory_nor_lengthens_the_time", a_flood),
    ("what_a_worker_started_ends_with_it", grandchildren),
    ("a_worker_of_another_version_is_given_up", another_version),
];

/// Set in the environment of a hostile worker: what is wrong with it.
pub const HOSTILE: &str = "GAINSAY_TEST_HOSTILE";

/// Where a worker that leaves a process behind writes its number.
const LEFT_BEHIND: &str = "GAINSAY_TEST_LEFT_BEHIND";

/// Output that is replaced where a result or a step of one of the engines begins.
pub struct Twisted<W> {
    pub output: W,
    pub how: String,
}

impl<W: Write> Write for Twisted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        // The other engine of the two is as it should be, so that there is one to compare with.
        let is_its_turn = text.contains("\"engine\":\"other\"");
        match (&*self.how, is_its_turn) {
            ("version", _) => {
                let text = text.replace("\"protocol\":1", "\"protocol\":2");
                self.output.write_all(text.as_bytes())?;
            }
            ("newer", _) => {
                let text = text.replace(
                    "\"capabilities\":[",
                    "\"colour\":1,\"capabilities\":[\"time-travel\",",
                );
                writeln!(self.output, "{{\"type\":\"weather\"}}")?;
                self.output.write_all(text.as_bytes())?;
            }
            (_, false) => self.output.write_all(bytes)?,
            (_, true) => self.misbehave(&text)?,
        }
        self.output.flush()?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

impl<W: Write> Twisted<W> {
    fn misbehave(&mut self, text: &str) -> io::Result<()> {
        match &*self.how {
            "half" => {
                let half = &text[..text.len() / 2];
                self.output.write_all(half.trim_end().as_bytes())?;
                self.output.flush()?;
                std::process::exit(0);
            }
            "exit" => std::process::exit(7),
            "nonsense" => writeln!(self.output, "Segmentation fault (core dumped)"),
            "error" => writeln!(self.output, "{{\"type\":\"error\",\"message\":\"no more\"}}"),
            "unasked" => {
                let result =
                    "{\"type\":\"result\",\"id\":99999,\"engine\":\"sound\",\"same_as\":\"x\"}";
                writeln!(self.output, "{result}")
            }
            "silence" => loop {
                std::thread::sleep(Duration::from_secs(1));
            },
            "chatter" => loop {
                writeln!(self.output, "{{\"type\":\"hello\",\"protocol\":1}}")?;
                self.output.flush()?;
                std::thread::sleep(Duration::from_millis(20));
            },
            "flood" => loop {
                writeln!(self.output, "{{\"type\":\"hello\",\"protocol\":1}}")?;
            },
            "grandchildren" => {
                let child = Command::new("sleep").arg("1000").stdin(Stdio::null()).spawn()?;
                if let Some(path) = std::env::var_os(LEFT_BEHIND) {
                    std::fs::write(path, child.id().to_string())?;
                }
                std::process::exit(3);
            }
            other => panic!("no such worker: {other}"),
        }
    }
}

fn hostile(scratch: &Scratch, how: &str) -> HuntOptions {
    let mut options = options(&scratch.path("c"), &["sound", "other"], 2);
    options.worker.env.push((HOSTILE.to_owned(), how.to_owned()));
    options.worker.case_time_max = SHORT;
    options.shrink = ShrinkBounds { attempts_max: 0 };
    options
}

fn hunted(how: &str) -> Summary {
    run(&hostile(&Scratch::new(), how))
}

/// The campaign ended as it should, and every finding says this.
fn found(summary: &Summary, kind: &str, what: &str) {
    assert_eq!((summary.fault.as_ref(), summary.cases), (None, 2));
    assert!(!summary.findings.is_empty());
    for finding in &summary.findings {
        assert_eq!(finding.kind, kind);
        assert!(finding.signature.contains(what), "{}", finding.signature);
    }
    assert_eq!(summary.incidents.len(), 0, "{:?}", summary.incidents);
}

/// No engine is blamed, and the incident is this one.
fn incident(summary: &Summary, what: &str) {
    assert_eq!((summary.fault.as_ref(), summary.cases), (None, 2));
    assert_eq!(summary.findings, []);
    let incidents: Vec<&String> = summary.incidents.keys().collect();
    assert!(matches!(incidents[..], [one] if one.contains(what)), "{incidents:?}");
}

fn half_a_line() {
    found(&hunted("half"), "crash", "exit status 0");
}

fn an_early_exit() {
    found(&hunted("exit"), "crash", "exit status 7");
}

fn nonsense() {
    let text = "worker_protocol: not a line of the protocol";
    let summary = hunted("nonsense");
    incident(&summary, text);
    incident(&summary, "Segmentation fault (core dumped)");
}

fn an_error() {
    incident(&hunted("error"), "worker_protocol: it gave up: no more");
}

fn results_unasked() {
    incident(&hunted("unasked"), "worker_protocol: a result of case N, which is not open");
}

fn newer() {
    let summary = hunted("newer");
    assert_eq!((summary.cases, summary.findings.len(), summary.incidents.len()), (2, 0, 0));
    assert!(summary.compared > 0);
}

fn silence() {
    found(&hunted("silence"), "hang", "hang");
}

fn chatter() {
    found(&hunted("chatter"), "hang", "hang");
}

fn a_flood() {
    let before = gainsay_supervisor::resident_bytes(std::process::id());
    found(&hunted("flood"), "hang", "hang");
    let after = gainsay_supervisor::resident_bytes(std::process::id());
    assert!(after < before.map(|bytes| bytes + (200 << 20)), "{before:?}, then {after:?}");
}

fn grandchildren() {
    let scratch = Scratch::new();
    let mut options = hostile(&scratch, "grandchildren");
    let note = scratch.path("left-behind");
    options.worker.env.push((LEFT_BEHIND.to_owned(), note.display().to_string()));
    options.worker.case_time_max = Duration::from_secs(60);
    let start = Instant::now();
    found(&run(&options), "crash", "exit status 3");
    // Their output stays open for as long as they live, and is not waited for.
    assert!(start.elapsed() < Duration::from_secs(50), "{:?}", start.elapsed());
    let child = std::fs::read_to_string(note).expect("a process was left behind");
    let state = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
    let state = state.rsplit(')').next().unwrap_or_default().trim_start().chars().next();
    assert!(matches!(state, None | Some('Z')), "process {child} is still there: {state:?}");
}

fn another_version() {
    let scratch = Scratch::new();
    let error = hunt(&hostile(&scratch, "version"), &AtomicBool::new(false), &Quiet);
    let error = error.expect_err("no such worker can be used");
    assert!(matches!(&error, CampaignError::Worker(_)), "{error}");
    assert!(error.to_string().contains("speaks protocol 2, not 1"), "{error}");
}
