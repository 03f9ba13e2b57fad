//! Models that loom explores: `gainsay models` builds and runs them.
#![cfg(loom)]

#[path = "../common/mod.rs"]
mod common;

mod cache;
mod closing;
mod commands;
mod disk;
mod endings;
mod environments;
mod explore;
mod guest;
mod histories;
mod lifecycle;
mod module_cache;
mod pool;
mod session;
mod spawning;
mod suspended;
mod sync;
mod waits;
