//! Any bytes, made a sequence of operations, on three implementations in this process.
#![no_main]

gainsay_fuzz::target!(gainsay_fuzzing::Lifecycle);
