//! A campaign over sequences from its first to its summary.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use gainsay_findings::{Budget, CanaryReport, Summary};
use gainsay_lifecycle::worker::{FromWorker, ToWorker};
use gainsay_lifecycle::{Census, Failure, FailureKind, Scenario, generate};

use super::child::{Heard, Worker};
use super::ledger::Ledger;
use super::minimise::{Runner, dead, hung};
use super::options::LifecycleOptions;
use super::summary::{Ending, conclude, prepare};
use crate::error::CampaignError;
use crate::progress::{Phase, Progress};

/// Sequences that a worker is asked for at once.
const BATCH: u64 = 25;

/// Batches that a worker serves before another one takes its place: engines keep a little
/// of each module.
const BATCHES_MAX: u64 = 80;

/// Batches after which a worker has what it needs of the system.
const BATCHES_UNTIL_SETTLED: u64 = 4;

/// How often progress is told.
const TELL: Duration = Duration::from_secs(1);

/// Sequences within which the planted wrong backend must show twice.
const CANARY_CASES_MAX: u64 = 20_000;

/// How often a sequence is repeated to see whether it leaks.
const LEAK_REPEATS: u32 = 40;

/// Run a campaign.
///
/// # Errors
/// [`CampaignError`] if it could not begin.
pub fn hunt(
    options: &LifecycleOptions,
    stop: &AtomicBool,
    progress: &(dyn Fn(&Progress) + Sync),
) -> Result<Summary, CampaignError> {
    let start = Instant::now();
    let ids = options.ids();
    for id in &ids {
        if gainsay_lifecycle::find(id).is_none() {
            let reason = "it has no backend for sequences of operations".to_owned();
            return Err(CampaignError::EngineMissing { id: id.clone(), reason });
        }
    }
    let backends = Runner::new(&options.worker, &ids).backends()?;
    prepare(options, &backends)?;
    let canary = match options.canary {
        true => find_canary(options, stop)?,
        false => CanaryReport::default(),
    };
    let campaign = Campaign {
        options,
        stop,
        start,
        ids,
        next: AtomicU64::new(0),
        ledger: Mutex::default(),
        census: Mutex::default(),
    };
    let fault = campaign.run(progress)?;
    let ledger = campaign.ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
    let interrupted = stop.load(Ordering::Relaxed);
    let ending = Ending { canary, interrupted, fault, seconds: start.elapsed().as_secs_f64() };
    progress(&Progress {
        cases: ledger.cases,
        findings: ledger.found.len() as u64,
        elapsed: start.elapsed(),
        phase: Phase::Minimising,
        ..Progress::default()
    });
    conclude(options, &backends, ledger, ending)
}

struct Campaign<'a> {
    options: &'a LifecycleOptions,
    stop: &'a AtomicBool,
    start: Instant,
    ids: Vec<String>,
    /// The number of the next sequence that nobody has begun with.
    next: AtomicU64,
    ledger: Mutex<Ledger>,
    /// How often a leak of the process was searched for.
    census: Mutex<u32>,
}

