//! The system that a guest process runs on: host functions that never block.
//!
//! A host function that has to wait says so instead ([`Answer::Pause`]). Who drives the
//! thread lets it wait, in real time or under a chosen schedule, and then asks again. So a
//! process that ends interrupts every wait in one place, and a schedule knows every point
//! where a thread may be left.

use std::time::Duration;

use gainsay_runtime::{FuncType, HostError, Memory, Store, Value};

use crate::sync::Arc;

/// A call of a host function by a thread of a process.
#[derive(Debug)]
pub struct SystemCall<'a> {
    /// The caller's store.
    pub store: &'a mut Store,
    /// What the caller's instance exports as `memory`, if it does.
    pub memory: Option<Memory>,
    /// The function, by the number that [`System::import`] gave.
    pub function: u32,
    /// The arguments, of the function's type.
    pub args: &'a [Value],
    /// The calling thread: 0 for the main thread, else its wasi-threads identifier.
    pub thread: u32,
    /// The process's monotonic clock, now: the time since it began.
    pub now: Duration,
    /// What the clock showed when this call was made, before all its pauses.
    pub began: Duration,
}

/// What comes of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It returns these, of the function's result types.
    Return(Vec<Value>),
    /// It ends the process with this status.
    Exit(u32),
    /// It cannot go on now, and has done nothing yet. The same call is made again when the
    /// clock shows `until`, or when there is input ([`System::on_input`]), whichever comes
    /// first; perhaps earlier, for no reason.
    Pause {
        /// On the process's monotonic clock; `None` when only input helps.
        until: Option<Duration>,
    },
    /// It fails, as if the guest had trapped.
    Fail(HostError),
}

/// The host functions that the threads of a process share.
pub trait System: Send + Sync {
    /// The number of the function that is imported by these names and of this type, if
    /// there is one.
    fn import(&self, module: &str, name: &str, ty: &FuncType) -> Option<u32>;

    /// Do what the guest asks for, without blocking.
    fn call(&self, call: SystemCall<'_>) -> Answer;

    /// From now on, call `waker` whenever input has come that a pausing call may wait for.
    fn on_input(&self, waker: Arc<dyn Fn() + Send + Sync>) {
        drop(waker);
    }
}

/// A system without functions.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSystem;

impl System for NoSystem {
    fn import(&self, _: &str, _: &str, _: &FuncType) -> Option<u32> {
        None
    }

    fn call(&self, call: SystemCall<'_>) -> Answer {
        Answer::Fail(HostError(format!("there is no host function {}", call.function)))
    }
}
