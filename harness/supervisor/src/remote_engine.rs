//! An engine that a worker serves, one case at a time.

use std::sync::{Mutex, PoisonError};

use gainsay_case::{Case, EngineInfo, Limits, Outcome};
use gainsay_protocol::{CaseLine, Event, ReportedOutcome, ToWorker, line};

use crate::ask::{Reply, Watch};
use crate::error::SupervisorError;
use crate::fleet::Fleet;
use crate::spec::WorkerSpec;
use crate::worker_process::EndedWorker;

/// An engine in a worker process. The process starts with the first case, serves many, and is
/// replaced when it has ended or other limits are asked for.
#[derive(Debug)]
pub struct RemoteEngine {
    spec: WorkerSpec,
    info: EngineInfo,
    serving: Mutex<Option<Serving>>,
}

#[derive(Debug)]
struct Serving {
    process: Fleet,
    limits: Limits,
    next_id: u64,
}

/// Why a case has no outcome.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// The worker ended while the case was running.
    #[error("the worker ended: {}{}", .0.end, last_line(&.0.stderr))]
    Ended(EndedWorker),
    /// No worker could be started.
    #[error(transparent)]
    Worker(#[from] SupervisorError),
}

/// The last line of a worker's standard error, in parentheses.
fn last_line(stderr: &str) -> String {
    stderr.lines().last().map(|line| format!(" ({line})")).unwrap_or_default()
}

impl RemoteEngine {
    /// The engines that a worker offers by itself.
    ///
    /// # Errors
    /// The worker cannot be started, or does not speak the protocol.
    pub fn all(spec: &WorkerSpec) -> Result<Vec<RemoteEngine>, SupervisorError> {
        let process = Fleet::start(spec, &[], &Limits::default())?;
        let remote = |info: &EngineInfo| RemoteEngine {
            spec: spec.clone(),
            info: info.clone(),
            serving: Mutex::new(None),
        };
        Ok(process.engines.iter().map(remote).collect())
    }

    /// As its worker describes it.
    pub fn info(&self) -> &EngineInfo {
        &self.info
    }

    /// Run a case from an empty session.
    ///
    /// # Errors
    /// The worker ended instead, or could not be started.
    pub fn run(&self, case: &Case, limits: &Limits) -> Result<Outcome, RemoteError> {
        let mut serving = self.serving.lock().unwrap_or_else(PoisonError::into_inner);
        let mut current = match serving.take() {
            Some(current) if current.limits == *limits => current,
            _ => {
                let ids = [self.info.id.clone()];
                let process = Fleet::start(&self.spec, &ids, limits)?;
                Serving { process, limits: limits.clone(), next_id: 0 }
            }
        };
        let outcome = self.ask(&mut current, case).map_err(RemoteError::Ended)?;
        *serving = Some(current);
        Ok(outcome)
    }

    fn ask(&self, serving: &mut Serving, case: &Case) -> Result<Outcome, EndedWorker> {
        let id = serving.next_id;
        serving.next_id += 1;
        let cases = [CaseLine { id, engines: None, commands: case }];
        let request = line(&ToWorker::Batch { cases: &cases, steps: false });
        let watch = Watch {
            time_max: self.spec.case_time_max,
            resident_bytes_max: self.spec.resident_bytes_max,
            stop: None,
        };
        serving.process.ask(None, request, &watch, |event| match event {
            Event::Result { id: of, .. } if of != id => {
                Err(format!("a result of case {of}, but case {id} was asked for"))
            }
            Event::Result { engine, .. } if engine != self.info.id => {
                Err(format!("a result of engine {engine:?}, which was not asked for"))
            }
            Event::Result { what: ReportedOutcome::Outcome(outcome), .. } => {
                Ok(Reply::Answer(outcome))
            }
            Event::Result { .. } => Err("`same_as` where no other engine ran".to_owned()),
            _ => Ok(Reply::Unrelated),
        })
    }
}
