//! One function's state while its body is generated.

use arbitrary::{Result, Unstructured};
use gainsay_case::Proposal;
use wasm_encoder::{BlockType, Encode, Instruction, ValType};

use crate::arguments::constant;
use crate::decide::{percent, weighted};
use crate::swarm::Swarm;
use crate::typed::encode_constant;
use crate::typed::world::{Signature, World};

/// How deep expressions nest.
pub(crate) const DEPTH_MAX: u32 = 5;

/// How deep blocks nest.
pub(crate) const BLOCKS_MAX: usize = 6;

/// A function whose body is being generated.
pub(crate) struct Function<'w> {
    pub swarm: &'w Swarm,
    pub world: &'w World,
    /// Its index; it mostly calls functions of higher ones, so that calls end.
    pub index: u32,
    /// Parameters first.
    pub locals: Vec<ValType>,
    /// Locals that count loops and must not be assigned inside.
    pub counters: Vec<u32>,
    /// What a branch to each enclosing label takes, outermost (the function) first.
    pub labels: Vec<Label>,
    /// How many more instructions to make; when used up, only leaves follow.
    pub nodes: u32,
    /// How many handlers of exceptions there are around.
    pub tries: u32,
    pub taste: Taste,
    pub code: Vec<u8>,
}

/// The target of a branch.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub takes: Vec<ValType>,
    pub is_loop: bool,
}

/// How much this function likes each class of instructions: some not at all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taste {
    pub numeric: u32,
    pub memory: u32,
    pub atomic: u32,
    pub wide: u32,
    pub vector: u32,
    pub table: u32,
    pub call: u32,
    pub indirect: u32,
    pub control: u32,
    pub local: u32,
    pub global: u32,
    pub size: u32,
    pub reference: u32,
    pub heap: u32,
    pub cast: u32,
    pub exception: u32,
}

impl Taste {
    fn choose(swarm: &Swarm, u: &mut Unstructured<'_>) -> Result<Taste> {
        let mut weight = || weighted(u, &[(3, 2), (2, 0), (3, 4), (1, 12)]);
        let mut taste = Taste {
            numeric: 4 + weight()?,
            memory: weight()?,
            atomic: weight()?,
            wide: weight()?.min(4),
            vector: weight()?.min(2),
            table: weight()?,
            call: weight()?,
            indirect: weight()?,
            control: weight()?,
            local: 1 + weight()?,
            global: weight()?,
            size: weight()?.min(2),
            reference: weight()?,
            heap: weight()?,
            cast: weight()?.min(4),
            exception: weight()?,
        };
        // What is off takes no part of what there is.
        let classes = [
            (Proposal::Threads, &mut taste.atomic),
            (Proposal::WideArithmetic, &mut taste.wide),
            (Proposal::Simd, &mut taste.vector),
            (Proposal::ReferenceTypes, &mut taste.reference),
            (Proposal::Gc, &mut taste.heap),
            (Proposal::Gc, &mut taste.cast),
            (Proposal::ExceptionHandling, &mut taste.exception),
        ];
        for (proposal, class) in classes {
            if !swarm.has(proposal) {
                *class = 0;
            }
        }
        Ok(taste)
    }
}

