//! Integers of 128 bits in two operands, the low half first (wide-arithmetic proposal).

use crate::decode::reader::Checked;
use crate::ir::{Op, pack};
use crate::lower::Lower;
use crate::validate::ty::Ty;

impl Lower {
    /// Operators 19 to 22 behind the prefix 0xFC.
    #[inline(never)]
    pub(super) fn wide_arithmetic(&mut self, opcode: u32) -> Checked<()> {
        match opcode {
            19 => self.wide_sum(Op::I64Add128),
            20 => self.wide_sum(Op::I64Sub128),
            21 => self.wide_product(Op::I64MulWideS),
            22 => self.wide_product(Op::I64MulWideU),
            _ => Err(self.illegal(0xfc00 | opcode)),
        }
    }

    fn wide_sum(&mut self, op: Op) -> Checked<()> {
        let second_high = self.pop(Ty::I64)?;
        let second_low = self.pop(Ty::I64)?;
        let first_high = self.pop(Ty::I64)?;
        let first_low = self.pop(Ty::I64)?;
        let (a, b) = (self.slot(first_low), self.slot(first_high));
        let (low, high) = (self.slot(second_low), self.slot(second_high));
        self.define_wide(op, a, b, pack(u32::from(low), u32::from(high)))
    }

    fn wide_product(&mut self, op: Op) -> Checked<()> {
        let second = self.pop(Ty::I64)?;
        let first = self.pop(Ty::I64)?;
        let (a, b) = (self.slot(first), self.slot(second));
        self.define_wide(op, a, b, 0)
    }

    /// Emit an instruction whose results are two operands.
    fn define_wide(&mut self, op: Op, a: u16, b: u16, imm: u64) -> Checked<()> {
        if self.live {
            self.emit(op, self.top as u16, a, b, imm);
        }
        self.push(Ty::I64)?;
        self.push(Ty::I64)
    }
}
