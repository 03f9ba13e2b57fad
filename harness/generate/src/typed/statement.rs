//! Statements: code that leaves the stack as it was.

use arbitrary::{Result, Unstructured};
use gainsay_case::Proposal;
use wasm_encoder::{BlockType, Instruction, Ordering, RefType, ValType};

use crate::decide::{percent, weighted};
use crate::typed::expression::{index_type, indices};
use crate::typed::function::{BLOCKS_MAX, DEPTH_MAX, Function, Label};

#[derive(Clone, Copy, Debug)]
enum Way {
    SetLocal,
    SetGlobal,
    Store,
    BulkMemory,
    Fence,
    SetField,
    Try,
    Throw,
    UnlessNull,
    Table,
    Call,
    Indirect,
    If,
    Block,
    Loop,
    Branch,
    BranchTable,
    Leave,
    Drop,
}

impl Function<'_> {
    /// Up to that many statements.
    pub(crate) fn statements(&mut self, count: u32, u: &mut Unstructured<'_>) -> Result<()> {
        for _ in 0..count {
            if self.nodes == 0 {
                break;
            }
            self.nodes -= 1;
            self.statement(u)?;
        }
        Ok(())
    }

    fn statement(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let taste = self.taste;
        let ways = [
            (4, Way::SetLocal),
            (taste.global, Way::SetGlobal),
            (2 * taste.memory, Way::Store),
            (taste.memory / 2, Way::BulkMemory),
            (taste.atomic / 4, Way::Fence),
            (2 * taste.heap, Way::SetField),
            (taste.exception, Way::Try),
            (taste.exception, Way::Throw),
            (taste.reference / 2, Way::UnlessNull),
            (taste.table, Way::Table),
            (taste.call, Way::Call),
            (taste.indirect, Way::Indirect),
            (taste.control, Way::If),
            (taste.control, Way::Block),
            (taste.control, Way::Loop),
            (taste.control, Way::Branch),
            (taste.control / 2, Way::BranchTable),
            (taste.control / 4, Way::Leave),
            (1, Way::Drop),
        ];
        match weighted(u, &ways)? {
            Way::SetLocal => self.set_local(u),
            Way::SetGlobal => self.set_global(u),
            Way::Store => self.store(u),
            Way::BulkMemory => self.bulk_memory(u),
            Way::SetField => self.set_field(u),
            Way::Try => self.try_table(u),
            Way::Throw => self.some_throw(u),
            Way::UnlessNull => self.unless_null(u),
            Way::Fence => {
                if self.has(Proposal::Threads) {
                    self.emit(&Instruction::AtomicFence(Ordering::SeqCst));
                }
                Ok(())
            }
            Way::Table => self.table(u),
            Way::Call => self.any_call(u),
            Way::Indirect => self.any_indirect_call(u),
            Way::If => self.if_else(u),
            Way::Block => self.block(u),
            Way::Loop => self.counted_loop(u),
            Way::Branch => self.branch(u),
            Way::BranchTable => self.branch_table(u),
            Way::Leave => self.leave(u),
            Way::Drop => {
                let ty = *u.choose(&self.world.value_types)?;
                self.expression(ty, DEPTH_MAX, u)?;
                self.emit(&Instruction::Drop);
                Ok(())
            }
        }
    }

    fn set_local(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let ty = *u.choose(&self.locals)?;
        if let Some(local) = self.assignable(ty, u)? {
            self.expression(ty, DEPTH_MAX, u)?;
            self.emit(&Instruction::LocalSet(local));
        }
        Ok(())
    }

    fn set_global(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let globals = indices(&self.world.globals, |global| global.mutable);
        if !globals.is_empty() {
            let global = *u.choose(&globals)?;
            self.expression(self.world.globals[global as usize].val_type, DEPTH_MAX, u)?;
            self.emit(&Instruction::GlobalSet(global));
        }
        Ok(())
    }

    fn bulk_memory(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if self.world.memories.is_empty() || !self.has(Proposal::BulkMemory) {
            return Ok(());
        }
        let segments = self.world.data.len() as u32;
        let memory = self.some_memory(u)?;
        let is_64 = |memory: u32| self.world.memories[memory as usize].memory64;
        let to_64 = is_64(memory);
        match u.int_in_range(0..=3u8)? {
            0 => {
                self.region(memory, 2, u)?;
                self.expression(ValType::I32, 3, u)?;
                self.length(to_64, u)?;
                self.emit(&Instruction::MemoryFill(memory));
            }
            1 => {
                let src_mem = self.some_memory(u)?;
                let from_64 = is_64(src_mem);
                self.region(memory, 2, u)?;
                self.region(src_mem, 2, u)?;
                // The narrower of the two (§ valid/instructions, memory.copy).
                self.length(to_64 && from_64, u)?;
                self.emit(&Instruction::MemoryCopy { src_mem, dst_mem: memory });
            }
            2 if segments > 0 => {
                let data_index = u.int_in_range(0..=segments - 1)?;
                self.region(memory, 2, u)?;
                self.small(u)?;
                self.small(u)?;
                self.emit(&Instruction::MemoryInit { mem: memory, data_index });
            }
            3 if segments > 0 => {
                let segment = u.int_in_range(0..=segments - 1)?;
                self.emit(&Instruction::DataDrop(segment));
            }
            _ => {}
        }
        Ok(())
    }

    /// A length that is mostly small.
    fn length(&mut self, is_64: bool, u: &mut Unstructured<'_>) -> Result<()> {
        self.expression(index_type(is_64), 2, u)?;
        if percent(u, 95)? {
            self.mask(is_64, 0x3f);
        }
        Ok(())
    }

    /// A small number, as offsets and lengths in segments are.
    fn small(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let number = u.int_in_range(0..=4)?;
        self.emit(&Instruction::I32Const(number));
        Ok(())
    }

    fn table(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if self.world.tables.is_empty() {
            return Ok(());
        }
        let table = u.int_in_range(0..=self.world.tables.len() as u32 - 1)?;
        let ty = self.world.tables[table as usize];
        let element = ValType::Ref(ty.element_type);
        let is_64 = ty.table64;
        let bulk = self.has(Proposal::BulkMemory);
        let references = self.has(Proposal::ReferenceTypes);
        match u.int_in_range(0..=4u8)? {
            0 | 1 if references => {
                self.place(table, 2, u)?;
                self.expression(element, 2, u)?;
                self.emit(&Instruction::TableSet(table));
            }
            2 if references => {
                self.place(table, 2, u)?;
                self.expression(element, 2, u)?;
                self.few(is_64, u)?;
                self.emit(&Instruction::TableFill(table));
            }
            3 if bulk => {
                let same = indices(&self.world.tables, |t| t.element_type == ty.element_type);
                let src_table = *u.choose(&same)?;
                let from_64 = self.world.tables[src_table as usize].table64;
                self.place(table, 2, u)?;
                self.place(src_table, 2, u)?;
                self.few(is_64 && from_64, u)?;
                self.emit(&Instruction::TableCopy { src_table, dst_table: table });
            }
            4 if bulk && ty.element_type == RefType::FUNCREF => {
                let segments = self.world.segments.len() as u32;
                if segments == 0 {
                    return Ok(());
                }
                let elem_index = u.int_in_range(0..=segments - 1)?;
                if percent(u, 20)? {
                    self.emit(&Instruction::ElemDrop(elem_index));
                    return Ok(());
                }
                self.place(table, 2, u)?;
                self.small(u)?;
                self.small(u)?;
                self.emit(&Instruction::TableInit { elem_index, table });
            }
            _ => {}
        }
        Ok(())
    }

    /// A count that is mostly small.
    fn few(&mut self, is_64: bool, u: &mut Unstructured<'_>) -> Result<()> {
        let count = u.int_in_range(0..=3u8)?;
        self.emit(&match is_64 {
            true => Instruction::I64Const(count.into()),
            false => Instruction::I32Const(count.into()),
        });
        Ok(())
    }

    fn if_else(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if self.labels.len() > BLOCKS_MAX {
            return Ok(());
        }
        self.condition(DEPTH_MAX, u)?;
        self.emit(&Instruction::If(BlockType::Empty));
        self.labels.push(Label { takes: Vec::new(), is_loop: false });
        self.some_statements(u)?;
        if percent(u, 50)? {
            self.emit(&Instruction::Else);
            self.some_statements(u)?;
        }
        self.labels.pop();
        self.emit(&Instruction::End);
        Ok(())
    }

    fn some_statements(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let count = u.int_in_range(1..=3)?;
        self.statements(count, u)
    }

    /// A block, with parameters and results of some signature if they may be.
    fn block(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if self.labels.len() > BLOCKS_MAX {
            return Ok(());
        }
        let signature = u.choose(&self.world.signatures)?.clone();
        let Some(block_type) = self.block_type(&signature) else { return Ok(()) };
        self.values(&signature.params, 2, u)?;
        self.emit(&Instruction::Block(block_type));
        self.labels.push(Label { takes: signature.results.clone(), is_loop: false });
        self.consume(&signature.params, u)?;
        self.some_statements(u)?;
        self.values(&signature.results, 3, u)?;
        self.labels.pop();
        self.emit(&Instruction::End);
        self.consume(&signature.results, u)
    }

    /// A loop that counts a local down, so that it ends by itself.
    fn counted_loop(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if self.labels.len() > BLOCKS_MAX {
            return Ok(());
        }
        let Some(counter) = self.assignable(ValType::I32, u)? else { return Ok(()) };
        let turns = u.int_in_range(1..=12)?;
        self.emit(&Instruction::I32Const(turns));
        self.emit(&Instruction::LocalSet(counter));
        self.emit(&Instruction::Loop(BlockType::Empty));
        self.labels.push(Label { takes: Vec::new(), is_loop: true });
        self.counters.push(counter);
        self.some_statements(u)?;
        self.counters.pop();
        self.labels.pop();
        self.emit(&Instruction::LocalGet(counter));
        self.emit(&Instruction::I32Const(1));
        self.emit(&Instruction::I32Sub);
        self.emit(&Instruction::LocalTee(counter));
        self.emit(&Instruction::BrIf(0));
        self.emit(&Instruction::End);
        Ok(())
    }

    fn branch(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let label = u.choose_index(self.labels.len())?;
        // Back to a loop's head without counting seldom ends.
        if self.labels[label].is_loop && percent(u, 90)? {
            return Ok(());
        }
        let takes = self.labels[label].takes.clone();
        self.values(&takes, 2, u)?;
        self.condition(3, u)?;
        let depth = self.depth_of(label);
        self.emit(&Instruction::BrIf(depth));
        self.consume(&takes, u)
    }

    /// A jump through a table out of a block of its own, so that code goes on after it.
    fn branch_table(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if self.labels.len() > BLOCKS_MAX {
            return Ok(());
        }
        self.emit(&Instruction::Block(BlockType::Empty));
        self.labels.push(Label { takes: Vec::new(), is_loop: false });
        let mut targets = vec![0];
        for label in 0..self.labels.len() {
            let Label { takes, is_loop } = &self.labels[label];
            if takes.is_empty() && !is_loop {
                targets.push(self.depth_of(label));
            }
        }
        let count = u.int_in_range(0..=5)?;
        let chosen: Vec<u32> =
            (0..count).map(|_| u.choose(&targets).copied()).collect::<Result<_>>()?;
        let default = *u.choose(&targets)?;
        self.expression(ValType::I32, 3, u)?;
        self.emit(&Instruction::BrTable(chosen.into(), default));
        self.labels.pop();
        self.emit(&Instruction::End);
        Ok(())
    }

    /// Leave the function, or trap, on a condition.
    fn leave(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        self.condition(3, u)?;
        self.emit(&Instruction::If(BlockType::Empty));
        self.labels.push(Label { takes: Vec::new(), is_loop: false });
        if percent(u, 10)? {
            self.emit(&Instruction::Unreachable);
        } else if !(percent(u, 40)? && self.tail_call(u)?) {
            let results = self.labels[0].takes.clone();
            self.values(&results, 2, u)?;
            self.emit(&Instruction::Return);
        }
        self.labels.pop();
        self.emit(&Instruction::End);
        Ok(())
    }
}
