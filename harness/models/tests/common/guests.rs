//! Guests of the runtime for the models of processes, and the system they run on.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use gainsay_host::process::{
    EnvId, Process, ProcessExit, ProcessLimits, Program, ThreadFailure, current,
};
use gainsay_host::sync::{Arc, Mutex};
use gainsay_host::system::{Answer, System, SystemCall};
use gainsay_runtime::{Config, FuncType, Module, Stop, Trap, Value};

/// The text of a command and what was compiled from it, once for all executions.
pub struct Text {
    pub text: &'static str,
    pub module: OnceLock<Module>,
}

impl Text {
    pub const fn new(text: &'static str) -> Text {
        Text { text, module: OnceLock::new() }
    }

    /// Made on a thread of the host's: those of the checkers have small stacks.
    fn module(&'static self) -> &'static Module {
        let make = || {
            let bytes = wat::parse_str(self.text).unwrap_or_else(|error| panic!("{error}"));
            Module::new(&config(), &bytes).unwrap_or_else(|error| panic!("{error}"))
        };
        self.module.get_or_init(|| std::thread::spawn(make).join().expect("it is a module"))
    }
}

/// A module with these fields after what all of them import and define.
macro_rules! text {
    ($($field:literal)*) => {
        $crate::common::guests::Text::new(concat!(
            r#"(module
            (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
            (import "" "exit" (func $exit (param i32)))
            (import "" "pause" (func $pause))
            (import "" "read" (func $read))
            (import "" "note" (func $note))
            (import "" "nested" (func $nested))
            (import "env" "pthread_create" (func $create (param i32 i32 i32 i32) (result i32)))
            (import "env" "pthread_join" (func $join (param i32 i32) (result i32)))
            (import "" "memory" (memory 1 1 shared))
            (export "memory" (memory 0))
            (func $busy (loop $again (br $again)))
            (func $wait
                (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
            (func $child (drop (call $spawn (i32.const 0))))"#,
            $($field,)* ")"
        ))
    };
}
pub(crate) use text;

fn config() -> Config {
    let mut config = Config { fuel: true, ..Config::default() };
    config.limits.stack_slots_max = 1 << 8;
    config
}

/// What guests call, and what must be so when they do. What it counts is no part of the
/// model.
#[derive(Default)]
pub struct Stage {
    pub notes: AtomicU32,
    /// Nothing of the guest may run from now on.
    sealed: AtomicBool,
    /// There is something to read.
    input: AtomicBool,
    waker: Mutex<Option<Act>>,
    /// What a guest that calls `nested` has the host do.
    nested: std::sync::Mutex<Option<Act>>,
}

/// Something for the host to do.
type Act = Arc<dyn Fn() + Send + Sync>;

/// How long a pause lasts.
const PAUSE: Duration = Duration::from_secs(1);

impl Stage {
    pub fn seal(&self) {
        self.sealed.store(true, Ordering::Relaxed);
    }

    /// Let there be something to read.
    pub fn write(&self) {
        self.input.store(true, Ordering::Relaxed);
        let waker = self.waker.lock().clone();
        waker.expect("the process has said how to wake it")();
    }

    pub fn notes(&self) -> u32 {
        self.notes.load(Ordering::Relaxed)
    }

    /// What may hold the process, which holds this: so it has to be replaced at the end.
    pub fn on_nested(&self, act: impl Fn() + Send + Sync + 'static) {
        *self.nested.lock().expect("no panic") = Some(Arc::new(act));
    }
}

impl System for Stage {
    fn import(&self, _: &str, name: &str, _: &FuncType) -> Option<u32> {
        let position =
            ["exit", "pause", "read", "note", "nested"].iter().position(|it| *it == name);
        position.map(|position| position as u32)
    }

    fn call(&self, call: SystemCall<'_>) -> Answer {
        let here = current().map(EnvId::thread);
        assert_eq!(here, Some(call.thread), "a guest runs in an environment not its own");
        assert!(!self.sealed.load(Ordering::Relaxed), "a guest runs after its process was joined");
        match (call.function, call.args) {
            (0, [Value::I32(status)]) => return Answer::Exit(*status as u32),
            (1, _) if call.now < call.began + PAUSE => {
                return Answer::Pause { until: Some(call.began + PAUSE) };
            }
            (2, _) if !self.input.load(Ordering::Relaxed) => return Answer::Pause { until: None },
            (3, _) => drop(self.notes.fetch_add(1, Ordering::Relaxed)),
            (4, _) => {
                let act = self.nested.lock().expect("no panic").clone();
                act.expect("the model says what")();
            }
            _ => {}
        }
        Answer::Return(Vec::new())
    }

    fn on_input(&self, waker: Arc<dyn Fn() + Send + Sync>) {
        *self.waker.lock() = Some(waker);
    }
}

/// A process of this text with so many threads at most, and its system.
pub fn process_of(text: &'static Text, threads_max: usize) -> (Process, Arc<Stage>) {
    process_within(text, ProcessLimits { threads_max, slice: 1_000, deadlock_ends: false })
}

/// One within these limits.
pub fn process_within(text: &'static Text, limits: ProcessLimits) -> (Process, Arc<Stage>) {
    let (program, stage) = program_within(text, limits);
    (Process::new(program).expect("it fits"), stage)
}

/// What any number of processes may run.
pub fn program_within(text: &'static Text, limits: ProcessLimits) -> (Program, Arc<Stage>) {
    let stage = Arc::new(Stage::default());
    let program = Program::new(&config(), text.module(), stage.clone(), limits);
    (program.expect("a program"), stage)
}

pub fn trapped(thread: u32) -> ProcessExit {
    ProcessExit::Trapped { thread, failure: ThreadFailure::Stopped(Stop::Trap(Trap::Unreachable)) }
}
