//! The runtime's switches by the names of the proposals.

use gainsay_case::{Capabilities, Proposal};
use gainsay_runtime::Features;

type Switch = fn(&mut Features) -> &mut bool;

/// Every proposal that the runtime knows, with its switch.
const SWITCHES: &[(Proposal, Switch)] = &[
    (Proposal::MutableGlobal, |features| &mut features.mutable_global),
    (Proposal::SaturatingFloatToInt, |features| &mut features.saturating_float_to_int),
    (Proposal::SignExtension, |features| &mut features.sign_extension),
    (Proposal::MultiValue, |features| &mut features.multi_value),
    (Proposal::BulkMemory, |features| &mut features.bulk_memory),
    (Proposal::ReferenceTypes, |features| &mut features.reference_types),
    (Proposal::TailCall, |features| &mut features.tail_call),
    (Proposal::ExtendedConst, |features| &mut features.extended_const),
    (Proposal::MultiMemory, |features| &mut features.multi_memory),
    (Proposal::Memory64, |features| &mut features.memory64),
    (Proposal::Simd, |features| &mut features.simd),
    (Proposal::RelaxedSimd, |features| &mut features.relaxed_simd),
    (Proposal::WideArithmetic, |features| &mut features.wide_arithmetic),
    (Proposal::FunctionReferences, |features| &mut features.function_references),
    (Proposal::Gc, |features| &mut features.gc),
    (Proposal::ExceptionHandling, |features| &mut features.exceptions),
    (Proposal::Threads, |features| &mut features.threads),
    (Proposal::CustomPageSizes, |features| &mut features.custom_page_sizes),
];

/// What the runtime has of these proposals.
pub(crate) fn features(language: &Capabilities) -> Features {
    let mut features = Features::default();
    for (proposal, switch) in SWITCHES {
        *switch(&mut features) = language.contains(proposal);
    }
    features
}

/// The proposals that the runtime knows.
pub(crate) fn known() -> impl Iterator<Item = Proposal> {
    SWITCHES.iter().map(|(proposal, _)| *proposal)
}
