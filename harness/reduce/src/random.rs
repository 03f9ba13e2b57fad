//! wasm-shrink: random mutations that make a module smaller.

use std::panic::{AssertUnwindSafe, catch_unwind};

use wasm_shrink::WasmShrink;

use crate::reducer::Reducer;

/// Mutations in a row without success. wasm-shrink's own default is ten times as
/// many, for modules that nobody has reduced before it.
const ATTEMPTS_MAX: u32 = 100;

/// Modules larger than this take wasm-shrink longer than they are worth.
const BYTES_MAX: usize = 64 << 10;

pub(crate) fn reduce(reducer: &mut Reducer<'_>, step: usize) {
    let Some(bytes) = reducer.module(step) else { return };
    if reducer.is_over() || bytes.len() > BYTES_MAX {
        return;
    }
    let left = reducer.attempts_max - reducer.attempts;
    // Where it only exchanges constants for stranger ones of the same length, what
    // the other passes made simple would be lost.
    let mut smallest = bytes.len();
    let mut is_first = true;
    let mut keeps = |candidate: &[u8]| {
        // It begins by asking whether what it was given has the property.
        if std::mem::take(&mut is_first) {
            return Ok(true);
        }
        let keeps =
            candidate.len() < smallest && reducer.offer_module(step, Some(candidate.to_vec()));
        if keeps {
            smallest = candidate.len();
        }
        Ok(keeps)
    };
    let shrink = WasmShrink::default().attempts(left.min(ATTEMPTS_MAX));
    // What it found so far is in the reducer already; its errors and the panics of
    // its mutators only mean that it finds no more.
    let _ = catch_unwind(AssertUnwindSafe(|| shrink.run(bytes.to_vec(), &mut keeps)));
}
