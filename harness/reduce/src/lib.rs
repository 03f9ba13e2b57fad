//! Cases made small while they keep some property.
//!
//! [`reduce`] takes a case and a closure that says whether a candidate still has the
//! property; what the property is, and how it is found out, is the caller's. So this
//! crate knows cases and the binary format, and nothing of engines, workers, oracles
//! or campaigns: a fuzz target reduces in its own process with it, a campaign through
//! workers.
//!
//! Beside reduction it has what makes a reduced case readable: [`one_name_each`] gives
//! modules and instances one name, [`Accessor`] adds a function that reads a memory or
//! a table so that a script can assert what is in it, and [`size`] says how big a case is.
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
