//! Loops that run once.
//!
//! This comes before any other pass: once no branch goes back, no candidate can
//! run for ever, and waiting for those that do is what takes most time.

use wasmparser::Operator;

use crate::parts::Parts;
use crate::reducer::{Reducer, leave_out_ranges};

/// Make blocks of loops, all at once if that works, else as many as may be.
pub(crate) fn reduce(reducer: &mut Reducer<'_>, step: usize) {
    let Some(bytes) = reducer.module(step) else { return };
    let Some(mut parts) = Parts::parse(&bytes) else { return };
    let mut loops: Vec<(usize, usize)> = Vec::new();
    for (body, function) in parts.bodies.iter().enumerate() {
        let numbered = function.operators.iter().enumerate();
        let is_loop = |operator: &Operator<'_>| matches!(operator, Operator::Loop { .. });
        loops.extend(numbered.filter(|(_, o)| is_loop(o)).map(|(at, _)| (body, at)));
    }
    leave_out_ranges(loops.len(), |range| {
        let mut candidate = parts.clone();
        for (body, at) in &loops[range.clone()] {
            let operator = &mut candidate.bodies[*body].operators[*at];
            if let Operator::Loop { blockty } = *operator {
                *operator = Operator::Block { blockty };
            }
        }
        let keeps = reducer.offer_module(step, candidate.encode());
        if keeps {
            parts = candidate;
            loops.drain(range);
        }
        keeps
    });
}
