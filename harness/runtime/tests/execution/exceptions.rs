//! Exceptions: within a call, across instances and host functions, out of the store.

use gainsay_runtime::{
    Activation, Config, Event, Exception, Extern, Func, Host, HostError, HostStop, Instance,
    InstantiateError, Limits, NoHost, RefType, Stop, Store, Tag, ValType, Value,
};

use crate::common::{call, host_func, instantiate, limits, module, result};

fn run(text: &str) -> (Store, Instance) {
    let config = Config::default();
    let mut store = Store::new(&config);
    let instance = instantiate(&mut store, &config, text, &[]);
    (store, instance)
}

fn tag(instance: &Instance, name: &str) -> Tag {
    match instance.export(name) {
        Some(Extern::Tag(tag)) => tag,
        other => panic!("{name} is {other:?}"),
    }
}

/// The exception that a call must end with.
fn thrown<T: std::fmt::Debug>(ended: Result<T, Stop>) -> Exception {
    match ended {
        Err(Stop::Exception(exception)) => exception,
        other => panic!("no exception but {other:?}"),
    }
}

#[test]
fn an_exception_that_nobody_catches_says_its_tag_and_values() {
    let (mut store, instance) = run(r#"
        (tag $a (export "a") (param i32 f64 funcref))
        (tag $b (export "b"))
        (func $f (export "f") (param i32)
          (throw $a (local.get 0) (f64.const -0) (ref.func $f)))
        (func (export "g") (param i32) (call $f (local.get 0)))
        (func (export "h") (throw $b))"#);
    let f = instance.func("f").unwrap();
    let values = vec![Value::I32(5), Value::F64(1 << 63), Value::Func(f)];
    let expected = Exception { tag: tag(&instance, "a"), values };
    assert_eq!(thrown(call(&mut store, &instance, "f", &[5])), expected);
    assert_eq!(thrown(call(&mut store, &instance, "g", &[5])), expected);
    let empty = Exception { tag: tag(&instance, "b"), values: Vec::new() };
    assert_eq!(thrown(call(&mut store, &instance, "h", &[])), empty);
}

#[test]
fn an_activation_reports_its_exception_again_when_asked_again() {
    let (mut store, instance) =
        run(r#"(tag (param i32)) (func (export "f") (throw 0 (i32.const 1)))"#);
    let mut activation = Activation::new(&store, instance.func("f").unwrap(), &[]).unwrap();
    let first = thrown(activation.run(&mut store));
    assert_eq!(thrown(activation.run(&mut store)), first);
}

#[test]
fn operands_below_a_label_survive_an_exception() {
    // Below the label lie a constant, a local that is set within, and a sum.
    let (mut store, instance) = run(r#"
        (tag $e (param i32 i32))
        (func $throw (throw $e (i32.const 30) (i32.const 4)))
        (func (export "f") (param $x i32) (result i32)
          i32.const 100
          local.get $x
          (i32.add (local.get $x) (i32.const 7))
          (block $l (result i32 i32)
            i32.const 1
            i32.const 2
            (try_table (catch $e $l)
              (local.set $x (i32.const 1000))
              i32.const 3
              (call $throw)
              drop)
            unreachable)
          i32.sub i32.add i32.add i32.add
          (i32.add (local.get $x)))"#);
    let expected = 100 + 5 + 12 + 26 + 1000;
    assert_eq!(result(&mut store, &instance, "f", &[5]), Value::I32(expected));
}

#[test]
fn a_label_may_be_that_of_the_function_or_of_a_loop() {
    let (mut store, instance) = run(r#"
        (tag $one (param i32))
        (tag $two (param i64 i32))
        (func (export "one") (param i32) (result i32)
          (try_table (catch $one 0) (throw $one (local.get 0)))
          unreachable)
        (func (export "two") (param i32) (result i64 i32)
          i64.const 1
          i64.const 2
          (try_table (catch $two 0) (throw $two (i64.const 9) (local.get 0)))
          unreachable)
        (func (export "both") (param i32) (result i32)
          (try_table (catch $one 0)
            (if (local.get 0) (then (throw $one (i32.const 8)))))
          i32.const 7)
        (func (export "none") (param i32)
          (try_table (catch_all 0) (if (local.get 0) (then (throw $one (i32.const 8))))))
        (func (export "count") (param $n i32) (result i32)
          i32.const 0
          (loop $l (param i32) (result i32)
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (try_table (param i32) (result i32) (catch $one $l)
              (i32.add (i32.const 2))
              (if (param i32) (result i32) (local.get $n) (then (throw $one))))))"#);
    assert_eq!(result(&mut store, &instance, "one", &[6]), Value::I32(6));
    let two = call(&mut store, &instance, "two", &[6]).unwrap();
    assert_eq!(two, [Value::I64(9), Value::I32(6)]);
    assert_eq!(result(&mut store, &instance, "both", &[1]), Value::I32(8));
    assert_eq!(result(&mut store, &instance, "both", &[0]), Value::I32(7));
    for argument in [0, 1] {
        assert_eq!(call(&mut store, &instance, "none", &[argument]).unwrap(), []);
    }
    assert_eq!(result(&mut store, &instance, "count", &[5]), Value::I32(10));
}

#[test]
fn references_to_exceptions_can_be_kept_thrown_and_carried_by_others() {
    let (mut store, instance) = run(r#"
        (tag $e (export "e") (param i32))
        (tag $outer (export "outer") (param exnref i32))
        (global $kept (mut exnref) (ref.null exn))
        (func $catch (export "catch") (param i32) (result exnref)
          (block $l (result exnref)
            (try_table (catch_all_ref $l) (throw $e (local.get 0)))
            unreachable))
        (func (export "keep") (param i32) (global.set $kept (call $catch (local.get 0))))
        (func (export "again") (result i32)
          (block $l (result i32)
            (try_table (catch $e $l) (throw_ref (global.get $kept)))
            unreachable))
        (func (export "wrap") (param i32)
          (throw $outer (call $catch (local.get 0)) (i32.const 1)))
        (func (export "unwrap") (param i32) (result i32)
          (block $e (result i32)
            (try_table (catch $e $e)
              (block $o (result exnref i32)
                (try_table (catch $outer $o)
                  (throw $outer (call $catch (local.get 0)) (i32.const 1)))
                unreachable)
              drop
              throw_ref)
            unreachable))"#);
    let inner = |value| Exception { tag: tag(&instance, "e"), values: vec![Value::I32(value)] };
    let Value::Exn(exn) = result(&mut store, &instance, "catch", &[3]) else { panic!("no exnref") };
    assert_eq!(store.exception(exn), inner(3));
    call(&mut store, &instance, "keep", &[4]).unwrap();
    for _ in 0..2 {
        assert_eq!(result(&mut store, &instance, "again", &[]), Value::I32(4));
    }
    let outer = thrown(call(&mut store, &instance, "wrap", &[5]));
    assert_eq!(outer.tag, tag(&instance, "outer"));
    let [Value::Exn(exn), Value::I32(1)] = outer.values[..] else { panic!("{outer:?}") };
    assert_eq!(store.exception(exn), inner(5));
    assert_eq!(result(&mut store, &instance, "unwrap", &[6]), Value::I32(6));
}

#[test]
fn frames_of_many_calls_and_instances_are_left_at_once() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let thrower = instantiate(
        &mut store,
        &config,
        r#"(tag $e (export "e") (param i32))
        (func $f (export "f") (param i32)
          (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))))
          (throw $e (i32.const 77)))"#,
        &[],
    );
    let imports = [thrower.export("e").unwrap(), thrower.export("f").unwrap()];
    let text = r#"
        (import "m" "e" (tag $e (param i32)))
        (import "m" "f" (func $f (param i32)))
        (tag $own (param i32))
        (func $deep (param i32 i32)
          (if (local.get 0) (then
            (call $deep (i32.sub (local.get 0) (i32.const 1)) (local.get 1))))
          (call $f (local.get 1)))
        (func (export "run") (param i32 i32) (result i32)
          (block $l (result i32)
            (try_table (catch $own $l) (catch $e $l) (call $deep (local.get 0) (local.get 1)))
            unreachable))"#;
    let catcher = instantiate(&mut store, &config, text, &imports);
    for depths in [[0, 0], [9000, 9000], [19_000, 0], [0, 19_000]] {
        assert_eq!(result(&mut store, &catcher, "run", &depths), Value::I32(77));
    }
    let too_deep = call(&mut store, &catcher, "run", &[20_000, 0]);
    assert_eq!(too_deep, Err(Stop::StackExhausted), "no exception, and not caught");
}

#[test]
fn equal_types_make_no_equal_tags() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let text = r#"
        (import "m" "a" (tag $a (param i32)))
        (import "m" "b" (tag $b (param i32)))
        (func (export "f") (param i32) (result i32)
          (block $l (result i32)
            (try_table (catch $b $l) (throw $a (local.get 0)))
            unreachable))"#;
    let [one, other] = [0; 2].map(|_| store.new_tag(&[ValType::I32]));
    let apart = instantiate(&mut store, &config, text, &[Extern::Tag(one), Extern::Tag(other)]);
    let same = instantiate(&mut store, &config, text, &[Extern::Tag(one), Extern::Tag(one)]);
    assert_eq!(thrown(call(&mut store, &apart, "f", &[2])).tag, one);
    assert_eq!(result(&mut store, &same, "f", &[2]), Value::I32(2));
}

