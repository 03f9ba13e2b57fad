//! A process ends as a whole, once, and for the first reason there was.

use gainsay_host::process::{ProcessExit, ProcessLimits};
use gainsay_host::sync::{Arc, thread};

use crate::commands::{Reached, process, run};
use crate::common::guests::{Text, process_within, text, trapped};
use crate::explore::explore;

/// The main thread does this, and its child that.
macro_rules! command {
    ($main:literal, $child:literal) => {
        text!(
            r#"(func (export "_start") call $child "# $main ")"
            r#"(func (export "wasi_thread_start") (param $id i32) (param i32) "# $child ")"
        )
    };
}

#[test]
fn a_trap_in_a_child_wakes_the_main_thread() {
    static COMMAND: Text = command!("call $wait call $note", "unreachable");
    explore("a_trap_in_a_child_wakes_the_main_thread", || {
        let (process, stage) = process(&COMMAND);
        assert_eq!(run(&process, &stage), trapped(1));
        assert_eq!(stage.notes(), 0, "nobody has notified it");
    });
}

#[test]
fn a_wait_that_begins_at_the_end_returns_at_once() {
    static COMMAND: Text = command!("(call $exit (i32.const 3))", "call $wait call $note");
    explore("a_wait_that_begins_at_the_end_returns_at_once", || {
        let (process, stage) = process(&COMMAND);
        assert_eq!(run(&process, &stage), ProcessExit::Exited(3));
        assert_eq!(stage.notes(), 0, "nobody has notified it");
    });
}

#[test]
fn a_reader_is_woken_by_the_end() {
    static COMMAND: Text = command!("call $read call $note", "(call $exit (i32.const 0))");
    explore("a_reader_is_woken_by_the_end", || {
        let (process, stage) = process(&COMMAND);
        assert_eq!(run(&process, &stage), ProcessExit::Exited(0));
        assert_eq!(stage.notes(), 0, "there was no input");
    });
}

#[test]
fn a_reader_is_woken_by_input_or_by_the_end() {
    static COMMAND: Text = command!("call $read", "(call $exit (i32.const 5))");
    static REACHED: Reached = Reached::new();
    explore("a_reader_is_woken_by_input_or_by_the_end", || {
        let (process, stage) = process(&COMMAND);
        let writer = Arc::clone(&stage);
        let writes = thread::spawn(move || writer.write());
        REACHED.see(run(&process, &stage));
        writes.join().expect("it ends");
    });
    REACHED.exactly(&["exited with status 5", "returned"]);
}

#[test]
fn a_pausing_thread_is_woken_by_the_end_before_its_timeout() {
    static COMMAND: Text = command!("call $pause", "(call $exit (i32.const 5))");
    static REACHED: Reached = Reached::new();
    explore("a_pausing_thread_is_woken_by_the_end_before_its_timeout", || {
        let (process, stage) = process(&COMMAND);
        REACHED.see(run(&process, &stage));
    });
    REACHED.exactly(&["exited with status 5", "returned"]);
}

#[test]
fn a_busy_thread_ends_with_the_process() {
    static COMMAND: Text = command!("unreachable", "call $busy");
    explore("a_busy_thread_ends_with_the_process", || {
        let (process, stage) = process(&COMMAND);
        assert_eq!(run(&process, &stage), trapped(0));
    });
}

#[test]
fn the_first_of_an_exit_and_a_trap_sets_the_status() {
    static COMMAND: Text = command!("(call $exit (i32.const 3))", "unreachable");
    static REACHED: Reached = Reached::new();
    explore("the_first_of_an_exit_and_a_trap_sets_the_status", || {
        let (process, stage) = process(&COMMAND);
        let (other, others) = (process.clone(), Arc::clone(&stage));
        let runs = thread::spawn(move || run(&other, &others));
        let seen = process.exit();
        let exit = process.join();
        assert!(seen.is_none_or(|seen| seen == exit), "the status has changed");
        assert_eq!(runs.join().expect("it ends"), exit);
        REACHED.see(exit);
    });
    REACHED.exactly(&["exited with status 3", "thread 1 failed: unreachable"]);
}

