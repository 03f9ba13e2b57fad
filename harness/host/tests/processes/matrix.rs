//! The scenario of report R2 as data: who ends a process how, and what the others do.

use gainsay_host::process::{Process, ProcessExit, ScheduledRun, Seeded};
use gainsay_runtime::Trap;

use crate::common::{IMPORTS, command, process, trapped};

/// A program and how it may end.
pub struct Case {
    pub name: String,
    pub text: String,
    pub allowed: Vec<ProcessExit>,
}

/// More steps than any of the cases takes.
pub const STEPS_MAX: u64 = 1_000_000;

const SPAWN: &str = "(drop (call $spawn (i32.const 0)))";

/// What a thread does that never ends of itself. (Under a schedule even the longest sleep
/// may be over before others have done anything.)
const OCCUPATIONS: [(&str, &str); 4] = [
    ("is busy", "(call $busy)"),
    ("sleeps", "(loop $again (call $sleep (i32.const 1000000000)) (br $again))"),
    ("waits", "(call $wait (i32.const 8))"),
    ("reads", "(call $read)"),
];

fn case(name: impl Into<String>, text: String, allowed: impl Into<Vec<ProcessExit>>) -> Case {
    Case { name: name.into(), text, allowed: allowed.into() }
}

/// All of them.
pub fn cases() -> Vec<Case> {
    let mut cases = matrix();
    cases.extend(races());
    cases.extend(starts());
    cases
}

/// {main, child} ends by {trap, exit, return} while the other one {is busy ...}.
fn matrix() -> Vec<Case> {
    let mut cases = Vec::new();
    for (does, occupation) in OCCUPATIONS {
        for (ends, ending) in [("traps", "unreachable"), ("exits", "(call $exit (i32.const 7))")] {
            let exit = |thread| match ends {
                "traps" => trapped(thread, Trap::Unreachable),
                _ => ProcessExit::Exited(7),
            };
            let of_main = command(&format!("{SPAWN} {ending}"), occupation);
            cases.push(case(format!("main {ends}, child {does}"), of_main, [exit(0)]));
            let of_child = command(&format!("{SPAWN} {occupation}"), ending);
            cases.push(case(format!("child {ends}, main {does}"), of_child, [exit(1)]));
        }
        let text = command(SPAWN, occupation);
        cases.push(case(format!("main returns, child {does}"), text, [ProcessExit::Returned]));
    }
    cases
}

/// Several reasons at a time, and threads that come and go meanwhile.
fn races() -> Vec<Case> {
    let traps = [1, 2].map(|thread| trapped(thread, Trap::Unreachable));
    let exits = "(call $exit (local.get $id))";
    let spawns = "(loop $again (drop (call $spawn (i32.const 0))) (br $again))";
    let counts = "(loop $again
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $again (i32.gt_s (call $spawn (i32.const 0)) (i32.const 0))))
        (call $exit (local.get $i))";
    let first = format!(
        "(if (local.get $arg)
            (then (call $sleep (i32.const 1)) (call $exit (i32.const 5)))) {spawns}"
    );
    let below = "(if (i32.eq (local.get $id) (i32.const 2)) (then unreachable))
        (drop (call $spawn (i32.const 0))) (call $wait (i32.const 8))";
    let wait = "(call $wait (i32.const 0))";
    vec![
        case(
            "child exits with 0, main waits",
            command(&format!("{SPAWN} {wait}"), "(call $exit (i32.const 0))"),
            [ProcessExit::Exited(0)],
        ),
        case(
            "two children trap",
            command(&format!("{SPAWN} {SPAWN} {wait}"), "unreachable"),
            traps.clone(),
        ),
        case(
            "two children exit",
            command(&format!("{SPAWN} {SPAWN} {wait}"), exits),
            [ProcessExit::Exited(1), ProcessExit::Exited(2)],
        ),
        case(
            "main exits, child traps",
            command(&format!("{SPAWN} (call $exit (i32.const 3))"), "unreachable"),
            [traps[0].clone(), ProcessExit::Exited(3)],
        ),
        case(
            "main and child trap",
            command(&format!("{SPAWN} unreachable"), "unreachable"),
            [traps[0].clone(), trapped(0, Trap::Unreachable)],
        ),
        case(
            "threads are spawned during the exit",
            command(&format!("(drop (call $spawn (i32.const 1))) {spawns}"), &first),
            [ProcessExit::Exited(5)],
        ),
        case("threads are spawned without end", command(counts, wait), [ProcessExit::Exited(17)]),
        case("a grandchild traps", command(&format!("{SPAWN} {wait}"), below), [traps[1].clone()]),
        case(
            "threads wait without a partner",
            command(
                &format!("{SPAWN} {SPAWN} {SPAWN} (call $sleep (i32.const 1))"),
                "(call $wait (i32.const 16))",
            ),
            [ProcessExit::Returned],
        ),
        case(
            "all wait",
            command(&format!("{SPAWN} {SPAWN} {wait}"), "(call $wait (i32.const 16))"),
            [ProcessExit::Deadlocked],
        ),
        case(
            "a child returns, main waits",
            command(&format!("{SPAWN} {wait}"), ""),
            [ProcessExit::Deadlocked],
        ),
        case(
            "a notification against the exit",
            command(
                &format!("{SPAWN} {wait} (call $exit (i32.const 1))"),
                "(drop (memory.atomic.notify (i32.const 0) (i32.const 1)))
                (call $exit (i32.const 2))",
            ),
            [ProcessExit::Exited(1), ProcessExit::Exited(2)],
        ),
    ]
}

