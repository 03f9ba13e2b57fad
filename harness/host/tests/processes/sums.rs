//! The sum of the numbers below 100, computed by threads.

use std::thread;

use gainsay_host::process::{Process, ProcessExit};
use gainsay_host::sync::Arc;
use gainsay_runtime::{Trap, Value};

use crate::common::{Console, IMPORTS, program, trapped};

/// Adds the numbers from `$from` on, 10 of them, to the sum at address 0.
const ADD: &str = r#"
    (func $add (param $from i32) (local $i i32)
        (loop $again
            (drop (i32.atomic.rmw.add (i32.const 0)
                (i32.add (local.get $from) (local.get $i))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $again (i32.lt_u (local.get $i) (i32.const 10)))))"#;

/// Ten threads, each of which says at address 4 that it is ready.
pub fn spawn_thread() -> String {
    format!(
        r#"(module {IMPORTS} {ADD}
        (func (export "_start") (local $i i32)
            (loop $again
                (if (i32.le_s (call $spawn (i32.mul (local.get $i) (i32.const 10))) (i32.const 0))
                    (then unreachable))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $i) (i32.const 10))))
            (loop $again
                (local.set $i (i32.atomic.load (i32.const 4)))
                (if (i32.ne (local.get $i) (i32.const 10)) (then
                    (drop (memory.atomic.wait32 (i32.const 4) (local.get $i) (i64.const -1)))
                    (br $again))))
            (call $print (i32.atomic.load (i32.const 0))))
        (func (export "wasi_thread_start") (param $id i32) (param $arg i32)
            (call $add (local.get $arg))
            (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
            (drop (memory.atomic.notify (i32.const 4) (i32.const 1)))))"#
    )
}

#[test]
fn ten_threads_print_4950() {
    let console = Arc::new(Console::default());
    let program = program(&spawn_thread(), console.clone()).expect("a program");
    for _ in 0..20 {
        let process = Process::new(program.clone()).expect("it fits");
        assert_eq!(process.run(), Ok(ProcessExit::Returned));
        assert_eq!(process.threads(), 0);
    }
    assert_eq!(*console.printed.lock().expect("no panic"), [4950; 20]);
}

/// Ten threads in the style of POSIX; each returns its part, which the main thread adds.
const POSIX: &str = r#"(module
    (import "env" "pthread_create" (func $create (param i32 i32 i32 i32) (result i32)))
    (import "env" "pthread_join" (func $join (param i32 i32) (result i32)))
    (import "console" "print" (func $print (param i32)))
    (import "" "memory" (memory 1 2 shared))
    (export "memory" (memory 0))
    (table (export "__indirect_function_table") funcref (elem $part $wrong))
    (func $wrong)
    (func $part (param $from i32) (result i32) (local $i i32) (local $sum i32)
        (loop $again
            (local.set $sum (i32.add (local.get $sum)
                (i32.add (local.get $from) (local.get $i))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $again (i32.lt_u (local.get $i) (i32.const 10))))
        (local.get $sum))
    (func $must (param $errno i32) (if (local.get $errno) (then unreachable)))
    (func (export "_start") (local $i i32) (local $sum i32)
        (loop $again
            (call $must (call $create (i32.mul (local.get $i) (i32.const 4)) (i32.const 0)
                (i32.const 0) (i32.mul (local.get $i) (i32.const 10))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $again (i32.lt_u (local.get $i) (i32.const 10))))
        (loop $again
            (local.set $i (i32.sub (local.get $i) (i32.const 1)))
            (call $must (call $join (i32.load (i32.mul (local.get $i) (i32.const 4)))
                (i32.const 100)))
            (local.set $sum (i32.add (local.get $sum) (i32.load (i32.const 100))))
            (br_if $again (local.get $i)))
        (call $print (local.get $sum))
        (call $print (call $join (i32.load (i32.const 0)) (i32.const 0)))
        (call $print (call $join (i32.const 0) (i32.const 0)))
        (call $must (call $create (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0)))
        (drop (call $join (i32.load (i32.const 0)) (i32.const 0)))))"#;

#[test]
fn ten_threads_in_the_style_of_posix_print_4950() {
    let console = Arc::new(Console::default());
    let process = Process::new(program(POSIX, console.clone()).expect("a program")).expect("fits");
    // The eleventh one's function is not of the type that it should be of.
    assert_eq!(process.run(), Ok(trapped(11, Trap::IndirectCallTypeMismatch)));
    // Joined before: there is no such thread. And nobody joins itself.
    assert_eq!(*console.printed.lock().expect("no panic"), [4950, 71, 16]);
}

/// A reactor, in whose environments threads of the host compute the parts.
#[test]
fn ten_threads_of_the_host_compute_4950() {
    let text = format!(
        r#"(module {IMPORTS} {ADD} (export "add" (func $add))
            (func (export "sum") (result i32) (i32.atomic.load (i32.const 0)))
            (func (export "_initialize")))"#
    );
    let console = Arc::new(Console::default());
    let process = Process::new(program(&text, console).expect("a program")).expect("it fits");
    process.initialize().expect("it returns");
    thread::scope(|scope| {
        for part in 0..10 {
            let process = process.clone();
            scope.spawn(move || {
                let environment = process.environment().expect("an environment");
                environment.call("add", &[Value::I32(part * 10)]).expect("it returns");
            });
        }
    });
    let environment = process.environment().expect("an environment");
    assert_eq!(environment.call("sum", &[]), Ok(vec![Value::I32(4950)]));
    assert_eq!(process.threads(), 0, "nobody runs");
}
