//! A request to a worker that is watched until its answer is there.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gainsay_protocol::Event;

use crate::worker_end::WorkerEnd;
use crate::worker_process::{EndedWorker, WorkerEvent, WorkerProcess};

/// How often a worker's memory is looked at.
pub const MEMORY_POLL: Duration = Duration::from_millis(50);

/// What a worker may take for an answer.
#[derive(Clone, Copy, Debug)]
pub struct Watch<'a> {
    /// Time without getting on.
    pub time_max: Duration,
    /// Resident memory of the process, in bytes.
    pub resident_bytes_max: u64,
    /// Whoever asks wants no answer any more once this is set; nothing is watched if `None`.
    pub stops: Option<&'a AtomicBool>,
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

impl WorkerProcess {
    /// Send a request and wait for its answer. `on_event` says what each line means; its errors
    /// are breaches of the protocol.
    ///
    /// # Errors
    /// How the worker ended instead; it is killed when the asker stops.
    pub fn ask<T>(
        &mut self,
        request: Vec<u8>,
        watch: &Watch<'_>,
        mut on_event: impl FnMut(Event) -> Result<Reply<T>, String>,
    ) -> Result<T, EndedWorker> {
        self.send(request);
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
            if watch.stops.is_some_and(|stops| stops.load(Ordering::Relaxed)) {
                // As if the user had ended the worker as well.
                return Err(self.kill(WorkerEnd::KilledFromOutside("SIGINT".to_owned())));
            }
            if progressed.elapsed() >= watch.time_max {
                return Err(self.kill(WorkerEnd::TimedOut));
            }
            if polled.elapsed() >= MEMORY_POLL {
                polled = Instant::now();
                if self.resident_bytes() > Some(watch.resident_bytes_max) {
                    return Err(self.kill(WorkerEnd::Memory));
                }
            }
        }
    }
}
