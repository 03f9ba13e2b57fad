//! `memory.atomic.wait`, `memory.atomic.notify` and the end of a process.

use std::collections::BTreeSet;
use std::sync::Mutex;

use gainsay_host::process::Exit;

use crate::commands::{process, run};
use crate::common::guests::{Text, text};
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
