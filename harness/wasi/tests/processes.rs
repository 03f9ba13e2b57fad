//! Processes with threads: sleeping, reading, and being ended meanwhile.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::common;
use gainsay_host::process::{Process, ProcessExit, Seeded};
use gainsay_host::sync::thread;
use gainsay_wasi::{Buffer, Input, Output, Pipe, Realtime, WasiBuilder};

/// A program of threads; each has 256 bytes of the shared memory, from 256 times its
/// argument on, and the main one has the first.
fn program(main: &str, child: &str) -> Vec<u8> {
    let text = r#"(module
        (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_read"
            (func $fd_read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
            (func $fd_write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "poll_oneoff"
            (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
        (import "env" "memory" (memory 1 1 shared))
        (export "memory" (memory 0))
        ;; Sleep on the monotonic clock.
        (func $sleep (param $room i32) (param $hours i64)
            (i32.store offset=16 (local.get $room) (i32.const 1))
            (i64.store offset=24 (local.get $room)
                (i64.mul (local.get $hours) (i64.const 3600000000000)))
            (if (call $poll_oneoff (local.get $room)
                    (i32.add (local.get $room) (i32.const 64)) (i32.const 1)
                    (i32.add (local.get $room) (i32.const 128)))
                (then unreachable)))
        (func $print (param $room i32) (param $letter i32)
            (i32.store8 offset=200 (local.get $room) (local.get $letter))
            (i32.store offset=208 (local.get $room) (i32.add (local.get $room) (i32.const 200)))
            (i32.store offset=212 (local.get $room) (i32.const 1))
            (if (call $fd_write (i32.const 1) (i32.add (local.get $room) (i32.const 208))
                    (i32.const 1) (i32.add (local.get $room) (i32.const 216)))
                (then unreachable)))
        (func $read (param $room i32) (result i32)
            (i32.store offset=208 (local.get $room) (i32.add (local.get $room) (i32.const 200)))
            (i32.store offset=212 (local.get $room) (i32.const 1))
            (call $fd_read (i32.const 0) (i32.add (local.get $room) (i32.const 208))
                (i32.const 1) (i32.add (local.get $room) (i32.const 216))))
        (func (export "wasi_thread_start") (param $id i32) (param $arg i32) (local $room i32)
            (local.set $room (i32.mul (local.get $arg) (i32.const 256)))
            CHILD)
        (func (export "_start") MAIN))"#;
    wat::parse_str(text.replace("CHILD", child).replace("MAIN", main)).expect("a module")
}

/// What a child does last and the main thread before it returns, so that none is cut off.
const DONE: &str = "(drop (i32.atomic.rmw.add (i32.const 4000) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 4000) (i32.const 1)))";
const ALL_DONE: &str = "(loop $again
    (local.set $done (i32.atomic.load (i32.const 4000)))
    (if (i32.lt_u (local.get $done) (i32.const 3)) (then
        (drop (memory.atomic.wait32 (i32.const 4000) (local.get $done) (i64.const -1)))
        (br $again))))";

const SPAWN_THREE: &str = "(drop (call $spawn (i32.const 3))) (drop (call $spawn (i32.const 1)))
    (drop (call $spawn (i32.const 2)))";

/// Run under the schedule of a seed; what was written and how much time passed.
fn scheduled(bytes: &[u8], seed: u64) -> (Vec<u8>, Duration) {
    let output = Buffer::new(100);
    let builder = WasiBuilder::new().stdout(Output::Buffer(output.clone()));
    let process = common::process(bytes, builder.realtime(Realtime::Since(Duration::ZERO)));
    let run = process.run_scheduled(&mut Seeded::new(seed), 100_000).expect("a first run");
    assert_eq!(run.exit, ProcessExit::Returned);
    (output.bytes(), run.elapsed)
}

#[test]
fn under_a_schedule_hours_pass_in_no_time_and_the_same_happens_again() {
    let main = format!("(local $done i32) {SPAWN_THREE} {ALL_DONE}");
    let child = format!(
        "(call $sleep (local.get $room) (i64.extend_i32_u (local.get $arg)))
        (call $print (local.get $room) (i32.add (local.get $arg) (i32.const 48))) {DONE}"
    );
    let bytes = program(&main, &child);
    let mut seen = BTreeSet::new();
    for seed in 0..20 {
        let (output, elapsed) = scheduled(&bytes, seed);
        assert_eq!(scheduled(&bytes, seed), (output.clone(), elapsed), "{seed}");
        assert!(elapsed >= Duration::from_secs(3 * 3600), "{elapsed:?}");
        assert_eq!(output.iter().copied().collect::<BTreeSet<u8>>(), (*b"123").into());
        seen.insert(output);
    }
    // Who was woken may be kept from going on until others have slept longer.
    assert!(seen.len() > 1, "all schedules are the same");
}

#[test]
fn an_exit_in_a_thread_ends_readers_and_sleepers() {
    let wait = "(if (i32.eq (local.get $arg) (i32.const 1))
        (then (drop (call $read (local.get $room))) unreachable))
        (if (i32.eq (local.get $arg) (i32.const 2))
        (then (call $sleep (local.get $room) (i64.const 1000)) unreachable))
        (call $proc_exit (i32.const 5))";
    let main = "(drop (call $spawn (i32.const 1))) (drop (call $spawn (i32.const 2)))
        (drop (call $spawn (i32.const 3))) (drop (call $read (i32.const 0))) unreachable";
    let bytes = program(main, wait);
    for _ in 0..20 {
        let process = common::process(&bytes, WasiBuilder::new().stdin(Input::Pipe(Pipe::new())));
        assert_eq!(process.run(), Ok(ProcessExit::Exited(5)));
        assert_eq!(process.threads(), 0);
    }
}

#[test]
fn a_process_that_waits_is_ended_from_outside() {
    for main in ["(drop (call $read (i32.const 0)))", "(call $sleep (i32.const 0) (i64.const 9))"] {
        let bytes = program(&format!("(call $print (i32.const 0) (i32.const 48)) {main}"), "");
        let (told, listener) = signal();
        let builder = WasiBuilder::new().stdin(Input::Pipe(Pipe::new())).stdout(told);
        let process = common::process(&bytes, builder);
        let running: Process = process.clone();
        let thread = thread::spawn(move || running.run());
        listener();
        process.kill();
        assert_eq!(thread.join().unwrap(), Ok(ProcessExit::Killed));
    }
}

/// An output, and what returns when something was written to it.
fn signal() -> (Output, impl FnOnce()) {
    let (mut reader, writer) = std::io::pipe().expect("a pipe");
    let output = Output::File(std::os::fd::OwnedFd::from(writer).into());
    (output, move || {
        let mut byte = [0];
        std::io::Read::read_exact(&mut reader, &mut byte).expect("a byte");
    })
}

#[test]
fn input_wakes_the_thread_that_reads_and_no_byte_is_read_twice() {
    let child = "(loop $more
        (if (call $read (local.get $room)) (then unreachable))
        (if (i32.load offset=216 (local.get $room)) (then
            (call $print (local.get $room) (i32.load8_u offset=200 (local.get $room)))
            (br $more))))";
    let (main, child) =
        (format!("(local $done i32) {SPAWN_THREE} {ALL_DONE}"), format!("{child} {DONE}"));
    let (pipe, output) = (Pipe::new(), Buffer::new(10_000));
    let builder = WasiBuilder::new().stdin(Input::Pipe(pipe.clone()));
    let process =
        common::process(&program(&main, &child), builder.stdout(Output::Buffer(output.clone())));
    let sender = thread::spawn(move || {
        for byte in 0..200 {
            pipe.send(&[byte]);
            thread::yield_now();
        }
        pipe.close();
    });
    assert_eq!(process.run(), Ok(ProcessExit::Returned));
    sender.join().unwrap();
    let mut bytes = output.bytes();
    bytes.sort_unstable();
    assert_eq!(bytes, (0..200).collect::<Vec<u8>>());
}
