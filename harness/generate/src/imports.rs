//! What a generated module may import: host functions, and the exports of
//! modules before it.

use arbitrary::{Result, Unstructured};
use gainsay_case::{Proposal, host};
use wasm_encoder::{
    EntityType, GlobalType, HeapType, ImportSection, MemoryType, Module, RefType, TableType,
    TagKind, TagType, TypeSection, ValType,
};
use wasmparser::ExternalKind;

use crate::decide::{one_in, percent};
use crate::interface::{Export, Interface};
use crate::swarm::Swarm;

/// What one import may be.
#[derive(Clone, Debug)]
pub(crate) struct Offered {
    pub module: String,
    pub name: String,
    pub entity: Entity,
}

/// The type of an import.
#[derive(Clone, Debug)]
pub(crate) enum Entity {
    Func { params: Vec<ValType>, results: Vec<ValType> },
    Table(TableType),
    Memory(MemoryType),
    Global(GlobalType),
    Tag { params: Vec<ValType> },
}

impl Offered {
    fn has_custom_pages(&self) -> bool {
        matches!(self.entity, Entity::Memory(MemoryType { page_size_log2: Some(_), .. }))
    }
}

/// All that a module may import.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offer {
    pub items: Vec<Offered>,
}

impl Offer {
    /// A module that imports what is on offer, as wasm-smith wants to be told. It
    /// cannot be told of pages of another size.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut types = TypeSection::new();
        let mut imports = ImportSection::new();
        for item in self.items.iter().filter(|item| !item.has_custom_pages()) {
            let entity = match &item.entity {
                Entity::Func { params, results } => {
                    types.ty().function(params.iter().copied(), results.iter().copied());
                    EntityType::Function(types.len() - 1)
                }
                Entity::Table(ty) => EntityType::Table(*ty),
                Entity::Memory(ty) => EntityType::Memory(*ty),
                Entity::Global(ty) => EntityType::Global(*ty),
                Entity::Tag { params } => {
                    types.ty().function(params.iter().copied(), []);
                    let func_type_idx = types.len() - 1;
                    EntityType::Tag(TagType { kind: TagKind::Exception, func_type_idx })
                }
            };
            imports.import(&item.module, &item.name, entity);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports);
        module.finish()
    }

    /// Offer some host functions.
    pub(crate) fn host_functions(&mut self, swarm: &Swarm, u: &mut Unstructured<'_>) -> Result<()> {
        const FUNCTIONS_MAX: u32 = 4;
        if !percent(u, 40)? {
            return Ok(());
        }
        let types = value_types(swarm);
        for number in 0..u.int_in_range(1..=FUNCTIONS_MAX)? {
            let params = some(&types, 4, u)?;
            let results_max = if swarm.has(Proposal::MultiValue) { 3 } else { 1 };
            let results = some(&types, results_max, u)?;
            let name = name(number, &params, u)?;
            self.add(host::MODULE, &name, Entity::Func { params, results });
        }
        Ok(())
    }

    /// Offer all exports of an instance that is registered under `module`.
    pub(crate) fn exports(&mut self, module: &str, interface: &Interface) {
        for export in &interface.exports {
            if let Some(entity) = entity(export, interface) {
                self.add(module, &export.name, entity);
            }
        }
    }

    fn add(&mut self, module: &str, name: &str, entity: Entity) {
        self.items.push(Offered { module: module.to_owned(), name: name.to_owned(), entity });
    }
}

/// The type of an export, if it can be written in an import.
fn entity(export: &Export, interface: &Interface) -> Option<Entity> {
    let index = export.index as usize;
    Some(match export.kind {
        ExternalKind::Func | ExternalKind::FuncExact => {
            let signature = interface.signature(export.index)?;
            let params = portable(signature.params())?;
            Entity::Func { params, results: portable(signature.results())? }
        }
        ExternalKind::Table => {
            let ty: TableType = interface.tables[index].try_into().ok()?;
            is_portable(&ValType::Ref(ty.element_type)).then_some(Entity::Table(ty))?
        }
        ExternalKind::Memory => Entity::Memory(interface.memories[index].into()),
        ExternalKind::Global => {
            let ty: GlobalType = interface.globals[index].try_into().ok()?;
            is_portable(&ty.val_type).then_some(Entity::Global(ty))?
        }
        ExternalKind::Tag => {
            let ty = interface.types.get(*interface.tags.get(index)? as usize)?.as_ref()?;
            Entity::Tag { params: portable(ty.params())? }
        }
    })
}

/// The types as the encoder has them, if they mean the same in every module: the
/// indices of types do not.
fn portable(types: &[wasmparser::ValType]) -> Option<Vec<ValType>> {
    encoded(types).filter(|types| types.iter().all(is_portable))
}

fn is_portable(ty: &ValType) -> bool {
    !matches!(
        ty,
        ValType::Ref(RefType { heap_type: HeapType::Concrete(_) | HeapType::Exact(_), .. })
    )
}

/// The types as the encoder has them, if it can.
pub(crate) fn encoded(types: &[wasmparser::ValType]) -> Option<Vec<ValType>> {
    types.iter().map(|ty| ValType::try_from(*ty).ok()).collect()
}

/// The types that values may have.
pub(crate) fn value_types(swarm: &Swarm) -> Vec<ValType> {
    let mut types = vec![ValType::I32, ValType::I64, ValType::F32, ValType::F64];
    if swarm.has(Proposal::ReferenceTypes) {
        types.extend([ValType::EXTERNREF, ValType::FUNCREF]);
    }
    if swarm.has(Proposal::Simd) {
        types.push(ValType::V128);
    }
    types
}

/// Up to `max` types.
pub(crate) fn some(
    types: &[ValType],
    max: usize,
    u: &mut Unstructured<'_>,
) -> Result<Vec<ValType>> {
    (0..u.int_in_range(0..=max)?).map(|_| u.choose(types).copied()).collect()
}

/// `mix0_i32_f64`: a number that makes it unique, and what it takes. Rarely one
/// that fails when called.
fn name(number: u32, params: &[ValType], u: &mut Unstructured<'_>) -> Result<String> {
    let stem = if one_in(u, 24)? { host::FAILING_PREFIX } else { "mix" };
    let mut name = format!("{stem}{number}");
    for ty in params {
        name.push('_');
        name.push_str(match ty {
            ValType::I32 => "i32",
            ValType::I64 => "i64",
            ValType::F32 => "f32",
            ValType::F64 => "f64",
            ValType::V128 => "v128",
            ValType::Ref(_) => "ref",
        });
    }
    Ok(name)
}
