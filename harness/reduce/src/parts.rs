//! A module taken apart, so that pieces can be left out and the rest put together.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasmparser::{
    Data, Element, ElementItems, Export, ExternalKind, FuncType, Global, Import, MemoryType,
    Operator, Parser, Payload, RecGroup, Table, TagType, TypeRef, ValType,
};

/// The index spaces of a module (§ syntax/modules, indices).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Space {
    Type,
    Function,
    Table,
    Memory,
    Global,
    Tag,
    Data,
    Element,
}

impl Space {
    pub(crate) const ALL: [Space; 8] = [
        Space::Element,
        Space::Data,
        Space::Function,
        Space::Table,
        Space::Memory,
        Space::Global,
        Space::Tag,
        Space::Type,
    ];
}

/// A set of things in index spaces.
pub(crate) type Items = BTreeSet<(Space, u32)>;

/// A module taken apart. Custom sections are not kept.
#[derive(Clone, Default)]
pub(crate) struct Parts<'a> {
    pub(crate) types: Vec<RecGroup>,
    /// Types added behind all others.
    pub(crate) new_types: Vec<FuncType>,
    pub(crate) imports: Vec<Import<'a>>,
    /// Type indices of the functions that are not imported.
    pub(crate) functions: Vec<u32>,
    pub(crate) tables: Vec<Table<'a>>,
    pub(crate) memories: Vec<MemoryType>,
    pub(crate) tags: Vec<TagType>,
    pub(crate) globals: Vec<Global<'a>>,
    pub(crate) exports: Vec<Export<'a>>,
    pub(crate) start: Option<u32>,
    pub(crate) elements: Vec<Element<'a>>,
    /// By number of an element segment the positions of its elements that are kept;
    /// all, if it is not there.
    pub(crate) kept_items: BTreeMap<u32, Vec<u32>>,
    pub(crate) data: Vec<Data<'a>>,
    pub(crate) bodies: Vec<Body<'a>>,
}

/// A function's locals and instructions, the final `end` included.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body<'a> {
    pub(crate) locals: Vec<(u32, ValType)>,
    pub(crate) operators: Vec<Operator<'a>>,
}

impl<'a> Parts<'a> {
    /// Take a binary apart; `None` if it cannot be parsed.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Parts<'a>> {
        Parts::try_parse(bytes).ok()
    }

    fn try_parse(bytes: &'a [u8]) -> wasmparser::Result<Parts<'a>> {
        let mut parts = Parts::default();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::TypeSection(types) => parts.types = collect(types)?,
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        parts.imports.push(import?);
                    }
                }
                Payload::FunctionSection(functions) => parts.functions = collect(functions)?,
                Payload::TableSection(tables) => parts.tables = collect(tables)?,
                Payload::MemorySection(memories) => parts.memories = collect(memories)?,
                Payload::TagSection(tags) => parts.tags = collect(tags)?,
                Payload::GlobalSection(globals) => parts.globals = collect(globals)?,
                Payload::ExportSection(exports) => parts.exports = collect(exports)?,
                Payload::StartSection { func, .. } => parts.start = Some(func),
                Payload::ElementSection(elements) => parts.elements = collect(elements)?,
                Payload::DataSection(data) => parts.data = collect(data)?,
                Payload::CodeSectionEntry(body) => {
                    let locals = body.get_locals_reader()?.into_iter().collect::<Result<_, _>>()?;
                    let operators =
                        body.get_operators_reader()?.into_iter().collect::<Result<_, _>>()?;
                    parts.bodies.push(Body { locals, operators });
                }
                _ => {}
            }
        }
        Ok(parts)
    }

    /// How many imports there are in an index space.
    pub(crate) fn imported(&self, space: Space) -> usize {
        self.imports.iter().filter(|import| space_of(&import.ty) == space).count()
    }

    /// How many parameters the function of the body at this position has.
    pub(crate) fn params(&self, body: usize) -> Option<u32> {
        let ty = *self.functions.get(body)?;
        let mut types = self.types.iter().flat_map(|group| group.types());
        let ty = types.nth(ty as usize)?;
        match &ty.composite_type.inner {
            wasmparser::CompositeInnerType::Func(ty) => Some(ty.params().len() as u32),
            _ => None,
        }
    }

    /// How many things there are in an index space.
    pub(crate) fn len(&self, space: Space) -> usize {
        let own = match space {
            Space::Type => {
                let groups = self.types.iter().map(|group| group.types().len());
                groups.sum::<usize>() + self.new_types.len()
            }
            Space::Function => self.functions.len(),
            Space::Table => self.tables.len(),
            Space::Memory => self.memories.len(),
            Space::Global => self.globals.len(),
            Space::Tag => self.tags.len(),
            Space::Data => self.data.len(),
            Space::Element => self.elements.len(),
        };
        self.imported(space) + own
    }

    /// Put the exports into the order of what they export, so that the text form can
    /// say them where that is defined.
    pub(crate) fn sort_exports(&mut self) {
        let imported = Space::ALL.map(|space| (space, self.imported(space) as u32));
        let is_imported =
            |space: Space, index: u32| imported.iter().any(|(s, n)| *s == space && index < *n);
        self.exports.sort_by_key(|export| {
            let (rank, space) = match export.kind {
                ExternalKind::Table => (0, Space::Table),
                ExternalKind::Memory => (1, Space::Memory),
                ExternalKind::Tag => (2, Space::Tag),
                ExternalKind::Global => (3, Space::Global),
                ExternalKind::Func | ExternalKind::FuncExact => (4, Space::Function),
            };
            (is_imported(space, export.index), rank, export.index)
        });
    }

    /// Everything in all index spaces that nothing refers to.
    pub(crate) fn unused(&self) -> Items {
        let Ok((_, used)) = self.encode_noting(&Items::new()) else { return Items::new() };
        let mut unused = Items::new();
        for space in Space::ALL {
            let all = (0..self.len(space) as u32).map(|index| (space, index));
            unused.extend(all.filter(|item| !used.contains(item)));
        }
        // Active segments act by being there.
        unused.retain(|(space, _)| !matches!(space, Space::Data | Space::Element));
        unused
    }

    /// Put the module together without `gone`; `None` if something refers to it.
    pub(crate) fn encode_without(&self, gone: &Items) -> Option<Vec<u8>> {
        self.encode_noting(gone).ok().map(|(bytes, _)| bytes)
    }

    /// Put the module together.
    pub(crate) fn encode(&self) -> Option<Vec<u8>> {
        self.encode_without(&Items::new())
    }

    fn encode_noting(&self, gone: &Items) -> Result<(Vec<u8>, Items), Error<Gone>> {
        let mut joiner = Joiner { gone, used: Items::new(), kept_items: None };
        let mut module = wasm_encoder::Module::new();
        joiner.types_and_imports(self, &mut module)?;
        joiner.declarations(self, &mut module)?;
        joiner.segments_and_code(self, &mut module)?;
        Ok((module.finish(), joiner.used))
    }
}

