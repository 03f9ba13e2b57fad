//! The running workers of a slot, each with engines of its own, as if they were one.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use gainsay_case::{EngineInfo, Limits};
use gainsay_protocol::{Event, MissingEngine};

use crate::error::SupervisorError;
use crate::spec::WorkerSpec;
use crate::worker_end::WorkerEnd;
use crate::worker_process::{EVENTS_AHEAD, EndedWorker, WorkerEvent, WorkerProcess};

/// Running workers, each with engines that no other one has. Dropping it kills them all.
///
/// Most fleets have one worker, the embedded one; [`WorkerSpec::others`] adds more.
#[derive(Debug)]
pub struct Fleet {
    members: Vec<WorkerProcess>,
    /// What all of them say, by member; with one member it is asked directly.
    merged: Option<Receiver<(usize, WorkerEvent)>>,
    /// The member whose output was closed first.
    ended: usize,
    /// The engines in them, as their workers describe them.
    pub engines: Vec<EngineInfo>,
    /// The engines that were asked for and that none of them has.
    pub missing: Vec<MissingEngine>,
}

impl Fleet {
    /// Start the workers that serve these engines; without any ids, all workers, with the
    /// engines that they offer by themselves.
    ///
    /// # Errors
    /// A worker cannot be started, does not speak the protocol, or offers an engine of the
    /// same id as another one.
    pub fn start(
        spec: &WorkerSpec,
        ids: &[String],
        limits: &Limits,
    ) -> Result<Fleet, SupervisorError> {
        let mut fleet = Fleet {
            members: Vec::new(),
            merged: None,
            ended: 0,
            engines: Vec::new(),
            missing: Vec::new(),
        };
        let mut open = ids.to_vec();
        for (position, spec) in spec.each().into_iter().enumerate() {
            let asked = spec.routes.open_to(position, &open);
            if asked.is_empty() && !ids.is_empty() {
                continue;
            }
            let mut member = WorkerProcess::start(&spec, &asked, limits)?;
            spec.routes.learn(position, &member.engines);
            fleet.refuse_twins(&spec.name(), &member)?;
            let missing = std::mem::take(&mut member.missing);
            let is_missing = |id: &String| missing.iter().any(|it| it.id == *id);
            // An id may be a short name, of which only the worker knows what it stands for: it
            // has what it was asked for and does not miss.
            open.retain(|id| !asked.contains(id) || is_missing(id));
            // The worker that was asked last says why.
            fleet.missing.retain(|it| open.contains(&it.id) && !is_missing(&it.id));
            fleet.missing.extend(missing);
            fleet.engines.extend(member.engines.iter().cloned());
            if !member.engines.is_empty() {
                fleet.members.push(member);
            }
        }
        fleet.merge();
        Ok(fleet)
    }

    fn refuse_twins(&self, program: &Path, member: &WorkerProcess) -> Result<(), SupervisorError> {
        let is_known = |engine: &&EngineInfo| self.engines.iter().any(|it| it.id == engine.id);
        match member.engines.iter().find(is_known) {
            None => Ok(()),
            Some(engine) => Err(SupervisorError::Worker {
                program: program.to_owned(),
                reason: format!(
                    "it offers an engine {:?}, and so does another worker; ids must differ",
                    engine.id
                ),
            }),
        }
    }

    /// Let the events of several members arrive in one place.
    fn merge(&mut self) {
        if self.members.len() < 2 {
            return;
        }
        let (events, merged) = sync_channel(EVENTS_AHEAD);
        for (position, member) in self.members.iter_mut().enumerate() {
            let (from, events) = (member.take_events(), events.clone());
            thread::spawn(move || {
                while let Ok(event) = from.recv() {
                    if events.send((position, event)).is_err() {
                        return;
                    }
                }
            });
        }
        self.merged = Some(merged);
    }

    /// Hand a line to all workers; never blocks. Each runs what is meant for its engines.
    pub fn send(&self, line: Vec<u8>) {
        if let Some((last, others)) = self.members.split_last() {
            others.iter().for_each(|member| member.send(line.clone()));
            last.send(line);
        }
    }

    /// Hand a line to the worker that has this engine.
    pub fn send_to(&self, engine: &str, line: Vec<u8>) {
        let has = |member: &&WorkerProcess| member.engines.iter().any(|it| it.id == engine);
        if let Some(member) = self.members.iter().find(has) {
            member.send(line);
        }
    }

    /// The next event, if there is one within `timeout`.
    pub fn wait_event(&mut self, timeout: Duration) -> Option<WorkerEvent> {
        let Some(merged) = &self.merged else {
            return match self.members.first() {
                Some(member) => member.wait_event(timeout),
                None => Some(WorkerEvent::End),
            };
        };
        match merged.recv_timeout(timeout) {
            Ok((member, event)) => {
                if matches!(event, WorkerEvent::End) {
                    self.ended = member;
                }
                Some(own(event, &self.members[member].engines))
            }
            Err(RecvTimeoutError::Disconnected) => Some(WorkerEvent::End),
            Err(RecvTimeoutError::Timeout) => {
                self.members.iter().for_each(WorkerProcess::close_if_ended);
                None
            }
        }
    }

    /// The ids of the engines that ended with the worker whose end was an event.
    pub fn ended_engines(&self) -> Vec<String> {
        let engines = self.members.get(self.ended).map(|member| &member.engines);
        engines.into_iter().flatten().map(|engine| engine.id.clone()).collect()
    }

    /// The processor time that they have used; `None` where the system does not say.
    pub fn processor_time(&self) -> Option<Duration> {
        self.members.iter().map(WorkerProcess::processor_time).sum()
    }

    /// The resident memory of the largest, in bytes; `None` where the system does not say.
    pub fn resident_bytes(&self) -> Option<u64> {
        self.members.iter().filter_map(WorkerProcess::resident_bytes).max()
    }

    /// The most resident memory that one of them ever had, in bytes; `None` where the system
    /// does not say.
    pub fn peak_resident_bytes(&self) -> Option<u64> {
        self.members.iter().filter_map(WorkerProcess::peak_resident_bytes).max()
    }

    /// End them, and all that they started, for this reason.
    pub fn kill(&mut self, end: WorkerEnd) -> EndedWorker {
        let words: Vec<String> =
            self.members.iter_mut().map(|member| member.kill(end.clone()).stderr).collect();
        let stderr = words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>();
        EndedWorker { end, stderr: stderr.join("\n") }
    }

    /// How the worker whose end was an event ends by itself. What it started ends with it.
    pub fn wait(&mut self) -> EndedWorker {
        match self.members.get_mut(self.ended) {
            Some(member) => member.wait(),
            None => EndedWorker {
                end: WorkerEnd::Protocol("no worker has the engine".to_owned()),
                stderr: String::new(),
            },
        }
    }
}

/// An event of a worker with these engines. A result of an engine that another worker has would
/// stand in that one's place; it breaks the protocol.
fn own(event: WorkerEvent, engines: &[EngineInfo]) -> WorkerEvent {
    match event {
        WorkerEvent::Line(Event::Result { engine, .. }, arrived)
            if !engines.iter().any(|it| it.id == engine) =>
        {
            let text = format!("a result of engine {engine:?}, which this worker does not have");
            WorkerEvent::Line(Event::Error(text), arrived)
        }
        event => event,
    }
}
