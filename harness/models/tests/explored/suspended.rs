//! Calls that are suspended, and what other threads do meanwhile.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use gainsay_host::future::block_on;
use gainsay_host::lifecycle::{Phase, Refusal};
use gainsay_host::sync::{Arc, thread};
use gainsay_host::{CallError, Guest, Session};

use crate::commands::Reached;
use crate::common::loans::check_at_rest;
use crate::common::visits::{CALLS, Does, Promise, config, instantiate, module, pool, visit};
use crate::explore::explore;

#[test]
fn a_call_dropped_while_suspended_gives_its_stack_back() {
    static REACHED: Reached = Reached::new();
    explore("a_call_dropped_while_suspended_gives_its_stack_back", || {
        let (pool, promise) = (pool(1), Promise::default());
        let (mut session, func) =
            visit(&pool, &module(CALLS), Does::Await(promise.clone()), "c").expect("there is room");
        let keeps = thread::spawn(move || promise.keep());
        for _ in 0..3 {
            let mut call = pin!(session.call_async(func, &[]).expect("a stack came back"));
            let polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(!matches!(polled, Poll::Ready(Err(_))));
            REACHED.see(polled.is_pending());
        }
        drop(session);
        keeps.join().expect("it ends");
        check_at_rest(pool.stats());
    });
    REACHED.exactly(&["true", "false"]);
}

#[test]
fn a_suspended_call_is_woken_by_another_thread() {
    explore("a_suspended_call_is_woken_by_another_thread", || {
        let (pool, promise) = (pool(1), Promise::default());
        let (mut session, func) =
            visit(&pool, &module(CALLS), Does::Await(promise.clone()), "c").expect("there is room");
        let keeps = thread::spawn(move || promise.keep());
        let outcome = block_on(session.call_async(func, &[]).expect("there is a stack"));
        assert_eq!(outcome, Ok(Vec::new()));
        keeps.join().expect("it ends");
        drop(session);
        check_at_rest(pool.stats());
    });
}

/// The call begins here and is dropped on another thread, while the waker is used here.
#[test]
fn a_suspended_call_may_be_dropped_on_another_thread() {
    static REACHED: Reached = Reached::new();
    explore("a_suspended_call_may_be_dropped_on_another_thread", || {
        let (pool, promise) = (pool(1), Promise::default());
        let (mut session, func) =
            visit(&pool, &module(CALLS), Does::Await(promise.clone()), "c").expect("there is room");
        let drops = thread::spawn(move || {
            let call = session.call_async(func, &[]).expect("there is a stack");
            let mut call = Box::pin(call);
            let polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(!matches!(polled, Poll::Ready(Err(_))));
            REACHED.see(polled.is_pending());
            drop(call);
            session
        });
        promise.keep();
        let session: Session<Does> = drops.join().expect("it ends");
        assert_eq!(pool.stats().stacks.held, 0);
        drop(session.into_data());
        check_at_rest(pool.stats());
    });
    REACHED.exactly(&["true", "false"]);
}

#[test]
fn a_guest_that_is_left_in_the_middle_is_poisoned() {
    static REACHED: Reached = Reached::new();
    explore("a_guest_that_is_left_in_the_middle_is_poisoned", || {
        let pool = pool(2);
        let mut session = Session::new(&config(), pool.allocator(), Does::Return);
        let instance = instantiate(&mut session, &module(CALLS)).expect("there is room");
        let (store, _) = session.into_parts();
        let guest = Arc::new(Guest::new(store, instance, None).expect("a reactor"));
        let other = Arc::clone(&guest);
        let leaves = thread::spawn(move || {
            let mut host = Does::Await(Promise::default());
            let call = other.call_async("c", &[], &mut host);
            let Ok(call) = call else { return false };
            let mut call = pin!(call);
            let polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_pending(), "nobody keeps the promise");
            true
        });
        let called = block_on_call(&guest);
        let left = leaves.join().expect("it ends");
        match called {
            Ok(()) => REACHED.see("let in"),
            Err(refused) => {
                assert!(left, "nobody else was in it: {refused}");
                REACHED.see(refused);
            }
        }
        assert_eq!(guest.phase(), if left { Phase::Poisoned } else { Phase::Ready });
        let guest = Arc::into_inner(guest).expect("nobody else has it");
        drop(guest.into_store());
        check_at_rest(pool.stats());
    });
    let refusals = [Refusal::Busy, Refusal::Poisoned].map(|refusal| refusal.to_string());
    REACHED.exactly(&["let in", &refusals[0], &refusals[1]]);
}

fn block_on_call(guest: &Guest) -> Result<(), CallError> {
    let mut host = Does::Return;
    block_on(guest.call_async("c", &[], &mut host)?).map(drop)
}
