//! Glue between libFuzzer and a [`gainsay_fuzzing::Target`].

#[doc(hidden)]
pub use gainsay_fuzzing;
#[doc(hidden)]
pub use libfuzzer_sys;

/// The entry points of a fuzz target.
#[macro_export]
macro_rules! target {
    ($target:ty) => {
        use std::cell::RefCell;

        use $crate::gainsay_fuzzing::{Session, mutate};
        use $crate::libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};

        thread_local! {
            static SESSION: RefCell<Option<Session<$target>>> = const { RefCell::new(None) };
        }

        fuzz_target!(|data: &[u8]| -> Corpus {
            SESSION.with_borrow_mut(|session| {
                match session.get_or_insert_with(Session::open).take(data) {
                    true => Corpus::Keep,
                    false => Corpus::Reject,
                }
            })
        });

        fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            mutate::<$target>(data, size, max_size, seed)
                .unwrap_or_else(|| fuzzer_mutate(data, size, max_size))
        });
    };
}
