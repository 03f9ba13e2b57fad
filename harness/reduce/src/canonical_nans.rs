//! Cases whose outcome does not depend on the choice of NaNs: each that an instruction may
//! choose is replaced by a canonical one, where it comes about.
//!
//! A case that depends on that choice cannot be minimised: whatever it shows may be the
//! choice. What it shows beside it is still there in one of these.

use std::sync::Arc;

use gainsay_case::nans::{Floats, chosen};
use gainsay_case::{Case, Step};
use wasmparser::{Operator, ValType};

use crate::parts::{Body, Parts};

/// The canonical NaN of each width and of one sign (§ syntax/values, floating-point).
#[derive(Clone, Copy)]
struct Nan(f32, f64);

/// The deterministic profile's first.
const NANS: [Nan; 2] = [
    Nan(f32::from_bits(0x7fc0_0000), f64::from_bits(0x7ff8_0000_0000_0000)),
    Nan(f32::from_bits(0xffc0_0000), f64::from_bits(0xfff8_0000_0000_0000)),
];

/// The case with all chosen NaNs replaced, by those of either sign: which one is there may
/// decide what else is seen. None if it has no instruction that chooses.
pub fn canonical_nans(case: &Case) -> impl Iterator<Item = Case> {
    NANS.into_iter().filter_map(|nan| with(case, nan))
}

fn with(case: &Case, nan: Nan) -> Option<Case> {
    let mut canonical = case.clone();
    let mut is_changed = false;
    for step in &mut canonical.steps {
        if let Step::Define { bytes, .. } = step
            && let Some(changed) = module(bytes, nan)
        {
            *bytes = Arc::from(changed);
            is_changed = true;
        }
    }
    is_changed.then_some(canonical)
}

fn module(bytes: &[u8], nan: Nan) -> Option<Vec<u8>> {
    let mut parts = Parts::parse(bytes)?;
    let mut is_changed = false;
    for position in 0..parts.bodies.len() {
        let params = parts.params(position)?;
        if let Some(body) = body(&parts.bodies[position], params, nan) {
            parts.bodies[position] = body;
            is_changed = true;
        }
    }
    if is_changed { parts.encode() } else { None }
}

fn body<'a>(body: &Body<'a>, params: u32, nan: Nan) -> Option<Body<'a>> {
    let mut locals = body.locals.clone();
    let mut operators = Vec::with_capacity(body.operators.len());
    // The local of each kind, once there is one.
    let mut scratch: [Option<u32>; 3] = [None; 3];
    for operator in &body.operators {
        operators.push(operator.clone());
        let Some(floats) = chosen(operator) else { continue };
        let (kind, ty) = match floats {
            Floats::F32 => (0, ValType::F32),
            Floats::F64 => (1, ValType::F64),
            Floats::F32x4 | Floats::F64x2 => (2, ValType::V128),
        };
        let local = *scratch[kind].get_or_insert_with(|| {
            let index = params + locals.iter().map(|(count, _)| count).sum::<u32>();
            locals.push((1, ty));
            index
        });
        operators.extend(replacement(floats, local, nan));
    }
    scratch.iter().any(Option::is_some).then_some(Body { locals, operators })
}

/// What replaces a NaN on the stack: a number equals itself, and a NaN does not.
fn replacement<'a>(floats: Floats, local_index: u32, nan: Nan) -> Vec<Operator<'a>> {
    let tee = Operator::LocalTee { local_index };
    let get = Operator::LocalGet { local_index };
    let nan32 = Operator::F32Const { value: nan.0.into() };
    let nan64 = Operator::F64Const { value: nan.1.into() };
    let [one, other] = [get.clone(), get];
    match floats {
        Floats::F32 => vec![tee, nan32, one, other, Operator::F32Eq, Operator::Select],
        Floats::F64 => vec![tee, nan64, one, other, Operator::F64Eq, Operator::Select],
        Floats::F32x4 => {
            let splat = Operator::F32x4Splat;
            vec![tee, nan32, splat, one, other, Operator::F32x4Eq, Operator::V128Bitselect]
        }
        Floats::F64x2 => {
            let splat = Operator::F64x2Splat;
            vec![tee, nan64, splat, one, other, Operator::F64x2Eq, Operator::V128Bitselect]
        }
    }
}

#[cfg(test)]
mod tests {
    use gainsay_case::{Alternatives, Choice, Limits, Outcome, Value};
    use gainsay_engines::freedom::InProcess;

    use super::*;

    fn case(body: &str) -> Case {
        let text = format!(
            "(module (func (export \"f\") (param f32 f64 v128) (result i64) (local i32) {body}))"
        );
        let bytes = wat::parse_str(text).expect("text").into();
        let (module, instance, field) = ("m".to_owned(), "i".to_owned(), "f".to_owned());
        let args = vec![Value::F32(0x7fa0_0000), Value::F64(0x7ff4 << 48), Value::V128(u128::MAX)];
        Case {
            steps: vec![
                Step::Define { module: module.clone(), bytes },
                Step::Instantiate { module, instance: instance.clone() },
                Step::Invoke { instance, field, args },
            ],
        }
    }

    fn outcomes(case: &Case) -> Vec<Outcome> {
        let mut reference = InProcess::new(case, &Limits::default());
        let choices = (0..reference.nans()).map(|nans| Choice { relaxed: 0, nans });
        let outcome = |choice| reference.outcome(choice).ok().flatten().expect("an outcome");
        let choices: Vec<Choice> = choices.collect();
        choices.into_iter().map(outcome).collect()
    }

    #[test]
    fn nothing_depends_on_the_choice_any_more() {
        for body in [
            "(i64.extend_i32_u (i32.reinterpret_f32 (f32.add (local.get 0) (f32.const 1))))",
            "(i64.reinterpret_f64 (f64.sqrt (local.get 1)))",
            "(i64x2.extract_lane 0 (f32x4.mul (local.get 2) (local.get 2)))",
            "(i64x2.extract_lane 1 (f64x2.max (local.get 2) (local.get 2)))",
        ] {
            let case = case(body);
            let before = outcomes(&case);
            assert!(before.iter().any(|outcome| *outcome != before[0]), "{body}");
            let after: Vec<_> = canonical_nans(&case).map(|case| outcomes(&case)).collect();
            assert!(after[0].iter().all(|outcome| *outcome == before[0]), "{body}: {after:?}");
            assert!(after[1].iter().all(|outcome| *outcome == after[1][0]), "{body}: {after:?}");
            assert_ne!(after[0][0], after[1][0], "{body}");
        }
    }

    #[test]
    fn a_case_without_nan_choices_stays_unchanged() {
        let case = case("(i64.reinterpret_f64 (f64.neg (local.get 1)))");
        assert_eq!(canonical_nans(&case).count(), 0);
    }
}
