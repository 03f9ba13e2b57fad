//! What a module exports: functions with their types, and globals.

use wasmparser::AbstractHeapType::{Exn, NoExn};
use wasmparser::{
    CompositeInnerType, ExternalKind, FuncType, HeapType, Parser, Payload, RecGroup, TypeRef,
    ValType,
};

use crate::value::{RefKind, ValueType};

/// Names of the modules that WASI is imported from.
const WASI: [&str; 2] = ["wasi_snapshot_preview1", "wasi"];

/// What of a module has to be known to call it.
#[derive(Debug, Default)]
pub struct Interface {
    /// Exported functions with their types, in order.
    pub functions: Vec<(String, FuncType)>,
    /// Names of exported globals.
    pub globals: Vec<String>,
    /// What it imports, in order.
    pub imports: Vec<ImportedField>,
    /// Whether it has a start function.
    pub has_start: bool,
    /// Whether it imports from WASI: preview 1 or its threads.
    pub imports_wasi: bool,
}

/// One import.
#[derive(Clone, Debug)]
pub struct ImportedField {
    /// The module that it is from.
    pub module: String,
    /// Its name there.
    pub field: String,
    /// Its type, if it is a function.
    pub function: Option<FuncType>,
}

impl Interface {
    /// Read the interface of a binary; `None` if it is damaged, which is for an
    /// engine to say.
    pub fn read(bytes: &[u8]) -> Option<Interface> {
        let mut reader = Reader::default();
        for payload in Parser::new(0).parse_all(bytes) {
            reader.take(payload.ok()?)?;
        }
        Some(reader.interface)
    }

    /// The type of an exported function.
    pub fn function(&self, name: &str) -> Option<&FuncType> {
        self.functions.iter().find(|(export, _)| export == name).map(|(_, ty)| ty)
    }
}

#[derive(Default)]
struct Reader {
    /// By type index; `None` for what is no function type.
    types: Vec<Option<FuncType>>,
    /// Type indices by function index.
    functions: Vec<u32>,
    interface: Interface,
}

impl Reader {
    fn take(&mut self, payload: Payload<'_>) -> Option<()> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    self.types.extend(function_types(group.ok()?));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.ok()?;
                    self.interface.imports_wasi |= WASI.contains(&import.module);
                    let mut function = None;
                    if let TypeRef::Func(index) | TypeRef::FuncExact(index) = import.ty {
                        self.functions.push(index);
                        function = self.types.get(index as usize)?.clone();
                    }
                    let (module, field) = (import.module.to_owned(), import.name.to_owned());
                    self.interface.imports.push(ImportedField { module, field, function });
                }
            }
            Payload::FunctionSection(section) => {
                for index in section {
                    self.functions.push(index.ok()?);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.ok()?;
                    if export.kind == ExternalKind::Global {
                        self.interface.globals.push(export.name.to_owned());
                    } else if matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact) {
                        let ty = *self.functions.get(export.index as usize)?;
                        let ty = self.types.get(ty as usize)?.clone()?;
                        self.interface.functions.push((export.name.to_owned(), ty));
                    }
                }
            }
            Payload::StartSection { .. } => self.interface.has_start = true,
            _ => {}
        }
        Some(())
    }
}

fn function_types(group: RecGroup) -> impl Iterator<Item = Option<FuncType>> {
    group.into_types().map(|ty| match ty.composite_type.inner {
        CompositeInnerType::Func(ty) => Some(ty),
        _ => None,
    })
}

/// A type as far as the harness tells types apart.
pub fn value_type(ty: ValType) -> ValueType {
    match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::Ref(reference) if reference.is_func_ref() => ValueType::Ref(RefKind::Func),
        ValType::Ref(reference) if reference.is_extern_ref() => ValueType::Ref(RefKind::Extern),
        ValType::Ref(reference) => ValueType::Ref(match reference.heap_type() {
            HeapType::Abstract { ty: Exn | NoExn, .. } => RefKind::Exn,
            _ => RefKind::Any,
        }),
    }
}
