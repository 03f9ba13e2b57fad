//! The heap: what is collected, what is not, and where its limit is.

use gainsay_runtime::{
    Activation, Config, Event, Extern, ExternType, Func, Host, HostStop, Instance,
    InstantiateError, Limits, NoHost, Stop, Store, Value,
};

use crate::common::{call, host_func, instantiate, limits, module, result};

/// Structures of 16 bytes of fields, which are 32 bytes each, in a list.
const NODE: &str =
    "(type $node (struct (field $next (mut (ref null $node))) (field $n (mut i64))))";

/// What one of them counts for.
const NODE_BYTES: u64 = 32;

/// The limit is on so many bytes of objects.
fn heap(bytes: u64) -> Config {
    limits(Limits { heap_bytes_max: bytes, ..Limits::default() })
}

/// A store with such a limit, and an instance of a module with these fields and `$node`.
fn world(bytes: u64, fields: &str) -> (Store, Instance) {
    let config = heap(bytes);
    let mut store = Store::new(&config);
    let text = format!("(module {NODE} {fields})");
    let instance = instantiate(&mut store, &config, &text, &[]);
    (store, instance)
}

/// `build n` makes a list of n nodes at the global `$list`; `sum` adds up what is in it;
/// `waste n` makes n nodes that nobody refers to; `drop` forgets the list.
const LIST: &str = r#"
    (global $list (mut (ref null $node)) (ref.null $node))
    (func (export "build") (param $n i32)
      (loop $l
        (if (local.get $n) (then
          (global.set $list (struct.new $node (global.get $list) (i64.extend_i32_u (local.get $n))))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br $l)))))
    (func (export "sum") (result i64) (local $at (ref null $node)) (local $sum i64)
      (local.set $at (global.get $list))
      (block $end
        (loop $l
          (br_on_null $end (local.get $at))
          (local.set $sum (i64.add (struct.get $node $n) (local.get $sum)))
          (local.set $at (struct.get $node $next (local.get $at)))
          (br $l)))
      (local.get $sum))
    (func (export "waste") (param $n i32)
      (loop $l
        (if (local.get $n) (then
          (drop (struct.new $node (ref.null $node) (i64.const 7)))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br $l)))))
    (func (export "drop") (global.set $list (ref.null $node)))"#;

#[test]
fn garbage_beyond_the_limit_is_collected() {
    let (mut store, instance) = world(64 << 10, LIST);
    call(&mut store, &instance, "build", &[100]).unwrap();
    call(&mut store, &instance, "waste", &[500_000]).unwrap();
    assert!(store.heap_bytes() <= 64 << 10);
    assert_eq!(result(&mut store, &instance, "sum", &[]), Value::I64(5050));
    store.collect_garbage();
    assert_eq!(store.heap_bytes(), 100 * NODE_BYTES);
}

#[test]
fn the_limit_on_live_objects_is_exact() {
    let (mut store, instance) = world(1000 * NODE_BYTES, LIST);
    call(&mut store, &instance, "build", &[1000]).unwrap();
    assert_eq!(store.heap_bytes(), 1000 * NODE_BYTES);
    assert_eq!(call(&mut store, &instance, "build", &[1]), Err(Stop::HeapExhausted));
    assert_eq!(result(&mut store, &instance, "sum", &[]), Value::I64(500_500));
    let (mut store, instance) = world(1000 * NODE_BYTES - 1, LIST);
    assert_eq!(call(&mut store, &instance, "build", &[1000]), Err(Stop::HeapExhausted));
    assert_eq!(store.heap_bytes(), 999 * NODE_BYTES);
}

#[test]
fn garbage_is_reused() {
    let (mut store, instance) = world(1000 * NODE_BYTES, LIST);
    for _ in 0..10 {
        call(&mut store, &instance, "build", &[1000]).unwrap();
        assert_eq!(call(&mut store, &instance, "build", &[1]), Err(Stop::HeapExhausted));
        call(&mut store, &instance, "drop", &[]).unwrap();
    }
    store.collect_garbage();
    assert_eq!(store.heap_bytes(), 0);
}

#[test]
fn cycles_are_collected() {
    let (mut store, instance) = world(
        64 << 10,
        r#"(func (export "run") (param $n i32) (local $a (ref null $node)) (local $b (ref null $node))
          (loop $l
            (local.set $a (struct.new_default $node))
            (local.set $b (struct.new $node (local.get $a) (i64.const 0)))
            (struct.set $node $next (local.get $a) (local.get $b))
            (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))"#,
    );
    call(&mut store, &instance, "run", &[100_000]).unwrap();
    store.collect_garbage();
    assert_eq!(store.heap_bytes(), 0);
}

