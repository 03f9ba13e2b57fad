//! Where engines part, and who stands with whom.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::normal_outcome::NormalOutcome;
use crate::verdict::reasons;

reasons! {
    /// What kind of thing the engines differ in.
    DivergenceKind {
        /// Whether a binary is a valid module.
        Rejects = "rejects",
        /// Whether a module's imports can be resolved.
        Links = "links",
        /// The values that a call returned.
        Result = "result",
        /// Whether a step trapped or threw, or how.
        Trap = "trap",
        /// The host calls of a step.
        Trace = "trace",
        /// An exported memory's size or contents.
        Memory = "memory",
        /// An exported global's value.
        Global = "global",
        /// An exported table's size or contents.
        Table = "table",
        /// Which instances there are or what they export.
        Exports = "exports",
        /// An engine broke its own rules (panic, internal error).
        Fault = "fault",
        /// An engine's process died.
        Crash = "crash",
        /// An engine did not come to an end where another did.
        Hang = "hang",
        /// An engine ran out of memory where another did not.
        MemoryExhaustion = "memory_exhaustion",
    }
}

/// The first difference of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Divergence {
    /// What differs.
    pub kind: DivergenceKind,
    /// The index of the step; `None` if the difference is in the final state.
    pub step: Option<usize>,
    /// The instance concerned, if any.
    pub instance: Option<String>,
    /// The export whose state differs, if any.
    pub export: Option<String>,
    /// Groups of engines, sorted; inside a group all agree. There is only one if
    /// an engine failed by itself and no other could be compared with it.
    pub classes: Vec<Class>,
}

/// Engines with equal outcomes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Class {
    /// Their ids, sorted.
    pub engines: Vec<String>,
    /// The outcome's kind, stable from case to case.
    pub summary: NormalOutcome,
    /// The outcome itself, for people: `returned (i32.const 5)`.
    pub detail: String,
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = self.step.map(|step| format!("step {step}"));
        f.write_str(&self.told_at(step.as_deref()))
    }
}

impl Divergence {
    /// The divergence in one sentence, where its step is known by this name: `line 3`.
    pub fn told_at(&self, step: Option<&str>) -> String {
        let place = match (step, &self.instance, &self.export) {
            (Some(step), _, _) => format!("in {step}"),
            (None, Some(instance), Some(export)) => format!("in {instance}.{export}"),
            (None, Some(instance), None) => format!("in {instance}"),
            (None, None, _) => "after the last step".to_owned(),
        };
        let class = |class: &Class| format!("; {}: {}", class.engines.join(", "), class.detail);
        format!("{} {place}{}", self.kind, self.classes.iter().map(class).collect::<String>())
    }
}
