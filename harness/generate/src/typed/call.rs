//! Calls: direct, through a table, and in tail position.

use arbitrary::{Result, Unstructured};
use gainsay_case::Proposal;
use wasm_encoder::{Instruction, RefType, ValType};

use crate::decide::percent;
use crate::typed::expression::indices;
use crate::typed::function::Function;

impl Function<'_> {
    /// A call that leaves just these results, if some function gives them.
    pub(crate) fn call_for(
        &mut self,
        results: &[ValType],
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<bool> {
        let callees = self.callees(u, |callee| callee == results)?;
        if callees.is_empty() {
            return Ok(false);
        }
        let callee = *u.choose(&callees)?;
        self.call(callee, depth, u)?;
        Ok(true)
    }

    /// A call of any function, its results consumed.
    pub(crate) fn any_call(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let callees = self.callees(u, |_| true)?;
        if callees.is_empty() {
            return Ok(());
        }
        let callee = *u.choose(&callees)?;
        self.call(callee, 3, u)?;
        let results = self.world.signature_of(callee).results.clone();
        self.consume(&results, u)
    }

    fn call(&mut self, callee: u32, depth: u32, u: &mut Unstructured<'_>) -> Result<()> {
        let params = self.world.signature_of(callee).params.clone();
        self.values(&params, depth, u)?;
        self.emit(&Instruction::Call(callee));
        Ok(())
    }

    /// Functions to call: mostly only imported and later ones, so that there is no
    /// recursion without an end.
    fn callees(
        &self,
        u: &mut Unstructured<'_>,
        results: impl Fn(&[ValType]) -> bool,
    ) -> Result<Vec<u32>> {
        let anyone = percent(u, 6)?;
        let may = |func: &u32| anyone || *func > self.index || *func < self.world.imported_funcs;
        let funcs = 0..self.world.funcs.len() as u32;
        let fits = |func: &u32| results(&self.world.signature_of(*func).results);
        Ok(funcs.filter(may).filter(fits).collect())
    }

    /// A call through a table that leaves just these results.
    pub(crate) fn call_indirect_for(
        &mut self,
        results: &[ValType],
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<bool> {
        let Some((table_index, type_index, place)) = self.indirect(|r| r == results, u)? else {
            return Ok(false);
        };
        self.indirect_operands(table_index, type_index, place, depth, u)?;
        let type_index = self.world.type_of(type_index);
        self.emit(&Instruction::CallIndirect { type_index, table_index });
        Ok(true)
    }

    /// A call of any function through a table, its results consumed.
    pub(crate) fn any_indirect_call(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let Some((table_index, type_index, place)) = self.indirect(|_| true, u)? else {
            return Ok(());
        };
        self.indirect_operands(table_index, type_index, place, 3, u)?;
        let results = self.world.signatures[type_index as usize].results.clone();
        let type_index = self.world.type_of(type_index);
        self.emit(&Instruction::CallIndirect { type_index, table_index });
        self.consume(&results, u)
    }

    /// A table, a type and maybe a place in the table that holds such a function.
    fn indirect(
        &self,
        results: impl Fn(&[ValType]) -> bool,
        u: &mut Unstructured<'_>,
    ) -> Result<Option<(u32, u32, Option<u64>)>> {
        let tables = indices(&self.world.tables, |t| t.element_type == RefType::FUNCREF);
        if tables.is_empty() {
            return Ok(None);
        }
        let table = *u.choose(&tables)?;
        if !self.has(Proposal::ReferenceTypes) && table != 0 {
            return Ok(None);
        }
        let entries: Vec<(u64, u32)> = self
            .world
            .entries(table)
            .filter(|(_, func)| *func > self.index || *func < self.world.imported_funcs)
            .filter(|(_, func)| results(&self.world.signature_of(*func).results))
            .collect();
        if !entries.is_empty() && percent(u, 85)? {
            let (place, func) = *u.choose(&entries)?;
            return Ok(Some((table, self.world.funcs[func as usize], Some(place))));
        }
        let types = indices(&self.world.signatures, |signature| results(&signature.results));
        if types.is_empty() || percent(u, 60)? {
            return Ok(None);
        }
        Ok(Some((table, *u.choose(&types)?, None)))
    }

    fn indirect_operands(
        &mut self,
        table: u32,
        type_index: u32,
        place: Option<u64>,
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<()> {
        let params = self.world.signatures[type_index as usize].params.clone();
        self.values(&params, depth, u)?;
        match place {
            Some(place) => {
                let is_64 = self.world.tables[table as usize].table64;
                self.emit(&match is_64 {
                    true => Instruction::I64Const(place.cast_signed()),
                    false => Instruction::I32Const(place as i32),
                });
                Ok(())
            }
            None => self.place(table, depth, u),
        }
    }

    /// Hand over to a function with the same results, if there is one.
    pub(crate) fn tail_call(&mut self, u: &mut Unstructured<'_>) -> Result<bool> {
        if !self.has(Proposal::TailCall) {
            return Ok(false);
        }
        let results = self.labels[0].takes.clone();
        if percent(u, 25)? && self.return_call_ref(&results, u)? {
            return Ok(true);
        }
        if percent(u, 40)? {
            let Some((table_index, type_index, place)) = self.indirect(|r| r == results, u)? else {
                return Ok(false);
            };
            self.indirect_operands(table_index, type_index, place, 3, u)?;
            let type_index = self.world.type_of(type_index);
            self.emit(&Instruction::ReturnCallIndirect { type_index, table_index });
            return Ok(true);
        }
        let callees = self.callees(u, |callee| callee == results)?;
        if callees.is_empty() {
            return Ok(false);
        }
        let callee = *u.choose(&callees)?;
        let params = self.world.signature_of(callee).params.clone();
        self.values(&params, 3, u)?;
        self.emit(&Instruction::ReturnCall(callee));
        Ok(true)
    }
}
