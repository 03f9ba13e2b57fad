//! Makes a case small while it keeps some property.
//!
//! Structured passes come first, because they know what a module is and get to
//! a few instructions in hundreds of attempts; wasm-shrink's random mutations
//! then find what they have no notion of. Everything is deterministic: bounds are
//! counted in attempts, never in time.

use gainsay_case::Case;

use crate::parts::Parts;
use crate::reducer::{Answer, ROUNDS_MAX, Reducer, ReductionEnd, hash};
use crate::{body, contents, items, loops, random, signature, steps};

/// What reduction came to.
#[derive(Clone, Debug)]
pub struct Reduced {
    /// The smallest case that was found.
    pub case: Case,
    /// Candidates that were tried.
    pub attempts: u32,
    /// How it came to its end.
    pub end: ReductionEnd,
    /// All candidates that had the property, from the largest to the smallest, which is the
    /// case. A property that turns out to be another one than was meant is looked for there.
    pub accepted: Vec<Case>,
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
    if let Some(last) = last.filter(|last| last + 1 < case.steps.len()) {
        let mut candidate = case.clone();
        candidate.steps.truncate(last + 1);
        reducer.offer(candidate);
    }
    reducer.structured();
    if reducer.random() {
        reducer.structured();
    }
    let end = reducer.ending();
    reducer.canonical();
    // It may be told to stop as late as then.
    let end = if reducer.ending() == ReductionEnd::Stopped { ReductionEnd::Stopped } else { end };
    let attempts = reducer.attempts;
    let (case, accepted) = reducer.into_accepted();
    Reduced { case, attempts, end, accepted }
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

#[cfg(test)]
mod tests {
    use gainsay_case::text::read_case;

    use super::*;

    const TWO: &str = r#"(module $m (func (export "f") (nop) (nop)) (func (export "g") (nop)))
        (invoke $m "f") (invoke $m "g") (invoke $m "f")"#;

    fn calls(case: &Case) -> usize {
        let is_call =
            |step: &&gainsay_case::Step| matches!(step, gainsay_case::Step::Invoke { .. });
        case.steps.iter().filter(is_call).count()
    }

    fn reduced(attempts_max: u32, keeps: &mut dyn FnMut(&Case) -> Answer) -> Reduced {
        reduce(&read_case(TWO).expect("a case"), None, attempts_max, keeps)
    }

    fn has_a_call(case: &Case) -> Answer {
        if calls(case) > 0 { Answer::Keeps } else { Answer::Loses }
    }

    #[test]
    fn what_was_accepted_leads_to_the_result() {
        let found = reduced(1_000, &mut has_a_call);
        assert_eq!((found.end, calls(&found.case)), (ReductionEnd::Finished, 1));
        assert_eq!(found.accepted.last(), Some(&found.case));
        assert!(found.accepted.iter().all(|case| calls(case) > 0));
    }

    #[test]
    fn how_a_reduction_ended_is_told() {
        assert_eq!(reduced(2, &mut has_a_call).end, ReductionEnd::BudgetSpent);
        assert_eq!(reduced(1_000, &mut |_| Answer::Enough).end, ReductionEnd::Enough);
        let mut answers = 0;
        let stopped = reduced(1_000, &mut |case| {
            answers += 1;
            if answers > 3 { Answer::Stop } else { has_a_call(case) }
        });
        assert_eq!(stopped.end, ReductionEnd::Stopped);
    }
}
