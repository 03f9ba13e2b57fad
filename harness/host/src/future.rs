//! Calls that their host functions suspend.
//!
//! A host function that cannot answer at once gives a future. Then the call is suspended:
//! its stack rests, and whoever polls the call is woken by that future's waker, on whatever
//! thread. It goes on when it is polled again, or is dropped, which gives its stack back.
//!
//! A call that is given up has run halfway. The store is sound all the same, as after a
//! trap, and may be used again: so it is with Wasmtime's core instances. Whether an
//! *instance* may be entered again is a rule of its own ([`crate::lifecycle`]): a command or
//! reactor that was left in the middle counts as trapped and is poisoned, for nobody knows
//! what it had half done; so it is with Wasmtime's components.

mod block_on;
mod invocation;

use std::borrow::BorrowMut;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use gainsay_runtime::{Func, HostStop, Stop, Store, Value};

use crate::session::Session;
pub use block_on::block_on;
pub(crate) use invocation::Invocation;

/// What a host function answers, later. It keeps nothing of the store: what it has to do
/// there when it is done, it gives as a [`Reply`].
pub type HostFuture = Pin<Box<dyn Future<Output = Reply> + Send>>;

/// The results of a host function.
pub type HostResult = Result<Vec<Value>, HostStop>;

/// The answer of a host function: its results, or what is to be done in the store to have
/// them.
pub enum Reply {
    /// These.
    Done(HostResult),
    /// What this gives: it may, for instance, write what was waited for into a memory.
    Then(Box<dyn FnOnce(&mut Store) -> HostResult + Send>),
}

/// Serves the calls of host functions that may take their time.
pub trait AsyncHost: Send {
    /// Begin the host function that was made with the number `id`. `store` may be used
    /// freely until this returns.
    fn call(&mut self, store: &mut Store, id: u32, args: &[Value]) -> HostFuture;
}

/// An answer that is there already.
pub fn ready(results: HostResult) -> HostFuture {
    Box::pin(std::future::ready(Reply::Done(results)))
}

/// A call under way, of a session that it owns or borrows.
#[derive(Debug)]
pub struct AsyncCall<T, S> {
    session: S,
    invocation: Invocation,
    _data: PhantomData<fn() -> T>,
}

impl<T: AsyncHost, S: BorrowMut<Session<T>>> AsyncCall<T, S> {
    /// Prepare a call; nothing runs before it is polled.
    ///
    /// # Errors
    /// The session, and why there is no call.
    pub fn new(mut session: S, func: Func, args: &[Value]) -> Result<AsyncCall<T, S>, (S, Stop)> {
        match Invocation::new(session.borrow_mut().store_mut(), func, args) {
            Ok(invocation) => Ok(AsyncCall { session, invocation, _data: PhantomData }),
            Err(stop) => Err((session, stop)),
        }
    }

    /// The session; if the call is not over, it is given up.
    pub fn into_session(self) -> S {
        let AsyncCall { session, invocation, .. } = self;
        drop(invocation);
        session
    }
}

/// # Panics
/// When it is polled after it was ready.
impl<T: AsyncHost, S: BorrowMut<Session<T>> + Unpin> Future for AsyncCall<T, S> {
    type Output = Result<Vec<Value>, Stop>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let call = self.get_mut();
        let (store, data) = call.session.borrow_mut().parts_mut();
        call.invocation.poll(store, data, context)
    }
}
