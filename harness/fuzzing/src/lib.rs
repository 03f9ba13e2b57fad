//! The implementation of the fuzz targets; a target itself is a few lines.
//!
//! An [`Input`] is the fuzzer's bytes: decisions for the generator, where any bytes make a
//! full-size case, or a whole case ([`Envelope`], WAST). A [`Target`] takes inputs one at a
//! time, in this process, counts in a [`Ledger`], mutates inputs according to their form, and
//! knows what it must have reached after a few thousand inputs ([`Shortfall`]).
//!
//! This crate knows cases, engines, the generator, oracles, reduction, and sequences of
//! operations. It knows no worker and no campaign, and does not link libFuzzer: ordinary tests
//! check the floors.
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
