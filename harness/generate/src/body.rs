//! Rewrites a function body: charges the budget, tames addresses, and makes NaNs
//! canonical where their bits become visible.
//!
//! Which NaN an operation gives is open (§ exec/numerics, NaN propagation), so
//! engines may differ in it, and after that in anything that depends on its bits.
//! Scalar floats show their bits in three ways only: stored to memory,
//! reinterpreted as integers, or as the sign that `copysign` takes. Making them
//! canonical there, and not after each operation, leaves arithmetic as engines
//! like to combine it. Vectors show their bits to every integer instruction, so
//! they are made canonical where they arise. Values that leave through results,
//! globals and host calls are left alone: an oracle knows that they are floats.

use gainsay_case::{Capabilities, Value};
use wasm_encoder::{Encode, Ieee32, Ieee64, Instruction, ValType};
use wasmparser::{BinaryReaderError, FunctionBody, MemArgTarget, Operator};

use crate::charge::{Budget, COST_OF_BULK, COST_OF_CALL, COST_OF_TURN};
use crate::interface::Interface;
use crate::reach::{executed_by, proposal_of};

const CANONICAL_F32: u32 = 0x7fc0_0000;
const CANONICAL_F64: u64 = 0x7ff8 << 48;

/// Rewrites bodies of one module and notes what it sees in them.
pub(crate) struct Rewriter<'i> {
    pub budget: Budget,
    pub interface: &'i Interface,
    /// Whether addresses and table indices are masked, so that most accesses hit.
    pub mask_addresses: bool,
    /// Whether NaNs are made canonical.
    pub canonical: bool,
    pub seen: Seen,
}

/// What the bodies have in them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub proposals: Capabilities,
    /// What constant expressions have in them.
    pub initial: Capabilities,
    /// The functions that the module defines.
    pub functions: Vec<FunctionUse>,
    /// Some of the constants, for use as arguments.
    pub constants: Vec<Value>,
    /// Instructions whose result may be any of several NaNs.
    pub nan_sources: u32,
    /// Instructions that show a NaN's bits.
    pub nan_leaks: u32,
    /// Calls through a table.
    pub indirect_calls: u32,
}

/// What one function does.
#[derive(Clone, Debug, Default)]
pub(crate) struct FunctionUse {
    /// The proposals that it executes.
    pub executed: Capabilities,
    /// The functions that it calls by their index.
    pub callees: Vec<u32>,
}

/// A type whose NaNs can be made canonical.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Float {
    F32,
    F64,
    F32x4,
    F64x2,
}

/// Scratch locals of one function, made when first needed.
#[derive(Default)]
struct Scratch {
    first: u32,
    types: Vec<ValType>,
}

