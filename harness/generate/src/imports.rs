//! What a generated module may import: host functions, and the exports of
//! modules before it.

use arbitrary::{Result, Unstructured};
use gainsay_case::{Proposal, host};
use wasm_encoder::{
    EntityType, GlobalType, ImportSection, Module, TableType, TypeSection, ValType,
};
use wasmparser::ExternalKind;

use crate::decide::{one_in, percent};
use crate::interface::Interface;
use crate::swarm::Swarm;

/// A module that imports everything that may be imported, as wasm-smith wants it.
pub(crate) struct Offer {
    types: TypeSection,
    imports: ImportSection,
}

impl Offer {
    pub(crate) fn new() -> Offer {
        Offer { types: TypeSection::new(), imports: ImportSection::new() }
    }

    /// The binary.
    pub(crate) fn finish(self) -> Vec<u8> {
        let mut module = Module::new();
        module.section(&self.types).section(&self.imports);
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
            self.function(host::MODULE, &name, params, results);
        }
        Ok(())
    }

    /// Offer all exports of an instance that is registered under `name`.
    pub(crate) fn exports(&mut self, name: &str, interface: &Interface) {
        for export in &interface.exports {
            let index = export.index as usize;
            match export.kind {
                ExternalKind::Func | ExternalKind::FuncExact => {
                    let Some(signature) = interface.signature(export.index) else { continue };
                    let (Some(params), Some(results)) =
                        (encoded(signature.params()), encoded(signature.results()))
                    else {
                        continue;
                    };
                    self.function(name, &export.name, params, results);
                }
                ExternalKind::Table => {
                    let table = TableType::try_from(interface.tables[index]).ok();
                    self.entity(name, &export.name, table.map(EntityType::Table));
                }
                ExternalKind::Memory => {
                    let memory = EntityType::Memory(interface.memories[index].into());
                    self.entity(name, &export.name, Some(memory));
                }
                ExternalKind::Global => {
                    let global = GlobalType::try_from(interface.globals[index]).ok();
                    self.entity(name, &export.name, global.map(EntityType::Global));
                }
                ExternalKind::Tag => {}
            }
        }
    }

    fn function(&mut self, module: &str, name: &str, params: Vec<ValType>, results: Vec<ValType>) {
        let ty = self.types.len();
        self.types.ty().function(params, results);
        self.imports.import(module, name, EntityType::Function(ty));
    }

    fn entity(&mut self, module: &str, name: &str, ty: Option<EntityType>) {
        if let Some(ty) = ty {
            self.imports.import(module, name, ty);
        }
    }
}

fn encoded(types: &[wasmparser::ValType]) -> Option<Vec<ValType>> {
    types.iter().map(|ty| ValType::try_from(*ty).ok()).collect()
}

fn value_types(swarm: &Swarm) -> Vec<ValType> {
    let mut types = vec![ValType::I32, ValType::I64, ValType::F32, ValType::F64];
    if swarm.has(Proposal::ReferenceTypes) {
        types.extend([ValType::EXTERNREF, ValType::FUNCREF]);
    }
    if swarm.has(Proposal::Simd) {
        types.push(ValType::V128);
    }
    types
}

fn some(types: &[ValType], max: usize, u: &mut Unstructured<'_>) -> Result<Vec<ValType>> {
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
