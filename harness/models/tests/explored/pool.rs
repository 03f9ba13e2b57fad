//! Who takes slots of a pool and gives them back.

use gainsay_host::sync::{Arc, Flag, thread};

use crate::commands::Reached;
use crate::common::loans::{Loan, Loans};
use crate::explore::explore;

/// So many threads, of which the first is this one, do the same; then all is at rest.
fn all(threads: usize, loans: &Loans, act: fn(&Loans)) {
    let others: Vec<_> = (1..threads)
        .map(|_| {
            let loans = loans.clone();
            thread::spawn(move || act(&loans))
        })
        .collect();
    act(loans);
    others.into_iter().for_each(|other| other.join().expect("it ends"));
    loans.check_at_rest();
}

#[test]
fn entries_in_use_are_counted() {
    explore("entries_in_use_are_counted", || {
        let loans = Loans::new(2, 2);
        all(2, &loans, |loans| drop(loans.take().expect("one for each")));
    });
}

#[test]
fn no_slot_is_lent_twice() {
    static REACHED: Reached = Reached::new();
    explore("no_slot_is_lent_twice", || {
        let loans = Loans::new(1, 1);
        all(3, &loans, |loans| REACHED.see(loans.take().is_some()));
    });
    REACHED.exactly(&["true", "false"]);
}

#[test]
fn a_slot_is_clean_before_it_can_be_taken() {
    explore("a_slot_is_clean_before_it_can_be_taken", || {
        let loans = Loans::new(1, 1);
        all(2, &loans, |loans| {
            drop(loans.take());
            drop(loans.take());
        });
    });
}

/// Somebody puts a slot where the first thread has looked already, and then, where it has
/// not, another one is taken. One of the two was free at every moment.
#[test]
fn a_slot_that_is_free_all_the_time_is_found() {
    static REACHED: Reached = Reached::new();
    explore("a_slot_that_is_free_all_the_time_is_found", || {
        let loans = Loans::new(2, 2);
        let first = loans.take().expect("there are two");
        let given_back = Arc::new(Flag::new());
        let (other, seen) = (loans.clone(), Arc::clone(&given_back));
        let takes = thread::spawn(move || seen.is_up().then(|| other.take()).flatten());
        let gives = thread::spawn(move || {
            drop(first);
            given_back.raise();
        });
        let found = loans.take();
        assert!(found.is_some(), "there was nothing left while a slot was free");
        drop(found);
        gives.join().expect("it ends");
        REACHED.see(takes.join().expect("it ends").is_some());
        loans.check_at_rest();
    });
    REACHED.exactly(&["true", "false"]);
}

/// Each thread takes what the other's shard has, and gives back to its own.
#[test]
fn two_threads_take_from_each_others_shards() {
    static REACHED: Reached = Reached::new();
    explore("two_threads_take_from_each_others_shards", || {
        let loans = Loans::new(2, 2);
        all(2, &loans, |loans| {
            let both: [Option<Loan>; 2] = [loans.take(), loans.take()];
            REACHED.see(both.iter().flatten().count());
        });
    });
    REACHED.exactly(&["0", "1", "2"]);
}

#[test]
fn two_of_three_threads_have_a_slot_at_a_time() {
    static REACHED: Reached = Reached::new();
    explore("two_of_three_threads_have_a_slot_at_a_time", || {
        let loans = Loans::new(2, 2);
        all(3, &loans, |loans| REACHED.see(loans.take().is_some()));
    });
    REACHED.exactly(&["true", "false"]);
}
