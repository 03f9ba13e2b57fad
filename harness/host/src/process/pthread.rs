//! Threads in the style of POSIX: started with a function of the module's table, and
//! joined by who wants their result.
//!
//! `env.pthread_create` takes where to put the identifier, attributes (which are not
//! looked at), an index into the exported `__indirect_function_table` and an argument;
//! `env.pthread_join` takes an identifier and where to put the result, or 0. Both return 0
//! or an error number of WASI preview 1.

use gainsay_runtime::{Stop, Trap};

use crate::process::environment::Body;
use crate::process::exit::ThreadFailure;
use crate::process::shared::Shared;

/// What comes of joining a thread.
pub(super) enum Joined {
    /// It returned this, and can be joined no more.
    Returned(i32),
    /// This thread has not returned.
    NotYet(u32),
    /// With this error number.
    Refused(i32),
}

/// There is no such thread: never was, was joined, or cannot be.
const ESRCH: i32 = 71;

/// A thread that joins itself.
const EDEADLK: i32 = 16;

impl Shared {
    /// Let `joiner` have what `thread` returned.
    pub(super) fn joined(&self, joiner: u32, thread: u32) -> Joined {
        if joiner == thread {
            return Joined::Refused(EDEADLK);
        }
        let mut state = self.state.lock();
        match state.results.get(&thread) {
            None => Joined::Refused(ESRCH),
            Some(None) => Joined::NotYet(thread),
            Some(Some(result)) => {
                let result = *result;
                state.results.remove(&thread);
                state.identifiers.give_back(thread);
                Joined::Returned(result)
            }
        }
    }

    /// A thread was not started after all: nobody will join it.
    pub(super) fn forget(&self, thread: u32) {
        let mut state = self.state.lock();
        if state.results.remove(&thread).is_some() {
            state.identifiers.give_back(thread);
        }
    }
}

impl Body {
    /// Write a number to the guest's memory; 0, the error number of success.
    pub(super) fn put(&mut self, at: u32, value: i32) -> Result<i32, ThreadFailure> {
        if self.write(at, &value.to_le_bytes()) {
            Ok(0)
        } else {
            Err(ThreadFailure::Stopped(Stop::Trap(Trap::MemoryOutOfBounds)))
        }
    }
}