impl<'w> Function<'w> {
    /// The body of the function of that index: locals and code, without its size.
    pub(crate) fn generate(
        swarm: &'w Swarm,
        world: &'w World,
        index: u32,
        nodes: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<Vec<u8>> {
        let signature = world.signature_of(index);
        let mut locals = signature.params.clone();
        // Conditions, addresses and counters want one of these.
        locals.push(ValType::I32);
        for _ in 0..u.int_in_range(0..=5)? {
            locals.push(*u.choose(&world.value_types)?);
        }
        if swarm.has(Proposal::ExceptionHandling) && percent(u, 50)? {
            locals.push(ValType::EXNREF);
        }
        let mut function = Function {
            swarm,
            world,
            index,
            locals,
            counters: Vec::new(),
            labels: vec![Label { takes: signature.results.clone(), is_loop: false }],
            nodes,
            tries: 0,
            taste: Taste::choose(swarm, u)?,
            code: Vec::new(),
        };
        let statements = u.int_in_range(0..=4)?;
        function.statements(statements, u)?;
        function.finish(signature, u)?;
        function.emit(&Instruction::End);
        Ok(function.encode(signature.params.len()))
    }

    /// Leave the results, or hand over to another function that does.
    fn finish(&mut self, signature: &Signature, u: &mut Unstructured<'_>) -> Result<()> {
        if percent(u, 15)? && self.tail_call(u)? {
            return Ok(());
        }
        self.values(&signature.results, DEPTH_MAX, u)
    }

    pub(crate) fn emit(&mut self, instruction: &Instruction<'_>) {
        instruction.encode(&mut self.code);
    }

    pub(crate) fn emit_constant(&mut self, ty: ValType, u: &mut Unstructured<'_>) -> Result<()> {
        match ty {
            ValType::Ref(ty) => self.emit(&Instruction::RefNull(ty.heap_type)),
            _ => encode_constant(constant(ty, u)?, &mut self.code),
        }
        Ok(())
    }

    /// One expression per type.
    pub(crate) fn values(
        &mut self,
        types: &[ValType],
        depth: u32,
        u: &mut Unstructured<'_>,
    ) -> Result<()> {
        types.iter().try_for_each(|ty| self.expression(*ty, depth, u))
    }

    /// A local of that type that may be assigned.
    pub(crate) fn assignable(&self, ty: ValType, u: &mut Unstructured<'_>) -> Result<Option<u32>> {
        let fits =
            |local: &u32| self.locals[*local as usize] == ty && !self.counters.contains(local);
        let fitting: Vec<u32> = (0..self.locals.len() as u32).filter(fits).collect();
        if fitting.is_empty() { Ok(None) } else { u.choose(&fitting).copied().map(Some) }
    }

    /// Take these off the stack, some of them into locals.
    pub(crate) fn consume(&mut self, types: &[ValType], u: &mut Unstructured<'_>) -> Result<()> {
        for ty in types.iter().rev() {
            match self.assignable(*ty, u)? {
                Some(local) if percent(u, 80)? => self.emit(&Instruction::LocalSet(local)),
                _ => self.emit(&Instruction::Drop),
            }
        }
        Ok(())
    }

    /// The type of a block with this signature, if there is a way to write it.
    pub(crate) fn block_type(&self, signature: &Signature) -> Option<BlockType> {
        match (signature.params.as_slice(), signature.results.as_slice()) {
            ([], []) => Some(BlockType::Empty),
            ([], [result]) => Some(BlockType::Result(*result)),
            _ if !self.has(Proposal::MultiValue) => None,
            _ => {
                let known = self.world.signatures.iter().position(|known| known == signature);
                known.map(|index| BlockType::FunctionType(self.world.type_of(index as u32)))
            }
        }
    }

    pub(crate) fn has(&self, proposal: Proposal) -> bool {
        self.swarm.has(proposal)
    }

    /// The number by which a branch from here calls a label.
    pub(crate) fn depth_of(&self, label: usize) -> u32 {
        (self.labels.len() - 1 - label) as u32
    }

    fn encode(self, params: usize) -> Vec<u8> {
        let mut groups: Vec<(u32, ValType)> = Vec::new();
        for ty in &self.locals[params..] {
            match groups.last_mut() {
                Some((count, last)) if last == ty => *count += 1,
                _ => groups.push((1, *ty)),
            }
        }
        let mut body = Vec::with_capacity(self.code.len() + 16);
        (groups.len() as u32).encode(&mut body);
        for (count, ty) in groups {
            count.encode(&mut body);
            ty.encode(&mut body);
        }
        body.extend_from_slice(&self.code);
        body
    }
}
