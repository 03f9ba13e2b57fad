//! How big a case is.

use gainsay_case::Case;
use serde::{Deserialize, Serialize};
use wasmparser::Operator;

use crate::parts::Parts;

/// How big a case is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseSize {
    /// Bytes of its modules.
    pub bytes: u64,
    /// Instructions in its modules' functions.
    pub instructions: u64,
    /// Steps.
    pub steps: u64,
    /// Lines of its text form that are not comments.
    pub lines: u64,
}

/// The size of a case whose text form is `text`.
pub fn size(case: &Case, text: &str) -> CaseSize {
    let bytes = case.modules().map(|(_, bytes)| bytes.len() as u64).sum();
    let mut instructions = 0;
    for_each_instruction(case, |_| instructions += 1);
    let is_code = |line: &&str| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with(";;")
    };
    let lines = text.lines().filter(is_code).count() as u64;
    CaseSize { bytes, instructions, steps: case.steps.len() as u64, lines }
}

/// Visit every instruction of the case's modules; a module that cannot be parsed has none.
pub fn for_each_instruction(case: &Case, mut visit: impl FnMut(&Operator<'_>)) {
    for (_, bytes) in case.modules() {
        let parts = Parts::parse(bytes).unwrap_or_default();
        parts.bodies.iter().flat_map(|body| &body.operators).for_each(&mut visit);
    }
}
