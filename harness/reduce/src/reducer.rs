//! A case on its way down: candidates are offered to it, and those that keep the
//! property take its place.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use gainsay_case::{Case, Step};

/// How often all passes are repeated while they still find something.
pub(crate) const ROUNDS_MAX: u32 = 4;

/// Whether a candidate still has the property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It has it.
    Keeps,
    /// It has not.
    Loses,
    /// No more candidates are worth it.
    Enough,
    /// The whole is to be given up.
    Stop,
}

/// How a reduction came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReductionEnd {
    /// There was nothing left to try.
    Finished,
    /// All candidates that it was granted were tried.
    BudgetSpent,
    /// The answer was [`Answer::Enough`].
    Enough,
    /// The answer was [`Answer::Stop`].
    Stopped,
}

/// A case on its way down.
pub(crate) struct Reducer<'p> {
    pub(crate) case: Case,
    keeps: &'p mut dyn FnMut(&Case) -> Answer,
    tried: HashSet<u64>,
    pub(crate) attempts: u32,
    pub(crate) attempts_max: u32,
    has_stopped: bool,
    has_enough: bool,
    /// What was accepted, from the largest to the smallest.
    accepted: Vec<Case>,
}

impl<'p> Reducer<'p> {
    /// `case` has the property; at most `attempts_max` candidates are tried.
    pub(crate) fn new(
        case: &Case,
        attempts_max: u32,
        keeps: &'p mut dyn FnMut(&Case) -> Answer,
    ) -> Reducer<'p> {
        Reducer {
            case: case.clone(),
            keeps,
            tried: HashSet::new(),
            attempts: 0,
            attempts_max,
            has_stopped: false,
            has_enough: false,
            accepted: Vec::new(),
        }
    }

    /// How it comes to its end, if it does so now.
    pub(crate) fn ending(&self) -> ReductionEnd {
        match () {
            () if self.has_stopped => ReductionEnd::Stopped,
            () if self.has_enough => ReductionEnd::Enough,
            () if self.attempts >= self.attempts_max => ReductionEnd::BudgetSpent,
            () => ReductionEnd::Finished,
        }
    }

    /// The case as it is now, and all that were accepted on the way to it.
    pub(crate) fn into_accepted(self) -> (Case, Vec<Case>) {
        (self.case, self.accepted)
    }

    /// The steps that define a module; definitions are never added or moved by
    /// module passes, so these stay the same while one runs.
    pub(crate) fn definitions(&self) -> Vec<usize> {
        let steps = self.case.steps.iter().enumerate();
        steps.filter(|(_, step)| matches!(step, Step::Define { .. })).map(|(at, _)| at).collect()
    }

    pub(crate) fn is_over(&self) -> bool {
        self.has_stopped || self.attempts >= self.attempts_max
    }

    /// Take the candidate if it has the property.
    pub(crate) fn offer(&mut self, candidate: Case) -> bool {
        if self.is_over() || !self.tried.insert(hash(&candidate)) {
            return false;
        }
        self.attempts += 1;
        match (self.keeps)(&candidate) {
            Answer::Keeps => {
                self.accepted.push(candidate.clone());
                self.case = candidate;
                true
            }
            Answer::Loses => false,
            Answer::Enough => {
                self.attempts_max = self.attempts;
                self.has_enough = true;
                false
            }
            Answer::Stop => {
                self.has_stopped = true;
                false
            }
        }
    }

    /// Take the case with another binary in the definition at `step`.
    pub(crate) fn offer_module(&mut self, step: usize, binary: Option<Vec<u8>>) -> bool {
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
    pub(crate) fn module(&self, step: usize) -> Option<Arc<[u8]>> {
        match self.case.steps.get(step) {
            Some(Step::Define { bytes, .. }) => Some(bytes.clone()),
            _ => None,
        }
    }
}

pub(crate) fn hash(case: &Case) -> u64 {
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
pub(crate) fn leave_out_ranges(
    len: usize,
    mut leave_out: impl FnMut(std::ops::Range<usize>) -> bool,
) {
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
    fn needed_items_stay_and_the_rest_is_removed() {
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
