//! A request to a worker that is watched until its answer is there.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gainsay_protocol::Event;

use crate::fleet::Fleet;
use crate::worker_end::WorkerEnd;
use crate::worker_process::{EndedWorker, WorkerEvent};

/// How often a worker's memory is looked at.
pub const MEMORY_POLL: Duration = Duration::from_millis(50);

/// What a worker may take for an answer.
#[derive(Clone, Copy, Debug)]
pub struct Watch<'a> {
    /// Time without getting on.
    pub time_max: Duration,
    /// Resident memory of the process, in bytes.
    pub resident_bytes_max: u64,
    /// Set when nobody wants the answer any more; nothing is watched if `None`.
    pub stop: Option<&'a AtomicBool>,
}

/// What a line means to whoever has asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply<T> {
    /// It is the answer, or the last of it.
    Answer(T),
    /// It shows that the worker gets on with what was asked: its time begins anew.
    Progress,
    /// It is nothing to go by.
    Unrelated,
}

impl Fleet {
    /// Send a request, to the worker that has `engine` or to all, and wait for its answer. `on_event` says what each line means; its errors
    /// are breaches of the protocol.
    ///
    /// # Errors
    /// How the worker ended instead.
    pub fn ask<T>(
        &mut self,
        engine: Option<&str>,
        request: Vec<u8>,
        watch: &Watch<'_>,
        on_event: impl FnMut(Event) -> Result<Reply<T>, String>,
    ) -> Result<T, EndedWorker> {
        self.ask_within(engine, request, watch, None, on_event)
    }

    /// The same, and its time is also up when it has used so much processor time, which does
    /// not depend on what else the machine does. Where the system does not say how much that
    /// is, only [`Watch::time_max`] counts.
    ///
    /// # Errors
    /// How the worker ended instead.
    pub fn ask_within<T>(
        &mut self,
        engine: Option<&str>,
        request: Vec<u8>,
        watch: &Watch<'_>,
        processor_max: Option<Duration>,
        mut on_event: impl FnMut(Event) -> Result<Reply<T>, String>,
    ) -> Result<T, EndedWorker> {
        let bound = processor_max.and_then(|max| Some(self.processor_time()? + max));
        match engine {
            Some(engine) => self.send_to(engine, request),
            None => self.send(request),
        }
        let mut progressed = Instant::now();
        let mut polled = progressed;
        loop {
            match self.wait_event(MEMORY_POLL) {
                Some(WorkerEvent::End) => return Err(self.wait()),
                Some(WorkerEvent::Line(Event::Error(text), _)) => {
                    return Err(self.kill(WorkerEnd::Protocol(text)));
                }
                Some(WorkerEvent::Line(event, arrived)) => match on_event(event) {
                    Ok(Reply::Answer(answer)) => return Ok(answer),
                    Ok(Reply::Progress) => progressed = progressed.max(arrived),
                    Ok(Reply::Unrelated) => {}
                    Err(text) => return Err(self.kill(WorkerEnd::Protocol(text))),
                },
                None => {}
            }
            if watch.stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
                return Err(self.kill(WorkerEnd::Interrupted));
            }
            if progressed.elapsed() >= watch.time_max {
                return Err(self.kill(WorkerEnd::TimedOut));
            }
            if polled.elapsed() >= MEMORY_POLL {
                polled = Instant::now();
                if bound.is_some() && self.processor_time() >= bound {
                    return Err(self.kill(WorkerEnd::TimedOut));
                }
                if self.resident_bytes() > Some(watch.resident_bytes_max) {
                    return Err(self.kill(WorkerEnd::Memory));
                }
            }
        }
    }
}
