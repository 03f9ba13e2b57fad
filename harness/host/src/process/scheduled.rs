//! All threads of a process on one thread of the host, as a schedule says.
//!
//! A thread goes on until it does something that others can see: a call of the host, a wait,
//! the end of its fuel's slice, its own end and, in modules compiled with
//! [`gainsay_runtime::Config::yields`], every access to memory. There the schedule chooses
//! who is next. Time is virtual: it stands still while threads run, and jumps to the
//! earliest moment that somebody sleeps for when the schedule says so, or when nobody else
//! can go on. That covers every speed that threads may have.

use std::collections::BTreeMap;
use std::time::Duration;

use gainsay_runtime::Wait;

use crate::process::clock::Clock;
use crate::process::environment::ExecEnv;
use crate::process::exit::ProcessExit;
use crate::process::guest_thread::{Ending, GuestThread, Step};
use crate::process::schedule::{Choice, Schedule};
use crate::process::shared::{Moment, Shared, ThreadGuard};
use crate::process::spawn::SpawnRequest;
use crate::sync::Arc;

/// How a process ran under a schedule. Input from outside is not waited for: who reads
/// what nobody in the process will write takes part in a deadlock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduledRun {
    /// How it ended; [`ProcessExit::OutOfSteps`] is seen here only.
    pub exit: ProcessExit,
    /// What the schedule chose, each time that there was a choice:
    /// [`crate::process::Replay`] makes the same choices.
    pub choices: Vec<u32>,
    /// What threads did that others could see.
    pub steps: u64,
    /// What the clock showed at the end.
    pub elapsed: Duration,
    /// What each thread was waiting for at the end, in a deadlock.
    pub blocked: Vec<(u32, BlockedOn)>,
}

/// What a thread waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockedOn {
    /// A notification, at this address.
    Notification(u64),
    /// Input.
    Input,
    /// The end of this thread.
    Thread(u32),
}

/// A thread that takes part.
struct Slot {
    /// First, so that it is gone before its place is.
    guest: GuestThread,
    guard: ThreadGuard,
    /// Whether the process ends with it.
    whole: bool,
    blocked: Option<Blocked>,
}

/// Why a thread cannot go on.
enum Blocked {
    Wait { wait: Wait, until: Option<Duration> },
    Pause { until: Option<Duration>, inputs: u64 },
    Join(u32),
}

impl Blocked {
    fn is_over(&self, shared: &Shared, moment: Moment) -> bool {
        match self {
            Blocked::Wait { wait, .. } => wait.wake().is_some(),
            Blocked::Pause { until, inputs } => {
                *inputs != moment.inputs || until.is_some_and(|until| until <= moment.now)
            }
            Blocked::Join(thread) => shared.has_result(*thread),
        }
    }

    fn until(&self) -> Option<Duration> {
        match self {
            Blocked::Wait { until, .. } | Blocked::Pause { until, .. } => *until,
            Blocked::Join(_) => None,
        }
    }

    fn on(&self) -> BlockedOn {
        match self {
            Blocked::Wait { wait, .. } => BlockedOn::Notification(wait.address()),
            Blocked::Pause { .. } => BlockedOn::Input,
            Blocked::Join(thread) => BlockedOn::Thread(*thread),
        }
    }
}

/// A run under way.
struct Runner<'a> {
    shared: &'a Arc<Shared>,
    slots: BTreeMap<u32, Slot>,
    schedule: &'a mut dyn Schedule,
    choices: Vec<u32>,
}

