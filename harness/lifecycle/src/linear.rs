//! Whether a concurrent history has an order in which a sequential object could have
//! answered so (Wing and Gong, "Testing and verifying concurrent objects", 1993).

use std::collections::BTreeSet;

/// Histories are no longer than this: the search takes exponential time.
pub const EVENTS_MAX: usize = 12;

/// One call of a history, with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<C> {
    /// When it was called, on a clock that all threads share.
    pub called: u64,
    /// When it had answered.
    pub answered: u64,
    /// What was called, and the answer.
    pub call: C,
}

/// A sequential object.
pub trait Sequential: Clone + Ord {
    /// A call and its answer.
    type Call;

    /// Take the call, if the object gives that answer to it now.
    fn take(&mut self, call: &Self::Call) -> bool;
}

/// Whether the history, of at most [`EVENTS_MAX`] events, has such an order.
pub fn is_linearizable<S: Sequential>(object: &S, history: &[Event<S::Call>]) -> bool {
    assert!(history.len() <= EVENTS_MAX, "a history of {} events", history.len());
    let all = (1u16 << history.len()) - 1;
    let mut visited = BTreeSet::new();
    let mut open = vec![(0u16, object.clone())];
    while let Some((done, object)) = open.pop() {
        if done == all {
            return true;
        }
        let is_done = |at: usize| done >> at & 1 == 1;
        let left = || history.iter().enumerate().filter(|(at, _)| !is_done(*at));
        // Nothing may come before what had answered when it was called.
        let first_answer = left().map(|(_, event)| event.answered).min().unwrap_or(u64::MAX);
        for (at, event) in left().filter(|(_, event)| event.called <= first_answer) {
            let mut next = object.clone();
            if next.take(&event.call) {
                let state = (done | 1 << at, next);
                if visited.insert(state.clone()) {
                    open.push(state);
                }
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A register: a write, or a read with what it gave.
    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
    struct Register(u8);

    enum Access {
        Write(u8),
        Read(u8),
    }

    impl Sequential for Register {
        type Call = Access;

        fn take(&mut self, call: &Access) -> bool {
            match call {
                Access::Write(value) => {
                    self.0 = *value;
                    true
                }
                Access::Read(value) => self.0 == *value,
            }
        }
    }

    fn event(called: u64, answered: u64, call: Access) -> Event<Access> {
        Event { called, answered, call }
    }

    #[test]
    fn overlapping_operations_may_come_in_any_order() {
        for read in [0, 1] {
            let history = [event(0, 3, Access::Write(1)), event(1, 2, Access::Read(read))];
            assert!(is_linearizable(&Register(0), &history));
        }
    }

    #[test]
    fn answered_operations_precede_later_ones() {
        let history = [event(0, 1, Access::Write(1)), event(2, 3, Access::Read(0))];
        assert!(!is_linearizable(&Register(0), &history));
    }

    #[test]
    fn two_readers_may_not_see_two_writes_in_opposite_orders() {
        let history = [
            event(0, 9, Access::Write(1)),
            event(0, 9, Access::Write(2)),
            event(1, 2, Access::Read(1)),
            event(3, 4, Access::Read(2)),
            event(5, 6, Access::Read(1)),
        ];
        assert!(!is_linearizable(&Register(0), &history));
        assert!(is_linearizable(&Register(0), &history[..4]));
    }

    #[test]
    fn a_history_of_the_longest_length_is_decided() {
        let mut history: Vec<_> = (0..11).map(|value| event(0, 99, Access::Write(value))).collect();
        history.push(event(0, 99, Access::Read(200)));
        assert!(!is_linearizable(&Register(0), &history));
    }
}
