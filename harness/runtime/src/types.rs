//! Types (§ syntax/types).

use std::fmt;

/// A value type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
    /// 128-bit vector; two slots.
    V128,
    /// A reference.
    Ref(RefType),
}

/// A reference type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RefType {
    /// Whether null is among the values.
    pub nullable: bool,
    /// What is referred to.
    pub heap: HeapType,
}

/// A heap type. Concrete types are indices into the module's type section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeapType {
    /// Any function.
    Func,
    /// No function.
    NoFunc,
    /// Any external reference.
    Extern,
    /// No external reference.
    NoExtern,
    /// Any internal reference.
    Any,
    /// Internal references that can be compared.
    Eq,
    /// Small integers.
    I31,
    /// Any structure.
    Struct,
    /// Any array.
    Array,
    /// No internal reference.
    None,
    /// Any exception.
    Exn,
    /// No exception.
    NoExn,
    /// Values of the defined type with this index.
    Concrete(u32),
}

impl RefType {
    /// `funcref`.
    pub const FUNC: RefType = RefType { nullable: true, heap: HeapType::Func };
    /// `exnref`.
    pub const EXN: RefType = RefType { nullable: true, heap: HeapType::Exn };
    /// `externref`.
    pub const EXTERN: RefType = RefType { nullable: true, heap: HeapType::Extern };
}

impl ValType {
    /// Number of slots that a value of this type takes.
    pub const fn slots(self) -> usize {
        match self {
            ValType::V128 => 2,
            _ => 1,
        }
    }
}

/// As the text format writes it: `(ref null 3)`, or `funcref` for short.
impl fmt::Display for RefType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.nullable, self.heap) {
            (true, HeapType::Func) => f.write_str("funcref"),
            (true, HeapType::Extern) => f.write_str("externref"),
            (true, HeapType::Any) => f.write_str("anyref"),
            (true, HeapType::Eq) => f.write_str("eqref"),
            (true, HeapType::I31) => f.write_str("i31ref"),
            (true, HeapType::Struct) => f.write_str("structref"),
            (true, HeapType::Array) => f.write_str("arrayref"),
            (true, HeapType::Exn) => f.write_str("exnref"),
            (true, heap) => write!(f, "(ref null {heap})"),
            (false, heap) => write!(f, "(ref {heap})"),
        }
    }
}

/// As the text format writes it.
impl fmt::Display for HeapType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HeapType::Func => "func",
            HeapType::NoFunc => "nofunc",
            HeapType::Extern => "extern",
            HeapType::NoExtern => "noextern",
            HeapType::Any => "any",
            HeapType::Eq => "eq",
            HeapType::I31 => "i31",
            HeapType::Struct => "struct",
            HeapType::Array => "array",
            HeapType::None => "none",
            HeapType::Exn => "exn",
            HeapType::NoExn => "noexn",
            HeapType::Concrete(index) => return write!(f, "{index}"),
        })
    }
}

/// As the text format writes it.
impl fmt::Display for ValType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValType::I32 => f.write_str("i32"),
            ValType::I64 => f.write_str("i64"),
            ValType::F32 => f.write_str("f32"),
            ValType::F64 => f.write_str("f64"),
            ValType::V128 => f.write_str("v128"),
            ValType::Ref(reference) => reference.fmt(f),
        }
    }
}

/// A function type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct FuncType {
    /// Parameter types.
    pub params: Box<[ValType]>,
    /// Result types.
    pub results: Box<[ValType]>,
}

/// The type of a field of a structure, or of the elements of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FieldType {
    /// What it holds.
    pub storage: StorageType,
    /// Whether it can be set.
    pub mutable: bool,
}

/// What a field holds (§ syntax/types, storage types).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StorageType {
    /// 8 bits, which are an `i32` outside of it.
    I8,
    /// 16 bits, which are an `i32` outside of it.
    I16,
    /// A value.
    Value(ValType),
}

/// A composite type (§ syntax/types, composite types).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CompositeType {
    /// A function type.
    Func(FuncType),
    /// A structure type: its fields.
    Struct(Box<[FieldType]>),
    /// An array type: its elements.
    Array(FieldType),
}

/// A defined type (§ syntax/types, recursive types).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SubType {
    /// Whether it can have subtypes.
    pub open: bool,
    /// The index of the type that it extends.
    pub supertype: Option<u32>,
    /// Its structure.
    pub composite: CompositeType,
}

impl StorageType {
    /// The type of the values that are put in and taken out
    /// (§ syntax/types, unpacking).
    pub const fn unpacked(self) -> ValType {
        match self {
            StorageType::I8 | StorageType::I16 => ValType::I32,
            StorageType::Value(ty) => ty,
        }
    }

    /// Bytes that it takes.
    pub const fn bytes(self) -> usize {
        match self {
            StorageType::I8 => 1,
            StorageType::I16 => 2,
            StorageType::Value(ValType::I32 | ValType::F32) => 4,
            StorageType::Value(ValType::I64 | ValType::F64 | ValType::Ref(_)) => 8,
            StorageType::Value(ValType::V128) => 16,
        }
    }
}

/// The range of a size, in pages, elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Initial size.
    pub min: u64,
    /// Largest size, if stated.
    pub max: Option<u64>,
}

/// The type of the addresses of a memory or table (§ syntax/types, address types).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AddrType {
    /// 32-bit.
    I32,
    /// 64-bit.
    I64,
}

/// A memory type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MemoryType {
    /// Sizes in pages of `1 << page_log2` bytes.
    pub limits: Limits,
    /// Address type.
    pub addr: AddrType,
    /// Whether threads share it (threads proposal).
    pub shared: bool,
    /// Logarithm of the page size: 16, or 0 with custom page sizes.
    pub page_log2: u8,
}

/// A table type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TableType {
    /// Sizes in elements.
    pub limits: Limits,
    /// Address type.
    pub addr: AddrType,
    /// Element type.
    pub element: RefType,
}

/// A global type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GlobalType {
    /// The value's type.
    pub value: ValType,
    /// Whether it can be set.
    pub mutable: bool,
}
