//! What arrives from a worker.

use gainsay_case::{Detail, EngineInfo, Outcome, StepOutcome};
use gainsay_lifecycle::{ResourceSnapshot, SequenceFailure, Tally};
use gainsay_script::FileReport;

use crate::kind::is_unknown;
use crate::worker_line::{MissingEngine, WorkerLine};

/// How much of a line that is not understood is shown, in bytes.
const SHOWN_BYTES_MAX: usize = 200;

/// The kinds of lines that a worker of this version sends.
const KINDS: [&str; 10] =
    ["hello", "engines", "step", "result", "form", "script", "begin", "sequence", "done", "error"];

/// A line of a worker, as far as the host knows such lines.
#[derive(Debug)]
pub enum Event {
    /// The worker is of this protocol.
    Hello {
        /// The version.
        protocol: u32,
    },
    /// The engines that were asked for.
    Engines {
        /// Those that are open.
        engines: Vec<EngineInfo>,
        /// Those that are unavailable.
        missing: Vec<MissingEngine>,
    },
    /// A step of a case run with `steps`.
    Step {
        /// The case.
        id: u64,
        /// How it ended.
        step: StepOutcome,
        /// What the engine says of its failure beyond the class.
        detail: Option<Detail>,
    },
    /// An engine is done with a case.
    Result {
        /// The case.
        id: u64,
        /// The engine.
        engine: String,
        /// Microseconds spent in it.
        micros: u64,
        /// What it made of the case.
        what: ReportedOutcome,
    },
    /// A form of a script is done.
    Form {
        /// As it was asked.
        id: u64,
        /// Its number in the script.
        form: usize,
        /// What became of it.
        report: Box<FileReport>,
    },
    /// A script of the test suite is done.
    Script {
        /// As it was asked.
        id: u64,
    },
    /// A sequence begins on an engine.
    Begin {
        /// The sequence.
        id: u64,
        /// The engine.
        engine: String,
    },
    /// A sequence is done on all engines.
    Sequence(SequenceResult),
    /// All sequences that were asked for are done.
    Done {
        /// What the process has of the system now.
        resources: Option<ResourceSnapshot>,
    },
    /// The worker gives up, or said something that is not the protocol.
    Error(String),
}

/// What became of a sequence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SequenceResult {
    /// Its number.
    pub id: u64,
    /// Whether anything was compared between two implementations.
    pub compared: bool,
    /// What went wrong.
    pub failures: Vec<SequenceFailure>,
    /// How operations ended, and why some were not carried out.
    pub tally: Tally,
    /// Microseconds per engine.
    pub spent: Vec<(String, u64)>,
}

/// An outcome, or whose outcome it equals.
#[derive(Debug)]
pub enum ReportedOutcome {
    /// The outcome.
    Outcome(Outcome),
    /// It equals that of the engine of this id.
    SameAs(String),
}

impl Event {
    /// Read a line; `None` if a newer worker says more than is known here.
    pub fn read(text: &[u8]) -> Option<Event> {
        let line: WorkerLine<'_> = match serde_json::from_slice(text) {
            Ok(line) => line,
            Err(_) if is_unknown(text, &KINDS) => return None,
            Err(error) => {
                let shown = &text[..text.len().min(SHOWN_BYTES_MAX)];
                let shown = String::from_utf8_lossy(shown).trim_end().to_owned();
                return Some(Event::Error(format!(
                    "not a line of the protocol: {shown} ({error})"
                )));
            }
        };
        let what = match (line.outcome, line.same_as) {
            (Some(outcome), _) => Some(ReportedOutcome::Outcome(outcome)),
            (None, Some(engine)) => Some(ReportedOutcome::SameAs(engine.into_owned())),
            (None, None) => None,
        };
        let engine = line.engine.into_owned();
        match (&*line.kind, what, line.step) {
            ("result", Some(what), _) => {
                Some(Event::Result { id: line.id, engine, micros: line.micros, what })
            }
            ("step", _, Some(step)) => Some(Event::Step { id: line.id, step, detail: line.detail }),
            ("result" | "step", ..) => {
                Some(Event::Error(format!("a {} without its outcome", line.kind)))
            }
            ("form", ..) => {
                let (id, form) = (line.id, line.form);
                line.report.map(|report| Event::Form { id, form, report: Box::new(report) })
            }
            ("script", ..) => Some(Event::Script { id: line.id }),
            ("hello", ..) => Some(Event::Hello { protocol: line.protocol.unwrap_or_default() }),
            ("engines", ..) => {
                let engines = line.engines.into_iter().map(EngineInfo::from).collect();
                Some(Event::Engines { engines, missing: line.missing })
            }
            ("begin", ..) => Some(Event::Begin { id: line.id, engine }),
            ("sequence", ..) => Some(Event::Sequence(SequenceResult {
                id: line.id,
                compared: line.compared,
                failures: line.failures,
                tally: line.tally.unwrap_or_default(),
                spent: line.spent,
            })),
            ("done", ..) => Some(Event::Done { resources: line.resources }),
            ("error", ..) => Some(Event::Error(format!("it gave up: {}", line.message))),
            _ => None,
        }
    }
}
