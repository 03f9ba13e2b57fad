//! A witness made small.

use std::collections::BTreeSet;

use gainsay_oracle::Class;
use gainsay_reduce::CaseSize;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::totals::Witness;

/// `witnesses/*.json`: what minimisation made of one case, a function of the case
/// and the signature alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Minimised {
    pub(crate) witness: Witness,
    /// The signature before minimisation.
    pub(crate) base: String,
    /// The signature with the opcode class of what is left.
    pub(crate) signature: String,
    pub(crate) kind: String,
    /// Who stands against whom; none if it was not minimised.
    #[serde(default)]
    pub(crate) classes: Vec<Class>,
    /// The classes of the instructions that are left, as far as they say something.
    #[serde(default)]
    pub(crate) opcodes: BTreeSet<String>,
    pub(crate) detail: String,
    /// False if there was no time to minimise it.
    pub(crate) is_minimised: bool,
    pub(crate) before: CaseSize,
    pub(crate) after: CaseSize,
    /// Cases executed on the way.
    pub(crate) attempts: u64,
    /// The last of the worker's standard error, if it died.
    pub(crate) stderr: String,
    /// The case as a WAST script with its header.
    pub(crate) text: String,
}

impl Minimised {
    /// The name of its file among the witnesses.
    pub(crate) fn file_stem(&self) -> String {
        let Witness { seed, index } = self.witness;
        format!("{:016x}-{seed}-{index}", xxh3_64(self.base.as_bytes()))
    }

    /// The name of its finding's file: readable, and unique through a hash.
    pub(crate) fn slug(&self) -> String {
        format!("{}-{:08x}", self.kind, xxh3_64(self.signature.as_bytes()) as u32)
    }
}
