//! One job of a campaign: a worker kept busy, its results judged.
//!
//! While the worker executes a batch, the next ones wait in its pipe and a
//! generator thread prepares more, so that the worker is never idle: the campaign
//! takes little longer than the engines themselves.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use gainsay_case::{Case, EngineInfo, Limits, Step};
use gainsay_findings::Totals;
use gainsay_generate::Reach;
use gainsay_oracle::{Run, RunEnding};
use gainsay_protocol::Event;
use gainsay_supervisor::{Fleet, MEMORY_POLL, SupervisorError, WorkerEnd, WorkerEvent, WorkerSpec};

use crate::batch::{Batch, BatchCase};
use crate::error::CampaignError;
use crate::evaluate::{EngineRun, Evaluator};
use crate::incident::incident;
use crate::judge::Judge;
use crate::workload::Record;

/// Batches given to the worker and not yet back.
const IN_FLIGHT_MAX: usize = 3;

/// How long an interrupted campaign waits for what is in flight.
const STOP_TIME_MAX: Duration = Duration::from_secs(2);

/// Deaths of workers that nothing explains, in a row, before a slot gives up.
const UNEXPLAINED_MAX: u32 = 50;

/// Cases after which a worker is replaced. Compilers and allocators keep a little of
/// each module they meet, and some keep much of a big one: 200 MiB after 100,000 cases
/// where 20,000 leave 110. A new worker costs less than a hundredth of this many cases.
const CASES_PER_WORKER: usize = 10_000;

/// What a slot works with.
pub(crate) struct SlotSetup<'a> {
    pub(crate) options: &'a WorkerSpec,
    pub(crate) limits: &'a Limits,
    pub(crate) engines: &'a [EngineInfo],
    /// Set to end soon; what is in flight then may be dropped.
    pub(crate) stop: &'a AtomicBool,
    /// Takes in a judged batch.
    pub(crate) record: &'a (dyn Record + Sync),
}

/// Why a worker is given up.
enum Trouble {
    /// It has ended, or is about to.
    HasEnded,
    /// It is to be ended for this reason.
    ToEnd(WorkerEnd),
}

pub(crate) struct WorkerSlot<'a> {
    setup: SlotSetup<'a>,
    ids: Vec<String>,
    process: Fleet,
    /// Cases that this process was given.
    cases_sent: usize,
    in_flight: VecDeque<Batch>,
    /// When the worker last got on: it gave a result, or was given work after it had none.
    /// Whatever else it says does not count.
    progressed: Instant,
    polled: Instant,
    /// What happened since the last batch was recorded.
    incidents: Totals,
    unexplained: u32,
    judge: Judge,
}

