//! Many threads of the host and a process.

use gainsay_host::process::{EnvError, EnvId, ExecEnv, Process, ProcessExit, SpawnError, current};
use gainsay_host::sync::{Arc, thread};
use gainsay_runtime::Value;
use shuttle::rand::{Rng, thread_rng};

use crate::common::guests::{Stage, Text, process_of, text, trapped};
use crate::sample::{ACTIONS, THREADS, sample};

/// Threads of the guest at a time, with the host's environments.
const THREADS_MAX: usize = 24;

/// What a thread of the guest does is in its argument: return, wait, notify, pause, read,
/// spawn another one, trap or exit.
static REACTOR: Text = text!(
    r#"(start $note) (export "note" (func $note)) (export "nested" (func $nested))
    (func (export "notify") call $notify)
    (func (export "trap") unreachable)
    (func $notify
        (drop (memory.atomic.notify (i32.const 0) (i32.const 2))))
    (func (export "wasi_thread_start") (param $id i32) (param $act i32)
        (if (i32.eq (local.get $act) (i32.const 1)) (then call $wait))
        (if (i32.eq (local.get $act) (i32.const 2)) (then call $notify))
        (if (i32.eq (local.get $act) (i32.const 3)) (then call $pause))
        (if (i32.eq (local.get $act) (i32.const 4)) (then call $read))
        (if (i32.eq (local.get $act) (i32.const 5))
            (then (drop (call $spawn (i32.const 2)))))
        (if (i32.eq (local.get $act) (i32.const 6)) (then unreachable))
        (if (i32.eq (local.get $act) (i32.const 7)) (then (call $exit (i32.const 9)))))"#
);

/// A thread of the host and what it holds.
struct Worker {
    process: Process,
    stage: Arc<Stage>,
    /// Used by all.
    shared: Arc<ExecEnv>,
    own: Vec<Arc<ExecEnv>>,
    /// How it has seen the process end.
    seen: Option<ProcessExit>,
    /// Of so many acts of a guest's thread one ends the process.
    patience: u32,
}

impl Worker {
    fn act(&mut self) {
        match thread_rng().gen_range(0..10) {
            0..=3 => self.spawn(),
            4 => self.ask(),
            5 => self.check(&self.shared.call("note", &[])),
            6 => self.check(&self.shared.call("notify", &[])),
            7 => {
                if let Some(environment) = self.own.last() {
                    self.check(&environment.call("notify", &[]));
                }
            }
            8 => self.stage.write(),
            _ => self.look(),
        }
        assert_eq!(current(), None, "the thread has left its environment");
    }

    fn spawn(&self) {
        let ends = thread_rng().gen_range(0..self.patience) == 0;
        let act = thread_rng().gen_range(if ends { 6..8 } else { 0..6 });
        match self.process.spawn(act) {
            Ok(thread) => assert!(thread > 0),
            Err(error) => assert!(matches!(error, SpawnError::Ended | SpawnError::TooMany)),
        }
    }

    fn ask(&mut self) {
        match self.process.environment() {
            Ok(environment) => self.own.push(environment),
            Err(SpawnError::Ended | SpawnError::Env(EnvError::Ended)) => {}
            Err(error) => {
                assert_eq!(error, SpawnError::TooMany);
                self.own.clear();
            }
        }
    }

    fn check(&self, outcome: &Result<Vec<Value>, EnvError>) {
        let told = match outcome {
            Ok(values) => values.is_empty(),
            Err(EnvError::Ended) => self.process.exit().is_some(),
            Err(error) => *error == EnvError::Busy,
        };
        assert!(told, "{outcome:?}");
    }

    /// A status that was seen stays.
    fn look(&mut self) {
        let exit = self.process.exit();
        assert!(self.seen.is_none() || self.seen == exit, "the status has changed");
        self.seen = exit;
    }
}

/// Let eight threads act, then end the process: what they have seen.
fn act(patience: u32) {
    let (process, stage) = process_of(&REACTOR, THREADS_MAX);
    let shared = process.environment().expect("an environment");
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let (process, stage) = (process.clone(), Arc::clone(&stage));
            let (shared, own) = (Arc::clone(&shared), Vec::new());
            let mut worker = Worker { process, stage, shared, own, seen: None, patience };
            thread::spawn(move || {
                (0..ACTIONS).for_each(|_| worker.act());
                worker.seen
            })
        })
        .collect();
    let seen: Vec<_> = threads.into_iter().map(|thread| thread.join().expect("it ends")).collect();
    process.kill();
    let exit = process.join();
    assert_eq!(process.threads(), 0, "a thread lives after its process was joined");
    stage.seal();
    assert!(seen.into_iter().flatten().all(|seen| seen == exit), "the status has changed");
    let of_trap = matches!(exit, ProcessExit::Trapped { thread, .. } if exit == trapped(thread));
    assert!(of_trap || [ProcessExit::Killed, ProcessExit::Exited(9)].contains(&exit), "{exit}");
}

#[test]
fn eight_threads_do_twenty_things_with_a_process() {
    sample("eight_threads_do_twenty_things_with_a_process", || act(10));
}

#[test]
fn eight_threads_use_environments_twenty_times() {
    sample("eight_threads_use_environments_twenty_times", || {
        let (process, stage) = process_of(&REACTOR, THREADS_MAX);
        let environments = [0, 1, 2].map(|_| process.environment().expect("an environment"));
        let environments = Arc::new(environments);
        let (doomed, other) = (Arc::clone(&environments), process.clone());
        stage.on_nested(move || {
            let before = current();
            assert!(before.map(EnvId::thread).is_some());
            if thread_rng().gen_range(0..50) == 0 {
                let outcome = doomed[thread_rng().gen_range(0..3)].destroy();
                assert!(matches!(outcome, Ok(()) | Err(EnvError::Busy)));
            } else if let Ok(environment) = other.environment() {
                assert!(environment.call("note", &[]).is_ok());
            }
            assert_eq!(current(), before, "the thread's own environment is not destroyed");
        });
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                let environments = Arc::clone(&environments);
                thread::spawn(move || {
                    for _ in 0..ACTIONS {
                        let environment = &environments[thread_rng().gen_range(0..3)];
                        let nests = thread_rng().gen_range(0..3) == 0;
                        match environment.call(if nests { "nested" } else { "note" }, &[]) {
                            Ok(values) => assert!(values.is_empty()),
                            Err(EnvError::Busy | EnvError::Destroyed) => {}
                            Err(error) => panic!("{error}"),
                        }
                        assert_eq!(current(), None, "the thread has left its environment");
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().expect("it ends"));
        stage.on_nested(|| {});
        assert_eq!(process.exit(), None);
        assert_eq!(process.threads(), 0, "nobody runs");
        assert!(stage.notes() > 3, "nobody ran");
    });
}
