//! The end of a cache.

use gainsay_host::cache::CacheError;
use gainsay_host::sync::{Arc, Condvar, Mutex, thread};

use crate::common::ledger::World;
use crate::explore::explore;

/// The build that is waited for ends only when the one who waits has given up.
#[test]
fn closing_the_cache_wakes_the_waiters() {
    explore("closing_the_cache_wakes_the_waiters", || {
        let world = World::default();
        let gave_up = Arc::new((Mutex::new(false), Condvar::new()));
        let (one, seen) = (world.clone(), Arc::clone(&gave_up));
        let builds = thread::spawn(move || {
            let build = || {
                let mut gave_up = seen.0.lock();
                while !*gave_up {
                    gave_up = seen.1.wait(gave_up);
                }
                Err::<_, ()>(())
            };
            drop(one.cache.get_or_build(0, build));
        });
        let other = world.clone();
        let waits = thread::spawn(move || {
            drop(other.cache.get(&0));
            *gave_up.0.lock() = true;
            gave_up.1.notify_all();
        });
        assert!(world.cache.close());
        builds.join().expect("it ends");
        waits.join().expect("it ends");
        world.check_at_rest();
    });
}

#[test]
fn a_build_that_ends_after_the_cache_is_released() {
    explore("a_build_that_ends_after_the_cache_is_released", || {
        let world = World::default();
        let other = world.clone();
        let builds = thread::spawn(move || match other.look(0) {
            Ok(handle) => drop(other.check(&handle)),
            Err(error) => assert_eq!(error, CacheError::Closed),
        });
        assert!(world.cache.close());
        assert_eq!(world.look(1).err(), Some(CacheError::Closed));
        builds.join().expect("it ends");
        world.check_at_rest();
    });
}

#[test]
fn a_cache_closed_by_two_threads_is_closed_once() {
    explore("a_cache_closed_by_two_threads_is_closed_once", || {
        let world = World::default();
        let handle = world.look(0).expect("nothing fails here");
        let closes: Vec<_> = (0..2)
            .map(|_| {
                let world = world.clone();
                thread::spawn(move || world.cache.close())
            })
            .collect();
        let found = world.look(0);
        let closed = closes.into_iter().map(|it| it.join().expect("it ends"));
        assert_eq!(closed.filter(|closed| *closed).count(), 1, "closed once");
        if let Ok(found) = &found {
            drop(world.check(found));
        }
        drop(found);
        drop(world.check(&handle));
        drop(handle);
        assert_eq!(world.look(0).err(), Some(CacheError::Closed));
        world.check_at_rest();
    });
}
