//! Look-ups, builds and handles.

use gainsay_host::sync::{Arc, Condvar, Mutex, thread};

use crate::common::ledger::World;
use crate::explore::explore;

/// So many threads look up, use and close.
fn share(threads: usize) {
    let world = World::default();
    let others: Vec<_> = (1..threads)
        .map(|_| {
            let world = world.clone();
            thread::spawn(move || world.visit(0))
        })
        .collect();
    world.visit(0);
    others.into_iter().for_each(|other| other.join().expect("it ends"));
    let stats = world.cache.stats();
    assert_eq!(stats.builds + stats.hits, threads as u64);
    assert_eq!(stats.builds, world.ledger.count() as u64);
    world.check_at_rest();
}

#[test]
fn two_threads_share_one_build() {
    explore("two_threads_share_one_build", || share(2));
}

#[test]
fn three_threads_share_one_build() {
    explore("three_threads_share_one_build", || share(3));
}

#[test]
fn four_threads_share_one_build() {
    explore("four_threads_share_one_build", || share(4));
}

#[test]
fn adopting_never_overwrites_a_file() {
    explore("adopting_never_overwrites_a_file", || {
        let world = World::default();
        let other = world.clone();
        let adopts = thread::spawn(move || {
            let handle = other.cache.adopt(0, other.ledger.given()).expect("it is open");
            drop(other.check(&handle));
        });
        world.visit(0);
        adopts.join().expect("it ends");
        world.check_at_rest();
    });
}

#[test]
fn a_found_entry_is_complete() {
    explore("a_found_entry_is_complete", || {
        let world = World::default();
        let other = world.clone();
        let finds = thread::spawn(move || {
            if let Some(handle) = other.cache.get(&0) {
                drop(other.check(&handle));
            }
        });
        let handle = world.look(0).expect("nothing fails here");
        finds.join().expect("it ends");
        drop(handle);
        world.check_at_rest();
    });
}

#[test]
fn a_close_leaves_other_handles_open() {
    explore("a_close_leaves_other_handles_open", || {
        let world = World::default();
        let other = world.clone();
        let first = world.look(0).expect("nothing fails here");
        let finds = thread::spawn(move || {
            let handle = other.look(0).expect("nothing fails here");
            drop(other.check(&handle));
            drop(other.check(&handle));
        });
        assert!(first.close());
        finds.join().expect("it ends");
        world.check_at_rest();
    });
}

#[test]
fn a_handle_closed_by_two_threads_is_closed_once() {
    explore("a_handle_closed_by_two_threads_is_closed_once", || {
        let world = World::default();
        let kept = world.look(0).expect("nothing fails here");
        let shared = Arc::new(world.look(0).expect("nothing fails here"));
        let closes: Vec<_> = (0..2)
            .map(|_| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || shared.close())
            })
            .collect();
        drop(world.check(&kept));
        let closed = closes.into_iter().map(|it| it.join().expect("it ends"));
        assert_eq!(closed.filter(|closed| *closed).count(), 1, "closed once");
        drop(shared);
        drop(world.check(&kept));
        drop(kept);
        world.check_at_rest();
    });
}

#[test]
fn a_failed_build_wakes_the_waiters() {
    explore("a_failed_build_wakes_the_waiters", || {
        let world = World::default();
        let (one, other) = (world.clone(), world.clone());
        let fails = thread::spawn(move || drop(one.look_and_fail(0)));
        let visits = thread::spawn(move || other.visit(0));
        world.visit(0);
        fails.join().expect("it ends");
        visits.join().expect("it ends");
        world.check_at_rest();
    });
}

#[test]
fn a_look_up_during_the_last_close_finds_nothing_released() {
    explore("a_look_up_during_the_last_close_finds_nothing_released", || {
        let world = World::default();
        let other = world.clone();
        let last = world.look(0).expect("nothing fails here");
        let visits = thread::spawn(move || other.visit(0));
        assert!(last.close());
        visits.join().expect("it ends");
        world.check_at_rest();
    });
}

#[test]
fn an_instance_keeps_its_artefact() {
    explore("an_instance_keeps_its_artefact", || {
        let world = World::default();
        let handle = world.look(0).expect("nothing fails here");
        let instance = handle.enter().expect("it is open");
        let closes = thread::spawn(move || handle.close());
        instance.check();
        let copy = instance.clone();
        drop(instance);
        copy.check();
        assert!(closes.join().expect("it ends"));
        copy.check();
        drop(copy);
        world.check_at_rest();
    });
}

#[test]
fn builds_of_two_keys_do_not_wait_for_each_other() {
    explore("builds_of_two_keys_do_not_wait_for_each_other", || {
        let world = World::default();
        let visited = Arc::new((Mutex::new(false), Condvar::new()));
        let (other, seen) = (world.clone(), Arc::clone(&visited));
        let builds = thread::spawn(move || {
            let build = || {
                let mut visited = seen.0.lock();
                while !*visited {
                    visited = seen.1.wait(visited);
                }
                drop(visited);
                Ok::<_, ()>(other.ledger.build(0))
            };
            drop(other.cache.get_or_build(0, build).expect("nothing fails here"));
        });
        world.visit(1);
        *visited.0.lock() = true;
        visited.1.notify_all();
        builds.join().expect("it ends");
        world.check_at_rest();
    });
}
