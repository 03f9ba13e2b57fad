//! Makes a case small while it keeps some property.
//!
//! Structured passes come first, because they know what a module is and get to
//! a few instructions in hundreds of attempts; wasm-shrink's random mutations
//! then find what they have no notion of. Everything is deterministic: bounds are
//! counted in attempts, never in time.

mod body;
mod contents;
mod items;
mod loops;
pub(crate) mod parts;
mod random;
mod signature;
mod stack;
mod statements;
mod steps;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use gainsay_case::{Case, Step};

use self::parts::Parts;

/// How often all passes are repeated while they still find something.
const ROUNDS_MAX: u32 = 4;

/// Whether a candidate still has the property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Keeps,
    Loses,
    /// No more candidates are worth it.
    Enough,
    /// The whole is to be given up.
    Stop,
}

/// A case on its way down.
pub(crate) struct Reducer<'p> {
    case: Case,
    keeps: &'p mut dyn FnMut(&Case) -> Answer,
    tried: HashSet<u64>,
    pub(crate) attempts: u32,
    attempts_max: u32,
    has_stopped: bool,
}

/// What reduction came to.
pub(crate) struct Reduced {
    pub(crate) case: Case,
    pub(crate) attempts: u32,
    /// False if it was told to stop before its end.
    pub(crate) is_finished: bool,
}

/// Reduce `case`, which has the property, as far as `attempts_max` candidates go.
/// `last` is the step after which nothing matters, if that is known.
pub(crate) fn reduce(
    case: &Case,
    last: Option<usize>,
    attempts_max: u32,
    keeps: &mut dyn FnMut(&Case) -> Answer,
) -> Reduced {
    let mut reducer = Reducer {
        case: case.clone(),
        keeps,
        tried: HashSet::new(),
        attempts: 0,
        attempts_max,
        has_stopped: false,
    };
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
    let Reducer { case, attempts, has_stopped, .. } = reducer;
    Reduced { case, attempts, is_finished: !has_stopped }
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

    /// The steps that define a module; definitions are never added or moved by
    /// module passes, so these stay the same while one runs.
    fn definitions(&self) -> Vec<usize> {
        let steps = self.case.steps.iter().enumerate();
        steps.filter(|(_, step)| matches!(step, Step::Define { .. })).map(|(at, _)| at).collect()
    }

    fn is_over(&self) -> bool {
        self.has_stopped || self.attempts >= self.attempts_max
    }

    /// Take the candidate if it has the property.
    fn offer(&mut self, candidate: Case) -> bool {
        if self.is_over() || !self.tried.insert(hash(&candidate)) {
            return false;
        }
        self.attempts += 1;
        match (self.keeps)(&candidate) {
            Answer::Keeps => {
                self.case = candidate;
                true
            }
            Answer::Loses => false,
            Answer::Enough => {
                self.attempts_max = self.attempts;
                false
            }
            Answer::Stop => {
                self.has_stopped = true;
                false
            }
        }
    }

    /// Take the case with another binary in the definition at `step`.
    fn offer_module(&mut self, step: usize, binary: Option<Vec<u8>>) -> bool {
        let Some(binary) = binary else { return false };
        let mut candidate = self.case.clone();
        let Some(Step::Define { bytes, .. }) = candidate.steps.get_mut(step) else { return false };
        if **bytes == *binary {
            return false;
        }
        *bytes = binary.into();
        self.offer(candidate)
    }

    /// The binary of the definition at `step`.
    fn module(&self, step: usize) -> Option<Arc<[u8]>> {
        match self.case.steps.get(step) {
            Some(Step::Define { bytes, .. }) => Some(bytes.clone()),
            _ => None,
        }
    }
}

fn hash(case: &Case) -> u64 {
    let mut hasher = DefaultHasher::new();
    for step in &case.steps {
        match step {
            Step::Define { module, bytes } => (0, module, bytes).hash(&mut hasher),
            Step::Instantiate { module, instance } => (1, module, instance).hash(&mut hasher),
            Step::Register { instance, name } => (2, instance, name).hash(&mut hasher),
            Step::Invoke { instance, field, args } => (3, instance, field, args).hash(&mut hasher),
            Step::Get { instance, field } => (4, instance, field).hash(&mut hasher),
        }
    }
    hasher.finish()
}

/// Ranges to leave out of `len` things: all, then halves, quarters ... single ones,
/// from the last to the first. `leave_out` says whether that worked; then the rest
/// is renumbered, which ranges before it do not feel.
fn leave_out_ranges(len: usize, mut leave_out: impl FnMut(std::ops::Range<usize>) -> bool) {
    let mut len = len;
    let mut size = len;
    while size > 0 {
        let mut end = len;
        while end > 0 {
            let start = end.saturating_sub(size);
            if leave_out(start..end) {
                len -= end - start;
            }
            end = start;
        }
        size /= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_stays_and_the_rest_goes() {
        let mut things: Vec<u32> = (0..37).collect();
        leave_out_ranges(things.len(), |range| {
            let mut fewer = things.clone();
            fewer.drain(range);
            let keeps = fewer.contains(&3) && fewer.contains(&30);
            if keeps {
                things = fewer;
            }
            keeps
        });
        assert_eq!(things, [3, 30]);
    }
}
