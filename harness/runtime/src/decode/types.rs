//! Types in the binary (§ binary/types).

use crate::config::Features;
use crate::decode::reader::{Checked, Fault, Reader, invalid, limit, malformed};
use crate::types::{
    AddrType, CompositeType, FieldType, FuncType, GlobalType, HeapType, Limits, MemoryType,
    RefType, StorageType, SubType, TableType, ValType,
};
use crate::validate::context::{Context, unknown};
use crate::validate::ty::TYPES_MAX;

const TYPES: &str = "binary/types";
const VALID: &str = "valid/types";

/// Parameters, and results, of one function type.
pub(crate) const ARITY_MAX: u32 = 1000;

/// Fields of one structure.
const FIELDS_MAX: u32 = 10_000;

/// The type section's contents: recursive groups (§ binary/modules, type section).
pub(crate) fn type_section(r: &mut Reader<'_>, context: &mut Context) -> Checked<()> {
    let count = r.u32()?;
    let capacity = r.capacity(count, 3);
    context.module.types.types.reserve(capacity);
    context.module.types.canonical.reserve(capacity);
    context.module.types.group_ends.reserve(capacity);
    context.signatures.reserve(capacity);
    for _ in 0..count {
        recursive_type(r, context)?;
    }
    Ok(())
}

/// § binary/types, recursive types: a type by itself is a group of one.
fn recursive_type(r: &mut Reader<'_>, context: &mut Context) -> Checked<()> {
    let at = r.pos();
    let start = context.module.types.types.len();
    let mut count = 1;
    if r.peek() == Some(0x4e) && context.features.gc {
        r.byte()?;
        count = r.u32()? as usize;
    }
    if count > TYPES_MAX - start {
        return Err(limit(at, "too many types"));
    }
    context.types_named_max = start + count;
    for _ in 0..count {
        let ty = sub_type(r, context)?;
        context.module.types.types.push(ty);
    }
    context.add_group(start, at)
}

/// § binary/types, sub types.
fn sub_type(r: &mut Reader<'_>, context: &Context) -> Checked<SubType> {
    let at = r.pos();
    let form = r.byte()?;
    if !matches!(form, 0x4f | 0x50) || !context.features.gc {
        let composite = composite_type(form, r, context)?;
        return Ok(SubType { open: false, supertype: None, composite });
    }
    let supertype = match r.u32()? {
        0 => None,
        1 => Some(r.u32()?),
        count => return Err(invalid(at, VALID, format!("{count} super types of one type"))),
    };
    if supertype.is_some_and(|index| index as usize >= context.module.types.types.len()) {
        return Err(invalid(at, VALID, "unknown type: a super type comes first"));
    }
    let open = form == 0x50;
    let form = r.byte()?;
    let composite = composite_type(form, r, context)?;
    Ok(SubType { open, supertype, composite })
}

/// § binary/types, composite types.
fn composite_type(form: u8, r: &mut Reader<'_>, context: &Context) -> Checked<CompositeType> {
    match form {
        0x60 => {
            let at = r.pos();
            let params = result_type(r, context)?;
            let results = result_type(r, context)?;
            if results.len() > 1 && !context.features.multi_value {
                return Err(invalid(at, VALID, "invalid result arity: several results"));
            }
            Ok(CompositeType::Func(FuncType { params, results }))
        }
        0x5f if context.features.gc => Ok(CompositeType::Struct(struct_type(r, context)?)),
        0x5e if context.features.gc => Ok(CompositeType::Array(field_type(r, context)?)),
        _ => Err(malformed(
            r.pos() - 1,
            TYPES,
            "integer representation too long: not a composite type",
        )),
    }
}

fn struct_type(r: &mut Reader<'_>, context: &Context) -> Checked<Box<[FieldType]>> {
    let at = r.pos();
    let count = r.u32()?;
    if count > FIELDS_MAX && r.remaining() >= count as usize {
        return Err(limit(at, format!("{count} fields in one structure")));
    }
    let mut fields = Vec::with_capacity(r.capacity(count, 2));
    for _ in 0..count {
        fields.push(field_type(r, context)?);
    }
    Ok(fields.into_boxed_slice())
}

/// § binary/types, field types.
fn field_type(r: &mut Reader<'_>, context: &Context) -> Checked<FieldType> {
    let storage = match r.peek() {
        Some(0x78) => StorageType::I8,
        Some(0x77) => StorageType::I16,
        _ => StorageType::Value(val_type(r, context)?),
    };
    if !matches!(storage, StorageType::Value(_)) {
        r.byte()?;
    }
    Ok(FieldType { storage, mutable: mutability(r)? })
}

