//! A case with what should come of it: what a file holds.

use super::expected::Expected;
use super::header::Header;
use crate::case::Case;
use crate::outcome::Outcome;

/// A case, what its file says about it, and how its steps should end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// Comments for people and tools.
    pub header: Header,
    /// The steps.
    pub case: Case,
    /// For each step how it should end; `None` if that is not said. What is
    /// beyond the end is not said either.
    pub expected: Vec<Option<Expected>>,
}

impl Script {
    /// A case, expected to end as it did in `outcome` as far as that is a guide.
    pub fn new(case: Case, outcome: Option<&Outcome>) -> Script {
        let steps = outcome.map_or(&[][..], |outcome| &outcome.steps);
        let expected = steps.iter().map(|step| Expected::of(&step.result)).collect();
        Script { header: Header::default(), case, expected }
    }

    /// How the step of this index should end, if that is said.
    pub fn expected(&self, index: usize) -> Option<&Expected> {
        self.expected.get(index).and_then(Option::as_ref)
    }
}
