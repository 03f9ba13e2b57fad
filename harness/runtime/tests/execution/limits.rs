//! Limits are exact: reaching one works, passing it fails.

use crate::common::{Log, call, host_func, instantiate, limits, module, result};
use gainsay_runtime::{
    Activation, Config, Extern, Host, HostError, HostStop, InstantiateError, Limits, NoHost, Stop,
    Store, Value,
};

/// Recurses `n` deep and returns n.
const DEEP: &str = r#"(module
    (func $deep (export "deep") (param $n i32) (result i32) (local i64 i64 i64)
      (if (i32.eqz (local.get $n)) (then (return (i32.const 0))))
      (i32.add (i32.const 1) (call $deep (i32.sub (local.get $n) (i32.const 1))))))"#;

fn deep(limits_: Limits, n: i32) -> Result<Vec<Value>, Stop> {
    let config = limits(limits_);
    let mut store = Store::new(&config);
    let instance = instantiate(&mut store, &config, DEEP, &[]);
    call(&mut store, &instance, "deep", &[n])
}

#[test]
fn as_many_frames_as_allowed_work_and_one_more_does_not() {
    for frames_max in [1, 2, 3, 100, 20_000] {
        let limits = Limits { frames_max, ..Limits::default() };
        let n = frames_max as i32 - 1;
        assert_eq!(deep(limits, n), Ok(vec![Value::I32(n)]));
        assert_eq!(deep(limits, n + 1), Err(Stop::StackExhausted));
    }
    let none = Limits { frames_max: 0, ..Limits::default() };
    assert_eq!(deep(none, 0), Err(Stop::StackExhausted));
}

#[test]
fn as_many_slots_as_a_call_needs_work_and_one_less_does_not() {
    let fits = |slots: usize, n: i32| {
        deep(Limits { stack_slots_max: slots, ..Limits::default() }, n).is_ok()
    };
    let needed = |n: i32| (0..).find(|slots| fits(*slots, n)).unwrap();
    let first = needed(0);
    let each = needed(1) - first;
    assert!(first >= 4 && each >= 4, "{first} {each}");
    for n in [2, 3, 50, 1000] {
        let slots = first + each * n as usize;
        assert!(fits(slots, n));
        assert!(!fits(slots - 1, n));
    }
}

#[test]
fn tail_calls_need_no_more_room_than_the_largest_frame() {
    let config = limits(Limits { frames_max: 3, stack_slots_max: 60, ..Limits::default() });
    let text = r#"(module
        (type $f (func (param i32 i64) (result i64)))
        (import "other" "even" (func $other (type $f)))
        (table 2 funcref)
        (elem (i32.const 0) $odd $even)
        (func $even (export "even") (param i32 i64) (result i64)
          (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
          (return_call $odd (i32.sub (local.get 0) (i32.const 1))
            (i64.add (local.get 1) (i64.const 1))))
        (func $odd (param i32 i64) (result i64) (local i64 i64)
          (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
          (return_call_indirect (type $f) (i32.sub (local.get 0) (i32.const 1))
            (i64.add (local.get 1) (i64.const 1)) (i32.const 1)))
        (func (export "away") (param i32 i64) (result i64)
          (return_call $other (local.get 0) (local.get 1))))"#;
    let mut store = Store::new(&config);
    let first = r#"(module (func (export "even") (param i32 i64) (result i64) (i64.const -1)))"#;
    let first = instantiate(&mut store, &config, first, &[]);
    let second = instantiate(&mut store, &config, text, &[first.export("even").unwrap()]);
    let third = instantiate(&mut store, &config, text, &[second.export("even").unwrap()]);
    for (instance, name) in [(&second, "even"), (&third, "away")] {
        let func = instance.func(name).unwrap();
        let args = [Value::I32(100_000), Value::I64(0)];
        let results = store.invoke(func, &args, &mut NoHost);
        assert_eq!(results, Ok(vec![Value::I64(100_000)]));
    }
}

#[test]
fn frames_of_all_instances_count_together() {
    let config = limits(Limits { frames_max: 50, ..Limits::default() });
    let mut store = Store::new(&config);
    let ping = r#"(module
        (type $f (func (param i32) (result i32)))
        (table (export "table") 2 funcref)
        (elem (i32.const 0) $ping)
        (func $ping (export "ping") (type $f)
          (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
          (i32.add (i32.const 1)
            (call_indirect (type $f) (i32.sub (local.get 0) (i32.const 1)) (i32.const 1)))))"#;
    let ping = instantiate(&mut store, &config, ping, &[]);
    let pong = r#"(module
        (type $f (func (param i32) (result i32)))
        (import "" "table" (table 2 funcref))
        (import "" "ping" (func $ping (type $f)))
        (elem (i32.const 1) $pong)
        (func $pong (type $f)
          (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
          (i32.add (i32.const 1) (call $ping (i32.sub (local.get 0) (i32.const 1))))))"#;
    let imports = [ping.export("table").unwrap(), ping.export("ping").unwrap()];
    instantiate(&mut store, &config, pong, &imports);
    assert_eq!(result(&mut store, &ping, "ping", &[49]), Value::I32(49));
    assert_eq!(call(&mut store, &ping, "ping", &[50]), Err(Stop::StackExhausted));
}

#[test]
fn memories_and_tables_grow_up_to_the_stores_limits() {
    let config =
        limits(Limits { memory_bytes_max: 3 << 16, table_elements_max: 10, ..Limits::default() });
    let mut store = Store::new(&config);
    let text = r#"(module
        (memory 1) (memory i64 0)
        (table 4 funcref) (table i64 0 externref)
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "grow64") (param i32) (result i64)
          (memory.grow 1 (i64.extend_i32_s (local.get 0))))
        (func (export "table") (param i32) (result i32)
          (table.grow 0 (ref.null func) (local.get 0)))
        (func (export "table64") (param i32) (result i64)
          (table.grow 1 (ref.null extern) (i64.extend_i32_s (local.get 0)))))"#;
    let instance = instantiate(&mut store, &config, text, &[]);
    for (name, by, old) in [
        ("grow", 3, Value::I32(-1)),
        ("grow", -1, Value::I32(-1)),
        ("grow", 2, Value::I32(1)),
        ("grow", 1, Value::I32(-1)),
        ("grow", 0, Value::I32(3)),
        ("grow64", 4, Value::I64(-1)),
        ("grow64", -1, Value::I64(-1)),
        ("grow64", 3, Value::I64(0)),
        ("grow64", 1, Value::I64(-1)),
        ("table", 7, Value::I32(-1)),
        ("table", -1, Value::I32(-1)),
        ("table", 6, Value::I32(4)),
        ("table", 1, Value::I32(-1)),
        ("table64", 11, Value::I64(-1)),
        ("table64", -1, Value::I64(-1)),
        ("table64", 10, Value::I64(0)),
    ] {
        assert_eq!(result(&mut store, &instance, name, &[by]), old, "{name} by {by}");
    }
}

