//! Tests of preview 1 as a guest sees it.

mod anything;
mod blocking;
mod c_programs;
mod common;
mod descriptors;
mod errors;
mod escapes;
mod files;
mod polling;
mod processes;
mod startup;
mod streams;
mod threads;
