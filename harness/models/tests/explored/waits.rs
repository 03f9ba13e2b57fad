//! `memory.atomic.wait`, `memory.atomic.notify` and the end of a process.

use gainsay_host::process::{ProcessExit, ProcessLimits};

use crate::commands::{Reached, process, run};
use crate::common::guests::{Text, process_within, text};
use crate::explore::explore;

#[test]
fn a_notification_and_the_end_both_wake() {
    static COMMAND: Text = text!(
        r#"(func (export "_start") call $child call $wait (call $exit (i32.const 1)))
        (func (export "wasi_thread_start") (param i32 i32)
            (i32.atomic.store (i32.const 0) (i32.const 1))
            (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))
            (call $exit (i32.const 2)))"#
    );
    static REACHED: Reached = Reached::new();
    explore("a_notification_and_the_end_both_wake", || {
        let (process, stage) = process(&COMMAND);
        REACHED.see(run(&process, &stage));
    });
    REACHED.exactly(&["exited with status 1", "exited with status 2"]);
}

/// A wait returns 0 when notified, 1 when the value is another one, 2 when the time is over.
#[test]
fn a_timed_wait_of_a_guest_ends_in_three_ways() {
    static COMMAND: Text = text!(
        r#"(func (export "_start") call $child
            (call $exit
                (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 1000000000))))
        (func (export "wasi_thread_start") (param i32 i32)
            (i32.atomic.store (i32.const 0) (i32.const 1))
            (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))"#
    );
    static REACHED: Reached = Reached::new();
    explore("a_timed_wait_of_a_guest_ends_in_three_ways", || {
        let (process, stage) = process(&COMMAND);
        REACHED.see(run(&process, &stage));
    });
    REACHED.exactly(&["exited with status 0", "exited with status 1", "exited with status 2"]);
}

/// The one who waits last notices; who was notified meanwhile does not count.
#[test]
fn a_deadlock_of_waiting_threads_is_detected() {
    static COMMAND: Text = text!(
        r#"(func (export "_start") call $child call $wait call $note call $wait)
        (func (export "wasi_thread_start") (param i32 i32)
            (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))
            call $wait)"#
    );
    static REACHED: Reached = Reached::new();
    explore("a_deadlock_of_waiting_threads_is_detected", || {
        let limits = ProcessLimits { threads_max: 4, slice: 1_000, deadlock_ends: true };
        let (process, stage) = process_within(&COMMAND, limits);
        assert_eq!(run(&process, &stage), ProcessExit::Deadlocked);
        // The notification came in time, or too early.
        REACHED.see(stage.notes());
    });
    REACHED.exactly(&["0", "1"]);
}

#[test]
fn a_timed_wait_racing_with_the_end_is_not_a_deadlock() {
    static COMMAND: Text = text!(
        r#"(func (export "_start") call $child
            (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 1000000000))))
        (func (export "wasi_thread_start") (param i32 i32) (call $exit (i32.const 2)))"#
    );
    static REACHED: Reached = Reached::new();
    explore("a_timed_wait_racing_with_the_end_is_not_a_deadlock", || {
        let (process, stage) = process(&COMMAND);
        REACHED.see(run(&process, &stage));
    });
    REACHED.exactly(&["exited with status 2", "returned"]);
}
