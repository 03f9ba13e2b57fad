//! Element and data segments (§ binary/modules, with § valid/modules).

use std::sync::Arc;

use crate::decode::reader::{Checked, Reader, invalid, limit, malformed};
use crate::decode::types::{disabled, ref_type};
use crate::lower::Lower;
use crate::module::{ConstExpr, DataSegment, ElemSegment, SegmentMode};
use crate::types::{HeapType, RefType, ValType};
use crate::validate::ty::Ty;

const MODULES: &str = "binary/modules";
const VALID: &str = "valid/modules";

/// Segments of one kind (§ appendix/implementation, module structure).
const SEGMENTS_MAX: usize = 100_000;

/// The type of segments that list function indices.
const FUNCTIONS: RefType = RefType { nullable: false, heap: HeapType::Func };

/// Elements of one segment.
const ITEMS_MAX: u32 = 10_000_000;

pub(super) fn element_section(r: &mut Reader<'_>, lower: &mut Lower) -> Checked<()> {
    let count = r.u32()?;
    lower.context.module.elems.reserve(r.capacity(count, 4));
    for _ in 0..count {
        if lower.context.module.elems.len() >= SEGMENTS_MAX {
            return Err(limit(r.pos(), "too many element segments"));
        }
        let segment = element_segment(r, lower)?;
        lower.context.module.elems.push(segment);
    }
    Ok(())
}

/// Bit 0 of the first number: not active. Bit 1: an index, or declarative.
/// Bit 2: expressions instead of function indices.
fn element_segment(r: &mut Reader<'_>, lower: &mut Lower) -> Checked<ElemSegment> {
    let at = r.pos();
    let flags = r.u32()?;
    let features = lower.context.features;
    if flags > 7 {
        return Err(malformed(at, MODULES, "malformed elements segment kind"));
    }
    if flags & 1 != 0 && !features.bulk_memory {
        return Err(disabled(at, "bulk memory operations"));
    }
    if flags & 4 != 0 && !features.reference_types {
        return Err(disabled(at, "reference types"));
    }
    let mut table = None;
    let mode = if flags & 1 == 0 {
        let index = if flags & 2 != 0 { r.u32()? } else { 0 };
        let ty = lower.context.table(index, at)?;
        table = Some(ty);
        SegmentMode::Active { index, offset: lower.const_expr(r, Ty::addr(ty.addr))? }
    } else if flags & 2 == 0 {
        SegmentMode::Passive
    } else {
        SegmentMode::Declarative
    };
    let ty = match flags {
        0 => FUNCTIONS,
        4 => RefType::FUNC,
        _ if flags & 4 != 0 => ref_type(r, &lower.context)?,
        _ => elem_kind(r)?,
    };
    let element = lower.context.ty(ValType::Ref(ty));
    if let Some(table) = table
        && !lower.context.fits(element, lower.context.ty(ValType::Ref(table.element)))
    {
        return Err(invalid(at, VALID, "type mismatch: element segment and table"));
    }
    let items = element_items(r, lower, element, flags & 4 != 0)?;
    Ok(ElemSegment { ty, mode, items })
}

fn elem_kind(r: &mut Reader<'_>) -> Checked<RefType> {
    let at = r.pos();
    match r.byte()? {
        0 => Ok(FUNCTIONS),
        _ => Err(malformed(at, MODULES, "malformed element kind")),
    }
}

fn element_items(
    r: &mut Reader<'_>,
    lower: &mut Lower,
    ty: Ty,
    expressions: bool,
) -> Checked<Vec<ConstExpr>> {
    let at = r.pos();
    let count = r.u32()?;
    if count > ITEMS_MAX && r.remaining() >= count as usize {
        return Err(limit(at, format!("{count} elements in one segment")));
    }
    let mut items = Vec::with_capacity(r.capacity(count, 1));
    for _ in 0..count {
        if expressions {
            items.push(lower.const_expr(r, ty)?);
        } else {
            let at = r.pos();
            let index = r.u32()?;
            lower.context.declare(index, at)?;
            items.push(ConstExpr::RefFunc(index));
        }
    }
    Ok(items)
}

pub(super) fn data_section(r: &mut Reader<'_>, lower: &mut Lower) -> Checked<()> {
    let at = r.pos();
    let count = r.u32()?;
    if lower.context.data_count.is_some_and(|announced| announced != count) {
        return Err(inconsistent_data(at));
    }
    lower.context.module.datas.reserve(r.capacity(count, 2));
    for _ in 0..count {
        if lower.context.module.datas.len() >= SEGMENTS_MAX {
            return Err(limit(r.pos(), "too many data segments"));
        }
        let segment = data_segment(r, lower)?;
        lower.context.module.datas.push(segment);
    }
    Ok(())
}

#[cold]
pub(super) fn inconsistent_data(at: usize) -> super::reader::Fault {
    malformed(at, MODULES, "data count and data section have inconsistent lengths")
}

fn data_segment(r: &mut Reader<'_>, lower: &mut Lower) -> Checked<DataSegment> {
    let at = r.pos();
    let flags = r.u32()?;
    if flags > 2 {
        return Err(malformed(at, MODULES, "malformed data segment kind"));
    }
    if flags == 1 && !lower.context.features.bulk_memory {
        return Err(disabled(at, "bulk memory operations"));
    }
    let mode = if flags == 1 {
        SegmentMode::Passive
    } else {
        let index = if flags == 2 { r.u32()? } else { 0 };
        let addr = lower.context.memory(index, at)?.addr;
        SegmentMode::Active { index, offset: lower.const_expr(r, Ty::addr(addr))? }
    };
    let size = r.u32()?;
    let bytes = Arc::from(r.take(size as usize)?);
    Ok(DataSegment { mode, bytes })
}
