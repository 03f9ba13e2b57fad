//! Runs one case at a time, each engine by itself, and survives all of them.
//!
//! This is the slow and exact way: it says which engine died in which step. The
//! campaign's slots fall back on it when a worker dies, and minimisation lives on it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gainsay_case::{Case, Detail, EngineInfo, Limits, Outcome};
use gainsay_oracle::RunEnding;
use gainsay_protocol::{CaseLine, Event, ReportedOutcome, ToWorker, line};
use gainsay_supervisor::{EndedWorker, Fleet, Reply, Watch, WorkerEnd, WorkerSpec};

use crate::error::CampaignError;

/// How often a case is tried whose worker ends in a way that says nothing about the engine.
const TRIES_MAX: u32 = 3;

/// What one engine made of a case.
#[derive(Clone, Debug)]
pub(crate) struct EngineRun {
    pub(crate) outcome: Arc<Outcome>,
    pub(crate) ending: RunEnding,
    pub(crate) micros: u64,
    /// What the engine says of the last step that failed, beyond its class.
    pub(crate) detail: Option<Detail>,
    /// The last of the worker's standard error, if it died.
    pub(crate) stderr: String,
}

/// How long a case may take on an engine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CaseTime {
    /// By the clock.
    pub(crate) wall_max: Duration,
    /// By what the processor did for it, which other work on the machine does not change.
    pub(crate) processor_max: Option<Duration>,
}

impl From<Duration> for CaseTime {
    fn from(wall_max: Duration) -> CaseTime {
        CaseTime { wall_max, processor_max: None }
    }
}

/// What the end of a worker says about the engine that it was running; nothing, if the
/// worker was killed from outside or does not keep to the protocol.
pub(crate) fn ending(end: &WorkerEnd) -> Option<RunEnding> {
    match end {
        WorkerEnd::Exited(_) | WorkerEnd::Signalled(_) => {
            Some(RunEnding::Crashed { signal: end.to_string() })
        }
        WorkerEnd::TimedOut => Some(RunEnding::Hung),
        WorkerEnd::Memory => Some(RunEnding::OutOfMemory),
        WorkerEnd::Protocol(_) | WorkerEnd::KilledFromOutside(_) | WorkerEnd::Interrupted => None,
    }
}

/// One worker for one case at a time.
pub(crate) struct Evaluator {
    pub(crate) options: WorkerSpec,
    limits: Limits,
    /// All engines in it, as the worker describes them.
    pub(crate) engines: Vec<EngineInfo>,
    process: Option<Fleet>,
    incident: Option<WorkerEnd>,
    /// Ends of workers that say nothing about an engine, since they were last asked for.
    incidents: Vec<WorkerEnd>,
    /// Cases given to the worker so far.
    next_id: u64,
}

impl Evaluator {
    /// An evaluator over these engines; its worker starts when it is needed.
    pub(crate) fn new(options: &WorkerSpec, limits: &Limits, engines: &[EngineInfo]) -> Evaluator {
        Evaluator {
            options: options.clone(),
            limits: limits.clone(),
            engines: engines.to_vec(),
            process: None,
            incident: None,
            incidents: Vec::new(),
            next_id: 0,
        }
    }

    /// Run a case on the engines of these ids, in the evaluator's order. One whose worker
    /// is killed from outside again and again is missing.
    pub(crate) fn run_on(
        &mut self,
        case: &Case,
        ids: &[String],
        time: impl Into<CaseTime>,
    ) -> Result<Vec<(EngineInfo, EngineRun)>, CampaignError> {
        let time = time.into();
        let mut runs = Vec::new();
        let wanted: Vec<EngineInfo> =
            self.engines.iter().filter(|engine| ids.contains(&engine.id)).cloned().collect();
        for engine in wanted {
            if let Some(ran) = self.run(case, &engine.id, time)? {
                runs.push((engine, ran));
            }
        }
        Ok(runs)
    }

    /// Run a case on the engines of these ids, in the evaluator's order.
    ///
    /// # Errors
    /// [`CampaignError::EngineLost`] if one of them is missing: what the others did is then
    /// not what the caller asked for.
    pub(crate) fn run_on_all(
        &mut self,
        case: &Case,
        ids: &[String],
        time: impl Into<CaseTime>,
    ) -> Result<Vec<(EngineInfo, EngineRun)>, CampaignError> {
        let runs = self.run_on(case, ids, time)?;
        let is_missing = |id: &&String| !runs.iter().any(|(engine, _)| engine.id == **id);
        match ids.iter().find(is_missing) {
            None => Ok(runs),
            Some(id) => Err(self.lost(id)),
        }
    }

    /// That the engine of this id could not be run.
    pub(crate) fn lost(&self, id: &str) -> CampaignError {
        let end = self.incident.as_ref().map(WorkerEnd::to_string).unwrap_or_default();
        CampaignError::EngineLost { id: id.to_owned(), end, times: TRIES_MAX }
    }

