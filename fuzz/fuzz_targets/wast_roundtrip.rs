//! The text form of a case is lossless.
#![no_main]

gainsay_fuzz::target!(gainsay_fuzzing::WastRoundtrip);
