//! What one thread of a process is there for.

use crate::word::{Deed, SpawnStyle};

/// Threads that a process may have in all: those that are planned, and those of the host.
pub(super) const ROLES_MAX: usize = 6;

/// A thread of a process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Role {
    pub(super) starter: Starter,
    pub(super) deed: Deed,
}

/// Where a thread comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Starter {
    /// It is the main thread.
    Main,
    /// A thread of the process.
    Thread { parent: usize, style: SpawnStyle },
    /// The host; whether it is certain that it was started.
    Host { is_certain: bool },
    /// It is the host's own thread, which was in an environment for a time.
    Environment,
}

impl Role {
    pub(super) fn is_the_hosts(&self) -> bool {
        matches!(self.starter, Starter::Host { .. } | Starter::Environment)
    }

    /// Whether it has its place for as long as the process lives.
    pub(super) fn stays(&self) -> bool {
        matches!(self.starter, Starter::Host { is_certain: true })
            && matches!(self.deed, Deed::Wait | Deed::Busy | Deed::Read)
    }
}
