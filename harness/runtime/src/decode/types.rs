//! Types in the binary (§ binary/types).

use crate::config::Features;
use crate::decode::reader::{Checked, Fault, Reader, invalid, limit, malformed};
use crate::types::{
    AddrType, FuncType, GlobalType, HeapType, Limits, MemoryType, RefType, TableType, ValType,
};
use crate::validate::context::Context;
use crate::validate::ty::TYPES_MAX;

const TYPES: &str = "binary/types";
const VALID: &str = "valid/types";

/// Parameters, and results, of one function type.
pub(crate) const ARITY_MAX: u32 = 1000;

/// The type section's contents.
pub(crate) fn type_section(r: &mut Reader<'_>, context: &mut Context) -> Checked<()> {
    let count = r.u32()?;
    context.module.types.reserve(r.capacity(count, 3));
    context.signatures.reserve(r.capacity(count, 3));
    for _ in 0..count {
        let at = r.pos();
        if r.byte()? != 0x60 {
            return Err(malformed(
                at,
                TYPES,
                "integer representation too long: not a function type",
            ));
        }
        if context.signatures.len() == TYPES_MAX {
            return Err(limit(at, "too many types"));
        }
        let params = result_type(r, context.features)?;
        let results = result_type(r, context.features)?;
        if results.len() > 1 && !context.features.multi_value {
            return Err(invalid(at, VALID, "invalid result arity: several results"));
        }
        context.add_type(FuncType { params, results });
    }
    Ok(())
}

/// § binary/types, result types.
fn result_type(r: &mut Reader<'_>, features: Features) -> Checked<Box<[ValType]>> {
    let at = r.pos();
    let count = r.u32()?;
    if count > ARITY_MAX && r.remaining() >= count as usize {
        return Err(limit(at, format!("{count} types in one result type")));
    }
    let mut types = Vec::with_capacity(r.capacity(count, 1));
    for _ in 0..count {
        types.push(val_type(r, features)?);
    }
    Ok(types.into_boxed_slice())
}

/// § binary/types, value types.
pub(crate) fn val_type(r: &mut Reader<'_>, features: Features) -> Checked<ValType> {
    let at = r.pos();
    let byte = r.byte()?;
    val_type_of(byte, features).ok_or_else(|| malformed(at, TYPES, "malformed value type"))
}

/// The value type that a byte stands for.
#[inline]
pub(crate) fn val_type_of(byte: u8, features: Features) -> Option<ValType> {
    match byte {
        0x7f => Some(ValType::I32),
        0x7e => Some(ValType::I64),
        0x7d => Some(ValType::F32),
        0x7c => Some(ValType::F64),
        0x7b if features.simd => Some(ValType::V128),
        0x70 if features.reference_types => Some(ValType::Ref(RefType::FUNC)),
        0x6f if features.reference_types => Some(ValType::Ref(RefType::EXTERN)),
        _ => None,
    }
}

/// § binary/types, reference types.
pub(crate) fn ref_type(r: &mut Reader<'_>, features: Features) -> Checked<RefType> {
    let at = r.pos();
    match r.byte()? {
        0x70 => Ok(RefType::FUNC),
        0x6f if features.reference_types => Ok(RefType::EXTERN),
        _ => Err(malformed(at, TYPES, "malformed reference type")),
    }
}

/// § binary/types, heap types.
pub(crate) fn heap_type(r: &mut Reader<'_>) -> Checked<HeapType> {
    let at = r.pos();
    match r.s33()? {
        -0x10 => Ok(HeapType::Func),
        -0x11 => Ok(HeapType::Extern),
        _ => Err(malformed(at, TYPES, "malformed heap type")),
    }
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
pub(crate) fn table_type(r: &mut Reader<'_>, features: Features) -> Checked<TableType> {
    let element = ref_type(r, features)?;
    let at = r.pos();
    let (_, addr, limits) = limits(r, features, 0)?;
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
pub(crate) fn global_type(r: &mut Reader<'_>, features: Features) -> Checked<GlobalType> {
    let value = val_type(r, features)?;
    let at = r.pos();
    let mutable = match r.byte()? {
        0 => false,
        1 => true,
        _ => return Err(malformed(at, TYPES, "malformed mutability")),
    };
    Ok(GlobalType { value, mutable })
}

/// What an engine without a proposal says.
#[cold]
pub(crate) fn disabled(at: usize, proposal: &'static str) -> Fault {
    invalid(at, VALID, format!("{proposal} is switched off"))
}
