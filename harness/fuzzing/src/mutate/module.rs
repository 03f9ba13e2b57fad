//! Mutates the binary of a module.

use gainsay_engines::validity;
use wasm_encoder::{CodeSection, RawSection, SectionId};
use wasm_mutate::WasmMutate;
use wasmparser::{Parser, Payload};

use super::sites::{Site, sites};
use crate::rng::Rng;

/// Decisions that wasm-mutate may make for one mutation.
const FUEL: u64 = 300;

/// The module with something changed, still a module as a rule. Half the time instructions
/// are changed here, in place; else wasm-mutate does what it can: peepholes, loops, types,
/// sections.
pub(crate) fn mutate(binary: &[u8], rng: &mut Rng) -> Option<Vec<u8>> {
    let mutated = match rng.below(2) {
        0 => instruction(binary, rng),
        _ => foreign(binary, rng.u64()),
    };
    mutated.filter(|mutated| mutated != binary)
}

/// wasm-mutate panics at some proposals that it does not know; then there is no mutation.
/// It counts locals one by one, so it gets nothing that is beyond a limit.
fn foreign(binary: &[u8], seed: u64) -> Option<Vec<u8>> {
    validity::reference(binary).ok()?;
    std::panic::catch_unwind(|| {
        let mut mutate = WasmMutate::default();
        mutate.seed(seed).fuel(FUEL);
        mutate.run(binary).ok()?.next()?.ok()
    })
    .unwrap_or_default()
}

/// One to three instructions changed into others of their type.
fn instruction(binary: &[u8], rng: &mut Rng) -> Option<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = Vec::new();
    let mut all: Vec<(usize, Site)> = Vec::new();
    for payload in Parser::new(0).parse_all(binary) {
        let Payload::CodeSectionEntry(body) = payload.ok()? else { continue };
        all.extend(sites(&body).into_iter().map(|site| (bodies.len(), site)));
        bodies.push(body.as_bytes().to_vec());
    }
    let mut changes = Vec::new();
    for _ in 0..=rng.below(3) {
        let (body, site) = rng.one_of(&all)?;
        changes.push((*body, site.clone(), site.mutated(rng)));
    }
    // From the last to the first, so that no change moves what is still to be changed.
    changes.sort_by_key(|(body, site, _)| std::cmp::Reverse((*body, site.range.start)));
    changes.dedup_by_key(|(body, site, _)| (*body, site.range.start));
    for (body, site, bytes) in changes {
        bodies[body].splice(site.range, bytes);
    }
    with_bodies(binary, &bodies)
}

/// The module with other function bodies.
fn with_bodies(binary: &[u8], bodies: &[Vec<u8>]) -> Option<Vec<u8>> {
    let mut code = CodeSection::new();
    bodies.iter().for_each(|body| _ = code.raw(body));
    let mut module = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(binary) {
        let Some((id, range)) = payload.ok()?.as_section() else { continue };
        if id == SectionId::Code as u8 {
            module.section(&code);
        } else {
            let data = &binary[range.start as usize..range.end as usize];
            module.section(&RawSection { id, data });
        }
    }
    Some(module.finish())
}
