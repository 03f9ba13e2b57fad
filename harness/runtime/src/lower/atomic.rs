//! Atomic operators (threads proposal, § valid/instructions, atomic memory instructions).

use crate::decode::reader::{Checked, Reader, malformed};
use crate::ir::Op;
use crate::lower::Lower;
use crate::validate::ty::Ty;

/// Type and logarithm of the width in bytes, in the order in which every group of
/// opcodes has them.
const VARIANTS: [(Ty, u32); 7] = [
    (Ty::I32, 2),
    (Ty::I64, 3),
    (Ty::I32, 0),
    (Ty::I32, 1),
    (Ty::I64, 0),
    (Ty::I64, 1),
    (Ty::I64, 2),
];

/// The operations of each group, by the logarithm of the width.
static GROUPS: [[Op; 4]; 9] = [
    [Op::Atomic8Load, Op::Atomic16Load, Op::Atomic32Load, Op::Atomic64Load],
    [Op::Atomic8Store, Op::Atomic16Store, Op::Atomic32Store, Op::Atomic64Store],
    [Op::Atomic8Add, Op::Atomic16Add, Op::Atomic32Add, Op::Atomic64Add],
    [Op::Atomic8Sub, Op::Atomic16Sub, Op::Atomic32Sub, Op::Atomic64Sub],
    [Op::Atomic8And, Op::Atomic16And, Op::Atomic32And, Op::Atomic64And],
    [Op::Atomic8Or, Op::Atomic16Or, Op::Atomic32Or, Op::Atomic64Or],
    [Op::Atomic8Xor, Op::Atomic16Xor, Op::Atomic32Xor, Op::Atomic64Xor],
    [Op::Atomic8Xchg, Op::Atomic16Xchg, Op::Atomic32Xchg, Op::Atomic64Xchg],
    [Op::Atomic8Cmpxchg, Op::Atomic16Cmpxchg, Op::Atomic32Cmpxchg, Op::Atomic64Cmpxchg],
];

impl Lower {
    /// The operators behind the prefix 0xFE.
    #[inline(never)]
    pub(super) fn atomic(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let opcode = r.u32()?;
        self.require(self.context.features.threads, 0xfe00 | opcode)?;
        match opcode {
            0x00 => self.atomic_access(Op::AtomicNotify, 2, &[Ty::I32], Some(Ty::I32), r),
            0x01 => self.atomic_access(Op::AtomicWait32, 2, &[Ty::I32, Ty::I64], Some(Ty::I32), r),
            0x02 => self.atomic_access(Op::AtomicWait64, 3, &[Ty::I64, Ty::I64], Some(Ty::I32), r),
            0x03 => self.atomic_fence(r),
            0x10..=0x4e => {
                let (group, variant) = ((opcode - 0x10) / 7, (opcode - 0x10) % 7);
                let (ty, width) = VARIANTS[variant as usize];
                let op = GROUPS[group as usize][width as usize];
                match group {
                    0 => self.atomic_access(op, width, &[], Some(ty), r),
                    1 => self.atomic_access(op, width, &[ty], None, r),
                    8 => self.atomic_access(op, width, &[ty, ty], Some(ty), r),
                    2..=7 => self.atomic_access(op, width, &[ty], Some(ty), r),
                    _ => Err(self.illegal(0xfe00 | opcode)),
                }
            }
            _ => Err(self.illegal(0xfe00 | opcode)),
        }
    }

    /// § binary/instructions: the fence has a byte for orderings yet to come.
    fn atomic_fence(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let at = r.pos();
        if r.byte()? != 0 {
            return Err(malformed(at, "binary/instructions", "zero byte expected"));
        }
        if self.live {
            self.emit(Op::AtomicFence, 0, 0, 0, 0);
        }
        Ok(())
    }

    /// An access with these operands besides the address. All go to their canonical slots,
    /// which follow each other.
    fn atomic_access(
        &mut self,
        op: Op,
        width: u32,
        operands: &[Ty],
        result: Option<Ty>,
        r: &mut Reader<'_>,
    ) -> Checked<()> {
        let arg = self.mem_arg(width, r)?;
        if arg.align != width {
            return Err(self.invalid("atomic alignment must be natural"));
        }
        let mut first = 0;
        for &ty in operands.iter().rev().chain([&arg.addr]) {
            let operand = self.pop(ty)?;
            first = operand.canonical;
            if self.live {
                self.move_to(first, operand);
            }
        }
        match result {
            Some(ty) => self.define(op, first, arg.memory as u16, arg.offset, ty),
            None if self.live => {
                self.emit(op, 0, first, arg.memory as u16, arg.offset);
                Ok(())
            }
            None => Ok(()),
        }
    }
}
