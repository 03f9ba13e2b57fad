//! Reduces cases while they keep a property.
//!
//! [`reduce`] takes a case and a closure that decides whether a candidate still has the
//! property. So this crate knows cases and the binary format, but no engines, workers, oracles
//! or campaigns: a fuzz target reduces in its own process, a campaign through workers.
//!
//! It also makes reduced cases readable: [`one_name_each`] gives modules and instances one
//! name each, [`Accessor`] adds a function that reads a memory or a table so that a script can
//! assert its contents, and [`size`] measures a case.
#![forbid(unsafe_code)]

mod accessor;
mod body;
mod canonical_nans;
mod contents;
mod items;
mod loops;
mod parts;
mod random;
mod reduce;
mod reducer;
mod renaming;
mod signature;
mod size;
mod stack;
mod statements;
mod steps;

pub use accessor::{Accessor, Reads};
pub use canonical_nans::canonical_nans;
pub use reduce::{Reduced, reduce};
pub use reducer::{Answer, ReductionEnd};
pub use renaming::one_name_each;
pub use size::{CaseSize, for_each_instruction, size};
