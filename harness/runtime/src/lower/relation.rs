//! Comparisons: fused with the branch that uses them, negated, mirrored.

use crate::ir::{Instr, Op, pack};
use crate::lower::operand::Operand;
use crate::lower::{Lower, NONE};
use crate::refs::Target;

/// When a branch is taken.
#[derive(Clone, Copy)]
pub(super) struct Condition {
    /// The branch that is taken when it holds, and when it does not.
    op: Op,
    inverse: Op,
    a: u16,
    b: u16,
    /// The constant compared with, if the operation has one.
    constant: u32,
}

impl Condition {
    /// The reference in this slot is null.
    pub(super) const fn null(a: u16) -> Condition {
        Condition { op: Op::BrIfNull, inverse: Op::BrIfNonNull, a, b: 0, constant: 0 }
    }

    /// The reference in this slot is of a type.
    pub(super) const fn cast(a: u16, target: Target) -> Condition {
        let (op, inverse) = (Op::BrIfCast, Op::BrIfNotCast);
        Condition { op, inverse, a, b: 0, constant: target.0 }
    }

    pub(super) fn inverse(self) -> Condition {
        Condition { op: self.inverse, inverse: self.op, ..self }
    }
}

/// What can be made of a comparison.
#[derive(Clone, Copy)]
pub(super) struct Relation {
    /// The branches that are taken when it holds, and when it does not.
    branch: Op,
    unless: Op,
    /// The comparison that holds when it does not.
    pub(super) inverse: Op,
    constant: Constant,
}

/// What a comparison compares with.
#[derive(Clone, Copy)]
enum Constant {
    None,
    I32,
    I64,
}

macro_rules! relations {
    ($($constant:ident { $($op:ident => $branch:ident / $unless:ident, $inverse:ident;)* })*) => {
        /// The relation that an integer comparison of two operands computes.
        pub(super) fn relation(op: Op) -> Option<Relation> {
            match op {
                $($(Op::$op => Some(Relation {
                    branch: Op::$branch,
                    unless: Op::$unless,
                    inverse: Op::$inverse,
                    constant: Constant::$constant,
                }),)*)*
                _ => None,
            }
        }
    };
}

relations! {
    None {
        I32Eq => BrIfI32Eq / BrIfI32Ne, I32Ne;
        I32Ne => BrIfI32Ne / BrIfI32Eq, I32Eq;
        I32LtS => BrIfI32LtS / BrIfI32GeS, I32GeS;
        I32LtU => BrIfI32LtU / BrIfI32GeU, I32GeU;
        I32GtS => BrIfI32GtS / BrIfI32LeS, I32LeS;
        I32GtU => BrIfI32GtU / BrIfI32LeU, I32LeU;
        I32LeS => BrIfI32LeS / BrIfI32GtS, I32GtS;
        I32LeU => BrIfI32LeU / BrIfI32GtU, I32GtU;
        I32GeS => BrIfI32GeS / BrIfI32LtS, I32LtS;
        I32GeU => BrIfI32GeU / BrIfI32LtU, I32LtU;
        I64Eq => BrIfI64Eq / BrIfI64Ne, I64Ne;
        I64Ne => BrIfI64Ne / BrIfI64Eq, I64Eq;
        I64LtS => BrIfI64LtS / BrIfI64GeS, I64GeS;
        I64LtU => BrIfI64LtU / BrIfI64GeU, I64GeU;
        I64GtS => BrIfI64GtS / BrIfI64LeS, I64LeS;
        I64GtU => BrIfI64GtU / BrIfI64LeU, I64LeU;
        I64LeS => BrIfI64LeS / BrIfI64GtS, I64GtS;
        I64LeU => BrIfI64LeU / BrIfI64GtU, I64GtU;
        I64GeS => BrIfI64GeS / BrIfI64LtS, I64LtS;
        I64GeU => BrIfI64GeU / BrIfI64LtU, I64LtU;
    }
    I32 {
        I32EqImm => BrIfI32EqImm / BrIfI32NeImm, I32NeImm;
        I32NeImm => BrIfI32NeImm / BrIfI32EqImm, I32EqImm;
        I32LtSImm => BrIfI32LtSImm / BrIfI32GeSImm, I32GeSImm;
        I32LtUImm => BrIfI32LtUImm / BrIfI32GeUImm, I32GeUImm;
        I32GtSImm => BrIfI32GtSImm / BrIfI32LeSImm, I32LeSImm;
        I32GtUImm => BrIfI32GtUImm / BrIfI32LeUImm, I32LeUImm;
        I32LeSImm => BrIfI32LeSImm / BrIfI32GtSImm, I32GtSImm;
        I32LeUImm => BrIfI32LeUImm / BrIfI32GtUImm, I32GtUImm;
        I32GeSImm => BrIfI32GeSImm / BrIfI32LtSImm, I32LtSImm;
        I32GeUImm => BrIfI32GeUImm / BrIfI32LtUImm, I32LtUImm;
    }
    I64 {
        I64EqImm => BrIfI64EqImm / BrIfI64NeImm, I64NeImm;
        I64NeImm => BrIfI64NeImm / BrIfI64EqImm, I64EqImm;
        I64LtSImm => BrIfI64LtSImm / BrIfI64GeSImm, I64GeSImm;
        I64LtUImm => BrIfI64LtUImm / BrIfI64GeUImm, I64GeUImm;
        I64GtSImm => BrIfI64GtSImm / BrIfI64LeSImm, I64LeSImm;
        I64GtUImm => BrIfI64GtUImm / BrIfI64LeUImm, I64LeUImm;
        I64LeSImm => BrIfI64LeSImm / BrIfI64GtSImm, I64GtSImm;
        I64LeUImm => BrIfI64LeUImm / BrIfI64GtUImm, I64GtUImm;
        I64GeSImm => BrIfI64GeSImm / BrIfI64LtSImm, I64LtSImm;
        I64GeUImm => BrIfI64GeUImm / BrIfI64LtUImm, I64LtUImm;
    }
}

