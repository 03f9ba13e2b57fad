//! The reference under every choice that the specification leaves open.

use std::convert::Infallible;

use gainsay_case::freedom::{Freedom, choices, id, is_formal};
use gainsay_case::{Alternatives, Case, Choice, Engine, Limits, Outcome, execute};
use gainsay_runtime::NanChoice;

use crate::reference;
use crate::relaxed;

/// The engine of such an id; `None` if it is another's.
pub(crate) fn open(id: &str) -> Option<Box<dyn Engine>> {
    let (relaxed, nans) = choices(id)?;
    make(id, relaxed, nans)
}

fn make(id: &str, relaxed: usize, nans: usize) -> Option<Box<dyn Engine>> {
    Some(reference::choosing(id, relaxed::choice(relaxed)?, *NanChoice::ALL.get(nans)?))
}

/// Instructions of one call of a case that says nothing about fuel. Under another choice it
/// may run for ever, and nobody watches.
const FUEL_PER_CALL: u64 = 50_000_000;

/// One case on the reference in this process: what `gainsay_oracle::judge_permitting` asks
/// for where nothing has to be watched, as in a fuzz target.
#[derive(Debug)]
pub struct InProcess<'a> {
    case: &'a Case,
    limits: Limits,
    freedom: Freedom,
}

impl<'a> InProcess<'a> {
    /// The reference on this case, within the limits that the other engines had.
    pub fn new(case: &'a Case, limits: &Limits) -> InProcess<'a> {
        let fuel_per_call = Some(limits.fuel_per_call.unwrap_or(FUEL_PER_CALL));
        let limits = Limits { fuel_per_call, ..limits.clone() };
        InProcess { case, limits, freedom: Freedom::of(case) }
    }
}

impl Alternatives for InProcess<'_> {
    type Error = Infallible;

    fn relaxed(&self) -> usize {
        self.freedom.relaxed().len()
    }

    fn nans(&self) -> usize {
        self.freedom.nans()
    }

    fn is_formal(&self, relaxed: usize) -> bool {
        self.freedom.relaxed().get(relaxed).is_some_and(|number| is_formal(*number))
    }

