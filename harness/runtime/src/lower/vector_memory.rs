//! Loads and stores of vectors and of their parts (§ valid/instructions, vector
//! memory instructions).
//!
//! Parts are accessed as numbers of their width are, with the number on its way to or
//! from the vector in a slot of an operand. Only whole vectors in memory 0 have
//! instructions of their own; elsewhere they are two numbers.

use crate::decode::reader::{Checked, Reader};
use crate::ir::Op;
use crate::lower::Lower;
use crate::lower::memory::{Access, LOADS, MemArg, STORES};
use crate::lower::operand::Operand;
use crate::validate::ty::Ty;

/// A part of a vector in memory.
#[derive(Clone, Copy)]
pub(super) enum Piece {
    Bits8,
    Bits16,
    Bits32,
    Bits64,
}

impl Piece {
    /// The load that fills a slot with it and zeros.
    fn load(self) -> &'static Access {
        match self {
            Piece::Bits8 => &LOADS[5],
            Piece::Bits16 => &LOADS[7],
            Piece::Bits32 => &LOADS[0],
            Piece::Bits64 => &LOADS[1],
        }
    }

    fn store(self) -> &'static Access {
        match self {
            Piece::Bits8 => &STORES[4],
            Piece::Bits16 => &STORES[5],
            Piece::Bits32 => &STORES[0],
            Piece::Bits64 => &STORES[1],
        }
    }

    fn lanes(self) -> u8 {
        16 >> self.load().width
    }
}

/// What an operator does with memory.
#[derive(Clone, Copy)]
pub(super) enum VectorAccess {
    /// `v128.load`.
    Load,
    /// `v128.store`.
    Store,
    /// A load of a number, and the operation that makes a vector of it.
    LoadThen(Piece, Op),
    /// A load of a number into lane 0; the others are 0.
    LoadZero(Piece),
    /// A load of a number into a lane, by this operation.
    LoadLane(Piece, Op),
    /// A store of a lane, which this operation extracts; [`Op::Copy`] if it is a slot.
    StoreLane(Piece, Op),
}

/// Logarithm of a vector's bytes.
const WIDTH: u32 = 4;

impl Lower {
    pub(super) fn vector_access(
        &mut self,
        access: VectorAccess,
        r: &mut Reader<'_>,
    ) -> Checked<()> {
        match access {
            VectorAccess::Load => self.v128_load(r),
            VectorAccess::Store => self.v128_store(r),
            VectorAccess::LoadThen(piece, op) => {
                let (address, arg) = self.part_address(piece, r)?;
                let a = self.load_part(piece, address, &arg);
                self.define(op, a, 0, 0, Ty::V128)
            }
            VectorAccess::LoadZero(piece) => {
                let (address, arg) = self.part_address(piece, r)?;
                let d = self.load_part(piece, address, &arg);
                if self.live {
                    self.emit(Op::Const, d + 1, 0, 0, 0);
                }
                self.push(Ty::V128)
            }
            VectorAccess::LoadLane(piece, op) => self.load_lane(piece, op, r),
            VectorAccess::StoreLane(piece, op) => self.store_lane(piece, op, r),
        }
    }

    /// What says where a part is loaded from.
    fn part_address(&mut self, piece: Piece, r: &mut Reader<'_>) -> Checked<(Operand, MemArg)> {
        let arg = self.mem_arg(piece.load().width, r)?;
        Ok((self.pop(arg.addr)?, arg))
    }

    /// Load a part to the address's canonical slot, which is given back.
    fn load_part(&mut self, piece: Piece, address: Operand, arg: &MemArg) -> u16 {
        let a = self.slot(address);
        if self.live {
            let (op, memory) = piece.load().on(arg);
            self.emit(op, address.canonical, a, memory, arg.offset);
        }
        address.canonical
    }

    fn load_lane(&mut self, piece: Piece, op: Op, r: &mut Reader<'_>) -> Checked<()> {
        let arg = self.mem_arg(piece.load().width, r)?;
        let lane = self.lane_index(r, piece.lanes())?;
        let vector = self.pop(Ty::V128)?;
        let address = self.pop(arg.addr)?;
        let number = self.load_part(piece, address, &arg);
        let a = self.slot(vector);
        self.define(op, a, number, u64::from(lane), Ty::V128)
    }

    fn store_lane(&mut self, piece: Piece, op: Op, r: &mut Reader<'_>) -> Checked<()> {
        let arg = self.mem_arg(piece.store().width, r)?;
        let lane = self.lane_index(r, piece.lanes())?;
        let vector = self.pop(Ty::V128)?;
        let address = self.pop(arg.addr)?;
        if !self.live {
            return Ok(());
        }
        let (a, vector_slot) = (self.slot(address), self.slot(vector));
        let number = match op {
            Op::Copy => vector_slot + u16::from(lane),
            _ => {
                self.emit(op, vector.canonical, vector_slot, 0, u64::from(lane));
                vector.canonical
            }
        };
        self.emit_store(piece.store(), &arg, a, number);
        Ok(())
    }

    fn v128_load(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let arg = self.mem_arg(WIDTH, r)?;
        let address = self.pop(arg.addr)?;
        let a = self.slot(address);
        if arg.near {
            return self.define(Op::V128Load, a, 0, arg.offset, Ty::V128);
        }
        if self.live {
            // The high half first: it is out of bounds if any of the vector is, and the
            // low one may overwrite the address.
            let memory = arg.memory as u16;
            self.emit(Op::I64LoadAt, address.canonical + 1, a, memory, high_half(arg.offset));
            self.emit(Op::I64LoadAt, address.canonical, a, memory, arg.offset);
        }
        self.push(Ty::V128)
    }

    fn v128_store(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let arg = self.mem_arg(WIDTH, r)?;
        let vector = self.pop(Ty::V128)?;
        let address = self.pop(arg.addr)?;
        if !self.live {
            return Ok(());
        }
        let (a, b) = (self.slot(address), self.slot(vector));
        let memory = arg.memory as u16;
        if arg.near {
            self.emit(Op::V128Store, memory, a, b, arg.offset);
        } else {
            // Nothing is written if any of it is out of bounds.
            self.emit(Op::I64StoreAt, memory, a, b + 1, high_half(arg.offset));
            self.emit(Op::I64StoreAt, memory, a, b, arg.offset);
        }
        Ok(())
    }
}

/// The offset of a vector's high half. Where it would overflow, so would any address
/// with it, and the largest offset is out of bounds as well.
fn high_half(offset: u64) -> u64 {
    offset.saturating_add(8)
}
