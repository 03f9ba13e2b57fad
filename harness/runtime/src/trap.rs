//! Why execution traps.

use std::fmt;

/// A trap (§ exec/runtime, administrative instructions, `trap`).
///
/// `Display` gives the wording of the official test suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trap {
    /// `unreachable` was executed.
    Unreachable,
    /// Integer division or remainder by zero.
    DivideByZero,
    /// The quotient, or the truncated float, is not representable.
    IntegerOverflow,
    /// A NaN was converted to an integer.
    InvalidConversion,
    /// An access past the end of a memory, or of a data segment.
    MemoryOutOfBounds,
    /// An access past the end of a table, or of an element segment.
    TableOutOfBounds,
    /// `call_indirect` past the end of its table.
    UndefinedElement,
    /// `call_indirect` of a null element.
    UninitializedElement,
    /// `call_indirect` of a function of another type.
    IndirectCallTypeMismatch,
    /// `call_ref` of null.
    NullFunctionReference,
    /// `ref.as_non_null` of null.
    NullReference,
    /// `i31.get` of null.
    NullI31,
    /// An access to a field of null.
    NullStructure,
    /// An access to an element of null.
    NullArray,
    /// An access past the end of an array.
    ArrayOutOfBounds,
    /// `ref.cast` of a reference to something else.
    CastFailure,
    /// `throw_ref` of null.
    NullExceptionReference,
    /// An atomic access at an address that is no multiple of its width.
    UnalignedAtomic,
    /// `memory.atomic.wait` on a memory that is not shared.
    ExpectedSharedMemory,
}

impl Trap {
    /// The test suite's wording.
    pub const fn message(self) -> &'static str {
        match self {
            Trap::Unreachable => "unreachable",
            Trap::DivideByZero => "integer divide by zero",
            Trap::IntegerOverflow => "integer overflow",
            Trap::InvalidConversion => "invalid conversion to integer",
            Trap::MemoryOutOfBounds => "out of bounds memory access",
            Trap::TableOutOfBounds => "out of bounds table access",
            Trap::UndefinedElement => "undefined element",
            Trap::UninitializedElement => "uninitialized element",
            Trap::IndirectCallTypeMismatch => "indirect call type mismatch",
            Trap::NullFunctionReference => "null function reference",
            Trap::NullReference => "null reference",
            Trap::NullI31 => "null i31 reference",
            Trap::NullStructure => "null structure reference",
            Trap::NullArray => "null array reference",
            Trap::ArrayOutOfBounds => "out of bounds array access",
            Trap::CastFailure => "cast failure",
            Trap::NullExceptionReference => "null exception reference",
            Trap::UnalignedAtomic => "unaligned atomic",
            Trap::ExpectedSharedMemory => "expected shared memory",
        }
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for Trap {}