/// A module whose start function, in all threads but the first, does something.
fn starting(second: &str) -> String {
    format!(
        r#"(module {IMPORTS}
            (func $starts
                (if (i32.atomic.rmw.add (i32.const 0) (i32.const 1)) (then {second})))
            (start $starts)
            (func (export "wasi_thread_start") (param i32 i32))
            (func (export "_start") {SPAWN}
                (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))))"#
    )
}

fn starts() -> Vec<Case> {
    let joins = format!(
        r#"(module {IMPORTS}
            (import "env" "pthread_create" (func $create (param i32 i32 i32 i32) (result i32)))
            (import "env" "pthread_join" (func $join (param i32 i32) (result i32)))
            (export "memory" (memory 0))
            (func $wait (param $at i32)
                (drop (memory.atomic.wait32 (local.get $at) (i32.const 0) (i64.const -1))))
            (table (export "__indirect_function_table") funcref (elem $routine))
            (func $routine (param i32) (result i32) unreachable)
            (func (export "_start")
                (if (call $create (i32.const 8) (i32.const 0) (i32.const 0) (i32.const 0))
                    (then (call $exit (i32.const 1))))
                (drop (call $join (i32.load (i32.const 8)) (i32.const 0)))
                (call $exit (i32.const 0))))"#
    );
    let joined = joins.replace("unreachable", "(call $wait (i32.const 0)) i32.const 0");
    let trap = [trapped(1, Trap::Unreachable)];
    vec![
        case("a child's start function traps", starting("unreachable"), trap.clone()),
        case(
            "a child's start function exits",
            starting("(call $exit (i32.const 4))"),
            [ProcessExit::Exited(4)],
        ),
        case(
            "a child's start function sleeps, then traps",
            starting("(call $sleep (i32.const 1)) unreachable"),
            trap.clone(),
        ),
        case("a thread traps that is joined", joins, trap),
        case("a thread waits that is joined", joined, [ProcessExit::Deadlocked]),
    ]
}

/// Run it on threads of the host.
pub fn on_threads(case: &Case) -> ProcessExit {
    let process = process(&case.text);
    let exit = process.run().expect("for the first time");
    at_rest(&process, &exit);
    exit
}

/// Run it under the schedule of this seed.
pub fn scheduled(case: &Case, seed: u64) -> ScheduledRun {
    let process = process(&case.text);
    let run = process.run_scheduled(&mut Seeded::new(seed), STEPS_MAX);
    let run = run.expect("for the first time");
    at_rest(&process, &run.exit);
    run
}

/// What holds of a process that was run.
fn at_rest(process: &Process, exit: &ProcessExit) {
    assert_eq!((process.threads(), process.exit().as_ref()), (0, Some(exit)));
}
