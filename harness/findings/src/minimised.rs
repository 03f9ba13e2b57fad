//! A witness made small.

use std::collections::BTreeSet;
use std::fmt;

use gainsay_case::Case;
use gainsay_case::text::{Header, Script};
use gainsay_oracle::Class;
use gainsay_reduce::{CaseSize, size};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::case_ref::CaseRef;
use crate::signature::Signature;
use crate::state::{COMMIT, GAINSAY};

/// `witnesses/*.json`: what minimisation made of one case, a function of the case
/// and the signature alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minimised {
    /// The case that it was.
    pub witness: CaseRef,
    /// The signature before minimisation.
    pub base: Signature,
    /// The signature with the opcode class of what is left.
    pub signature: Signature,
    /// The kind of what was seen: `result`, `trap`, `crash` ...
    pub kind: String,
    /// Who stands against whom, and what each did; none if it was not minimised.
    #[serde(default)]
    pub classes: Vec<Class>,
    /// The classes of the instructions that are left, as far as they say something.
    #[serde(default)]
    pub opcodes: BTreeSet<String>,
    /// What was seen, in one sentence.
    pub detail: String,
    /// Whether it was minimised to the end.
    pub is_minimised: bool,
    /// Why not, if that was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<Shortfall>,
    /// The documented bug that damages the engines at fault when they run the case, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub damage: Option<String>,
    /// Size of the case as generated.
    pub before: CaseSize,
    /// Size of the case as it is now.
    pub after: CaseSize,
    /// Cases executed on the way.
    pub attempts: u64,
    /// Those of them that ran out of time, and might have been smaller.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub timed_out: u64,
    /// The last of the worker's standard error, if it died.
    pub stderr: String,
    /// The case in its text form, with a header.
    pub text: String,
    /// The engines that it concerns; none stands for all that were compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub engines: Vec<String>,
    /// How the names of files end that hold such a text.
    #[serde(default = "wast")]
    pub extension: String,
}

/// Why a minimisation did not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shortfall {
    /// So many executions were granted, and used.
    Budget(u64),
    /// So many candidates took too long.
    TimedOut(u64),
    /// Somebody wanted it to end.
    Interrupted,
    /// Smaller cases showed it in workers that had run others before, and not in fresh ones.
    NotShownAgain,
    /// The case does not show it when a fresh process runs it.
    NotShown,
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shortfall::Budget(1) => f.write_str("the budget of 1 execution ran out"),
            Shortfall::Budget(count) => write!(f, "the budget of {count} executions ran out"),
            Shortfall::TimedOut(1) => f.write_str("1 candidate ran out of time"),
            Shortfall::TimedOut(count) => write!(f, "{count} candidates ran out of time"),
            Shortfall::Interrupted => f.write_str("it was interrupted"),
            Shortfall::NotShownAgain => f.write_str("smaller cases did not show it again"),
            Shortfall::NotShown => f.write_str("run by itself it does not show this"),
        }
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn wast() -> String {
    "wast".to_owned()
}

impl Minimised {
    /// A witness as it was generated or stored: what a finding shows until it is minimised.
    pub fn as_generated(case: Case, base: &Signature, witness: CaseRef) -> Minimised {
        let script = Script { header: header(witness, base), case, ..Script::default() };
        let text = script.to_text();
        let size = size(&script.case, &text);
        Minimised {
            witness,
            base: base.clone(),
            signature: base.clone(),
            kind: base.kind().to_owned(),
            classes: Vec::new(),
            opcodes: BTreeSet::new(),
            detail: format!("{base} (as generated)"),
            is_minimised: false,
            shortfall: None,
            damage: None,
            before: size,
            after: size,
            attempts: 0,
            timed_out: 0,
            stderr: String::new(),
            text,
            engines: Vec::new(),
            extension: wast(),
        }
    }

    /// The name of its file among the witnesses.
    pub fn file_stem(&self) -> String {
        format!("{:016x}-{}", xxh3_64(self.base.to_string().as_bytes()), self.witness.file_part())
    }

    /// The name of its finding's file: readable, and unique through a hash.
    pub fn slug(&self) -> String {
        format!("{}-{:08x}", self.kind, xxh3_64(self.signature.to_string().as_bytes()) as u32)
    }
}

/// What the file of a finding says of itself first.
pub fn header(witness: CaseRef, signature: &Signature) -> Header {
    let mut header = Header::default();
    header.push("signature", &signature.to_string());
    witness.describe(&mut header);
    header.push("gainsay", GAINSAY);
    if let Some(commit) = COMMIT {
        header.push("commit", commit);
    }
    header
}