/// The condition that the result of this instruction is not 0.
fn fuse(instr: Instr) -> Option<Condition> {
    let Instr { op, a, b, imm, .. } = instr;
    match op {
        Op::I32Eqz => {
            let (op, inverse) = (Op::BrIfNot, Op::BrIf);
            return Some(Condition { op, inverse, a, b: 0, constant: 0 });
        }
        Op::I64Eqz => {
            let (op, inverse) = (Op::BrIfI64EqImm, Op::BrIfI64NeImm);
            return Some(Condition { op, inverse, a, b: 0, constant: 0 });
        }
        _ => {}
    }
    let Relation { branch: op, unless: inverse, constant, .. } = relation(op)?;
    match constant {
        Constant::None => Some(Condition { op, inverse, a, b, constant: 0 }),
        Constant::I64 if imm as i64 != i64::from(imm as i32) => None,
        _ => Some(Condition { op, inverse, a, b: 0, constant: imm as u32 }),
    }
}

impl Lower {
    /// The condition that an i32 operand, just popped, is not 0. A comparison that
    /// has just computed it is taken back.
    pub(super) fn condition(&mut self, operand: Operand) -> Condition {
        if self.defined_last(operand)
            && let Some(condition) = fuse(self.code.instrs[self.definition as usize])
        {
            self.code.instrs.pop();
            self.definition = NONE;
            return condition;
        }
        let a = self.slot(operand);
        Condition { op: Op::BrIf, inverse: Op::BrIfNot, a, b: 0, constant: 0 }
    }

    /// Emit the branch to `target` that is taken when the condition holds.
    pub(super) fn emit_condition(&mut self, condition: Condition, target: u32) {
        let Condition { op, a, b, constant, .. } = condition;
        self.emit(op, 0, a, b, pack(target, constant));
    }

    /// Before the branch back to a loop's start, `target`: if it tests what the last
    /// instruction has added to, let that instruction branch as well. It is followed by
    /// the branch all the same, which others may jump to.
    pub(super) fn fuse_latch(&mut self, condition: Condition, target: u32) {
        let op = match condition.op {
            Op::BrIf => Op::I32AddBrIfImm,
            Op::BrIfI32Ne => Op::I32AddBrIfNeImm,
            Op::BrIfI32LtS => Op::I32AddBrIfLtSImm,
            Op::BrIfI32LtU => Op::I32AddBrIfLtUImm,
            _ => return,
        };
        let Some(last) = self.code.instrs.last_mut() else { return };
        let increment = match last.op {
            Op::I32AddImm => last.imm as u32,
            Op::I32SubImm => (last.imm as u32).wrapping_neg(),
            _ => return,
        };
        if last.d == condition.a {
            *last = Instr::new(op, last.d, last.a, condition.b, pack(target, increment));
        }
    }
}
