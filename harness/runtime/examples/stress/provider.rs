//! A module that exports all that another one imports.
//!
//! It has the other's type section, so that its definitions are of the very types that
//! are imported, those of the module's own among them, and it makes values of them.

use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection,
    GlobalType, Instruction, MemorySection, MemoryType, Module, RawSection, SectionId,
    TableSection, TableType, TagSection, TagType,
};
use wasmparser::{CompositeInnerType, Parser, Payload, RefType, TypeRef, UnpackedIndex, ValType};

use crate::peer::Numbers;
use crate::supply::Supply;

/// Values that the provider offers beside the imports, of the first so many types.
const VALUES_MAX: usize = 12;

/// The provider, encoded: for the import of each position an export `0`, `1` ..., then
/// globals with values of the module's types. `None` if a type has no value.
pub fn provider(module: &[u8], numbers: &mut Numbers) -> Option<Vec<u8>> {
    let (mut types, mut imports, mut supply) = (&[][..], Vec::new(), Supply::default());
    for payload in Parser::new(0).parse_all(module) {
        match payload.ok()? {
            Payload::TypeSection(section) => {
                let range = section.range();
                types = module.get(range.start as usize..range.end as usize)?;
                for group in section {
                    supply.types.extend(group.ok()?.into_types());
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imports.push(import.ok()?.ty);
                }
            }
            Payload::FunctionSection(_) | Payload::CodeSectionStart { .. } => break,
            _ => {}
        }
    }
    if types.is_empty() && imports.is_empty() {
        return None;
    }
    let mut building = Building::default();
    building.reserve_functions(&imports, &mut supply);
    for (position, ty) in imports.iter().enumerate() {
        building.define(position, ty, &mut supply, numbers)?;
    }
    building.values(&mut supply, numbers);
    building.functions(&mut supply, numbers);
    Some(building.module(types))
}

/// The sections of a provider.
#[derive(Default)]
struct Building {
    functions: FunctionSection,
    tables: TableSection,
    memories: MemorySection,
    tags: TagSection,
    globals: GlobalSection,
    exports: ExportSection,
    code: CodeSection,
    /// The parameters of each tag.
    thrown: Vec<Vec<ValType>>,
    next_function: u32,
}

impl Building {
    /// Imported functions come first, so that others can be added while values are made.
    fn reserve_functions(&mut self, imports: &[TypeRef], supply: &mut Supply) {
        for ty in imports {
            if let TypeRef::Func(index) | TypeRef::FuncExact(index) = ty {
                supply.functions.push(*index);
            }
        }
    }

    fn define(
        &mut self,
        position: usize,
        ty: &TypeRef,
        supply: &mut Supply,
        numbers: &mut Numbers,
    ) -> Option<()> {
        let (kind, index) = match ty {
            TypeRef::Func(_) | TypeRef::FuncExact(_) => {
                self.next_function += 1;
                (ExportKind::Func, self.next_function - 1)
            }
            TypeRef::Table(ty) => {
                let made = supply.value(ValType::Ref(ty.element_type), numbers)?;
                let ty = TableType::try_from(*ty).ok()?;
                self.tables.table_with_init(ty, &ConstExpr::extended(made));
                (ExportKind::Table, self.tables.len() - 1)
            }
            TypeRef::Memory(ty) => {
                self.memories.memory(MemoryType::from(*ty));
                (ExportKind::Memory, self.memories.len() - 1)
            }
            TypeRef::Global(ty) => {
                let made = supply.value(ty.content_type, numbers)?;
                self.globals.global(GlobalType::try_from(*ty).ok()?, &ConstExpr::extended(made));
                (ExportKind::Global, self.globals.len() - 1)
            }
            TypeRef::Tag(ty) => {
                self.tags.tag(TagType::try_from(*ty).ok()?);
                self.thrown.push(supply.function(ty.func_type_idx)?.params().to_vec());
                (ExportKind::Tag, self.tags.len() - 1)
            }
        };
        self.exports.export(&position.to_string(), kind, index);
        Some(())
    }

    /// Globals with a value of each type.
    fn values(&mut self, supply: &mut Supply, numbers: &mut Numbers) {
        for index in 0..supply.types.len().min(VALUES_MAX) {
            let Some(heap) = UnpackedIndex::Module(index as u32).pack() else { continue };
            let ty = RefType::concrete(false, heap);
            let Some(made) = supply.value(ValType::Ref(ty), numbers) else { continue };
            let Ok(val_type) = wasm_encoder::ValType::try_from(ValType::Ref(ty)) else { continue };
            let ty = GlobalType { val_type, mutable: false, shared: false };
            self.globals.global(ty, &ConstExpr::extended(made));
            self.exports.export(&format!("v{index}"), ExportKind::Global, self.globals.len() - 1);
        }
    }

    /// Bodies of all functions; making results may ask for more of them.
    fn functions(&mut self, supply: &mut Supply, numbers: &mut Numbers) {
        let mut next = 0;
        while let Some(ty) = supply.functions.get(next).copied() {
            let mut body = Function::new([]);
            for instruction in self.body(ty, supply, numbers) {
                body.instruction(&instruction);
            }
            body.instruction(&Instruction::End);
            self.functions.function(ty);
            self.code.function(&body);
            // References to functions have to be declared (§ valid/modules).
            self.exports.export(&format!("f{next}"), ExportKind::Func, next as u32);
            next += 1;
        }
    }

    /// Mostly one that returns; some throw.
    fn body(
        &self,
        ty: u32,
        supply: &mut Supply,
        numbers: &mut Numbers,
    ) -> Vec<Instruction<'static>> {
        let results = supply.function(ty).map(|ty| ty.results().to_vec()).unwrap_or_default();
        let tag = match self.thrown.is_empty() || numbers.below(6) != 0 {
            true => None,
            false => Some(numbers.below(self.thrown.len())),
        };
        let wanted = tag.map_or(&results, |tag| &self.thrown[tag]);
        let mut body = Vec::new();
        for ty in wanted {
            match supply.value(*ty, numbers) {
                Some(made) => body.extend(made),
                None => return vec![Instruction::Unreachable],
            }
        }
        body.extend(tag.map(|tag| Instruction::Throw(tag as u32)));
        body
    }

    fn module(self, types: &[u8]) -> Vec<u8> {
        let mut module = Module::new();
        if !types.is_empty() {
            module.section(&RawSection { id: SectionId::Type.into(), data: types });
        }
        module
            .section(&self.functions)
            .section(&self.tables)
            .section(&self.memories)
            .section(&self.tags)
            .section(&self.globals)
            .section(&self.exports)
            .section(&self.code);
        module.finish()
    }
}

/// Whether a composite type is one of functions.
pub fn is_function(ty: &wasmparser::SubType) -> bool {
    matches!(ty.composite_type.inner, CompositeInnerType::Func(_))
}
