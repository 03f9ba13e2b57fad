//! The proposals as wasmparser calls them.

use gainsay_case::Proposal;
use wasmparser::WasmFeatures;

/// These proposals and no others.
pub(crate) fn wasm_features(proposals: impl Iterator<Item = Proposal>) -> WasmFeatures {
    // Not proposals: floats are 1.0, and the types of GC are how this parser
    // represents references at all.
    let mvp = WasmFeatures::FLOATS | WasmFeatures::GC_TYPES;
    proposals.map(feature).fold(mvp, WasmFeatures::union)
}

fn feature(proposal: Proposal) -> WasmFeatures {
    match proposal {
        Proposal::MutableGlobal => WasmFeatures::MUTABLE_GLOBAL,
        Proposal::SaturatingFloatToInt => WasmFeatures::SATURATING_FLOAT_TO_INT,
        Proposal::SignExtension => WasmFeatures::SIGN_EXTENSION,
        Proposal::MultiValue => WasmFeatures::MULTI_VALUE,
        Proposal::BulkMemory => WasmFeatures::BULK_MEMORY | WasmFeatures::BULK_MEMORY_OPT,
        Proposal::ReferenceTypes => {
            WasmFeatures::REFERENCE_TYPES | WasmFeatures::CALL_INDIRECT_OVERLONG
        }
        Proposal::Simd => WasmFeatures::SIMD,
        Proposal::TailCall => WasmFeatures::TAIL_CALL,
        Proposal::ExtendedConst => WasmFeatures::EXTENDED_CONST,
        Proposal::MultiMemory => WasmFeatures::MULTI_MEMORY,
        Proposal::Memory64 => WasmFeatures::MEMORY64,
        Proposal::FunctionReferences => WasmFeatures::FUNCTION_REFERENCES,
        Proposal::Gc => WasmFeatures::GC,
        Proposal::ExceptionHandling => WasmFeatures::EXCEPTIONS,
        Proposal::RelaxedSimd => WasmFeatures::RELAXED_SIMD,
        Proposal::Threads => WasmFeatures::THREADS,
        Proposal::WideArithmetic => WasmFeatures::WIDE_ARITHMETIC,
        Proposal::CustomPageSizes => WasmFeatures::CUSTOM_PAGE_SIZES,
    }
}