impl Rewriter<'_> {
    /// The rewritten body of a function with `params` parameters, without its size.
    pub(crate) fn rewrite(
        &mut self,
        body: &FunctionBody<'_>,
        params: u32,
    ) -> Result<Vec<u8>, BinaryReaderError> {
        let bytes = body.as_bytes();
        let start = body.range().start;
        let mut locals = body.get_locals_reader()?.into_iter();
        let groups = body.get_locals_reader()?.get_count();
        let groups_start = body.get_locals_reader()?.original_position() - start;
        let mut declared = 0;
        for group in &mut locals {
            declared += group?.0;
        }
        let operators = locals.into_operators_reader();
        let mut copied = operators.original_position() - start;
        let groups_bytes = &bytes[groups_start as usize..copied as usize];

        let mut scratch = Scratch { first: params + declared, types: Vec::new() };
        let mut code = Vec::with_capacity(2 * bytes.len() + 32);
        self.budget.charge(COST_OF_CALL, &mut code);
        let mut after = None;
        self.seen.functions.push(FunctionUse::default());
        for item in operators.into_iter_with_offsets() {
            let (operator, position) = item?;
            let position = position - start;
            self.note(&operator);
            let [first, second] = self.insertions_before(&operator);
            if after.is_some() || first.is_some() || second.is_some() {
                code.extend_from_slice(&bytes[copied as usize..position as usize]);
                copied = position;
                for insertion in [after, first, second].into_iter().flatten() {
                    self.insert(insertion, &mut scratch, &mut code);
                }
            }
            after = self.insertion_after(&operator);
        }
        code.extend_from_slice(&bytes[copied as usize..]);
        Ok(scratch.declare(groups, groups_bytes, &code))
    }

    fn insert(&self, insertion: Insertion, scratch: &mut Scratch, code: &mut Vec<u8>) {
        match insertion {
            Insertion::Charge(cost) => self.budget.charge(cost, code),
            Insertion::Canonicalise(float) => canonicalise(float, scratch, code),
            Insertion::Mask { is_64, mask } => encode_mask(is_64, mask, code),
        }
    }

    fn note(&mut self, operator: &Operator<'_>) {
        const CONSTANTS_MAX: usize = 32;
        self.seen.proposals.extend(proposal_of(operator));
        if let Some(function) = self.seen.functions.last_mut() {
            executed_by(operator, self.interface, &mut function.executed);
            if let Operator::Call { function_index } | Operator::ReturnCall { function_index } =
                operator
            {
                function.callees.push(*function_index);
            }
        }
        self.seen.nan_sources += u32::from(nan_source(operator).is_some());
        self.seen.nan_leaks += u32::from(nan_leak(operator).is_some());
        self.seen.indirect_calls += u32::from(matches!(
            operator,
            Operator::CallIndirect { .. } | Operator::ReturnCallIndirect { .. }
        ));
        if self.seen.constants.len() < CONSTANTS_MAX {
            self.seen.constants.extend(match operator {
                Operator::I32Const { value } => Some(Value::I32(*value)),
                Operator::I64Const { value } => Some(Value::I64(*value)),
                Operator::F32Const { value } => Some(Value::F32(value.bits())),
                Operator::F64Const { value } => Some(Value::F64(value.bits())),
                Operator::V128Const { value } => {
                    Some(Value::V128(u128::from_le_bytes(*value.bytes())))
                }
                _ => None,
            });
        }
    }

    fn insertions_before(&self, operator: &Operator<'_>) -> [Option<Insertion>; 2] {
        if is_bulk(operator) {
            return [Some(Insertion::Charge(COST_OF_BULK)), bound(operator)];
        }
        let leak = if self.canonical { nan_leak(operator) } else { None };
        let mask = || if self.mask_addresses { self.mask(operator) } else { None };
        [leak.map(Insertion::Canonicalise).or_else(mask), None]
    }

    fn insertion_after(&self, operator: &Operator<'_>) -> Option<Insertion> {
        if matches!(operator, Operator::Loop { .. }) {
            return Some(Insertion::Charge(COST_OF_TURN));
        }
        match nan_source(operator)? {
            // Scalars are looked after where they leak.
            Float::F32 | Float::F64 => None,
            vector => self.canonical.then_some(Insertion::Canonicalise(vector)),
        }
    }

    /// What keeps the index on top of the stack inside, before instructions that
    /// have theirs there.
    fn mask(&self, operator: &Operator<'_>) -> Option<Insertion> {
        const ADDRESS_MASK: u64 = 0xff;
        if let Some(memory) = loaded_memory(operator) {
            let memory = self.interface.memories.get(memory as usize)?;
            // The biggest mask below the size.
            let bytes = memory.initial.checked_shl(memory.page_size_log2.unwrap_or(16))?;
            let mask = ADDRESS_MASK.min((1 << bytes.checked_ilog2()?) - 1);
            return Some(Insertion::Mask { is_64: memory.memory64, mask });
        }
        let table = match operator {
            Operator::CallIndirect { table_index, .. }
            | Operator::ReturnCallIndirect { table_index, .. } => *table_index,
            Operator::TableGet { table } => *table,
            _ => return None,
        };
        let table = self.interface.tables.get(table as usize)?;
        // The biggest mask below the size.
        let log2 = table.initial.checked_ilog2()?;
        Some(Insertion::Mask { is_64: table.table64, mask: (1 << log2) - 1 })
    }
}

