//! A wait with a time is over when the time is, and when somebody notifies.
#![cfg(not(any(loom, shuttle)))]

use std::time::Duration;

use gainsay_host::sync::{Arc, Condvar, Flag, Mutex, thread};

#[test]
fn a_timed_wait_that_nobody_notifies_times_out() {
    let (mutex, condvar) = (Mutex::new(()), Condvar::new());
    let mut guard = mutex.lock();
    loop {
        let (again, timed_out) = condvar.wait_timeout(guard, Duration::from_millis(1));
        guard = again;
        if timed_out {
            break;
        }
    }
    drop(guard);
}

#[test]
fn a_timed_wait_sees_what_was_notified() {
    let shared = Arc::new((Mutex::new(false), Condvar::new(), Flag::new()));
    let other = Arc::clone(&shared);
    let thread = thread::spawn(move || {
        *other.0.lock() = true;
        assert!(other.2.raise() && !other.2.raise());
        other.1.notify_all();
    });
    let mut guard = shared.0.lock();
    while !*guard {
        guard = shared.1.wait_timeout(guard, Duration::from_secs(3600)).0;
    }
    drop(guard);
    thread.join().expect("no panic");
    assert!(shared.2.is_up());
}
