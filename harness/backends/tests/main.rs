//! The model beside real backends, and planted faults.

mod backends;
mod common;
mod faults;
