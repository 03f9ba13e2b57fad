//! Has wasm-smith make a module within what the swarm allows.

use arbitrary::{Result, Unstructured};
use gainsay_case::Proposal;
use wasm_smith::{Config, InstructionKind, InstructionKinds, MemoryOffsetChoices};

use crate::decide::{percent, weighted};
use crate::imports::Offer;
use crate::swarm::{Size, Swarm};

/// A binary whose imports are among those on offer.
pub(crate) fn module(swarm: &Swarm, offer: &Offer, u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let config = config(swarm, offer.to_bytes(), u)?;
    Ok(wasm_smith::Module::new(config, u)?.to_bytes())
}

fn config(swarm: &Swarm, available_imports: Vec<u8>, u: &mut Unstructured<'_>) -> Result<Config> {
    let mut config = Config { available_imports: Some(available_imports), ..Config::default() };
    switch_proposals(&mut config, swarm);
    choose_sizes(&mut config, swarm, u)?;
    config.allowed_instructions = instruction_kinds(u)?;
    config.allow_floats = percent(u, 85)?;
    config.disallow_traps = swarm.avoid_traps;
    config.memory_offset_choices =
        weighted(u, &[(6, (1, 0, 0)), (3, (90, 9, 1)), (1, (50, 40, 10))])
            .map(|(in_bounds, grown, out)| MemoryOffsetChoices(in_bounds, grown, out))?;
    config.allow_start_export = percent(u, 25)?;
    config.export_everything = true;
    config.generate_custom_sections = false;
    // Termination and NaNs are the business of `instrument`.
    config.canonicalize_nans = false;
    config.allow_invalid_funcs = false;
    config.max_type_size = 10_000;
    Ok(config)
}

fn switch_proposals(config: &mut Config, swarm: &Swarm) {
    config.saturating_float_to_int_enabled = swarm.has(Proposal::SaturatingFloatToInt);
    config.sign_extension_ops_enabled = swarm.has(Proposal::SignExtension);
    config.multi_value_enabled = swarm.has(Proposal::MultiValue);
    config.bulk_memory_enabled = swarm.has(Proposal::BulkMemory);
    config.reference_types_enabled = swarm.has(Proposal::ReferenceTypes);
    config.simd_enabled = swarm.has(Proposal::Simd);
    config.tail_call_enabled = swarm.has(Proposal::TailCall);
    config.extended_const_enabled = swarm.has(Proposal::ExtendedConst);
    config.memory64_enabled = swarm.has(Proposal::Memory64);
    // wasm-smith knows the two only together.
    config.gc_enabled = swarm.has(Proposal::Gc) && swarm.has(Proposal::FunctionReferences);
    config.exceptions_enabled = swarm.has(Proposal::ExceptionHandling);
    config.relaxed_simd_enabled = swarm.has(Proposal::RelaxedSimd);
    config.threads_enabled = swarm.has(Proposal::Threads);
    config.wide_arithmetic_enabled = swarm.has(Proposal::WideArithmetic);
    config.custom_page_sizes_enabled = swarm.has(Proposal::CustomPageSizes);
    // Younger proposals that no engine of ours has.
    config.compact_imports_enabled = false;
    config.custom_descriptors_enabled = false;
    config.shared_everything_threads_enabled = false;
    config.acquire_release_atomics_enabled = false;
    config.multibyte_array_access_enabled = false;
}

fn choose_sizes(config: &mut Config, swarm: &Swarm, u: &mut Unstructured<'_>) -> Result<()> {
    let (funcs, instructions) = match swarm.size {
        Size::Small => (u.int_in_range(1..=3)?, u.int_in_range(4..=24)?),
        Size::Medium => (u.int_in_range(2..=5)?, u.int_in_range(20..=60)?),
        Size::Big => (u.int_in_range(5..=10)?, u.int_in_range(60..=150)?),
    };
    // Imported functions count, and so must be added to what is asked for.
    let imports_max = 8;
    config.min_funcs = funcs;
    config.max_funcs = funcs + imports_max;
    config.max_imports = imports_max;
    config.max_instructions = instructions;
    config.min_types = u.int_in_range(1..=4)?;
    config.max_types = config.min_types + 4;
    config.min_globals = u.int_in_range(0..=3)?;
    config.max_globals = config.min_globals + 4;
    config.max_memories = if swarm.has(Proposal::MultiMemory) { 3 } else { 1 };
    config.min_memories = u32::from(percent(u, 75)?);
    config.max_tables = if swarm.has(Proposal::ReferenceTypes) { 3 } else { 1 };
    config.min_tables = u32::from(percent(u, 60)?);
    config.max_table_elements = weighted(u, &[(6, 16), (3, 64), (1, 2000)])?;
    config.min_element_segments = usize::from(percent(u, 60)?);
    config.max_element_segments = 4;
    config.max_elements = 8;
    config.min_data_segments = usize::from(percent(u, 40)?);
    config.max_data_segments = 4;
    let memory_bytes_max = u64::from(swarm.memory_pages_max) << 16;
    config.max_memory32_bytes = memory_bytes_max;
    config.max_memory64_bytes = u128::from(memory_bytes_max);
    config.memory_max_size_required = !swarm.memory_unbounded;
    config.table_max_size_required = percent(u, 80)?;
    config.max_nesting_depth = u.int_in_range(1..=6)?;
    Ok(())
}

/// Instruction classes, some switched off. Integers always stay: nothing else
/// makes addresses, indices and conditions.
fn instruction_kinds(u: &mut Unstructured<'_>) -> Result<InstructionKinds> {
    let mut kinds = vec![InstructionKind::NumericInt];
    let optional = [
        (85, InstructionKind::Numeric),
        (85, InstructionKind::Vector),
        (85, InstructionKind::Reference),
        (80, InstructionKind::Parametric),
        (95, InstructionKind::Variable),
        (85, InstructionKind::Table),
        (80, InstructionKind::Memory),
        (90, InstructionKind::Control),
        (85, InstructionKind::Aggregate),
    ];
    for (chance, kind) in optional {
        if percent(u, chance)? {
            kinds.push(kind);
        }
    }
    Ok(InstructionKinds::new(&kinds))
}
