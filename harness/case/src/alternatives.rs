//! What may become of a case where the specification leaves it open.

use crate::outcome::Outcome;

/// One way to make every choice that the specification leaves open. The default is that
/// of the deterministic profile (§ appendix/profiles).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    /// Which of the ways to execute relaxed vector instructions: an implementation keeps
    /// to one of them (§ exec/numerics, relaxed operations).
    pub relaxed: usize,
    /// Which of the ways to choose NaNs, each of which an implementation may choose anew
    /// (§ exec/numerics, NaN propagation).
    pub nans: usize,
}

/// One case on an implementation that makes any choice it is told to.
pub trait Alternatives {
    /// Why the implementation cannot be asked.
    type Error;

    /// How many ways there are to execute the relaxed vector instructions of the case; 1 if
    /// it has none.
    fn relaxed(&self) -> usize;

    /// Whether the formal definition has this way to execute relaxed instructions, and not
    /// merely the official test suite.
    fn is_formal(&self, relaxed: usize) -> bool;

    /// How many ways to choose NaNs are told apart; 1 if no instruction of the case can
    /// result in a NaN.
    fn nans(&self) -> usize;

    /// What becomes of the case; an outcome that is too short if the run did not come to
    /// an end. `None` if there is no such implementation.
    ///
    /// # Errors
    /// When the implementation cannot be asked.
    fn outcome(&mut self, choice: Choice) -> Result<Option<Outcome>, Self::Error>;
}
