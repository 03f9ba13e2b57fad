//! Oracles: compare the outcomes of one case.
//!
//! [`judge`] takes a case and the outcomes of any number of engines. It says whether they
//! agree, where they diverge, or why that cannot be decided. No engine is assumed to be
//! right: the engines of a step are sorted into classes of equal outcomes, and more than one
//! class is a divergence.
//!
//! Nothing here does I/O, and no engine is known by name. A freedom of the specification is
//! a value ([`AllowedReason`]), and so is the reason why something could not be compared
//! ([`InconclusiveReason`]); both are counted, never dropped.

mod appearance;
mod classes;
mod divergence;
mod final_state;
mod judge;
mod judgement;
mod links;
mod nan_dependence;
mod normal_outcome;
mod permitted;
mod rules;
mod run;
mod signature;
mod state;
mod steps;
mod tally;
mod values;
mod verdict;

pub use divergence::{Class, Divergence, DivergenceKind};
pub use judge::judge;
pub use judgement::{Judgement, StepVerdict};
pub use normal_outcome::NormalOutcome;
pub use permitted::{NANS_WITH_RELAXED, Permission, judge_permitting};
pub use rules::{Growth, Rules};
pub use run::{Run, RunEnding};
pub use signature::{DivergenceSignature, SignatureClass, normalised_message};
pub use tally::Tally;
pub use verdict::{AllowedReason, InconclusiveReason, Verdict};
