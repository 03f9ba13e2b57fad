//! Carries sequences out one at a time, in a worker that may die of them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gainsay_case::{CaseKind, EngineInfo, Limits};
use gainsay_lifecycle::{FailureKind, ResourceSnapshot, Scenario, SequenceFailure};
use gainsay_protocol::{Event, SequenceResult, ToWorker, line};
use gainsay_supervisor::{EndedWorker, Fleet, Reply, Watch, WorkerEnd, WorkerSpec};

use crate::error::CampaignError;

/// How often a sequence is tried whose worker ends in a way that says nothing about it.
const TRIES_MAX: u32 = 3;

/// Carries sequences out by their text.
pub(super) struct Runner<'a> {
    spec: WorkerSpec,
    ids: Vec<String>,
    process: Option<Fleet>,
    next_id: u64,
    /// Set when no answer is wanted any more.
    stops: Option<&'a AtomicBool>,
}

/// What became of a sequence.
#[derive(Debug, Default)]
pub(super) struct SequenceRun {
    /// As the worker told it, failures that are its end included.
    pub(super) result: SequenceResult,
    /// Whether a failure of it is that the worker ended.
    pub(super) is_deadly: bool,
    /// What the process has of the system after it.
    pub(super) resources: Option<ResourceSnapshot>,
    /// The last of the worker's standard error, if that ended.
    pub(super) stderr: String,
    /// How the worker ended if that says nothing about the engine: nothing was learnt then.
    pub(super) incident: Option<WorkerEnd>,
}

impl<'a> Runner<'a> {
    pub(super) fn new(
        worker: &WorkerSpec,
        ids: &[String],
        stops: Option<&'a AtomicBool>,
    ) -> Runner<'a> {
        let spec = WorkerSpec { kind: CaseKind::Sequences, ..worker.clone() };
        Runner { spec, ids: ids.to_vec(), process: None, next_id: 0, stops }
    }

    /// Those of the engines asked for that carry sequences out.
    pub(super) fn engines(&mut self) -> Result<Vec<EngineInfo>, CampaignError> {
        Ok(self.process()?.engines.clone())
    }

    /// Whether nothing that it says counts any more.
    pub(super) fn is_stopped(&self) -> bool {
        self.stops.is_some_and(|stops| stops.load(Ordering::Relaxed))
    }

    /// Another worker for the next sequence.
    pub(super) fn renew(&mut self) {
        self.process = None;
    }

    fn process(&mut self) -> Result<&mut Fleet, CampaignError> {
        let process = match self.process.take() {
            Some(process) => process,
            None => Fleet::start(&self.spec, &self.ids, &Limits::default())?,
        };
        Ok(self.process.insert(process))
    }

    /// Carry a sequence out on these engines, so many times; each may take `time_max`.
    pub(super) fn run(
        &mut self,
        scenario: &Scenario,
        engines: &[String],
        times: u32,
        time_max: Duration,
    ) -> Result<SequenceRun, CampaignError> {
        let mut ran = SequenceRun::default();
        for _ in 0..TRIES_MAX {
            ran = self.try_run(scenario, engines, times, time_max)?;
            if ran.incident.is_none() || self.is_stopped() {
                break;
            }
        }
        Ok(ran)
    }

    fn try_run(
        &mut self,
        scenario: &Scenario,
        engines: &[String],
        times: u32,
        time_max: Duration,
    ) -> Result<SequenceRun, CampaignError> {
        self.next_id += 1;
        let (id, text) = (self.next_id, scenario.to_string());
        let request = line(&ToWorker::Scenario { id, text: &text, engines, times });
        let WorkerSpec { resident_bytes_max, stop, .. } = &self.spec;
        let (resident_bytes_max, stop) = (*resident_bytes_max, stop.clone());
        let watch = Watch { time_max, resident_bytes_max, stop: self.stops.or(stop.as_deref()) };
        let mut ran = SequenceRun::default();
        let mut current = String::new();
        let answer = self.process()?.ask(None, request, &watch, |event| match event {
            Event::Begin { id: of, engine } if of == id => {
                current = engine;
                Ok(Reply::Progress)
            }
            Event::Sequence(result) if result.id == id => {
                ran.result.compared |= result.compared;
                ran.result.failures.extend(result.failures);
                ran.result.tally.merge(&result.tally);
                ran.result.spent.extend(result.spent);
                Ok(Reply::Progress)
            }
            Event::Begin { id: of, .. } | Event::Sequence(SequenceResult { id: of, .. }) => {
                Err(format!("an answer about sequence {of}, which was not asked for"))
            }
            Event::Done { resources } => Ok(Reply::Answer(resources)),
            _ => Ok(Reply::Unrelated),
        });
        match answer {
            Ok(resources) => ran.resources = resources,
            Err(EndedWorker { end, stderr }) => {
                self.process = None;
                ran.stderr = stderr;
                match failure(&end, &current, time_max) {
                    Some(failure) => {
                        ran.is_deadly = true;
                        ran.result.failures.push(failure);
                    }
                    None => ran.incident = Some(end),
                }
            }
        }
        Ok(ran)
    }
}

/// What the end of a worker says about the engine that it was at, if anything.
fn failure(end: &WorkerEnd, engine: &str, time_max: Duration) -> Option<SequenceFailure> {
    let (kind, class, seen) = match end {
        WorkerEnd::Exited(_) | WorkerEnd::Signalled(_) => {
            (FailureKind::Crash, end.to_string(), end.to_string())
        }
        WorkerEnd::TimedOut => {
            let seen = format!("no end after {} s", time_max.as_secs());
            (FailureKind::Hang, "no end".to_owned(), seen)
        }
        WorkerEnd::Memory => (FailureKind::Memory, "too much".to_owned(), end.to_string()),
        WorkerEnd::Protocol(_) | WorkerEnd::KilledFromOutside(_) | WorkerEnd::Interrupted => {
            return None;
        }
    };
    Some(SequenceFailure {
        kind,
        backend: engine.to_owned(),
        at: 0,
        operation: "somewhere".to_owned(),
        expected: "an end".to_owned(),
        class,
        seen,
    })
}
