//! Processes whose threads share one thread of the host.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use gainsay_host::process::{
    BlockedOn, Choice, EnvError, Every, Process, ProcessExit, Program, Replay, RoundRobin,
    RunError, ScheduledRun, Seeded, SpawnError,
};
use gainsay_host::sync::Arc;
use gainsay_runtime::{Config, Module, Trap};

use crate::common::{Console, LIMITS, command, config, process, program, trapped};
use crate::sums::spawn_thread;

const STEPS_MAX: u64 = 100_000;

fn seeded(text: &str, seed: u64) -> ScheduledRun {
    process(text).run_scheduled(&mut Seeded::new(seed), STEPS_MAX).expect("for the first time")
}

#[test]
fn ten_threads_print_4950_under_every_schedule() {
    let console = Arc::new(Console::default());
    let program = program(&spawn_thread(), console.clone()).expect("a program");
    for seed in 0..50 {
        let process = Process::new(program.clone()).expect("it fits");
        let run = process.run_scheduled(&mut Seeded::new(seed), STEPS_MAX).expect("the first");
        assert_eq!(run.exit, ProcessExit::Returned);
    }
    let process = Process::new(program).expect("it fits");
    let run = process.run_scheduled(&mut RoundRobin::default(), STEPS_MAX).expect("the first");
    assert_eq!((run.exit, process.threads()), (ProcessExit::Returned, 0));
    assert_eq!(*console.printed.lock().expect("no panic"), [4950; 51]);
}

#[test]
fn a_run_can_be_repeated() {
    let text = command(
        "(drop (call $spawn (i32.const 0))) (drop (call $spawn (i32.const 1)))
         (call $sleep (i32.const 5)) (call $wait (i32.const 0))",
        "(call $sleep (local.get $id)) (if (local.get $arg) (then unreachable)) (call $busy)",
    );
    for seed in 0..20 {
        let run = seeded(&text, seed);
        assert_eq!(run.exit, trapped(2, Trap::Unreachable));
        assert_eq!(seeded(&text, seed), run);
        let mut replay = Replay::new(run.choices.clone());
        assert_eq!(process(&text).run_scheduled(&mut replay, STEPS_MAX), Ok(run));
    }
}

/// The lost update: with accesses of its own a schedule finds both results, without one.
#[test]
fn a_race_shows_where_accesses_are_visible() {
    let add = "(i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
        (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 4) (i32.const 1)))";
    let main = "(drop (call $spawn (i32.const 0))) (drop (call $spawn (i32.const 0)))
        (loop $again (local.set $i (i32.atomic.load (i32.const 4)))
            (if (i32.ne (local.get $i) (i32.const 2)) (then
                (drop (memory.atomic.wait32 (i32.const 4) (local.get $i) (i64.const -1)))
                (br $again))))
        (call $exit (i32.load (i32.const 0)))";
    let bytes = wat::parse_str(command(main, add)).expect("text");
    for (yields, expected) in [(false, &[2][..]), (true, &[1, 2])] {
        let config = Config { yields, ..config() };
        let module = Module::new(&config, &bytes).expect("a module");
        let program = Program::new(&config, &module, Arc::new(Console::default()), LIMITS);
        let program = program.expect("a program");
        let results = (0..100).map(|seed| {
            let process = Process::new(program.clone()).expect("it fits");
            let run = process.run_scheduled(&mut Seeded::new(seed), STEPS_MAX);
            run.expect("for the first time").exit.status()
        });
        let results: BTreeSet<u32> = results.collect();
        assert_eq!(results.into_iter().collect::<Vec<_>>(), expected, "yields: {yields}");
    }
}

