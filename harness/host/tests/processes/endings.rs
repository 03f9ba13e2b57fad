//! A trap or an exit in any thread ends the process, whatever the others do.

use std::sync::mpsc;
use std::time::Duration;

use gainsay_host::process::{Process, ProcessExit, RoundRobin, ThreadFailure};
use gainsay_host::sync::{Arc, thread};
use gainsay_runtime::{InstantiateError, Stop, Trap};

use crate::common::{Console, IMPORTS, command, process, program, trapped};
use crate::matrix::{STEPS_MAX, cases, on_threads, scheduled};

/// Runs of each case in each way; `examples/matrix.rs` makes more.
const RUNS: u64 = 50;

/// Nothing here takes long: who has not ended by then hangs.
const WATCHDOG: Duration = Duration::from_secs(300);

/// Do something on another thread; what came of it, if it ends.
fn watched<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> T {
    let (send, receive) = mpsc::channel();
    let acts = thread::spawn(move || drop(send.send(act())));
    let outcome = receive.recv_timeout(WATCHDOG);
    if let Err(mpsc::RecvTimeoutError::Disconnected) = outcome {
        acts.join().expect("no panic");
    }
    outcome.expect("it ends")
}

#[test]
fn a_process_on_threads_of_the_host_ends_as_it_may() {
    for case in cases() {
        watched(move || {
            for _ in 0..RUNS {
                let exit = on_threads(&case);
                assert!(case.allowed.contains(&exit), "{}: {exit}", case.name);
            }
        });
    }
}

#[test]
fn a_process_under_a_schedule_ends_as_it_may() {
    for case in cases() {
        watched(move || {
            let mut seen = Vec::new();
            for seed in 0..RUNS {
                let run = scheduled(&case, seed);
                assert!(case.allowed.contains(&run.exit), "{}: {}", case.name, run.exit);
                seen.push(run.exit);
            }
            for exit in &case.allowed {
                assert!(seen.contains(exit), "{}: never {exit}", case.name);
            }
        });
    }
}

/// What the threads shared goes with them and the last handle: here, the system.
#[test]
fn nothing_is_left_of_a_process_that_nobody_holds() {
    let text =
        command("(drop (call $spawn (i32.const 0))) (call $sleep (i32.const 1))", "(call $read)");
    let console = Arc::new(Console::default());
    let made = || Process::new(program(&text, console.clone()).expect("a program")).expect("fits");
    let run = made().run_scheduled(&mut RoundRobin::default(), STEPS_MAX).expect("the first time");
    assert_eq!((run.exit, Arc::strong_count(&console)), (ProcessExit::Returned, 1));
    assert_eq!(made().run(), Ok(ProcessExit::Returned));
    watched(move || {
        // A thread of the host is gone a moment after its place is.
        while Arc::strong_count(&console) > 1 {
            thread::yield_now();
        }
    });
}

#[test]
fn an_end_has_a_status() {
    assert_eq!(ProcessExit::Returned.status(), 0);
    assert_eq!(ProcessExit::Exited(0).status(), 0);
    assert_eq!(trapped(1, Trap::Unreachable).status(), 134);
    assert_eq!(trapped(0, Trap::Unreachable).to_string(), "the main thread failed: unreachable");
    assert_eq!(trapped(3, Trap::Unreachable).to_string(), "thread 3 failed: unreachable");
}

#[test]
fn a_panic_of_the_host_in_a_child_ends_the_process() {
    let exit = ProcessExit::Trapped { thread: 1, failure: ThreadFailure::Panicked };
    let text = command("(drop (call $spawn (i32.const 0))) (call $read)", "(call $panic)");
    for _ in 0..RUNS {
        let text = text.clone();
        assert_eq!(watched(move || process(&text).run()), Ok(exit.clone()));
    }
}

#[test]
fn a_thread_without_an_instance_ends_the_process() {
    let text = format!(
        r#"(module {IMPORTS}
            (func (export "wasi_thread_start") (param i32 i32))
            (data (i32.const 65536) "x")
            (func (export "_start")))"#
    );
    let error = InstantiateError::Stopped(Stop::Trap(Trap::MemoryOutOfBounds));
    let exit = |thread| ProcessExit::Trapped {
        thread,
        failure: ThreadFailure::Instantiate(error.clone()),
    };
    assert_eq!(process(&text).run(), Ok(exit(0)));
    let process = process(&text);
    process.spawn(0).expect("a thread");
    assert_eq!(process.join(), exit(1));
}

#[test]
fn a_process_can_be_ended_from_outside() {
    for occupation in ["(call $busy)", "(call $wait (i32.const 8))", "(call $read)"] {
        let process = process(&command(occupation, ""));
        let other = process.clone();
        let runs = thread::spawn(move || other.run());
        process.kill();
        assert_eq!(process.join(), ProcessExit::Killed);
        let outcome = runs.join().expect("no panic");
        assert!(outcome == Ok(ProcessExit::Killed) || outcome.is_err(), "{outcome:?}");
    }
}

#[test]
fn a_process_that_nobody_holds_ends() {
    let (send, receive) = mpsc::channel();
    let process: Process = process(&command("", "(call $busy)"));
    process.spawn(0).expect("a thread");
    let other = process.clone();
    let exits = thread::spawn(move || {
        send.send(()).expect("somebody listens");
        drop(other);
    });
    receive.recv_timeout(WATCHDOG).expect("it begins");
    exits.join().expect("no panic");
    assert_eq!(process.exit(), None, "one handle is left");
    drop(process);
}
