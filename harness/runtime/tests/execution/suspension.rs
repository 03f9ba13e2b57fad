//! Activations that are left alone, gone on with, copied and dropped.

use crate::common::{host_func, instantiate, result};
use gainsay_runtime::{
    Activation, Config, Event, Extern, Func, Global, HostCall, Instance, Stop, Store, Trap,
    ValType, Value,
};

/// Adds what the host says to a global `n` times, and returns the sum of its own.
const ASKING: &str = r#"(module
    (import "host" "ask" (func $ask (param i32) (result i64)))
    (memory (export "memory") 1)
    (global $total (export "total") (mut i64) (i64.const 0))
    (func $nested (param i32) (result i64) (local $answer i64)
      (local.set $answer (call $ask (local.get 0)))
      (global.set $total (i64.add (global.get $total) (local.get $answer)))
      (i64.store (i32.const 8) (local.get $answer))
      (local.get $answer))
    (func (export "run") (param $n i32) (result i64) (local $sum i64)
      (loop $again
        (local.set $sum (i64.add (local.get $sum) (call $nested (local.get $n))))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (local.get $sum)))"#;

struct World {
    store: Store,
    instance: Instance,
    run: Func,
}

fn world() -> World {
    let config = Config::default();
    let mut store = Store::new(&config);
    let ask = host_func(&mut store, &[ValType::I32], &[ValType::I64], 7);
    let instance = instantiate(&mut store, &config, ASKING, &[Extern::Func(ask)]);
    let run = instance.func("run").unwrap();
    World { store, instance, run }
}

impl World {
    fn start(&mut self, n: i32) -> Activation {
        Activation::new(&self.store, self.run, &[Value::I32(n)]).unwrap()
    }

