//! Mutates a sequence of operations.

use gainsay_lifecycle::{OPERATIONS_MAX, Scenario, generate};

use crate::rng::Rng;

/// The sequence with an operation left out, done again, moved, or with some of another
/// sequence put in.
pub(crate) fn mutate(scenario: &Scenario, rng: &mut Rng) -> Option<Scenario> {
    let mut ops = scenario.ops.clone();
    if ops.is_empty() {
        return None;
    }
    let at = rng.below(ops.len());
    match rng.below(4) {
        0 => drop(ops.remove(at)),
        1 => {
            let to = at + rng.below(ops.len() - at + 1);
            ops.insert(to, ops[at].clone());
        }
        2 => {
            let op = ops.remove(at);
            ops.insert(rng.below(ops.len() + 1), op);
        }
        _ => {
            let other = generate(rng.u64(), 0).ops;
            let start = rng.below(other.len());
            let len = 1 + rng.below((other.len() - start).min(8));
            ops.splice(at..at, other[start..start + len].iter().cloned());
        }
    }
    ops.truncate(4 * OPERATIONS_MAX);
    Some(Scenario { ops })
}
