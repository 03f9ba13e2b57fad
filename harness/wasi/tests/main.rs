//! Tests of preview 1 as a guest sees it.

mod c_programs;
mod common;
mod descriptors;
mod errors;
mod escapes;
mod files;
mod polling;
mod startup;
mod streams;
mod threads;
