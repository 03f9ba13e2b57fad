//! What the tests share.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use gainsay_campaign::{HuntOptions, hunt};
use gainsay_findings::{Budget, Quiet, ShrinkBounds, Summary};
use gainsay_supervisor::WorkerSpec;

use crate::WORKER;

/// A worker that is this program again.
pub fn worker() -> WorkerSpec {
    WorkerSpec {
        program: None,
        args: Vec::new(),
        env: vec![(WORKER.to_owned(), "1".to_owned())],
        ..WorkerSpec::default()
    }
}

/// A small campaign in `directory`, without a canary.
pub fn options(directory: &Path, engines: &[&str], cases: u64) -> HuntOptions {
    HuntOptions {
        engines: engines.iter().map(|id| (*id).to_owned()).collect(),
        budget: Some(Budget::Cases(cases)),
        seed: 7,
        jobs: 1,
        out: directory.to_owned(),
        worker: worker(),
        canary: false,
        shrink: ShrinkBounds { attempts_max: 400 },
        ..HuntOptions::default()
    }
}

/// Run a campaign to its end.
pub fn run(options: &HuntOptions) -> Summary {
    let summary = hunt(options, &AtomicBool::new(false), &Quiet);
    summary.unwrap_or_else(|error| panic!("the campaign did not begin: {error}"))
}

/// A directory that goes away with the test.
pub struct Scratch(tempfile::TempDir);

impl Scratch {
    pub fn new() -> Scratch {
        Scratch(tempfile::tempdir().expect("a temporary directory"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// Let a campaign's directory say that another generator made its cases.
pub fn replaced_generator(root: &Path) {
    let path = root.join("campaign.json");
    let text = std::fs::read_to_string(&path).expect("the campaign wrote it");
    let mut manifest: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert!(manifest["generator"].is_string(), "{text}");
    manifest["generator"] = "00000000c0ffee00".into();
    std::fs::write(&path, manifest.to_string()).expect("it can be changed");
}

/// What must not depend on jobs, shards, interruptions or the clock.
pub fn essence(summary: &Summary) -> String {
    let mut timeless = summary.clone();
    timeless.seconds = 0.0;
    timeless.shards.clear();
    timeless.out = PathBuf::new();
    for engine in &mut timeless.engines {
        engine.seconds = 0.0;
    }
    serde_json::to_string_pretty(&timeless).expect("a summary is always JSON")
}

/// Patience for tests in which something hangs.
pub const SHORT: Duration = Duration::from_millis(400);
