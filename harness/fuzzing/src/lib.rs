//! What stands behind each fuzz target, so that the target itself is glue of a few lines.
//!
//! An [`Input`] is bytes as a fuzzer has them: decisions for the generator, of which any
//! bytes make a case of full size, or a whole case ([`Envelope`], WAST). A [`Target`] takes
//! inputs one at a time, in this process, keeps count in a [`Ledger`], changes inputs as what
//! they are, and knows what it must have reached after some thousand of them ([`Shortfall`]).
//!
//! This crate knows cases, engines, the generator, oracles, reduction, and sequences of
//! operations. It knows no worker and no campaign, and does not link libFuzzer: the floors
//! are held by ordinary tests.
#![forbid(unsafe_code)]

mod adopt;
mod cases;
mod differential;
mod envelope;
mod floor;
mod group;
mod in_process;
mod input;
mod judging;
mod known_bugs;
mod ledger;
mod lifecycle;
mod mutate;
mod rng;
mod roundtrip;
mod seeds;
mod target;
mod validate;

pub use adopt::{Adopted, TARGETS, adopt};
pub use cases::InputCases;
pub use differential::Differential;
pub use envelope::{Envelope, EnvelopeError, MAGIC, VERSION};
pub use floor::{Bound, Shortfall};
pub use group::{COUNT, ENGINES, Groups};
pub use in_process::judge_in_process;
pub use input::Input;
pub use judging::Small;
pub use known_bugs::KnownBugs;
pub use ledger::Ledger;
pub use lifecycle::Lifecycle;
pub use roundtrip::WastRoundtrip;
pub use seeds::{Seeds, meanings, seeds};
pub use target::{FLOORS_AT, Finding, LEDGERS, Session, Taken, Target, mutate};
pub use validate::Validate;
