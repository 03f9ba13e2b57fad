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
