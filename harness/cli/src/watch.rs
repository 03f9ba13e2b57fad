//! Holds a process of the reference, in this process, to a time and to an amount of memory,
//! as workers are held to them from outside.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use gainsay_host::process::Process;
use gainsay_supervisor::resident_bytes;

use crate::duration;

/// How often it is looked.
const POLL: Duration = Duration::from_millis(50);

/// A watch over a process.
pub struct Watch {
    /// Dropped when the process has ended.
    alive: Sender<()>,
    /// Gives the limit for which the process was ended, if it was.
    watcher: JoinHandle<Option<String>>,
}

impl Watch {
    /// Watch a process from now on.
    pub fn begin(process: &Process, bytes_max: u64, time_max: Option<Duration>) -> Watch {
        let (alive, ended) = channel();
        let (process, start) = (process.clone(), Instant::now());
        let watcher = std::thread::spawn(move || {
            while ended.recv_timeout(POLL) == Err(RecvTimeoutError::Timeout) {
                let limit = if resident_bytes(std::process::id()) > Some(bytes_max) {
                    Some(format!("more than {} MiB of memory in all", bytes_max >> 20))
                } else {
                    time_max.filter(|time| start.elapsed() >= *time).map(|time| {
                        format!("it did not come to an end within {}", duration::exact(time))
                    })
                };
                if limit.is_some() {
                    process.kill();
                    return limit;
                }
            }
            None
        });
        Watch { alive, watcher }
    }

    /// The process has ended; why, if it was this watch that ended it.
    pub fn end(self) -> Option<String> {
        drop(self.alive);
        // A watcher that panicked has ended nothing.
        self.watcher.join().unwrap_or_default()
    }
}
