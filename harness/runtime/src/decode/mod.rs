//! Decoding (chapter "Binary Format"): sections in their order, into a [`Module`].

mod entities;
pub(crate) mod reader;
mod segments;
pub(crate) mod types;

use std::sync::Arc;

use crate::config::Config;
use crate::decode::reader::{Checked, Fault, Reader, malformed};
use crate::error::ModuleError;
use crate::lower::Lower;
use crate::module::{Module, ModuleData};

const MODULES: &str = "binary/modules";

impl Module {
    /// Decode, validate and lower a module in one pass.
    ///
    /// # Errors
    /// Says which phase refuses the module, at which byte, by which rule. Of
    /// several faults it names the first one in the order of the bytes.
    pub fn new(config: &Config, bytes: &[u8]) -> Result<Module, ModuleError> {
        let mut lower = Lower::new(config);
        match module(&mut Reader::new(bytes), &mut lower) {
            Ok(()) => Ok(Module(Arc::new(lower.finish()))),
            Err(fault) => Err(*fault),
        }
    }

    pub(crate) fn data(&self) -> &ModuleData {
        &self.0
    }
}

/// Sections in the order in which they must stand; the binary's ids are not in
/// this order (§ binary/modules, modules).
fn place(id: u8, features: &crate::config::Features) -> Option<u8> {
    match id {
        0..=5 => Some(id),
        13 if features.exceptions => Some(6),
        6..=9 => Some(id + 1),
        12 if features.bulk_memory => Some(11),
        10 => Some(12),
        11 => Some(13),
        _ => None,
    }
}

fn module(r: &mut Reader<'_>, lower: &mut Lower) -> Checked<()> {
    header(r)?;
    let mut last = 0;
    let mut has_code = false;
    let mut has_data = false;
    while !r.at_end() {
        let at = r.pos();
        let id = r.byte()?;
        let Some(place) = place(id, &lower.context.features) else {
            return Err(malformed(at, MODULES, format!("malformed section id {id}")));
        };
        let size = r.u32()?;
        let mut part = r.part(size)?;
        if id == 0 {
            part.name()?;
            continue;
        }
        if place <= last {
            return Err(malformed(at, MODULES, "unexpected content after last section"));
        }
        last = place;
        has_code |= id == 10;
        has_data |= id == 11;
        section(id, &mut part, lower)?;
        if !part.at_end() {
            return Err(malformed(part.pos(), MODULES, "section size mismatch"));
        }
    }
    if !has_code && lower.context.module.funcs.len() > lower.context.module.func_imports {
        return Err(inconsistent_code(r.pos()));
    }
    if !has_data && lower.context.data_count.is_some_and(|count| count != 0) {
        return Err(segments::inconsistent_data(r.pos()));
    }
    Ok(())
}

fn header(r: &mut Reader<'_>) -> Checked<()> {
    const HEADER: &str = "binary/modules, modules";
    for (expected, message) in
        [(*b"\0asm", "magic header not detected"), ([1, 0, 0, 0], "unknown binary version")]
    {
        let at = r.pos();
        if r.remaining() < 4 {
            return Err(malformed(at, HEADER, "unexpected end"));
        }
        if r.take(4)? != expected {
            return Err(malformed(at, HEADER, message));
        }
    }
    Ok(())
}

fn section(id: u8, r: &mut Reader<'_>, lower: &mut Lower) -> Checked<()> {
    let context = &mut lower.context;
    match id {
        1 => types::type_section(r, context),
        2 => entities::import_section(r, context),
        3 => entities::function_section(r, context),
        4 => entities::table_section(r, lower),
        5 => entities::memory_section(r, context),
        6 => entities::global_section(r, lower),
        7 => entities::export_section(r, context),
        8 => entities::start_section(r, context),
        9 => segments::element_section(r, lower),
        10 => code_section(r, lower),
        11 => segments::data_section(r, lower),
        13 => entities::tag_section(r, context),
        12 => {
            context.data_count = Some(r.u32()?);
            Ok(())
        }
        _ => Err(malformed(r.pos(), MODULES, format!("malformed section id {id}"))),
    }
}

/// § binary/modules, code section.
fn code_section(r: &mut Reader<'_>, lower: &mut Lower) -> Checked<()> {
    let at = r.pos();
    let count = r.u32()?;
    let imports = lower.context.module.func_imports;
    if count as usize != lower.context.module.funcs.len() - imports {
        return Err(inconsistent_code(at));
    }
    lower.reserve(r.capacity(count, 3), r.remaining());
    for index in 0..count as usize {
        let size = r.u32()?;
        let mut body = r.part(size)?;
        lower.function(&mut body, imports + index)?;
    }
    Ok(())
}

#[cold]
fn inconsistent_code(at: usize) -> Fault {
    malformed(at, MODULES, "function and code section have inconsistent lengths")
}
