//! What the threads of a process do: the system that its program runs on.

use std::sync::mpsc::Sender;
use std::sync::{Mutex, MutexGuard, PoisonError};

use gainsay_host::process::{ProcessExit, RunError, current};
use gainsay_host::system::{Answer, System, SystemCall};
use gainsay_lifecycle::{Deed, SpawnStyle};
use gainsay_runtime::{FuncType, ValType, Value};

/// Numbers of the host functions.
const NEXT: u32 = 0;
const READ: u32 = 1;
const EXIT: u32 = 2;

/// The number of the first thread that the host starts.
const FIRST_OF_HOST: usize = 1_000;

/// A thread that a process starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Role {
    pub(super) parent: u8,
    pub(super) style: SpawnStyle,
    pub(super) deed: Deed,
}

/// What is heard of the thread of the host that runs the main thread.
#[derive(Debug)]
pub(super) enum Event {
    /// The main thread has begun.
    Begun,
    /// The run is over, or was refused.
    Ran(Result<ProcessExit, RunError>),
}

pub(super) struct Plan {
    state: Mutex<State>,
}

struct State {
    main: Deed,
    /// From number 1.
    roles: Vec<Role>,
    /// What threads of the host do, from [`FIRST_OF_HOST`].
    of_host: Vec<Deed>,
    begins: Option<Sender<Event>>,
    wrong: Option<String>,
}

/// A step of the program, as `process.wat` numbers them.
#[derive(Clone, Copy)]
enum Step {
    Return,
    Spawn(usize),
    Create(usize),
    Join(usize),
    Wait,
    Work,
    Read,
    Trap(i32),
    Exit(u8),
}

impl Step {
    fn code(self) -> i32 {
        let (step, arg) = match self {
            Step::Return => (0, 0),
            Step::Spawn(number) => (1, number as i32),
            Step::Create(number) => (2, number as i32),
            Step::Join(number) => (3, number as i32),
            Step::Wait => (4, 0),
            Step::Work => (5, 0),
            Step::Read => (6, 0),
            Step::Trap(cause) => (7, cause),
            Step::Exit(status) => (8, i32::from(status)),
        };
        step | arg << 8
    }
}

impl Plan {
    /// A main thread that does this.
    pub(super) fn new(main: Deed) -> Plan {
        let state =
            State { main, roles: Vec::new(), of_host: Vec::new(), begins: None, wrong: None };
        Plan { state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, role: Role) {
        self.state().roles.push(role);
    }

    /// The number by which a thread of the host asks what to do.
    pub(super) fn add_of_host(&self, deed: Deed) -> i32 {
        let mut state = self.state();
        state.of_host.push(deed);
        (FIRST_OF_HOST + state.of_host.len() - 1) as i32
    }

    /// Say it here when the main thread has begun.
    pub(super) fn tell(&self, begins: Sender<Event>) {
        self.state().begins = Some(begins);
    }

    /// What was noticed that is wrong.
    pub(super) fn wrong(&self) -> Option<String> {
        self.state().wrong.clone()
    }

    /// In a host function, the thread of the host runs in the environment of the caller.
    fn check(&self, thread: u32) {
        let running = current().map(|environment| environment.thread());
        if running != Some(thread) {
            let wrong = format!("thread {thread} calls the host, which runs in {running:?}");
            self.state().wrong.get_or_insert(wrong);
        }
    }
}

impl State {
    /// What a thread does after so many steps.
    fn step(&self, number: usize, taken: usize) -> Step {
        let Some(deed) = number.checked_sub(FIRST_OF_HOST) else {
            let deed = match number.checked_sub(1) {
                None => Some(self.main),
                Some(at) => self.roles.get(at).map(|role| role.deed),
            };
            return deed.map_or(Step::Return, |deed| self.planned(number, taken, deed));
        };
        let deed = self.of_host.get(deed).copied().unwrap_or(Deed::Return);
        if taken == 0 { last(deed) } else { Step::Return }
    }

    fn planned(&self, number: usize, taken: usize, deed: Deed) -> Step {
        let children = || {
            let numbered = self.roles.iter().enumerate().map(|(at, role)| (at + 1, role));
            numbered.filter(|(_, role)| usize::from(role.parent) == number)
        };
        let starts = children().map(|(child, role)| match role.style {
            SpawnStyle::Wasi => Step::Spawn(child),
            SpawnStyle::Posix => Step::Create(child),
        });
        let joins = children()
            .filter(|(_, role)| deed == Deed::Join && role.style == SpawnStyle::Posix)
            .map(|(child, _)| Step::Join(child));
        starts.chain(joins).chain([last(deed)]).nth(taken).unwrap_or(Step::Return)
    }
}

fn last(deed: Deed) -> Step {
    match deed {
        Deed::Return | Deed::Join => Step::Return,
        Deed::Wait => Step::Wait,
        Deed::Busy => Step::Work,
        Deed::Read => Step::Read,
        Deed::Trap(cause) => Step::Trap(cause as i32),
        Deed::Exit(status) => Step::Exit(status),
    }
}

impl System for Plan {
    fn import(&self, module: &str, name: &str, ty: &FuncType) -> Option<u32> {
        let is = |params: &[ValType], results: &[ValType]| {
            *ty.params == *params && *ty.results == *results
        };
        match (module, name) {
            ("plan", "next") if is(&[ValType::I32; 2], &[ValType::I32]) => Some(NEXT),
            ("plan", "read") if is(&[], &[]) => Some(READ),
            ("wasi_snapshot_preview1", "proc_exit") if is(&[ValType::I32], &[]) => Some(EXIT),
            _ => None,
        }
    }

    fn call(&self, call: SystemCall<'_>) -> Answer {
        self.check(call.thread);
        match (call.function, call.args) {
            (NEXT, [Value::I32(number), Value::I32(taken)]) => {
                let mut state = self.state();
                if *number == 0
                    && let Some(begins) = state.begins.take()
                {
                    let _ = begins.send(Event::Begun);
                }
                let step = state.step(*number as usize, *taken as usize);
                Answer::Return(vec![Value::I32(step.code())])
            }
            (EXIT, [Value::I32(status)]) => Answer::Exit(*status as u32),
            _ => Answer::Pause { until: None },
        }
    }
}
