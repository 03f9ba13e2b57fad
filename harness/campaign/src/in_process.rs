//! Judges without worker processes, where somebody else watches over the engines.

use gainsay_case::{Case, Engine, Limits, Outcome};
use gainsay_engines::freedom::InProcess;
use gainsay_oracle::{Judgement, Rules, Run, judge_permitting};

/// The judgement of what engines made of a case, as a campaign has it: a divergence only if
/// the specification does not permit it. `outcomes` are those of `engines`, in their order.
/// The reference runs in this process, within `limits`; a loop that is endless only under
/// another choice ends by fuel.
pub fn judge_in_process(
    case: &Case,
    engines: &[Box<dyn Engine>],
    outcomes: &[Outcome],
    limits: &Limits,
) -> Judgement {
    let runs: Vec<Run<'_>> = engines
        .iter()
        .zip(outcomes)
        .map(|(engine, outcome)| Run::completed(engine.info(), outcome))
        .collect();
    let mut reference = InProcess::new(case, limits);
    match judge_permitting(case, &runs, &Rules::default(), &mut reference) {
        Ok(permission) => permission.judgement,
        Err(never) => match never {},
    }
}

#[cfg(test)]
mod tests {
    use gainsay_case::{Alternatives, Choice, Step, Value};
    use gainsay_reduce::canonical_nans;

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
    fn with_canonical_nans_nothing_depends_on_their_choice() {
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
    fn what_chooses_no_nan_stays_as_it_is() {
        let case = case("(i64.reinterpret_f64 (f64.neg (local.get 1)))");
        assert_eq!(canonical_nans(&case).count(), 0);
    }
}