#[test]
fn one_of_two_traps_sets_the_status() {
    static COMMAND: Text = command!("call $child call $read", "unreachable");
    static REACHED: Reached = Reached::new();
    explore("one_of_two_traps_sets_the_status", || {
        let (process, stage) = process(&COMMAND);
        REACHED.see(run(&process, &stage));
    });
    REACHED.exactly(&["thread 1 failed: unreachable", "thread 2 failed: unreachable"]);
}

#[test]
fn a_process_is_left_when_its_threads_are_gone() {
    static COMMAND: Text = command!("", "call $wait");
    explore("a_process_is_left_when_its_threads_are_gone", || {
        let (process, stage) = process(&COMMAND);
        assert_eq!(run(&process, &stage), ProcessExit::Returned);
    });
}

#[test]
fn joining_a_trapped_thread_reports_no_success() {
    static COMMAND: Text = text!(
        r#"(table (export "__indirect_function_table") funcref (elem $routine))
        (func $routine (param i32) (result i32) unreachable)
        (func (export "_start")
            (if (call $create (i32.const 8) (i32.const 0) (i32.const 0) (i32.const 0))
                (then (call $exit (i32.const 1))))
            (drop (call $join (i32.load (i32.const 8)) (i32.const 12)))
            (call $exit (i32.const 0)))"#
    );
    explore("joining_a_trapped_thread_reports_no_success", || {
        let (process, stage) = process(&COMMAND);
        let exit = run(&process, &stage);
        // It may have trapped before it was known of.
        assert_eq!(exit, trapped(1), "a joiner saw success");
    });
}

#[test]
fn a_deadlock_through_a_join_is_detected() {
    static COMMAND: Text = text!(
        r#"(table (export "__indirect_function_table") funcref (elem $routine))
        (func $routine (param i32) (result i32) call $wait i32.const 0)
        (func (export "_start")
            (if (call $create (i32.const 8) (i32.const 0) (i32.const 0) (i32.const 0))
                (then unreachable))
            (drop (call $join (i32.load (i32.const 8)) (i32.const 12))))"#
    );
    explore("a_deadlock_through_a_join_is_detected", || {
        let limits = ProcessLimits { threads_max: 4, slice: 1_000, deadlock_ends: true };
        let (process, stage) = process_within(&COMMAND, limits);
        assert_eq!(run(&process, &stage), ProcessExit::Deadlocked);
    });
}

#[test]
fn a_trap_in_the_start_function_of_a_child_is_one_in_the_child() {
    static COMMAND: Text = text!(
        r#"(func $starts
            (if (i32.atomic.rmw.add (i32.const 8) (i32.const 1)) (then unreachable)))
        (start $starts)
        (func (export "_start") call $child call $wait)
        (func (export "wasi_thread_start") (param i32 i32))"#
    );
    explore("a_trap_in_the_start_function_of_a_child_is_one_in_the_child", || {
        let (process, stage) = process(&COMMAND);
        assert_eq!(run(&process, &stage), trapped(1));
    });
}

#[test]
fn joiners_see_one_status_of_a_process_that_is_killed() {
    static COMMAND: Text = text!(r#"(func (export "_start") call $read)"#);
    static REACHED: Reached = Reached::new();
    explore("joiners_see_one_status_of_a_process_that_is_killed", || {
        let (process, stage) = process(&COMMAND);
        let (first, second) = (process.clone(), process.clone());
        let runs = thread::spawn(move || first.run());
        let writes = thread::spawn(move || {
            stage.write();
            second.join()
        });
        process.kill();
        let exit = process.join();
        assert_eq!(writes.join().expect("it ends"), exit, "joiners disagree");
        match runs.join().expect("it ends") {
            Ok(ran) => assert_eq!(ran, exit, "joiners disagree"),
            Err(refused) => REACHED.see(refused),
        }
        REACHED.see(exit);
    });
    let refused = "the process has ended: ended from outside";
    REACHED.exactly(&["ended from outside", "returned", refused]);
}
