//! What a case really has in it: the proof that generation reaches something.

use std::collections::BTreeSet;

use gainsay_case::{Capabilities, Proposal};
use wasmparser::{MemoryType, Operator, RefType, TableType, ValType};

use crate::interface::Interface;

/// What a generated case contains. Counted by campaigns, so that nobody has to
/// believe that a proposal is covered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Proposals that the case's modules use: by an instruction or a type, not
    /// just by permission.
    pub proposals: Capabilities,
    /// The names of properties that campaigns count: `linked`, `host_calls` ...
    pub features: BTreeSet<&'static str>,
    /// Bytes of all binaries together.
    pub module_bytes: usize,
    /// How often wasm-smith had to be asked before it gave a module.
    pub attempts: u32,
}

/// The proposal that an instruction belongs to; `None` for those of Wasm 1.0.
pub(crate) fn proposal_of(operator: &Operator<'_>) -> Option<Proposal> {
    macro_rules! groups {
        ($( @$group:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($ann:tt)*) )*) => {
            match operator {
                $( Operator::$op { .. } => group_proposal(stringify!($group)), )*
                _ => None,
            }
        };
    }
    wasmparser::for_each_operator!(groups)
}

fn group_proposal(group: &str) -> Option<Proposal> {
    Some(match group {
        "sign_extension" => Proposal::SignExtension,
        "saturating_float_to_int" => Proposal::SaturatingFloatToInt,
        "bulk_memory" => Proposal::BulkMemory,
        "reference_types" => Proposal::ReferenceTypes,
        "tail_call" => Proposal::TailCall,
        "simd" => Proposal::Simd,
        "relaxed_simd" => Proposal::RelaxedSimd,
        "gc" => Proposal::Gc,
        "function_references" => Proposal::FunctionReferences,
        "exceptions" => Proposal::ExceptionHandling,
        "threads" => Proposal::Threads,
        "wide_arithmetic" => Proposal::WideArithmetic,
        _ => return None,
    })
}

/// Proposals that a module's declarations use.
pub(crate) fn proposals_of(interface: &Interface) -> Capabilities {
    let mut used = Capabilities::new();
    let mut note = |proposal, seen: bool| {
        if seen {
            used.insert(proposal);
        }
    };
    let signatures = || interface.types.iter().flatten();
    let in_signatures = |test: fn(&ValType) -> bool| {
        signatures().any(|signature| signature.params().iter().chain(signature.results()).any(test))
    };
    note(Proposal::MultiValue, signatures().any(|signature| signature.results().len() > 1));
    note(Proposal::ReferenceTypes, in_signatures(|ty| matches!(ty, ValType::Ref(_))));
    note(Proposal::ReferenceTypes, interface.tables.len() > 1);
    note(Proposal::ReferenceTypes, interface.tables.iter().any(|t| !is_funcref(t)));
    note(Proposal::Simd, in_signatures(|ty| matches!(ty, ValType::V128)));
    note(Proposal::MultiMemory, interface.memories.len() > 1);
    note(Proposal::Memory64, interface.memories.iter().any(|memory| memory.memory64));
    note(Proposal::Memory64, interface.tables.iter().any(|table| table.table64));
    note(Proposal::Threads, interface.memories.iter().any(|memory| memory.shared));
    note(Proposal::CustomPageSizes, interface.memories.iter().any(has_custom_pages));
    used
}

fn is_funcref(table: &TableType) -> bool {
    table.element_type == RefType::FUNCREF
}

fn has_custom_pages(memory: &MemoryType) -> bool {
    memory.page_size_log2.is_some_and(|log2| log2 != 16)
}
