//! Accept or refuse: the reference's decoder and validator against wasmparser.
#![no_main]

gainsay_fuzz::target!(gainsay_fuzzing::Validate);
