//! What a finding's file says where its directives cannot.

use std::fmt::Write;

use gainsay_case::{EngineInfo, HostCall, Value, words};
use gainsay_oracle::{Divergence, DivergenceKind};

use crate::evaluate::EngineRun;

/// Precisely what differs, if no directive of the script asserts it: other tools
/// then run the script without noticing.
pub(crate) fn unasserted_difference(
    divergence: &Divergence,
    runs: &[(EngineInfo, EngineRun)],
) -> Option<String> {
    match (divergence.kind, divergence.step) {
        (DivergenceKind::Trace, Some(step)) => host_calls(divergence, runs, step),
        (
            kind @ (DivergenceKind::Global
            | DivergenceKind::Memory
            | DivergenceKind::Table
            | DivergenceKind::Exports),
            None,
        ) => {
            let instance = divergence.instance.as_deref()?;
            let what = match &divergence.export {
                Some(export) => format!("the {kind} {export:?} of ${instance}"),
                None => format!("what ${instance} exports"),
            };
            Some(format!("{what} after the last step, which nothing below asserts"))
        }
        _ => None,
    }
}

/// The first host call of a step that differs. The host functions that a script
/// brings along return what this program's do, and record nothing.
fn host_calls(
    divergence: &Divergence,
    runs: &[(EngineInfo, EngineRun)],
    step: usize,
) -> Option<String> {
    let mut traces: Vec<(&str, &[HostCall])> = Vec::new();
    for class in &divergence.classes {
        let engine = class.engines.first()?;
        let (_, ran) = runs.iter().find(|(info, _)| info.id == *engine)?;
        traces.push((engine, &ran.outcome.steps.get(step)?.trace));
    }
    let longest = traces.iter().map(|(_, trace)| trace.len()).max()?;
    let call = (0..longest).find(|at| {
        traces.windows(2).any(|pair| !same_call(pair[0].1.get(*at), pair[1].1.get(*at)))
    })?;
    let mut text = format!("host call {} of step {step}, which nothing below asserts", call + 1);
    for (engine, trace) in traces {
        let said = trace.get(call).map_or_else(|| "none".to_owned(), describe);
        let _ = write!(text, "; {engine}: {said}");
    }
    Some(text)
}

fn same_call(one: Option<&HostCall>, two: Option<&HostCall>) -> bool {
    let same = |one: &Value, two: &Value| one == two || (one.is_nan() && two.is_nan());
    match (one, two) {
        (Some(one), Some(two)) => {
            one.name == two.name
                && one.args.len() == two.args.len()
                && one.args.iter().zip(&two.args).all(|(one, two)| same(one, two))
        }
        _ => one.is_none() && two.is_none(),
    }
}

fn describe(call: &HostCall) -> String {
    format!("{} {}", call.name, words::values(&call.args)).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use gainsay_case::{Outcome, StepOutcome, StepResult};
    use gainsay_oracle::{Class, NormalOutcome, RunEnding};

    use super::*;

    fn ran(id: &str, calls: &[(&str, i32)]) -> (EngineInfo, EngineRun) {
        let call = |(name, arg): &(&str, i32)| HostCall {
            name: String::from(*name),
            args: vec![Value::I32(*arg)],
        };
        let trace = calls.iter().map(call).collect();
        let step = StepOutcome { result: StepResult::Returned(Vec::new()), trace };
        let outcome = Arc::new(Outcome { steps: vec![step], ..Outcome::default() });
        let info = EngineInfo {
            id: id.to_owned(),
            implementation: id.to_owned(),
            version: "1".to_owned(),
            capabilities: BTreeSet::new(),
        };
        (
            info,
            EngineRun {
                outcome,
                ending: RunEnding::Completed,
                micros: 0,
                detail: None,
                stderr: String::new(),
            },
        )
    }

    fn divergence(kind: DivergenceKind, step: Option<usize>, export: Option<&str>) -> Divergence {
        let class = |engine: &str| Class {
            engines: vec![engine.to_owned()],
            summary: NormalOutcome::Completed,
            detail: String::new(),
        };
        Divergence {
            kind,
            step,
            instance: Some("i".to_owned()),
            export: export.map(str::to_owned),
            classes: vec![class("a"), class("b")],
        }
    }

    #[test]
    fn the_first_differing_host_call_is_reported() {
        let runs = [ran("a", &[("f", 1), ("f", 2)]), ran("b", &[("f", 1), ("f", 3)])];
        let trace = divergence(DivergenceKind::Trace, Some(0), None);
        let told = "host call 2 of step 0, which nothing below asserts; a: f (i32.const 2); b: f (i32.const 3)";
        assert_eq!(unasserted_difference(&trace, &runs).as_deref(), Some(told));
        let runs = [ran("a", &[]), ran("b", &[("f", 1)])];
        let told =
            "host call 1 of step 0, which nothing below asserts; a: none; b: f (i32.const 1)";
        assert_eq!(unasserted_difference(&trace, &runs).as_deref(), Some(told));
    }

    #[test]
    fn unread_state_is_reported() {
        let memory = divergence(DivergenceKind::Memory, None, Some("m"));
        let told = "the memory \"m\" of $i after the last step, which nothing below asserts";
        assert_eq!(unasserted_difference(&memory, &[]).as_deref(), Some(told));
    }

    #[test]
    fn an_asserted_difference_needs_no_remark() {
        assert_eq!(
            unasserted_difference(&divergence(DivergenceKind::Result, Some(0), None), &[]),
            None
        );
        assert_eq!(
            unasserted_difference(&divergence(DivergenceKind::Global, Some(0), None), &[]),
            None
        );
    }
}