fn collect<'a, T: wasmparser::FromReader<'a>>(
    section: wasmparser::SectionLimited<'a, T>,
) -> wasmparser::Result<Vec<T>> {
    section.into_iter().collect()
}

fn space_of(ty: &TypeRef) -> Space {
    match ty {
        TypeRef::Func(_) | TypeRef::FuncExact(_) => Space::Function,
        TypeRef::Table(_) => Space::Table,
        TypeRef::Memory(_) => Space::Memory,
        TypeRef::Global(_) => Space::Global,
        TypeRef::Tag(_) => Space::Tag,
    }
}

/// Something refers to what is gone.
#[derive(Debug)]
pub(crate) struct Gone;

/// Puts a module together with the indices that remain.
struct Joiner<'a> {
    gone: &'a Items,
    used: Items,
    /// Which elements of the next segment are kept, if not all.
    kept_items: Option<Vec<u32>>,
}

impl Joiner<'_> {
    fn index(&mut self, space: Space, index: u32) -> Result<u32, Error<Gone>> {
        if self.is_gone(space, index) {
            return Err(Error::UserError(Gone));
        }
        self.used.insert((space, index));
        let before = self.gone.range((space, 0)..(space, index)).count();
        Ok(index - before as u32)
    }

    fn is_gone(&self, space: Space, index: u32) -> bool {
        self.gone.contains(&(space, index))
    }

    fn types_and_imports(
        &mut self,
        parts: &Parts<'_>,
        module: &mut wasm_encoder::Module,
    ) -> Result<(), Error<Gone>> {
        let mut types = wasm_encoder::TypeSection::new();
        let mut index = 0;
        for group in &parts.types {
            let mut kept = Vec::new();
            for ty in group.types() {
                if !self.is_gone(Space::Type, index) {
                    kept.push(self.sub_type(ty.clone())?);
                }
                index += 1;
            }
            match (group.is_explicit_rec_group(), kept.as_slice()) {
                (_, []) => {}
                (false, [ty, ..]) => types.ty().subtype(ty),
                (true, _) => types.ty().rec(kept),
            }
        }
        for ty in &parts.new_types {
            let ty = self.func_type(ty.clone())?;
            types.ty().func_type(&ty);
        }
        let mut imports = wasm_encoder::ImportSection::new();
        let mut indices = [0; 8];
        for import in &parts.imports {
            let space = space_of(&import.ty);
            let index = indices[space as usize];
            indices[space as usize] += 1;
            if !self.is_gone(space, index) {
                utils::parse_import(self, &mut imports, *import)?;
            }
        }
        section(module, &types, types.is_empty());
        section(module, &imports, imports.is_empty());
        Ok(())
    }

    fn declarations(
        &mut self,
        parts: &Parts<'_>,
        module: &mut wasm_encoder::Module,
    ) -> Result<(), Error<Gone>> {
        let mut functions = wasm_encoder::FunctionSection::new();
        for (_, ty) in self.own(parts, Space::Function, &parts.functions) {
            functions.function(self.type_index(*ty)?);
        }
        section(module, &functions, functions.is_empty());
        let mut tables = wasm_encoder::TableSection::new();
        for (_, table) in self.own(parts, Space::Table, &parts.tables) {
            utils::parse_table(self, &mut tables, table.clone())?;
        }
        section(module, &tables, tables.is_empty());
        let mut memories = wasm_encoder::MemorySection::new();
        for (_, memory) in self.own(parts, Space::Memory, &parts.memories) {
            memories.memory(self.memory_type(*memory)?);
        }
        section(module, &memories, memories.is_empty());
        let mut tags = wasm_encoder::TagSection::new();
        for (_, tag) in self.own(parts, Space::Tag, &parts.tags) {
            tags.tag(self.tag_type(*tag)?);
        }
        section(module, &tags, tags.is_empty());
        let mut globals = wasm_encoder::GlobalSection::new();
        for (_, global) in self.own(parts, Space::Global, &parts.globals) {
            utils::parse_global(self, &mut globals, global.clone())?;
        }
        section(module, &globals, globals.is_empty());
        let mut exports = wasm_encoder::ExportSection::new();
        for export in &parts.exports {
            utils::parse_export(self, &mut exports, *export)?;
        }
        section(module, &exports, exports.is_empty());
        if let Some(start) = parts.start {
            let function_index = self.function_index(start)?;
            module.section(&wasm_encoder::StartSection { function_index });
        }
        Ok(())
    }

    fn segments_and_code(
        &mut self,
        parts: &Parts<'_>,
        module: &mut wasm_encoder::Module,
    ) -> Result<(), Error<Gone>> {
        let mut elements = wasm_encoder::ElementSection::new();
        for (index, element) in self.own(parts, Space::Element, &parts.elements) {
            self.kept_items = parts.kept_items.get(&index).cloned();
            utils::parse_element(self, &mut elements, element.clone())?;
        }
        section(module, &elements, elements.is_empty());
        let mut code = wasm_encoder::CodeSection::new();
        for (_, body) in self.own(parts, Space::Function, &parts.bodies) {
            let mut locals = Vec::new();
            for (count, ty) in &body.locals {
                locals.push((*count, self.val_type(*ty)?));
            }
            let mut function = wasm_encoder::Function::new(locals);
            for operator in &body.operators {
                function.instruction(&self.instruction(operator.clone())?);
            }
            code.function(&function);
        }
        let mut data = wasm_encoder::DataSection::new();
        for (_, datum) in self.own(parts, Space::Data, &parts.data) {
            utils::parse_data(self, &mut data, datum.clone())?;
        }
        if self.used.iter().any(|(space, _)| *space == Space::Data) {
            module.section(&wasm_encoder::DataCountSection { count: data.len() });
        }
        section(module, &code, code.is_empty());
        section(module, &data, data.is_empty());
        Ok(())
    }

    /// The things of a space that are not imported and not gone, with their indices.
    fn own<'p, T>(&self, parts: &Parts<'_>, space: Space, things: &'p [T]) -> Vec<(u32, &'p T)> {
        let first = parts.imported(space) as u32;
        let numbered = (first..).zip(things);
        numbered.filter(|(index, _)| !self.is_gone(space, *index)).collect()
    }
}

