//! A guest's call that its host functions may suspend.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use gainsay_runtime::{Func, Store, Value};

use crate::defect::{Defect, planted};
use crate::future::{AsyncHost, Invocation};
use crate::guest::{CallError, Guest, STORE_IS_HERE, WHERE_TO_GO, ending};
use crate::lifecycle::{Entrance, EntryEnding, Permit};

/// Somebody is in a guest and may be suspended there.
pub struct GuestCall<'a> {
    guest: &'a Guest,
    host: &'a mut dyn AsyncHost,
    /// Nothing once the guest was left.
    inside: Option<Inside<'a>>,
}

/// What is away while somebody is inside.
struct Inside<'a> {
    invocation: Invocation,
    store: Store,
    permit: Permit<'a>,
}

impl<'a> GuestCall<'a> {
    /// Enter; nothing runs before it is polled.
    pub(super) fn new(
        guest: &'a Guest,
        (entrance, func): (Entrance, Option<Func>),
        args: &[Value],
        host: &'a mut dyn AsyncHost,
    ) -> Result<GuestCall<'a>, CallError> {
        let permit = guest.lifecycle.enter(entrance).map_err(CallError::Refused)?;
        let func = func.expect(WHERE_TO_GO);
        let store = guest.store.lock().take().expect(STORE_IS_HERE);
        match Invocation::new(&store, func, args) {
            Ok(invocation) => {
                Ok(GuestCall { guest, host, inside: Some(Inside { invocation, store, permit }) })
            }
            Err(stop) => {
                *guest.store.lock() = Some(store);
                permit.end(EntryEnding::Unentered);
                Err(CallError::Stopped(stop))
            }
        }
    }

    /// The stack goes back, then the store, and only then may others enter.
    fn leave(&mut self, ending: EntryEnding) {
        let Some(Inside { invocation, store, permit }) = self.inside.take() else { return };
        drop(invocation);
        if planted(Defect::PermitBeforeStore) {
            permit.end(ending);
            *self.guest.store.lock() = Some(store);
            return;
        }
        *self.guest.store.lock() = Some(store);
        permit.end(ending);
    }
}

/// # Panics
/// When it is polled after it was ready.
impl Future for GuestCall<'_> {
    type Output = Result<Vec<Value>, CallError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let call = self.get_mut();
        let inside = call.inside.as_mut().expect("a call that is over is not polled");
        match inside.invocation.poll(&mut inside.store, call.host, context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(outcome) => {
                call.leave(ending(&outcome));
                Poll::Ready(outcome.map_err(CallError::Stopped))
            }
        }
    }
}

impl Drop for GuestCall<'_> {
    /// Given up, if it is not over.
    fn drop(&mut self) {
        self.leave(EntryEnding::Trapped);
    }
}

impl fmt::Debug for GuestCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuestCall").field("over", &self.inside.is_none()).finish_non_exhaustive()
    }
}
