//! Runs one case at a time, each engine by itself, and survives all of them.
//!
//! This is the slow and exact way: it says which engine died in which step. The
//! campaign's lanes fall back on it when a worker dies, and minimisation lives on it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gainsay_case::{Case, EngineInfo, Limits, Outcome};
use gainsay_oracle::{Ending, Judgement, Rules, Run, judge};

use crate::error::CampaignError;
use crate::options::WorkerOptions;
use crate::process::{Event, Process, Told};
use crate::protocol::CaseRef;

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
    /// The last of the worker's standard error, if it died.
    pub(crate) stderr: String,
}

/// One worker for one case at a time.
pub(crate) struct Evaluator {
    options: WorkerOptions,
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

    /// Run and judge a case on the engines of these ids.
    pub(crate) fn judge(
        &mut self,
        case: &Case,
        ids: &[String],
        time_max: Duration,
    ) -> Result<(Judgement, Vec<(EngineInfo, Ran)>), CampaignError> {
        let mut runs = Vec::new();
        let wanted: Vec<EngineInfo> =
            self.engines.iter().filter(|engine| ids.contains(&engine.id)).cloned().collect();
        for engine in wanted {
            if let Some(ran) = self.run(case, &engine.id, time_max)? {
                runs.push((engine, ran));
            }
        }
        let borrowed: Vec<Run<'_>> =
            runs.iter().map(|(info, ran)| Run::new(info, &ran.outcome, &ran.ending)).collect();
        Ok((judge(case, &borrowed, &Rules::default()), runs))
    }

    /// Run a case on one engine in a worker that has run nothing else.
    pub(crate) fn run_alone(
        &mut self,
        case: &Case,
        engine: &str,
        time_max: Duration,
    ) -> Result<Option<Ran>, CampaignError> {
        self.process = None;
        self.run(case, engine, time_max)
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
        let mut process = match self.process.take() {
            Some(process) => process,
            None => self.start()?,
        };
        let id = self.next_id;
        self.next_id += 1;
        let cases = [CaseRef { id, engines: Some(&[engine]), commands: case }];
        process.send_batch(&cases, true);
        let start = Instant::now();
        let mut outcome = Outcome::default();
        let ending = loop {
            match process.wait_event(MEMORY_POLL) {
                Some(Event::Step { id: of, step, .. }) if of == id => outcome.steps.push(step),
                Some(Event::Result { id: of, what: Told::Outcome(told), micros, .. })
                    if of == id =>
                {
                    let ending = Ending::Completed;
                    self.process = Some(process);
                    let outcome = Arc::new(told);
                    return Ok(Some(Ran { outcome, ending, micros, stderr: String::new() }));
                }
                Some(Event::End | Event::Error(_)) => break None,
                Some(_) => {}
                None if start.elapsed() >= time_max => break Some(Ending::Hung),
                None => {}
            }
            if process.resident_bytes() > Some(self.options.resident_bytes_max) {
                break Some(Ending::OutOfMemory);
            }
        };
        let death = process.kill();
        let ending = match ending {
            Some(ending) => ending,
            None if death.is_from_outside() => return Ok(None),
            None => Ending::Crashed { signal: death.how },
        };
        let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
        Ok(Some(Ran { outcome: Arc::new(outcome), ending, micros, stderr: death.stderr }))
    }

    fn start(&self) -> Result<Process, CampaignError> {
        let ids: Vec<String> = self.engines.iter().map(|engine| engine.id.clone()).collect();
        Process::start(&self.options, &ids, &self.limits)
    }
}