impl<'a> WorkerSlot<'a> {
    /// A slot with a started worker.
    pub(crate) fn new(setup: SlotSetup<'a>) -> Result<WorkerSlot<'a>, CampaignError> {
        let ids: Vec<String> = setup.engines.iter().map(|engine| engine.id.clone()).collect();
        let process = Fleet::start(setup.options, &ids, setup.limits)?;
        let judge = Judge::new(setup.options, setup.limits);
        let now = Instant::now();
        Ok(WorkerSlot {
            setup,
            ids,
            process,
            cases_sent: 0,
            in_flight: VecDeque::new(),
            progressed: now,
            polled: now,
            incidents: Totals::default(),
            unexplained: 0,
            judge,
        })
    }

    /// Run all batches that arrive, until there are no more or it is time to stop.
    pub(crate) fn run(&mut self, batches: Receiver<Batch>) -> Result<(), CampaignError> {
        let mut stopping: Option<Instant> = None;
        loop {
            if self.is_worn() && self.in_flight.is_empty() {
                self.renew()?;
            }
            let more = stopping.is_none() && (self.is_worn() || self.fill(&batches));
            if self.in_flight.is_empty() && !more {
                return Ok(());
            }
            if self.setup.stop.load(Ordering::Relaxed) {
                let since = *stopping.get_or_insert_with(Instant::now);
                if since.elapsed() > STOP_TIME_MAX {
                    return Ok(());
                }
            }
            if let Some(trouble) = self.listen() {
                self.recover(trouble)?;
            }
            self.finish_batches()?;
        }
    }

    /// Whether the worker has done its share: it gets no more, and is replaced when
    /// nothing is in flight.
    fn is_worn(&self) -> bool {
        self.cases_sent >= CASES_PER_WORKER
    }

    /// Go on with a new worker.
    fn renew(&mut self) -> Result<(), CampaignError> {
        self.process = Fleet::start(self.setup.options, &self.ids, self.setup.limits)?;
        self.cases_sent = 0;
        self.progressed = Instant::now();
        Ok(())
    }

    /// Keep the worker's queue full. False if there are no more batches.
    fn fill(&mut self, batches: &Receiver<Batch>) -> bool {
        while self.in_flight.len() < IN_FLIGHT_MAX {
            let batch = match self.in_flight.is_empty() {
                true => batches.recv().map_err(|_| TryRecvError::Disconnected),
                false => batches.try_recv(),
            };
            match batch {
                Ok(batch) => {
                    if self.in_flight.is_empty() {
                        self.progressed = Instant::now();
                    }
                    self.process.send(batch.request(&self.ids));
                    self.cases_sent += batch.cases.len();
                    self.in_flight.push_back(batch);
                }
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
        true
    }

    /// Take in what the worker says, until a batch is complete or nothing comes.
    fn listen(&mut self) -> Option<Trouble> {
        while self.in_flight.front().is_some_and(|batch| !batch.is_complete()) {
            if self.polled.elapsed() >= MEMORY_POLL {
                self.polled = Instant::now();
                if self.process.resident_bytes() > Some(self.setup.options.resident_bytes_max) {
                    return Some(Trouble::ToEnd(WorkerEnd::Memory));
                }
            }
            let event = self.process.wait_event(MEMORY_POLL);
            let is_silent = event.is_none();
            match event {
                Some(WorkerEvent::Line(event, arrived)) => {
                    if let Err(text) = self.take(event, arrived) {
                        return Some(Trouble::ToEnd(WorkerEnd::Protocol(text)));
                    }
                }
                Some(WorkerEvent::End) => return Some(Trouble::HasEnded),
                None => {}
            }
            if self.progressed.elapsed() >= self.setup.options.case_time_max {
                return Some(Trouble::ToEnd(WorkerEnd::TimedOut));
            }
            if is_silent {
                return None;
            }
        }
        None
    }

    /// Take in a line of the worker; the error says how it breaks the protocol.
    fn take(&mut self, event: Event, arrived: Instant) -> Result<(), String> {
        match event {
            Event::Result { id, engine, micros, what } => {
                let batches = self.in_flight.iter_mut();
                let mut cases = batches.flat_map(|batch| &mut batch.cases);
                let case = cases.find(|case| case.index == id && !case.is_complete());
                let case =
                    case.ok_or_else(|| format!("a result of case {id}, which is not open"))?;
                case.take(&self.ids, &engine, micros, what)?;
                self.progressed = arrived.max(self.progressed);
                Ok(())
            }
            Event::Error(text) => Err(text),
            _ => Ok(()),
        }
    }

    /// Find out alone what the worker ended of, then go on with a new one.
    fn recover(&mut self, trouble: Trouble) -> Result<(), CampaignError> {
        let (end, engines) = match trouble {
            Trouble::HasEnded => (self.process.wait().end, self.process.ended_engines()),
            Trouble::ToEnd(end) => (self.process.kill(end).end, Vec::new()),
        };
        let ended = |engine: &usize| engines.is_empty() || engines.contains(&self.ids[*engine]);
        let open = self.in_flight.iter_mut().flat_map(|batch| &mut batch.cases);
        let suspect = open.into_iter().find(|case| case.misses(ended));
        if let Some(suspect) = suspect {
            let mut evaluator =
                Evaluator::new(self.setup.options, self.setup.limits, self.setup.engines);
            let explained = complete_alone(suspect, &mut evaluator, self.setup.options)?;
            if !explained {
                self.incidents.incident(&incident(&end));
            }
            self.unexplained = if explained { 0 } else { self.unexplained + 1 };
            if self.unexplained > UNEXPLAINED_MAX {
                let program = self.setup.options.program.clone().unwrap_or_default();
                let times = UNEXPLAINED_MAX;
                let reason = format!("no case explains why it ended {times} times in a row: {end}");
                return Err(SupervisorError::Worker { program, reason }.into());
            }
        }
        self.renew()?;
        for batch in self.in_flight.iter().filter(|batch| !batch.is_complete()) {
            self.process.send(batch.request(&self.ids));
        }
        Ok(())
    }

    /// Judge and hand over every batch at the front that is complete.
    fn finish_batches(&mut self) -> Result<(), CampaignError> {
        while self.in_flight.front().is_some_and(Batch::is_complete) {
            let Some(batch) = self.in_flight.pop_front() else { break };
            self.unexplained = 0;
            let mut totals = std::mem::take(&mut self.incidents);
            totals.discard("not_generated", batch.discarded);
            totals.reach.clone_from(&batch.reach);
            for case in &batch.cases {
                match record(case, &self.setup, &mut self.judge, &mut totals) {
                    // Somebody kills the reference's worker: the case cannot be judged.
                    Err(CampaignError::EngineLost { .. }) => totals.discard("engine_lost", 1),
                    recorded => recorded?,
                }
                for end in self.judge.take_incidents() {
                    totals.incident(&incident(&end));
                }
            }
            self.setup.record.record(batch.ordinals, &totals);
        }
        Ok(())
    }
}

/// Judge one case and add it up.
fn record(
    case: &BatchCase,
    setup: &SlotSetup<'_>,
    judge: &mut Judge,
    totals: &mut Totals,
) -> Result<(), CampaignError> {
    let runs: Vec<(&EngineInfo, &EngineRun)> = std::iter::zip(setup.engines, &case.runs)
        .filter_map(|(engine, ran)| Some((engine, ran.as_ref()?)))
        .collect();
    let Reach { modules, steps, .. } = &case.content;
    let outcomes = runs.iter().map(|(engine, ran)| (*engine, &*ran.outcome));
    totals.proposals.record(modules, steps, outcomes);
    let judgement = judge.judge(&case.case, runs.iter().copied())?;
    let judged: Vec<Run<'_>> =
        runs.iter().map(|(engine, ran)| Run::new(engine, &ran.outcome, &ran.ending)).collect();
    let timed = std::iter::zip(&judged, runs.iter().map(|(_, ran)| ran.micros));
    totals.record(case.origin, &module_sizes(&case.case), timed, &judgement);
    Ok(())
}

fn module_sizes(case: &Case) -> Vec<usize> {
    let size = |step: &Step| match step {
        Step::Define { bytes, .. } => Some(bytes.len()),
        _ => None,
    };
    case.steps.iter().filter_map(size).collect()
}

/// Run what is missing of a case, each engine in a process of its own. True if one
/// of them ended badly there too, which explains why the slot's worker had to go.
fn complete_alone(
    case: &mut BatchCase,
    evaluator: &mut Evaluator,
    options: &WorkerSpec,
) -> Result<bool, CampaignError> {
    let ids: Vec<String> = evaluator.engines.iter().map(|engine| engine.id.clone()).collect();
    let mut explained = false;
    for position in case.asked.clone() {
        if case.runs[position].is_some() {
            continue;
        }
        let engine = &ids[position];
        let time_max = options.case_time_max * 3;
        let mut ran = evaluator.run_alone(&case.case, engine, time_max)?;
        let is_bad = |ran: &Option<EngineRun>| {
            ran.as_ref().is_some_and(|ran| ran.ending != RunEnding::Completed)
        };
        if is_bad(&ran) && explained {
            // The slot's death is explained already, so this is the first sight of it.
            ran = evaluator.run_alone(&case.case, engine, time_max)?;
        }
        explained |= is_bad(&ran);
        case.runs[position] = ran;
    }
    case.is_given_up = !case.is_complete();
    Ok(explained)
}
