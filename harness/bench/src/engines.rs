//! Bare engines, and the cases that they are given.

use gainsay_case::{Capabilities, Case, Engine, Proposal};
use gainsay_engines::registry::{self, UnknownEngine};
use gainsay_findings::common_capabilities;
use gainsay_generate::Generator;

/// Engines in this process.
pub(crate) fn open(ids: &[String]) -> Result<Vec<Box<dyn Engine>>, UnknownEngine> {
    registry::find(ids)
}

/// What cases may use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// Wasm 2.0.
    Wasm2,
    /// All that the engines have in common.
    Everything,
}

impl Language {
    pub(crate) fn has(self, proposal: Proposal) -> bool {
        self == Language::Everything || Proposal::WASM_2.contains(&proposal)
    }
}

/// The cases that a campaign over these engines begins with.
pub(crate) fn cases(
    engines: &[Box<dyn Engine>],
    language: Language,
    seed: u64,
) -> impl Iterator<Item = Case> + use<> {
    let infos: Vec<_> = engines.iter().map(|engine| engine.info().clone()).collect();
    let mut common: Capabilities = common_capabilities(&infos);
    common.retain(|proposal| language.has(*proposal));
    let generator = Generator::new(&common, seed);
    (0..).map(move |index| generator.case(index).case)
}
