//! The declarations of a typed module: everything but code.

use arbitrary::{Result, Unstructured};
use gainsay_case::Proposal;
use wasm_encoder::{
    ConstExpr, ElementMode, ElementSection, ElementSegment, Elements, EntityType, FunctionSection,
    GlobalSection, GlobalType, HeapType, ImportSection, Instruction, MemorySection, MemoryType,
    Module, RefType, StartSection, TableSection, TableType, TagKind, TagSection, TagType,
    TypeSection, ValType,
};

use crate::arguments::constant;
use crate::decide::{percent, weighted};
use crate::imports::{Entity, Offer, some, value_types};
use crate::swarm::Swarm;
use crate::typed::aggregate::{Aggregate, aggregates, nullable};
use crate::typed::encode_constant;
use crate::typed::refs::reference_types;

/// A function type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    pub params: Vec<ValType>,
    pub results: Vec<ValType>,
}

/// An element segment: what it holds and where it goes.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    /// The table and the offset there; passive without.
    pub place: Option<(u32, u64)>,
    pub functions: Vec<u32>,
}

/// A data segment: what it holds and where it goes.
#[derive(Clone, Debug)]
pub(crate) struct Data {
    /// The memory and the offset there; passive without.
    pub place: Option<(u32, u64)>,
    pub bytes: Vec<u8>,
}

/// The index spaces, imports first.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub value_types: Vec<ValType>,
    /// The first types of the module; those of functions follow.
    pub aggregates: Vec<Aggregate>,
    pub signatures: Vec<Signature>,
    /// Indices into the signatures.
    pub funcs: Vec<u32>,
    pub imported_funcs: u32,
    pub tables: Vec<TableType>,
    imported_tables: usize,
    /// For each defined table the function that it is full of at first, if not of nulls.
    table_initials: Vec<Option<u32>>,
    pub memories: Vec<MemoryType>,
    imported_memories: usize,
    pub globals: Vec<GlobalType>,
    initials: Vec<ConstExpr>,
    pub segments: Vec<Segment>,
    pub data: Vec<Data>,
    /// Indices into the signatures.
    pub tags: Vec<u32>,
    imported_tags: usize,
    start: Option<u32>,
    imports: ImportSection,
}

impl World {
    /// Declare everything, with `functions` functions.
    pub(crate) fn declare(
        swarm: &Swarm,
        offer: &Offer,
        functions: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<World> {
        let aggregates = aggregates(swarm, u)?;
        let mut value_types = value_types(swarm);
        if swarm.has(Proposal::Gc) {
            value_types.extend(reference_types(aggregates.len(), u)?);
        }
        let mut world = World { value_types, aggregates, ..World::default() };
        world.import(swarm, offer, u)?;
        world.declare_function_reference(swarm, u)?;
        world.declare_tags(swarm, u)?;
        world.declare_functions(swarm, functions, u)?;
        world.declare_tables(swarm, u)?;
        world.declare_memories(swarm, u)?;
        world.declare_globals(swarm, u)?;
        world.declare_segments(swarm, u)?;
        world.declare_data(swarm, u)?;
        if percent(u, 6)? {
            let unit = Signature { params: Vec::new(), results: Vec::new() };
            let of_unit = |ty: &u32| world.signatures[*ty as usize] == unit;
            world.start = world.funcs.iter().position(of_unit).map(|func| func as u32);
        }
        Ok(world)
    }

    pub(crate) fn signature_of(&self, func: u32) -> &Signature {
        &self.signatures[self.funcs[func as usize] as usize]
    }

    /// The index of the type of a signature.
    pub(crate) fn type_of(&self, signature: u32) -> u32 {
        self.aggregates.len() as u32 + signature
    }

    /// The signature that has that index among types.
    pub(crate) fn signature_at(&self, ty: u32) -> Option<u32> {
        ty.checked_sub(self.aggregates.len() as u32)
    }

    /// The struct or array type of that index.
    pub(crate) fn aggregate(&self, ty: u32) -> Option<&Aggregate> {
        self.aggregates.get(ty as usize)
    }

    /// A type and those that extend it.
    pub(crate) fn subtypes(&self, ty: u32) -> Vec<u32> {
        let mut subtypes = vec![ty];
        for (index, aggregate) in self.aggregates.iter().enumerate() {
            if aggregate.supertype.is_some_and(|supertype| subtypes.contains(&supertype)) {
                subtypes.push(index as u32);
            }
        }
        subtypes
    }

    /// What an exception of that tag carries.
    pub(crate) fn tag_params(&self, tag: u32) -> Vec<ValType> {
        self.signatures[self.tags[tag as usize] as usize].params.clone()
    }

    /// The function at a place in a table, if an active segment put one there.
    pub(crate) fn entries(&self, table: u32) -> impl Iterator<Item = (u64, u32)> + '_ {
        self.segments.iter().flat_map(move |segment| {
            let offset = match segment.place {
                Some((placed, offset)) if placed == table => Some(offset),
                _ => None,
            };
            let functions = segment.functions.iter().enumerate();
            offset.into_iter().flat_map(move |offset| {
                functions.clone().map(move |(item, func)| (offset + item as u64, *func))
            })
        })
    }

