//! Programs and a system for them.

use std::sync::Mutex;
use std::time::Duration;

use gainsay_host::process::{
    Process, ProcessExit, ProcessLimits, Program, ProgramError, ThreadFailure,
};
use gainsay_host::sync::Arc;
use gainsay_host::system::{Answer, System, SystemCall};
use gainsay_runtime::{Config, FuncType, Module, Stop, Trap, ValType, Value};

/// `proc_exit`, a pause of so many milliseconds, one for ever, and numbers to print.
#[derive(Default)]
pub struct Console {
    pub printed: Mutex<Vec<i32>>,
}

impl System for Console {
    fn import(&self, module: &str, name: &str, ty: &FuncType) -> Option<u32> {
        let takes = |params: &[ValType]| *ty.params == *params && ty.results.is_empty();
        match (module, name) {
            ("wasi_snapshot_preview1", "proc_exit") if takes(&[ValType::I32]) => Some(0),
            ("console", "sleep") if takes(&[ValType::I32]) => Some(1),
            ("console", "print") if takes(&[ValType::I32]) => Some(2),
            ("console", "read") if takes(&[]) => Some(3),
            ("console", "panic") if takes(&[]) => Some(4),
            _ => None,
        }
    }

    fn call(&self, call: SystemCall<'_>) -> Answer {
        let arg = match call.args {
            [Value::I32(arg)] => *arg as u32,
            _ => 0,
        };
        let until = call.began + Duration::from_millis(arg.into());
        match call.function {
            0 => Answer::Exit(arg),
            1 if call.now < until => Answer::Pause { until: Some(until) },
            1 => Answer::Return(Vec::new()),
            2 => {
                self.printed.lock().expect("no panic").push(arg as i32);
                Answer::Return(Vec::new())
            }
            3 => Answer::Pause { until: None },
            _ => panic!("the console is on fire"),
        }
    }
}

/// Fuel, so that threads can be ended, and little of everything.
pub fn config() -> Config {
    let mut config = Config { fuel: true, ..Config::default() };
    config.limits.stack_slots_max = 1 << 10;
    config
}

pub fn program(text: &str, system: Arc<dyn System>) -> Result<Program, ProgramError> {
    let bytes = wat::parse_str(text).unwrap_or_else(|error| panic!("{error}"));
    let module = Module::new(&config(), &bytes).unwrap_or_else(|error| panic!("{error}"));
    Program::new(&config(), &module, system, LIMITS)
}

pub fn process(text: &str) -> Process {
    let program = program(text, Arc::new(Console::default())).expect("a program");
    Process::new(program).expect("it fits")
}

pub fn trapped(thread: u32, trap: Trap) -> ProcessExit {
    ProcessExit::Trapped { thread, failure: ThreadFailure::Stopped(Stop::Trap(trap)) }
}

/// Few threads, and often a look whether the process has ended.
pub const LIMITS: ProcessLimits =
    ProcessLimits { threads_max: 16, slice: 1_000, deadlock_ends: true };

/// What all programs import.
pub const IMPORTS: &str = r#"
    (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (import "console" "sleep" (func $sleep (param i32)))
    (import "console" "print" (func $print (param i32)))
    (import "console" "read" (func $read))
    (import "console" "panic" (func $panic))
    (import "" "memory" (memory 1 2 shared))"#;

/// A command with `main` as its main thread's code and `child` as a child's, whose
/// identifier is in `$id` and argument in `$arg`.
pub fn command(main: &str, child: &str) -> String {
    format!(
        r#"(module {IMPORTS}
            (func $busy (loop $again (br $again)))
            (func $wait (param $at i32)
                (drop (memory.atomic.wait32 (local.get $at) (i32.const 0) (i64.const -1))))
            (func (export "_start") (local $i i32) {main})
            (func (export "wasi_thread_start") (param $id i32) (param $arg i32) {child}))"#
    )
}
