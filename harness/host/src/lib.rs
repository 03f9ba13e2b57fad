//! The host around an instance of the reference runtime: a cache of compiled modules, a pool
//! that provides storage for stores, suspended calls, the rules for running an instance, and
//! processes with several threads.
//!
//! Threads share all of it, and all synchronisation comes from [`sync`], so the code that ships
//! is the code that the models of `harness/models` explore.
#![forbid(unsafe_code)]

pub mod cache;
pub mod defect;
pub mod disk;
pub mod future;
mod guest;
pub mod lifecycle;
mod module_cache;
mod module_key;
pub mod pool;
pub mod process;
mod session;
mod sha256;
pub mod sync;
pub mod system;

pub use guest::{CallError, Guest, GuestCall, GuestError};
pub use module_cache::{CachedModule, ModuleCache, ModuleCacheStats, ModuleHandle};
pub use module_key::ModuleKey;
pub use session::{OpenError, Session};
