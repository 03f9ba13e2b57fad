//! A campaign from its first case to its summary.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use gainsay_findings::{Budget, Summary, report};

use crate::audience::Audiences;
use crate::canary;
use crate::error::CampaignError;
use crate::lane::{Lane, LaneSetup};
use crate::options::HuntOptions;
use crate::progress::{Phase, Progress};
use crate::running::Running;
use crate::setup::Setup;
use crate::source::Source;

/// Batches generated ahead of a lane.
const AHEAD: usize = 3;

/// How often a running campaign is looked at.
const TICK: Duration = Duration::from_millis(25);

/// How often `progress.json` is replaced and progress is told.
const TELL: Duration = Duration::from_secs(1);

/// How much longer than its time budget a campaign may minimise.
const MINIMISE_TIME_MAX: Duration = Duration::from_secs(30);

/// Run a campaign, or go on with one.
///
/// Once work has begun this returns `Ok`, whatever happens to workers or to the
/// disk: see [`Summary::fault`]. Setting `stop` ends it soon with a summary and a
/// directory that can be resumed.
///
/// # Errors
/// [`CampaignError`] if it could not begin.
pub fn hunt(
    options: &HuntOptions,
    stop: &AtomicBool,
    progress: &(dyn Fn(&Progress) + Sync),
) -> Result<Summary, CampaignError> {
    let start = Instant::now();
    let setup = Setup::new(options)?;
    let running = Running::new(setup, options, start);
    thread::scope(|scope| {
        let mut helpers: Vec<_> = start_canary(scope, &running, options).into_iter().collect();
        helpers.push(scope.spawn(|| running.minimise_while_hunting()));
        run_cases(&running, options, stop, progress);
        for _ in 1..jobs(options) {
            helpers.push(scope.spawn(|| running.minimise_rest()));
        }
        await_helpers(helpers, &running, options, stop, progress);
    });
    Ok(finish(&running, options))
}

fn start_canary<'scope>(
    scope: &'scope Scope<'scope, '_>,
    running: &'scope Running,
    options: &'scope HuntOptions,
) -> Option<ScopedJoinHandle<'scope, ()>> {
    if !options.canary || running.has_canary() {
        return None;
    }
    Some(scope.spawn(move || {
        let report =
            canary::watch(&running.setup.manifest, options, running.seed(), &running.stops);
        running.set_canary(report);
    }))
}

/// The lanes, from the first batch to the last.
fn run_cases(
    running: &Running,
    options: &HuntOptions,
    stop: &AtomicBool,
    progress: &(dyn Fn(&Progress) + Sync),
) {
    let (part, done) = running.part_and_done();
    let end = match options.budget {
        Budget::Cases(cases) => part.shard.cases_of(cases),
        Budget::Time(_) => u64::MAX / 2,
    };
    let manifest = &running.setup.manifest;
    let engines = manifest.engines.len();
    let audiences = Audiences::new(&manifest.engines, part.seed);
    let source = Source::new(part, &audiences, engines, done, end, &running.is_over);
    thread::scope(|scope| {
        let lanes: Vec<_> = (0..jobs(options))
            .map(|_| {
                let (batches, lane) = sync_channel(AHEAD);
                let source = &source;
                scope.spawn(move || source.feed(&batches));
                scope.spawn(move || {
                    let setup = lane_setup(running, options);
                    Lane::new(setup).and_then(|mut worker| worker.run(&lane))
                })
            })
            .collect();
        let mut told = Instant::now();
        while !lanes.iter().all(ScopedJoinHandle::is_finished) {
            thread::sleep(TICK);
            watch_clock(running, options, stop);
            if told.elapsed() >= TELL {
                told = Instant::now();
                progress(&running.progress(options, Phase::Hunting));
                running.save();
            }
        }
        for lane in lanes {
            match lane.join() {
                Ok(Ok(())) => {}
                Ok(Err(error)) => running.fail(&error.to_string()),
                Err(_) => running.fail("a job of the campaign panicked"),
            }
        }
    });
    running.lanes_are_done.store(true, Ordering::Relaxed);
    running.save();
}

fn lane_setup<'a>(running: &'a Running, options: &'a HuntOptions) -> LaneSetup<'a> {
    LaneSetup {
        options: &options.worker,
        limits: &running.setup.manifest.limits,
        engines: &running.setup.manifest.engines,
        seed: running.seed(),
        stop: &running.stops,
        record: running,
    }
}

/// End the campaign when its time is up or the user wants it.
fn watch_clock(running: &Running, options: &HuntOptions, stop: &AtomicBool) {
    if stop.load(Ordering::Relaxed) {
        running.stop();
    }
    if let Budget::Time(time) = options.budget
        && running.start.elapsed() >= time
    {
        running.is_over.store(true, Ordering::Relaxed);
    }
}

/// Wait until all witnesses are minimised and the canary is settled.
fn await_helpers(
    helpers: Vec<ScopedJoinHandle<'_, ()>>,
    running: &Running,
    options: &HuntOptions,
    stop: &AtomicBool,
    progress: &(dyn Fn(&Progress) + Sync),
) {
    let begun = Instant::now();
    let mut told = begun;
    while !helpers.iter().all(ScopedJoinHandle::is_finished) {
        thread::sleep(TICK);
        if stop.load(Ordering::Relaxed) {
            running.stop();
        }
        if begun.elapsed() > MINIMISE_TIME_MAX && matches!(options.budget, Budget::Time(_)) {
            running.stops.store(true, Ordering::Relaxed);
        }
        if told.elapsed() >= TELL {
            told = Instant::now();
            progress(&running.progress(options, Phase::Minimising));
        }
    }
    for helper in helpers {
        if helper.join().is_err() {
            running.fail("minimisation or the search for the canary panicked");
        }
    }
}

/// Write the findings and the summary, and return what they say even if that fails.
fn finish(running: &Running, options: &HuntOptions) -> Summary {
    running.note_end(options);
    let findings = running.findings(&running.minimiser());
    running.save();
    running.keep(|directory| directory.write_findings(&findings));
    let state = running.state();
    let root = running.setup.directory.root();
    let mut summary = report::summary(&running.setup.manifest, &state, findings, root);
    summary.fault = running.fault();
    running.keep(|directory| directory.write_summary(&summary));
    summary.fault = running.fault();
    summary
}

fn jobs(options: &HuntOptions) -> usize {
    match options.jobs {
        0 => thread::available_parallelism().map_or(1, usize::from),
        jobs => jobs,
    }
}