/// Run the main thread and all that come, for at most so many steps.
pub(super) fn run(
    shared: &Arc<Shared>,
    guard: ThreadGuard,
    request: SpawnRequest,
    schedule: &mut dyn Schedule,
    steps_max: u64,
) -> ScheduledRun {
    shared.state.lock().clock = Clock::Virtual(Duration::ZERO);
    let mut runner = Runner { shared, slots: BTreeMap::new(), schedule, choices: Vec::new() };
    runner.add(request, guard, true);
    let (mut steps, mut blocked) = (0, Vec::new());
    while !shared.is_ending() {
        let Some(choice) = runner.choose() else {
            let on = |(thread, slot): (&u32, &Slot)| Some((*thread, slot.blocked.as_ref()?.on()));
            blocked = runner.slots.iter().filter_map(on).collect();
            shared.end(ProcessExit::Deadlocked);
            break;
        };
        if steps == steps_max {
            shared.end(ProcessExit::OutOfSteps);
            break;
        }
        steps += 1;
        runner.go_on(choice);
    }
    let elapsed = shared.moment().now;
    let choices = runner.stop();
    ScheduledRun { exit: shared.join(), choices, steps, elapsed, blocked }
}

impl Runner<'_> {
    fn add(&mut self, request: SpawnRequest, mut guard: ThreadGuard, whole: bool) {
        let SpawnRequest { thread, parent, entry } = request;
        guard.begin();
        let env = ExecEnv::new(self.shared, thread, false);
        let token = env.take().expect("nobody else knows of it");
        let guest = GuestThread::new(token, parent, entry);
        self.slots.insert(thread, Slot { guest, guard, whole, blocked: None });
    }

    /// What happens next; nothing if all wait for each other.
    fn choose(&mut self) -> Option<Choice> {
        let moment = self.shared.moment();
        let mut choices: Vec<Choice> = Vec::new();
        let mut first: Option<(Duration, u32)> = None;
        for (thread, slot) in &mut self.slots {
            slot.blocked = slot.blocked.take().filter(|it| !it.is_over(self.shared, moment));
            match &slot.blocked {
                None => choices.push(Choice { thread: *thread, time_passes: false }),
                Some(blocked) => {
                    let wakes = blocked.until().map(|until| (until, *thread));
                    first = [first, wakes].into_iter().flatten().min();
                }
            }
        }
        choices.extend(first.map(|(_, thread)| Choice { thread, time_passes: true }));
        if choices.len() < 2 {
            return choices.first().copied();
        }
        let chosen = self.schedule.choose(&choices).min(choices.len() - 1);
        self.choices.push(chosen as u32);
        Some(choices[chosen])
    }

    /// Let it happen.
    fn go_on(&mut self, choice: Choice) {
        let Choice { thread, time_passes } = choice;
        let slot = self.slots.get_mut(&thread).expect("it was among the choices");
        if time_passes {
            let blocked = slot.blocked.take();
            if let Some(until) = blocked.as_ref().and_then(Blocked::until) {
                self.shared.state.lock().clock.reach(until);
            }
            if let Some(Blocked::Wait { wait, .. }) = blocked {
                wait.time_out();
            }
            return;
        }
        self.shared.end_wait(thread);
        match slot.guest.step(self.shared) {
            Step::Ready | Step::Slice => {}
            Step::Wait(wait) => {
                self.shared.begin_wait(thread, &wait);
                let now = self.shared.moment().now;
                let until = wait.time().map(|time| now.saturating_add(time));
                slot.blocked = Some(Blocked::Wait { wait, until });
            }
            Step::Pause { until, inputs } => slot.blocked = Some(Blocked::Pause { until, inputs }),
            Step::Join(other) => slot.blocked = Some(Blocked::Join(other)),
            Step::Over(ending) => self.end(thread, &ending),
        }
        self.welcome();
    }

    fn end(&mut self, thread: u32, ending: &Ending) {
        if let Some(Slot { guest, guard, whole, .. }) = self.slots.remove(&thread) {
            drop(guest);
            guard.leave(ending, whole);
        }
    }

    /// Begin with those that were spawned.
    fn welcome(&mut self) {
        let requests = std::mem::take(&mut self.shared.state.lock().requests);
        for request in requests {
            let guard = ThreadGuard::reserved(self.shared, request.thread);
            self.add(request, guard, false);
        }
    }

    /// The process has ended: nobody goes on. What was chosen.
    fn stop(mut self) -> Vec<u32> {
        self.welcome();
        while let Some(thread) = self.slots.keys().next().copied() {
            self.end(thread, &Ending::Stopped);
        }
        self.choices
    }
}
