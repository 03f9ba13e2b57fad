//! Code that is long, or runs for long, between two calls.

use crate::common::{call, instantiate, result};
use gainsay_runtime::{Config, Stop, Store, Trap, Value};

#[test]
fn straight_code_of_any_length_runs_to_its_end() {
    let config = Config::default();
    for count in [1, 61, 62, 63, 64, 65, 66, 127, 128, 129, 5000] {
        let adds = "(local.set 0 (i32.add (local.get 0) (i32.const 3)))".repeat(count);
        let text = format!(
            r#"(module
            (func (export "run") (param i32) (result i32) {adds} (local.get 0))
            (func (export "trap") (param i32) (result i32) {adds} (unreachable)))"#
        );
        let mut store = Store::new(&config);
        let instance = instantiate(&mut store, &config, &text, &[]);
        let expected = Value::I32(3 * count as i32 + 1);
        assert_eq!(result(&mut store, &instance, "run", &[1]), expected);
        let trapped = call(&mut store, &instance, "trap", &[1]);
        assert_eq!(trapped, Err(Stop::Trap(Trap::Unreachable)), "{count}");
    }
}

/// The addition and the branch at a loop's end are one instruction, which may be
/// the last of a straight run, and whose second half is a jump's target by itself.
#[test]
fn counting_loops_count_whatever_they_test_and_however_long_they_are() {
    let config = Config::default();
    let turns = |test: &str, step: i32, from: i32, to: i32| -> Option<i32> {
        let mut at = from;
        (1..1000).find(|_| {
            at = at.wrapping_add(step);
            !match test {
                "i32.ne" => at != to,
                "i32.lt_s" => at < to,
                "i32.lt_u" => (at as u32) < to as u32,
                _ => at != 0,
            }
        })
    };
    for count in [0, 60, 61, 62, 63, 64, 65, 130] {
        for test in ["i32.ne", "i32.lt_s", "i32.lt_u", "nonzero"] {
            for (step, from, to) in [(1, 0, 7), (2, -6, 4), (-1, 9, 2), (-3, 12, -3), (5, -5, 10)] {
                let Some(turns) = turns(test, step, from, to) else { continue };
                let body = "(local.set $x (i32.xor (local.get $x) (local.get $i)))".repeat(count);
                let sum = format!("(local.tee $i (i32.add (local.get $i) (i32.const {step})))");
                let condition = match test {
                    "nonzero" => sum,
                    _ => format!("({test} {sum} (local.get $to))"),
                };
                let text = format!(
                    r#"(module (func (export "run") (param $i i32) (param $to i32) (result i32)
                        (local $x i32) (local $turns i32)
                        (loop $again
                          (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
                          {body}
                          (br_if $again {condition}))
                        (local.get $turns)))"#
                );
                let mut store = Store::new(&config);
                let instance = instantiate(&mut store, &config, &text, &[]);
                let found = result(&mut store, &instance, "run", &[from, to]);
                assert_eq!(found, Value::I32(turns), "{count} {test} {step} {from} {to}");
            }
        }
    }
}

#[test]
fn a_loop_may_run_for_long_on_a_small_stack() {
    // Each turn is a jump, or a jump over one: none may cost any of the host's stack.
    let run = || {
        let config = Config::default();
        let mut store = Store::new(&config);
        let text = r#"(module (memory 1)
            (func (export "run") (param $n i32) (result i32) (local $x i32)
              (loop $again
                (if (i32.and (local.get $n) (i32.const 1))
                  (then (local.set $x (i32.add (local.get $x) (i32.const 2))))
                  (else (i32.store (i32.const 8) (local.get $x))))
                (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
              (i32.add (local.get $x) (i32.load (i32.const 8)))))"#;
        let instance = instantiate(&mut store, &config, text, &[]);
        result(&mut store, &instance, "run", &[300_001])
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap();
    assert_eq!(thread.join().unwrap(), Value::I32(300_002 + 300_000));
}

#[test]
fn branch_tables_take_the_last_target_for_every_index_beyond() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let text = r#"(module
        (func (export "run") (param i32) (result i32)
          (block $c (block $b (block $a
            (br_table $a $b $c (local.get 0)))
            (return (i32.const 10)))
            (return (i32.const 11)))
          (i32.const 12)))"#;
    let instance = instantiate(&mut store, &config, text, &[]);
    for (index, found) in [(0, 10), (1, 11), (2, 12), (3, 12), (-1, 12), (i32::MIN, 12)] {
        assert_eq!(result(&mut store, &instance, "run", &[index]), Value::I32(found));
    }
}

#[test]
fn accesses_at_the_very_end_of_a_memory_work_and_one_byte_on_trap() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let text = r#"(module
        (memory 1) (memory $wide i64 1)
        (func (export "near") (param i32) (result i64) (i64.load offset=8 (local.get 0)))
        (func (export "store") (param i32) (result i64)
          (i32.store16 offset=0xffff_ffff (local.get 0) (i32.const 1)) (i64.const 0))
        (func (export "wide") (param i32) (result i64)
          (i64.load8_u $wide offset=0xffff_ffff_ffff_ffff (i64.extend_i32_u (local.get 0))))
        (func (export "far") (param i32) (result i64)
          (i64.load $wide offset=8 (i64.extend_i32_s (local.get 0)))))"#;
    let instance = instantiate(&mut store, &config, text, &[]);
    let out = Err(Stop::Trap(Trap::MemoryOutOfBounds));
    for (name, address, fits) in [
        ("near", 65536 - 16, true),
        ("near", 65536 - 15, false),
        ("near", -1, false),
        ("near", -8, false),
        ("store", 0, false),
        ("store", 1, false),
        ("store", -1, false),
        ("wide", 0, false),
        ("wide", 1, false),
        ("wide", 2, false),
        ("far", 65536 - 16, true),
        ("far", 65536 - 15, false),
        ("far", -8, false),
        ("far", -1, false),
    ] {
        let expected = if fits { Ok(vec![Value::I64(0)]) } else { out.clone() };
        assert_eq!(call(&mut store, &instance, name, &[address]), expected, "{name} {address}");
    }
}
