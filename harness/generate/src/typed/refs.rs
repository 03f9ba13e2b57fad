//! References: what makes them, tells them apart, and looks through them.

use arbitrary::{Result, Unstructured};
use gainsay_case::Proposal;
use wasm_encoder::{
    AbstractHeapType, BlockType, FieldType, HeapType, Instruction, RefType, StorageType, ValType,
};

use crate::decide::{percent, weighted};
use crate::typed::aggregate::{LENGTH_MIN, Shape, nullable, unpacked};
use crate::typed::function::{BLOCKS_MAX, DEPTH_MAX, Function, Label};
use crate::typed::world::Segment;

/// A place in an aggregate: the type's index, the field's number in a struct.
type Place = (u32, Option<u32>, FieldType);

impl Function<'_> {
    /// Code that leaves a reference of that type, null only if it may be.
    pub(crate) fn non_null(
        &mut self,
        heap: HeapType,
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<()> {
        let ty = ValType::Ref(RefType { nullable: true, heap_type: heap });
        let can_guard = self.labels.len() <= BLOCKS_MAX && depth > 0 && self.nodes > 0;
        if self.can_construct(heap) && !(can_guard && percent(u, 45)?) {
            return self.construct(heap, depth, u);
        }
        if !self.can_construct(heap) || percent(u, 3)? {
            self.expression(ty, depth.saturating_sub(1), u)?;
            self.emit(&Instruction::RefAsNonNull);
            return Ok(());
        }
        // What there is, or else a new one.
        self.guarded(heap, u, |function, u| {
            function.expression(ty, depth - 1, u)?;
            function.emit(&Instruction::BrOnNonNull(0));
            Ok(())
        })
    }

    /// A block that leaves a reference: `attempt` branches out of it with one, or
    /// falls through, and a new one is made.
    fn guarded(
        &mut self,
        heap: HeapType,
        u: &mut Unstructured<'_>,
        attempt: impl FnOnce(&mut Self, &mut Unstructured<'_>) -> Result<()>,
    ) -> Result<()> {
        let ty = ValType::Ref(RefType { nullable: false, heap_type: heap });
        self.emit(&Instruction::Block(BlockType::Result(ty)));
        self.labels.push(Label { takes: vec![ty], is_loop: false });
        attempt(self, u)?;
        self.construct(heap, 0, u)?;
        self.labels.pop();
        self.emit(&Instruction::End);
        Ok(())
    }

    /// Whether a new reference of that type can be made.
    pub(crate) fn can_construct(&self, heap: HeapType) -> bool {
        match heap {
            HeapType::Abstract { ty: AbstractHeapType::Func, .. } => true,
            HeapType::Abstract { ty, .. } => {
                let is_any = matches!(
                    ty,
                    AbstractHeapType::Any | AbstractHeapType::Eq | AbstractHeapType::I31
                );
                is_any && self.has(Proposal::Gc)
            }
            HeapType::Concrete(index) | HeapType::Exact(index) => {
                self.world.aggregate(index).is_some() || !self.functions_of(index).is_empty()
            }
        }
    }

    /// Make a new reference of a type of which that is possible.
    pub(crate) fn construct(
        &mut self,
        heap: HeapType,
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<()> {
        match heap {
            HeapType::Concrete(index) if self.world.aggregate(index).is_some() => {
                let subtypes = self.world.subtypes(index);
                let index = if percent(u, 60)? { index } else { *u.choose(&subtypes)? };
                self.aggregate(index, depth, u)
            }
            HeapType::Concrete(index) => {
                let functions = self.functions_of(index);
                let func = *u.choose(&functions)?;
                self.emit(&Instruction::RefFunc(func));
                Ok(())
            }
            HeapType::Abstract { ty: AbstractHeapType::Func, .. } => {
                // Only what stands outside of code may be named so (§ valid/modules,
                // refs), and all defined functions are exported.
                let first = self.world.imported_funcs;
                let func = u.int_in_range(first..=self.world.funcs.len() as u32 - 1)?;
                self.emit(&Instruction::RefFunc(func));
                Ok(())
            }
            HeapType::Abstract { ty: AbstractHeapType::Any | AbstractHeapType::Eq, .. }
                if percent(u, 60)? =>
            {
                let index = u.choose_index(self.world.aggregates.len())? as u32;
                self.aggregate(index, depth, u)
            }
            _ => {
                self.part(ValType::I32, depth, u)?;
                self.emit(&Instruction::RefI31);
                Ok(())
            }
        }
    }

    /// Functions of a type, those that come later first of all: calling them ends.
    fn functions_of(&self, ty: u32) -> Vec<u32> {
        let Some(signature) = self.world.signature_at(ty) else { return Vec::new() };
        let first = self.world.imported_funcs;
        let all = first..self.world.funcs.len() as u32;
        let of_type = |func: &u32| self.world.funcs[*func as usize] == signature;
        let all: Vec<u32> = all.filter(of_type).collect();
        let later: Vec<u32> = all.iter().copied().filter(|func| *func > self.index).collect();
        if later.is_empty() { all } else { later }
    }

    /// A part of something new: at the end of the depth just a constant.
    fn part(&mut self, ty: ValType, depth: u32, u: &mut Unstructured<'_>) -> Result<()> {
        match depth {
            0 => self.emit_constant(ty, u),
            _ => self.expression(ty, (depth - 1).min(2), u),
        }
    }

    fn aggregate(&mut self, index: u32, depth: u32, u: &mut Unstructured<'_>) -> Result<()> {
        let Some(aggregate) = self.world.aggregate(index) else { return Ok(()) };
        match &aggregate.shape {
            Shape::Struct(_) if percent(u, 15)? => {
                self.emit(&Instruction::StructNewDefault(index));
            }
            Shape::Struct(fields) => {
                for field in fields {
                    self.part(unpacked(field.element_type), depth, u)?;
                }
                self.emit(&Instruction::StructNew(index));
            }
            Shape::Array(element) => self.array(index, *element, depth, u)?,
        }
        Ok(())
    }

    fn array(
        &mut self,
        index: u32,
        element: FieldType,
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<()> {
        let length = u.int_in_range(LENGTH_MIN..=12)?;
        let ty = unpacked(element.element_type);
        let is_numeric = !matches!(ty, ValType::Ref(_));
        match u.int_in_range(0..=3u8)? {
            0 => {
                self.emit(&Instruction::I32Const(length.cast_signed()));
                self.emit(&Instruction::ArrayNewDefault(index));
            }
            1 => {
                self.part(ty, depth, u)?;
                self.emit(&Instruction::I32Const(length.cast_signed()));
                self.emit(&Instruction::ArrayNew(index));
            }
            2 if is_numeric && self.fitting_data(element.element_type, LENGTH_MIN).is_some() => {
                let data = self.fitting_data(element.element_type, LENGTH_MIN).unwrap_or_default();
                self.emit(&Instruction::I32Const(0));
                self.emit(&Instruction::I32Const(LENGTH_MIN.cast_signed()));
                self.emit(&Instruction::ArrayNewData {
                    array_type_index: index,
                    array_data_index: data,
                });
            }
            2 if self.fitting_segment(element.element_type).is_some() => {
                let segment = self.fitting_segment(element.element_type).unwrap_or_default();
                self.emit(&Instruction::I32Const(0));
                self.emit(&Instruction::I32Const(LENGTH_MIN.cast_signed()));
                self.emit(&Instruction::ArrayNewElem {
                    array_type_index: index,
                    array_elem_index: segment,
                });
            }
            _ => {
                for _ in 0..LENGTH_MIN {
                    self.part(ty, depth.min(1), u)?;
                }
                self.emit(&Instruction::ArrayNewFixed {
                    array_type_index: index,
                    array_size: LENGTH_MIN,
                });
            }
        }
        Ok(())
    }

    /// A passive data segment that is long enough for so many elements, until dropped.
    fn fitting_data(&self, element: StorageType, count: u32) -> Option<u32> {
        // `data.drop` and `array.new_data` need the section that counts segments.
        if !self.has(Proposal::BulkMemory) {
            return None;
        }
        let bytes = element_bytes(element)? * count as usize;
        let fits =
            |data: &crate::typed::world::Data| data.place.is_none() && data.bytes.len() >= bytes;
        self.world.data.iter().position(fits).map(|index| index as u32)
    }

    /// A passive element segment for arrays of such elements, until dropped.
    fn fitting_segment(&self, element: StorageType) -> Option<u32> {
        let is_function = element == StorageType::Val(ValType::FUNCREF);
        let fits = |segment: &Segment| {
            segment.place.is_none() && segment.functions.len() >= LENGTH_MIN as usize
        };
        let found = self.world.segments.iter().position(fits).filter(|_| is_function)?;
        Some(found as u32)
    }

    /// A field of a struct or an element of an array.
    pub(crate) fn field(
        &mut self,
        ty: ValType,
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<bool> {
        let places = self.places(|field| unpacked(field.element_type) == ty);
        if places.is_empty() {
            return Ok(false);
        }
        let (index, field, FieldType { element_type, .. }) = *u.choose(&places)?;
        let is_signed = percent(u, 50)?;
        self.non_null(HeapType::Concrete(index), depth, u)?;
        let packed = !matches!(element_type, StorageType::Val(_));
        let instruction = match field {
            Some(field_index) => {
                let struct_type_index = index;
                match (packed, is_signed) {
                    (false, _) => Instruction::StructGet { struct_type_index, field_index },
                    (true, true) => Instruction::StructGetS { struct_type_index, field_index },
                    (true, false) => Instruction::StructGetU { struct_type_index, field_index },
                }
            }
            None => {
                self.element_index(depth, u)?;
                match (packed, is_signed) {
                    (false, _) => Instruction::ArrayGet(index),
                    (true, true) => Instruction::ArrayGetS(index),
                    (true, false) => Instruction::ArrayGetU(index),
                }
            }
        };
        self.emit(&instruction);
        Ok(true)
    }

    /// An index that lies in every array, mostly.
    fn element_index(&mut self, depth: u32, u: &mut Unstructured<'_>) -> Result<()> {
        self.expression(ValType::I32, depth.min(2), u)?;
        if percent(u, 97)? {
            self.mask(false, u64::from(LENGTH_MIN - 1));
        }
        Ok(())
    }

    fn places(&self, test: impl Fn(&FieldType) -> bool) -> Vec<Place> {
        let mut places = Vec::new();
        for (index, aggregate) in self.world.aggregates.iter().enumerate() {
            let index = index as u32;
            match &aggregate.shape {
                Shape::Struct(fields) => {
                    let fitting = fields.iter().enumerate().filter(|(_, field)| test(field));
                    places.extend(fitting.map(|(n, field)| (index, Some(n as u32), *field)));
                }
                Shape::Array(element) if test(element) => places.push((index, None, *element)),
                Shape::Array(_) => {}
            }
        }
        places
    }

    /// Write a field or some elements.
    pub(crate) fn set_field(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let places = self.places(|field| field.mutable);
        if places.is_empty() {
            return Ok(());
        }
        let (index, field, FieldType { element_type, .. }) = *u.choose(&places)?;
        let ty = unpacked(element_type);
        self.non_null(HeapType::Concrete(index), 3, u)?;
        if let Some(field_index) = field {
            self.expression(ty, DEPTH_MAX, u)?;
            self.emit(&Instruction::StructSet { struct_type_index: index, field_index });
            return Ok(());
        }
        let range = |function: &mut Self, u: &mut Unstructured<'_>| -> Result<u32> {
            let from = u.int_in_range(0..=LENGTH_MIN - 1)?;
            function.emit(&Instruction::I32Const(from.cast_signed()));
            Ok(LENGTH_MIN - from)
        };
        match u.int_in_range(0..=3u8)? {
            0 => {
                let count = range(self, u)?;
                self.expression(ty, 3, u)?;
                self.emit(&Instruction::I32Const(count.cast_signed()));
                self.emit(&Instruction::ArrayFill(index));
            }
            1 => {
                let room = range(self, u)?;
                self.non_null(HeapType::Concrete(index), 2, u)?;
                let count = range(self, u)?.min(room);
                self.emit(&Instruction::I32Const(count.cast_signed()));
                self.emit(&Instruction::ArrayCopy {
                    array_type_index_dst: index,
                    array_type_index_src: index,
                });
            }
            2 if self.fitting_data(element_type, LENGTH_MIN).is_some() => {
                let data = self.fitting_data(element_type, LENGTH_MIN).unwrap_or_default();
                let count = range(self, u)?;
                self.emit(&Instruction::I32Const(0));
                self.emit(&Instruction::I32Const(count.cast_signed()));
                self.emit(&Instruction::ArrayInitData {
                    array_type_index: index,
                    array_data_index: data,
                });
            }
            2 | 3 if self.fitting_segment(element_type).is_some() => {
                let segment = self.fitting_segment(element_type).unwrap_or_default();
                let count = range(self, u)?;
                self.emit(&Instruction::I32Const(0));
                self.emit(&Instruction::I32Const(count.cast_signed()));
                self.emit(&Instruction::ArrayInitElem {
                    array_type_index: index,
                    array_elem_index: segment,
                });
            }
            _ => {
                self.element_index(3, u)?;
                self.expression(ty, DEPTH_MAX, u)?;
                self.emit(&Instruction::ArraySet(index));
            }
        }
        Ok(())
    }

    /// A number that a reference is asked for: its type, identity, length, value.
    pub(crate) fn ask(
        &mut self,
        ty: ValType,
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<bool> {
        if ty != ValType::I32 || !self.has(Proposal::Gc) {
            return Ok(false);
        }
        let arrays: Vec<u32> = (0..self.world.aggregates.len() as u32)
            .filter(|index| matches!(self.world.aggregates[*index as usize].shape, Shape::Array(_)))
            .collect();
        match u.int_in_range(0..=4u8)? {
            0 => {
                self.non_null(HeapType::I31, depth, u)?;
                let is_signed = percent(u, 50)?;
                let get = [Instruction::I31GetU, Instruction::I31GetS];
                self.emit(&get[usize::from(is_signed)]);
            }
            1 => {
                self.expression(ValType::Ref(RefType::EQREF), depth, u)?;
                self.expression(ValType::Ref(RefType::EQREF), depth, u)?;
                self.emit(&Instruction::RefEq);
            }
            2 if !arrays.is_empty() => {
                let array = *u.choose(&arrays)?;
                self.non_null(HeapType::Concrete(array), depth, u)?;
                self.emit(&Instruction::ArrayLen);
            }
            _ => {
                let heap = self.some_heap(u)?;
                let from = *u.choose(&[RefType::ANYREF, RefType::EQREF])?;
                self.expression(ValType::Ref(from), depth, u)?;
                self.emit(&match percent(u, 50)? {
                    true => Instruction::RefTestNullable(heap),
                    false => Instruction::RefTestNonNull(heap),
                });
            }
        }
        Ok(true)
    }

    /// `i31` or some aggregate.
    fn some_heap(&self, u: &mut Unstructured<'_>) -> Result<HeapType> {
        Ok(match u.choose_index(self.world.aggregates.len() + 1)? {
            0 => HeapType::I31,
            index => HeapType::Concrete(index as u32 - 1),
        })
    }

    /// A reference that went through a wider type and was cast back, mostly with success.
    pub(crate) fn cast(
        &mut self,
        ty: ValType,
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<bool> {
        let ValType::Ref(wanted) = ty else { return Ok(false) };
        if !self.has(Proposal::Gc) || self.labels.len() > BLOCKS_MAX || depth == 0 {
            return Ok(false);
        }
        let heap = wanted.heap_type;
        if ty == ValType::Ref(RefType::ANYREF) {
            return self.widened(depth, u).map(|()| true);
        }
        let is_any = match heap {
            HeapType::Concrete(index) => self.world.aggregate(index).is_some(),
            HeapType::Abstract { ty, .. } => {
                matches!(ty, AbstractHeapType::I31 | AbstractHeapType::Eq)
            }
            HeapType::Exact(_) => false,
        };
        if !is_any {
            return Ok(false);
        }
        if percent(u, 35)? {
            self.construct(heap, depth, u)?;
            self.emit(&match wanted.nullable && percent(u, 50)? {
                true => Instruction::RefCastNullable(heap),
                false => Instruction::RefCastNonNull(heap),
            });
            return Ok(true);
        }
        let to_ref_type = RefType { nullable: false, heap_type: heap };
        self.guarded(heap, u, |function, u| {
            function.expression(ValType::Ref(RefType::ANYREF), depth - 1, u)?;
            function.emit(&Instruction::BrOnCast {
                relative_depth: 0,
                from_ref_type: RefType::ANYREF,
                to_ref_type,
            });
            function.emit(&Instruction::Drop);
            Ok(())
        })?;
        Ok(true)
    }

    /// An `anyref` that was looked at on its way, or was outside for a while.
    fn widened(&mut self, depth: u32, u: &mut Unstructured<'_>) -> Result<()> {
        let any = ValType::Ref(RefType::ANYREF);
        match u.int_in_range(0..=2u8)? {
            0 => {
                self.expression(any, depth - 1, u)?;
                self.emit(&Instruction::ExternConvertAny);
                self.emit(&Instruction::AnyConvertExtern);
            }
            1 => {
                self.expression(ValType::EXTERNREF, depth - 1, u)?;
                self.emit(&Instruction::AnyConvertExtern);
            }
            _ => {
                let heap_type = self.some_heap(u)?;
                let to_ref_type = RefType { nullable: percent(u, 50)?, heap_type };
                self.emit(&Instruction::Block(BlockType::Result(any)));
                self.labels.push(Label { takes: vec![any], is_loop: false });
                self.expression(any, depth - 1, u)?;
                self.emit(&Instruction::BrOnCastFail {
                    relative_depth: 0,
                    from_ref_type: RefType::ANYREF,
                    to_ref_type,
                });
                self.labels.pop();
                self.emit(&Instruction::End);
            }
        }
        Ok(())
    }

    /// A call through a reference that leaves just these results.
    pub(crate) fn call_ref_for(
        &mut self,
        results: &[ValType],
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<bool> {
        let Some(ty) = self.callable(results, u)? else { return Ok(false) };
        self.call_ref_operands(ty, depth, u)?;
        self.emit(&Instruction::CallRef(ty));
        Ok(true)
    }

    /// The same in tail position.
    pub(crate) fn return_call_ref(
        &mut self,
        results: &[ValType],
        u: &mut Unstructured<'_>,
    ) -> Result<bool> {
        let Some(ty) = self.callable(results, u)? else { return Ok(false) };
        self.call_ref_operands(ty, 3, u)?;
        self.emit(&Instruction::ReturnCallRef(ty));
        Ok(true)
    }

    /// The type of functions that come later and give these results.
    fn callable(&self, results: &[ValType], u: &mut Unstructured<'_>) -> Result<Option<u32>> {
        if !self.has(Proposal::FunctionReferences) {
            return Ok(None);
        }
        let later = self.index.max(self.world.imported_funcs)..self.world.funcs.len() as u32;
        let fits =
            |func: &u32| *func > self.index && self.world.signature_of(*func).results == results;
        let types: Vec<u32> = later
            .filter(fits)
            .map(|func| self.world.type_of(self.world.funcs[func as usize]))
            .collect();
        if types.is_empty() { Ok(None) } else { u.choose(&types).copied().map(Some) }
    }

    fn call_ref_operands(&mut self, ty: u32, depth: u32, u: &mut Unstructured<'_>) -> Result<()> {
        let signature = self.world.signature_at(ty).unwrap_or_default();
        let params = self.world.signatures[signature as usize].params.clone();
        self.values(&params, depth, u)?;
        self.non_null(HeapType::Concrete(ty), depth.min(2), u)
    }

    /// Go on only if a reference is not null.
    pub(crate) fn unless_null(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let references: Vec<ValType> = self.references();
        if !self.has(Proposal::FunctionReferences)
            || references.is_empty()
            || self.labels.len() > BLOCKS_MAX
        {
            return Ok(());
        }
        let ty = *u.choose(&references)?;
        self.emit(&Instruction::Block(BlockType::Empty));
        self.labels.push(Label { takes: Vec::new(), is_loop: false });
        self.expression(ty, 3, u)?;
        self.emit(&Instruction::BrOnNull(0));
        self.emit(&Instruction::Drop);
        let count = weighted(u, &[(3, 1), (1, 2)])?;
        self.statements(count, u)?;
        self.labels.pop();
        self.emit(&Instruction::End);
        Ok(())
    }

    /// The reference types that values of this module have.
    pub(crate) fn references(&self) -> Vec<ValType> {
        let types = self.world.value_types.iter();
        types.copied().filter(|ty| matches!(ty, ValType::Ref(_))).collect()
    }
}

fn element_bytes(element: StorageType) -> Option<usize> {
    Some(match element {
        StorageType::I8 => 1,
        StorageType::I16 => 2,
        StorageType::Val(ValType::I32 | ValType::F32) => 4,
        StorageType::Val(ValType::I64 | ValType::F64) => 8,
        StorageType::Val(ValType::V128) => 16,
        StorageType::Val(ValType::Ref(_)) => return None,
    })
}

/// The types of references that values of a module with these aggregates may have.
pub(crate) fn reference_types(aggregates: usize, u: &mut Unstructured<'_>) -> Result<Vec<ValType>> {
    let mut types: Vec<RefType> = vec![RefType::ANYREF];
    if percent(u, 50)? {
        types.push(RefType::EQREF);
    }
    if percent(u, 50)? {
        types.push(RefType::I31REF);
    }
    for index in 0..aggregates as u32 {
        if percent(u, 60)? {
            types.push(nullable(index));
        }
    }
    Ok(types.into_iter().map(ValType::Ref).collect())
}
