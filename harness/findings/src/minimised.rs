//! A witness made small.

use std::collections::BTreeSet;

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
    /// False if there was no time to minimise it.
    pub is_minimised: bool,
    /// Size of the case as generated.
    pub before: CaseSize,
    /// Size of the case as it is now.
    pub after: CaseSize,
    /// Cases executed on the way.
    pub attempts: u64,
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
            before: size,
            after: size,
            attempts: 0,
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
