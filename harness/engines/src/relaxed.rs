//! The ways to execute relaxed vector instructions that an implementation may keep to
//! (§ exec/numerics, relaxed operations).

use gainsay_runtime::{
    RelaxedChoice, RelaxedDot, RelaxedLaneselect, RelaxedMadd, RelaxedMinMax, RelaxedQ15mulr,
    RelaxedSwizzle, RelaxedTruncS, RelaxedTruncU,
};

/// Something that the specification leaves open.
struct Parameter {
    /// How many choices there are.
    choices: usize,
    /// Make the choice of this index.
    choose: fn(&mut RelaxedChoice, usize),
}

/// All of them. A choice for each makes a number, the first counting ones.
const PARAMETERS: &[Parameter] = &[
    Parameter {
        choices: RelaxedMadd::ALL.len(),
        choose: |choice, index| choice.madd = RelaxedMadd::ALL[index],
    },
    Parameter {
        choices: RelaxedMinMax::ALL.len(),
        choose: |choice, index| choice.min = RelaxedMinMax::ALL[index],
    },
    Parameter {
        choices: RelaxedMinMax::ALL.len(),
        choose: |choice, index| choice.max = RelaxedMinMax::ALL[index],
    },
    Parameter {
        choices: RelaxedDot::ALL.len(),
        choose: |choice, index| choice.dot = RelaxedDot::ALL[index],
    },
    Parameter {
        choices: RelaxedQ15mulr::ALL.len(),
        choose: |choice, index| choice.q15mulr = RelaxedQ15mulr::ALL[index],
    },
    Parameter {
        choices: RelaxedTruncU::ALL.len(),
        choose: |choice, index| choice.trunc_u = RelaxedTruncU::ALL[index],
    },
    Parameter {
        choices: RelaxedTruncS::ALL.len(),
        choose: |choice, index| choice.trunc_s = RelaxedTruncS::ALL[index],
    },
    Parameter {
        choices: RelaxedSwizzle::ALL.len(),
        choose: |choice, index| choice.swizzle = RelaxedSwizzle::ALL[index],
    },
    Parameter {
        choices: RelaxedLaneselect::ALL.len(),
        choose: |choice, index| choice.laneselect = RelaxedLaneselect::ALL[index],
    },
];

/// How many choices there are for each parameter, in the order in which they make a number.
#[cfg(test)]
pub(crate) fn counts() -> impl Iterator<Item = usize> {
    PARAMETERS.iter().map(|parameter| parameter.choices)
}

/// The choices that make this number.
pub(crate) fn choice(number: usize) -> Option<RelaxedChoice> {
    let mut choice = RelaxedChoice::default();
    let mut rest = number;
    for parameter in PARAMETERS {
        (parameter.choose)(&mut choice, rest % parameter.choices);
        rest /= parameter.choices;
    }
    (rest == 0).then_some(choice)
}

#[cfg(test)]
mod tests {
    use gainsay_case::{Case, Step};

    use super::*;
    use gainsay_case::freedom::Freedom;

    fn permitted_of(body: &str) -> Vec<usize> {
        let text = format!("(module (func (param v128 v128 v128) (result v128) {body}))");
        let bytes = wat::parse_str(text).expect("text").into();
        let case = Case { steps: vec![Step::Define { module: "m".into(), bytes }] };
        Freedom::of(&case).relaxed().to_vec()
    }

    #[test]
    fn all_choices_but_the_exact_dot_product_are_in_the_formal_definition() {
        let numbers = (0..).map_while(|number| Some((number, choice(number)?)));
        let (mut formal, mut informal) = (0, 0);
        for (number, choice) in numbers {
            let is_exact = choice.dot == RelaxedDot::UnsignedExact;
            assert_eq!(gainsay_case::freedom::is_formal(number), !is_exact, "{choice:?}");
            *if is_exact { &mut informal } else { &mut formal } += 1;
        }
        assert_eq!(formal, 2 * informal);
    }

    const TWO: &str = "local.get 0 local.get 1";
    const THREE: &str = "local.get 0 local.get 1 local.get 2";

    #[test]
    fn only_what_a_module_uses_is_varied() {
        assert_eq!(permitted_of("local.get 0"), [0]);
        assert_eq!(permitted_of(&format!("{THREE} f64x2.relaxed_nmadd")).len(), 2);
        assert_eq!(permitted_of(&format!("{TWO} f32x4.relaxed_min")).len(), 4);
        let three = format!(
            "{TWO} f32x4.relaxed_max i32x4.relaxed_trunc_f32x4_s {TWO} i8x16.relaxed_swizzle v128.or"
        );
        assert_eq!(permitted_of(&three).len(), 16);
    }

    #[test]
    fn every_number_is_a_choice_of_its_own_and_the_first_is_deterministic() {
        let all: String = [
            (THREE, "f32x4.relaxed_madd"),
            (TWO, "f32x4.relaxed_min"),
            (TWO, "f64x2.relaxed_max"),
            (THREE, "i32x4.relaxed_dot_i8x16_i7x16_add_s"),
            (TWO, "i16x8.relaxed_q15mulr_s"),
            ("local.get 0", "i32x4.relaxed_trunc_f64x2_u_zero"),
            ("local.get 0", "i32x4.relaxed_trunc_f32x4_s"),
            (TWO, "i8x16.relaxed_swizzle"),
            (THREE, "i64x2.relaxed_laneselect"),
        ]
        .map(|(operands, operator)| format!("{operands} {operator} drop "))
        .concat();
        let numbers = permitted_of(&format!("{all} local.get 0"));
        let product: usize = PARAMETERS.iter().map(|parameter| parameter.choices).product();
        assert_eq!(numbers.len(), product);
        let choices: Vec<RelaxedChoice> =
            numbers.iter().map(|number| choice(*number).expect("a choice")).collect();
        assert_eq!(choices[0], RelaxedChoice::default());
        let distinct: std::collections::BTreeSet<String> =
            choices.iter().map(|choice| format!("{choice:?}")).collect();
        assert_eq!(distinct.len(), numbers.len());
        assert_eq!(choice(numbers.len()), None);
    }
}