impl Campaign<'_> {
    /// All lanes to their end. If one could go on no more: why.
    fn run(&self, progress: &(dyn Fn(&Progress) + Sync)) -> Result<Option<String>, CampaignError> {
        let cores = || thread::available_parallelism().map_or(1, usize::from);
        let jobs = if self.options.jobs == 0 { cores() } else { self.options.jobs };
        thread::scope(|scope| {
            let lanes: Vec<_> = (0..jobs).map(|_| scope.spawn(|| self.lane())).collect();
            let mut told = Instant::now();
            while lanes.iter().any(|lane| !lane.is_finished()) {
                thread::sleep(Duration::from_millis(25));
                if told.elapsed() >= TELL {
                    told = Instant::now();
                    progress(&self.progress());
                }
            }
            let ends = lanes.into_iter().map(|lane| lane.join());
            let mut faults = ends.filter_map(|end| match end {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(error.to_string()),
                Err(_) => Some("a lane panicked".to_owned()),
            });
            Ok(faults.next())
        })
    }

    fn progress(&self) -> Progress {
        let elapsed = self.start.elapsed();
        let ledger = lock(&self.ledger);
        let rate = ledger.cases as f64 / elapsed.as_secs_f64().max(1e-3);
        let (cases_max, eta) =
            self.options.budget.outlook(|cases| cases, ledger.cases, rate.max(1e-3), elapsed);
        Progress {
            cases: ledger.cases,
            cases_max,
            cases_per_second: rate,
            useful_rate: ledger.compared as f64 / ledger.cases.max(1) as f64,
            findings: ledger.found.len() as u64,
            elapsed,
            eta,
            phase: Phase::Hunting,
        }
    }

    /// The next sequences, if the budget has any.
    fn batch(&self) -> Option<(u64, u64)> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let cases_max = match self.options.budget {
            Budget::Cases(cases) => cases,
            Budget::Time(time) if self.start.elapsed() >= time => return None,
            Budget::Time(_) => u64::MAX,
        };
        let from = self.next.fetch_add(BATCH, Ordering::Relaxed);
        (from < cases_max).then(|| (from, cases_max.min(from + BATCH)))
    }

    fn lane(&self) -> Result<(), CampaignError> {
        let mut worker: Option<Worker> = None;
        let mut settled: Option<Census> = None;
        let mut served = 0;
        while let Some((from, to)) = self.batch() {
            let mut begin = from;
            while begin < to {
                let mut current = match worker.take() {
                    Some(worker) => worker,
                    None => {
                        (settled, served) = (None, 0);
                        Worker::start(&self.options.worker, &self.ids)?
                    }
                };
                match self.serve(&mut current, begin, to) {
                    Served::Done(census) => {
                        served += 1;
                        if served == BATCHES_UNTIL_SETTLED {
                            settled = census;
                        }
                        let grown =
                            settled.zip(census).and_then(|(then, now)| now.growth_since(&then));
                        if let Some(what) = &grown {
                            self.locate(from, to, what)?;
                        }
                        begin = to;
                        worker = (served < BATCHES_MAX && grown.is_none()).then_some(current);
                    }
                    Served::Dead { index, failure } => {
                        let stderr = current.end();
                        let mut ledger = lock(&self.ledger);
                        ledger.case(index, false, Vec::new());
                        ledger.failing += 1;
                        ledger.found(index, failure, stderr);
                        begin = index + 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// Let a worker carry out sequences, up to its death.
    fn serve(&self, worker: &mut Worker, from: u64, to: u64) -> Served {
        let time_max = self.options.worker.case_time_max;
        worker.send(&ToWorker::Batch { seed: self.options.seed, from, to });
        let mut at = (from, String::new());
        loop {
            match worker.hear(time_max) {
                Heard::Line(FromWorker::Begin { index, backend }) => at = (index, backend),
                Heard::Line(FromWorker::Case { index, compared, failures }) => {
                    lock(&self.ledger).case(index, compared, failures);
                }
                Heard::Line(line @ FromWorker::Done { census, .. }) => {
                    lock(&self.ledger).done(&line);
                    return Served::Done(census);
                }
                Heard::Line(FromWorker::Ready { .. } | FromWorker::Error { .. }) => {}
                Heard::Died(how) => {
                    return Served::Dead { index: at.0, failure: dead(&at.1, &how) };
                }
                Heard::Silent => {
                    return Served::Dead { index: at.0, failure: hung(&at.1, time_max) };
                }
            }
        }
    }

    /// Something of the system has grown in a worker: which sequence does it, if one does
    /// by itself?
    fn locate(&self, from: u64, to: u64, what: &str) -> Result<(), CampaignError> {
        const SEARCHES_MAX: u32 = 5;
        lock(&self.ledger).incident(&format!("a worker grew: {what}"));
        let searches = {
            let mut searches = lock(&self.census);
            *searches += 1;
            *searches
        };
        if searches > SEARCHES_MAX {
            return Ok(());
        }
        let mut runner = Runner::new(&self.options.worker, &self.ids);
        for index in from..to {
            let scenario = generate(self.options.seed, index);
            for backend in &self.ids {
                if let Some(failure) = leak(&mut runner, &scenario, backend, what)? {
                    lock(&self.ledger).found(index, failure, String::new());
                }
            }
        }
        Ok(())
    }
}

/// Whether a sequence that is repeated makes its process grow each time.
fn leak(
    runner: &mut Runner<'_>,
    scenario: &Scenario,
    backend: &String,
    what: &str,
) -> Result<Option<Failure>, CampaignError> {
    runner.renew();
    let backends = std::slice::from_ref(backend);
    let before = runner.run(scenario, backends, LEAK_REPEATS)?.census;
    let after = runner.run(scenario, backends, 2 * LEAK_REPEATS)?.census;
    let (Some(before), Some(after)) = (before, after) else { return Ok(None) };
    let grows = after.growth_since(&before).is_some_and(|grown| grown == what);
    Ok(grows.then(|| Failure {
        kind: FailureKind::Leak,
        backend: backend.clone(),
        at: scenario.ops.len(),
        operation: "the process".to_owned(),
        expected: "nothing".to_owned(),
        class: what.to_owned(),
        seen: format!("{before:?}, then {after:?}"),
    }))
}

enum Served {
    Done(Option<Census>),
    Dead { index: u64, failure: Failure },
}

/// The planted wrong backend: twice with one signature, and then minimised.
fn find_canary(
    options: &LifecycleOptions,
    stop: &AtomicBool,
) -> Result<CanaryReport, CampaignError> {
    let id = ["canary".to_owned()];
    let mut runner = Runner::new(&options.worker, &id);
    let mut ledger = Ledger::default();
    let mut report = CanaryReport { wanted: true, ..CanaryReport::default() };
    for index in 0..CANARY_CASES_MAX {
        if stop.load(Ordering::Relaxed) {
            return Ok(report);
        }
        let ran = runner.run(&generate(options.seed, index), &id, 1)?;
        ledger.case(index, ran.compared, ran.failures);
        let Some((signature, found)) = ledger.found.iter().find(|(_, found)| found.count > 1)
        else {
            continue;
        };
        let scenario = generate(options.seed, found.index);
        let smallest =
            runner.minimise(&scenario, &found.failure, options.shrink.attempts_max.max(500));
        report.caught = smallest.ops.len() <= CANARY_OPERATIONS_MAX;
        report.cases = index + 1;
        report.signature = signature.clone();
        report.lines = smallest.ops.len() as u64;
        report.text = smallest.to_string();
        break;
    }
    report.finished = true;
    if !report.caught {
        report.reason = match report.signature.is_empty() {
            true => format!("it did not show twice in {CANARY_CASES_MAX} sequences"),
            false => format!("{} operations are left of it", report.lines),
        };
    }
    Ok(report)
}

/// What is left of a sequence that shows the planted fault: an engine, a module, a store, an
/// instance, and two runs of it.
const CANARY_OPERATIONS_MAX: usize = 8;

/// What was held when somebody panicked is still sound: sums.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
