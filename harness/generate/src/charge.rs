//! Makes every call end.
//!
//! A module keeps a budget in a global and charges it at the head of every
//! function and loop, and before instructions whose cost grows with an operand.
//! What cannot be paid traps. Before it traps it fills the budget up again: the
//! trap abandons the whole call, so the next one finds its budget full, and no
//! step has to be spent on that. The budget is exported, so that it also counts
//! calls and iterations for the comparison of final states.

use wasm_encoder::{Encode, Instruction};

/// The cost of a call. It bounds the depth of recursion to a part of the budget,
/// which keeps engines away from the end of their stacks.
pub(crate) const COST_OF_CALL: u32 = 4;

/// The cost of one more turn of a loop.
pub(crate) const COST_OF_TURN: u32 = 1;

/// The cost of an instruction that may touch a whole memory or table.
pub(crate) const COST_OF_BULK: u32 = 16;

/// The budget of a module.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    /// The index of its global.
    pub global: u32,
    /// What a call may use up.
    pub full: u32,
}

impl Budget {
    /// Append the instructions that charge `cost`.
    pub(crate) fn charge(&self, cost: u32, code: &mut Vec<u8>) {
        let constant = |number: u32| Instruction::I32Const(number.cast_signed());
        let instructions = [
            Instruction::GlobalGet(self.global),
            constant(cost),
            Instruction::I32LtU,
            Instruction::If(wasm_encoder::BlockType::Empty),
            constant(self.full),
            Instruction::GlobalSet(self.global),
            Instruction::Unreachable,
            Instruction::End,
            Instruction::GlobalGet(self.global),
            constant(cost),
            Instruction::I32Sub,
            Instruction::GlobalSet(self.global),
        ];
        for instruction in instructions {
            instruction.encode(code);
        }
    }
}
