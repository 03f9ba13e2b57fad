//! Any bytes, made a case, on independent implementations in this process.
#![no_main]

gainsay_fuzz::target!(gainsay_fuzzing::Differential);
