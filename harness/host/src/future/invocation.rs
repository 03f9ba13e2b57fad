//! A call that may be suspended, whoever holds its store.

use std::fmt;
use std::task::{Context, Poll};
use std::time::Duration;

use gainsay_runtime::{Activation, Event, Func, HostStop, Stop, Store, Value};

use crate::defect::{Defect, planted};
use crate::future::{AsyncHost, HostFuture, Reply};

/// A call under way and what it waits for.
pub(crate) struct Invocation {
    /// Gone when the call is over, so that its stack goes back then.
    activation: Option<Activation>,
    /// The host function that has not answered yet.
    waiting: Option<HostFuture>,
    /// How many references the store held for its user before the last host function.
    held: usize,
}

impl Invocation {
    /// Prepare a call; nothing runs yet.
    ///
    /// # Errors
    /// As [`Activation::new`] has it.
    pub(crate) fn new(store: &Store, func: Func, args: &[Value]) -> Result<Invocation, Stop> {
        let activation = Some(Activation::new(store, func, args)?);
        Ok(Invocation { activation, waiting: None, held: 0 })
    }

    /// Go on, with the store that it was made for, until it is over or waits.
    ///
    /// # Panics
    /// When it is over already.
    pub(crate) fn poll(
        &mut self,
        store: &mut Store,
        host: &mut dyn AsyncHost,
        context: &mut Context<'_>,
    ) -> Poll<Result<Vec<Value>, Stop>> {
        loop {
            if let Some(waiting) = &mut self.waiting {
                let Poll::Ready(reply) = waiting.as_mut().poll(context) else {
                    return Poll::Pending;
                };
                self.waiting = None;
                if let Err(stop) = self.answer(store, reply) {
                    return Poll::Ready(self.end(Err(stop)));
                }
            }
            match self.run(store, host) {
                Ok(None) => {}
                Ok(Some(results)) => return Poll::Ready(self.end(Ok(results))),
                Err(stop) => return Poll::Ready(self.end(Err(stop))),
            }
        }
    }

    /// Run up to the next host function, or to the results.
    fn run(
        &mut self,
        store: &mut Store,
        host: &mut dyn AsyncHost,
    ) -> Result<Option<Vec<Value>>, Stop> {
        self.held = store.held();
        match self.activation().run(store)? {
            Event::Finished(results) => return Ok(Some(results)),
            Event::HostCall(call) => self.waiting = Some(host.call(store, call.id, &call.args)),
            Event::Yield => {}
            Event::OutOfFuel => return Err(Stop::OutOfFuel),
            // As in a call that is not asynchronous, and for no longer.
            Event::Wait(wait) => {
                let nanoseconds = store.wait_ns_max();
                let limit = (nanoseconds != u64::MAX).then_some(nanoseconds);
                if wait.block(limit.map(Duration::from_nanos)).is_none() {
                    return Err(Stop::WaitExhausted);
                }
            }
        }
        Ok(None)
    }

    /// Go on after a host function.
    fn answer(&mut self, store: &mut Store, reply: Reply) -> Result<(), Stop> {
        let results = match reply {
            Reply::Done(results) => results,
            Reply::Then(then) => then(store),
        };
        let held = self.held;
        let activation = self.activation();
        match results {
            Ok(results) => activation.resume(store, &results)?,
            Err(HostStop::Exception(exception)) => activation.throw(store, &exception)?,
            Err(HostStop::Error(error)) => return Err(error.into()),
        }
        store.release(held);
        Ok(())
    }

    fn activation(&mut self) -> &mut Activation {
        self.activation.as_mut().expect("a call that is over is not polled")
    }

    /// The call is over: its stack goes back.
    fn end(&mut self, outcome: Result<Vec<Value>, Stop>) -> Result<Vec<Value>, Stop> {
        let activation = self.activation.take();
        let kept = match &outcome {
            Ok(_) => planted(Defect::ReturnKeepsStack),
            Err(Stop::Trap(_)) => planted(Defect::TrapKeepsStack),
            Err(Stop::Host(_)) => planted(Defect::HostErrorKeepsStack),
            Err(_) => planted(Defect::LimitKeepsStack),
        };
        if kept {
            std::mem::forget(activation);
        }
        outcome
    }
}

impl Drop for Invocation {
    /// Given up, if it is not over.
    fn drop(&mut self) {
        let activation = self.activation.take();
        if planted(Defect::DroppedCallKeepsStack) {
            std::mem::forget(activation);
        }
    }
}

impl fmt::Debug for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Invocation { activation, waiting, .. } = self;
        let (over, suspended) = (activation.is_none(), waiting.is_some());
        f.debug_struct("Invocation").field("over", &over).field("suspended", &suspended).finish()
    }
}
