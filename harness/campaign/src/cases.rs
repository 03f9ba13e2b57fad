//! All cases of a campaign over modules, by their index: stored ones first, then generated
//! ones.

use gainsay_case::{Case, EngineInfo};
use gainsay_findings::{CaseRef, Fingerprint, GeneratedRef, StoredCases};
use gainsay_generate::{Generated, reach_of};

use crate::engine_group::{EngineGroup, EngineGroups};

/// The cases of one seed on these engines, and those that are stored.
pub(crate) struct Cases<'a> {
    groups: EngineGroups,
    seed: u64,
    generator: Fingerprint,
    stored: &'a StoredCases,
    /// The hashes of the stored cases: they have the first indices.
    hashes: Vec<Fingerprint>,
}

impl<'a> Cases<'a> {
    pub(crate) fn new(
        engines: &[EngineInfo],
        seed: u64,
        generator: Fingerprint,
        stored: &'a StoredCases,
    ) -> Cases<'a> {
        let groups = EngineGroups::new(engines, seed);
        Cases { groups, seed, generator, stored, hashes: stored.hashes().collect() }
    }

    /// Which case has this index in the campaign. Behind the stored ones the seed's cases
    /// follow from its first one on, so that they are those of a campaign without any.
    pub(crate) fn at(&self, index: u64) -> CaseRef {
        let place = usize::try_from(index).ok();
        if let Some(hash) = place.and_then(|place| self.hashes.get(place)) {
            return CaseRef::Stored { hash: *hash };
        }
        let Cases { seed, generator, .. } = *self;
        let index = index.saturating_sub(self.hashes.len() as u64);
        CaseRef::Generated(GeneratedRef { seed, index, generator })
    }

    /// The case, with what it has in it; `None` if it is not stored here.
    pub(crate) fn case(&self, case: CaseRef) -> Option<Generated> {
        match case {
            CaseRef::Stored { hash } => {
                let case: Case = self.stored.get(hash)?.clone();
                Some(Generated { reach: reach_of(&case), case })
            }
            CaseRef::Generated(GeneratedRef { index, .. }) => Some(self.groups.case(index)),
        }
    }

    /// Whom a case is meant for: a stored one for all engines.
    pub(crate) fn group(&self, case: CaseRef) -> &EngineGroup {
        match case {
            CaseRef::Stored { .. } => self.groups.everyone(),
            CaseRef::Generated(GeneratedRef { index, .. }) => self.groups.of(index),
        }
    }
}