    /// Run up to the next host call; its argument.
    fn asked(&mut self, activation: &mut Activation) -> i32 {
        match activation.run(&mut self.store) {
            Ok(Event::HostCall(HostCall { id: 7, args, .. })) => match args[..] {
                [Value::I32(n)] => n,
                _ => panic!("{args:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    fn answer(&mut self, activation: &mut Activation, answer: i64) {
        activation.resume(&self.store, &[Value::I64(answer)]).unwrap();
    }

    fn finished(&mut self, activation: &mut Activation) -> i64 {
        match activation.run(&mut self.store) {
            Ok(Event::Finished(results)) => match results[..] {
                [Value::I64(sum)] => sum,
                _ => panic!("{results:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    fn total(&self) -> Value {
        let Some(Extern::Global(total)) = self.instance.export("total") else { panic!() };
        self.store.global_get(total)
    }
}

#[test]
fn a_call_goes_on_where_the_host_was_called() {
    let mut world = world();
    let mut activation = world.start(3);
    for n in [3, 2, 1] {
        assert_eq!(world.asked(&mut activation), n);
        assert_eq!(world.asked(&mut activation), n, "asking again changes nothing");
        world.answer(&mut activation, i64::from(n) * 100);
    }
    assert_eq!(world.finished(&mut activation), 600);
    assert_eq!(world.finished(&mut activation), 600, "it stays finished");
}

#[test]
fn suspended_calls_go_on_in_any_order() {
    let mut world = world();
    let mut activations: Vec<Activation> = (1..=4).map(|_| world.start(2)).collect();
    for activation in &mut activations {
        assert_eq!(world.asked(activation), 2);
    }
    for (step, index) in [(1, 2), (2, 0), (3, 3), (4, 1)] {
        world.answer(&mut activations[index], step);
        assert_eq!(world.asked(&mut activations[index]), 1);
    }
    for (index, sum) in [(3, 13), (1, 14), (0, 12), (2, 11)] {
        world.answer(&mut activations[index], 10);
        assert_eq!(world.finished(&mut activations[index]), sum);
    }
    assert_eq!(world.total(), Value::I64(1 + 2 + 3 + 4 + 40));
}

#[test]
fn a_dropped_call_leaves_what_it_did_and_no_more() {
    let mut world = world();
    let mut activation = world.start(2);
    world.asked(&mut activation);
    world.answer(&mut activation, 5);
    world.asked(&mut activation);
    drop(activation);
    assert_eq!(world.total(), Value::I64(5));
    // Its stack serves the next call.
    let mut next = world.start(1);
    world.asked(&mut next);
    world.answer(&mut next, 6);
    assert_eq!(world.finished(&mut next), 6);
}

#[test]
fn a_copy_goes_on_by_itself() {
    let mut world = world();
    let mut first = world.start(2);
    world.asked(&mut first);
    world.answer(&mut first, 1000);
    world.asked(&mut first);
    let mut second = first.clone();
    let mut third = second.clone();
    world.answer(&mut second, 2);
    assert_eq!(world.finished(&mut second), 1002);
    world.answer(&mut first, 1);
    assert_eq!(world.finished(&mut first), 1001);
    assert_eq!(world.asked(&mut third), 1);
    world.answer(&mut third, 3);
    assert_eq!(world.finished(&mut third), 1003);
    assert_eq!(world.finished(&mut third.clone()), 1003);
}

#[test]
fn the_host_sees_and_changes_memory_while_a_call_is_suspended() {
    let mut world = world();
    let Some(Extern::Memory(memory)) = world.instance.export("memory") else { panic!() };
    let mut activation = world.start(2);
    world.asked(&mut activation);
    world.answer(&mut activation, 0x0102_0304);
    world.asked(&mut activation);
    assert_eq!(world.store.memory_bytes(memory)[8..12], [4, 3, 2, 1]);
    assert_eq!(world.store.memory_bytes(memory).len(), 65536);
    world.store.memory_bytes_mut(memory)[8] = 99;
    world.answer(&mut activation, 0);
    world.finished(&mut activation);
    assert_eq!(world.store.memory_bytes(memory)[8], 0);
}

#[test]
fn values_of_another_type_are_refused_and_change_nothing() {
    let mut world = world();
    for args in [&[] as &[Value], &[Value::I64(1)], &[Value::I32(1), Value::I32(1)]] {
        let refused = Activation::new(&world.store, world.run, args);
        assert!(matches!(refused, Err(Stop::Mismatch(_))), "{args:?}");
    }
    let mut activation = world.start(1);
    let early = activation.resume(&world.store, &[Value::I64(1)]);
    assert!(matches!(early, Err(Stop::Mismatch(_))), "nothing was asked yet");
    world.asked(&mut activation);
    for results in [&[] as &[Value], &[Value::I32(1)], &[Value::I64(1), Value::I64(1)]] {
        let refused = activation.resume(&world.store, results);
        assert!(matches!(refused, Err(Stop::Mismatch(_))), "{results:?}");
    }
    world.answer(&mut activation, 8);
    assert_eq!(world.finished(&mut activation), 8);
}

#[test]
fn a_trapped_call_cannot_go_on() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let text =
        r#"(module (func (export "run") (result i32) (i32.div_u (i32.const 1) (i32.const 0))))"#;
    let instance = instantiate(&mut store, &config, text, &[]);
    let mut activation = Activation::new(&store, instance.func("run").unwrap(), &[]).unwrap();
    for _ in 0..2 {
        assert_eq!(activation.run(&mut store), Err(Stop::Trap(Trap::DivideByZero)));
    }
}

#[test]
fn host_functions_can_be_called_directly_and_in_tail_position() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let two =
        host_func(&mut store, &[ValType::I32, ValType::V128], &[ValType::V128, ValType::I32], 3);
    let text = r#"(module
        (import "host" "two" (func $two (param i32 i64) (result i64 i32)))
        (func $tail (param i64 i32) (result i64 i32)
          (return_call $two (local.get 1) (local.get 0)))
        (func (export "outer") (result i64)
          (call $tail (i64.const 5) (i32.const 6))
          (drop))
        (export "tail" (func $tail))
        (export "two" (func $two)))"#;
    let narrow =
        host_func(&mut store, &[ValType::I32, ValType::I64], &[ValType::I64, ValType::I32], 4);
    let instance = instantiate(&mut store, &config, text, &[Extern::Func(narrow)]);

    let results = [Value::V128(1 << 100), Value::I32(9)];
    let mut activation =
        Activation::new(&store, two, &[Value::I32(1), Value::V128(2 << 64)]).unwrap();
    let Ok(Event::HostCall(call)) = activation.run(&mut store) else { panic!() };
    assert_eq!((call.id, call.args), (3, vec![Value::I32(1), Value::V128(2 << 64)]));
    activation.resume(&store, &results).unwrap();
    assert_eq!(activation.run(&mut store), Ok(Event::Finished(results.to_vec())));

    for (name, finished) in
        [("tail", vec![Value::I64(70), Value::I32(80)]), ("outer", vec![Value::I64(70)])]
    {
        let args: &[Value] = if name == "tail" { &[Value::I64(5), Value::I32(6)] } else { &[] };
        let mut activation = Activation::new(&store, instance.func(name).unwrap(), args).unwrap();
        let Ok(Event::HostCall(call)) = activation.run(&mut store) else { panic!() };
        assert_eq!((call.id, call.args), (4, vec![Value::I32(6), Value::I64(5)]), "{name}");
        activation.resume(&store, &[Value::I64(70), Value::I32(80)]).unwrap();
        assert_eq!(activation.run(&mut store), Ok(Event::Finished(finished)), "{name}");
    }
}

#[test]
fn an_activation_between_two_instances_keeps_both_memories_in_place() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let inner = r#"(module
        (memory (export "memory") 1)
        (func (export "put") (param i32)
          (i32.store8 (i32.const 0) (local.get 0))
          (drop (memory.grow (i32.const 1)))))"#;
    let inner = instantiate(&mut store, &config, inner, &[]);
    let outer = r#"(module
        (import "inner" "put" (func $put (param i32)))
        (memory (export "memory") 1)
        (func (export "run") (result i32)
          (i32.store8 (i32.const 0) (i32.const 1))
          (call $put (i32.const 2))
          (i32.store8 (i32.const 1) (i32.const 3))
          (memory.size)))"#;
    let outer = instantiate(&mut store, &config, outer, &[inner.export("put").unwrap()]);
    assert_eq!(result(&mut store, &outer, "run", &[]), Value::I32(1));
    let bytes = |instance: &Instance| match instance.export("memory") {
        Some(Extern::Memory(memory)) => store.memory_bytes(memory).to_vec(),
        other => panic!("{other:?}"),
    };
    assert_eq!((bytes(&inner)[..2].to_vec(), bytes(&inner).len()), (vec![2, 0], 2 << 16));
    assert_eq!((bytes(&outer)[..2].to_vec(), bytes(&outer).len()), (vec![1, 3], 1 << 16));
}

