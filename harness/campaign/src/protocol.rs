//! What host and worker say to each other; `PROTOCOL.md` is its description.
//!
//! Lines are written from borrowed parts and read into one flat struct per
//! direction: an enum with an inner tag would be buffered and parsed twice.

use std::borrow::Cow;

use gainsay_case::script::{Dialect, FileReport, Resumption};
use gainsay_case::{Capabilities, Case, Detail, EngineInfo, Limits, Outcome, StepOutcome};
use serde::{Deserialize, Serialize};

/// The version of the protocol. It changes when an old worker would misread a line.
pub const PROTOCOL: u32 = 1;

/// Longest line that either side reads, in bytes.
pub const LINE_BYTES_MAX: u64 = 256 << 20;

/// A line from host to worker, as it is written.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ToWorker<'a> {
    Hello {
        protocol: u32,
    },
    Configure {
        engines: &'a [String],
        limits: &'a Limits,
        #[serde(skip_serializing_if = "Option::is_none")]
        language: Option<&'a Capabilities>,
    },
    Batch {
        cases: &'a [CaseRef<'a>],
        steps: bool,
    },
    Script {
        id: u64,
        engine: &'a str,
        source: &'a str,
        dialect: Dialect,
        ignores_messages: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<&'a Resumption>,
    },
    Bye,
}

/// A case of a batch, as it is written.
#[derive(Debug, Serialize)]
pub(crate) struct CaseRef<'a> {
    pub(crate) id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) engines: Option<&'a [String]>,
    pub(crate) commands: &'a Case,
}

/// A line from host to worker, as it is read. Which fields are there depends on `type`.
#[derive(Debug, Deserialize)]
pub(crate) struct HostLine<'a> {
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Cow<'a, str>,
    pub(crate) protocol: Option<u32>,
    #[serde(default)]
    pub(crate) engines: Vec<String>,
    pub(crate) limits: Option<Limits>,
    pub(crate) language: Option<Capabilities>,
    #[serde(default)]
    pub(crate) cases: Vec<CaseOwned>,
    #[serde(default)]
    pub(crate) steps: bool,
    #[serde(default)]
    pub(crate) id: u64,
    #[serde(borrow, default)]
    pub(crate) engine: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(crate) source: Cow<'a, str>,
    #[serde(default)]
    pub(crate) dialect: Dialect,
    #[serde(default)]
    pub(crate) ignores_messages: bool,
    pub(crate) from: Option<Resumption>,
}

/// A case of a batch, as it is read.
#[derive(Debug, Deserialize)]
pub(crate) struct CaseOwned {
    pub(crate) id: u64,
    pub(crate) engines: Option<Vec<String>>,
    pub(crate) commands: Case,
}

/// A line from worker to host, as it is written.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ToHost<'a> {
    Hello {
        protocol: u32,
        worker: &'a str,
        version: &'a str,
    },
    Engines {
        engines: &'a [EngineInfo],
        missing: &'a [MissingEngine],
    },
    Step {
        id: u64,
        engine: &'a str,
        step: &'a StepOutcome,
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<&'a Detail>,
    },
    Result {
        id: u64,
        engine: &'a str,
        micros: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        same_as: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        outcome: Option<&'a Outcome>,
    },
    Form {
        id: u64,
        form: usize,
        report: &'a FileReport,
    },
    Script {
        id: u64,
    },
    Error {
        message: &'a str,
    },
}

/// A line from worker to host, as it is read. Which fields are there depends on `type`.
#[derive(Debug, Deserialize)]
pub(crate) struct WorkerLine<'a> {
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Cow<'a, str>,
    #[serde(default)]
    pub(crate) id: u64,
    #[serde(borrow, default)]
    pub(crate) engine: Cow<'a, str>,
    #[serde(default)]
    pub(crate) micros: u64,
    #[serde(borrow)]
    pub(crate) same_as: Option<Cow<'a, str>>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) step: Option<StepOutcome>,
    pub(crate) detail: Option<Detail>,
    pub(crate) report: Option<FileReport>,
    #[serde(default)]
    pub(crate) form: usize,
    pub(crate) protocol: Option<u32>,
    #[serde(default)]
    pub(crate) engines: Vec<EngineInfo>,
    #[serde(default)]
    pub(crate) missing: Vec<MissingEngine>,
    #[serde(default)]
    pub(crate) message: String,
}

/// An engine that was asked for and cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingEngine {
    /// The id asked for.
    pub id: String,
    /// Why there is no such engine.
    pub reason: String,
}

/// A line of the protocol with its newline.
pub(crate) fn line(message: &impl Serialize) -> Vec<u8> {
    // Every message is made of strings, numbers and maps with string keys.
    let mut bytes = serde_json::to_vec(message).expect("a protocol line is always JSON");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use gainsay_case::{Step, StepResult, Value};

    #[test]
    fn a_batch_survives_the_way_to_the_worker() {
        let module = Step::Define { module: "m".into(), bytes: b"\0asm".as_slice().into() };
        let case = Case { steps: vec![module] };
        let engines = ["a", "b"].map(str::to_owned);
        let cases = [CaseRef { id: 7, engines: Some(&engines), commands: &case }];
        let bytes = line(&ToWorker::Batch { cases: &cases, steps: true });
        let read: HostLine<'_> = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(read.kind, "batch");
        assert!(read.steps);
        assert_eq!(read.cases[0].id, 7);
        assert_eq!(read.cases[0].engines.as_deref(), Some(["a".into(), "b".into()].as_slice()));
        assert_eq!(read.cases[0].commands, case);
    }

    #[test]
    fn a_result_survives_the_way_to_the_host() {
        let returned = StepResult::Returned(vec![Value::F64(f64::NAN.to_bits())]);
        let step = StepOutcome { result: returned, trace: Vec::new() };
        let outcome = Outcome { steps: vec![step], ..Outcome::default() };
        let message = ToHost::Result {
            id: 3,
            engine: "a",
            micros: 12,
            same_as: None,
            outcome: Some(&outcome),
        };
        let bytes = line(&message);
        assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 1);
        let read: WorkerLine<'_> = serde_json::from_slice(&bytes).unwrap();
        assert_eq!((&*read.kind, read.id, &*read.engine, read.micros), ("result", 3, "a", 12));
        assert_eq!(read.outcome, Some(outcome));
    }

    #[test]
    fn fields_that_a_newer_side_adds_are_passed_over() {
        let read: HostLine<'_> = serde_json::from_str(r#"{"type":"bye","reason":"none"}"#).unwrap();
        assert_eq!(read.kind, "bye");
    }
}
