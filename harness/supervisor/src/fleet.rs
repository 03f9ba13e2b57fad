//! Which worker serves which engine.

use gainsay_case::{EngineInfo, Limits};
use gainsay_protocol::MissingEngine;

use crate::error::SupervisorError;
use crate::spec::WorkerSpec;
use crate::worker_process::WorkerProcess;

/// The kinds of workers that there are, in the order in which they are asked.
#[derive(Clone, Debug)]
pub struct Fleet {
    workers: Vec<WorkerSpec>,
}

/// An engine and the worker that serves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedEngine {
    /// As its worker describes it.
    pub info: EngineInfo,
    /// The worker's position in the fleet.
    pub worker: usize,
}

/// What a fleet has of the engines that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Those that some worker serves, by worker and in the order asked for.
    pub engines: Vec<ServedEngine>,
    /// Those that none does, with the reason of the worker that was asked last.
    pub missing: Vec<MissingEngine>,
}

impl Fleet {
    /// A fleet of these workers.
    pub fn new(workers: impl IntoIterator<Item = WorkerSpec>) -> Fleet {
        Fleet { workers: workers.into_iter().collect() }
    }

    /// The worker at this position.
    pub fn worker(&self, position: usize) -> Option<&WorkerSpec> {
        self.workers.get(position)
    }

    /// Who serves the engines asked for, each by the first worker that has it; without any
    /// ids, all engines that the workers offer by themselves.
    ///
    /// # Errors
    /// A worker cannot be started.
    pub fn roster(&self, asked: &[String], limits: &Limits) -> Result<Roster, SupervisorError> {
        let mut roster = Roster::default();
        let mut open = asked.to_vec();
        for (worker, spec) in self.workers.iter().enumerate() {
            if open.is_empty() && !asked.is_empty() {
                break;
            }
            let mut process = WorkerProcess::start(spec, &open, limits)?;
            for info in std::mem::take(&mut process.engines) {
                if !roster.engines.iter().any(|served| served.info.id == info.id) {
                    roster.engines.push(ServedEngine { info, worker });
                }
            }
            roster.missing = std::mem::take(&mut process.missing);
            open = roster.missing.iter().map(|missing| missing.id.clone()).collect();
        }
        Ok(roster)
    }
}