#[test]
fn a_tag_of_another_type_does_not_link() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let wants = module(&config, r#"(import "m" "t" (tag (param i32)))"#);
    let tag = Extern::Tag(store.new_tag(&[ValType::I64]));
    let func = Extern::Func(host_func(&mut store, &[ValType::I32], &[], 0));
    for given in [tag, func] {
        let error = store.instantiate(&wants, &[given], &mut NoHost).unwrap_err();
        assert!(matches!(error, InstantiateError::Unlinkable(_)), "{error}");
    }
    let error = store.instantiate(&wants, &[tag], &mut NoHost).unwrap_err().to_string();
    let expected =
        r#"incompatible import type: "m" "t" is (tag (param i64)), not (tag (param i32))"#;
    assert_eq!(error, expected);
}

/// Throws an exception when it is called with 0, else calls a function of the store.
struct Thrower {
    exception: Exception,
    callback: Option<Func>,
    /// How each call of the function ended.
    seen: Vec<Result<Vec<Value>, Stop>>,
}

impl Host for Thrower {
    fn call(&mut self, store: &mut Store, _: u32, args: &[Value]) -> Result<Vec<Value>, HostStop> {
        if args == [Value::I32(0)] {
            return Err(self.exception.clone().into());
        }
        let ended = store.invoke(self.callback.unwrap(), &[Value::I32(0)], self);
        self.seen.push(ended.clone());
        match ended {
            Ok(values) => Ok(values),
            Err(Stop::Exception(exception)) if args == [Value::I32(1)] => Err(exception.into()),
            Err(Stop::Exception(_)) => Ok(vec![Value::I32(-1)]),
            Err(stop) => Err(HostError(stop.to_string()).into()),
        }
    }
}