    fn outcome(&mut self, choice: Choice) -> Result<Option<Outcome>, Infallible> {
        let Some(relaxed) = self.freedom.relaxed().get(choice.relaxed) else { return Ok(None) };
        let engine = make(&id(*relaxed, choice.nans), *relaxed, choice.nans);
        Ok(engine.map(|engine| execute(&*engine, self.case, &self.limits)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use gainsay_case::{Step, StepResult, Value};

    use super::*;

    fn case(text: &str, args: &[Value]) -> Case {
        let bytes: Arc<[u8]> = wat::parse_str(text).expect("text").into();
        let (module, instance, field) = ("m".to_owned(), "i".to_owned(), "f".to_owned());
        Case {
            steps: vec![
                Step::Define { module: module.clone(), bytes },
                Step::Instantiate { module, instance: instance.clone() },
                Step::Invoke { instance, field, args: args.to_vec() },
            ],
        }
    }

    /// What the function can return, over all choices of NaNs.
    fn results(text: &str, args: &[Value]) -> BTreeSet<Vec<Value>> {
        let case = case(text, args);
        let mut reference = InProcess::new(&case, &Limits::default());
        let returned = |nans| {
            let outcome = reference.outcome(Choice { relaxed: 0, nans });
            match outcome.map(|outcome| outcome.and_then(|outcome| outcome.steps.last().cloned())) {
                Ok(Some(step)) => match step.result {
                    StepResult::Returned(values) => values,
                    other => panic!("{text}: {other:?}"),
                },
                other => panic!("{text}: {other:?}"),
            }
        };
        (0..NanChoice::ALL.len()).map(returned).collect()
    }

    /// A NaN with a payload that is neither canonical nor lost in 32 bits.
    const ODD32: Value = Value::F32(0x7fa0_0000);
    const ODD64: Value = Value::F64(0x7ff4_0000_0000_0000);

    /// A function that applies the operator to its parameters and returns the bits.
    fn scalar(operator: &str, operands: usize) -> (String, Vec<Value>) {
        let of_64 = operator == "f32.demote_f64"
            || (operator.starts_with("f64") && operator != "f64.promote_f32");
        let (ty, odd) = if of_64 { ("f64", ODD64) } else { ("f32", ODD32) };
        let (result, bits) = match &operator[..3] {
            "f32" => ("i32", "i32.reinterpret_f32"),
            _ => ("i64", "i64.reinterpret_f64"),
        };
        let params = vec![ty; operands].join(" ");
        let gets: String = (0..operands).map(|index| format!("local.get {index} ")).collect();
        let text = format!(
            "(module (func (export \"f\") (param {params}) (result {result}) {gets} {operator} {bits}))"
        );
        (text, vec![odd; operands])
    }

    #[test]
    fn every_scalar_operation_makes_the_nan_that_is_chosen() {
        let mut checked = 0;
        for ty in ["f32", "f64"] {
            for (operand_count, names) in
                [(1, "ceil floor trunc nearest sqrt"), (2, "add sub mul div min max")]
            {
                for name in names.split(' ') {
                    let (text, args) = scalar(&format!("{ty}.{name}"), operand_count);
                    // Canonical of either sign, and the operand's of either sign.
                    assert_eq!(results(&text, &args).len(), 4, "{ty}.{name}");
                    checked += 1;
                }
            }
        }
        for operator in ["f32.demote_f64", "f64.promote_f32"] {
            let (text, args) = scalar(operator, 1);
            assert_eq!(results(&text, &args).len(), 4, "{operator}");
            checked += 1;
        }
        assert_eq!(checked, 24);
    }

    #[test]
    fn every_operation_on_lanes_makes_the_nan_that_is_chosen() {
        let unary = "ceil floor trunc nearest sqrt";
        let binary = "add sub mul div min max relaxed_min relaxed_max";
        let ternary = "relaxed_madd relaxed_nmadd";
        let mut operators = vec![(1, "f32x4.demote_f64x2_zero".to_owned(), 64)];
        operators.push((1, "f64x2.promote_low_f32x4".to_owned(), 32));
        for (shape, width) in [("f32x4", 32), ("f64x2", 64)] {
            for (count, names) in [(1, unary), (2, binary), (3, ternary)] {
                let names = names.split(' ').map(|name| (count, format!("{shape}.{name}"), width));
                operators.extend(names);
            }
        }
        assert_eq!(operators.len(), 32);
        for (count, operator, width) in operators {
            let odd = if width == 32 { 0x7fa0_0000 } else { 0x7ff4_0000_0000_0000 };
            let gets: String = (0..count).map(|index| format!("local.get {index} ")).collect();
            let params = vec!["v128"; count].join(" ");
            let text = format!(
                "(module (func (export \"f\") (param {params}) (result i64) {gets} {operator} i64x2.extract_lane 0))"
            );
            let found = results(&text, &vec![Value::V128(odd); count]);
            // Twice inverted is not inverted.
            assert!(found.len() >= 3, "{operator}: {found:?}");
        }
    }

    #[test]
    fn without_a_nan_among_the_operands_only_the_sign_is_open() {
        for (operator, args) in [
            ("f64.sqrt", vec![Value::F64((-1.0f64).to_bits())]),
            ("f64.div", vec![Value::F64(0), Value::F64(0)]),
            // A canonical one has no other payload either.
            ("f64.add", vec![Value::F64(0x7ff8 << 48), Value::F64(0)]),
        ] {
            let (text, _) = scalar(operator, args.len());
            let bits = |bits: u64| vec![Value::I64(bits as i64)];
            let both = BTreeSet::from([bits(0x7ff8 << 48), bits(0xfff8 << 48)]);
            assert_eq!(results(&text, &args), both, "{operator}");
        }
    }

    #[test]
    fn operations_on_signs_bits_and_numbers_leave_nothing_open() {
        for operator in ["f64.abs", "f64.neg"] {
            let (text, args) = scalar(operator, 1);
            assert_eq!(Freedom::of(&case(&text, &args)).nans(), 1, "{operator}");
            assert_eq!(results(&text, &args).len(), 1, "{operator}");
        }
        let (text, _) = scalar("f64.add", 2);
        let numbers = [Value::F64(1f64.to_bits()), Value::F64(2f64.to_bits())];
        assert_eq!(results(&text, &numbers).len(), 1);
    }

    #[test]
    fn one_operation_may_choose_anew_each_time() {
        let text = r#"(module (func (export "f") (result i32) (i64.eq
            (i64.reinterpret_f64 (f64.div (f64.const 0) (f64.const 0)))
            (i64.reinterpret_f64 (f64.div (f64.const 0) (f64.const 0))))))"#;
        assert_eq!(results(text, &[]).len(), 2);
    }

    #[test]
    fn there_are_as_many_choices_as_cases_are_said_to_leave() {
        assert_eq!(NanChoice::ALL.len(), gainsay_case::freedom::NAN_CHOICES);
        assert!(relaxed::counts().eq(gainsay_case::freedom::relaxed_choices()));
    }

    #[test]
    fn engines_are_named_by_what_they_choose() {
        assert_eq!(open(&id(1, 2)).map(|engine| engine.info().id.clone()), Some(id(1, 2)));
        assert!(open("reference").is_none());
        assert!(open(&id(0, NanChoice::ALL.len())).is_none());
    }
}