/// Fuel k for every k: what was done is a prefix of what is done with plenty, and
/// continuing with more fuel ends the same.
#[test]
fn with_any_fuel_a_call_does_a_prefix_of_its_work_and_can_go_on() {
    let config = Config { fuel: true, ..Config::default() };
    let text = r#"(module
        (global $steps (export "steps") (mut i32) (i32.const 0))
        (func $step (param i32) (result i32)
          (global.set $steps (i32.add (global.get $steps) (i32.const 1)))
          (i32.mul (local.get 0) (i32.const 3)))
        (func (export "run") (result i32) (local $i i32) (local $x i32)
          (local.set $x (i32.const 1))
          (loop $again
            (if (i32.and (local.get $i) (i32.const 1))
              (then (local.set $x (call $step (local.get $x)))))
            (br_if $again (i32.lt_u
              (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 9))))
          (local.get $x)))"#;
    let start = |fuel: u64| {
        let mut store = Store::new(&config);
        let instance = instantiate(&mut store, &config, text, &[]);
        store.set_fuel(fuel);
        let activation = Activation::new(&store, instance.func("run").unwrap(), &[]).unwrap();
        let Some(Extern::Global(steps)) = instance.export("steps") else { panic!() };
        (store, activation, steps)
    };
    let steps_done = |store: &Store, steps: Global| match store.global_get(steps) {
        Value::I32(steps) => steps,
        other => panic!("{other:?}"),
    };
    let (mut store, mut activation, _) = start(1_000_000);
    assert_eq!(activation.run(&mut store), Ok(Event::Finished(vec![Value::I32(81)])));
    let used = 1_000_000 - store.fuel();
    assert!(used > 50, "{used}");

    let mut steps_before = 0;
    for fuel in 0..used {
        let (mut store, mut activation, steps) = start(fuel);
        assert_eq!(activation.run(&mut store), Ok(Event::OutOfFuel), "fuel {fuel} of {used}");
        let done = steps_done(&store, steps);
        assert!(done == steps_before || done == steps_before + 1, "fuel {fuel}: {done}");
        steps_before = done;
        let left = store.fuel();
        assert_eq!(activation.run(&mut store), Ok(Event::OutOfFuel));
        assert_eq!((store.fuel(), steps_done(&store, steps)), (left, done), "nothing is lost");
        store.set_fuel(left + used - fuel);
        assert_eq!(activation.run(&mut store), Ok(Event::Finished(vec![Value::I32(81)])));
        assert_eq!(store.fuel(), 0, "the whole costs the same");
    }
    assert_eq!(steps_before, 4);
    let (mut store, mut activation, _) = start(used);
    assert_eq!(activation.run(&mut store), Ok(Event::Finished(vec![Value::I32(81)])));
}

