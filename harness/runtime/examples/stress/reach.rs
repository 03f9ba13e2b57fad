//! Which proposals a module uses, and each of its exported functions.

use wasmparser::{ExternalKind, MemArgTarget, MemoryType, Operator, Parser, Payload, TypeRef};

/// The proposals that are counted: first those that have instructions, by the names that
/// wasmparser gives them, then those that are seen in types only.
pub const PROPOSALS: [&str; 19] = [
    "mvp",
    "sign_extension",
    "saturating_float_to_int",
    "bulk_memory",
    "reference_types",
    "tail_call",
    "threads",
    "simd",
    "relaxed_simd",
    "exceptions",
    "function_references",
    "gc",
    "wide_arithmetic",
    "multi_value",
    "multi_memory",
    "memory64",
    "custom_page_sizes",
    "imports",
    "start",
];

/// A set of them.
pub type Set = u32;

/// What is executed where.
#[derive(Default)]
pub struct Reach {
    /// By everything in the module.
    pub module: Set,
    /// By the body of each exported function, in the order of the exported functions.
    pub exported: Vec<Set>,
    /// Whether there is a start function.
    pub has_start: bool,
}

impl Reach {
    /// Read a binary that is known to be valid.
    pub fn of(bytes: &[u8]) -> Reach {
        Reach::read(bytes).unwrap_or_default()
    }

    fn read(bytes: &[u8]) -> Option<Reach> {
        let mut reach = Reach::default();
        let (mut functions, mut exported, mut memories) = (Vec::new(), Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(bytes) {
            match payload.ok()? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        reach.module |= named("imports");
                        match import.ok()?.ty {
                            TypeRef::Func(_) | TypeRef::FuncExact(_) => functions.push(0),
                            TypeRef::Memory(ty) => memories.push(of_memory(&ty, memories.len())),
                            _ => {}
                        }
                    }
                }
                Payload::MemorySection(section) => {
                    for ty in section {
                        memories.push(of_memory(&ty.ok()?, memories.len()));
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export.ok()?;
                        if export.kind == ExternalKind::Func {
                            exported.push(export.index as usize);
                        }
                    }
                }
                Payload::StartSection { .. } => {
                    reach.module |= named("start");
                    reach.has_start = true;
                }
                Payload::CodeSectionEntry(body) => {
                    let mut set = 0;
                    for operator in body.get_operators_reader().ok()? {
                        let operator = operator.ok()?;
                        set |= proposal(&operator);
                        for memory in memories_of(&operator).into_iter().flatten() {
                            set |= memories.get(memory as usize).copied().unwrap_or_default();
                        }
                    }
                    reach.module |= set;
                    functions.push(set);
                }
                _ => {}
            }
        }
        reach.exported =
            exported.iter().filter_map(|index| functions.get(*index).copied()).collect();
        Some(reach)
    }
}

/// What an access to a memory is an instance of.
fn of_memory(ty: &MemoryType, index: usize) -> Set {
    let traits = [
        ("multi_memory", index > 0),
        ("memory64", ty.memory64),
        ("custom_page_sizes", ty.page_size_log2.is_some()),
    ];
    traits.into_iter().filter(|(_, on)| *on).map(|(name, _)| named(name)).sum()
}

/// What a call takes and gives belongs to a proposal too.
pub fn of_signature(results: usize) -> Set {
    if results > 1 { named("multi_value") } else { 0 }
}

fn named(name: &str) -> Set {
    PROPOSALS.iter().position(|known| *known == name).map_or(0, |position| 1 << position)
}

/// The proposal of an operator.
fn proposal(operator: &Operator<'_>) -> Set {
    macro_rules! groups {
        ($( @$group:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($ann:tt)*) )*) => {
            match operator {
                $( Operator::$op { .. } => named(stringify!($group)), )*
                _ => 0,
            }
        };
    }
    wasmparser::for_each_operator!(groups)
}

/// The memories that an operator names: a load or a fill one, a copy two.
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
