//! What a case really has in it: the proof that generation reaches something.

use std::collections::BTreeSet;

use gainsay_case::{Capabilities, Proposal};
use wasmparser::{FuncType, MemArgTarget, MemoryType, Operator, RefType, TableType, ValType};

use crate::body::FunctionUse;

use crate::interface::Interface;

/// What a generated case contains. Counted by campaigns, so that nobody has to
/// believe that a proposal is covered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Proposals that the case's modules use: by an instruction or a type, not
    /// just by permission.
    pub proposals: Capabilities,
    /// The same for each module, in the order of their definition.
    pub modules: Vec<Capabilities>,
    /// For each step, the proposals of the instructions that it may execute: those in
    /// the constant expressions of what it instantiates, or those in the function that
    /// it calls and in all that are called from there, in the same module, by
    /// their index.
    pub steps: Vec<Capabilities>,
    /// The names of properties that campaigns count: `linked`, `host_calls` ...
    pub features: BTreeSet<&'static str>,
    /// Bytes of all binaries together.
    pub module_bytes: usize,
    /// How often wasm-smith had to be asked before it gave a module.
    pub attempts: u32,
}

/// The memories that an instruction names, a load or a fill one, a copy two.
fn memories_of(operator: &Operator<'_>) -> [Option<u32>; 2] {
    macro_rules! note {
        ($memories:ident, memarg, $argument:expr) => {
            if let MemArgTarget::Memory(memory) = $argument.target {
                $memories[0] = Some(memory);
            }
        };
        ($memories:ident, mem, $argument:expr) => {
            $memories[0] = Some(*$argument)
        };
        ($memories:ident, dst_mem, $argument:expr) => {
            $memories[0] = Some(*$argument)
        };
        ($memories:ident, src_mem, $argument:expr) => {
            $memories[1] = Some(*$argument)
        };
        ($memories:ident, $other:ident, $argument:expr) => {
            let _ = $argument;
        };
    }
    macro_rules! arguments {
        ($( @$group:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($ann:tt)*) )*) => {{
            let mut memories = [None, None];
            match operator {
                $( Operator::$op $({ $($arg),* })? => { $( $( note!(memories, $arg, $arg); )* )? } )*
                _ => {}
            }
            memories
        }};
    }
    wasmparser::for_each_operator!(arguments)
}

/// The proposals that an instruction of a module executes: its own, and those of the
/// memories that it accesses.
pub(crate) fn executed_by(
    operator: &Operator<'_>,
    interface: &Interface,
    executed: &mut Capabilities,
) {
    executed.extend(proposal_of(operator));
    for index in memories_of(operator).into_iter().flatten() {
        let Some(memory) = interface.memories.get(index as usize) else { continue };
        let traits = [
            (Proposal::MultiMemory, index > 0),
            (Proposal::Memory64, memory.memory64),
            (Proposal::Threads, memory.shared),
            (Proposal::CustomPageSizes, has_custom_pages(memory)),
        ];
        executed.extend(traits.into_iter().filter(|(_, on)| *on).map(|(proposal, _)| proposal));
    }
}

/// The proposals that a call of a function of that type executes by itself.
pub(crate) fn executed_by_call(signature: &FuncType) -> Capabilities {
    let types = || signature.params().iter().chain(signature.results());
    let traits = [
        (Proposal::MultiValue, signature.results().len() > 1),
        (Proposal::ReferenceTypes, types().any(|ty| matches!(ty, ValType::Ref(_)))),
        (Proposal::Simd, types().any(|ty| matches!(ty, ValType::V128))),
    ];
    traits.into_iter().filter(|(_, on)| *on).map(|(proposal, _)| proposal).collect()
}

/// What each function executes, with all that it calls. A function executes what its
/// callees do; those are numbered as in the module, imports first.
pub(crate) fn with_callees(functions: &[FunctionUse], imported: usize) -> Vec<Capabilities> {
    let mut executed: Vec<Capabilities> =
        functions.iter().map(|function| function.executed.clone()).collect();
    // At least one function grows in each round but the last.
    loop {
        let mut grown = false;
        for (index, function) in functions.iter().enumerate() {
            for callee in &function.callees {
                let Some(callee) = (*callee as usize).checked_sub(imported) else { continue };
                let more = executed.get(callee).cloned().unwrap_or_default();
                let before = executed[index].len();
                executed[index].extend(more);
                grown |= executed[index].len() > before;
            }
        }
        if !grown {
            return executed;
        }
    }
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