/// All schedules of two threads that each add 1: load, store, and say that it is done.
#[test]
fn every_schedule_of_a_small_program_can_be_run() {
    let add = "(i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))";
    let main = format!(
        "(drop (call $spawn (i32.const 0))) {add}
        (drop (memory.atomic.wait32 (i32.const 4) (i32.const 0) (i64.const -1)))
        (call $exit (i32.load (i32.const 0)))"
    );
    let child = format!(
        "{add} (i32.atomic.store (i32.const 4) (i32.const 1))
        (drop (memory.atomic.notify (i32.const 4) (i32.const 1)))"
    );
    let config = Config { yields: true, ..config() };
    let bytes = wat::parse_str(command(&main, &child)).expect("text");
    let module = Module::new(&config, &bytes).expect("a module");
    let program = Program::new(&config, &module, Arc::new(Console::default()), LIMITS);
    let program = program.expect("a program");
    let (mut every, mut runs) = (Every::default(), BTreeMap::new());
    while every.begin() {
        let process = Process::new(program.clone()).expect("it fits");
        let run = process.run_scheduled(&mut every, STEPS_MAX).expect("for the first time");
        *runs.entry(run.exit.to_string()).or_insert(0) += 1;
    }
    let results: Vec<&str> = runs.keys().map(String::as_str).collect();
    assert_eq!(results, ["exited with status 1", "exited with status 2"]);
    println!("{runs:?}");
    assert!(runs.values().sum::<u32>() > 100, "{runs:?}");
}

#[test]
fn threads_that_wait_for_each_other_are_named() {
    let text =
        command("(drop (call $spawn (i32.const 0))) (call $wait (i32.const 8))", "(call $read)");
    for seed in 0..20 {
        let run = seeded(&text, seed);
        assert_eq!(run.exit, ProcessExit::Deadlocked);
        assert_eq!(run.blocked, [(0, BlockedOn::Notification(8)), (1, BlockedOn::Input)]);
    }
}

#[test]
fn time_is_what_threads_sleep_for() {
    let wait = "(drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 3000000)))";
    let run = seeded(&command(&format!("(call $sleep (i32.const 60000)) {wait}"), ""), 0);
    assert_eq!((run.exit, run.elapsed), (ProcessExit::Returned, Duration::from_millis(60_003)));
}

/// A thread may be as slow as it likes: others' sleeps end before it does anything.
#[test]
fn time_passes_while_others_are_busy() {
    let text = command(
        "(drop (call $spawn (i32.const 0))) (call $sleep (i32.const 60000))",
        "(call $busy)",
    );
    for seed in 0..20 {
        assert_eq!(seeded(&text, seed).exit, ProcessExit::Returned);
    }
    let mut never =
        |choices: &[Choice]| choices.iter().position(|choice| !choice.time_passes).unwrap_or(0);
    let run = process(&text).run_scheduled(&mut never, 1_000).expect("for the first time");
    assert_eq!(
        (run.exit, run.steps, run.elapsed),
        (ProcessExit::OutOfSteps, 1_000, Duration::ZERO)
    );
}

/// An environment of the host's from before the run.
#[test]
fn the_host_has_no_part_in_a_schedule() {
    let text = command("(call $sleep (i32.const 1))", "(call $read)").replace(
        "(func $busy",
        r#"(func (export "f"))
        (func $busy"#,
    );
    let process =
        process(&text.replace("(call $sleep", "(drop (call $spawn (i32.const 0))) (call $sleep"));
    let environment = process.environment().expect("an environment");
    assert_eq!(environment.call("f", &[]), Ok(Vec::new()));
    let mut chosen = 0;
    let mut asking = |_: &[Choice]| {
        assert_eq!(environment.call("f", &[]), Err(EnvError::Scheduled));
        assert_eq!(process.environment().map(drop), Err(SpawnError::Scheduled));
        chosen += 1;
        0
    };
    let run = process.run_scheduled(&mut asking, STEPS_MAX).expect("for the first time");
    assert_eq!((run.exit, run.choices.len()), (ProcessExit::Returned, chosen));
    assert!(chosen > 0);
}

#[test]
fn a_process_is_run_in_one_way() {
    let scheduled = |process: &Process| process.run_scheduled(&mut RoundRobin::default(), 10);
    let process = process(&command("", "(call $read)"));
    process.spawn(0).expect("a thread");
    assert_eq!(scheduled(&process), Err(RunError::HasThreads));
    assert_eq!(process.run(), Ok(ProcessExit::Returned));
    assert_eq!(scheduled(&process), Err(RunError::AlreadyRun));
}