fn section(
    module: &mut wasm_encoder::Module,
    section: &impl wasm_encoder::Section,
    is_empty: bool,
) {
    if !is_empty {
        module.section(section);
    }
}

impl Reencode for Joiner<'_> {
    type Error = Gone;

    fn data_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        self.index(Space::Data, index)
    }

    fn element_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        self.index(Space::Element, index)
    }

    fn element_items<'a>(
        &mut self,
        items: ElementItems<'a>,
    ) -> Result<wasm_encoder::Elements<'a>, Error<Gone>> {
        let Some(kept) = self.kept_items.take() else { return utils::element_items(self, items) };
        let mut functions = Vec::new();
        let mut expressions = Vec::new();
        match items {
            ElementItems::Functions(section) => {
                for (position, function) in (0..).zip(section) {
                    if kept.contains(&position) {
                        functions.push(self.function_index(function?)?);
                    }
                }
                Ok(wasm_encoder::Elements::Functions(Cow::Owned(functions)))
            }
            ElementItems::Expressions(ty, section) => {
                for (position, expression) in (0..).zip(section) {
                    if kept.contains(&position) {
                        expressions.push(self.const_expr(expression?)?);
                    }
                }
                let ty = self.ref_type(ty)?;
                Ok(wasm_encoder::Elements::Expressions(ty, Cow::Owned(expressions)))
            }
        }
    }

    fn function_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        self.index(Space::Function, index)
    }

    fn global_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        self.index(Space::Global, index)
    }

    fn memory_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        self.index(Space::Memory, index)
    }

    fn table_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        self.index(Space::Table, index)
    }

    fn tag_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        self.index(Space::Tag, index)
    }

    fn type_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        self.index(Space::Type, index)
    }
}
