//! A process's monotonic clock.

use std::time::Duration;
#[cfg(not(any(loom, shuttle)))]
use std::time::Instant;

/// Time since the process was made.
#[derive(Clone, Copy, Debug)]
pub(super) enum Clock {
    /// As it passes.
    #[cfg(not(any(loom, shuttle)))]
    Real(Instant),
    /// As it is told to.
    Virtual(Duration),
}

impl Clock {
    /// One that runs from now on; in models, one that is told.
    pub(super) fn start() -> Clock {
        #[cfg(not(any(loom, shuttle)))]
        return Clock::Real(Instant::now());
        #[cfg(any(loom, shuttle))]
        Clock::Virtual(Duration::ZERO)
    }

    /// What it shows.
    pub(super) fn now(&self) -> Duration {
        match self {
            #[cfg(not(any(loom, shuttle)))]
            Clock::Real(start) => start.elapsed(),
            Clock::Virtual(now) => *now,
        }
    }

    /// This moment has come, for a clock that does not know.
    pub(super) fn reach(&mut self, moment: Duration) {
        match self {
            #[cfg(not(any(loom, shuttle)))]
            Clock::Real(_) => {}
            Clock::Virtual(now) => *now = (*now).max(moment),
        }
    }
}
