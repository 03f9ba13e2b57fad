//! Expressions: code that leaves one value.

use arbitrary::{Result, Unstructured};
use gainsay_case::Proposal;
use wasm_encoder::{BlockType, Encode, Instruction, RefType, ValType};

use crate::decide::{percent, weighted};
use crate::typed::function::{BLOCKS_MAX, Function, Label};
use crate::typed::ops::{FAMILIES, Family, MISCELLANEOUS, Trap};

/// Ways to make a value.
#[derive(Clone, Copy, Debug)]
enum Way {
    Leaf,
    Numeric,
    Load,
    Atomic,
    Wide,
    Shuffle,
    Select,
    Tee,
    If,
    Block,
    Call,
    Indirect,
    Size,
    TableGet,
    IsNull,
    Field,
    Ask,
    Cast,
    CallRef,
}

impl Function<'_> {
    /// Code that leaves a value of that type.
    pub(crate) fn expression(
        &mut self,
        ty: ValType,
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<()> {
        if let ValType::Ref(RefType { nullable: false, heap_type }) = ty {
            self.nodes = self.nodes.saturating_sub(1);
            return self.non_null(heap_type, depth, u);
        }
        if self.nodes == 0 || depth == 0 {
            return self.leaf(ty, u);
        }
        self.nodes -= 1;
        let ways = self.ways(ty);
        let depth = depth - 1;
        let made = match weighted(u, &ways)? {
            Way::Leaf => false,
            Way::Numeric => self.numeric(ty, depth, u)?,
            Way::Load => self.load(ty, depth, u)?,
            Way::Atomic => self.atomic(ty, depth, u)?,
            Way::Wide => self.wide(ty, depth, u)?,
            Way::Shuffle => self.shuffle(ty, depth, u)?,
            Way::Select => self.select(ty, depth, u)?,
            Way::Tee => self.tee(ty, depth, u)?,
            Way::If => self.if_value(ty, depth, u)?,
            Way::Block => self.block_value(ty, depth, u)?,
            Way::Call => self.call_for(&[ty], depth, u)?,
            Way::Indirect => self.call_indirect_for(&[ty], depth, u)?,
            Way::Size => self.size(ty, depth, u)?,
            Way::TableGet => self.table_get(ty, depth, u)?,
            Way::IsNull => self.is_null(ty, depth, u)?,
            Way::Field => self.field(ty, depth, u)?,
            Way::Ask => self.ask(ty, depth, u)?,
            Way::Cast => self.cast(ty, depth, u)?,
            Way::CallRef => self.call_ref_for(&[ty], depth, u)?,
        };
        if made { Ok(()) } else { self.leaf(ty, u) }
    }

    /// The ways to make a value of that type, by taste. Those that cannot are left
    /// out: what they would take goes to the others.
    fn ways(&self, ty: ValType) -> [(u32, Way); 19] {
        let taste = self.taste;
        let only = |fits: bool, weight: u32| if fits { weight } else { 0 };
        let (is_32, is_64) = (ty == ValType::I32, ty == ValType::I64);
        let is_reference = matches!(ty, ValType::Ref(_));
        let has_references = self.has(Proposal::FunctionReferences);
        [
            (3, Way::Leaf),
            (only(!is_reference, 3 * taste.numeric), Way::Numeric),
            (only(!is_reference, taste.memory), Way::Load),
            (only(is_32 || is_64, taste.atomic), Way::Atomic),
            (only(is_64, taste.wide), Way::Wide),
            (only(ty == ValType::V128, taste.vector), Way::Shuffle),
            (2, Way::Select),
            (taste.local, Way::Tee),
            (taste.control, Way::If),
            (taste.control, Way::Block),
            (taste.call, Way::Call),
            (taste.indirect, Way::Indirect),
            (only(is_32 || is_64, taste.size), Way::Size),
            (only(is_reference, taste.table), Way::TableGet),
            (only(is_32, taste.reference), Way::IsNull),
            (taste.heap, Way::Field),
            (only(is_32, taste.heap), Way::Ask),
            (only(is_reference, taste.cast), Way::Cast),
            (only(has_references, taste.call), Way::CallRef),
        ]
    }

    /// A condition that is sometimes true.
    pub(crate) fn condition(&mut self, depth: u32, u: &mut Unstructured<'_>) -> Result<()> {
        self.expression(ValType::I32, depth.min(2), u)
    }

    fn leaf(&mut self, ty: ValType, u: &mut Unstructured<'_>) -> Result<()> {
        let locals: Vec<u32> = indices(&self.locals, |local| *local == ty);
        if !locals.is_empty() && percent(u, 65)? {
            let local = *u.choose(&locals)?;
            self.emit(&Instruction::LocalGet(local));
            return Ok(());
        }
        let globals: Vec<u32> = indices(&self.world.globals, |global| global.val_type == ty);
        if !globals.is_empty() && percent(u, 30)? {
            let global = *u.choose(&globals)?;
            self.emit(&Instruction::GlobalGet(global));
            return Ok(());
        }
        if let ValType::Ref(ty) = ty
            && self.can_construct(ty.heap_type)
            && percent(u, 60)?
        {
            return self.construct(ty.heap_type, 0, u);
        }
        self.emit_constant(ty, u)
    }

    fn numeric(&mut self, ty: ValType, depth: u32, u: &mut Unstructured<'_>) -> Result<bool> {
        let fits = |family: &&Family| {
            family.result == ty && family.proposal.is_none_or(|proposal| self.has(proposal))
        };
        let families: Vec<(u32, &Family)> =
            FAMILIES.iter().filter(fits).map(|family| (family.len(), family)).collect();
        if families.is_empty() {
            return Ok(false);
        }
        let family = weighted(u, &families)?;
        match family.trap {
            Trap::OnConversion if percent(u, 75)? => {
                // Of an integer, so that mostly there is one to convert to.
                self.expression(ValType::I32, depth, u)?;
                self.emit(match family.params[0] {
                    ValType::F32 => &Instruction::F32ConvertI32S,
                    _ => &Instruction::F64ConvertI32S,
                });
            }
            _ => self.values(family.params, depth, u)?,
        }
        if family.trap == Trap::OnZero && percent(u, 85)? {
            let (one, or) = match ty {
                ValType::I32 => (Instruction::I32Const(1), Instruction::I32Or),
                _ => (Instruction::I64Const(1), Instruction::I64Or),
            };
            self.emit(&one);
            self.emit(&or);
        }
        family.encode(u.int_in_range(0..=family.len() - 1)?, &mut self.code);
        if family.lanes > 0 {
            self.code.push(u.int_in_range(0..=family.lanes - 1)?);
        }
        Ok(true)
    }

    /// A sum, difference or product of 128 bits, of which one half goes on.
    fn wide(&mut self, ty: ValType, depth: u32, u: &mut Unstructured<'_>) -> Result<bool> {
        if ty != ValType::I64 || !self.has(Proposal::WideArithmetic) {
            return Ok(false);
        }
        // add128, sub128; mul_wide_s, mul_wide_u.
        const FIRST: u32 = 19;
        let number = u.int_in_range(0..=3)?;
        let operands = if number < 2 { 4 } else { 2 };
        self.values(&[ValType::I64; 4][..operands], depth, u)?;
        self.code.push(MISCELLANEOUS);
        (FIRST + number).encode(&mut self.code);
        match self.assignable(ValType::I64, u)? {
            Some(local) if percent(u, 60)? => self.emit(&Instruction::LocalSet(local)),
            _ if percent(u, 50)? => self.emit(&Instruction::I64Xor),
            _ => self.emit(&Instruction::Drop),
        }
        Ok(true)
    }

    fn shuffle(&mut self, ty: ValType, depth: u32, u: &mut Unstructured<'_>) -> Result<bool> {
        if ty != ValType::V128 {
            return Ok(false);
        }
        self.values(&[ValType::V128; 2], depth, u)?;
        let mut lanes = [0; 16];
        for lane in &mut lanes {
            *lane = u.int_in_range(0..=31)?;
        }
        self.emit(&Instruction::I8x16Shuffle(lanes));
        Ok(true)
    }

    pub(crate) fn mask(&mut self, is_64: bool, mask: u64) {
        let (constant, and) = match is_64 {
            true => (Instruction::I64Const(mask.cast_signed()), Instruction::I64And),
            false => (Instruction::I32Const(mask as u32 as i32), Instruction::I32And),
        };
        self.emit(&constant);
        self.emit(&and);
    }

    fn select(&mut self, ty: ValType, depth: u32, u: &mut Unstructured<'_>) -> Result<bool> {
        let is_reference = matches!(ty, ValType::Ref(_));
        self.values(&[ty, ty], depth, u)?;
        self.condition(depth, u)?;
        // References need the form that says its type (§ valid/instructions, select).
        if is_reference || (self.has(Proposal::ReferenceTypes) && percent(u, 15)?) {
            self.emit(&Instruction::TypedSelect(ty));
        } else {
            self.emit(&Instruction::Select);
        }
        Ok(true)
    }

    fn tee(&mut self, ty: ValType, depth: u32, u: &mut Unstructured<'_>) -> Result<bool> {
        let Some(local) = self.assignable(ty, u)? else { return Ok(false) };
        self.expression(ty, depth, u)?;
        self.emit(&Instruction::LocalTee(local));
        Ok(true)
    }

    fn if_value(&mut self, ty: ValType, depth: u32, u: &mut Unstructured<'_>) -> Result<bool> {
        if self.labels.len() > BLOCKS_MAX {
            return Ok(false);
        }
        self.condition(depth, u)?;
        self.emit(&Instruction::If(BlockType::Result(ty)));
        self.labels.push(Label { takes: vec![ty], is_loop: false });
        for arm in 0..2 {
            let statements = u.int_in_range(0..=1)?;
            self.statements(statements, u)?;
            self.expression(ty, depth, u)?;
            self.emit(if arm == 0 { &Instruction::Else } else { &Instruction::End });
        }
        self.labels.pop();
        Ok(true)
    }

    fn block_value(&mut self, ty: ValType, depth: u32, u: &mut Unstructured<'_>) -> Result<bool> {
        if self.labels.len() > BLOCKS_MAX {
            return Ok(false);
        }
        self.emit(&Instruction::Block(BlockType::Result(ty)));
        self.labels.push(Label { takes: vec![ty], is_loop: false });
        let statements = u.int_in_range(0..=2)?;
        self.statements(statements, u)?;
        self.expression(ty, depth, u)?;
        if percent(u, 50)? {
            self.condition(depth, u)?;
            self.emit(&Instruction::BrIf(0));
            self.emit(&Instruction::Drop);
            self.expression(ty, depth, u)?;
        }
        self.labels.pop();
        self.emit(&Instruction::End);
        Ok(true)
    }

    /// The size of a memory or table, or what growing it says.
    fn size(&mut self, ty: ValType, depth: u32, u: &mut Unstructured<'_>) -> Result<bool> {
        let memories = indices(&self.world.memories, |m| index_type(m.memory64) == ty);
        if !memories.is_empty() && percent(u, 60)? {
            let memory = *u.choose(&memories)?;
            if percent(u, 60)? {
                self.emit(&Instruction::MemorySize(memory));
            } else {
                self.growth(ty, u)?;
                self.emit(&Instruction::MemoryGrow(memory));
            }
            return Ok(true);
        }
        let tables = indices(&self.world.tables, |t| index_type(t.table64) == ty);
        if tables.is_empty() || !self.has(Proposal::ReferenceTypes) {
            return Ok(false);
        }
        let table = *u.choose(&tables)?;
        if percent(u, 60)? {
            self.emit(&Instruction::TableSize(table));
        } else {
            let element = self.world.tables[table as usize].element_type;
            self.expression(ValType::Ref(element), depth, u)?;
            self.growth(ty, u)?;
            self.emit(&Instruction::TableGrow(table));
        }
        Ok(true)
    }

    /// By how much to grow: little, so that it may succeed, or anything.
    fn growth(&mut self, ty: ValType, u: &mut Unstructured<'_>) -> Result<()> {
        if percent(u, 10)? {
            return self.emit_constant(ty, u);
        }
        let delta = u.int_in_range(0..=3u8)?;
        self.emit(&match ty {
            ValType::I64 => Instruction::I64Const(delta.into()),
            _ => Instruction::I32Const(delta.into()),
        });
        Ok(())
    }

    fn table_get(&mut self, ty: ValType, depth: u32, u: &mut Unstructured<'_>) -> Result<bool> {
        let tables = indices(&self.world.tables, |t| ValType::Ref(t.element_type) == ty);
        if tables.is_empty() || !self.has(Proposal::ReferenceTypes) {
            return Ok(false);
        }
        let table = *u.choose(&tables)?;
        self.place(table, depth, u)?;
        self.emit(&Instruction::TableGet(table));
        Ok(true)
    }

    /// A place in a table, mostly one that exists.
    pub(crate) fn place(&mut self, table: u32, depth: u32, u: &mut Unstructured<'_>) -> Result<()> {
        let ty = &self.world.tables[table as usize];
        let (is_64, size) = (ty.table64, ty.minimum);
        self.expression(index_type(is_64), depth.min(2), u)?;
        if size > 0 && percent(u, 95)? {
            // The biggest mask below the size.
            self.mask(is_64, (1 << size.ilog2()) - 1);
        }
        Ok(())
    }

    fn is_null(&mut self, ty: ValType, depth: u32, u: &mut Unstructured<'_>) -> Result<bool> {
        if ty != ValType::I32 || !self.has(Proposal::ReferenceTypes) {
            return Ok(false);
        }
        let of = *u.choose(&self.references())?;
        self.expression(of, depth, u)?;
        self.emit(&Instruction::RefIsNull);
        Ok(true)
    }
}

/// The type of addresses (§ syntax/types, address types).
pub(crate) fn index_type(is_64: bool) -> ValType {
    if is_64 { ValType::I64 } else { ValType::I32 }
}

/// The indices of the items that pass.
pub(crate) fn indices<T>(items: &[T], test: impl Fn(&T) -> bool) -> Vec<u32> {
    let numbered = items.iter().enumerate();
    numbered.filter(|(_, item)| test(item)).map(|(index, _)| index as u32).collect()
}