    /// Run a case on one engine in a worker that has run nothing else.
    pub(crate) fn run_alone(
        &mut self,
        case: &Case,
        engine: &str,
        time_max: Duration,
    ) -> Result<Option<EngineRun>, CampaignError> {
        let ids = [engine.to_owned()];
        self.process = Some(Fleet::start(&self.options, &ids, &self.limits)?);
        let ran = self.run(case, engine, time_max);
        self.process = None;
        ran
    }

    /// Run a case on one engine; `None` if its worker ends again and again in a way that
    /// says nothing about the engine; see [`Evaluator::incident`].
    pub(crate) fn run(
        &mut self,
        case: &Case,
        engine: &str,
        time: impl Into<CaseTime>,
    ) -> Result<Option<EngineRun>, CampaignError> {
        let time = time.into();
        for _ in 0..TRIES_MAX {
            if let Some(ran) = self.try_run(case, engine, time)? {
                return Ok(Some(ran));
            }
        }
        Ok(None)
    }

    fn try_run(
        &mut self,
        case: &Case,
        engine: &str,
        time: CaseTime,
    ) -> Result<Option<EngineRun>, CampaignError> {
        let id = self.next_id();
        let engines = [engine.to_owned()];
        let cases = [CaseLine { id, engines: Some(&engines), commands: case }];
        let request = line(&ToWorker::Batch { cases: &cases, steps: true });
        let start = Instant::now();
        let (mut partial, mut detail) = (Outcome::default(), None);
        let unasked = |of: u64| Err(format!("an answer about case {of}, which was not asked for"));
        let answer = self.ask(engine, request, time, |event| match event {
            Event::Step { id: of, .. } | Event::Result { id: of, .. } if of != id => unasked(of),
            Event::Step { step, detail: said, .. } => {
                partial.steps.push(step);
                detail = said.or(detail.take());
                Ok(Reply::Unrelated)
            }
            Event::Result { what: ReportedOutcome::Outcome(outcome), micros, .. } => {
                Ok(Reply::Answer((outcome, micros)))
            }
            _ => Ok(Reply::Unrelated),
        })?;
        let elapsed = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
        Ok(match answer {
            Ok((outcome, micros)) => Some(EngineRun {
                outcome: Arc::new(outcome),
                ending: RunEnding::Completed,
                micros,
                detail,
                stderr: String::new(),
            }),
            Err(EndedWorker { end, stderr }) => ending(&end).map(|ending| EngineRun {
                outcome: Arc::new(partial),
                ending,
                micros: elapsed,
                detail,
                stderr,
            }),
        })
    }

    /// Send a request to the worker that has the engine, which starts if there is none, and
    /// wait for its answer.
    pub(crate) fn ask<T>(
        &mut self,
        engine: &str,
        request: Vec<u8>,
        time: impl Into<CaseTime>,
        on_event: impl FnMut(Event) -> Result<Reply<T>, String>,
    ) -> Result<Result<T, EndedWorker>, CampaignError> {
        let mut process = match self.process.take() {
            Some(process) => process,
            None => self.start()?,
        };
        let time = time.into();
        let WorkerSpec { resident_bytes_max, stop, .. } = &self.options;
        let watch = Watch {
            time_max: time.wall_max,
            resident_bytes_max: *resident_bytes_max,
            stop: stop.as_deref(),
        };
        let answer =
            process.ask_within(Some(engine), request, &watch, time.processor_max, on_event);
        match &answer {
            Ok(_) => self.process = Some(process),
            Err(EndedWorker { end: WorkerEnd::Interrupted, .. }) => {
                return Err(CampaignError::Interrupted);
            }
            Err(ended) if ending(&ended.end).is_none() => {
                self.incident = Some(ended.end.clone());
                self.incidents.push(ended.end.clone());
            }
            Err(_) => {}
        }
        Ok(answer)
    }

    /// How a worker last ended in a way that says nothing about its engine.
    pub(crate) fn incident(&self) -> Option<&WorkerEnd> {
        self.incident.as_ref()
    }

    /// Ends of workers that say nothing about an engine, since this was last asked.
    pub(crate) fn take_incidents(&mut self) -> Vec<WorkerEnd> {
        std::mem::take(&mut self.incidents)
    }

    /// Let the next case have a worker that has run nothing else.
    pub(crate) fn renew(&mut self) {
        self.process = None;
    }

    /// The most memory that the present worker has held, in bytes.
    pub(crate) fn peak_bytes(&self) -> Option<u64> {
        self.process.as_ref()?.peak_resident_bytes()
    }

    /// Whether the worker, which starts if there is none, has the engine of this id.
    pub(crate) fn offers(&mut self, id: &str) -> Result<bool, CampaignError> {
        if self.process.is_none() {
            self.process = Some(self.start()?);
        }
        let engines = self.process.iter().flat_map(|process| &process.engines);
        Ok(engines.into_iter().any(|engine| engine.id == id))
    }

    pub(crate) fn next_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn start(&self) -> Result<Fleet, CampaignError> {
        let ids: Vec<String> = self.engines.iter().map(|engine| engine.id.clone()).collect();
        Ok(Fleet::start(&self.options, &ids, &self.limits)?)
    }
}
