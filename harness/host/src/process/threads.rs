//! Threads of the guest on threads of the host.

use std::io;

use crate::process::environment::ExecEnv;
use crate::process::guest_thread::{Ending, GuestThread, Step};
use crate::process::shared::{Shared, ThreadGuard};
use crate::process::spawn::SpawnRequest;
use crate::sync::{Arc, thread};

/// Start a thread of the host for a thread of the guest that is among the living.
pub(super) fn start(shared: &Arc<Shared>, request: SpawnRequest) -> io::Result<()> {
    let (guard, shared) = (ThreadGuard::reserved(shared, request.thread), Arc::clone(shared));
    thread::try_spawn(move || live(&shared, guard, request, false)).map(drop)
}

/// Live the life of a thread, on this one. `whole`: if it returns, so does the process.
pub(super) fn live(
    shared: &Arc<Shared>,
    mut guard: ThreadGuard,
    request: SpawnRequest,
    whole: bool,
) {
    guard.begin();
    let ending = run(shared, request);
    guard.leave(&ending, whole);
}

/// When this returns, nothing is left of the thread but its place among the living.
fn run(shared: &Arc<Shared>, request: SpawnRequest) -> Ending {
    let env = ExecEnv::new(shared, request.thread, false);
    let token = env.take().expect("nobody else knows of it");
    drive(shared, &mut GuestThread::new(token, request.parent, request.entry))
}

/// Run a thread of the guest to its end, on this one.
pub(super) fn drive(shared: &Arc<Shared>, guest: &mut GuestThread) -> Ending {
    let thread = guest.id().thread();
    let mut look = true;
    loop {
        if look && shared.is_ending() {
            return Ending::Stopped;
        }
        look = true;
        match guest.step(shared) {
            Step::Ready => look = false,
            Step::Slice => thread::yield_now(),
            Step::Wait(wait) => {
                shared.begin_wait(thread, &wait);
                wait.block(None);
                shared.end_wait(thread);
            }
            Step::Pause { until, inputs } => shared.pause(until, inputs),
            Step::Join(other) => shared.await_result(thread, other),
            Step::Over(ending) => return ending,
        }
    }
}
