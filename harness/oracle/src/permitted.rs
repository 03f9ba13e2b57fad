//! Judges where the specification leaves open what an engine does, but not that it does
//! the same each time: relaxed vector instructions (§ exec/numerics, relaxed operations).

use gainsay_case::{Case, Outcome};

use crate::judge::judge;
use crate::judgement::{Judgement, StepVerdict};
use crate::rules::Rules;
use crate::run::{Ending, Run};
use crate::verdict::{AllowedReason, Verdict};

/// A judgement that knows what is permitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The judgement.
    pub judgement: Judgement,
    /// Which of the permitted outcomes some engine had that had none of those before.
    pub useful: Vec<usize>,
}

/// Judge again a case in which engines differ. `permitted` gives what the case may come
/// to, one outcome for each way to make every choice that the specification leaves open
/// once and for all; first of all that of the deterministic profile (§ appendix/profiles).
/// It is asked for no more than is needed.
///
/// If each engine agrees with one of them, the difference is allowed. Otherwise engines
/// that agree with another one than the first are left out, for what they do is right and
/// hides who is wrong.
pub fn judge_permitting(
    case: &Case,
    runs: &[Run<'_>],
    rules: &Rules,
    mut permitted: impl FnMut() -> Option<Outcome>,
) -> Permission {
    let judgement = judge(case, runs, rules);
    let mut useful = Vec::new();
    if !matches!(judgement.verdict, Verdict::Diverge(_)) {
        return Permission { judgement, useful };
    }
    let mut first_agreed: Vec<Option<usize>> = vec![None; runs.len()];
    let mut index = 0;
    while first_agreed.iter().any(Option::is_none)
        && let Some(outcome) = permitted()
    {
        let open = runs.iter().zip(&mut first_agreed).filter(|(_, agreed)| agreed.is_none());
        let mut is_useful = false;
        for (_, agreed) in open.filter(|(run, _)| agrees(case, run, rules, &outcome)) {
            *agreed = Some(index);
            is_useful = true;
        }
        useful.extend(is_useful.then_some(index));
        index += 1;
    }
    let judgement = match first_agreed.iter().all(Option::is_some) {
        true => allowed(judgement),
        false => without(case, runs, rules, &first_agreed, judgement),
    };
    Permission { judgement, useful }
}

/// Whether nothing that can be compared contradicts a permitted outcome.
fn agrees(case: &Case, run: &Run<'_>, rules: &Rules, outcome: &Outcome) -> bool {
    let (id, ending) = ("permitted", &Ending::Completed);
    let permitted = Run { id, implementation: id, outcome, ending };
    !matches!(judge(case, &[*run, permitted], rules).verdict, Verdict::Diverge(_))
}

fn allowed(mut judgement: Judgement) -> Judgement {
    let reason = AllowedReason::RelaxedSimd;
    judgement.verdict = Verdict::Allowed(reason);
    for step in &mut judgement.steps {
        if *step == StepVerdict::Diverge {
            *step = StepVerdict::Allowed(reason);
        }
    }
    *judgement.allowed.entry(reason).or_default() += 1;
    judgement
}

fn without(
    case: &Case,
    runs: &[Run<'_>],
    rules: &Rules,
    first_agreed: &[Option<usize>],
    judgement: Judgement,
) -> Judgement {
    let is_kept = |agreed: &Option<usize>| matches!(agreed, None | Some(0));
    let kept: Vec<Run<'_>> = std::iter::zip(runs, first_agreed)
        .filter(|(_, agreed)| is_kept(agreed))
        .map(|(run, _)| *run)
        .collect();
    if kept.len() == runs.len() {
        return judgement;
    }
    let mut narrower = judge(case, &kept, rules);
    if !matches!(narrower.verdict, Verdict::Diverge(_)) {
        // Whoever is wrong had nobody left to stand against.
        return judgement;
    }
    *narrower.allowed.entry(AllowedReason::RelaxedSimd).or_default() += 1;
    narrower
}
