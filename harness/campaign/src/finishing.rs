//! A minimised case as a maintainer wants it: short, and failing in any tool that
//! runs it on the engine at fault.

use gainsay_case::{Case, ExportState, Step};
use gainsay_oracle::{Class, Divergence, DivergenceKind, RunEnding};
use gainsay_reduce::{Accessor, Reads, one_name_each};

use crate::error::CampaignError;
use crate::observation::Observation;

/// Words that are read in one run when the one that differs is looked for.
const READS_PER_RUN: u64 = 8_192;

/// Runs in which it is looked for: 1 MiB of memory.
const RUNS_MAX: u64 = 16;

/// How a case diverges, if it does.
type Look<'l> = dyn FnMut(&Case) -> Result<Option<Observation>, CampaignError> + 'l;

/// The case with modules and instances under one name where it diverges all the same.
pub(crate) fn named(
    case: Case,
    seen: Observation,
    look: &mut Look<'_>,
) -> Result<(Case, Observation), CampaignError> {
    let model = seen.runs.iter().find(|(_, ran)| ran.ending == RunEnding::Completed);
    let named = model.and_then(|(_, ran)| one_name_each(&case, &ran.outcome));
    let Some(named) = named else { return Ok((case, seen)) };
    let shown = seen.divergence.signature();
    Ok(match look(&named)? {
        Some(again) if again.divergence.signature() == shown => (named, again),
        _ => (case, seen),
    })
}

/// The case with one step more that reads what it leaves in another state on some
/// engines; as it is, if it does not differ in such a state or shows the difference
/// no more when it is read.
pub(crate) fn with_state_read(
    case: Case,
    seen: Observation,
    look: &mut Look<'_>,
) -> Result<(Case, Observation), CampaignError> {
    let found = match seen.divergence.kind {
        DivergenceKind::Global => global(&case, &seen, look)?,
        DivergenceKind::Memory | DivergenceKind::Table => contents(&case, &seen, look)?,
        _ => None,
    };
    Ok(found.unwrap_or((case, seen)))
}

/// The instance and the export whose state differs after the last step.
fn place(divergence: &Divergence) -> Option<(&str, &str)> {
    let place = (divergence.instance.as_deref()?, divergence.export.as_deref()?);
    divergence.step.is_none().then_some(place)
}

fn global(
    case: &Case,
    seen: &Observation,
    look: &mut Look<'_>,
) -> Result<Option<(Case, Observation)>, CampaignError> {
    let Some((instance, field)) = place(&seen.divergence) else { return Ok(None) };
    let get = Step::Get { instance: instance.to_owned(), field: field.to_owned() };
    shown(case, get, seen, look)
}

fn contents(
    case: &Case,
    seen: &Observation,
    look: &mut Look<'_>,
) -> Result<Option<(Case, Observation)>, CampaignError> {
    let Some((instance, export)) = place(&seen.divergence) else { return Ok(None) };
    if let Some(accessor) = Accessor::new(case, instance, export, Reads::Size)
        && let Some(found) = shown(&accessor.case, accessor.size(), seen, look)?
    {
        return Ok(Some(found));
    }
    let Some(accessor) = Accessor::new(case, instance, export, Reads::Word) else {
        return Ok(None);
    };
    let words = words(seen, instance, export).min(RUNS_MAX * READS_PER_RUN);
    for start in (0..words).step_by(READS_PER_RUN as usize) {
        let mut candidate = accessor.case.clone();
        let end = words.min(start + READS_PER_RUN);
        candidate.steps.extend((start..end).map(|number| accessor.word(number)));
        let Some(again) = look(&candidate)? else { continue };
        let before = accessor.case.steps.len();
        let Some(at) = again.divergence.step.and_then(|step| step.checked_sub(before)) else {
            continue;
        };
        return shown(&accessor.case, accessor.word(start + at as u64), seen, look);
    }
    Ok(None)
}

/// How many words there are to read: the least that any engine has.
fn words(seen: &Observation, instance: &str, export: &str) -> u64 {
    let states =
        seen.runs.iter().filter_map(|(_, ran)| ran.outcome.state.get(instance)?.get(export));
    let sizes = states.map(|state| match state {
        ExportState::Memory { bytes, .. } => bytes / 8,
        ExportState::Table { size, .. } => *size,
        ExportState::Global { .. } => 0,
    });
    sizes.min().unwrap_or(0)
}

/// The case with this step, if the same engines part in it.
fn shown(
    case: &Case,
    step: Step,
    seen: &Observation,
    look: &mut Look<'_>,
) -> Result<Option<(Case, Observation)>, CampaignError> {
    let mut case = case.clone();
    case.steps.push(step);
    let sides = |seen: &Observation| -> Vec<Vec<String>> {
        let engines = |class: &Class| class.engines.clone();
        seen.divergence.classes.iter().map(engines).collect()
    };
    let again = look(&case)?.filter(|again| {
        again.divergence.step == Some(case.steps.len() - 1) && sides(again) == sides(seen)
    });
    Ok(again.map(|again| (case, again)))
}
