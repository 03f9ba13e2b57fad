//! Fuel: each basic block is charged as a whole, before it runs.

use crate::ir::Op;
use crate::lower::{Lower, NONE};

impl Lower {
    /// Count an operator to its block. `else` and `end` are no instructions
    /// (§ syntax/instructions) and cost nothing.
    pub(super) fn charge(&mut self, opcode: u8) {
        if !self.live || matches!(opcode, 0x05 | 0x0b) {
            return;
        }
        if self.fuel == NONE {
            self.fuel = self.here();
            self.emit(Op::Fuel, 0, 0, 0, 0);
        }
        self.code.instrs[self.fuel as usize].imm += 1;
    }

    /// A basic block ends or begins here: what is emitted next may be reached from
    /// elsewhere, or not after what was emitted last.
    #[inline]
    pub(super) fn end_block(&mut self) {
        self.definition = NONE;
        self.fuel = NONE;
    }
}
