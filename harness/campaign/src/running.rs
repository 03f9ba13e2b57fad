//! A campaign at work: what its threads share.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use gainsay_findings::{
    Budget, CampaignEvent, CanaryReport, CaseRef, Findings, KnownShape, Manifest, Part, PartId,
    Phase, Progress, Ranges, Signature, Sink, State, Totals, WITNESSES_MAX, Witnesses, report,
};
use gainsay_supervisor::WorkerSpec;

use crate::error::CampaignError;
use crate::incident::incident;
use crate::options::HuntOptions;
use crate::setup::Setup;
use crate::workload::{Minimise, Record, Workload};

/// How long the minimising thread sleeps when there is nothing to minimise.
const IDLE: Duration = Duration::from_millis(50);

/// How often a minimisation is begun whose workers somebody kills.
const LOST_MAX: u32 = 2;

/// What the threads of a campaign share.
pub(crate) struct Running<'a> {
    pub(crate) setup: Setup,
    sink: &'a dyn Sink,
    pub(crate) worker: WorkerSpec,
    pub(crate) start: Instant,
    cases_before: u64,
    seconds_before: f64,
    /// No further batch is begun.
    pub(crate) is_over: AtomicBool,
    /// Everything ends soon: what is half done is dropped.
    pub(crate) stops: AtomicBool,
    pub(crate) lanes_are_done: AtomicBool,
    part: Mutex<Part>,
    witnesses: Mutex<Witnesses>,
    /// How known bugs show, once that is known.
    known: OnceLock<Vec<KnownShape>>,
    /// Witnesses that some thread has begun to minimise.
    begun: Mutex<Vec<Job>>,
    fault: Mutex<Option<String>>,
}

/// A signature before minimisation, and a case that shows it.
type Job = (Signature, CaseRef);

impl Record for Running<'_> {
    fn record(&self, ordinals: Range<u64>, totals: &Totals) {
        let mut part = lock(&self.part);
        part.done.insert(ordinals);
        part.totals.merge(totals);
    }
}

