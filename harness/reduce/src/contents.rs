//! Smaller tables, memories and segments.

use std::collections::BTreeSet;

use wasmparser::{BinaryReader, ConstExpr, ElementItems, ElementKind, ValType};

use crate::parts::{Parts, Space};
use crate::reducer::{Reducer, leave_out_ranges};

pub(crate) fn reduce(reducer: &mut Reducer<'_>, step: usize) {
    let Some(bytes) = reducer.module(step) else { return };
    let Some(mut parts) = Parts::parse(&bytes) else { return };
    for segment in 0..parts.elements.len() {
        declare(reducer, step, &mut parts, segment);
        items(reducer, step, &mut parts, segment);
    }
    for segment in 0..parts.data.len() {
        shorten(reducer, step, &mut parts, segment);
    }
    for global in 0..parts.globals.len() {
        initial_value(reducer, step, &mut parts, global);
    }
    for table in 0..parts.tables.len() {
        limits(reducer, step, &mut parts, |parts| {
            let ty = &mut parts.tables[table].ty;
            (&mut ty.initial, &mut ty.maximum)
        });
    }
    for memory in 0..parts.memories.len() {
        limits(reducer, step, &mut parts, |parts| {
            let ty = &mut parts.memories[memory];
            (&mut ty.initial, &mut ty.maximum)
        });
    }
}

/// Take the candidate if it has the property.
fn offer<'a>(
    reducer: &mut Reducer<'_>,
    step: usize,
    parts: &mut Parts<'a>,
    candidate: Parts<'a>,
) -> bool {
    let keeps = reducer.offer_module(step, candidate.encode());
    if keeps {
        *parts = candidate;
    }
    keeps
}

/// A segment whose functions are only mentioned, so that its table may go.
fn declare(reducer: &mut Reducer<'_>, step: usize, parts: &mut Parts<'_>, segment: usize) {
    if !matches!(parts.elements[segment].kind, ElementKind::Declared) {
        let mut candidate = parts.clone();
        candidate.elements[segment].kind = ElementKind::Declared;
        offer(reducer, step, parts, candidate);
    }
}

/// Fewer elements in a segment.
fn items(reducer: &mut Reducer<'_>, step: usize, parts: &mut Parts<'_>, segment: usize) {
    let count = match &parts.elements[segment].items {
        ElementItems::Functions(functions) => functions.count(),
        ElementItems::Expressions(_, expressions) => expressions.count(),
    };
    let index = segment as u32;
    parts.kept_items.insert(index, (0..count).collect());
    leave_out_ranges(count as usize, |range| {
        let mut candidate = parts.clone();
        let Some(kept) = candidate.kept_items.get_mut(&index) else { return false };
        kept.drain(range);
        offer(reducer, step, parts, candidate)
    });
}

/// Fewer bytes at the end of a segment.
fn shorten(reducer: &mut Reducer<'_>, step: usize, parts: &mut Parts<'_>, segment: usize) {
    let mut size = parts.data[segment].data.len() / 2;
    while size > 0 {
        let mut candidate = parts.clone();
        let data = &mut candidate.data[segment].data;
        let is_short = data.len() <= size;
        *data = &data[..data.len().saturating_sub(size)];
        if is_short || !offer(reducer, step, parts, candidate) {
            size /= 2;
        }
    }
}

/// A global that begins as zero, or else as one.
fn initial_value(reducer: &mut Reducer<'_>, step: usize, parts: &mut Parts<'_>, global: usize) {
    let simple: [&[u8]; 2] = match parts.globals[global].ty.content_type {
        ValType::I32 => [&[0x41, 0, 0x0b], &[0x41, 1, 0x0b]],
        ValType::I64 => [&[0x42, 0, 0x0b], &[0x42, 1, 0x0b]],
        ValType::F32 => [&[0x43, 0, 0, 0, 0, 0x0b], &[0x43, 0, 0, 0x80, 0x3f, 0x0b]],
        ValType::F64 => {
            [&[0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x0b], &[0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x0b]]
        }
        ValType::V128 | ValType::Ref(_) => return,
    };
    let binary = |parts: &Parts<'_>| -> Vec<u8> {
        let mut reader = parts.globals[global].init_expr.get_binary_reader();
        let length = reader.bytes_remaining();
        reader.read_bytes(length).map(<[u8]>::to_vec).unwrap_or_default()
    };
    for bytes in simple {
        if binary(parts) == bytes {
            // Zero is simpler than one.
            return;
        }
        let mut candidate = parts.clone();
        candidate.globals[global].init_expr = ConstExpr::new(BinaryReader::new(bytes, 0));
        if offer(reducer, step, parts, candidate) {
            return;
        }
    }
}

/// No maximum, and the least that is enough: nothing, one, or what halving gives.
fn limits<'a>(
    reducer: &mut Reducer<'_>,
    step: usize,
    parts: &mut Parts<'a>,
    of: impl for<'p> Fn(&'p mut Parts<'a>) -> (&'p mut u64, &'p mut Option<u64>),
) {
    let mut candidate = parts.clone();
    if of(&mut candidate).1.take().is_some() {
        offer(reducer, step, parts, candidate);
    }
    let initial = *of(&mut parts.clone()).0;
    let halves = std::iter::successors(Some(initial / 2), |half| Some(half / 2));
    let halves = halves.take_while(|half| *half > 1);
    let smaller: BTreeSet<u64> =
        [0, 1].into_iter().chain(halves).filter(|n| *n < initial).collect();
    for size in smaller {
        let mut candidate = parts.clone();
        *of(&mut candidate).0 = size;
        if offer(reducer, step, parts, candidate) {
            return;
        }
    }
}

/// Types that nothing else refers to, whole recursive groups first.
pub(crate) fn types(reducer: &mut Reducer<'_>, step: usize) {
    let Some(bytes) = reducer.module(step) else { return };
    let Some(parts) = Parts::parse(&bytes) else { return };
    let mut groups: Vec<Vec<u32>> = Vec::new();
    let mut next = 0;
    for group in &parts.types {
        let len = group.types().len() as u32;
        groups.push((next..next + len).collect());
        if len > 1 {
            groups.extend((next..next + len).map(|index| vec![index]));
        }
        next += len;
    }
    let mut gone = BTreeSet::new();
    for group in groups.into_iter().rev() {
        let mut more = gone.clone();
        more.extend(group.into_iter().map(|index| (Space::Type, index)));
        if more.len() > gone.len() && reducer.offer_module(step, parts.encode_without(&more)) {
            gone = more;
        }
    }
}
