//! Stores that take their storage from a pool.
#![cfg(not(any(loom, shuttle)))]

use gainsay_host::Session;
use gainsay_host::pool::{Capacity, Pool, PoolConfig, PoolStats, ResourceKind};
use gainsay_host::sync::thread;
use gainsay_runtime::{
    Activation, Config, Extern, FuncType, Host, HostError, HostStop, Instance, InstantiateError,
    Module, NoHost, Stop, Store, Trap, Value,
};

fn module(text: &str) -> Module {
    let bytes = wat::parse_str(text).expect("the text is a module");
    Module::new(&Config::default(), &bytes).expect("the module is valid")
}

fn pool(capacity: Capacity) -> Pool {
    Pool::new(PoolConfig {
        capacity,
        memory_bytes_max: 4 << 16,
        table_elements_max: 10,
        shards: 2,
        ..PoolConfig::default()
    })
}

fn session(pool: &Pool) -> Session<NoHost> {
    Session::new(&Config::default(), pool.allocator(), NoHost)
}

fn held(stats: PoolStats) -> [usize; 5] {
    stats.kinds().map(|(_, stats)| stats.held)
}

const EVERYTHING: &str = "(module
    (type $box (struct (field i32)))
    (memory (export \"memory\") 1)
    (table (export \"table\") 2 funcref)
    (func (export \"poke\") (i32.store (i32.const 8) (i32.const 42)))
    (func (export \"peek\") (result i32) (i32.load (i32.const 8)))
    (func (export \"make\") (drop (struct.new $box (i32.const 1))))
    (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export \"grow-table\") (param i32) (result i32)
        (table.grow (ref.null func) (local.get 0)))
    (func (export \"trap\") unreachable))";

fn call(session: &mut Session<NoHost>, instance: &Instance, name: &str) -> Result<i32, Stop> {
    let results = session.call(instance.func(name).expect("it is exported"), &[])?;
    Ok(match results[..] {
        [Value::I32(value)] => value,
        _ => 0,
    })
}

#[test]
fn a_store_takes_what_it_uses_and_gives_it_back() {
    let pool = pool(Capacity::of(1));
    for round in 1..=3 {
        let mut session = session(&pool);
        assert_eq!(held(pool.stats()), [0; 5], "an empty store has taken nothing");
        let instance = session.instantiate(&module(EVERYTHING), &[]).expect("an instance");
        assert_eq!(held(pool.stats()), [1, 1, 1, 0, 0]);
        assert_eq!(call(&mut session, &instance, "peek"), Ok(0), "clean");
        call(&mut session, &instance, "poke").expect("it returns");
        assert_eq!(held(pool.stats()), [1, 1, 1, 0, 0], "the call is over");
        call(&mut session, &instance, "make").expect("it returns");
        assert_eq!(held(pool.stats()), [1, 1, 1, 0, 1]);
        drop(session);
        assert!(pool.stats().is_at_rest());
        assert_eq!(pool.stats().memories.allocated, round);
        assert!(instance.func("peek").is_some(), "that a user has an instance keeps nothing");
    }
    assert!(pool.stats().kinds().iter().all(|(_, stats)| stats.high_water == 1));
}

#[test]
fn exhaustion_of_a_pool_is_a_limit_and_costs_nothing() {
    let one = Capacity::of(1);
    let cases = [
        (ResourceKind::Instance, Capacity { instances: 0, ..one }),
        (ResourceKind::Memory, Capacity { memories: 0, ..one }),
        (ResourceKind::Table, Capacity { tables: 0, ..one }),
    ];
    for (kind, capacity) in cases {
        let pool = pool(capacity);
        let mut session = session(&pool);
        for _ in 0..3 {
            let error = session.instantiate(&module(EVERYTHING), &[]).expect_err("there is none");
            let InstantiateError::Limit(limit) = error else { panic!("{error}") };
            assert_eq!(limit.to_string(), format!("all 0 {kind} are in use"));
            assert!(limit.is_exhausted());
            assert!(pool.stats().is_at_rest(), "{kind}");
        }
        let refused = pool.stats().kinds().into_iter().find(|(other, _)| *other == kind);
        assert_eq!(refused.map(|(_, stats)| stats.refused), Some(3));
    }
}

#[test]
fn a_call_without_a_stack_or_heap_is_refused_and_the_store_goes_on() {
    let one = Capacity::of(1);
    let pool = pool(Capacity { stacks: 0, ..one });
    let mut without_stack = session(&pool);
    let instance = without_stack.instantiate(&module(EVERYTHING), &[]).expect("an instance");
    let stop = call(&mut without_stack, &instance, "peek").expect_err("there is no stack");
    assert!(matches!(stop, Stop::Limit(limit) if limit.is_exhausted()));

    let pool = self::pool(Capacity { heaps: 0, ..one });
    let mut without_heap = session(&pool);
    let instance = without_heap.instantiate(&module(EVERYTHING), &[]).expect("an instance");
    let stop = call(&mut without_heap, &instance, "make").expect_err("there is no heap");
    assert!(matches!(stop, Stop::Limit(limit) if limit.is_exhausted()));
    assert_eq!(call(&mut without_heap, &instance, "peek"), Ok(0));
    assert_eq!(pool.stats().stacks.held, 0);
}

#[test]
fn a_slot_is_as_large_as_it_is() {
    let pool = pool(Capacity::of(2));
    let mut session = session(&pool);
    let fits = module("(module (memory 4) (table 10 funcref))");
    session.instantiate(&fits, &[]).expect("an instance");
    for text in ["(module (memory 5))", "(module (table 11 funcref))"] {
        let error = session.instantiate(&module(text), &[]).expect_err("it is larger");
        let InstantiateError::Limit(limit) = error else { panic!("{error}") };
        assert!(!limit.is_exhausted(), "{limit}");
    }
    assert_eq!(held(pool.stats()), [1, 1, 1, 0, 0]);
    let instance = session.instantiate(&module(EVERYTHING), &[]).expect("an instance");
    let mut grow = |name: &str, by: i32| {
        let func = instance.func(name).expect("it is exported");
        session.call(func, &[Value::I32(by)]).expect("it returns")
    };
    assert_eq!(grow("grow", 4), [Value::I32(-1)]);
    assert_eq!(grow("grow", 3), [Value::I32(1)]);
    assert_eq!(grow("grow-table", 9), [Value::I32(-1)]);
    assert_eq!(grow("grow-table", 8), [Value::I32(2)]);
}

#[test]
fn a_shared_memory_holds_its_slot_until_nobody_has_it() {
    let pool = pool(Capacity::of(1));
    let mut session = session(&pool);
    let text = "(module (memory (export \"memory\") 1 2 shared))";
    let instance = session.instantiate(&module(text), &[]).expect("an instance");
    let Some(Extern::Memory(memory)) = instance.export("memory") else { panic!("it is there") };
    let shared = session.store().shared_memory(memory).cloned().expect("it is shared");
    drop(session);
    assert_eq!(held(pool.stats()), [0, 1, 0, 0, 0]);
    drop(shared);
    assert!(pool.stats().is_at_rest());
}

/// Fails, or calls back.
struct Calls(Option<gainsay_runtime::Func>);

impl Host for Calls {
    fn call(&mut self, store: &mut Store, _: u32, _: &[Value]) -> Result<Vec<Value>, HostStop> {
        match self.0 {
            None => Err(HostError("no".into()).into()),
            Some(func) => match store.invoke(func, &[], &mut NoHost) {
                Ok(results) => Ok(results),
                Err(stop) => Err(HostError(stop.to_string()).into()),
            },
        }
    }
}

const CALLER: &str = "(module
    (import \"\" \"\" (func $host))
    (func (export \"call\") (call $host))
    (func (export \"nothing\")))";

#[test]
fn a_call_back_takes_a_stack_of_its_own() {
    for (stacks, works) in [(1, false), (2, true)] {
        let pool = pool(Capacity { stacks, ..Capacity::of(1) });
        let mut session = Session::new(&Config::default(), pool.allocator(), Calls(None));
        let import = Extern::Func(session.store_mut().host_func(&FuncType::default(), 0));
        let instance = session.instantiate(&module(CALLER), &[import]).expect("an instance");
        let func = instance.func("call").expect("it is exported");
        let failed = session.call(func, &[]).expect_err("the host fails");
        assert_eq!(failed, Stop::Host(HostError("no".into())));
        assert_eq!(pool.stats().stacks.held, 0);
        session.data_mut().0 = instance.func("nothing");
        let called = session.call(func, &[]);
        assert_eq!(called.is_ok(), works, "{called:?}");
        assert_eq!(pool.stats().stacks.held, 0);
    }
}

#[test]
fn a_start_function_that_traps_keeps_its_instance_until_the_session_ends() {
    let pool = pool(Capacity::of(1));
    let traps = module("(module (memory 1) (func $start unreachable) (start $start))");
    let mut session = session(&pool);
    let error = session.instantiate(&traps, &[]).expect_err("it traps");
    assert_eq!(error, InstantiateError::Stopped(Stop::Trap(Trap::Unreachable)));
    assert_eq!(held(pool.stats()), [1, 1, 0, 0, 0]);
    drop(session);
    assert!(pool.stats().is_at_rest());
    let config = Config::default();
    for _ in 0..3 {
        let failed = Session::open(&config, pool.allocator(), (&traps, &[]), NoHost);
        assert!(failed.is_err());
        assert!(pool.stats().is_at_rest());
    }
}

#[test]
fn data_are_taken_out_and_everything_else_goes_back() {
    let pool = pool(Capacity::of(1));
    for _ in 0..3 {
        let mut session = session(&pool);
        let instance = session.instantiate(&module(EVERYTHING), &[]).expect("an instance");
        assert_eq!(call(&mut session, &instance, "trap"), Err(Stop::Trap(Trap::Unreachable)));
        let NoHost = session.into_data();
        assert!(pool.stats().is_at_rest());
    }
}

#[test]
fn a_pool_lives_as_long_as_what_was_taken_from_it() {
    let mut session = session(&pool(Capacity::of(1)));
    let instance = session.instantiate(&module(EVERYTHING), &[]).expect("an instance");
    call(&mut session, &instance, "poke").expect("it returns");
    assert_eq!(call(&mut session, &instance, "peek"), Ok(42));
}

#[test]
fn large_storage_is_not_kept_and_is_clean_all_the_same() {
    for resident_bytes_max in [0, 1 << 16, 1 << 20] {
        let config = PoolConfig { resident_bytes_max, stack_zeroing: true, ..PoolConfig::of(1) };
        let pool = Pool::new(config);
        for _ in 0..3 {
            let mut session = session(&pool);
            let instance = session.instantiate(&module(EVERYTHING), &[]).expect("an instance");
            assert_eq!(call(&mut session, &instance, "peek"), Ok(0));
            call(&mut session, &instance, "poke").expect("it returns");
        }
        assert!(pool.stats().is_at_rest());
    }
}

#[test]
fn a_thread_gets_the_slot_that_it_has_given_back() {
    let pool = pool(Capacity::of(8));
    let take = || pool.allocator().memory(1).expect("there is one");
    let first = take();
    let (number, other) = (first.number(), take());
    drop(first);
    assert_eq!(take().number(), number);
    assert_ne!(other.number(), number);
}

/// As many slots as threads, each of which has at most one: none is ever refused, wherever
/// the slots lie.
#[test]
fn threads_that_together_need_no_more_than_there_is_are_never_refused() {
    const THREADS: usize = 8;
    const ROUNDS: usize = 500;
    let works = module(EVERYTHING);
    for shards in [1, 3, THREADS] {
        let config = PoolConfig { shards, ..PoolConfig::of(THREADS) };
        let pool = Pool::new(config);
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                let (pool, works) = (pool.clone(), works.clone());
                thread::spawn(move || {
                    for _ in 0..ROUNDS {
                        let mut session = session(&pool);
                        let instance = session.instantiate(&works, &[]).expect("there is room");
                        assert_eq!(call(&mut session, &instance, "peek"), Ok(0), "clean");
                        call(&mut session, &instance, "poke").expect("there is a stack");
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().expect("it ends"));
        assert!(pool.stats().is_at_rest());
        for (kind, stats) in pool.stats().kinds() {
            assert_eq!(stats.refused, 0, "{kind}");
            assert!(stats.high_water <= THREADS, "{kind}: {stats:?}");
        }
        assert_eq!(pool.stats().memories.allocated, (THREADS * ROUNDS) as u64);
    }
}

#[test]
fn a_pool_costs_nothing_before_it_is_used() {
    let config = PoolConfig { shards: 0, ..PoolConfig::of(usize::MAX) };
    let pool = Pool::new(config);
    let mut session = session(&pool);
    session.instantiate(&module(EVERYTHING), &[]).expect("an instance");
    assert_eq!(held(pool.stats()), [1, 1, 1, 0, 0]);
}

#[test]
fn a_copy_of_a_call_needs_a_stack_of_its_own() {
    let pool = pool(Capacity { stacks: 2, ..Capacity::of(1) });
    let mut session = session(&pool);
    let instance = session.instantiate(&module(EVERYTHING), &[]).expect("an instance");
    let peek = instance.func("peek").expect("it is exported");
    let activation = Activation::new(session.store(), peek, &[]).expect("there is a stack");
    let copy = activation.try_clone().expect("there is another one");
    let refused = copy.try_clone().map(drop);
    assert!(matches!(refused, Err(Stop::Limit(limit)) if limit.is_exhausted()));
    drop(activation);
    let again = copy.try_clone().expect("there is another one again");
    drop((copy, again));
    assert_eq!(pool.stats().stacks.held, 0);
}
