//! The contract that every engine keeps, whether it is compiled in or served by a worker.
//!
//! A [`Clause`] is a case with what each of its steps must give. A [`Subject`] runs cases: an
//! engine in this process, or one at the other end of a pipe. [`TRANSCRIPTS`] are what a
//! worker must survive of its host: unknown messages, half lines, nonsense, floods.
//!
//! This crate knows cases, the protocol and worker processes. It knows no engine by name.
#![forbid(unsafe_code)]

mod globals;
mod host;
mod hostile;
mod limits;
mod linking;
mod memories;
mod refs;
mod refusals;
mod script;
mod sessions;
mod subject;
mod tables;
mod threads;
mod transcript;
mod transcripts;
mod traps;
mod values;

use gainsay_case::Proposal;

pub use subject::{InProcess, Subject};
pub use transcript::Transcript;
pub use transcripts::TRANSCRIPTS;

/// Something that every engine must do, if it has the proposals that it `needs`.
#[derive(Debug)]
pub struct Clause {
    /// A sentence with the engine as its subject left out.
    pub name: &'static str,
    /// Engines that lack one of these are excused.
    pub needs: &'static [Proposal],
    /// The error says what was wanted and what came.
    pub check: fn(&dyn Subject) -> Result<(), String>,
}

/// What the error of a clause begins with where the engine says that it cannot do what the clause
/// is about; the rest is its reason.
pub const UNSUPPORTED: &str = "the engine does not support this: ";

/// Clauses about one topic.
#[derive(Debug)]
pub struct Chapter {
    /// The topic.
    pub name: &'static str,
    /// The clauses.
    pub clauses: &'static [Clause],
    /// Whether they look at several sessions at a time, which only an engine in this process
    /// has; see [`Subject::engine`].
    pub needs_sessions: bool,
}

impl Chapter {
    const fn new(name: &'static str, clauses: &'static [Clause]) -> Chapter {
        Chapter { name, clauses, needs_sessions: false }
    }

    /// Why this clause does not apply to an engine; nothing if it does.
    pub fn excuse(&self, clause: &Clause, subject: &dyn Subject) -> Option<String> {
        let has = &subject.info().capabilities;
        let lacks = clause.needs.iter().find(|proposal| !has.contains(proposal));
        match lacks {
            Some(proposal) => Some(format!("no {proposal}")),
            None if self.needs_sessions && subject.engine().is_none() => {
                Some("sessions of a worker cannot be interleaved".to_owned())
            }
            None => None,
        }
    }
}

/// The whole contract.
pub const CHAPTERS: &[Chapter] = &[
    Chapter::new("values", values::CLAUSES),
    Chapter::new("traps", traps::CLAUSES),
    Chapter::new("limits", limits::CLAUSES),
    Chapter::new("host", host::CLAUSES),
    Chapter::new("globals", globals::CLAUSES),
    Chapter::new("memories", memories::CLAUSES),
    Chapter::new("tables", tables::CLAUSES),
    Chapter::new("references", refs::CLAUSES),
    Chapter::new("linking", linking::CLAUSES),
    Chapter::new("refusals", refusals::CLAUSES),
    Chapter::new("hostile", hostile::CLAUSES),
    Chapter::new("sessions", sessions::CLAUSES),
    Chapter { name: "interleaving", clauses: sessions::INTERLEAVED, needs_sessions: true },
    Chapter { name: "threads", clauses: threads::CLAUSES, needs_sessions: true },
];
