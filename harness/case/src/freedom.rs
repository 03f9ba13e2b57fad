//! What the specification leaves open in a case, as far as that can be chosen: how relaxed
//! vector instructions are executed (§ exec/numerics, relaxed operations), and which NaN an
//! operation makes. The reference runs a case under each choice, as an engine with an id
//! that says which.

use wasmparser::{Operator, Parser, Payload};

use crate::Case;
use crate::nans;

/// How many ways to choose NaNs the reference has.
pub const NAN_CHOICES: usize = 7;

/// What the ids of these engines begin with; the numbers of the choices follow.
const PREFIX: &str = "reference-choosing-";

/// The choices that a case can notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freedom {
    /// The numbers of the ways to execute relaxed instructions; the first one is that of
    /// the deterministic profile.
    relaxed: Vec<usize>,
    nans: usize,
}

impl Freedom {
    /// What the modules of the case have instructions for, as far as they can be parsed.
    pub fn of(case: &Case) -> Freedom {
        let (mut used, mut makes) = (Used::default(), false);
        for (_, module) in case.modules() {
            each_operator(module, |operator| {
                used.note(operator);
                makes |= nans::chosen(operator).is_some();
            });
        }
        Freedom { relaxed: used.choices(), nans: if makes { NAN_CHOICES } else { 1 } }
    }

    /// The numbers of the ways to execute relaxed instructions, which are the same for all
    /// cases; that of the deterministic profile is the first.
    pub fn relaxed(&self) -> &[usize] {
        &self.relaxed
    }

    /// How many ways to choose NaNs there are to try; 1 if the case can make none.
    pub fn nans(&self) -> usize {
        self.nans
    }
}

/// The id of the engine that makes these choices: the number of a way to execute relaxed
/// instructions, and the index of a way to choose NaNs.
pub fn id(relaxed: usize, nans: usize) -> String {
    format!("{PREFIX}{relaxed}-{nans}")
}

/// The two numbers in such an id; `None` if it is another engine's.
pub fn choices(id: &str) -> Option<(usize, usize)> {
    let (relaxed, nans) = id.strip_prefix(PREFIX)?.split_once('-')?;
    Some((relaxed.parse().ok()?, nans.parse().ok()?))
}

/// How many choices there are for each parameter of the relaxed instructions, in the order
/// in which they make a number.
pub fn relaxed_choices() -> impl Iterator<Item = usize> {
    PARAMETERS.iter().map(|parameter| parameter.choices)
}

/// Where among the parameters the dot products stand, and the last of their choices, which
/// the official test suite admits and the formal definition does not have.
const DOT: usize = 3;
const DOT_INFORMAL: usize = 2;

/// Whether the formal definition has the way to execute relaxed instructions of this number
/// (§ exec/numerics, relaxed dot product); the official test suite admits one more.
pub fn is_formal(relaxed: usize) -> bool {
    let weight: usize = relaxed_choices().take(DOT).product();
    relaxed / weight % PARAMETERS[DOT].choices != DOT_INFORMAL
}

/// Something that the specification leaves open.
struct Parameter {
    /// How many choices there are.
    choices: usize,
    /// Whether the instruction depends on it.
    governs: fn(&Operator<'_>) -> bool,
}

/// All of them. A choice for each makes a number, the first counting ones.
const PARAMETERS: &[Parameter] = &[
    Parameter {
        choices: 2,
        governs: |operator| {
            matches!(
                operator,
                Operator::F32x4RelaxedMadd
                    | Operator::F32x4RelaxedNmadd
                    | Operator::F64x2RelaxedMadd
                    | Operator::F64x2RelaxedNmadd
            )
        },
    },
    Parameter {
        choices: 4,
        governs: |operator| {
            matches!(operator, Operator::F32x4RelaxedMin | Operator::F64x2RelaxedMin)
        },
    },
    Parameter {
        choices: 4,
        governs: |operator| {
            matches!(operator, Operator::F32x4RelaxedMax | Operator::F64x2RelaxedMax)
        },
    },
    Parameter {
        choices: 3,
        governs: |operator| {
            matches!(
                operator,
                Operator::I16x8RelaxedDotI8x16I7x16S | Operator::I32x4RelaxedDotI8x16I7x16AddS
            )
        },
    },
    Parameter {
        choices: 2,
        governs: |operator| matches!(operator, Operator::I16x8RelaxedQ15mulrS),
    },
    Parameter {
        choices: 4,
        governs: |operator| {
            matches!(
                operator,
                Operator::I32x4RelaxedTruncF32x4U | Operator::I32x4RelaxedTruncF64x2UZero
            )
        },
    },
    Parameter {
        choices: 2,
        governs: |operator| {
            matches!(
                operator,
                Operator::I32x4RelaxedTruncF32x4S | Operator::I32x4RelaxedTruncF64x2SZero
            )
        },
    },
    Parameter { choices: 2, governs: |operator| matches!(operator, Operator::I8x16RelaxedSwizzle) },
    Parameter {
        choices: 2,
        governs: |operator| {
            matches!(
                operator,
                Operator::I8x16RelaxedLaneselect
                    | Operator::I16x8RelaxedLaneselect
                    | Operator::I32x4RelaxedLaneselect
                    | Operator::I64x2RelaxedLaneselect
            )
        },
    },
];

/// Which of the parameters the instructions of some modules depend on.
#[derive(Debug, Default)]
struct Used([bool; PARAMETERS.len()]);

impl Used {
    fn note(&mut self, operator: &Operator<'_>) {
        for (parameter, used) in PARAMETERS.iter().zip(&mut self.0) {
            *used |= (parameter.governs)(operator);
        }
    }

    /// The numbers of all choices that can be told apart; the first one is that of the
    /// deterministic profile.
    fn choices(&self) -> Vec<usize> {
        let mut numbers = vec![0];
        let mut weight = 1;
        for (parameter, used) in PARAMETERS.iter().zip(self.0) {
            if used {
                let choices = (1..parameter.choices).map(|index| index * weight);
                let more: Vec<usize> = choices
                    .flat_map(|choice| numbers.iter().map(move |number| number + choice))
                    .collect();
                numbers.extend(more);
            }
            weight *= parameter.choices;
        }
        numbers
    }
}

/// Every instruction of a module's functions, as far as it can be parsed.
fn each_operator(module: &[u8], mut take: impl FnMut(&Operator<'_>)) {
    for payload in Parser::new(0).parse_all(module) {
        let Ok(payload) = payload else { return };
        let Payload::CodeSectionEntry(body) = payload else { continue };
        let Ok(operators) = body.get_operators_reader() else { continue };
        for operator in operators {
            let Ok(operator) = operator else { break };
            take(&operator);
        }
    }
}
