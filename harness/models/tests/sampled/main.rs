//! Models that shuttle samples: `gainsay models` builds and runs them.
#![cfg(shuttle)]

#[path = "../common/mod.rs"]
mod common;

mod cache;
mod lifecycle;
mod pool;
mod process;
mod sample;
