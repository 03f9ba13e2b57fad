//! Fewer functions, exports, segments and whatever else a module declares.

use wasmparser::Operator;

use crate::contents;
use crate::parts::{Body, Items, Parts, Space};
use crate::reducer::{ROUNDS_MAX, Reducer, leave_out_ranges};

pub(crate) fn reduce(reducer: &mut Reducer<'_>, step: usize) {
    let Some(bytes) = reducer.module(step) else { return };
    let Some(mut parts) = Parts::parse(&bytes) else { return };
    // Without its custom sections.
    reducer.offer_module(step, parts.encode());
    empty_bodies(reducer, step, &mut parts);
    exports(reducer, step, &mut parts);
    start(reducer, step, &mut parts);
    segments(reducer, step, &mut parts);
    unused(reducer, step);
    contents::types(reducer, step);
}

/// Bodies that do nothing but trap.
fn empty_bodies(reducer: &mut Reducer<'_>, step: usize, parts: &mut Parts<'_>) {
    let full: Vec<usize> =
        (0..parts.bodies.len()).filter(|body| parts.bodies[*body].operators.len() > 2).collect();
    let mut size = full.len();
    while size > 0 {
        for chunk in full.chunks(size) {
            let mut candidate = parts.clone();
            for body in chunk {
                let operators = vec![Operator::Unreachable, Operator::End];
                candidate.bodies[*body] = Body { locals: Vec::new(), operators };
            }
            if reducer.offer_module(step, candidate.encode()) {
                *parts = candidate;
            }
        }
        size /= 2;
    }
}

fn exports(reducer: &mut Reducer<'_>, step: usize, parts: &mut Parts<'_>) {
    leave_out_ranges(parts.exports.len(), |range| {
        let mut candidate = parts.clone();
        candidate.exports.drain(range);
        let keeps = reducer.offer_module(step, candidate.encode());
        if keeps {
            *parts = candidate;
        }
        keeps
    });
}

fn start(reducer: &mut Reducer<'_>, step: usize, parts: &mut Parts<'_>) {
    let candidate = Parts { start: None, ..parts.clone() };
    if parts.start.is_some() && reducer.offer_module(step, candidate.encode()) {
        *parts = candidate;
    }
}

/// Segments that are not there, or have nothing in them.
fn segments(reducer: &mut Reducer<'_>, step: usize, parts: &mut Parts<'_>) {
    for index in 0..parts.data.len() {
        let mut candidate = parts.clone();
        candidate.data[index].data = &[];
        if reducer.offer_module(step, candidate.encode()) {
            *parts = candidate;
        }
    }
    for space in [Space::Element, Space::Data] {
        leave_out(reducer, step, space, |_| true);
    }
}

/// What nothing refers to, in one go if that works, else piece by piece. What
/// goes may have been all that referred to something else.
fn unused(reducer: &mut Reducer<'_>, step: usize) {
    for _ in 0..ROUNDS_MAX {
        let Some(bytes) = reducer.module(step) else { return };
        let Some(parts) = Parts::parse(&bytes) else { return };
        let unused = parts.unused();
        if unused.is_empty() || reducer.is_over() {
            return;
        }
        if reducer.offer_module(step, parts.encode_without(&unused)) {
            continue;
        }
        for space in Space::ALL {
            leave_out(reducer, step, space, |index| unused.contains(&(space, index)));
        }
        return;
    }
}

/// Leave things of one space out, as long as nothing refers to them.
fn leave_out(
    reducer: &mut Reducer<'_>,
    step: usize,
    space: Space,
    is_wanted: impl Fn(u32) -> bool,
) {
    let Some(bytes) = reducer.module(step) else { return };
    let Some(parts) = Parts::parse(&bytes) else { return };
    let wanted: Vec<u32> = (0..parts.len(space) as u32).filter(|index| is_wanted(*index)).collect();
    let mut gone = Items::new();
    let mut size = wanted.len();
    while size > 0 {
        for chunk in wanted.chunks(size).rev() {
            let mut more = gone.clone();
            more.extend(chunk.iter().map(|index| (space, *index)));
            if more.len() > gone.len() && reducer.offer_module(step, parts.encode_without(&more)) {
                gone = more;
            }
        }
        size /= 2;
    }
}
