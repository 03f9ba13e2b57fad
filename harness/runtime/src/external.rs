//! External types, what a module says about its imports and exports, and
//! whether an object fits (§ valid/matching, external types).

use std::fmt;

use crate::module::{ExternKind, ImportType, Module, ModuleData};
use crate::subtype::Hierarchy;
use crate::types::{AddrType, FuncType, GlobalType, Limits, MemoryType, TableType, ValType};

/// The type of an import or export (§ syntax/types, external types).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ExternType {
    /// A function.
    Func(FuncType),
    /// A table.
    Table(TableType),
    /// A memory.
    Memory(MemoryType),
    /// A global.
    Global(GlobalType),
    /// A tag; its exceptions have the parameters for values.
    Tag(FuncType),
}

/// One import of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportDesc<'a> {
    /// The first name.
    pub module: &'a str,
    /// The second name.
    pub name: &'a str,
    /// What is wanted; concrete types are the module's indices.
    pub ty: ExternType,
}

/// One export of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportDesc<'a> {
    /// The name.
    pub name: &'a str,
    /// What is offered; concrete types are the module's indices.
    pub ty: ExternType,
}

impl Module {
    /// The imports, in order.
    pub fn imports(&self) -> impl Iterator<Item = ImportDesc<'_>> {
        self.0.imports.iter().map(|import| {
            let ty = self.0.import_type(&import.ty);
            ImportDesc { module: &import.module, name: &import.name, ty }
        })
    }

    /// The exports, in order.
    pub fn exports(&self) -> impl Iterator<Item = ExportDesc<'_>> {
        self.0.exports.iter().map(|export| {
            let ty = self.0.extern_type(export.kind, export.index as usize);
            ExportDesc { name: &export.name, ty }
        })
    }
}

impl ModuleData {
    pub(crate) fn import_type(&self, ty: &ImportType) -> ExternType {
        match *ty {
            ImportType::Func(index) => ExternType::Func(self.types.func(index).clone()),
            ImportType::Table(ty) => ExternType::Table(ty),
            ImportType::Memory(ty) => ExternType::Memory(ty),
            ImportType::Global(ty) => ExternType::Global(ty),
            ImportType::Tag(index) => ExternType::Tag(self.types.func(index).clone()),
        }
    }

    fn extern_type(&self, kind: ExternKind, index: usize) -> ExternType {
        match kind {
            ExternKind::Func => ExternType::Func(self.types.func(self.funcs[index]).clone()),
            ExternKind::Table => ExternType::Table(self.tables[index]),
            ExternKind::Memory => ExternType::Memory(self.memories[index]),
            ExternKind::Global => ExternType::Global(self.globals[index]),
            ExternKind::Tag => ExternType::Tag(self.types.func(self.tags[index]).clone()),
        }
    }
}

impl ExternType {
    /// What kind of thing has such a type.
    pub fn kind(&self) -> ExternKind {
        match self {
            ExternType::Func(_) => ExternKind::Func,
            ExternType::Table(_) => ExternKind::Table,
            ExternType::Memory(_) => ExternKind::Memory,
            ExternType::Global(_) => ExternKind::Global,
            ExternType::Tag(_) => ExternKind::Tag,
        }
    }

    /// Whether something of this type may be imported where `wanted` stands
    /// (§ valid/matching, external types); both with the numbers of `types`.
    /// Functions and tags are matched by the numbers of their types, which are not
    /// known here.
    pub(crate) fn matches(&self, wanted: &ExternType, types: &impl Hierarchy) -> bool {
        match (self, wanted) {
            (ExternType::Table(found), ExternType::Table(wanted)) => {
                found.element == wanted.element
                    && found.addr == wanted.addr
                    && limits_match(&found.limits, &wanted.limits)
            }
            (ExternType::Memory(found), ExternType::Memory(wanted)) => {
                (found.addr, found.shared, found.page_log2)
                    == (wanted.addr, wanted.shared, wanted.page_log2)
                    && limits_match(&found.limits, &wanted.limits)
            }
            (ExternType::Global(found), ExternType::Global(wanted)) => {
                found.mutable == wanted.mutable
                    && match found.mutable {
                        true => found.value == wanted.value,
                        false => types.val_matches(found.value, wanted.value),
                    }
            }
            _ => false,
        }
    }
}

