//! Fewer steps, simpler arguments.

use gainsay_case::{Step, Value};

use crate::reducer::{Reducer, leave_out_ranges};

pub(crate) fn reduce(reducer: &mut Reducer<'_>) {
    leave_out_ranges(reducer.case.steps.len(), |range| {
        let mut candidate = reducer.case.clone();
        candidate.steps.drain(range);
        reducer.offer(candidate)
    });
    simplify_arguments(reducer);
}

fn simplify_arguments(reducer: &mut Reducer<'_>) {
    for step in 0..reducer.case.steps.len() {
        let Step::Invoke { args, .. } = &reducer.case.steps[step] else { continue };
        for (position, arg) in args.clone().into_iter().enumerate() {
            for simpler in [Value::default_of(arg.ty()), one(arg)] {
                let mut candidate = reducer.case.clone();
                if let Step::Invoke { args, .. } = &mut candidate.steps[step] {
                    args[position] = simpler;
                }
                if simpler == arg || reducer.offer(candidate) {
                    break;
                }
            }
        }
    }
}

fn one(value: Value) -> Value {
    match value {
        Value::I32(_) => Value::I32(1),
        Value::I64(_) => Value::I64(1),
        Value::F32(_) => Value::F32(1f32.to_bits()),
        Value::F64(_) => Value::F64(1f64.to_bits()),
        Value::Extern(_) => Value::Extern(0),
        other => other,
    }
}