#[test]
fn a_module_larger_than_the_limits_is_not_instantiated() {
    let config =
        limits(Limits { memory_bytes_max: 3 << 16, table_elements_max: 10, ..Limits::default() });
    let mut store = Store::new(&config);
    for (text, fits) in [
        ("(module (memory 3))", true),
        ("(module (memory 4))", false),
        ("(module (memory 65536))", false),
        ("(module (memory i64 0x1_0000_0000_0000))", false),
        ("(module (table 10 funcref))", true),
        ("(module (table 11 funcref))", false),
        ("(module (table 0xffff_ffff funcref))", false),
        ("(module (table i64 0xffff_ffff_ffff_ffff funcref))", false),
    ] {
        let found = store.instantiate(&module(&config, text), &[], &mut NoHost);
        match found {
            Ok(_) => assert!(fits, "{text}"),
            Err(InstantiateError::Limit(_)) => assert!(!fits, "{text}"),
            Err(error) => panic!("{text}: {error}"),
        }
    }
}

/// Calls back into the store for as long as it is let.
struct Recursive {
    func: gainsay_runtime::Func,
    depth: usize,
}

impl Host for Recursive {
    fn call(&mut self, store: &mut Store, _: u32, _: &[Value]) -> Result<Vec<Value>, HostStop> {
        self.depth += 1;
        match store.invoke(self.func, &[], self) {
            Ok(results) => Ok(results),
            Err(Stop::StackExhausted) => Ok(vec![]),
            Err(stop) => Err(HostError(stop.to_string()).into()),
        }
    }
}

#[test]
fn host_functions_that_call_back_for_ever_are_stopped() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let host = host_func(&mut store, &[], &[], 0);
    let text = r#"(module (import "" "" (func $host)) (func (export "run") (call $host)))"#;
    let instance = instantiate(&mut store, &config, text, &[Extern::Func(host)]);
    let func = instance.func("run").unwrap();
    let mut recursive = Recursive { func, depth: 0 };
    assert_eq!(store.invoke(func, &[], &mut recursive), Ok(vec![]));
    assert_eq!(recursive.depth, 64);
    assert_eq!(store.invoke(func, &[], &mut Log::default()), Ok(vec![]), "and it can go on");
}

#[test]
fn a_frame_of_the_largest_size_works() {
    let config = limits(Limits { stack_slots_max: 60_000, ..Limits::default() });
    let mut store = Store::new(&config);
    let locals = "i64 ".repeat(49_900);
    let text = format!(
        "(module (func (export \"run\") (param i32) (result i64) (local {locals})
           (local.set 49900 (i64.extend_i32_s (local.get 0))) (local.get 49900)))"
    );
    let instance = instantiate(&mut store, &config, &text, &[]);
    assert_eq!(result(&mut store, &instance, "run", &[5]), Value::I64(5));
    let small = limits(Limits { stack_slots_max: 49_000, ..Limits::default() });
    let mut store = Store::new(&small);
    let instance = instantiate(&mut store, &small, &text, &[]);
    let func = instance.func("run").unwrap();
    let refused = Activation::new(&store, func, &[Value::I32(5)]).map(|_| ());
    assert_eq!(refused, Err(Stop::StackExhausted));
}
