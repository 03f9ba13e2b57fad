//! The stand-in for time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gainsay_host::sync::{Arc, Condvar, Mutex, thread};

use crate::explore::explore;

static NOTIFIED: AtomicU64 = AtomicU64::new(0);
static TIMED_OUT: AtomicU64 = AtomicU64::new(0);
static TIMED_OUT_LATE: AtomicU64 = AtomicU64::new(0);

/// All that can happen does, or the models with timed waits would show too little.
#[test]
fn a_timed_wait_ends_either_way() {
    explore("a_timed_wait_ends_either_way", || {
        let shared = Arc::new((Mutex::new(false), Condvar::new()));
        let other = Arc::clone(&shared);
        let notifies = thread::spawn(move || {
            *other.0.lock() = true;
            other.1.notify_all();
        });
        let raised = shared.0.lock();
        if !*raised {
            let (raised, timed_out) = shared.1.wait_timeout(raised, Duration::from_secs(1));
            assert!(timed_out || *raised, "woken for nothing");
            let count = match (timed_out, *raised) {
                (false, _) => &NOTIFIED,
                (true, false) => &TIMED_OUT,
                (true, true) => &TIMED_OUT_LATE,
            };
            count.fetch_add(1, Ordering::Relaxed);
        } else {
            drop(raised);
        }
        notifies.join().expect("it ends");
    });
    for count in [&NOTIFIED, &TIMED_OUT, &TIMED_OUT_LATE] {
        assert!(count.load(Ordering::Relaxed) > 0, "an outcome was never seen");
    }
}
