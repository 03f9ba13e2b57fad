//! The cases that inputs of the target `differential` stand for.

use gainsay_case::Case;

use crate::differential;
use crate::group::Groups;

/// Reads inputs as the target does, without running anything.
pub struct InputCases {
    groups: Groups,
}

impl InputCases {
    /// Open the groups of engines of the target: what they have in common decides what
    /// decisions mean.
    ///
    /// # Panics
    /// If one of the engines is not compiled in.
    pub fn open() -> InputCases {
        InputCases { groups: Groups::open() }
    }

    /// The case that an input stands for.
    ///
    /// # Errors
    /// Why it stands for none.
    pub fn case(&self, bytes: &[u8]) -> Result<Case, String> {
        differential::case_of(&self.groups, bytes).map(|(_, generated)| generated.case)
    }
}
