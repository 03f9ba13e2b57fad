//! Runs one case at a time, each engine by itself, and survives all of them.
//!
//! This is the slow and exact way: it says which engine died in which step. The
//! campaign's lanes fall back on it when a worker dies, and minimisation lives on it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gainsay_case::{Case, Detail, EngineInfo, Limits, Outcome};
use gainsay_oracle::Ending;

use crate::error::CampaignError;
use crate::options::WorkerOptions;
use crate::process::{Event, Process, Told};
use crate::protocol::{CaseRef, ToWorker, line};

/// How often a worker's memory is looked at.
pub(crate) const MEMORY_POLL: Duration = Duration::from_millis(50);

/// How often a case is tried again whose worker is killed from outside.
const OUTSIDE_KILLS_MAX: u32 = 3;

/// What one engine made of a case.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    pub(crate) outcome: Arc<Outcome>,
    pub(crate) ending: Ending,
    pub(crate) micros: u64,
    /// What the engine says of the last step that failed, beyond its class.
    pub(crate) detail: Option<Detail>,
    /// The last of the worker's standard error, if it died.
    pub(crate) stderr: String,
}

/// How a request ended.
pub(crate) enum Answer<T> {
    Told(T),
    /// The process died or had to be killed; the last of its standard error.
    Ended(Ending, String),
    KilledFromOutside,
}

/// How long an answer may take.
struct Patience {
    time_max: Duration,
    /// Whether each event begins the time anew.
    is_renewed: bool,
}

/// One worker for one case at a time.
pub(crate) struct Evaluator {
    pub(crate) options: WorkerOptions,
    limits: Limits,
    /// All engines in it, as the worker describes them.
    pub(crate) engines: Vec<EngineInfo>,
    process: Option<Process>,
    /// Cases given to the worker so far.
    next_id: u64,
}

impl Evaluator {
    /// An evaluator over these engines; its worker starts when it is needed.
    pub(crate) fn new(
        options: &WorkerOptions,
        limits: &Limits,
        engines: &[EngineInfo],
    ) -> Evaluator {
        Evaluator {
            options: options.clone(),
            limits: limits.clone(),
            engines: engines.to_vec(),
            process: None,
            next_id: 0,
        }
    }

    /// Run a case on the engines of these ids, in the evaluator's order. One whose worker
    /// is killed from outside again and again is missing.
    pub(crate) fn run_on(
        &mut self,
        case: &Case,
        ids: &[String],
        time_max: Duration,
    ) -> Result<Vec<(EngineInfo, Ran)>, CampaignError> {
        let mut runs = Vec::new();
        let wanted: Vec<EngineInfo> =
            self.engines.iter().filter(|engine| ids.contains(&engine.id)).cloned().collect();
        for engine in wanted {
            if let Some(ran) = self.run(case, &engine.id, time_max)? {
                runs.push((engine, ran));
            }
        }
        Ok(runs)
    }

    /// Run a case on one engine in a worker that has run nothing else.
    pub(crate) fn run_alone(
        &mut self,
        case: &Case,
        engine: &str,
        time_max: Duration,
    ) -> Result<Option<Ran>, CampaignError> {
        let ids = [engine.to_owned()];
        self.process = Some(Process::start(&self.options, &ids, &self.limits)?);
        let ran = self.run(case, engine, time_max);
        self.process = None;
        ran
    }

    /// Run a case on one engine; `None` if its worker is killed from outside again
    /// and again, which says nothing about the engine.
    pub(crate) fn run(
        &mut self,
        case: &Case,
        engine: &str,
        time_max: Duration,
    ) -> Result<Option<Ran>, CampaignError> {
        for _ in 0..OUTSIDE_KILLS_MAX {
            if let Some(ran) = self.try_run(case, engine, time_max)? {
                return Ok(Some(ran));
            }
        }
        Ok(None)
    }

    fn try_run(
        &mut self,
        case: &Case,
        engine: &str,
        time_max: Duration,
    ) -> Result<Option<Ran>, CampaignError> {
        let id = self.next_id();
        let engines = [engine.to_owned()];
        let cases = [CaseRef { id, engines: Some(&engines), commands: case }];
        let request = line(&ToWorker::Batch { cases: &cases, steps: true });
        let start = Instant::now();
        let (mut partial, mut detail) = (Outcome::default(), None);
        let answer = self.ask(request, time_max, |event| match event {
            Event::Step { id: of, step, detail: told } if of == id => {
                partial.steps.push(step);
                detail = told.or(detail.take());
                None
            }
            Event::Result { id: of, what: Told::Outcome(told), micros, .. } if of == id => {
                Some((told, micros))
            }
            _ => None,
        })?;
        let elapsed = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
        Ok(match answer {
            Answer::Told((outcome, micros)) => Some(Ran {
                outcome: Arc::new(outcome),
                ending: Ending::Completed,
                micros,
                detail,
                stderr: String::new(),
            }),
            Answer::Ended(ending, stderr) => {
                Some(Ran { outcome: Arc::new(partial), ending, micros: elapsed, detail, stderr })
            }
            Answer::KilledFromOutside => None,
        })
    }

    /// Send a request and wait for what `wanted` takes for its answer.
    fn ask<T>(
        &mut self,
        request: Vec<u8>,
        time_max: Duration,
        wanted: impl FnMut(Event) -> Option<T>,
    ) -> Result<Answer<T>, CampaignError> {
        self.wait(request, Patience { time_max, is_renewed: false }, wanted)
    }

    /// The same, with so much time from each event to the next.
    pub(crate) fn ask_patiently<T>(
        &mut self,
        request: Vec<u8>,
        time_max: Duration,
        wanted: impl FnMut(Event) -> Option<T>,
    ) -> Result<Answer<T>, CampaignError> {
        self.wait(request, Patience { time_max, is_renewed: true }, wanted)
    }

    fn wait<T>(
        &mut self,
        request: Vec<u8>,
        patience: Patience,
        mut wanted: impl FnMut(Event) -> Option<T>,
    ) -> Result<Answer<T>, CampaignError> {
        let mut process = match self.process.take() {
            Some(process) => process,
            None => self.start()?,
        };
        process.send(request);
        let mut start = Instant::now();
        let mut polled = start;
        let cause = loop {
            match process.wait_event(MEMORY_POLL) {
                Some(Event::End | Event::Error(_)) => break None,
                Some(event) => {
                    if let Some(told) = wanted(event) {
                        self.process = Some(process);
                        return Ok(Answer::Told(told));
                    }
                    if patience.is_renewed {
                        start = Instant::now();
                    }
                }
                None => {}
            }
            if start.elapsed() >= patience.time_max {
                break Some(Ending::Hung);
            }
            if polled.elapsed() >= MEMORY_POLL {
                polled = Instant::now();
                if process.resident_bytes() > Some(self.options.resident_bytes_max) {
                    break Some(Ending::OutOfMemory);
                }
            }
        };
        let death = process.kill();
        Ok(match cause {
            Some(ending) => Answer::Ended(ending, death.stderr),
            None if death.is_from_outside() => Answer::KilledFromOutside,
            None => Answer::Ended(Ending::Crashed { signal: death.how }, death.stderr),
        })
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

    fn start(&self) -> Result<Process, CampaignError> {
        let ids: Vec<String> = self.engines.iter().map(|engine| engine.id.clone()).collect();
        Process::start(&self.options, &ids, &self.limits)
    }
}
