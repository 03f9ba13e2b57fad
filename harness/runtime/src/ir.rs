//! The register form that execution runs: what lowering emits and `exec` reads.
//!
//! # Frames
//! A frame is a window of `u64` slots that starts at its base: first the
//! parameters, then the other locals, then one region per operand-stack height.
//! A value takes one slot, a `v128` two (low half first). The operand at stack
//! height `h` (in slots) has the *home* slot `locals + h`. Slots are addressed by
//! `u16`, so a function needs at most [`FRAME_SLOTS_MAX`]; a larger one is an
//! implementation limit (§ appendix/implementation-limitations).
//!
//! Contents of slots: `i32` and `f32` bits are zero-extended to 64 bits, always;
//! `i64`, `f64` as they are; references as [`crate::types`] defines.
//!
//! # Calls
//! The caller puts the arguments into consecutive slots from slot `s` on; the
//! callee's frame base is `base + s`, so arguments are the callee's first locals
//! without a copy. Results come back in the same place: the callee leaves them in
//! its slots `0..`, which are the caller's `s..`. Execution zeroes the other
//! locals on entry.
//!
//! # Branches
//! Targets are indices into the module's one instruction vector. Block results
//! are moved to their home slots by explicit copies before the branch.

/// The largest number of slots in one frame.
pub const FRAME_SLOTS_MAX: usize = 1 << 16;

/// How many [`Op::Unreachable`] follow the last instruction of a module: execution
/// looks so far ahead of a branch's target without asking where the code ends.
pub const CODE_PADDING: usize = 64;

/// One instruction: 16 bytes, fields by position.
///
/// `d` is the slot written, `a` and `b` are slots read, `imm` is what the
/// operation says: a constant, an offset, an index, a branch target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instr {
    /// What to do.
    pub op: Op,
    /// The destination slot, where there is one.
    pub d: u16,
    /// The first operand's slot.
    pub a: u16,
    /// The second operand's slot.
    pub b: u16,
    /// An immediate.
    pub imm: u64,
}

impl Instr {
    /// An instruction from its fields.
    pub const fn new(op: Op, d: u16, a: u16, b: u16, imm: u64) -> Instr {
        Instr { op, d, a, b, imm }
    }
}

/// Pack two 32-bit immediates: `low` in bits 0..32, `high` in bits 32..64.
pub const fn pack(low: u32, high: u32) -> u64 {
    low as u64 | (high as u64) << 32
}

/// Undo [`pack`]: `(low, high)`.
pub const fn unpack(imm: u64) -> (u32, u32) {
    (imm as u32, (imm >> 32) as u32)
}