#[derive(Clone, Copy)]
enum Insertion {
    Charge(u32),
    Canonicalise(Float),
    /// Keep some low bits of the index on top of the stack.
    Mask {
        is_64: bool,
        mask: u64,
    },
}

/// What keeps the operand on top of the stack small where it would take time or
/// space for itself: nobody wakes who waits on one thread, and a heap has a limit
/// of its own on each engine.
fn bound(operator: &Operator<'_>) -> Option<Insertion> {
    use Operator::*;
    const WAIT_NS: u64 = 0x3ff;
    const ELEMENTS: u64 = 0x3f;
    match operator {
        MemoryAtomicWait32 { .. } | MemoryAtomicWait64 { .. } => {
            Some(Insertion::Mask { is_64: true, mask: WAIT_NS })
        }
        ArrayNew { .. } | ArrayNewDefault { .. } => {
            Some(Insertion::Mask { is_64: false, mask: ELEMENTS })
        }
        _ => None,
    }
}

fn is_bulk(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        MemoryFill { .. }
            | MemoryCopy { .. }
            | MemoryInit { .. }
            | MemoryGrow { .. }
            | TableFill { .. }
            | TableCopy { .. }
            | TableInit { .. }
            | TableGrow { .. }
            | ArrayNew { .. }
            | ArrayNewDefault { .. }
            | ArrayNewData { .. }
            | ArrayNewElem { .. }
            | ArrayFill { .. }
            | ArrayCopy { .. }
            | ArrayInitData { .. }
            | ArrayInitElem { .. }
            | MemoryAtomicWait32 { .. }
            | MemoryAtomicWait64 { .. }
    )
}

/// The memory that a load reads.
fn loaded_memory(operator: &Operator<'_>) -> Option<u32> {
    use Operator::*;
    match operator {
        I32Load { memarg }
        | I64Load { memarg }
        | F32Load { memarg }
        | F64Load { memarg }
        | I32Load8S { memarg }
        | I32Load8U { memarg }
        | I32Load16S { memarg }
        | I32Load16U { memarg }
        | I64Load8S { memarg }
        | I64Load8U { memarg }
        | I64Load16S { memarg }
        | I64Load16U { memarg }
        | I64Load32S { memarg }
        | I64Load32U { memarg }
        | V128Load { memarg }
        | V128Load8x8S { memarg }
        | V128Load8x8U { memarg }
        | V128Load16x4S { memarg }
        | V128Load16x4U { memarg }
        | V128Load32x2S { memarg }
        | V128Load32x2U { memarg }
        | V128Load8Splat { memarg }
        | V128Load16Splat { memarg }
        | V128Load32Splat { memarg }
        | V128Load64Splat { memarg }
        | V128Load32Zero { memarg }
        | V128Load64Zero { memarg }
        | I32AtomicLoad8U { memarg }
        | I64AtomicLoad8U { memarg } => match memarg.target {
            MemArgTarget::Memory(memory) => Some(memory),
            _ => None,
        },
        _ => None,
    }
}

fn encode_mask(is_64: bool, mask: u64, code: &mut Vec<u8>) {
    let (constant, and) = match is_64 {
        true => (Instruction::I64Const(mask.cast_signed()), Instruction::I64And),
        false => (Instruction::I32Const(mask as i32), Instruction::I32And),
    };
    constant.encode(code);
    and.encode(code);
}

