//! What surrounds an instance of the reference runtime: the cache of compiled modules,
//! the pool that stores take their storage from, calls that are suspended, the rules by
//! which an instance may be run, and processes of several threads.
//!
//! All of it is shared by threads, and all of its synchronisation comes from
//! [`sync`], so that the code which ships is the code that the models of
//! `harness/models` explore.
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
