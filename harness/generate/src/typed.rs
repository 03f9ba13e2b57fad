//! The typed generator: makes a module out of typed expressions.
//!
//! wasm-smith picks each instruction from all that fit the stack, which reaches
//! everything and connects little: values are made and dropped, addresses are
//! out of bounds, loops never end. Here code is made from the result backwards, so
//! that every value is used, most accesses hit, and most calls return; and it
//! costs a tenth of the time. Both kinds of module go into a campaign.

mod access;
mod accesses;
mod aggregate;
mod call;
mod exception;
mod expression;
mod function;
mod ops;
mod refs;
mod statement;
mod world;

use arbitrary::{Result, Unstructured};
use gainsay_case::Value;
use wasm_encoder::{
    CodeSection, ConstExpr, DataCountSection, DataSection, Encode, Ieee32, Ieee64, Instruction,
    Module,
};

use crate::imports::Offer;
use crate::swarm::{Size, Swarm};
use function::Function;
use world::{Data, World};

/// A binary whose imports are among those on offer.
pub(crate) fn module(swarm: &Swarm, offer: &Offer, u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let (functions, nodes) = match swarm.size {
        Size::Small => (u.int_in_range(1..=3)?, u.int_in_range(6..=30)?),
        Size::Medium => (u.int_in_range(2..=5)?, u.int_in_range(20..=80)?),
        Size::Big => (u.int_in_range(5..=12)?, u.int_in_range(60..=200)?),
    };
    let world = World::declare(swarm, offer, functions, u)?;
    let mut code = CodeSection::new();
    for defined in 0..functions {
        let body = Function::generate(swarm, &world, world.imported_funcs + defined, nodes, u)?;
        code.raw(&body);
    }
    let mut module = Module::new();
    world.encode(&mut module);
    // Only bulk memory has the section, and only `memory.init` needs it.
    if !world.data.is_empty() && swarm.has(gainsay_case::Proposal::BulkMemory) {
        module.section(&DataCountSection { count: world.data.len() as u32 });
    }
    module.section(&code);
    if !world.data.is_empty() {
        module.section(&data_section(&world));
    }
    Ok(module.finish())
}

fn data_section(world: &World) -> DataSection {
    let mut section = DataSection::new();
    for Data { place, bytes } in &world.data {
        let bytes = bytes.iter().copied();
        match place {
            None => section.passive(bytes),
            Some((memory, offset)) => {
                let offset = match world.memories[*memory as usize].memory64 {
                    true => ConstExpr::i64_const(offset.cast_signed()),
                    false => ConstExpr::i32_const(*offset as i32),
                };
                section.active(*memory, &offset, bytes)
            }
        };
    }
    section
}

/// Append the instruction that gives a number. References have none.
fn encode_constant(value: Value, code: &mut Vec<u8>) {
    let instruction = match value {
        Value::I32(number) => Instruction::I32Const(number),
        Value::I64(number) => Instruction::I64Const(number),
        Value::F32(bits) => Instruction::F32Const(Ieee32::new(bits)),
        Value::F64(bits) => Instruction::F64Const(Ieee64::new(bits)),
        Value::V128(bits) => Instruction::V128Const(bits.cast_signed()),
        // References.
        _ => return,
    };
    instruction.encode(code);
}
