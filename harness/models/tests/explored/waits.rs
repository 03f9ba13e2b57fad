//! `memory.atomic.wait`, `memory.atomic.notify` and the end of a process.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use gainsay_host::process::{Exit, ProcessLimits};

use crate::commands::{process, run};
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
    explore("a_notification_and_the_end_both_wake", || {
        let (process, stage) = process(&COMMAND);
        let exit = run(&process, &stage);
        assert!([Exit::Exited(1), Exit::Exited(2)].contains(&exit), "{exit}");
    });
}

/// What a wait can return, seen over all executions: 0 notified, 1 not equal, 2 timed out.
static SEEN: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

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
    explore("a_timed_wait_of_a_guest_ends_in_three_ways", || {
        let (process, stage) = process(&COMMAND);
        let exit = run(&process, &stage);
        assert!(matches!(exit, Exit::Exited(0..=2)), "{exit}");
        SEEN.lock().expect("no panic").insert(exit.status());
    });
    let seen = SEEN.lock().expect("no panic");
    assert_eq!(seen.iter().copied().collect::<Vec<_>>(), [0, 1, 2], "all of them can happen");
}

/// The one who waits last notices; who was notified meanwhile does not count.
#[test]
fn threads_that_all_wait_are_noticed() {
    static COMMAND: Text = text!(
        r#"(func (export "_start") call $child call $wait call $note call $wait)
        (func (export "wasi_thread_start") (param i32 i32)
            (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))
            call $wait)"#
    );
    explore("threads_that_all_wait_are_noticed", || {
        let limits = ProcessLimits { threads_max: 4, slice: 1_000, deadlock_ends: true };
        let (process, stage) = process_within(&COMMAND, limits);
        assert_eq!(run(&process, &stage), Exit::Deadlocked);
        NOTED.fetch_or(1 << stage.notes(), Ordering::Relaxed);
    });
    assert_eq!(NOTED.load(Ordering::Relaxed), 0b11, "the notification came early, and late");
}

/// How often the guest went on, over all executions.
static NOTED: AtomicU32 = AtomicU32::new(0);

#[test]
fn a_timed_wait_against_the_end_is_no_deadlock() {
    static COMMAND: Text = text!(
        r#"(func (export "_start") call $child
            (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 1000000000))))
        (func (export "wasi_thread_start") (param i32 i32) (call $exit (i32.const 2)))"#
    );
    explore("a_timed_wait_against_the_end_is_no_deadlock", || {
        let (process, stage) = process(&COMMAND);
        let exit = run(&process, &stage);
        assert!([Exit::Returned, Exit::Exited(2)].contains(&exit), "{exit}");
    });
}
