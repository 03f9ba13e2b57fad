//! What a module declares, as its binary says.

use wasmparser::{
    BinaryReaderError, CompositeInnerType, ExternalKind, FuncType, GlobalType, MemoryType, Payload,
    TableType, TypeRef,
};

/// The index spaces of a module, imports first, and its exports.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interface {
    /// The function type of each type index; `None` for other types.
    pub types: Vec<Option<FuncType>>,
    /// Type indices.
    pub funcs: Vec<u32>,
    pub tables: Vec<TableType>,
    pub memories: Vec<MemoryType>,
    pub globals: Vec<GlobalType>,
    /// Type indices.
    pub tags: Vec<u32>,
    pub imported: Imported,
    pub exports: Vec<Export>,
}

/// How many items of each index space are imported.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Imported {
    pub funcs: usize,
    pub tables: usize,
    pub memories: usize,
    pub globals: usize,
    pub tags: usize,
}

/// One export.
#[derive(Clone, Debug)]
pub(crate) struct Export {
    pub name: String,
    pub kind: ExternalKind,
    pub index: u32,
}

impl Interface {
    /// The signature of a function.
    pub(crate) fn signature(&self, func: u32) -> Option<&FuncType> {
        let ty = *self.funcs.get(func as usize)?;
        self.types.get(ty as usize)?.as_ref()
    }

    /// Take in a section, if it declares something.
    pub(crate) fn read(&mut self, payload: &Payload<'_>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::TypeSection(reader) => {
                for group in reader.clone() {
                    for subtype in group?.into_types() {
                        self.types.push(match subtype.composite_type.inner {
                            CompositeInnerType::Func(signature) => Some(signature),
                            _ => None,
                        });
                    }
                }
            }
            Payload::ImportSection(reader) => {
                for import in reader.clone().into_imports() {
                    self.import(import?.ty);
                }
            }
            Payload::FunctionSection(reader) => {
                for ty in reader.clone() {
                    self.funcs.push(ty?);
                }
            }
            Payload::TableSection(reader) => {
                for table in reader.clone() {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(reader) => {
                for memory in reader.clone() {
                    self.memories.push(memory?);
                }
            }
            Payload::TagSection(reader) => {
                for tag in reader.clone() {
                    self.tags.push(tag?.func_type_idx);
                }
            }
            Payload::GlobalSection(reader) => {
                for global in reader.clone() {
                    self.globals.push(global?.ty);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, ty: TypeRef) {
        match ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                self.funcs.push(ty);
                self.imported.funcs += 1;
            }
            TypeRef::Table(ty) => {
                self.tables.push(ty);
                self.imported.tables += 1;
            }
            TypeRef::Memory(ty) => {
                self.memories.push(ty);
                self.imported.memories += 1;
            }
            TypeRef::Global(ty) => {
                self.globals.push(ty);
                self.imported.globals += 1;
            }
            TypeRef::Tag(tag) => {
                self.tags.push(tag.func_type_idx);
                self.imported.tags += 1;
            }
        }
    }
}