/// A host that throws, and an instance that calls it.
fn with_host() -> (Store, Instance, Thrower) {
    let config = Config::default();
    let mut store = Store::new(&config);
    let tag = store.new_tag(&[ValType::I32]);
    let func = host_func(&mut store, &[ValType::I32], &[ValType::I32], 0);
    let text = r#"
        (import "m" "tag" (tag $e (param i32)))
        (import "m" "host" (func $host (param i32) (result i32)))
        (func (export "call") (param i32) (result i32) (call $host (local.get 0)))
        (func (export "tail") (param i32) (result i32) (return_call $host (local.get 0)))
        (func $tail (param i32) (result i32) (return_call $host (local.get 0)))
        (func (export "catch") (param i32) (result i32)
          (try_table (catch $e 0) (return (call $host (local.get 0))))
          unreachable)
        (func (export "catch-tail") (param i32) (result i32)
          (try_table (catch $e 0) (return (call $tail (local.get 0))))
          unreachable)
        (func (export "try-tail") (param i32) (result i32)
          (try_table (catch $e 0) (return_call $host (local.get 0)))
          unreachable)"#;
    let imports = [Extern::Tag(tag), Extern::Func(func)];
    let instance = instantiate(&mut store, &config, text, &imports);
    let exception = Exception { tag, values: vec![Value::I32(42)] };
    (store, instance, Thrower { exception, callback: None, seen: Vec::new() })
}

