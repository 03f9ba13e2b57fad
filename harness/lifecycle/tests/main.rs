//! Sequences of operations: their text, the model beside real backends, planted faults.

mod backends;
mod common;
mod faults;
mod text;