    /// How many bytes a memory has at first.
    pub(crate) fn bytes_of(&self, memory: u32) -> u64 {
        let ty = &self.memories[memory as usize];
        ty.minimum.saturating_mul(1 << ty.page_size_log2.unwrap_or(16))
    }

    fn type_index(&mut self, signature: Signature) -> u32 {
        let known = self.signatures.iter().position(|known| *known == signature);
        known.unwrap_or_else(|| {
            self.signatures.push(signature);
            self.signatures.len() - 1
        }) as u32
    }

    /// Imports keep the order of the index spaces, which have them first.
    fn import(&mut self, swarm: &Swarm, offer: &Offer, u: &mut Unstructured<'_>) -> Result<()> {
        for item in &offer.items {
            if !percent(u, 70)? {
                continue;
            }
            let ty = match &item.entity {
                Entity::Func { params, results } => {
                    let (params, results) = (params.clone(), results.clone());
                    let ty = self.type_index(Signature { params, results });
                    self.funcs.push(ty);
                    self.imported_funcs += 1;
                    EntityType::Function(self.type_of(ty))
                }
                Entity::Table(ty) => {
                    if !self.tables.is_empty() && !swarm.has(Proposal::ReferenceTypes) {
                        continue;
                    }
                    self.tables.push(*ty);
                    self.imported_tables += 1;
                    EntityType::Table(*ty)
                }
                Entity::Memory(ty) => {
                    if !self.memories.is_empty() && !swarm.has(Proposal::MultiMemory) {
                        continue;
                    }
                    self.memories.push(*ty);
                    self.imported_memories += 1;
                    EntityType::Memory(*ty)
                }
                Entity::Global(ty) => {
                    self.globals.push(*ty);
                    EntityType::Global(*ty)
                }
                Entity::Tag { params } => {
                    let params = params.clone();
                    let ty = self.type_index(Signature { params, results: Vec::new() });
                    self.tags.push(ty);
                    self.imported_tags += 1;
                    EntityType::Tag(tag_type(self.type_of(ty)))
                }
            };
            self.imports.import(&item.module, &item.name, ty);
        }
        Ok(())
    }

    /// A function type that values refer to.
    fn declare_function_reference(
        &mut self,
        swarm: &Swarm,
        u: &mut Unstructured<'_>,
    ) -> Result<()> {
        if swarm.has(Proposal::FunctionReferences) && percent(u, 80)? {
            let params = some(&self.value_types, 2, u)?;
            let results = vec![*u.choose(&self.value_types)?];
            let signature = self.type_index(Signature { params, results });
            self.value_types.push(ValType::Ref(nullable(self.type_of(signature))));
        }
        Ok(())
    }