/// § valid/matching, limits.
fn limits_match(found: &Limits, wanted: &Limits) -> bool {
    let max_fits = match (found.max, wanted.max) {
        (_, None) => true,
        (Some(found), Some(wanted)) => found <= wanted,
        (None, Some(_)) => false,
    };
    found.min >= wanted.min && max_fits
}

/// In the manner of the text format: `(func (param i32) (result i64))`.
impl fmt::Display for ExternType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExternType::Func(ty) => {
                f.write_str("(func")?;
                write_types(f, "param", &ty.params)?;
                write_types(f, "result", &ty.results)?;
            }
            ExternType::Table(ty) => {
                f.write_str("(table")?;
                write_limits(f, ty.addr, &ty.limits)?;
                write!(f, " {}", ValType::Ref(ty.element))?;
            }
            ExternType::Memory(ty) => {
                f.write_str("(memory")?;
                write_limits(f, ty.addr, &ty.limits)?;
                f.write_str(if ty.shared { " shared" } else { "" })?;
                f.write_str(if ty.page_log2 == 0 { " (pagesize 1)" } else { "" })?;
            }
            ExternType::Global(ty) if ty.mutable => write!(f, "(global (mut {})", ty.value)?,
            ExternType::Global(ty) => write!(f, "(global {}", ty.value)?,
            ExternType::Tag(ty) => {
                f.write_str("(tag")?;
                write_types(f, "param", &ty.params)?;
            }
        }
        f.write_str(")")
    }
}

fn write_types(f: &mut fmt::Formatter<'_>, word: &str, types: &[ValType]) -> fmt::Result {
    if types.is_empty() {
        return Ok(());
    }
    write!(f, " ({word}")?;
    types.iter().try_for_each(|ty| write!(f, " {ty}"))?;
    f.write_str(")")
}

fn write_limits(f: &mut fmt::Formatter<'_>, addr: AddrType, limits: &Limits) -> fmt::Result {
    if addr == AddrType::I64 {
        f.write_str(" i64")?;
    }
    write!(f, " {}", limits.min)?;
    limits.max.map_or(Ok(()), |max| write!(f, " {max}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intern::Types;
    use crate::types::RefType;

    fn memory(min: u64, max: Option<u64>) -> MemoryType {
        let limits = Limits { min, max };
        MemoryType { limits, addr: AddrType::I32, shared: false, page_log2: 16 }
    }

    #[test]
    fn limits_match_when_every_size_found_is_a_size_wanted() {
        let fits = |found: (u64, Option<u64>), wanted: (u64, Option<u64>)| {
            let found = ExternType::Memory(memory(found.0, found.1));
            found.matches(&ExternType::Memory(memory(wanted.0, wanted.1)), &Types::default())
        };
        assert!(fits((1, Some(2)), (1, Some(2))));
        assert!(fits((2, Some(2)), (1, Some(3))));
        assert!(fits((2, None), (1, None)));
        assert!(!fits((2, None), (1, Some(3))));
        assert!(!fits((1, Some(4)), (1, Some(3))));
        assert!(!fits((0, None), (1, None)));
    }

    #[test]
    fn address_types_must_be_the_same() {
        let narrow = memory(1, None);
        let wide = MemoryType { addr: AddrType::I64, ..narrow };
        let types = Types::default();
        assert!(!ExternType::Memory(narrow).matches(&ExternType::Memory(wide), &types));
    }

    #[test]
    fn mutable_globals_must_have_the_very_type() {
        let global = |mutable, nullable| {
            let value = ValType::Ref(RefType { nullable, ..RefType::FUNC });
            ExternType::Global(GlobalType { value, mutable })
        };
        let types = Types::default();
        assert!(global(false, false).matches(&global(false, true), &types));
        assert!(!global(false, true).matches(&global(false, false), &types));
        assert!(!global(true, false).matches(&global(true, true), &types));
        assert!(global(true, true).matches(&global(true, true), &types));
        assert!(!global(true, true).matches(&global(false, true), &types));
    }

    #[test]
    fn types_are_written_as_in_the_text_format() {
        let params = [ValType::I32, ValType::F64].into();
        let func = FuncType { params, results: [ValType::Ref(RefType::EXTERN)].into() };
        assert_eq!(ExternType::Func(func).to_string(), "(func (param i32 f64) (result externref))");
        assert_eq!(ExternType::Memory(memory(1, Some(2))).to_string(), "(memory 1 2)");
        let global = GlobalType { value: ValType::I64, mutable: true };
        assert_eq!(ExternType::Global(global).to_string(), "(global (mut i64))");
    }
}
