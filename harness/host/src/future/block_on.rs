//! The least that can drive a future: for tests, and for hosts without an executor.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Wake, Waker};

use crate::defect::{Defect, planted};
use crate::sync::{Arc, Condvar, Mutex};

/// Woken since it was last looked at, or not.
#[derive(Debug, Default)]
struct Signal {
    woken: Mutex<bool>,
    changed: Condvar,
}

impl Signal {
    fn wait(&self) {
        let mut woken = self.woken.lock();
        if planted(Defect::UnseenWake) {
            woken = self.changed.wait(woken);
        }
        while !*woken {
            woken = self.changed.wait(woken);
        }
        *woken = false;
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Signal>) {
        *self.woken.lock() = true;
        self.changed.notify_one();
    }
}

/// Poll `future` until it is ready; this thread sleeps while nothing wakes it.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let signal = Arc::new(Signal::default());
    let waker = Waker::from(Arc::clone(&signal));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => signal.wait(),
        }
    }
}