fn mutability(r: &mut Reader<'_>) -> Checked<bool> {
    let at = r.pos();
    match r.byte()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(malformed(at, TYPES, "malformed mutability")),
    }
}

/// § binary/types, result types.
fn result_type(r: &mut Reader<'_>, context: &Context) -> Checked<Box<[ValType]>> {
    let at = r.pos();
    let count = r.u32()?;
    if count > ARITY_MAX && r.remaining() >= count as usize {
        return Err(limit(at, format!("{count} types in one result type")));
    }
    let mut types = Vec::with_capacity(r.capacity(count, 1));
    for _ in 0..count {
        types.push(val_type(r, context)?);
    }
    Ok(types.into_boxed_slice())
}

/// § binary/types, value types.
#[inline]
pub(crate) fn val_type(r: &mut Reader<'_>, context: &Context) -> Checked<ValType> {
    let at = r.pos();
    let byte = r.byte()?;
    match byte {
        0x7f => Ok(ValType::I32),
        0x7e => Ok(ValType::I64),
        0x7d => Ok(ValType::F32),
        0x7c => Ok(ValType::F64),
        0x7b if context.features.simd => Ok(ValType::V128),
        _ if context.features.reference_types => match ref_type_of(byte, r, context)? {
            Some(reference) => Ok(ValType::Ref(reference)),
            None => Err(malformed(at, TYPES, "malformed value type")),
        },
        _ => Err(malformed(at, TYPES, "malformed value type")),
    }
}

/// § binary/types, reference types.
pub(crate) fn ref_type(r: &mut Reader<'_>, context: &Context) -> Checked<RefType> {
    let at = r.pos();
    match r.byte()? {
        0x70 => Ok(RefType::FUNC),
        byte if context.features.reference_types => {
            let reference = ref_type_of(byte, r, context)?;
            reference.ok_or_else(|| malformed(at, TYPES, "malformed reference type"))
        }
        _ => Err(malformed(at, TYPES, "malformed reference type")),
    }
}

/// The reference type that begins with a byte, if one does.
fn ref_type_of(byte: u8, r: &mut Reader<'_>, context: &Context) -> Checked<Option<RefType>> {
    let (nullable, heap) = match byte {
        0x63 | 0x64 if context.features.function_references => {
            (byte == 0x63, Some(heap_type(r, context)?))
        }
        _ => (true, abstract_heap_type(byte, context.features)),
    };
    Ok(heap.map(|heap| RefType { nullable, heap }))
}

/// § binary/types, heap types.
pub(crate) fn heap_type(r: &mut Reader<'_>, context: &Context) -> Checked<HeapType> {
    let at = r.pos();
    if let Some(byte @ 0x40..0x80) = r.peek() {
        r.byte()?;
        let heap = abstract_heap_type(byte, context.features);
        return heap.ok_or_else(|| malformed(at, TYPES, "malformed heap type"));
    }
    let index = r.s33()?;
    let Ok(index) = u32::try_from(index) else {
        return Err(malformed(at, TYPES, "malformed heap type"));
    };
    if !context.features.function_references {
        return Err(disabled(at, "references to types"));
    }
    if index as usize >= context.types_named_max {
        return Err(unknown("type", index, at));
    }
    Ok(HeapType::Concrete(index))
}

/// The abstract heap type that a byte stands for.
fn abstract_heap_type(byte: u8, features: Features) -> Option<HeapType> {
    let (heap, on) = match byte {
        0x70 => (HeapType::Func, true),
        0x6f => (HeapType::Extern, true),
        0x73 => (HeapType::NoFunc, features.gc),
        0x72 => (HeapType::NoExtern, features.gc),
        0x71 => (HeapType::None, features.gc),
        0x6e => (HeapType::Any, features.gc),
        0x6d => (HeapType::Eq, features.gc),
        0x6c => (HeapType::I31, features.gc),
        0x6b => (HeapType::Struct, features.gc),
        0x6a => (HeapType::Array, features.gc),
        0x69 => (HeapType::Exn, features.exceptions),
        0x74 => (HeapType::NoExn, features.exceptions),
        _ => return None,
    };
    on.then_some(heap)
}

// Flags of limits.
const HAS_MAX: u8 = 1;
const SHARED: u8 = 2;
const ADDR64: u8 = 4;
const PAGE_SIZE: u8 = 8;