#[test]
fn a_long_list_is_marked_without_recursion() {
    let (mut store, instance) = world(1 << 28, LIST);
    call(&mut store, &instance, "build", &[2_000_000]).unwrap();
    store.collect_garbage();
    assert_eq!(store.heap_bytes(), 2_000_000 * NODE_BYTES);
    assert_eq!(result(&mut store, &instance, "sum", &[]), Value::I64(2_000_001_000_000));
}

#[test]
fn arrays_beyond_the_limit_are_refused_without_being_made() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let instance = instantiate(
        &mut store,
        &config,
        r#"(module
          (type $bytes (array (mut i8))) (type $vectors (array (mut v128)))
          (type $refs (array (mut anyref)))
          (func (export "bytes") (result i32)
            (array.len (array.new_default $bytes (i32.const -1))))
          (func (export "vectors") (result i32)
            (array.len (array.new $vectors (v128.const i64x2 1 2) (i32.const -1))))
          (func (export "refs") (result i32)
            (array.len (array.new $refs (ref.i31 (i32.const 1)) (i32.const -1)))))"#,
        &[],
    );
    for name in ["bytes", "vectors", "refs"] {
        assert_eq!(call(&mut store, &instance, name, &[]), Err(Stop::HeapExhausted));
        assert_eq!(store.heap_bytes(), 0);
    }
}

/// Each stores a list of one node with the number 42 somewhere and finds it there again.
const PLACES: &str = r#"
    (func $waste (import "" "waste"))
    (type $box (struct (field (mut (ref null $node)))))
    (type $nodes (array (mut (ref null $node))))
    (type $f (func (param (ref null $node)) (result i64)))
    (tag $tag (param (ref null $node)))
    (global $own (mut (ref null $node)) (ref.null $node))
    (global $external (mut externref) (ref.null extern))
    (global $exception (mut exnref) (ref.null exn))
    (global $box (ref $box) (struct.new_default $box))
    (global $array (ref $nodes) (array.new_default $nodes (i32.const 3)))
    (table $table 2 (ref null $node))
    (elem $elem (ref null $node) (item (struct.new $node (ref.null $node) (i64.const 42))))
    (func $make (result (ref $node)) (struct.new $node (ref.null $node) (i64.const 42)))
    (func $read (type $f) (struct.get $node $n (local.get 0)))
    (func (export "global") (result i64)
      (global.set $own (call $make)) (call $waste) (call $read (global.get $own)))
    (func (export "external") (result i64)
      (global.set $external (extern.convert_any (call $make)))
      (call $waste)
      (call $read (ref.cast (ref $node) (any.convert_extern (global.get $external)))))
    (func (export "field") (result i64)
      (struct.set $box 0 (global.get $box) (call $make))
      (call $waste)
      (call $read (struct.get $box 0 (global.get $box))))
    (func (export "element") (result i64)
      (array.set $nodes (global.get $array) (i32.const 2) (call $make))
      (call $waste)
      (call $read (array.get $nodes (global.get $array) (i32.const 2))))
    (func (export "table") (result i64)
      (table.set $table (i32.const 1) (call $make)) (call $waste)
      (call $read (table.get $table (i32.const 1))))
    (func (export "segment") (result i64)
      (call $waste)
      (table.init $table $elem (i32.const 0) (i32.const 0) (i32.const 1))
      (call $read (table.get $table (i32.const 0))))
    (func (export "exception") (result i64)
      (global.set $exception
        (block $h (result exnref)
          (try_table (catch_all_ref $h) (throw $tag (call $make)))
          (unreachable)))
      (call $waste)
      (call $read (block $h (result (ref null $node))
        (try_table (catch $tag $h) (throw_ref (global.get $exception)))
        (unreachable))))
    (func (export "local") (result i64) (local $l (ref null $node))
      (local.set $l (call $make)) (call $waste) (call $read (local.get $l)))
    (func (export "operand") (result i64)
      (call $make) (call $waste) (call $read))
    (func (export "caller") (result i64) (local $l (ref null $node))
      (local.set $l (call $make))
      (drop (call $deeper (call $make)))
      (call $read (local.get $l)))
    (func $deeper (param (ref $node)) (result i64)
      (call $waste) (call $read (local.get 0)))"#;

/// Makes garbage until something was collected, or asks for a collection.
struct Waste {
    ask: bool,
}

impl Host for Waste {
    fn call(&mut self, store: &mut Store, _: u32, _: &[Value]) -> Result<Vec<Value>, HostStop> {
        if self.ask {
            store.collect_garbage();
            return Ok(Vec::new());
        }
        let config = Config::default();
        let text = format!("(module {NODE} {LIST})");
        let instance = instantiate(store, &config, &text, &[]);
        let mut before = store.heap_bytes();
        loop {
            call(store, &instance, "waste", &[1000]).unwrap();
            if store.heap_bytes() < before {
                return Ok(Vec::new());
            }
            before = store.heap_bytes();
        }
    }
}

