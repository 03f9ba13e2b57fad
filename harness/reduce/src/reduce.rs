//! Makes a case small while it keeps some property.
//!
//! Structured passes come first, because they know what a module is and get to
//! a few instructions in hundreds of attempts; wasm-shrink's random mutations
//! then find what they have no notion of. Everything is deterministic: bounds are
//! counted in attempts, never in time.

use gainsay_case::Case;

use crate::parts::Parts;
use crate::reducer::{Answer, ROUNDS_MAX, Reducer, hash};
use crate::{body, contents, items, loops, random, signature, steps};

/// What reduction came to.
#[derive(Clone, Debug)]
pub struct Reduced {
    /// The smallest case that was found.
    pub case: Case,
    /// Candidates that were tried.
    pub attempts: u32,
    /// False if it was told to stop before its end.
    pub is_finished: bool,
}

/// Reduce `case`, which has the property, as far as `attempts_max` candidates go.
/// `last` is the step after which nothing matters, if that is known.
pub fn reduce(
    case: &Case,
    last: Option<usize>,
    attempts_max: u32,
    keeps: &mut dyn FnMut(&Case) -> Answer,
) -> Reduced {
    let mut reducer = Reducer::new(case, attempts_max, keeps);
    if let Some(last) = last {
        let mut candidate = case.clone();
        candidate.steps.truncate(last + 1);
        reducer.offer(candidate);
    }
    reducer.structured();
    if reducer.random() {
        reducer.structured();
    }
    reducer.canonical();
    let is_finished = !reducer.has_stopped();
    Reduced { case: reducer.case, attempts: reducer.attempts, is_finished }
}

impl Reducer<'_> {
    fn structured(&mut self) {
        for _ in 0..ROUNDS_MAX {
            let before = hash(&self.case);
            steps::reduce(self);
            for step in self.definitions() {
                loops::reduce(self, step);
                items::reduce(self, step);
                body::reduce(self, step);
                signature::reduce(self, step);
                contents::reduce(self, step);
                items::reduce(self, step);
            }
            if hash(&self.case) == before || self.is_over() {
                return;
            }
        }
    }

    /// Binaries that have a text form without comments and strings of bytes.
    fn canonical(&mut self) {
        for step in self.definitions() {
            let binary = self.module(step).and_then(|bytes| {
                let sorted = Parts::parse(&bytes).and_then(|mut parts| {
                    parts.sort_exports();
                    parts.encode()
                });
                gainsay_case::text::canonical(sorted.as_deref().unwrap_or(&bytes))
            });
            // This makes a case readable, so it is worth an attempt beyond the bound.
            self.attempts_max += 1;
            self.offer_module(step, binary.map(|bytes| bytes.to_vec()));
        }
    }

    /// True if wasm-shrink made anything smaller.
    fn random(&mut self) -> bool {
        let before = hash(&self.case);
        for step in self.definitions() {
            random::reduce(self, step);
        }
        hash(&self.case) != before
    }
}
