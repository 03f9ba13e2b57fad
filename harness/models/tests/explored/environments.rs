//! Who runs in which execution environment.

use gainsay_host::process::{EnvError, EnvId, Process, ProcessExit, SpawnError, current};
use gainsay_host::sync::{Arc, thread};

use crate::commands::{process, run};
use crate::common::guests::{Text, text, trapped};
use crate::explore::explore;

/// A reactor without an initializer; the start function says where it runs.
static REACTOR: Text = text!(
    r#"(start $note) (export "note" (func $note)) (export "nested" (func $nested))
    (func (export "trap") unreachable)
    (func (export "pause") call $pause)
    (func (export "wasi_thread_start") (param i32 i32))"#
);

/// Ask for an environment and call something in it, from a thread that runs in none.
fn visit(process: &Process, name: &str) -> Result<(), EnvError> {
    assert_eq!(current(), None);
    let environment = match process.environment() {
        Ok(environment) => environment,
        Err(SpawnError::Env(error)) => return Err(error),
        Err(SpawnError::Ended) => return Err(EnvError::Ended),
        Err(error) => panic!("{error}"),
    };
    assert_eq!(current(), None, "the thread has left its environment");
    let outcome = environment.call(name, &[]);
    assert_eq!(current(), None, "the thread has left its environment");
    outcome.map(drop)
}

#[test]
fn the_host_gets_environments_without_having_one() {
    explore("the_host_gets_environments_without_having_one", || {
        let (process, stage) = process(&REACTOR);
        let other = process.clone();
        let visits = thread::spawn(move || visit(&other, "note"));
        assert_eq!(visit(&process, "note"), Ok(()));
        assert_eq!(visits.join().expect("it ends"), Ok(()));
        assert_eq!((stage.notes(), process.threads()), (4, 0));
    });
}

#[test]
fn a_start_function_runs_in_its_own_environment() {
    static COMMAND: Text = text!(
        r#"(start $note)
        (func (export "_start") call $child call $note call $wait)
        (func (export "wasi_thread_start") (param i32 i32) (call $exit (i32.const 4)))"#
    );
    explore("a_start_function_runs_in_its_own_environment", || {
        let (process, stage) = process(&COMMAND);
        assert_eq!(run(&process, &stage), ProcessExit::Exited(4));
        assert_eq!(current(), None);
        assert!(stage.notes() >= 2);
    });
}

#[test]
fn a_call_that_fails_leaves_its_environment() {
    explore("a_call_that_fails_leaves_its_environment", || {
        let (process, _) = process(&REACTOR);
        let other = process.clone();
        let visits = thread::spawn(move || visit(&other, "trap"));
        let outcomes = [visit(&process, "trap"), visits.join().expect("it ends")];
        let failed = outcomes.iter().filter(|it| matches!(it, Err(EnvError::Failed(_)))).count();
        let ended = outcomes.iter().filter(|it| **it == Err(EnvError::Ended)).count();
        assert!(failed >= 1 && failed + ended == 2, "{outcomes:?}");
        assert!([trapped(1), trapped(2)].contains(&process.join()));
    });
}

#[test]
fn destroying_an_environment_leaves_that_of_the_destroyer() {
    explore("destroying_an_environment_leaves_that_of_the_destroyer", || {
        let (process, stage) = process(&REACTOR);
        let doomed = process.environment().expect("an environment");
        let called = Arc::clone(&doomed);
        stage.on_nested(move || {
            let before = current();
            assert!(matches!(doomed.destroy(), Ok(()) | Err(EnvError::Busy)));
            assert_eq!(current(), before, "the thread's own environment is not destroyed");
        });
        let calls = thread::spawn(move || {
            let outcome = called.call("note", &[]);
            assert_eq!(current(), None, "the thread has left its environment");
            outcome
        });
        assert_eq!(visit(&process, "nested"), Ok(()));
        let outcome = calls.join().expect("it ends");
        stage.on_nested(|| {});
        assert!(outcome == Ok(Vec::new()) || outcome == Err(EnvError::Destroyed), "{outcome:?}");
    });
}

#[test]
fn an_environment_is_entered_by_one_of_three() {
    explore("an_environment_is_entered_by_one_of_three", || {
        let (process, stage) = process(&REACTOR);
        let environment = process.environment().expect("an environment");
        let calls = [0, 1].map(|_| {
            let environment = Arc::clone(&environment);
            thread::spawn(move || environment.call("note", &[]))
        });
        let mine = environment.call("note", &[]);
        let outcomes = [mine].into_iter().chain(calls.map(|call| call.join().expect("it ends")));
        let (let_in, refused): (Vec<_>, Vec<_>) = outcomes.partition(Result::is_ok);
        assert!(!let_in.is_empty());
        assert!(refused.iter().all(|refused| *refused == Err(EnvError::Busy)), "{refused:?}");
        assert_eq!(stage.notes() as usize, 1 + let_in.len(), "who is refused runs nothing");
        assert!(environment.take().is_ok(), "it is free again");
    });
}

/// A thread of wasi-threads, one in the style of POSIX, and one of the host.
#[test]
fn environments_are_made_in_three_ways_at_a_time() {
    static COMMAND: Text = text!(
        r#"(start $note)
        (table (export "__indirect_function_table") funcref (elem $routine))
        (func $routine (param i32) (result i32) call $note i32.const 42)
        (func (export "_start")
            call $child
            (if (call $create (i32.const 8) (i32.const 0) (i32.const 0) (i32.const 0))
                (then unreachable))
            (if (call $join (i32.load (i32.const 8)) (i32.const 12)) (then unreachable))
            (if (i32.ne (i32.load (i32.const 12)) (i32.const 42)) (then unreachable))
            call $note)
        (func (export "wasi_thread_start") (param i32 i32) call $note)
        (export "note" (func $note))"#
    );
    explore("environments_are_made_in_three_ways_at_a_time", || {
        let (process, stage) = process(&COMMAND);
        let (other, others) = (process.clone(), Arc::clone(&stage));
        let runs = thread::spawn(move || run(&other, &others));
        let outcome = visit(&process, "note");
        assert!(matches!(outcome, Ok(()) | Err(EnvError::Ended)), "{outcome:?}");
        assert_eq!(runs.join().expect("it ends"), ProcessExit::Returned);
        assert_eq!(current().map(EnvId::thread), None);
    });
}

#[test]
fn an_environment_asked_for_at_the_end_is_refused_or_ended() {
    static COMMAND: Text = text!(
        r#"(func (export "_start") call $note)
        (func (export "nap") call $wait)"#
    );
    explore("an_environment_asked_for_at_the_end_is_refused_or_ended", || {
        let (process, stage) = process(&COMMAND);
        let (other, others) = (process.clone(), Arc::clone(&stage));
        let runs = thread::spawn(move || run(&other, &others));
        assert_eq!(visit(&process, "nap"), Err(EnvError::Ended));
        assert_eq!(runs.join().expect("it ends"), ProcessExit::Returned);
        assert_eq!((process.threads(), stage.notes()), (0, 1));
    });
}
