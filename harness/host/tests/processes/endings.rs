//! A trap or an exit in any thread ends the process, whatever the others do.

use std::sync::mpsc;
use std::time::Duration;

use gainsay_host::process::{Exit, Failure, Process};
use gainsay_host::sync::thread;
use gainsay_runtime::{InstantiateError, Stop, Trap};

use crate::common::{IMPORTS, command, process, trapped};

/// Runs of each program; `examples/matrix.rs` does more.
const RUNS: usize = 25;

/// Nothing here takes long: who has not ended by then hangs.
const WATCHDOG: Duration = Duration::from_secs(120);

/// Run a program many times, under a watchdog: how it ended, each time.
fn run(text: &str) -> Vec<Exit> {
    let (text, (send, receive)) = (text.to_owned(), mpsc::channel());
    thread::spawn(move || {
        for _ in 0..RUNS {
            let process = process(&text);
            let exit = process.run().expect("it was not run before");
            assert_eq!((process.threads(), process.exit()), (0, Some(exit.clone())));
            if send.send(exit).is_err() {
                return;
            }
        }
    });
    let next = |_| receive.recv_timeout(WATCHDOG).expect("it ends");
    (0..RUNS).map(next).collect()
}

fn ends_with(text: &str, expected: &Exit) {
    for exit in run(text) {
        assert_eq!(exit, *expected, "{text}");
    }
}

/// What the other thread does, which never ends of itself.
const OCCUPATIONS: [&str; 4] = [
    "(call $busy)",
    "(call $sleep (i32.const 1000000000))",
    "(call $wait (i32.const 8))",
    "(call $read)",
];

const ENDINGS: [&str; 2] = ["unreachable", "(call $exit (i32.const 7))"];

#[test]
fn a_main_thread_that_ends_the_process_ends_its_child() {
    for occupation in OCCUPATIONS {
        for (ending, exit) in
            ENDINGS.into_iter().zip([trapped(0, Trap::Unreachable), Exit::Exited(7)])
        {
            let spawn = "(drop (call $spawn (i32.const 0)))";
            ends_with(&command(&format!("{spawn} {ending}"), occupation), &exit);
        }
    }
}

#[test]
fn a_child_that_ends_the_process_ends_its_main_thread() {
    for occupation in OCCUPATIONS {
        for (ending, exit) in
            ENDINGS.into_iter().zip([trapped(1, Trap::Unreachable), Exit::Exited(7)])
        {
            let main = format!("(drop (call $spawn (i32.const 0))) {occupation}");
            ends_with(&command(&main, ending), &exit);
        }
    }
}

#[test]
fn the_return_of_the_main_thread_ends_its_child() {
    for occupation in OCCUPATIONS {
        let text = command("(drop (call $spawn (i32.const 0)))", occupation);
        ends_with(&text, &Exit::Returned);
    }
}

#[test]
fn an_exit_of_a_child_with_status_0_is_a_success() {
    let text = command(
        "(drop (call $spawn (i32.const 0))) (call $wait (i32.const 0))",
        "(call $exit (i32.const 0))",
    );
    ends_with(&text, &Exit::Exited(0));
    assert_eq!(Exit::Exited(0).status(), 0);
}

#[test]
fn of_two_traps_one_is_the_reason() {
    let main = "(drop (call $spawn (i32.const 0))) (drop (call $spawn (i32.const 0)))
        (call $wait (i32.const 0))";
    for exit in run(&command(main, "unreachable")) {
        let reasons = [1, 2].map(|thread| trapped(thread, Trap::Unreachable));
        assert!(reasons.contains(&exit), "{exit}");
        assert_eq!(exit.status(), 134);
    }
}

#[test]
fn of_an_exit_and_a_trap_one_is_the_reason() {
    let text =
        command("(drop (call $spawn (i32.const 0))) (call $exit (i32.const 3))", "unreachable");
    for exit in run(&text) {
        assert!([trapped(1, Trap::Unreachable), Exit::Exited(3)].contains(&exit), "{exit}");
    }
}

#[test]
fn threads_that_are_spawned_during_the_exit_end_as_well() {
    let spawns = "(loop $again (drop (call $spawn (i32.const 0))) (br $again))";
    let main = format!("(drop (call $spawn (i32.const 1))) {spawns}");
    let child = format!(
        "(if (local.get $arg) (then (call $sleep (i32.const 1)) (call $exit (i32.const 5)))) {spawns}"
    );
    ends_with(&command(&main, &child), &Exit::Exited(5));
}

#[test]
fn who_spawns_without_end_is_refused_at_the_limit() {
    let main = "(loop $again
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $again (i32.gt_s (call $spawn (i32.const 0)) (i32.const 0))))
        (call $exit (local.get $i))";
    ends_with(&command(main, "(call $wait (i32.const 0))"), &Exit::Exited(17));
}

#[test]
fn threads_that_wait_without_a_partner_end_with_the_process() {
    let spawn = "(drop (call $spawn (i32.const 0)))";
    let main = format!("{spawn} {spawn} {spawn} (call $sleep (i32.const 1))");
    ends_with(&command(&main, "(call $wait (i32.const 16))"), &Exit::Returned);
}

#[test]
fn a_panic_of_the_host_in_a_child_ends_the_process() {
    let exit = Exit::Trapped { thread: 1, failure: Failure::Panicked };
    let text = command("(drop (call $spawn (i32.const 0))) (call $read)", "(call $panic)");
    ends_with(&text, &exit);
}

/// The start function runs in every thread; it traps in the second one.
#[test]
fn a_trap_in_the_start_function_of_a_child_ends_the_process() {
    let text = format!(
        r#"(module {IMPORTS}
            (func $starts
                (if (i32.atomic.rmw.add (i32.const 0) (i32.const 1)) (then unreachable)))
            (start $starts)
            (func (export "wasi_thread_start") (param i32 i32))
            (func (export "_start")
                (drop (call $spawn (i32.const 0)))
                (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))))"#
    );
    ends_with(&text, &trapped(1, Trap::Unreachable));
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
    let exit = |thread| Exit::Trapped { thread, failure: Failure::Instantiate(error.clone()) };
    ends_with(&text, &exit(0));
    let process = process(&text);
    process.spawn(0).expect("a thread");
    assert_eq!(process.join(), exit(1));
}

#[test]
fn a_process_can_be_ended_from_outside() {
    for occupation in OCCUPATIONS {
        let process = process(&command(occupation, ""));
        let other = process.clone();
        let runs = thread::spawn(move || other.run());
        process.kill();
        assert_eq!(process.join(), Exit::Killed);
        let outcome = runs.join().expect("no panic");
        assert!(outcome == Ok(Exit::Killed) || outcome.is_err(), "{outcome:?}");
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
