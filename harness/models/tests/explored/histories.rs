//! What threads see of a cache is what they would see one after the other.

use gainsay_host::sync::thread;

use crate::common::ledger::World;
use crate::explore::explore;

/// One call and what it gave: artefacts by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// A look-up that built.
    Built(usize),
    /// A look-up that found.
    Found(usize),
    /// A look-up of what was not there.
    Absent,
    /// A close of a handle to that.
    Closed(usize),
}

/// Look up and close: twice, the second time without building.
fn program(world: &World) -> Vec<Seen> {
    let mut seen = Vec::new();
    let before = std::cell::Cell::new(None);
    let handle = world.cache.get_or_build(0, || {
        let built = world.ledger.build(0);
        before.set(Some(built.number));
        Ok::<_, ()>(built)
    });
    let handle = handle.expect("nothing fails here");
    let number = world.check(&handle).number;
    seen.push(if before.get() == Some(number) { Seen::Built(number) } else { Seen::Found(number) });
    drop(handle);
    seen.push(Seen::Closed(number));
    match world.cache.get(&0) {
        None => seen.push(Seen::Absent),
        Some(handle) => {
            let number = world.check(&handle).number;
            seen.push(Seen::Found(number));
            drop(handle);
            seen.push(Seen::Closed(number));
        }
    }
    seen
}

/// Whether some order of the calls, each thread's as it made them, is one that a map
/// from a key to an artefact and a count would answer so.
fn is_sequential(threads: &[&[Seen]], present: Option<(usize, usize)>) -> bool {
    if threads.iter().all(|calls| calls.is_empty()) {
        return present.is_none();
    }
    (0..threads.len()).any(|at| {
        let Some((first, rest)) = threads[at].split_first() else { return false };
        let Some(after) = answer(*first, present) else { return false };
        let mut others = threads.to_vec();
        others[at] = rest;
        is_sequential(&others, after)
    })
}

/// The map after a call, if it would answer so.
fn answer(seen: Seen, present: Option<(usize, usize)>) -> Option<Option<(usize, usize)>> {
    match (seen, present) {
        (Seen::Built(number), None) => Some(Some((number, 1))),
        (Seen::Found(wanted), Some((number, count))) if wanted == number => {
            Some(Some((number, count + 1)))
        }
        (Seen::Absent, None) => Some(None),
        (Seen::Closed(wanted), Some((number, count))) if wanted == number => {
            Some((count > 1).then_some((number, count - 1)))
        }
        _ => None,
    }
}

#[test]
fn histories_are_those_of_a_map_of_counts() {
    explore("histories_are_those_of_a_map_of_counts", || {
        let world = World::default();
        let others: Vec<_> = (0..2)
            .map(|_| {
                let world = world.clone();
                thread::spawn(move || program(&world))
            })
            .collect();
        let mut histories = vec![program(&world)];
        histories.extend(others.into_iter().map(|other| other.join().expect("it ends")));
        let threads: Vec<&[Seen]> = histories.iter().map(Vec::as_slice).collect();
        assert!(is_sequential(&threads, None), "no order explains {histories:?}");
        world.check_at_rest();
    });
}
