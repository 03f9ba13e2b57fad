//! Sessions that take from one pool, and the ways in which they end.

use gainsay_host::future::block_on;
use gainsay_host::pool::{Capacity, Pool, PoolConfig};
use gainsay_host::sync::{Arc, thread};
use gainsay_host::{ModuleCache, Session};
use gainsay_runtime::{InstantiateError, Module, Stop, Trap};

use crate::commands::Reached;
use crate::common::loans::check_at_rest;
use crate::common::visits::{CALLS, Does, LARGE, SMALL, STOPS, config, module, pool, visit};
use crate::explore::explore;

/// Two threads do the same with one pool; then all is at rest.
fn both(pool: &Pool, bytes: &[u8], act: fn(&Pool, &Module)) {
    let module = module(bytes);
    let (others, same) = (pool.clone(), module.clone());
    let other = thread::spawn(move || act(&others, &same));
    act(pool, &module);
    other.join().expect("it ends");
    check_at_rest(pool.stats());
}

/// A session with an instance of a module without imports.
fn open(pool: &Pool, module: &Module) -> Result<Session<Does>, InstantiateError> {
    let opened = Session::open(&config(), pool.allocator(), (module, &[]), Does::Return);
    opened.map(|(session, _)| session).map_err(|failed| failed.error)
}

#[test]
fn a_dropped_session_gives_everything_back() {
    explore("a_dropped_session_gives_everything_back", || {
        both(&pool(2), SMALL, |pool, module| drop(open(pool, module).expect("there is room")));
    });
}

#[test]
fn a_session_whose_data_are_taken_gives_everything_back() {
    explore("a_session_whose_data_are_taken_gives_everything_back", || {
        both(&pool(2), SMALL, |pool, module| {
            drop(open(pool, module).expect("there is room").into_data());
        });
    });
}

#[test]
fn an_instantiation_that_fails_gives_everything_back() {
    explore("an_instantiation_that_fails_gives_everything_back", || {
        both(&pool(2), STOPS, |pool, module| {
            let error = open(pool, module).map(drop).expect_err("its start function traps");
            assert_eq!(error, InstantiateError::Stopped(Stop::Trap(Trap::Unreachable)));
        });
    });
}

#[test]
fn a_memory_that_is_refused_keeps_no_slot() {
    explore("a_memory_that_is_refused_keeps_no_slot", || {
        both(&pool(2), LARGE, |pool, module| {
            let error = open(pool, module).map(drop).expect_err("its memory is too large");
            assert!(matches!(error, InstantiateError::Limit(limit) if !limit.is_exhausted()));
        });
    });
}

/// Three threads and room for two. What is refused is refused before anything was taken,
/// or gives it back.
#[test]
fn instantiations_that_a_pool_has_no_room_for_are_refused() {
    static REACHED: Reached = Reached::new();
    explore("instantiations_that_a_pool_has_no_room_for_are_refused", || {
        let capacity = Capacity { memories: 1, ..Capacity::of(2) };
        let pool = Pool::new(PoolConfig { capacity, shards: 2, ..PoolConfig::default() });
        let module = module(SMALL);
        let act = |pool: &Pool, module: &Module| match open(pool, module) {
            Ok(session) => drop(session),
            Err(error) => REACHED.see(error),
        };
        let others = [0, 1].map(|_| {
            let (pool, module) = (pool.clone(), module.clone());
            thread::spawn(move || act(&pool, &module))
        });
        act(&pool, &module);
        others.into_iter().for_each(|other| other.join().expect("it ends"));
        check_at_rest(pool.stats());
        assert!(pool.stats().memories.allocated >= 1, "one of them has to succeed");
        drop(open(&pool, &module).expect("there is room again"));
    });
    REACHED.exactly(&[
        "over the limit: all 1 memories are in use",
        "over the limit: all 2 instances are in use",
    ]);
}

/// Two threads call in sessions of their own, which are still there when the stacks have
/// to be back.
fn calls_end((name, fuel): (&'static str, u64), does: Does, ended: fn(&Result<(), Stop>) -> bool) {
    let pool = pool(2);
    let module = module(CALLS);
    let act = move |pool: Pool, module: Module| {
        let (mut session, func) = visit(&pool, &module, does.clone(), name).expect("there is room");
        session.store_mut().set_fuel(fuel);
        let outcome = block_on(session.call_async(func, &[]).expect("there is a stack"));
        let outcome = outcome.map(drop);
        assert!(ended(&outcome), "{outcome:?}");
        session
    };
    let (others, same, again) = (pool.clone(), module.clone(), act.clone());
    let other = thread::spawn(move || again(others, same));
    let sessions = [act(pool.clone(), module), other.join().expect("it ends")];
    let stats = pool.stats().stacks;
    assert!(stats.allocated == stats.freed, "some stacks did not come back: {stats:?}");
    drop(sessions);
    check_at_rest(pool.stats());
}

#[test]
fn a_call_that_returns_gives_its_stack_back() {
    explore("a_call_that_returns_gives_its_stack_back", || {
        calls_end(("c", 100), Does::Return, Result::is_ok);
    });
}

#[test]
fn a_call_that_traps_gives_its_stack_back() {
    explore("a_call_that_traps_gives_its_stack_back", || {
        let trapped = |outcome: &Result<(), Stop>| *outcome == Err(Stop::Trap(Trap::Unreachable));
        calls_end(("t", 100), Does::Return, trapped);
    });
}

#[test]
fn a_call_whose_host_function_fails_gives_its_stack_back() {
    explore("a_call_whose_host_function_fails_gives_its_stack_back", || {
        calls_end(("c", 100), Does::Fail, |outcome| matches!(outcome, Err(Stop::Host(_))));
    });
}

#[test]
fn a_call_that_passes_a_limit_gives_its_stack_back() {
    explore("a_call_that_passes_a_limit_gives_its_stack_back", || {
        calls_end(("c", 0), Does::Return, |outcome| *outcome == Err(Stop::OutOfFuel));
    });
}

/// One thread uses a module of a cache for a session, another closes the cache.
#[test]
fn closing_the_cache_takes_nothing_from_a_session() {
    static REACHED: Reached = Reached::new();
    explore("closing_the_cache_takes_nothing_from_a_session", || {
        let (pool, cache) = (pool(1), Arc::new(ModuleCache::new()));
        let closing = Arc::clone(&cache);
        let closes = thread::spawn(move || closing.close());
        let compiled = cache.compile(&config(), SMALL);
        REACHED.see(compiled.is_ok());
        if let Ok(handle) = compiled {
            let module = handle.module().expect("it is open");
            drop(handle);
            let session = open(&pool, &module).expect("there is room");
            assert_eq!(cache.stats().modules, 1, "it is in use");
            drop(session);
            drop(module);
        }
        assert!(closes.join().expect("it ends"));
        assert_eq!(cache.stats().modules, 0);
        check_at_rest(pool.stats());
    });
    REACHED.exactly(&["true", "false"]);
}
