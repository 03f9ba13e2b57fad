//! Validation of code and its lowering to the register form of [`crate::ir`], in one
//! pass (§ valid/instructions, § appendix/algorithm).
//!
//! An operator is typed on the operand stack of the appendix; each operand there
//! also has a *place*: its canonical slot, a local not yet copied, or a constant. Hence
//! most `local.get` and `const` leave no instruction behind.
//!
//! # Invariants
//! - Where control flow joins, the operands of the label are in their canonical slots,
//!   and no operand below them is in a local.
//! - A local is written only when no operand lies in it.
//! - Nothing is emitted while `live` is false; all operands are then in canonical slots.
//! - `definition` names the last instruction only if that wrote the canonical slot of an
//!   operand and no label stands behind it.

mod aggregate;
mod array;
mod atomic;
mod body;
mod branch;
mod call;
mod cast;
mod const_expr;
mod control;
mod exception;
mod fuel;
mod initialized;
mod listing;
mod local;
mod memory;
mod numeric;
mod operand;
mod operator;
mod refs;
mod relation;
mod structure;
mod table;
#[cfg(test)]
mod tests;
mod vector;
mod vector_memory;
mod wide;

use crate::config::Config;
use crate::decode::reader::{Checked, Fault, invalid, malformed};
use crate::ir::{CODE_PADDING, Instr, Op};
use crate::lower::control::Frame;
use crate::lower::initialized::Initialized;
use crate::lower::local::Locals;
use crate::lower::operand::Operand;
use crate::module::{Body, Code, ModuleData};
use crate::validate::context::Context;
use crate::validate::ty::Ty;

/// No instruction, no fixup.
const NONE: u32 = u32::MAX;

/// How many counters [`Lower::borrowed`] has.
const BORROWED: usize = 256;

/// Lowers the functions and constant expressions of one module. Its buffers are
/// reused from function to function.
pub(crate) struct Lower {
    pub(crate) context: Context,
    code: Code,
    /// Bodies of constant expressions; they follow those of functions.
    const_bodies: Vec<Body>,
    /// Whether execution may stop before memory instructions.
    yields: bool,

    /// Operands, and the labels around them (§ appendix/algorithm).
    operands: Vec<Operand>,
    frames: Vec<Frame>,
    /// Operands below this position belong to outer frames.
    floor: usize,
    /// Whether control can get here.
    live: bool,
    locals: Locals,
    initialized: Initialized,
    /// Positions of the operands that lie in locals, ascending.
    pending: Vec<u32>,
    /// How many of them lie in locals whose slot is this modulo [`BORROWED`].
    borrowed: [u16; BORROWED],
    /// The next operand's canonical slot, and the largest that this ever was.
    top: u32,
    peak: u32,
    /// The last instruction, if an operand's canonical slot was all that it wrote.
    definition: u32,
    /// The charge of the basic block, if one was emitted.
    fuel: u32,
    /// The number of the latest `br_table`.
    table_stamp: u32,
    /// The innermost `try_table`, if one is around the operator.
    try_table: Option<u32>,
    /// Offset of the operator.
    at: usize,
}

impl Lower {
    pub(crate) fn new(config: &Config) -> Lower {
        Lower {
            context: Context::new(config.features),
            code: Code { metered: config.fuel, ..Code::default() },
            const_bodies: Vec::new(),
            yields: config.yields,
            operands: Vec::with_capacity(64),
            frames: Vec::with_capacity(16),
            floor: 0,
            live: false,
            locals: Locals::new(),
            initialized: Initialized::default(),
            pending: Vec::with_capacity(32),
            borrowed: [0; BORROWED],
            top: 0,
            peak: 0,
            definition: NONE,
            fuel: NONE,
            table_stamp: 0,
            try_table: None,
            at: 0,
        }
    }

    /// Make room for a code section of so many functions and bytes.
    pub(crate) fn reserve(&mut self, functions: usize, bytes: usize) {
        self.code.bodies.reserve(functions);
        self.code.instrs.reserve(bytes / 3 + functions + CODE_PADDING);
    }

    /// The module, once everything was read.
    pub(crate) fn finish(mut self) -> ModuleData {
        self.code.functions = self.code.bodies.len();
        self.code.bodies.append(&mut self.const_bodies);
        let end = self.code.instrs.len() + CODE_PADDING;
        self.code.instrs.resize(end, Instr::new(Op::Unreachable, 0, 0, 0, 0));
        ModuleData { code: self.code, ..self.context.module }
    }

    /// Index of the next instruction.
    #[inline]
    fn here(&self) -> u32 {
        self.code.instrs.len() as u32
    }

    /// Emit an instruction, in live code.
    #[inline]
    fn emit(&mut self, op: Op, d: u16, a: u16, b: u16, imm: u64) {
        if self.yields {
            self.emit_yield(op);
        }
        self.code.instrs.push(Instr::new(op, d, a, b, imm));
    }

    /// Let execution stop before a memory instruction.
    #[cold]
    fn emit_yield(&mut self, op: Op) {
        if op.reaches_memory() {
            self.code.instrs.push(Instr::new(Op::Yield, 0, 0, 0, 0));
        }
    }

    /// Emit an instruction whose result is a new operand.
    #[inline]
    fn define(&mut self, op: Op, a: u16, b: u16, imm: u64, ty: Ty) -> Checked<()> {
        if self.live {
            self.emit(op, self.top as u16, a, b, imm);
            self.definition = self.here() - 1;
        }
        self.push(ty)
    }

    #[cold]
    fn mismatch(&self, wanted: Ty, found: Ty) -> Fault {
        let message = format!("type mismatch: expected {wanted}, found {found}");
        invalid(self.at, INSTRUCTIONS, message)
    }

    #[cold]
    fn invalid(&self, message: impl Into<String>) -> Fault {
        invalid(self.at, INSTRUCTIONS, message)
    }

    #[cold]
    fn malformed(&self, message: impl Into<String>) -> Fault {
        malformed(self.at, "binary/instructions", message)
    }
}

const INSTRUCTIONS: &str = "valid/instructions";
