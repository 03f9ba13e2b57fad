//! A decoded, validated and lowered module: what the front end hands to the store.

use std::sync::Arc;

use crate::catch::Catches;
use crate::ir::Instr;
use crate::numeric::V128;
use crate::types::{CompositeType, FuncType, GlobalType, MemoryType, RefType, SubType, TableType};

/// A module, ready to be instantiated any number of times; cheap to clone.
#[derive(Clone, Debug)]
pub struct Module(pub(crate) Arc<ModuleData>);

/// Index spaces hold imports first, then definitions (§ syntax/modules, indices).
#[derive(Debug, Default)]
pub(crate) struct ModuleData {
    pub types: TypeSpace,
    pub imports: Vec<Import>,
    /// Type index of every function, imports first.
    pub funcs: Vec<u32>,
    pub func_imports: usize,
    /// Every table, imports first.
    pub tables: Vec<TableType>,
    /// The initial element of each *defined* table.
    pub table_inits: Vec<ConstExpr>,
    /// Every memory, imports first.
    pub memories: Vec<MemoryType>,
    /// Every global, imports first.
    pub globals: Vec<GlobalType>,
    /// The initial value of each *defined* global.
    pub global_inits: Vec<ConstExpr>,
    /// Type index of every tag, imports first.
    pub tags: Vec<u32>,
    pub exports: Vec<Export>,
    pub start: Option<u32>,
    pub elems: Vec<ElemSegment>,
    pub datas: Vec<DataSegment>,
    pub code: Code,
}

/// The type index space: recursive groups, one after the other.
#[derive(Debug, Default)]
pub(crate) struct TypeSpace {
    /// They refer to each other by index.
    pub types: Vec<SubType>,
    /// For each group the index behind its last type.
    pub group_ends: Vec<u32>,
    /// For each type the first one that is the same.
    pub canonical: Vec<u32>,
}

impl TypeSpace {
    /// The function type with this index, which there is.
    pub(crate) fn func(&self, index: u32) -> &FuncType {
        match &self.types[index as usize].composite {
            CompositeType::Func(ty) => ty,
            _ => unreachable!("functions are of function types"),
        }
    }
}

/// All instructions of a module in one vector.
#[derive(Debug, Default)]
pub(crate) struct Code {
    pub instrs: Vec<Instr>,
    /// One per defined function, then one per constant expression that needs code; each
    /// in the order of their first instructions.
    pub bodies: Vec<Body>,
    /// How many of them are functions'.
    pub functions: usize,
    /// Instruction indices, of which branch tables and `catches` name some.
    pub targets: Vec<u32>,
    pub catches: Catches,
    /// Whether it charges fuel.
    pub metered: bool,
    /// Constant vectors, and lane indices of shuffles.
    pub vectors: Vec<V128>,
}

impl Module {
    /// Whether it was compiled with [`crate::Config::fuel`], so that it stops now and then
    /// wherever it runs.
    pub fn is_metered(&self) -> bool {
        self.0.code.metered
    }
}

impl Code {
    /// The body that has the instruction with this index, if there is one.
    pub(crate) fn body_around(&self, pc: u32) -> Option<&Body> {
        let (functions, constants) = self.bodies.split_at(self.functions);
        let around = |bodies: &'_ [Body]| bodies.partition_point(|body| body.start <= pc);
        let function = around(functions).checked_sub(1).map(|position| &functions[position]);
        let constant = around(constants).checked_sub(1).map(|position| &constants[position]);
        function.into_iter().chain(constant).max_by_key(|body| body.start)
    }
}

/// One function body in [`Code`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body {
    /// Index of the first instruction.
    pub start: u32,
    /// Slots of the parameters.
    pub param_slots: u16,
    /// Slots of all locals, parameters included.
    pub local_slots: u16,
    /// Execution zeroes `param_slots..cleared_slots` at the begin: the locals and, in a
    /// module with structures or arrays, the rest of the frame. There a reference left by
    /// an earlier call would keep its object alive.
    pub cleared_slots: u16,
    /// Slots of the whole frame, at least those of the results
    /// (at most `ir::FRAME_SLOTS_MAX`, hence u32).
    pub frame_slots: u32,
    /// Slots of the results.
    pub result_slots: u16,
}

/// A constant expression (§ valid/instructions, constant expressions).
#[derive(Clone, Copy, Debug)]
pub(crate) enum ConstExpr {
    /// The slot contents (first the low one; the high one is 0 unless v128).
    Value(u64, u64),
    /// The value of a global.
    GlobalGet(u32),
    /// A reference to a function.
    RefFunc(u32),
    /// Anything longer: a body without parameters in [`Code::bodies`].
    Body(u32),
}

#[derive(Debug)]
pub(crate) struct Import {
    pub module: String,
    pub name: String,
    pub ty: ImportType,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum ImportType {
    /// Type index.
    Func(u32),
    Table(TableType),
    Memory(MemoryType),
    Global(GlobalType),
    /// Type index.
    Tag(u32),
}

#[derive(Debug)]
pub(crate) struct Export {
    pub name: String,
    pub kind: ExternKind,
    /// Index into the kind's index space.
    pub index: u32,
}

/// The kinds of things that modules import and export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExternKind {
    /// A function.
    Func,
    /// A table.
    Table,
    /// A memory.
    Memory,
    /// A global.
    Global,
    /// A tag.
    Tag,
}

#[derive(Debug)]
pub(crate) struct ElemSegment {
    pub ty: RefType,
    pub mode: SegmentMode,
    pub items: Vec<ConstExpr>,
}

#[derive(Debug)]
pub(crate) struct DataSegment {
    pub mode: SegmentMode,
    pub bytes: Arc<[u8]>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum SegmentMode {
    Passive,
    /// Element segments only (§ syntax/modules, declarative).
    Declarative,
    Active {
        /// The table or memory.
        index: u32,
        offset: ConstExpr,
    },
}
