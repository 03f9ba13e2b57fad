//! What an input of a target stands for, to be kept as a regression case.

use gainsay_case::{Case, Step};
use gainsay_lifecycle::Scenario;

use crate::differential::{self, Differential};
use crate::group::Groups;
use crate::lifecycle::{self, Lifecycle};
use crate::roundtrip::{self, WastRoundtrip};
use crate::target::Target;
use crate::validate::{self, Validate};

/// What an input stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Adopted {
    /// A case, and the ids of the engines that the target ran it on; none if it ran none.
    Case(Case, Vec<String>),
    /// A sequence of operations.
    Scenario(Scenario),
}

/// The names of all targets.
pub const TARGETS: [&str; 4] =
    [Differential::NAME, Lifecycle::NAME, Validate::NAME, WastRoundtrip::NAME];

/// What these bytes are to the target of this name.
///
/// # Errors
/// Why they are nothing to it.
pub fn adopt(target: &str, bytes: &[u8]) -> Result<Adopted, String> {
    match target {
        Differential::NAME => {
            let groups = Groups::open();
            let (group, generated) = differential::case_of(&groups, bytes)?;
            let engines = groups.engines(group).map(|engine| engine.info().id.clone());
            Ok(Adopted::Case(generated.case, engines.collect()))
        }
        Lifecycle::NAME => Ok(Adopted::Scenario(lifecycle::scenario_of(bytes))),
        Validate::NAME => {
            let bytes = validate::binary_of(bytes).into();
            let steps = vec![Step::Define { module: "m".to_owned(), bytes }];
            Ok(Adopted::Case(Case { steps }, Vec::new()))
        }
        WastRoundtrip::NAME => {
            roundtrip::case_read(bytes).map(|case| Adopted::Case(case, Vec::new()))
        }
        other => {
            Err(format!("there is no fuzz target {other:?}; there are {}", TARGETS.join(", ")))
        }
    }
}
