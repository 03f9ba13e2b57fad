//! A campaign from its first case to its summary.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use gainsay_findings::{Budget, CampaignEvent, Phase, Sink, Summary, report};

use crate::error::CampaignError;
use crate::kinds;
use crate::options::HuntOptions;
use crate::ordinals::Ordinals;
use crate::running::Running;
use crate::setup::Setup;
use crate::workload::{Slot, Workload};

/// How often a running campaign is looked at.
const TICK: Duration = Duration::from_millis(25);

/// How often `progress.json` is replaced and progress is told.
const TELL: Duration = Duration::from_secs(1);

/// How much longer than its time budget a campaign may minimise.
const MINIMISE_TIME_MAX: Duration = Duration::from_secs(30);

/// Run a campaign, or go on with one.
///
/// What happens meanwhile is told to `sink`, beside the campaign's directory.
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
    sink: &dyn Sink,
) -> Result<Summary, CampaignError> {
    let start = Instant::now();
    let setup = Setup::new(options)?;
    let running = Running::new(setup, options, sink, start);
    let workload = kinds::workload(&running.setup, &running.worker);
    let workload = &*workload;
    thread::scope(|scope| {
        let canary = start_canary(scope, &running, workload, options);
        let mut helpers: Vec<_> = canary.into_iter().collect();
        helpers.push(scope.spawn(|| running.minimise_while_hunting(workload)));
        run_cases(&running, workload, options, stop);
        for _ in 1..jobs(options) {
            helpers.push(scope.spawn(|| running.minimise_rest(workload)));
        }
        await_helpers(helpers, &running, stop);
    });
    Ok(finish(&running, workload))
}

fn start_canary<'scope>(
    scope: &'scope Scope<'scope, '_>,
    running: &'scope Running<'_>,
    workload: &'scope dyn Workload,
    options: &HuntOptions,
) -> Option<ScopedJoinHandle<'scope, ()>> {
    if !options.canary || running.has_canary() {
        return None;
    }
    Some(scope.spawn(move || {
        let report = workload.find_canary(&running.stops);
        running.set_canary(report);
    }))
}

/// The workers, from the first case to the last.
fn run_cases(
    running: &Running<'_>,
    workload: &dyn Workload,
    options: &HuntOptions,
    stop: &AtomicBool,
) {
    let (part, done) = running.part_and_done();
    let end = match running.setup.manifest.budget {
        Budget::Cases(cases) => part.shard.cases_of(cases),
        Budget::Time(_) => u64::MAX / 2,
    };
    let ordinals = Ordinals::new(part, done, end, &running.is_over);
    let slot = Slot { ordinals: &ordinals, stops: &running.stops, record: running };
    thread::scope(|scope| {
        let slots: Vec<_> =
            (0..jobs(options)).map(|_| scope.spawn(|| workload.serve(&slot))).collect();
        let mut told = Instant::now();
        while !slots.iter().all(ScopedJoinHandle::is_finished) {
            thread::sleep(TICK);
            watch_clock(running, stop);
            if told.elapsed() >= TELL {
                told = Instant::now();
                running.tell(CampaignEvent::Progress(&running.progress(Phase::Hunting)));
                running.save();
            }
        }
        for slot in slots {
            match slot.join() {
                Ok(Ok(())) => {}
                Ok(Err(error)) => running.fail(&error.to_string()),
                Err(_) => running.fail("a job of the campaign panicked"),
            }
        }
    });
    running.lanes_are_done.store(true, Ordering::Relaxed);
    running.save();
}

/// End the campaign when its time is up or the user wants it.
fn watch_clock(running: &Running<'_>, stop: &AtomicBool) {
    if stop.load(Ordering::Relaxed) {
        running.stop();
    }
    if let Budget::Time(time) = running.setup.manifest.budget
        && running.elapsed() >= time
    {
        running.is_over.store(true, Ordering::Relaxed);
    }
}

/// Wait until all witnesses are minimised and the canary is settled.
fn await_helpers(helpers: Vec<ScopedJoinHandle<'_, ()>>, running: &Running<'_>, stop: &AtomicBool) {
    let begun = Instant::now();
    let mut told = begun;
    while !helpers.iter().all(ScopedJoinHandle::is_finished) {
        thread::sleep(TICK);
        if stop.load(Ordering::Relaxed) {
            running.stop();
        }
        if begun.elapsed() > MINIMISE_TIME_MAX
            && matches!(running.setup.manifest.budget, Budget::Time(_))
        {
            running.stops.store(true, Ordering::Relaxed);
        }
        if told.elapsed() >= TELL {
            told = Instant::now();
            running.tell(CampaignEvent::Progress(&running.progress(Phase::Minimising)));
        }
    }
    for helper in helpers {
        if helper.join().is_err() {
            running.fail("minimisation or the search for the canary panicked");
        }
    }
}

/// Write the findings and the summary, and return what they say even if that fails.
fn finish(running: &Running<'_>, workload: &dyn Workload) -> Summary {
    running.note_end();
    let findings = running.findings(workload);
    running.save();
    running.tell(CampaignEvent::Findings(&findings.new));
    let state = running.state();
    let root = running.setup.directory.root();
    let mut summary = report::summary(&running.setup.manifest, &state, findings, root);
    summary.fault = running.fault();
    running.tell(CampaignEvent::End(&summary));
    summary.fault = running.fault();
    summary
}

fn jobs(options: &HuntOptions) -> usize {
    match options.jobs {
        0 => thread::available_parallelism().map_or(1, usize::from),
        jobs => jobs,
    }
}
