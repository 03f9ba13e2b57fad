//! Threads that are started while the process ends.

use gainsay_host::process::{Exit, SpawnError};
use gainsay_host::sync::{Arc, thread};

use crate::commands::{process, run};
use crate::common::guests::{Text, process_of, text, trapped};
use crate::explore::explore;

#[test]
fn a_spawn_at_the_end_is_refused_or_its_thread_ends() {
    static COMMAND: Text = text!(
        r#"(func (export "_start") call $child (call $exit (i32.const 6)))
        (func (export "wasi_thread_start") (param $id i32) (param i32)
            (if (i32.eq (local.get $id) (i32.const 1)) (then call $child))
            call $wait)"#
    );
    explore("a_spawn_at_the_end_is_refused_or_its_thread_ends", || {
        let (process, stage) = process(&COMMAND);
        assert_eq!(run(&process, &stage), Exit::Exited(6));
    });
}

#[test]
fn nothing_is_started_after_a_process_was_joined() {
    static COMMAND: Text = text!(
        r#"(func (export "_start"))
        (func (export "wasi_thread_start") (param i32 i32) call $wait)"#
    );
    explore("nothing_is_started_after_a_process_was_joined", || {
        let (process, stage) = process(&COMMAND);
        let other = process.clone();
        let spawns = thread::spawn(move || other.spawn(0));
        assert_eq!(run(&process, &stage), Exit::Returned);
        let spawned = spawns.join().expect("it ends");
        assert!(matches!(spawned, Ok(1) | Err(SpawnError::Ended)), "{spawned:?}");
        assert_eq!(process.threads(), 0, "a thread lives after its process was joined");
    });
}

#[test]
fn two_threads_share_the_last_place() {
    static COMMAND: Text = text!(
        r#"(func (export "_start") call $wait)
        (func (export "wasi_thread_start") (param i32 i32) call $wait)"#
    );
    explore("two_threads_share_the_last_place", || {
        let (process, _) = process_of(&COMMAND, 1);
        let other = process.clone();
        let spawns = thread::spawn(move || other.spawn(0));
        let outcomes = [process.spawn(0), spawns.join().expect("it ends")];
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Ok(1)).count(), 1);
        assert!(outcomes.contains(&Err(SpawnError::TooMany)));
        process.kill();
        assert_eq!((process.join(), process.threads()), (Exit::Killed, 0));
    });
}

#[test]
fn a_trap_during_a_spawn_ends_both() {
    static COMMAND: Text = text!(
        r#"(func (export "_start") call $child call $child call $read)
        (func (export "wasi_thread_start") (param $id i32) (param i32)
            (if (i32.eq (local.get $id) (i32.const 1)) (then unreachable))
            call $wait)"#
    );
    explore("a_trap_during_a_spawn_ends_both", || {
        let (process, stage) = process(&COMMAND);
        let exit = run(&process, &stage);
        assert_eq!(exit, trapped(1));
    });
}

#[test]
fn a_process_that_nobody_holds_ends_its_threads() {
    static REACTOR: Text =
        text!(r#"(func (export "wasi_thread_start") (param i32 i32) call $note call $wait)"#);
    explore("a_process_that_nobody_holds_ends_its_threads", || {
        let (process, stage) = process(&REACTOR);
        process.spawn(0).expect("a thread");
        let other = process.clone();
        let drops = thread::spawn(move || drop(other));
        drop(process);
        drops.join().expect("it ends");
        assert!(Arc::strong_count(&stage) >= 1);
    });
}