/// A unit per 64 bytes, on credit where the fuel does not reach: the instruction is done,
/// nothing after it is, and what is owed is paid before anything else.
#[test]
fn instructions_on_many_bytes_cost_fuel_by_their_size() {
    let config = Config { fuel: true, ..Config::default() };
    let text = r#"(module
        (type $bytes (array (mut i8)))
        (memory (export "memory") 1)
        (table 128 funcref) (elem $nulls funcref (ref.null func) (ref.null func))
        (data $zeros "\00\00\00\00")
        (global $array (mut (ref null $bytes)) (ref.null $bytes))
        (func (export "nothing"))
        (func (export "fill") (memory.fill (i32.const 0) (i32.const 7) (i32.const 6400)))
        (func (export "copy") (memory.copy (i32.const 64) (i32.const 0) (i32.const 6400)))
        (func (export "init") (memory.init $zeros (i32.const 0) (i32.const 0) (i32.const 4)))
        (func (export "table") (table.fill (i32.const 0) (ref.null func) (i32.const 80)))
        (func (export "elements") (table.copy (i32.const 1) (i32.const 0) (i32.const 80)))
        (func (export "make") (global.set $array (array.new $bytes (i32.const 1) (i32.const 6400))))
        (func (export "array") (array.fill $bytes
          (global.get $array) (i32.const 0) (i32.const 1) (i32.const 640)))
        (func (export "trap") (memory.fill (i32.const 1) (i32.const 7) (i32.const 65536))))"#;
    let mut store = Store::new(&config);
    let instance = instantiate(&mut store, &config, text, &[]);
    let mut cost = |name: &str, fuel: u64| {
        store.set_fuel(fuel);
        let func = instance.func(name).unwrap();
        let mut activation = Activation::new(&store, func, &[]).unwrap();
        let mut spent = 0;
        loop {
            let before = store.fuel();
            let event = activation.run(&mut store);
            spent += before - store.fuel();
            match event {
                Ok(Event::OutOfFuel) => store.set_fuel(store.fuel() + fuel),
                _ => return (spent, store.fuel()),
            }
        }
    };
    let sizes = [("nothing", 0), ("fill", 100), ("copy", 100), ("init", 0), ("table", 10)];
    for (name, units) in sizes.into_iter().chain([("elements", 10), ("make", 100), ("array", 10)]) {
        let (spent, _) = cost(name, 1000);
        let instructions = if name == "nothing" { 0..=1 } else { 4..=6 };
        assert!(instructions.contains(&(spent - units)), "{name}: {spent}");
    }
    let (spent, _) = cost("trap", 1000);
    assert!(spent < 10, "what traps moves nothing: {spent}");

    let (plenty, left) = cost("fill", 1000);
    assert_eq!(plenty + left, 1000);
    let (spent, _) = cost("fill", 10);
    assert!(spent <= 10, "no more is taken than there is");
    store.set_fuel(5);
    assert_eq!(store.fuel(), 0, "the rest is still owed");
    store.set_fuel(1000);
    assert_eq!(store.fuel(), 1000 - (plenty - 10 - 5), "all of it is paid");
}

#[test]
fn a_suspended_call_goes_on_in_another_thread() {
    let mut world = world();
    let mut activation = world.start(1);
    world.asked(&mut activation);
    let thread = std::thread::spawn(move || {
        world.answer(&mut activation, 12);
        world.finished(&mut activation)
    });
    assert_eq!(thread.join().unwrap(), 12);
}