#[test]
fn a_host_function_throws_to_its_caller() {
    let (mut store, instance, mut host) = with_host();
    let exception = host.exception.clone();
    for (name, caught) in [
        ("call", false),
        ("tail", false),
        ("catch", true),
        ("catch-tail", true),
        ("try-tail", false),
    ] {
        let ended = store.invoke(instance.func(name).unwrap(), &[Value::I32(0)], &mut host);
        match caught {
            true => assert_eq!(ended, Ok(vec![Value::I32(42)]), "{name}"),
            false => assert_eq!(thrown(ended), exception, "{name}"),
        }
    }
}

#[test]
fn a_host_function_sees_what_escapes_from_its_calls_and_may_let_it_go_on() {
    let (mut store, instance, mut host) = with_host();
    host.callback = instance.func("call");
    let exception = host.exception.clone();
    let invoke = |store: &mut Store, host: &mut Thrower, name: &str, argument: i32| {
        store.invoke(instance.func(name).unwrap(), &[Value::I32(argument)], host)
    };
    assert_eq!(thrown(invoke(&mut store, &mut host, "call", 1)), exception);
    assert_eq!(invoke(&mut store, &mut host, "catch", 1), Ok(vec![Value::I32(42)]));
    assert_eq!(invoke(&mut store, &mut host, "catch", 2), Ok(vec![Value::I32(-1)]));
    assert_eq!(host.seen, vec![Err(Stop::Exception(exception)); 3]);
}

#[test]
fn an_exception_that_does_not_fit_its_tag_is_refused_and_changes_nothing() {
    let (mut store, instance, mut host) = with_host();
    let tag = host.exception.tag;
    for values in [vec![], vec![Value::I64(1)], vec![Value::I32(1), Value::I32(2)]] {
        host.exception = Exception { tag, values };
        let func = instance.func("catch").unwrap();
        let ended = store.invoke(func, &[Value::I32(0)], &mut host);
        assert!(matches!(ended, Err(Stop::Mismatch(_))), "{ended:?}");
        assert!(matches!(store.new_exception(&host.exception), Err(Stop::Mismatch(_))));

        let mut activation = Activation::new(&store, func, &[Value::I32(0)]).unwrap();
        assert!(matches!(activation.throw(&mut store, &host.exception), Err(Stop::Mismatch(_))));
        let event = activation.run(&mut store).unwrap();
        assert!(matches!(event, Event::HostCall(_)));
        assert!(matches!(activation.throw(&mut store, &host.exception), Err(Stop::Mismatch(_))));
        assert_eq!(activation.run(&mut store), Ok(event));
        let fitting = Exception { tag, values: vec![Value::I32(9)] };
        activation.throw(&mut store, &fitting).unwrap();
        assert_eq!(activation.run(&mut store), Ok(Event::Finished(vec![Value::I32(9)])));
    }
}

#[test]
fn a_copy_of_an_activation_may_throw_where_the_other_returns() {
    let (mut store, instance, host) = with_host();
    let func = instance.func("catch").unwrap();
    let mut activation = Activation::new(&store, func, &[Value::I32(0)]).unwrap();
    assert!(matches!(activation.run(&mut store), Ok(Event::HostCall(_))));
    let mut copy = activation.clone();
    copy.throw(&mut store, &host.exception).unwrap();
    activation.resume(&store, &[Value::I32(1)]).unwrap();
    assert_eq!(copy.run(&mut store), Ok(Event::Finished(vec![Value::I32(42)])));
    assert_eq!(activation.run(&mut store), Ok(Event::Finished(vec![Value::I32(1)])));
}

