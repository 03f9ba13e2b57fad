//! Who runs in which environment.

use std::sync::Mutex;

use gainsay_host::process::{EnvError, EnvId, Process, ProcessExit, SpawnError, current};
use gainsay_host::sync::Arc;
use gainsay_host::system::{Answer, System, SystemCall};
use gainsay_runtime::{FuncType, Trap, Value};

use crate::common::{program, trapped};

/// Notes in which environment it was called, and what an environment of the host's is to do.
#[derive(Default)]
struct Witness {
    /// The thread that called, and what its variable named.
    seen: Mutex<Vec<(u32, Option<EnvId>)>>,
    /// To ask for an environment from within a call.
    process: Mutex<Option<Process>>,
}

impl System for Witness {
    fn import(&self, _: &str, name: &str, _: &FuncType) -> Option<u32> {
        ["here", "nested"].iter().position(|it| *it == name).map(|number| number as u32)
    }

    fn call(&self, call: SystemCall<'_>) -> Answer {
        self.seen.lock().expect("no panic").push((call.thread, current()));
        let process = self.process.lock().expect("no panic").clone();
        if let (1, Some(process)) = (call.function, process) {
            let before = current();
            let environment = process.environment().expect("the caller's is the parent");
            assert_eq!(current(), before);
            assert_eq!(environment.call("here", &[]), Ok(Vec::new()));
            assert_eq!(environment.destroy(), Ok(()));
            assert_eq!(current(), before, "destroying another one changes nothing");
            assert_eq!(environment.call("here", &[]), Err(EnvError::Destroyed));
        }
        Answer::Return(Vec::new())
    }
}

const IMPORTS: &str = r#"
    (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
    (import "" "here" (func $here))
    (import "" "nested" (func $nested))
    (import "" "memory" (memory 1 1 shared))"#;

fn make(text: &str) -> (Process, Arc<Witness>) {
    let witness = Arc::new(Witness::default());
    let program = program(text, witness.clone()).expect("a program");
    (Process::new(program).expect("it fits"), witness)
}

/// Every call came from a thread whose variable named that thread's own environment.
fn check(witness: &Witness) -> Vec<u32> {
    let seen = witness.seen.lock().expect("no panic");
    for (thread, env) in &*seen {
        assert_eq!(env.map(EnvId::thread), Some(*thread), "it ran in another's environment");
    }
    seen.iter().map(|(thread, _)| *thread).collect()
}

#[test]
fn a_start_function_runs_in_the_environment_of_its_thread() {
    let text = format!(
        r#"(module {IMPORTS} (start $here)
            (func (export "wasi_thread_start") (param i32 i32)
                (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
                (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
            (func (export "_start")
                (drop (call $spawn (i32.const 0)))
                (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
                (call $here)))"#
    );
    let (process, witness) = make(&text);
    assert_eq!(process.run(), Ok(ProcessExit::Returned));
    let mut threads = check(&witness);
    threads.sort_unstable();
    assert_eq!(threads, [0, 0, 1]);
    assert_eq!(current(), None);
}

#[test]
fn the_host_asks_for_environments_from_anywhere() {
    let text = format!(
        r#"(module {IMPORTS} (start $here) (export "here" (func $here))
            (func (export "nest") call $nested)
            (func (export "trap") unreachable))"#
    );
    let (process, witness) = make(&text);
    *witness.process.lock().expect("no panic") = Some(process.clone());
    let environment = process.environment().expect("from a thread that runs in none");
    assert_eq!(current(), None);
    assert_eq!(environment.call("nest", &[]), Ok(Vec::new()));
    assert_eq!(check(&witness), [1, 1, 2, 2]);
    // A trap ends the process, and leaves the variable clear.
    let failure = match trapped(1, Trap::Unreachable) {
        ProcessExit::Trapped { failure, .. } => failure,
        _ => unreachable!(),
    };
    assert_eq!(environment.call("trap", &[]), Err(EnvError::Failed(failure)));
    assert_eq!(current(), None);
    assert_eq!(process.exit(), Some(trapped(1, Trap::Unreachable)));
    assert_eq!(environment.call("here", &[]), Err(EnvError::Ended));
    *witness.process.lock().expect("no panic") = None;
}

#[test]
fn an_environment_has_one_owner() {
    let (process, _) = make(&format!(r#"(module {IMPORTS} (export "here" (func $here)))"#));
    let environment = process.environment().expect("an environment");
    let token = environment.take().expect("it is free");
    assert_eq!(environment.take().map(drop), Err(EnvError::Busy));
    assert_eq!(environment.call("here", &[]), Err(EnvError::Busy));
    assert_eq!(environment.destroy(), Err(EnvError::Busy));
    assert_eq!(token.call("here", &[]), Ok(Vec::<Value>::new()), "which gives it back");
    drop(environment.take().expect("it is free"));
    assert_eq!(environment.destroy(), Ok(()));
    assert_eq!(environment.take().map(drop), Err(EnvError::Destroyed));
}

/// Environments of two processes: a thread that runs in one's asks the other's for none.
#[test]
fn a_thread_in_a_foreign_environment_gets_none() {
    struct Asking(Process);
    impl System for Asking {
        fn import(&self, _: &str, _: &str, _: &FuncType) -> Option<u32> {
            Some(0)
        }
        fn call(&self, _: SystemCall<'_>) -> Answer {
            assert_eq!(self.0.environment().map(drop), Err(SpawnError::Foreign));
            assert_eq!(self.0.spawn(0), Err(SpawnError::Foreign));
            Answer::Exit(9)
        }
    }
    let (other, _) = make("(module)");
    let text = r#"(module (import "" "ask" (func $ask)) (func (export "_start") call $ask))"#;
    let program = program(text, Arc::new(Asking(other))).expect("a program");
    assert_eq!(Process::new(program).expect("it fits").run(), Ok(ProcessExit::Exited(9)));
}
