//! The sections that fill the index spaces: imports, functions, tables, memories,
//! tags, globals, exports, start (§ binary/modules, with § valid/modules).

use std::collections::HashSet;

use crate::decode::reader::{Checked, Reader, invalid, limit, malformed};
use crate::decode::types::{disabled, global_type, memory_type, table_type};
use crate::lower::Lower;
use crate::module::{ConstExpr, Export, ExternKind, Import, ImportType};
use crate::refs::NULL;
use crate::types::{TableType, ValType};
use crate::validate::context::Context;

const MODULES: &str = "binary/modules";
const VALID: &str = "valid/modules";

/// Entries of one index space, and exports (§ appendix/implementation, module structure).
const SPACE_MAX: usize = 1_000_000;

/// Refuse one entry more than [`SPACE_MAX`].
fn room(len: usize, at: usize, what: &'static str) -> Checked<()> {
    if len >= SPACE_MAX {
        return Err(limit(at, format!("too many {what}")));
    }
    Ok(())
}

pub(super) fn import_section(r: &mut Reader<'_>, context: &mut Context) -> Checked<()> {
    let count = r.u32()?;
    context.module.imports.reserve(r.capacity(count, 4));
    for _ in 0..count {
        let at = r.pos();
        room(context.module.imports.len(), at, "imports")?;
        let module = r.name()?.to_owned();
        let name = r.name()?.to_owned();
        let ty = import_type(r, context)?;
        context.module.imports.push(Import { module, name, ty });
    }
    context.module.func_imports = context.module.funcs.len();
    context.global_imports = context.module.globals.len();
    check_counts(context, r.pos())
}

fn import_type(r: &mut Reader<'_>, context: &mut Context) -> Checked<ImportType> {
    let at = r.pos();
    match r.byte()? {
        0 => {
            let ty = r.u32()?;
            context.signature(ty, at)?;
            context.add_func(ty);
            Ok(ImportType::Func(ty))
        }
        1 => {
            let ty = table_type(r, context)?;
            context.module.tables.push(ty);
            Ok(ImportType::Table(ty))
        }
        2 => {
            let ty = memory_type(r, context.features)?;
            context.module.memories.push(ty);
            Ok(ImportType::Memory(ty))
        }
        3 => {
            let ty = global_type(r, context)?;
            if ty.mutable && !context.features.mutable_global {
                return Err(disabled(at, "import of mutable globals"));
            }
            context.add_global(ty);
            Ok(ImportType::Global(ty))
        }
        4 if context.features.exceptions => {
            let ty = tag_type(r, context)?;
            context.module.tags.push(ty);
            Ok(ImportType::Tag(ty))
        }
        _ => Err(malformed(at, MODULES, "malformed import kind")),
    }
}

pub(super) fn function_section(r: &mut Reader<'_>, context: &mut Context) -> Checked<()> {
    let count = r.u32()?;
    context.module.funcs.reserve(r.capacity(count, 1));
    context.declared.reserve(r.capacity(count, 1));
    for _ in 0..count {
        let at = r.pos();
        room(context.module.funcs.len(), at, "functions")?;
        let ty = r.u32()?;
        context.signature(ty, at)?;
        context.add_func(ty);
    }
    Ok(())
}

pub(super) fn table_section(r: &mut Reader<'_>, lower: &mut Lower) -> Checked<()> {
    let count = r.u32()?;
    lower.context.module.tables.reserve(r.capacity(count, 3));
    for _ in 0..count {
        room(lower.context.module.tables.len(), r.pos(), "tables")?;
        let (ty, init) = table(r, lower)?;
        lower.context.module.tables.push(ty);
        lower.context.module.table_inits.push(init);
    }
    check_counts(&lower.context, r.pos())
}

/// § binary/modules, table section, and § valid/modules, tables: without an initial
/// element it is null.
fn table(r: &mut Reader<'_>, lower: &mut Lower) -> Checked<(TableType, ConstExpr)> {
    let at = r.pos();
    if r.peek() == Some(0x40) && lower.context.features.function_references {
        r.byte()?;
        if r.byte()? != 0 {
            return Err(malformed(at + 1, MODULES, "malformed table"));
        }
        let ty = table_type(r, &lower.context)?;
        let element = lower.context.ty(ValType::Ref(ty.element));
        return Ok((ty, lower.const_expr(r, element)?));
    }
    let ty = table_type(r, &lower.context)?;
    if !ty.element.nullable {
        return Err(invalid(at, VALID, "type mismatch: a table without null needs an element"));
    }
    Ok((ty, ConstExpr::Value(NULL, 0)))
}

pub(super) fn memory_section(r: &mut Reader<'_>, context: &mut Context) -> Checked<()> {
    let count = r.u32()?;
    context.module.memories.reserve(r.capacity(count, 2));
    for _ in 0..count {
        room(context.module.memories.len(), r.pos(), "memories")?;
        let ty = memory_type(r, context.features)?;
        context.module.memories.push(ty);
    }
    check_counts(context, r.pos())
}

