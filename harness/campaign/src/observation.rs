//! What minimisation looks at.

use gainsay_case::EngineInfo;
use gainsay_oracle::{Class, Divergence, DivergenceKind, NormalOutcome, RunEnding};

use crate::evaluate::EngineRun;

/// A case that diverges, and how.
pub(crate) struct Observation {
    pub(crate) divergence: Divergence,
    pub(crate) runs: Vec<(EngineInfo, EngineRun)>,
}

/// What a single engine does wrong without another one to compare it with: it does not end, or
/// takes all memory. (That it breaks its own rules or dies is a divergence anyway.)
pub(crate) fn alone(runs: &[(EngineInfo, EngineRun)]) -> Option<Divergence> {
    let [(engine, ran)] = runs else { return None };
    let kind = match ran.ending {
        RunEnding::Hung => DivergenceKind::Hang,
        RunEnding::OutOfMemory => DivergenceKind::MemoryExhaustion,
        RunEnding::Completed | RunEnding::Crashed { .. } => return None,
    };
    let summary = NormalOutcome::named(kind.name());
    let detail = summary.to_string();
    Some(Divergence {
        kind,
        step: Some(ran.outcome.steps.len()),
        instance: None,
        export: None,
        classes: vec![Class { engines: vec![engine.id.clone()], summary, detail }],
    })
}