impl<'a> Running<'a> {
    pub(crate) fn new(
        mut setup: Setup,
        options: &HuntOptions,
        sink: &'a dyn Sink,
        start: Instant,
    ) -> Running<'a> {
        let part = setup.part.clone();
        let witnesses = std::mem::take(&mut setup.witnesses).into_iter();
        let witnesses: Witnesses = witnesses
            .map(|minimised| ((minimised.base.clone(), minimised.witness), minimised))
            .collect();
        Running {
            worker: setup.worker(&options.worker),
            sink,
            start,
            cases_before: part.totals.tally.cases,
            seconds_before: part.seconds,
            is_over: AtomicBool::new(false),
            stops: AtomicBool::new(false),
            lanes_are_done: AtomicBool::new(false),
            begun: Mutex::new(witnesses.keys().cloned().collect()),
            part: Mutex::new(part),
            witnesses: Mutex::new(witnesses),
            known: setup.known.take().map_or_else(OnceLock::new, OnceLock::from),
            fault: Mutex::new(None),
            setup,
        }
    }

    pub(crate) fn part_and_done(&self) -> (PartId, Ranges) {
        let part = lock(&self.part);
        (part.id, part.done.clone())
    }

    /// Time that the campaign has taken, that before it was resumed included.
    pub(crate) fn elapsed(&self) -> Duration {
        let before = Duration::try_from_secs_f64(self.seconds_before).unwrap_or_default();
        before + self.start.elapsed()
    }

    /// End soon.
    pub(crate) fn stop(&self) {
        self.is_over.store(true, Ordering::Relaxed);
        self.stops.store(true, Ordering::Relaxed);
    }

    /// End soon, because of a fault that is not the engines'. The first one counts.
    pub(crate) fn fail(&self, fault: &str) {
        lock(&self.fault).get_or_insert_with(|| fault.to_owned());
        self.stop();
    }

    pub(crate) fn fault(&self) -> Option<String> {
        lock(&self.fault).clone()
    }

    /// Let the campaign's directory and its user know of something. What cannot be kept ends
    /// the campaign.
    pub(crate) fn tell(&self, event: CampaignEvent<'_>) {
        let directory: &dyn Sink = &self.setup.directory;
        for sink in [directory, self.sink] {
            if let Err(error) = sink.take(event) {
                self.fail(&error);
            }
        }
    }

    /// The state as of now.
    pub(crate) fn state(&self) -> State {
        let mut part = lock(&self.part).clone();
        part.seconds = self.seconds_before + self.start.elapsed().as_secs_f64();
        State::new(vec![part])
    }

    /// Replace `progress.json`.
    pub(crate) fn save(&self) {
        let state = self.state();
        self.tell(CampaignEvent::State(&state));
    }

    /// Whether an earlier run of this campaign has settled the canary.
    pub(crate) fn has_canary(&self) -> bool {
        lock(&self.part).canary.finished
    }

    pub(crate) fn set_canary(&self, report: CanaryReport) {
        lock(&self.part).canary = report;
    }

    /// Whether the budget was used up; if not, the campaign can be gone on with.
    pub(crate) fn note_end(&self) {
        let mut part = lock(&self.part);
        let short = match self.setup.manifest.budget {
            Budget::Cases(cases) => part.done.count() < part.id.shard.cases_of(cases),
            Budget::Time(time) => self.elapsed() < time,
        };
        part.interrupted = short || !self.is_all_minimised(&part.totals);
    }

    fn is_all_minimised(&self, totals: &Totals) -> bool {
        let witnesses = lock(&self.witnesses);
        totals.ledger.iter().all(|(base, bucket)| {
            bucket.witnesses.iter().all(|witness| witnesses.contains_key(&(base.clone(), *witness)))
        })
    }

    pub(crate) fn progress(&self, phase: Phase) -> Progress {
        let part = lock(&self.part);
        let elapsed = self.start.elapsed();
        let tally = &part.totals.tally;
        let rate = (tally.cases - self.cases_before) as f64 / elapsed.as_secs_f64().max(1e-3);
        let share = |cases| part.id.shard.cases_of(cases);
        let budget = self.setup.manifest.budget;
        let (cases_max, eta) = budget.outlook(share, tally.cases, rate, self.elapsed());
        Progress {
            cases: tally.cases,
            cases_max,
            cases_per_second: rate,
            useful_rate: tally.cases_compared as f64 / tally.cases.max(1) as f64,
            findings: part.totals.ledger.len() as u64,
            witnesses: part.totals.ledger.values().map(|b| b.witnesses.len() as u64).sum(),
            witnesses_minimised: lock(&self.witnesses).len() as u64,
            elapsed,
            eta: match phase {
                Phase::Hunting => eta,
                Phase::Minimising => None,
            },
            phase,
        }
    }

    /// The findings as of now.
    pub(crate) fn findings(&self, workload: &dyn Workload) -> Findings {
        let totals = lock(&self.part).totals.clone();
        let witnesses = lock(&self.witnesses).clone();
        let raw = |base: &Signature, witness| workload.as_generated(base, witness);
        let known = self.known.get().map(Vec::as_slice).unwrap_or_default();
        let Manifest { engines, workers, .. } = &self.setup.manifest;
        report::findings(&totals, &witnesses, known, engines, workers, &raw)
    }

    /// While cases are run: write what is found, and minimise it; then what is left.
    pub(crate) fn minimise_while_hunting(&self, workload: &dyn Workload) {
        let mut minimiser = workload.minimiser(&self.stops);
        let mut known = lock(&self.part).totals.ledger.len();
        while !self.lanes_are_done.load(Ordering::Relaxed) {
            let signatures = lock(&self.part).totals.ledger.len();
            if signatures != known {
                // A finding is on the disk before any work is spent on it.
                known = signatures;
                self.write_findings(workload);
                self.find_known(workload);
            }
            match self.next_job() {
                Some(job) => {
                    self.minimise(&mut *minimiser, &job);
                    self.write_findings(workload);
                }
                None => thread::sleep(IDLE),
            }
        }
        if !lock(&self.part).totals.ledger.is_empty() {
            self.find_known(workload);
        }
        self.minimise_rest(workload);
    }

    /// Learn how known bugs show, before the first finding is told from them.
    fn find_known(&self, workload: &dyn Workload) {
        if self.known.get().is_some() {
            return;
        }
        match workload.known_bugs(&self.stops) {
            Ok(Some(known)) => {
                self.tell(CampaignEvent::Known(&known));
                // One thread alone does this.
                let _ = self.known.set(known);
            }
            Ok(None) => {}
            Err(error) => self.fail(&error.to_string()),
        }
    }

    /// After the last case: minimise what is left.
    pub(crate) fn minimise_rest(&self, workload: &dyn Workload) {
        let mut minimiser = workload.minimiser(&self.stops);
        while let Some(job) = self.next_job() {
            self.minimise(&mut *minimiser, &job);
        }
    }

    fn write_findings(&self, workload: &dyn Workload) {
        let findings = self.findings(workload);
        self.tell(CampaignEvent::Findings(&findings.new));
    }

    /// The first witness that nobody has begun with: the lowest one of each
    /// signature comes before any second one.
    fn next_job(&self) -> Option<Job> {
        if self.stops.load(Ordering::Relaxed) {
            return None;
        }
        let part = lock(&self.part);
        let mut begun = lock(&self.begun);
        let jobs = (0..WITNESSES_MAX).flat_map(|rank| {
            part.totals.ledger.iter().filter_map(move |(base, bucket)| {
                Some((base.clone(), *bucket.witnesses.iter().nth(rank)?))
            })
        });
        let job = jobs.into_iter().find(|job| !begun.contains(job))?;
        begun.push(job.clone());
        Some(job)
    }

    fn minimise(&self, minimiser: &mut dyn Minimise, job: &Job) {
        let mut minimised = minimiser.minimise(&job.0, job.1);
        let mut lost = 0;
        while let Err(CampaignError::EngineLost { .. }) = &minimised {
            lost += 1;
            if lost >= LOST_MAX || self.stops.load(Ordering::Relaxed) {
                // The campaign is not complete then, and a resumed one tries again.
                lock(&self.part).totals.incident("minimisation_given_up");
                minimised = Ok(None);
                break;
            }
            minimised = minimiser.minimise(&job.0, job.1);
        }
        for end in minimiser.take_incidents() {
            lock(&self.part).totals.incident(&incident(&end));
        }
        match minimised {
            Ok(Some(minimised)) => {
                self.tell(CampaignEvent::Witness(&minimised));
                lock(&self.witnesses).insert(job.clone(), minimised);
            }
            Ok(None) => {}
            Err(error) => self.fail(&error.to_string()),
        }
    }
}

/// A thread that panicked has its panic reported; what it held is still sound,
/// because every change under these locks is a single insertion or merge.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