/// § binary/types, limits; with the address type that shares their first byte.
/// Before 64-bit addresses the sizes were `u32`; since then they are `u64` in all
/// limits, and validation bounds them.
///
/// `flags` are those allowed beside [`HAS_MAX`] and [`ADDR64`]; those found are given.
fn limits(r: &mut Reader<'_>, features: Features, flags: u8) -> Checked<(u8, AddrType, Limits)> {
    let at = r.pos();
    let allowed = flags | HAS_MAX | if features.memory64 { ADDR64 } else { 0 };
    let flags = r.byte()?;
    if flags & !allowed != 0 {
        return Err(malformed(at, TYPES, limits_message(flags, features)));
    }
    let addr = if flags & ADDR64 != 0 { AddrType::I64 } else { AddrType::I32 };
    let mut size = || if features.memory64 { r.u64() } else { r.u32().map(u64::from) };
    let min = size()?;
    let max = if flags & HAS_MAX != 0 { Some(size()?) } else { None };
    Ok((flags, addr, Limits { min, max }))
}

/// The byte was an integer before it became flags.
fn limits_message(flags: u8, features: Features) -> &'static str {
    match flags {
        _ if features.memory64 => "malformed limits flags",
        0x80.. => "integer representation too long: limits flags",
        _ => "integer too large: limits flags",
    }
}

/// § binary/types, table types, and § valid/types, table types.
pub(crate) fn table_type(r: &mut Reader<'_>, context: &Context) -> Checked<TableType> {
    let element = ref_type(r, context)?;
    let at = r.pos();
    let (_, addr, limits) = limits(r, context.features, 0)?;
    let most = match addr {
        AddrType::I32 => u64::from(u32::MAX),
        AddrType::I64 => u64::MAX,
    };
    check_range(limits, most, at, "table size must be at most 2^32-1")?;
    Ok(TableType { limits, addr, element })
}

/// § binary/types, memory types, and § valid/types, memory types; with the proposals
/// threads and custom-page-sizes.
pub(crate) fn memory_type(r: &mut Reader<'_>, features: Features) -> Checked<MemoryType> {
    let at = r.pos();
    let shared = if features.threads { SHARED } else { 0 };
    let page_size = if features.custom_page_sizes { PAGE_SIZE } else { 0 };
    let (flags, addr, limits) = limits(r, features, shared | page_size)?;
    let page_log2 = if flags & PAGE_SIZE != 0 { page_log2(r)? } else { 16 };
    // A size fits in the address type in bytes or, if pages are bytes, in pages.
    let (pages_max, message) = match (addr, page_log2) {
        (AddrType::I32, 16) => (1 << 16, "memory size must be at most 65536 pages (4GiB)"),
        (AddrType::I64, 16) => (1 << 48, "memory size must be at most 2^48 pages"),
        (AddrType::I32, _) => (u64::from(u32::MAX), "memory size must be at most 2^32-1 bytes"),
        (AddrType::I64, _) => (u64::MAX, "memory size must be at most 2^64-1 bytes"),
    };
    check_range(limits, pages_max, at, message)?;
    let shared = flags & SHARED != 0;
    if shared && limits.max.is_none() {
        return Err(invalid(at, VALID, "shared memory must have maximum"));
    }
    Ok(MemoryType { limits, addr, shared, page_log2 })
}

/// The logarithm of a page size, which is 1 or 65536 bytes.
fn page_log2(r: &mut Reader<'_>) -> Checked<u8> {
    const MESSAGE: &str = "invalid custom page size";
    let at = r.pos();
    match r.u32()? {
        0 => Ok(0),
        16 => Ok(16),
        1..64 => Err(invalid(at, VALID, MESSAGE)),
        _ => Err(malformed(at, TYPES, MESSAGE)),
    }
}

/// § valid/types, limits.
fn check_range(limits: Limits, most: u64, at: usize, message: &'static str) -> Checked<()> {
    if limits.min > most || limits.max.is_some_and(|max| max > most) {
        return Err(invalid(at, VALID, message));
    }
    if limits.max.is_some_and(|max| max < limits.min) {
        return Err(invalid(at, VALID, "size minimum must not be greater than maximum"));
    }
    Ok(())
}

/// § binary/types, global types.
pub(crate) fn global_type(r: &mut Reader<'_>, context: &Context) -> Checked<GlobalType> {
    let value = val_type(r, context)?;
    Ok(GlobalType { value, mutable: mutability(r)? })
}

/// What an engine without a proposal says.
#[cold]
pub(crate) fn disabled(at: usize, proposal: &'static str) -> Fault {
    invalid(at, VALID, format!("{proposal} is switched off"))
}