    fn declare_tags(&mut self, swarm: &Swarm, u: &mut Unstructured<'_>) -> Result<()> {
        if !swarm.has(Proposal::ExceptionHandling) {
            return Ok(());
        }
        for _ in 0..u.int_in_range(1..=3)? {
            let params = some(&self.value_types, 3, u)?;
            let ty = self.type_index(Signature { params, results: Vec::new() });
            self.tags.push(ty);
        }
        // The types of blocks that handlers branch to.
        for tag in 0..self.tags.len() as u32 {
            let params = self.tag_params(tag);
            let with_reference = [params.as_slice(), &[ValType::EXNREF]].concat();
            for results in [params, with_reference] {
                if results.len() > 1 && swarm.has(Proposal::MultiValue) {
                    self.type_index(Signature { params: Vec::new(), results });
                }
            }
        }
        Ok(())
    }

    fn declare_functions(
        &mut self,
        swarm: &Swarm,
        functions: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<()> {
        let results_max = if swarm.has(Proposal::MultiValue) { 3 } else { 1 };
        for _ in 0..functions {
            // Shared signatures make indirect and tail calls fit.
            let ty = match self.signatures.is_empty() || !percent(u, 30)? {
                true => {
                    let params_max = weighted(u, &[(8, 3), (1, 12)])?;
                    let params = some(&self.value_types, params_max, u)?;
                    let mut results = some(&self.value_types, results_max, u)?;
                    if results.is_empty() && percent(u, 70)? {
                        results.push(*u.choose(&self.value_types)?);
                    }
                    self.type_index(Signature { params, results })
                }
                false => u.int_in_range(0..=self.signatures.len() as u32 - 1)?,
            };
            self.funcs.push(ty);
        }
        Ok(())
    }

    fn declare_tables(&mut self, swarm: &Swarm, u: &mut Unstructured<'_>) -> Result<()> {
        let several = swarm.has(Proposal::ReferenceTypes);
        let wanted = weighted(u, &[(4, 0), (5, 1), (2, 2)])?;
        for _ in 0..wanted {
            if !self.tables.is_empty() && !several {
                break;
            }
            let element_type = match self.value_types.last() {
                Some(ValType::Ref(ty)) if several && percent(u, 20)? => *ty,
                _ if several && percent(u, 30)? => RefType::EXTERNREF,
                _ => RefType::FUNCREF,
            };
            let minimum = u.int_in_range(0..=12u64)?;
            let growth = u.int_in_range(0..=8u64)?;
            let maximum = if percent(u, 80)? { Some(minimum + growth) } else { None };
            let table64 = swarm.has(Proposal::Memory64) && percent(u, 30)?;
            self.tables.push(TableType { element_type, minimum, maximum, table64, shared: false });
            let may = element_type == RefType::FUNCREF && swarm.has(Proposal::FunctionReferences);
            let filled = may && !self.funcs.is_empty() && percent(u, 30)?;
            let initial = filled.then(|| u.int_in_range(0..=self.funcs.len() as u32 - 1));
            self.table_initials.push(initial.transpose()?);
        }
        Ok(())
    }

    fn declare_memories(&mut self, swarm: &Swarm, u: &mut Unstructured<'_>) -> Result<()> {
        let wanted = match swarm.has(Proposal::MultiMemory) {
            true => weighted(u, &[(1, 0), (4, 1), (3, 2), (1, 3)])?,
            false => weighted(u, &[(1, 0), (6, 1)])?,
        };
        for _ in self.memories.len()..wanted {
            let page_size_log2 = match swarm.has(Proposal::CustomPageSizes) && percent(u, 50)? {
                true => Some(weighted(u, &[(4, 0), (1, 16)])?),
                false => None,
            };
            let most = u64::from(swarm.memory_pages_max);
            let (minimum, growth) = match page_size_log2 {
                // Pages of one byte: sizes that no other memory has.
                Some(0) => (u.int_in_range(0..=1000)?, u.int_in_range(0..=70)?),
                _ => (weighted(u, &[(8, 1), (1, 0), (1, most)])?, u.int_in_range(0..=2u64)?),
            };
            let shared = swarm.has(Proposal::Threads) && percent(u, 60)?;
            let is_bounded = shared || !swarm.memory_unbounded;
            let maximum = is_bounded.then_some(minimum + growth);
            let memory64 = swarm.has(Proposal::Memory64) && percent(u, 40)?;
            self.memories.push(MemoryType { minimum, maximum, memory64, shared, page_size_log2 });
        }
        Ok(())
    }

    fn declare_globals(&mut self, swarm: &Swarm, u: &mut Unstructured<'_>) -> Result<()> {
        // Constant expressions may use imported globals only.
        let usable: Vec<(u32, ValType)> = self
            .globals
            .iter()
            .enumerate()
            .filter(|(_, ty)| !ty.mutable)
            .map(|(index, ty)| (index as u32, ty.val_type))
            .collect();
        for _ in 0..u.int_in_range(0..=4)? {
            let val_type = *u.choose(&self.value_types)?;
            let mutable = percent(u, 75)?;
            let from: Vec<u32> =
                usable.iter().filter(|(_, ty)| *ty == val_type).map(|(index, _)| *index).collect();
            let initial = match !from.is_empty() && percent(u, 40)? {
                true => ConstExpr::global_get(*u.choose(&from)?),
                false => match val_type {
                    ValType::Ref(ty) => self.initial_reference(swarm, ty, u)?,
                    _ => initial(swarm, val_type, &from, u)?,
                },
            };
            self.globals.push(GlobalType { val_type, mutable, shared: false });
            self.initials.push(initial);
        }
        Ok(())
    }

    fn initial_reference(
        &self,
        swarm: &Swarm,
        ty: RefType,
        u: &mut Unstructured<'_>,
    ) -> Result<ConstExpr> {
        let is_null = !swarm.has(Proposal::Gc) || percent(u, 20)?;
        if let HeapType::Concrete(index) = ty.heap_type
            && let Some(aggregate) = self.aggregate(index)
            && !is_null
        {
            return aggregate.initial(index, u);
        }
        let is_small = matches!(ty, RefType::I31REF | RefType::ANYREF | RefType::EQREF);
        Ok(match is_small && !is_null {
            true => {
                let number = u.int_in_range(-9..=99)?;
                ConstExpr::extended([Instruction::I32Const(number), Instruction::RefI31])
            }
            false => ConstExpr::ref_null(ty.heap_type),
        })
    }

    fn declare_segments(&mut self, swarm: &Swarm, u: &mut Unstructured<'_>) -> Result<()> {
        if self.funcs.is_empty() {
            return Ok(());
        }
        let bulk = swarm.has(Proposal::BulkMemory);
        for table in 0..self.tables.len() as u32 {
            let ty = self.tables[table as usize];
            let encodable = table == 0 || bulk || swarm.has(Proposal::ReferenceTypes);
            if ty.element_type != RefType::FUNCREF || ty.minimum == 0 || !encodable {
                continue;
            }
            if percent(u, 85)? {
                let offset = u.int_in_range(0..=ty.minimum / 3)?;
                let items = ty.minimum - offset;
                let functions = self.some_functions(items, u)?;
                self.segments.push(Segment { place: Some((table, offset)), functions });
            }
        }
        if bulk && percent(u, 40)? {
            let functions = self.some_functions(6, u)?;
            self.segments.push(Segment { place: None, functions });
        }
        Ok(())
    }

    fn some_functions(&self, max: u64, u: &mut Unstructured<'_>) -> Result<Vec<u32>> {
        let last = self.funcs.len() as u32 - 1;
        (0..u.int_in_range(max.div_ceil(2)..=max)?).map(|_| u.int_in_range(0..=last)).collect()
    }

    fn declare_data(&mut self, swarm: &Swarm, u: &mut Unstructured<'_>) -> Result<()> {
        for memory in 0..self.memories.len() as u32 {
            const LENGTH_MAX: u64 = 24;
            let room = self.bytes_of(memory).saturating_sub(LENGTH_MAX);
            if room > 0 && percent(u, 60)? {
                let offset = u.int_in_range(0..=room.min(64))?;
                let length = u.int_in_range(0..=24)?;
                let bytes = u.bytes(length.min(u.len()))?.to_vec();
                self.data.push(Data { place: Some((memory, offset)), bytes });
            }
        }
        if swarm.has(Proposal::BulkMemory) && percent(u, 40)? {
            let length = u.int_in_range(0..=24)?;
            let bytes = u.bytes(length.min(u.len()))?.to_vec();
            self.data.push(Data { place: None, bytes });
        }
        Ok(())
    }

    /// Append the sections that come before the code.
    pub(crate) fn encode(&self, module: &mut Module) {
        let mut types = TypeSection::new();
        let mut aggregates = self.aggregates.iter();
        while let Some(aggregate) = aggregates.next() {
            let definition = aggregate.definition();
            match aggregates.as_slice().first().filter(|_| aggregate.with_next) {
                Some(next) => {
                    types.ty().rec([definition, next.definition()]);
                    aggregates.next();
                }
                None => types.ty().subtype(&definition),
            }
        }
        for signature in &self.signatures {
            types
                .ty()
                .function(signature.params.iter().copied(), signature.results.iter().copied());
        }
        let mut functions = FunctionSection::new();
        for ty in &self.funcs[self.imported_funcs as usize..] {
            functions.function(self.type_of(*ty));
        }
        let mut tables = TableSection::new();
        let defined_tables = &self.tables[self.imported_tables..];
        for (table, initial) in defined_tables.iter().zip(&self.table_initials) {
            match initial {
                Some(func) => tables.table_with_init(*table, &ConstExpr::ref_func(*func)),
                None => tables.table(*table),
            };
        }
        let mut memories = MemorySection::new();
        for memory in &self.memories[self.imported_memories..] {
            memories.memory(*memory);
        }
        let mut globals = GlobalSection::new();
        let imported_globals = self.globals.len() - self.initials.len();
        for (ty, initial) in self.globals[imported_globals..].iter().zip(&self.initials) {
            globals.global(*ty, initial);
        }
        module.section(&types).section(&self.imports).section(&functions);
        let mut tags = TagSection::new();
        for ty in &self.tags[self.imported_tags..] {
            tags.tag(tag_type(self.type_of(*ty)));
        }
        module.section(&tables).section(&memories);
        if !tags.is_empty() {
            module.section(&tags);
        }
        module.section(&globals);
        if let Some(function_index) = self.start {
            module.section(&StartSection { function_index });
        }
        if !self.segments.is_empty() {
            module.section(&self.element_section());
        }
    }

    fn element_section(&self) -> ElementSection {
        let mut section = ElementSection::new();
        for segment in &self.segments {
            let elements = Elements::Functions(segment.functions.as_slice().into());
            let Some((table, offset)) = segment.place else {
                section.segment(ElementSegment { mode: ElementMode::Passive, elements });
                continue;
            };
            let offset = match self.tables[table as usize].table64 {
                true => ConstExpr::i64_const(offset.cast_signed()),
                false => ConstExpr::i32_const(offset as i32),
            };
            // Table 0 has an encoding of its own, the only one of Wasm 1.0.
            let table = if table == 0 { None } else { Some(table) };
            let mode = ElementMode::Active { table, offset: &offset };
            section.segment(ElementSegment { mode, elements });
        }
        section
    }
}

fn tag_type(func_type_idx: u32) -> TagType {
    TagType { kind: TagKind::Exception, func_type_idx }
}

/// The initial value of a global; `from` are immutable imported ones of its type.
fn initial(
    swarm: &Swarm,
    ty: ValType,
    from: &[u32],
    u: &mut Unstructured<'_>,
) -> Result<ConstExpr> {
    let mut bytes = Vec::new();
    encode_constant(constant(ty, u)?, &mut bytes);
    let is_integer = matches!(ty, ValType::I32 | ValType::I64);
    if is_integer && swarm.has(Proposal::ExtendedConst) && percent(u, 50)? {
        // add, sub, mul (§ valid/instructions, constant expressions).
        let first_opcode = if ty == ValType::I32 { 0x6a } else { 0x7c };
        for _ in 0..u.int_in_range(1..=3)? {
            match from.first() {
                Some(global) if percent(u, 50)? => {
                    wasm_encoder::Encode::encode(
                        &wasm_encoder::Instruction::GlobalGet(*global),
                        &mut bytes,
                    );
                }
                _ => encode_constant(constant(ty, u)?, &mut bytes),
            }
            bytes.push(first_opcode + u.int_in_range(0..=2u8)?);
        }
    }
    Ok(ConstExpr::raw(bytes))
}
