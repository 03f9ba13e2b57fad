//! Deterministic generation of cases from a seed.
//!
//! A [`Generator`] knows what the engines of a campaign have in common, and makes
//! case `index` of seed `seed`: the same on every machine, in every order, in
//! every process. Arbitrary bytes can decide in front of a seed
//! ([`case_from`]); both go the same way:
//!
//! 1. [`swarm`](self) decides what this case may use: some proposals and
//!    instruction classes are switched off outright, sizes and weights vary.
//! 2. `smith` has wasm-smith make a module, or `typed` makes one out of expressions.
//! 3. `instrument` makes it fit for comparison: every call ends (fuel), NaNs are
//!    canonical before their bits become visible, tables hold functions.
//! 4. `plan` chooses the steps: calls with interesting arguments.
//!
//! Nothing here reads a clock, a thread, an environment or a hash map's order.

mod arguments;
mod body;
mod charge;
mod decide;
mod decisions;
mod generator;
mod imports;
mod instrument;
mod interface;
mod module;
mod plan;
mod reach;
mod segments;
mod smith;
mod survey;
mod swarm;
mod typed;

pub use decisions::Decisions;
pub use generator::{Generated, Generator, case_from, decisions_of, module_from};
pub use reach::Reach;
pub use survey::{proposals_in, reach_of};
pub use swarm::PROPOSALS_GENERATED;
