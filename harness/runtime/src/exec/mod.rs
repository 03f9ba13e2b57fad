//! Execution (§ exec): resumable, without recursion on the host's stack.
//!
//! An [`Activation`] is one call under way: its frames and slots live on the heap,
//! so that it can be suspended, copied, resumed and dropped at any time.
//! [`interpret`] runs the instructions of one instance until it must leave them;
//! the other files hold what it leaves them for.

mod activation;
mod arrays;
mod bulk;
mod handlers;
mod interpret;
mod invoke;
mod machine;
mod rest;
mod stack;
mod stop;
mod suspended;
mod tables;
mod unwind;

pub use activation::{Activation, Event, HostCall};
pub use stack::{Stack, StackPool};
pub use stop::Stop;

pub(crate) use activation::constant;
pub(crate) use suspended::SuspendedStacks;