/// The operations. Numeric ones carry the spec's names; `Imm` in a name says
/// that the second operand is `imm` instead of slot `b`. `R[x]` below is slot x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Op {
    // Control.
    /// Trap.
    Unreachable,
    /// Charge `imm` units of fuel (number of Wasm instructions in the block that
    /// follows); suspends before the block when there is not enough. Only in
    /// modules compiled with fuel metering.
    Fuel,
    /// Go to `imm`.
    Br,
    /// Go to `imm` if `R[a]` as i32 is not 0.
    BrIf,
    /// Go to `imm` if `R[a]` as i32 is 0.
    BrIfNot,
    /// Go to `targets[lo(imm) + min(R[a], hi(imm) - 1)]`; `hi(imm)` counts the default.
    BrTable,
    /// Go to `imm` if the reference `R[a]` is null.
    BrIfNull,
    /// Go to `imm` if the reference `R[a]` is not null.
    BrIfNonNull,
    /// Go to `lo(imm)` if the reference `R[a]` is of the type `hi(imm)`, a
    /// [`crate::refs::Target`] with the module's type indices.
    BrIfCast,
    /// Go to `lo(imm)` if the reference `R[a]` is not of the type `hi(imm)`.
    BrIfNotCast,
    // Compare and branch to `imm`: `R[a] rel R[b]`.
    BrIfI32Eq,
    BrIfI32Ne,
    BrIfI32LtS,
    BrIfI32LtU,
    BrIfI32GtS,
    BrIfI32GtU,
    BrIfI32LeS,
    BrIfI32LeU,
    BrIfI32GeS,
    BrIfI32GeU,
    BrIfI64Eq,
    BrIfI64Ne,
    BrIfI64LtS,
    BrIfI64LtU,
    BrIfI64GtS,
    BrIfI64GtU,
    BrIfI64LeS,
    BrIfI64LeU,
    BrIfI64GeS,
    BrIfI64GeU,
    // The same with a 32-bit constant: target `lo(imm)`, constant `hi(imm)` (sign-extended for i64).
    BrIfI32EqImm,
    BrIfI32NeImm,
    BrIfI32LtSImm,
    BrIfI32LtUImm,
    BrIfI32GtSImm,
    BrIfI32GtUImm,
    BrIfI32LeSImm,
    BrIfI32LeUImm,
    BrIfI32GeSImm,
    BrIfI32GeUImm,
    BrIfI64EqImm,
    BrIfI64NeImm,
    BrIfI64LtSImm,
    BrIfI64LtUImm,
    BrIfI64GtSImm,
    BrIfI64GtUImm,
    BrIfI64LeSImm,
    BrIfI64LeUImm,
    BrIfI64GeSImm,
    BrIfI64GeUImm,
    // The end of a counting loop: `R[d] = R[a] + hi(imm)`, then go to `lo(imm)` if `R[d] rel R[b]`
    // (the first: if `R[d]` is not 0), else behind the next instruction. The next one is the same
    // branch by itself, so that a jump to it is as good.
    I32AddBrIfImm,
    I32AddBrIfNeImm,
    I32AddBrIfLtSImm,
    I32AddBrIfLtUImm,
    /// Return without results.
    Return,
    /// Return the one-slot result `R[a]`.
    Return1,
    /// Return `imm` slots from `R[a..]`.
    ReturnMany,
    /// Call body `imm` of this module (index among *defined* functions), frame at slot `a`.
    Call,
    /// Call imported function `imm` (index into the function space), frame at slot `a`.
    CallImport,
    /// Call through table `hi(imm)` element `R[b]`, type index `lo(imm)`, frame at slot `a`.
    CallIndirect,
    /// Call the function reference `R[b]` (null traps), type index `imm`, frame at slot `a`.
    CallRef,
    /// Tail call: the arguments lie in slots `a..a+d` and are moved to slot 0. Otherwise as the call.
    ReturnCall,
    /// Tail call of an import.
    ReturnCallImport,
    /// Tail call through a table.
    ReturnCallIndirect,
    /// Tail call of a reference.
    ReturnCallRef,

    /// Throw an exception of tag `imm`, whose values are in slots `a..`.
    Throw,
    /// Throw the exception `R[a]`; null traps.
    ThrowRef,

    // Moves.
    /// `R[d] = R[a]`.
    Copy,
    /// Two slots: `R[d], R[d+1] = R[a], R[a+1]`.
    Copy2,
    /// `R[d..d+imm] = R[a..a+imm]`, as memmove.
    CopyMany,
    /// `R[d] = imm`.
    Const,
    /// `R[d] = R[imm] as i32 != 0 ? R[a] : R[b]`.
    Select,
    /// The same for two-slot values.
    Select2,
    /// `R[d] = global imm`.
    GlobalGet,
    /// `global imm = R[a]`.
    GlobalSet,
    /// Two slots.
    GlobalGet2,
    /// Two slots.
    GlobalSet2,

    // References and tables. Indices and sizes are i32 or i64 after the table's address type;
    // both are read as u64 slots.
    /// `R[d] = reference to function imm` (index into the function space).
    RefFunc,
    /// `R[d] = R[a] is null`.
    RefIsNull,
    /// `R[d] = R[a]`, trapping on null.
    RefAsNonNull,
    /// `R[d] = R[a] and R[b] are the same reference`.
    RefEq,
    /// `R[d] = table imm [R[a]]`.
    TableGet,
    /// `table imm [R[a]] = R[b]`.
    TableSet,
    /// `R[d] = size of table imm`.
    TableSize,
    /// `R[d] = grow table imm by R[b] elements of R[a]`: old size or -1 (in the table's address type).
    TableGrow,
    /// `table imm [R[d] .. R[d]+R[b]] = R[a]`.
    TableFill,
    /// `table lo(imm)[R[d]..] = table hi(imm)[R[a]..]`, `R[b]` elements.
    TableCopy,
    /// `table lo(imm)[R[d]..] = elem hi(imm)[R[a]..]`, `R[b]` elements.
    TableInit,
    /// Drop element segment `imm`.
    ElemDrop,

    // References to objects. Types are the module's, offsets and sizes in bytes.
    /// `R[d] = R[a] is of the type imm`, a [`crate::refs::Target`].
    RefTest,
    /// `R[d] = R[a]`, trapping if it is not of the type `imm`.
    RefCast,
    /// `R[d] = reference to the i32 R[a]` less its highest bit.
    RefI31,
    /// `R[d] = sign-extended number of R[a]`.
    I31GetS,
    /// `R[d] = number of R[a]`.
    I31GetU,
    /// `R[d] = new structure of type imm` with the fields in slots from `a` on.
    StructNew,
    /// `R[d] = new structure of type imm` with zeros and nulls.
    StructNewDefault,
    // `R[d] = field of R[a] at imm`.
    StructGet8S,
    StructGet8U,
    StructGet16S,
    StructGet16U,
    StructGet32,
    StructGet64,
    StructGet128,
    // `field of R[a] at imm = R[b]`.
    StructSet8,
    StructSet16,
    StructSet32,
    StructSet64,
    StructSet128,
    /// `R[d] = new array of type imm` with `R[b]` elements `R[a]`.
    ArrayNew,
    /// `R[d] = new array of type imm` with `R[b]` zeros or nulls.
    ArrayNewDefault,
    /// `R[d] = new array of type lo(imm)` with the `hi(imm)` elements in slots from `a` on.
    ArrayNewFixed,
    /// `R[d] = new array of type lo(imm)` with the bytes of data segment `hi(imm)` from `R[a]`
    /// on, `R[b]` elements.
    ArrayNewData,
    /// `R[d] = new array of type lo(imm)` with the references of element segment `hi(imm)` from
    /// `R[a]` on, `R[b]` elements.
    ArrayNewElem,
    // `R[d] = element R[b] of R[a]`.
    ArrayGet8S,
    ArrayGet8U,
    ArrayGet16S,
    ArrayGet16U,
    ArrayGet32,
    ArrayGet64,
    ArrayGet128,
    // `element R[a] of R[d] = R[b]`.
    ArraySet8,
    ArraySet16,
    ArraySet32,
    ArraySet64,
    ArraySet128,
    /// `R[d] = number of elements of R[a]`.
    ArrayLen,
    /// `elements of R[d] from R[a] on = R[b]`, `R[lo(imm)]` elements.
    ArrayFill,
    /// `elements of R[d] from R[a] on = elements of R[b] from R[lo(imm)] on`, `R[hi(imm)]` elements.
    ArrayCopy,
    /// `elements of R[d] from R[a] on = data segment hi(imm) from R[b] on`, `R[lo(imm)]` elements.
    ArrayInitData,
    /// `elements of R[d] from R[a] on = element segment hi(imm) from R[b] on`, `R[lo(imm)]` elements.
    ArrayInitElem,

    // Memory management; `imm` names the memory.
    /// `R[d] = size in pages`.
    MemorySize,
    /// `R[d] = grow by R[a] pages`: old size or -1 (in the memory's address type).
    MemoryGrow,
    /// Fill from `R[d]` with byte `R[a]`, `R[b]` bytes.
    MemoryFill,
    /// Copy to memory `lo(imm)` at `R[d]` from memory `hi(imm)` at `R[a]`, `R[b]` bytes.
    MemoryCopy,
    /// Copy to memory `lo(imm)` at `R[d]` from data segment `hi(imm)` at `R[a]`, `R[b]` bytes.
    MemoryInit,
    /// Drop data segment `imm`.
    DataDrop,

    // Loads from memory 0, unshared, with 32-bit addresses: `R[d] = [R[a] + imm]`.
    I32Load,
    I64Load,
    I32Load8S,
    I32Load8U,
    I32Load16S,
    I32Load16U,
    I64Load8S,
    I64Load8U,
    I64Load16S,
    I64Load16U,
    I64Load32S,
    I64Load32U,
    // Stores to memory 0, unshared, with 32-bit addresses: `[R[a] + imm] = R[b]`. Float accesses use the integer ones of their width.
    I32Store,
    I64Store,
    I32Store8,
    I32Store16,
    I64Store8,
    I64Store16,
    I64Store32,
    // Vectors, see below, in the same memory; in others they are accessed by halves.
    /// `V[d] = [R[a] + imm]`.
    V128Load,
    /// `[R[a] + imm] = V[b]`.
    V128Store,
    // All but vectors on memory `b` (loads) or `d` (stores).
    I32LoadAt,
    I64LoadAt,
    I32Load8SAt,
    I32Load8UAt,
    I32Load16SAt,
    I32Load16UAt,
    I64Load8SAt,
    I64Load8UAt,
    I64Load16SAt,
    I64Load16UAt,
    I64Load32SAt,
    I64Load32UAt,
    I32StoreAt,
    I64StoreAt,
    I32Store8At,
    I32Store16At,
    I64Store8At,
    I64Store16At,
    I64Store32At,

    // Atomic instructions on memory `b` at `R[a] + imm`; other operands follow in slots
    // `a + 1`, `a + 2`. Results are zero-extended from the width in the name.
    // `R[d] = value there`.
    Atomic8Load,
    Atomic16Load,
    Atomic32Load,
    Atomic64Load,
    // `value there = R[a+1]`.
    Atomic8Store,
    Atomic16Store,
    Atomic32Store,
    Atomic64Store,
    // `R[d] = value there`, which becomes `value op R[a+1]`.
    Atomic8Add,
    Atomic16Add,
    Atomic32Add,
    Atomic64Add,
    Atomic8Sub,
    Atomic16Sub,
    Atomic32Sub,
    Atomic64Sub,
    Atomic8And,
    Atomic16And,
    Atomic32And,
    Atomic64And,
    Atomic8Or,
    Atomic16Or,
    Atomic32Or,
    Atomic64Or,
    Atomic8Xor,
    Atomic16Xor,
    Atomic32Xor,
    Atomic64Xor,
    Atomic8Xchg,
    Atomic16Xchg,
    Atomic32Xchg,
    Atomic64Xchg,
    // `R[d] = value there`, which becomes `R[a+2]` if it is `R[a+1]`.
    Atomic8Cmpxchg,
    Atomic16Cmpxchg,
    Atomic32Cmpxchg,
    Atomic64Cmpxchg,
    /// `R[d] = how many were woken`, of `R[a+1]` at most.
    AtomicNotify,
    /// Wait while the value there is `R[a+1]`, `R[a+2]` nanoseconds: `R[d] = 0` if woken, 1 if it
    /// was another value, 2 if the time was over.
    AtomicWait32,
    /// The same on 64 bits.
    AtomicWait64,
    /// Order atomic accesses.
    AtomicFence,
    /// Stop before a memory instruction. Only in modules compiled with yields.
    Yield,

    // i32: `R[d] = R[a] op R[b]`.
    I32Eqz,
    I32Eq,
    I32Ne,
    I32LtS,
    I32LtU,
    I32GtS,
    I32GtU,
    I32LeS,
    I32LeU,
    I32GeS,
    I32GeU,
    I32Clz,
    I32Ctz,
    I32Popcnt,
    I32Add,
    I32Sub,
    I32Mul,
    I32DivS,
    I32DivU,
    I32RemS,
    I32RemU,
    I32And,
    I32Or,
    I32Xor,
    I32Shl,
    I32ShrS,
    I32ShrU,
    I32Rotl,
    I32Rotr,
    // i32 with the constant `imm` (low 32 bits) for the second operand.
    I32EqImm,
    I32NeImm,
    I32LtSImm,
    I32LtUImm,
    I32GtSImm,
    I32GtUImm,
    I32LeSImm,
    I32LeUImm,
    I32GeSImm,
    I32GeUImm,
    I32AddImm,
    I32SubImm,
    I32MulImm,
    I32DivSImm,
    I32DivUImm,
    I32RemSImm,
    I32RemUImm,
    I32AndImm,
    I32OrImm,
    I32XorImm,
    I32ShlImm,
    I32ShrSImm,
    I32ShrUImm,
    I32RotlImm,
    I32RotrImm,
    // i64.
    I64Eqz,
    I64Eq,
    I64Ne,
    I64LtS,
    I64LtU,
    I64GtS,
    I64GtU,
    I64LeS,
    I64LeU,
    I64GeS,
    I64GeU,
    I64Clz,
    I64Ctz,
    I64Popcnt,
    I64Add,
    I64Sub,
    I64Mul,
    I64DivS,
    I64DivU,
    I64RemS,
    I64RemU,
    I64And,
    I64Or,
    I64Xor,
    I64Shl,
    I64ShrS,
    I64ShrU,
    I64Rotl,
    I64Rotr,
    // i64 with the constant `imm`.
    I64EqImm,
    I64NeImm,
    I64LtSImm,
    I64LtUImm,
    I64GtSImm,
    I64GtUImm,
    I64LeSImm,
    I64LeUImm,
    I64GeSImm,
    I64GeUImm,
    I64AddImm,
    I64SubImm,
    I64MulImm,
    I64DivSImm,
    I64DivUImm,
    I64RemSImm,
    I64RemUImm,
    I64AndImm,
    I64OrImm,
    I64XorImm,
    I64ShlImm,
    I64ShrSImm,
    I64ShrUImm,
    I64RotlImm,
    I64RotrImm,
    // Floats.
    F32Eq,
    F32Ne,
    F32Lt,
    F32Gt,
    F32Le,
    F32Ge,
    F32Abs,
    F32Neg,
    F32Ceil,
    F32Floor,
    F32Trunc,
    F32Nearest,
    F32Sqrt,
    F32Add,
    F32Sub,
    F32Mul,
    F32Div,
    F32Min,
    F32Max,
    F32Copysign,
    F64Eq,
    F64Ne,
    F64Lt,
    F64Gt,
    F64Le,
    F64Ge,
    F64Abs,
    F64Neg,
    F64Ceil,
    F64Floor,
    F64Trunc,
    F64Nearest,
    F64Sqrt,
    F64Add,
    F64Sub,
    F64Mul,
    F64Div,
    F64Min,
    F64Max,
    F64Copysign,
    // Vectors. `V[x]` is the vector in slots x and x+1; other operands are one slot each.
    /// `V[d] = vectors[imm]`.
    V128Const,
    /// `V[d] = ` bytes of `V[a]` and `V[b]`, numbered by `vectors[imm]`.
    I8x16Shuffle,
    // `V[d] = R[a]` in every lane.
    I8x16Splat,
    I16x8Splat,
    I32x4Splat,
    I64x2Splat,
    // `R[d] = lane imm of V[a]`; those of 64 bits are copies of slots.
    I8x16ExtractLaneS,
    I8x16ExtractLaneU,
    I16x8ExtractLaneS,
    I16x8ExtractLaneU,
    I32x4ExtractLane,
    // `V[d] = V[a]` but for lane imm, which is `R[b]`.
    I8x16ReplaceLane,
    I16x8ReplaceLane,
    I32x4ReplaceLane,
    I64x2ReplaceLane,
    // `R[d] = ` a property of `V[a]`.
    V128AnyTrue,
    I8x16AllTrue,
    I16x8AllTrue,
    I32x4AllTrue,
    I64x2AllTrue,
    I8x16Bitmask,
    I16x8Bitmask,
    I32x4Bitmask,
    I64x2Bitmask,
    // `V[d] = V[a]` shifted by `R[b]`.
    I8x16Shl,
    I8x16ShrS,
    I8x16ShrU,
    I16x8Shl,
    I16x8ShrS,
    I16x8ShrU,
    I32x4Shl,
    I32x4ShrS,
    I32x4ShrU,
    I64x2Shl,
    I64x2ShrS,
    I64x2ShrU,
    // `V[d] = op V[a]`.
    V128Not,
    I8x16Abs,
    I8x16Neg,
    I8x16Popcnt,
    I16x8Abs,
    I16x8Neg,
    I32x4Abs,
    I32x4Neg,
    I64x2Abs,
    I64x2Neg,
    I16x8ExtaddPairwiseI8x16S,
    I16x8ExtaddPairwiseI8x16U,
    I32x4ExtaddPairwiseI16x8S,
    I32x4ExtaddPairwiseI16x8U,
    I16x8ExtendLowI8x16S,
    I16x8ExtendHighI8x16S,
    I16x8ExtendLowI8x16U,
    I16x8ExtendHighI8x16U,
    I32x4ExtendLowI16x8S,
    I32x4ExtendHighI16x8S,
    I32x4ExtendLowI16x8U,
    I32x4ExtendHighI16x8U,
    I64x2ExtendLowI32x4S,
    I64x2ExtendHighI32x4S,
    I64x2ExtendLowI32x4U,
    I64x2ExtendHighI32x4U,
    F32x4Ceil,
    F32x4Floor,
    F32x4Trunc,
    F32x4Nearest,
    F32x4Abs,
    F32x4Neg,
    F32x4Sqrt,
    F64x2Ceil,
    F64x2Floor,
    F64x2Trunc,
    F64x2Nearest,
    F64x2Abs,
    F64x2Neg,
    F64x2Sqrt,
    F32x4DemoteF64x2Zero,
    F64x2PromoteLowF32x4,
    I32x4TruncSatF32x4S,
    I32x4TruncSatF32x4U,
    F32x4ConvertI32x4S,
    F32x4ConvertI32x4U,
    I32x4TruncSatF64x2SZero,
    I32x4TruncSatF64x2UZero,
    F64x2ConvertLowI32x4S,
    F64x2ConvertLowI32x4U,
    // `V[d] = V[a] op V[b]`.
    I8x16Eq,
    I8x16Ne,
    I8x16LtS,
    I8x16LtU,
    I8x16GtS,
    I8x16GtU,
    I8x16LeS,
    I8x16LeU,
    I8x16GeS,
    I8x16GeU,
    I16x8Eq,
    I16x8Ne,
    I16x8LtS,
    I16x8LtU,
    I16x8GtS,
    I16x8GtU,
    I16x8LeS,
    I16x8LeU,
    I16x8GeS,
    I16x8GeU,
    I32x4Eq,
    I32x4Ne,
    I32x4LtS,
    I32x4LtU,
    I32x4GtS,
    I32x4GtU,
    I32x4LeS,
    I32x4LeU,
    I32x4GeS,
    I32x4GeU,
    I64x2Eq,
    I64x2Ne,
    I64x2LtS,
    I64x2GtS,
    I64x2LeS,
    I64x2GeS,
    F32x4Eq,
    F32x4Ne,
    F32x4Lt,
    F32x4Gt,
    F32x4Le,
    F32x4Ge,
    F64x2Eq,
    F64x2Ne,
    F64x2Lt,
    F64x2Gt,
    F64x2Le,
    F64x2Ge,
    V128And,
    V128Andnot,
    V128Or,
    V128Xor,
    I8x16Swizzle,
    I8x16NarrowI16x8S,
    I8x16NarrowI16x8U,
    I16x8NarrowI32x4S,
    I16x8NarrowI32x4U,
    I8x16Add,
    I8x16AddSatS,
    I8x16AddSatU,
    I8x16Sub,
    I8x16SubSatS,
    I8x16SubSatU,
    I8x16MinS,
    I8x16MinU,
    I8x16MaxS,
    I8x16MaxU,
    I8x16AvgrU,
    I16x8Add,
    I16x8AddSatS,
    I16x8AddSatU,
    I16x8Sub,
    I16x8SubSatS,
    I16x8SubSatU,
    I16x8Mul,
    I16x8MinS,
    I16x8MinU,
    I16x8MaxS,
    I16x8MaxU,
    I16x8AvgrU,
    I16x8Q15mulrSatS,
    I16x8ExtmulLowI8x16S,
    I16x8ExtmulHighI8x16S,
    I16x8ExtmulLowI8x16U,
    I16x8ExtmulHighI8x16U,
    I32x4Add,
    I32x4Sub,
    I32x4Mul,
    I32x4MinS,
    I32x4MinU,
    I32x4MaxS,
    I32x4MaxU,
    I32x4DotI16x8S,
    I32x4ExtmulLowI16x8S,
    I32x4ExtmulHighI16x8S,
    I32x4ExtmulLowI16x8U,
    I32x4ExtmulHighI16x8U,
    I64x2Add,
    I64x2Sub,
    I64x2Mul,
    I64x2ExtmulLowI32x4S,
    I64x2ExtmulHighI32x4S,
    I64x2ExtmulLowI32x4U,
    I64x2ExtmulHighI32x4U,
    F32x4Add,
    F32x4Sub,
    F32x4Mul,
    F32x4Div,
    F32x4Min,
    F32x4Max,
    F32x4Pmin,
    F32x4Pmax,
    F64x2Add,
    F64x2Sub,
    F64x2Mul,
    F64x2Div,
    F64x2Min,
    F64x2Max,
    F64x2Pmin,
    F64x2Pmax,
    // `V[d] = op V[a] V[b] V[imm]`.
    V128Bitselect,
    // Relaxed operations, as the store chooses: of one operand, of two, and of three, the
    // third being `V[imm]`.
    I32x4RelaxedTruncF32x4S,
    I32x4RelaxedTruncF32x4U,
    I32x4RelaxedTruncF64x2SZero,
    I32x4RelaxedTruncF64x2UZero,
    I8x16RelaxedSwizzle,
    F32x4RelaxedMin,
    F32x4RelaxedMax,
    F64x2RelaxedMin,
    F64x2RelaxedMax,
    I16x8RelaxedQ15mulrS,
    I16x8RelaxedDotI8x16I7x16S,
    F32x4RelaxedMadd,
    F32x4RelaxedNmadd,
    F64x2RelaxedMadd,
    F64x2RelaxedNmadd,
    I8x16RelaxedLaneselect,
    I16x8RelaxedLaneselect,
    I32x4RelaxedLaneselect,
    I64x2RelaxedLaneselect,
    I32x4RelaxedDotI8x16I7x16AddS,
    // Integers of 128 bits, low half first: `R[d], R[d+1] = (R[a], R[b]) op (R[lo(imm)], R[hi(imm)])`.
    I64Add128,
    I64Sub128,
    // `R[d], R[d+1] = R[a] * R[b]`.
    I64MulWideS,
    I64MulWideU,
    // Conversions; reinterpretations are plain copies.
    I32WrapI64,
    I32TruncF32S,
    I32TruncF32U,
    I32TruncF64S,
    I32TruncF64U,
    I64ExtendI32S,
    I64TruncF32S,
    I64TruncF32U,
    I64TruncF64S,
    I64TruncF64U,
    F32ConvertI32S,
    F32ConvertI32U,
    F32ConvertI64S,
    F32ConvertI64U,
    F32DemoteF64,
    F64ConvertI32S,
    F64ConvertI32U,
    F64ConvertI64S,
    F64ConvertI64U,
    F64PromoteF32,
    I32Extend8S,
    I32Extend16S,
    I64Extend8S,
    I64Extend16S,
    I64Extend32S,
    I32TruncSatF32S,
    I32TruncSatF32U,
    I32TruncSatF64S,
    I32TruncSatF64U,
    I64TruncSatF32S,
    I64TruncSatF32U,
    I64TruncSatF64S,
    I64TruncSatF64U,
}

impl Op {
    /// Whether it reads or writes a memory, or orders those who do.
    pub const fn reaches_memory(self) -> bool {
        let number = self as u16;
        Op::MemorySize as u16 <= number
            && number <= Op::AtomicFence as u16
            && number != Op::DataDrop as u16
    }
}
