//! Numeric primitives (§ exec/numerics), pure functions under the spec's names,
//! generic over the width so that vector lanes can share them.
//!
//! Integers are held unsigned; a function that interprets them as signed says so
//! in its name. Floats are Rust's `f32` and `f64`, whose `+ - * / sqrt` are those
//! of IEEE 754 with round-to-nearest ties-to-even, as the spec demands. Where
//! the spec leaves the choice of a NaN open, [`Nans`] is the one place that chooses.

mod convert;
mod float;
mod int;
mod lane_int;
mod lane_wide;
mod lanes;
mod nans;
mod relaxed;
mod wide;

pub(crate) use convert::*;
pub(crate) use float::*;
pub(crate) use int::*;
pub(crate) use lane_int::*;
pub(crate) use lane_wide::*;
pub(crate) use lanes::*;
pub(crate) use nans::*;
pub(crate) use relaxed::*;
pub(crate) use wide::*;

#[cfg(test)]
pub(crate) mod samples;
