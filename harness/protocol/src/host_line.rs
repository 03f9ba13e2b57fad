//! What the host says to a worker.
//!
//! Lines are written from borrowed parts and read into one flat struct: an enum with an
//! inner tag would be buffered and parsed twice.

use std::borrow::Cow;

use gainsay_case::{Capabilities, Case, CaseKind, Limits};
use gainsay_script::{Dialect, Resumption};
use serde::{Deserialize, Serialize};

use crate::kind::is_unknown;
use crate::known_proposals::known_language;

/// A line from host to worker, as it is written.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToWorker<'a> {
    /// The host is of this version.
    Hello {
        /// [`PROTOCOL`](crate::PROTOCOL).
        protocol: u32,
    },
    /// Open these engines.
    Configure {
        /// Their ids or short names; none means those that the worker offers by itself.
        engines: &'a [String],
        /// What all of them are given.
        limits: &'a Limits,
        /// The proposals that they are held to; all that they have, if it is left out.
        #[serde(skip_serializing_if = "Option::is_none")]
        language: Option<&'a Capabilities>,
        /// What they are to run.
        #[serde(skip_serializing_if = "CaseKind::is_modules")]
        kind: CaseKind,
    },
    /// Run these cases.
    Batch {
        /// In this order.
        cases: &'a [CaseLine<'a>],
        /// Whether each step is reported as soon as it is done.
        steps: bool,
    },
    /// Run a script of the test suite with its assertions.
    Script {
        /// Comes back with the answer.
        id: u64,
        /// On which engine.
        engine: &'a str,
        /// Its text.
        source: &'a str,
        /// Whose scripts it is like.
        dialect: Dialect,
        /// Whether any trap will do where one is asserted.
        ignores_messages: bool,
        /// Where to begin, if not at its beginning.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<&'a Resumption>,
    },
    /// Carry out these sequences of a seed.
    Sequences {
        /// The seed, in decimal.
        seed: &'a str,
        /// Their numbers.
        indices: &'a [u64],
    },
    /// Carry out the sequence with this text.
    Scenario {
        /// Comes back with the answers.
        id: u64,
        /// Its text form.
        text: &'a str,
        /// On which engines.
        engines: &'a [String],
        /// How often.
        times: u32,
    },
    /// Nothing more is wanted.
    Bye,
}

/// A case of a batch, as it is written.
#[derive(Debug, Serialize)]
pub struct CaseLine<'a> {
    /// Comes back with the results.
    pub id: u64,
    /// On which engines; on all of them, if it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engines: Option<&'a [String]>,
    /// The steps.
    pub commands: &'a Case,
}

/// A line from host to worker, as it is read. Which fields are there depends on `type`.
#[derive(Debug, Deserialize)]
pub struct HostLine<'a> {
    /// What it is.
    #[serde(borrow, rename = "type")]
    pub kind: Cow<'a, str>,
    /// `hello`: the version.
    pub protocol: Option<u32>,
    /// `configure`: the engines.
    #[serde(default)]
    pub engines: Vec<String>,
    /// `configure`: the limits.
    pub limits: Option<Limits>,
    /// `configure`: the proposals that engines are held to, as far as they are known here.
    #[serde(default, deserialize_with = "known_language")]
    pub language: Option<Capabilities>,
    /// `configure`: what the engines are to run.
    #[serde(default, rename = "kind")]
    pub case_kind: CaseKind,
    /// `batch`: the cases.
    #[serde(default)]
    pub cases: Vec<OwnedCaseLine>,
    /// `batch`: whether steps are reported one by one.
    #[serde(default)]
    pub steps: bool,
    /// `script`: comes back with the answer.
    #[serde(default)]
    pub id: u64,
    /// `script`: on which engine.
    #[serde(borrow, default)]
    pub engine: Cow<'a, str>,
    /// `script`: its text.
    #[serde(borrow, default)]
    pub source: Cow<'a, str>,
    /// `script`: whose scripts it is like.
    #[serde(default)]
    pub dialect: Dialect,
    /// `script`: whether any trap will do where one is asserted.
    #[serde(default)]
    pub ignores_messages: bool,
    /// `script`: where to begin, if not at its beginning.
    pub from: Option<Resumption>,
    /// `sequences`: the seed, in decimal.
    #[serde(borrow, default)]
    pub seed: Cow<'a, str>,
    /// `sequences`: their numbers.
    #[serde(default)]
    pub indices: Vec<u64>,
    /// `scenario`: its text form.
    #[serde(borrow, default)]
    pub text: Cow<'a, str>,
    /// `scenario`: how often.
    #[serde(default)]
    pub times: u32,
}

/// The kinds of lines that a host of this version sends.
const KINDS: [&str; 7] = ["hello", "configure", "batch", "script", "sequences", "scenario", "bye"];

impl HostLine<'_> {
    /// Whether a line is a message of a kind that this version does not know. Such a message is
    /// passed over, whatever its fields are.
    pub fn is_of_unknown_kind(text: &[u8]) -> bool {
        is_unknown(text, &KINDS)
    }
}

/// A case of a batch, as it is read.
#[derive(Debug, Deserialize)]
pub struct OwnedCaseLine {
    /// Comes back with the results.
    pub id: u64,
    /// On which engines; on all of them, if it is left out.
    pub engines: Option<Vec<String>>,
    /// The steps.
    pub commands: Case,
}
