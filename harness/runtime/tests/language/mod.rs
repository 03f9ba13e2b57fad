//! The versions of the language that the suites are about.

use gainsay_runtime::Features;

/// Wasm 2.0.
pub const WASM2: Features = Features {
    mutable_global: true,
    saturating_float_to_int: true,
    sign_extension: true,
    multi_value: true,
    bulk_memory: true,
    reference_types: true,
    tail_call: false,
    extended_const: false,
    multi_memory: false,
    memory64: false,
    simd: true,
    relaxed_simd: false,
    wide_arithmetic: false,
    function_references: false,
    gc: false,
    exceptions: false,
    threads: false,
    custom_page_sizes: false,
};

/// All of 3.0 and nothing beyond.
pub const WASM3: Features = Features {
    tail_call: true,
    extended_const: true,
    multi_memory: true,
    memory64: true,
    relaxed_simd: true,
    function_references: true,
    gc: true,
    exceptions: true,
    ..WASM2
};
