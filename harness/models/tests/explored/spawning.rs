//! Threads that are started while the process ends.

use gainsay_host::pool::{Pool, PoolConfig, PoolStats};
use gainsay_host::process::{ProcessExit, SpawnError, ThreadFailure};
use gainsay_host::sync::{Arc, thread};
use gainsay_runtime::InstantiateError;

use crate::commands::{Reached, process, process_in, run};
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
        assert_eq!(run(&process, &stage), ProcessExit::Exited(6));
    });
}

#[test]
fn nothing_is_started_after_a_process_was_joined() {
    static COMMAND: Text = text!(
        r#"(func (export "_start"))
        (func (export "wasi_thread_start") (param i32 i32) call $wait)"#
    );
    static REACHED: Reached = Reached::new();
    explore("nothing_is_started_after_a_process_was_joined", || {
        let (process, stage) = process(&COMMAND);
        let other = process.clone();
        let spawns = thread::spawn(move || other.spawn(0));
        assert_eq!(run(&process, &stage), ProcessExit::Returned);
        let spawned = spawns.join().expect("it ends");
        REACHED.see(spawned.map_or_else(|error| error.to_string(), |thread| thread.to_string()));
        assert_eq!(process.threads(), 0, "a thread lives after its process was joined");
    });
    REACHED.exactly(&["1", "the process has ended"]);
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
        assert_eq!((process.join(), process.threads()), (ProcessExit::Killed, 0));
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

/// A pool with as many stores as there are threads has everything back at the end.
#[test]
fn a_process_that_ends_gives_its_pool_everything_back() {
    static COMMAND: Text = text!(
        r#"(func (export "_start") call $child unreachable)
        (func (export "wasi_thread_start") (param i32 i32) call $wait)"#
    );
    explore("a_process_that_ends_gives_its_pool_everything_back", || {
        let pool = Pool::new(PoolConfig { shards: 1, ..PoolConfig::of(2) });
        let (process, stage) = process_in(&COMMAND, &pool);
        assert_eq!(run(&process, &stage), trapped(0));
        let PoolStats { instances, stacks, .. } = pool.stats();
        assert_eq!((instances.held, stacks.held), (0, 0), "a thread has kept what it ran in");
    });
}

#[test]
fn a_thread_for_which_the_pool_has_nothing_ends_the_process() {
    static COMMAND: Text = text!(
        r#"(func (export "_start") call $child call $wait)
        (func (export "wasi_thread_start") (param i32 i32) call $wait)"#
    );
    explore("a_thread_for_which_the_pool_has_nothing_ends_the_process", || {
        let pool = Pool::new(PoolConfig { shards: 1, ..PoolConfig::of(1) });
        let (process, stage) = process_in(&COMMAND, &pool);
        let of_child = match run(&process, &stage) {
            ProcessExit::Trapped { thread: 1, failure: ThreadFailure::Instantiate(error) } => {
                matches!(error, InstantiateError::Limit(_))
            }
            _ => false,
        };
        assert!(of_child, "the child had no place to run in");
        assert_eq!(pool.stats().instances.held, 0, "a thread has kept what it ran in");
    });
}