#[test]
fn exceptions_of_the_host_may_be_arguments() {
    let (mut store, instance) = run(r#"
        (tag $e (export "e") (param i32))
        (func (export "throw") (param exnref) (throw_ref (local.get 0)))"#);
    let exception = Exception { tag: tag(&instance, "e"), values: vec![Value::I32(8)] };
    let exn = store.new_exception(&exception).unwrap();
    let func = instance.func("throw").unwrap();
    assert_eq!(thrown(store.invoke(func, &[Value::Exn(exn)], &mut NoHost)), exception);
    let null = Value::default_of(ValType::Ref(RefType::EXN));
    let stop = store.invoke(func, &[null], &mut NoHost).unwrap_err();
    assert_eq!(stop.to_string(), "null exception reference");
    let (mut other, instance) = run("(func (export \"f\") (param exnref))");
    let ended = other.invoke(instance.func("f").unwrap(), &[Value::Exn(exn)], &mut NoHost);
    assert!(matches!(ended, Err(Stop::Mismatch(_))), "there is no such exception: {ended:?}");
}

#[test]
fn referenced_exceptions_are_limited_exactly_and_others_are_not() {
    let text = r#"
        (tag $e (param i64 i64))
        (table $kept 20 exnref)
        (func (export "forget")
          (table.fill $kept (i32.const 0) (ref.null exn) (i32.const 20)))
        (func (export "keep") (param i32) (local $exn exnref)
          (loop $again
            (block $l (result exnref)
              (try_table (catch_all_ref $l) (throw $e (i64.const 1) (i64.const 2)))
              unreachable)
            (local.set $exn)
            (table.set $kept (i32.const 0) (local.get $exn))
            (local.set $exn (ref.null exn))
            (table.copy $kept $kept (i32.const 1) (i32.const 0) (i32.const 19))
            (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br_if $again (local.get 0))))
        (func (export "refs") (param i32)
          (loop $again
            (block $l (result i64 i64 exnref)
              (try_table (catch_ref $e $l) (throw $e (i64.const 1) (i64.const 2)))
              unreachable)
            drop drop drop
            (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br_if $again (local.get 0))))
        (func (export "values") (param i32)
          (loop $again
            (block $l (result i64 i64)
              (try_table (catch $e $l) (throw $e (i64.const 1) (i64.const 2)))
              unreachable)
            drop drop
            (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br_if $again (local.get 0))))"#;
    let config = limits(Limits { exception_bytes_max: 480, ..Limits::default() });
    let mut store = Store::new(&config);
    let instance = instantiate(&mut store, &config, text, &[]);
    call(&mut store, &instance, "values", &[1000]).unwrap();
    call(&mut store, &instance, "keep", &[10]).unwrap();
    assert_eq!(call(&mut store, &instance, "refs", &[1]), Err(Stop::HeapExhausted));
    call(&mut store, &instance, "values", &[1000]).unwrap();
    // Those that nobody refers to any more make room for others.
    call(&mut store, &instance, "forget", &[]).unwrap();
    call(&mut store, &instance, "refs", &[100_000]).unwrap();
    call(&mut store, &instance, "keep", &[10]).unwrap();
}

#[test]
fn an_exception_out_of_a_start_function_stops_the_instantiation() {
    let config = Config::default();
    let mut store = Store::new(&config);
    let start = module(&config, "(tag (param i32)) (func $s (throw 0 (i32.const 3))) (start $s)");
    match store.instantiate(&start, &[], &mut NoHost) {
        Err(InstantiateError::Stopped(Stop::Exception(exception))) => {
            assert_eq!(exception.values, [Value::I32(3)]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn fuel_is_charged_for_what_runs_after_a_catch() {
    let config = Config { fuel: true, ..Config::default() };
    let mut store = Store::new(&config);
    let text = r#"
        (tag $e)
        (func $throw (throw $e))
        (func (export "f") (result i32)
          (block $l
            (try_table (catch $e $l) (call $throw))
            unreachable)
          nop nop nop
          i32.const 5)"#;
    let instance = instantiate(&mut store, &config, text, &[]);
    // block, try_table, call and unreachable; throw; three nops and the constant.
    store.set_fuel(9);
    assert_eq!(result(&mut store, &instance, "f", &[]), Value::I32(5));
    assert_eq!(store.fuel(), 0);
    store.set_fuel(8);
    assert_eq!(call(&mut store, &instance, "f", &[]), Err(Stop::OutOfFuel));
}