#[test]
fn objects_referred_to_from_any_root_stay_alive() {
    let config = heap(64 << 10);
    for ask in [true, false] {
        let mut store = Store::new(&config);
        let waste = host_func(&mut store, &[], &[], 0);
        let module = module(&config, &format!("(module {NODE} {PLACES})"));
        let host = &mut Waste { ask };
        let instance = store.instantiate(&module, &[Extern::Func(waste)], host).unwrap();
        let mut count = 0;
        for (name, _) in instance.exports() {
            let found = store.invoke(instance.func(name).unwrap(), &[], host);
            assert_eq!(found, Ok(vec![Value::I64(42)]), "{name}, asked: {ask}");
            count += 1;
        }
        assert_eq!(count, 10);
    }
}

/// `run` asks the host in the middle, with a node in a local and one on the stack.
const ASKS: &str = r#"
    (func $host (import "" "host") (param (ref null $node)) (result (ref null $node)))
    (func $plus (param (ref $node) i64) (result i64)
      (i64.add (struct.get $node $n (local.get 0)) (local.get 1)))
    (func (export "run") (param $given (ref null $node)) (result i64) (local $l (ref null $node))
      (local.set $l (struct.new $node (ref.null $node) (i64.const 1)))
      (call $plus
        (struct.new $node (ref.null $node) (i64.const 10))
        (i64.add
          (struct.get $node $n
            (call $host (struct.new $node (ref.null $node) (i64.const 100))))
          (i64.add
            (struct.get $node $n (local.get $l))
            (struct.get $node $n (local.get $given))))))
    (func (export "make") (param $n i64) (result (ref $node))
      (struct.new $node (ref.null $node) (local.get $n)))
    (func (export "asks") (param $n i32)
      (loop $l
        (drop (call $host (struct.new $node (ref.null $node) (i64.const 1))))
        (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
    (func (export "read") (param (ref $node)) (result i64)
      (struct.get $node $n (local.get 0)))
    (func (export "same") (param eqref eqref) (result i32)
      (ref.eq (local.get 0) (local.get 1)))"#;

struct Asking {
    store: Store,
    instance: Instance,
}

impl Asking {
    fn new(bytes: u64) -> Asking {
        let config = heap(bytes);
        let mut store = Store::new(&config);
        let module = module(&config, &format!("(module {NODE} {ASKS})"));
        let import = module.imports().next().unwrap();
        let ExternType::Func(ty) = import.ty else { panic!("{import:?}") };
        let ty = store.func_type_of(&module, &ty);
        let host = store.host_func(&ty, 0);
        let instance = store.instantiate(&module, &[Extern::Func(host)], &mut NoHost).unwrap();
        Asking { store, instance }
    }

    fn func(&self, name: &str) -> Func {
        self.instance.func(name).unwrap()
    }

    fn call(&mut self, name: &str, args: &[Value]) -> Result<Vec<Value>, Stop> {
        let func = self.func(name);
        self.store.invoke(func, args, &mut crate::common::Log::default())
    }

    fn make(&mut self, n: i64) -> Value {
        self.call("make", &[Value::I64(n)]).unwrap()[0]
    }

    /// Run up to the host call; its argument.
    fn asked(&mut self, activation: &mut Activation) -> Value {
        match activation.run(&mut self.store) {
            Ok(Event::HostCall(call)) => call.args[0],
            other => panic!("{other:?}"),
        }
    }

    /// Hold nothing, and collect.
    fn collect(&mut self) {
        self.store.release(0);
        self.store.collect_garbage();
    }
}

#[test]
fn objects_of_suspended_activations_stay_alive() {
    let mut world = Asking::new(1 << 20);
    let given = world.make(1000);
    let mut activation = Activation::new(&world.store, world.func("run"), &[given]).unwrap();
    world.collect();
    assert_eq!(world.store.heap_bytes(), NODE_BYTES, "not run yet, but has its argument");
    world.asked(&mut activation);
    world.collect();
    assert_eq!(world.store.heap_bytes(), 4 * NODE_BYTES);
    let mut copy = activation.clone();
    let answer = world.make(10_000);
    activation.resume(&world.store, &[answer]).unwrap();
    world.collect();
    // The argument of the host function is in the copy.
    assert_eq!(world.store.heap_bytes(), 5 * NODE_BYTES);
    let finished = |sum| Ok(Event::Finished(vec![Value::I64(sum)]));
    assert_eq!(activation.run(&mut world.store), finished(11_011));
    drop(activation);
    world.collect();
    assert_eq!(world.store.heap_bytes(), 4 * NODE_BYTES);
    let argument = match copy.run(&mut world.store) {
        Ok(Event::HostCall(call)) => call.args[0],
        other => panic!("{other:?}"),
    };
    copy.resume(&world.store, &[argument]).unwrap();
    assert_eq!(copy.run(&mut world.store), finished(1111));
    drop(copy);
    world.collect();
    assert_eq!(world.store.heap_bytes(), 0);
}

#[test]
fn a_dropped_activation_keeps_nothing() {
    let mut world = Asking::new(1 << 20);
    for _ in 0..100 {
        let given = world.make(1);
        let mut activation = Activation::new(&world.store, world.func("run"), &[given]).unwrap();
        world.asked(&mut activation);
    }
    world.collect();
    assert_eq!(world.store.heap_bytes(), 0);
}

#[test]
fn references_are_held_until_they_are_released_and_then_name_nothing() {
    let mut world = Asking::new(1 << 20);
    let kept = world.make(7);
    let count = world.store.held();
    let lost = world.make(8);
    world.store.collect_garbage();
    assert_eq!(world.call("read", &[lost]), Ok(vec![Value::I64(8)]));
    world.store.release(count);
    world.store.collect_garbage();
    assert_eq!(world.call("read", &[kept]), Ok(vec![Value::I64(7)]));
    assert!(matches!(world.call("read", &[lost]), Err(Stop::Mismatch(_))));
    let next = world.make(9);
    assert_ne!(next, lost, "its handle is used again, but not its name");
    assert!(matches!(world.call("read", &[lost]), Err(Stop::Mismatch(_))));
}

#[test]
fn arguments_of_host_functions_are_held_only_until_these_return() {
    let mut world = Asking::new(64 << 10);
    world.call("asks", &[Value::I32(100_000)]).unwrap();
    assert_eq!(world.store.held(), 0);
}

#[test]
fn references_are_equal_iff_they_are_the_same() {
    let mut world = Asking::new(1 << 20);
    let values = [
        world.make(1),
        world.make(1),
        Value::I31(5),
        Value::I31(6),
        Value::Null(gainsay_runtime::HeapType::Eq),
    ];
    assert!(matches!(values[0], Value::Struct(_)));
    for one in values {
        for other in values {
            let same = world.call("same", &[one, other]).unwrap();
            assert_eq!(same, [Value::I32(i32::from(one == other))], "{one:?} {other:?}");
        }
    }
}

#[test]
fn numbers_that_look_like_references_do_no_harm() {
    let (mut store, instance) = world(
        2 * NODE_BYTES,
        r#"(func (export "run") (param $n i32) (local $x i64) (local $y f64)
          (local.set $y (f64.const -0))
          (loop $l
            (local.set $x (i64.or (i64.const 0x8000000000000000)
              (i64.shl (i64.extend_i32_u (local.get $n)) (i64.const 32))))
            (drop (struct.new_default $node))
            (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (local.set $x (i64.const -1))
          (drop (struct.new_default $node)))"#,
    );
    call(&mut store, &instance, "run", &[100]).unwrap();
}

#[test]
fn collecting_again_and_again_for_nothing_ends() {
    // 99,999 nodes live, and there is room for one more.
    let (mut store, instance) = world(100_000 * NODE_BYTES, LIST);
    call(&mut store, &instance, "build", &[99_999]).unwrap();
    call(&mut store, &instance, "waste", &[10]).unwrap();
    assert_eq!(call(&mut store, &instance, "waste", &[1_000_000]), Err(Stop::HeapExhausted));
    call(&mut store, &instance, "drop", &[]).unwrap();
    call(&mut store, &instance, "waste", &[1_000_000]).unwrap();
}

#[test]
fn instantiation_counts_and_may_collect() {
    let segment = "(item (struct.new $node (ref.null $node) (i64.const 1)))".repeat(1000);
    let text = format!(
        r#"(module {NODE}
          (global $kept (ref $node) (struct.new $node (ref.null $node) (i64.const 2)))
          (table $t 1000 (ref null $node))
          (elem (table $t) (i32.const 0) (ref null $node) {segment})
          (func (export "sum") (result i64) (local $i i32) (local $sum i64)
            (loop $l
              (local.set $sum (i64.add (local.get $sum)
                (struct.get $node $n (table.get $t (local.get $i)))))
              (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                (i32.const 1000))))
            (i64.add (local.get $sum) (struct.get $node $n (global.get $kept)))))"#
    );
    let config = heap(1500 * NODE_BYTES);
    let (mut store, list) = world(1500 * NODE_BYTES, LIST);
    call(&mut store, &list, "waste", &[1200]).unwrap();
    let instance = instantiate(&mut store, &config, &text, &[]);
    assert_eq!(result(&mut store, &instance, "sum", &[]), Value::I64(1002));
    let module = module(&config, &text);
    let again = store.instantiate(&module, &[], &mut NoHost);
    assert_eq!(again.unwrap_err(), InstantiateError::Stopped(Stop::HeapExhausted));
    assert_eq!(result(&mut store, &instance, "sum", &[]), Value::I64(1002));
}
