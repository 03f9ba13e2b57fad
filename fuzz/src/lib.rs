//! Glue between libFuzzer and a [`gainsay_fuzzing::Target`].

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::process;

use gainsay_fuzzing::{Session, Target};

#[doc(hidden)]
pub use gainsay_fuzzing::mutate;
#[doc(hidden)]
pub use libfuzzer_sys;

/// What the last panic of this process said.
static LAST_PANIC: std::sync::Mutex<String> = std::sync::Mutex::new(String::new());

/// Give an input to the target; true if libFuzzer may keep it. At a finding, at a missed
/// floor and at a panic of the harness the process says what it is and aborts, which is what
/// libFuzzer takes for a crash.
pub fn take<T: Target>(session: &RefCell<Option<Session<T>>>, data: &[u8]) -> bool {
    let mut session = session.borrow_mut();
    let session = session.get_or_insert_with(|| {
        // libFuzzer's hook aborts at every panic. An engine that panics is caught by its
        // adapter, and is a finding as any other, or a known bug.
        panic::set_hook(Box::new(|panic| {
            if let Ok(mut last) = LAST_PANIC.lock() {
                *last = panic.to_string();
            }
        }));
        Session::open()
    });
    let said = match panic::catch_unwind(AssertUnwindSafe(|| session.take(data))) {
        Ok(Ok(is_kept)) => return is_kept,
        Ok(Err(finding)) => finding.to_string(),
        Err(_) => LAST_PANIC.lock().map(|last| last.clone()).unwrap_or_default(),
    };
    eprintln!("{said}");
    process::abort()
}

/// The entry points of a fuzz target.
#[macro_export]
macro_rules! target {
    ($target:ty) => {
        use $crate::libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};

        thread_local! {
            static SESSION: std::cell::RefCell<Option<gainsay_fuzzing::Session<$target>>> =
                const { std::cell::RefCell::new(None) };
        }

        fuzz_target!(|data: &[u8]| -> Corpus {
            match SESSION.with(|session| $crate::take(session, data)) {
                true => Corpus::Keep,
                false => Corpus::Reject,
            }
        });

        fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            $crate::mutate::<$target>(data, size, max_size, seed)
                .unwrap_or_else(|| fuzzer_mutate(data, size, max_size))
        });
    };
}