/// How many tables and memories there may be.
fn check_counts(context: &Context, at: usize) -> Checked<()> {
    if context.module.memories.len() > 1 && !context.features.multi_memory {
        return Err(invalid(at, VALID, "multiple memories"));
    }
    if context.module.tables.len() > 1 && !context.features.reference_types {
        return Err(invalid(at, VALID, "multiple tables"));
    }
    Ok(())
}

pub(super) fn tag_section(r: &mut Reader<'_>, context: &mut Context) -> Checked<()> {
    let count = r.u32()?;
    context.module.tags.reserve(r.capacity(count, 2));
    for _ in 0..count {
        room(context.module.tags.len(), r.pos(), "tags")?;
        let ty = tag_type(r, context)?;
        context.module.tags.push(ty);
    }
    Ok(())
}

/// § binary/types, tag types, and § valid/types, tag types: the index of a type.
fn tag_type(r: &mut Reader<'_>, context: &Context) -> Checked<u32> {
    let at = r.pos();
    if r.byte()? != 0 {
        return Err(malformed(at, "binary/types", "malformed tag attribute"));
    }
    let ty = r.u32()?;
    if context.signature(ty, at)?.results.len != 0 {
        return Err(invalid(at, "valid/types", "non-empty tag result type"));
    }
    Ok(ty)
}

pub(super) fn global_section(r: &mut Reader<'_>, lower: &mut Lower) -> Checked<()> {
    let count = r.u32()?;
    lower.context.module.globals.reserve(r.capacity(count, 3));
    lower.context.module.global_inits.reserve(r.capacity(count, 3));
    for _ in 0..count {
        room(lower.context.module.globals.len(), r.pos(), "globals")?;
        let ty = global_type(r, &lower.context)?;
        let value = lower.context.ty(ty.value);
        let init = lower.const_expr(r, value)?;
        lower.context.add_global(ty);
        lower.context.module.global_inits.push(init);
    }
    Ok(())
}

pub(super) fn export_section(r: &mut Reader<'_>, context: &mut Context) -> Checked<()> {
    let start = r.pos();
    let count = r.u32()?;
    context.module.exports.reserve(r.capacity(count, 3));
    for _ in 0..count {
        let at = r.pos();
        room(context.module.exports.len(), at, "exports")?;
        let name = r.name()?.to_owned();
        let kind_at = r.pos();
        let kind = match r.byte()? {
            0 => ExternKind::Func,
            1 => ExternKind::Table,
            2 => ExternKind::Memory,
            3 => ExternKind::Global,
            4 if context.features.exceptions => ExternKind::Tag,
            _ => return Err(malformed(kind_at, MODULES, "malformed export kind")),
        };
        let index = r.u32()?;
        check_export(context, kind, index, at)?;
        context.module.exports.push(Export { name, kind, index });
    }
    check_distinct(&context.module.exports, start)
}

fn check_export(context: &mut Context, kind: ExternKind, index: u32, at: usize) -> Checked<()> {
    match kind {
        ExternKind::Func => context.declare(index, at),
        ExternKind::Table => context.table(index, at).map(|_| ()),
        ExternKind::Memory => context.memory(index, at).map(|_| ()),
        ExternKind::Tag => context.tag(index, at).map(|_| ()),
        ExternKind::Global => {
            let (_, mutable) = context.global(index, at)?;
            if mutable && !context.features.mutable_global {
                return Err(disabled(at, "export of mutable globals"));
            }
            Ok(())
        }
    }
}

/// Export names are distinct. Few are compared with one another, many are hashed.
fn check_distinct(exports: &[Export], at: usize) -> Checked<()> {
    const FEW: usize = 12;
    let mut names = exports.iter().map(|export| &export.name);
    let twice = if exports.len() <= FEW {
        let mut seen = names.enumerate();
        seen.find(|(i, name)| exports[..*i].iter().any(|e| e.name == **name)).map(|(_, name)| name)
    } else {
        let mut seen = HashSet::with_capacity(exports.len());
        names.find(|name| !seen.insert(name.as_str()))
    };
    match twice {
        Some(name) => Err(invalid(at, VALID, format!("duplicate export name {name:?}"))),
        None => Ok(()),
    }
}

pub(super) fn start_section(r: &mut Reader<'_>, context: &mut Context) -> Checked<()> {
    let at = r.pos();
    let index = r.u32()?;
    let signature = context.signature(context.func(index, at)?, at)?;
    if signature.params.len != 0 || signature.results.len != 0 {
        return Err(invalid(at, VALID, "start function takes parameters or gives results"));
    }
    context.module.start = Some(index);
    Ok(())
}
