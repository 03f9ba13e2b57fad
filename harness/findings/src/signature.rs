//! What two findings have in common that are one.

use std::fmt;

use gainsay_oracle::{Divergence, DivergenceKind, DivergenceSignature, SignatureClass};
use serde::{Deserialize, Serialize};

/// What a case showed, without what varies from case to case. Findings, sums and witnesses
/// are told apart by it; it becomes text where it is stored or shown, and nowhere before.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum Signature {
    /// Engines differed about a case.
    Divergence {
        /// Who stands against whom, and how.
        shown: DivergenceSignature,
        /// The class of the instructions that are left of a minimised case.
        opcodes: Option<String>,
    },
    /// A sequence of operations went wrong.
    Sequence {
        /// The kind of failure.
        kind: String,
        /// All of it, beginning with the kind, as its own crate words it.
        text: String,
    },
}

impl Signature {
    /// What a divergence shows, before it is known which instructions it takes.
    pub fn of(divergence: &Divergence) -> Signature {
        Signature::Divergence { shown: divergence.signature(), opcodes: None }
    }

    /// With the class of the instructions that are left; an empty one says nothing.
    #[must_use]
    pub fn with_opcodes(mut self, class: &str) -> Signature {
        if let Signature::Divergence { opcodes, .. } = &mut self {
            *opcodes = (!class.is_empty()).then(|| class.to_owned());
        }
        self
    }

    /// The kind of what was seen: `result`, `trap`, `crash`.
    pub fn kind(&self) -> &str {
        match self {
            Signature::Divergence { shown, .. } => shown.kind.name(),
            Signature::Sequence { kind, .. } => kind,
        }
    }

    /// Who stands against whom; nobody in a sequence.
    pub(crate) fn classes(&self) -> &[SignatureClass] {
        match self {
            Signature::Divergence { shown, .. } => &shown.classes,
            Signature::Sequence { .. } => &[],
        }
    }

    /// In what engines differ, if they do.
    pub(crate) fn divergence_kind(&self) -> Option<DivergenceKind> {
        match self {
            Signature::Divergence { shown, .. } => Some(shown.kind),
            Signature::Sequence { .. } => None,
        }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Signature::Divergence { shown, opcodes: None } => write!(f, "{shown}"),
            Signature::Divergence { shown, opcodes: Some(class) } => write!(f, "{shown} [{class}]"),
            Signature::Sequence { text, .. } => f.write_str(text),
        }
    }
}

impl From<Signature> for String {
    fn from(signature: Signature) -> String {
        signature.to_string()
    }
}

/// The stored form read back. It is one of a sequence unless it is one of a divergence.
impl From<String> for Signature {
    fn from(text: String) -> Signature {
        let class = text.strip_suffix(']').and_then(|rest| rest.rsplit_once(" ["));
        let (base, opcodes) =
            class.map_or((text.as_str(), None), |(base, class)| (base, Some(class)));
        match base.parse() {
            Ok(shown) => Signature::Divergence { shown, opcodes: opcodes.map(str::to_owned) },
            Err(_) => {
                let kind = text.split(' ').next().unwrap_or_default().to_owned();
                Signature::Sequence { kind, text }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Signature {
        Signature::from(text.to_owned())
    }

    #[test]
    fn signatures_of_both_kinds_survive_their_text_form() {
        for text in [
            "result reference=returned:i32|wasmi-eager=returned:i32 [select test]",
            "trap a,b=returned|c=trap:divide_by_zero",
            "fault a=completed|b=fault:panic: a[N] \\[x] \\| a=b [many]",
            "result canary run plain: expected ok, saw refused",
            "crash wasmi somewhere: expected an end, saw SIGSEGV",
        ] {
            assert_eq!(read(text).to_string(), text);
        }
    }

    #[test]
    fn a_signature_that_was_read_says_what_it_is_about() {
        let signature = read("trap a,b=returned|c=trap:unreachable [int.add]");
        assert_eq!(signature.divergence_kind(), Some(DivergenceKind::Trap));
        let Signature::Divergence { shown, opcodes } = signature else { panic!("a divergence") };
        assert_eq!((shown.classes.len(), opcodes.as_deref()), (2, Some("int.add")));
        let sequence = read("crash wasmi somewhere: expected an end, saw SIGSEGV");
        assert_eq!((sequence.kind(), sequence.divergence_kind()), ("crash", None));
    }
}