/// The type of the operand on top of the stack, if the instruction shows its bits.
fn nan_leak(operator: &Operator<'_>) -> Option<Float> {
    use Operator::*;
    match operator {
        F32Store { .. }
        | I32ReinterpretF32
        | F32Copysign
        | F32x4Splat
        | F32x4ReplaceLane { .. } => Some(Float::F32),
        F64Store { .. }
        | I64ReinterpretF64
        | F64Copysign
        | F64x2Splat
        | F64x2ReplaceLane { .. } => Some(Float::F64),
        _ => None,
    }
}

/// The result type of an instruction that may give any of several NaNs
/// (§ exec/numerics: the operators that end in `nans_N`).
fn nan_source(operator: &Operator<'_>) -> Option<Float> {
    use Operator::*;
    match operator {
        F32Ceil | F32Floor | F32Trunc | F32Nearest | F32Sqrt | F32Add | F32Sub | F32Mul
        | F32Div | F32Min | F32Max | F32DemoteF64 => Some(Float::F32),
        F64Ceil | F64Floor | F64Trunc | F64Nearest | F64Sqrt | F64Add | F64Sub | F64Mul
        | F64Div | F64Min | F64Max | F64PromoteF32 => Some(Float::F64),
        F32x4Ceil | F32x4Floor | F32x4Trunc | F32x4Nearest | F32x4Sqrt | F32x4Add | F32x4Sub
        | F32x4Mul | F32x4Div | F32x4Min | F32x4Max | F32x4DemoteF64x2Zero | F32x4RelaxedMadd
        | F32x4RelaxedNmadd | F32x4RelaxedMin | F32x4RelaxedMax => Some(Float::F32x4),
        F64x2Ceil | F64x2Floor | F64x2Trunc | F64x2Nearest | F64x2Sqrt | F64x2Add | F64x2Sub
        | F64x2Mul | F64x2Div | F64x2Min | F64x2Max | F64x2PromoteLowF32x4 | F64x2RelaxedMadd
        | F64x2RelaxedNmadd | F64x2RelaxedMin | F64x2RelaxedMax => Some(Float::F64x2),
        _ => None,
    }
}

/// Replace the value on top of the stack by the canonical NaN if it is a NaN,
/// that is, if it does not equal itself.
fn canonicalise(float: Float, scratch: &mut Scratch, code: &mut Vec<u8>) {
    use Instruction::*;
    let lanes = |lane: u128, width: u32| {
        (0..128 / width).fold(0u128, |lanes, n| lanes | lane << (n * width)).cast_signed()
    };
    let (ty, nan, equal, select) = match float {
        Float::F32 => (ValType::F32, F32Const(Ieee32::new(CANONICAL_F32)), F32Eq, Select),
        Float::F64 => (ValType::F64, F64Const(Ieee64::new(CANONICAL_F64)), F64Eq, Select),
        Float::F32x4 => {
            (ValType::V128, V128Const(lanes(CANONICAL_F32.into(), 32)), F32x4Eq, V128Bitselect)
        }
        Float::F64x2 => {
            (ValType::V128, V128Const(lanes(CANONICAL_F64.into(), 64)), F64x2Eq, V128Bitselect)
        }
    };
    let local = scratch.local(ty);
    for instruction in [LocalTee(local), nan, LocalGet(local), LocalGet(local), equal, select] {
        instruction.encode(code);
    }
}

impl Scratch {
    fn local(&mut self, ty: ValType) -> u32 {
        let known = self.types.iter().position(|known| *known == ty);
        let index = known.unwrap_or_else(|| {
            self.types.push(ty);
            self.types.len() - 1
        });
        self.first + index as u32
    }

    /// A body of the locals there were, these, and `code`.
    fn declare(&self, groups: u32, groups_bytes: &[u8], code: &[u8]) -> Vec<u8> {
        let mut body = Vec::with_capacity(groups_bytes.len() + code.len() + 16);
        (groups + self.types.len() as u32).encode(&mut body);
        body.extend_from_slice(groups_bytes);
        for ty in &self.types {
            1u32.encode(&mut body);
            ty.encode(&mut body);
        }
        body.extend_from_slice(code);
        body
    }
}
