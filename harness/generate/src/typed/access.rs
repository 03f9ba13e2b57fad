//! Memory accesses: addresses that mostly exist, loads, stores, atomics.

use arbitrary::{Result, Unstructured};
use gainsay_case::Proposal;
use wasm_encoder::{Instruction, MemArg, MemArgTarget, ValType};

use crate::decide::{percent, weighted};
use crate::typed::accesses::{Access, LOADS, MODIFICATIONS, NOTIFY, STORES, WAITS, modification};
use crate::typed::expression::index_type;
use crate::typed::function::{DEPTH_MAX, Function};

impl Function<'_> {
    pub(crate) fn load(
        &mut self,
        ty: ValType,
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<bool> {
        if self.world.memories.is_empty() {
            return Ok(false);
        }
        let loads = self.allowed(LOADS, |load| load.value == ty);
        if loads.is_empty() {
            return Ok(false);
        }
        let load = *u.choose(&loads)?;
        let memory = self.some_memory(u)?;
        self.address(memory, &load, depth, u)?;
        if load.lanes > 0 {
            self.expression(ValType::V128, depth, u)?;
        }
        self.access(&load, memory, u)?;
        Ok(true)
    }

    pub(crate) fn store(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if self.world.memories.is_empty() {
            return Ok(());
        }
        let store = *u.choose(&self.allowed(STORES, |_| true))?;
        let memory = self.some_memory(u)?;
        self.address(memory, &store, 3, u)?;
        self.expression(store.value, DEPTH_MAX, u)?;
        self.access(&store, memory, u)
    }

    /// An atomic instruction that leaves a value: it reads, modifies and writes, or
    /// it notifies or waits.
    pub(crate) fn atomic(
        &mut self,
        ty: ValType,
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<bool> {
        if self.world.memories.is_empty() || !self.has(Proposal::Threads) {
            return Ok(false);
        }
        let memory = self.some_memory(u)?;
        if ty == ValType::I32 && percent(u, 15)? {
            self.notify_or_wait(memory, depth, u)?;
            return Ok(true);
        }
        let operator = u.int_in_range(0..=MODIFICATIONS - 1)?;
        let Some(access) = modification(operator, u.int_in_range(0..=6)?, ty) else {
            return Ok(false);
        };
        self.address(memory, &access, depth, u)?;
        if operator == MODIFICATIONS - 1 {
            // What is expected is often there: zero.
            match percent(u, 50)? {
                true => self.zero(ty),
                false => self.expression(ty, depth, u)?,
            }
        }
        self.expression(ty, depth, u)?;
        self.access(&access, memory, u)?;
        Ok(true)
    }

    /// Nobody is there to be woken or to wake, so waits end by themselves soon:
    /// `instrument` cuts their times down.
    fn notify_or_wait(&mut self, memory: u32, depth: u32, u: &mut Unstructured<'_>) -> Result<()> {
        // Waiting on unshared memory traps (§ exec/instructions, memory.atomic.wait).
        let may_wait = self.world.memories[memory as usize].shared || percent(u, 5)?;
        if !may_wait || percent(u, 50)? {
            self.address(memory, &NOTIFY, depth, u)?;
            self.expression(ValType::I32, depth, u)?;
            return self.access(&NOTIFY, memory, u);
        }
        let wait = *u.choose(&WAITS)?;
        self.address(memory, &wait, depth, u)?;
        self.expression(wait.value, depth, u)?;
        self.expression(ValType::I64, 1, u)?;
        self.access(&wait, memory, u)
    }

    fn zero(&mut self, ty: ValType) {
        self.emit(&match ty {
            ValType::I64 => Instruction::I64Const(0),
            _ => Instruction::I32Const(0),
        });
    }

    fn allowed(&self, accesses: &[Access], test: impl Fn(&Access) -> bool) -> Vec<Access> {
        let may = |access: &&Access| access.proposal().is_none_or(|p| self.has(p)) && test(access);
        accesses.iter().filter(may).copied().collect()
    }

    pub(crate) fn some_memory(&self, u: &mut Unstructured<'_>) -> Result<u32> {
        u.int_in_range(0..=self.world.memories.len() as u32 - 1)
    }

    /// An address that mostly lies in the memory, near other ones, and is aligned
    /// where it must be.
    fn address(
        &mut self,
        memory: u32,
        access: &Access,
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<()> {
        let unaligned = match access.is_atomic() && !percent(u, 4)? {
            true => (1 << access.log2_bytes) - 1,
            false => 0,
        };
        self.place_in_memory(memory, unaligned, depth, u)
    }

    /// An address of a region, which mostly lies in the memory.
    pub(crate) fn region(
        &mut self,
        memory: u32,
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<()> {
        self.place_in_memory(memory, 0, depth, u)
    }

    fn place_in_memory(
        &mut self,
        memory: u32,
        unaligned: u64,
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<()> {
        // No access is wider.
        const BYTES_MAX: u64 = 16;
        let is_64 = self.world.memories[memory as usize].memory64;
        let bytes = self.world.bytes_of(memory);
        self.expression(index_type(is_64), depth, u)?;
        let wanted = weighted(u, &[(6, 0x3f), (3, 0xfff), (1, u64::MAX)])?;
        let Some(room) = bytes.checked_sub(BYTES_MAX).filter(|room| *room > 0) else {
            return Ok(());
        };
        // The biggest mask that leaves room for the access.
        let mask = wanted.min((1 << room.ilog2()) - 1) & !unaligned;
        if percent(u, 96)? {
            self.mask(is_64, mask);
        } else if unaligned > 0 {
            self.mask(is_64, !unaligned);
        }
        Ok(())
    }

    /// The load or store itself.
    fn access(&mut self, access: &Access, memory: u32, u: &mut Unstructured<'_>) -> Result<()> {
        let is_64 = self.world.memories[memory as usize].memory64;
        let fits = self.world.bytes_of(memory) > 0x100;
        let offset = match u.int_in_range(0..=63u8)? {
            0 => match is_64 {
                true => u.arbitrary::<u64>()?,
                false => u64::from(u.arbitrary::<u32>()?),
            },
            1..=3 => u.int_in_range(0..=0x7fff)?,
            4..=31 if fits => u.int_in_range(0..=64)?,
            _ => 0,
        };
        let (offset, align) = match access.is_atomic() {
            true => (offset & !((1 << access.log2_bytes) - 1), access.log2_bytes),
            false => (offset, u.int_in_range(0..=access.log2_bytes)?),
        };
        let target = MemArgTarget::Memory(memory);
        let argument = MemArg { offset, align, target, ordering: None };
        let lane = if access.lanes > 0 { u.int_in_range(0..=15)? } else { 0 };
        access.encode(argument, lane, &mut self.code);
        Ok(())
    }
}
