//! The loop of a process that carries sequences out and may die of it.
//!
//! Host and worker exchange JSON, a line each. The host asks for sequences by number, or for
//! one by its text; the worker says on which backend it begins with which sequence before it
//! does, so that the host knows the culprit when nothing more comes.

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};

use crate::accounts::{Census, census};
use crate::backend::Backend;
use crate::backends;
use crate::failure::Failure;
use crate::generate::generate;
use crate::run::{Run, run};
use crate::scenario::Scenario;
use crate::tally::Tally;

/// The version of what host and worker say.
pub const PROTOCOL: u32 = 1;

/// What the host says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToWorker {
    /// Open these backends.
    Open {
        /// [`PROTOCOL`].
        protocol: u32,
        /// Their ids.
        backends: Vec<String>,
    },
    /// Carry out the sequences `from` to `to`, without the last, of a seed.
    Batch {
        /// The seed.
        seed: u64,
        /// The first one.
        from: u64,
        /// The one behind the last.
        to: u64,
    },
    /// Carry out this sequence as often.
    Scenario {
        /// Its text form.
        text: String,
        /// Only on these backends.
        backends: Vec<String>,
        /// How often.
        times: u32,
    },
}

/// What the worker says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromWorker {
    /// The backends are open.
    Ready {
        /// Id and version of each.
        backends: Vec<(String, String)>,
    },
    /// A sequence begins on a backend.
    Begin {
        /// Its number; 0 for one that was given by its text.
        index: u64,
        /// The backend's id.
        backend: String,
    },
    /// A sequence is done on all backends.
    Case {
        /// Its number.
        index: u64,
        /// Whether anything was compared between two implementations.
        compared: bool,
        /// What went wrong.
        failures: Vec<Failure>,
    },
    /// A batch or a sequence is done.
    Done {
        /// Counts of it.
        tally: Tally,
        /// Microseconds per backend.
        micros: Vec<(String, u64)>,
        /// What the process has of the system now.
        census: Option<Census>,
    },
    /// The request cannot be met.
    Error {
        /// Why.
        message: String,
    },
}

/// Serve the host until it closes `input`.
///
/// # Errors
/// If a stream breaks.
pub fn serve(input: impl BufRead, output: impl Write) -> io::Result<()> {
    let mut worker = Worker { output, opened: Vec::new() };
    for line in input.lines() {
        let answer = match serde_json::from_str(&line?) {
            Ok(request) => worker.meet(request)?,
            Err(error) => FromWorker::Error { message: format!("not understood: {error}") },
        };
        worker.say(&answer)?;
    }
    Ok(())
}

struct Opened {
    kind: &'static backends::Kind,
    backend: Box<dyn Backend>,
    micros: u64,
}

struct Worker<W> {
    output: W,
    opened: Vec<Opened>,
}

impl<W: Write> Worker<W> {
    fn say(&mut self, line: &FromWorker) -> io::Result<()> {
        serde_json::to_writer(&mut self.output, line)?;
        self.output.write_all(b"\n")?;
        self.output.flush()
    }

    fn meet(&mut self, request: ToWorker) -> io::Result<FromWorker> {
        match request {
            ToWorker::Open { protocol: PROTOCOL, backends } => Ok(self.open(&backends)),
            ToWorker::Open { protocol, .. } => {
                let message = format!("protocol {protocol}, not {PROTOCOL}");
                Ok(FromWorker::Error { message })
            }
            ToWorker::Batch { seed, from, to } => {
                let mut tally = Tally::default();
                for index in from..to {
                    self.case(index, &generate(seed, index), &|_| true, &mut tally)?;
                }
                Ok(self.done(tally))
            }
            ToWorker::Scenario { text, backends, times } => match Scenario::parse(&text) {
                Err(error) => Ok(FromWorker::Error { message: error.to_string() }),
                Ok(scenario) => {
                    let is_wanted = |id: &str| backends.iter().any(|wanted| wanted == id);
                    let mut tally = Tally::default();
                    for _ in 0..times {
                        self.case(0, &scenario, &is_wanted, &mut tally)?;
                    }
                    Ok(self.done(tally))
                }
            },
        }
    }

    fn open(&mut self, ids: &[String]) -> FromWorker {
        self.opened.clear();
        for id in ids {
            let Some(kind) = backends::find(id) else {
                return FromWorker::Error { message: format!("there is no backend {id}") };
            };
            self.opened.push(Opened { kind, backend: backends::open(kind), micros: 0 });
        }
        let name =
            |opened: &Opened| (opened.backend.id().to_owned(), opened.backend.version().to_owned());
        FromWorker::Ready { backends: self.opened.iter().map(name).collect() }
    }

    fn case(
        &mut self,
        index: u64,
        scenario: &Scenario,
        is_wanted: &dyn Fn(&str) -> bool,
        tally: &mut Tally,
    ) -> io::Result<()> {
        let mut runs: Vec<(&str, Run)> = Vec::new();
        for at in 0..self.opened.len() {
            let id = self.opened[at].backend.id().to_owned();
            if !is_wanted(&id) {
                continue;
            }
            self.say(&FromWorker::Begin { index, backend: id.clone() })?;
            let opened = &mut self.opened[at];
            let start = std::time::Instant::now();
            let ran = run(scenario, &mut *opened.backend);
            opened.micros += start.elapsed().as_micros() as u64;
            tally.record(&id, &ran);
            if ran.failure.is_some() {
                // What went wrong may have left anything behind.
                opened.backend = backends::open(opened.kind);
            }
            runs.push((opened.kind.implementation, ran));
        }
        let compared: Vec<(&str, &Run)> = runs.iter().map(|(name, ran)| (*name, ran)).collect();
        let compared = tally.compare(&compared);
        let failures = runs.into_iter().filter_map(|(_, ran)| ran.failure).collect();
        self.say(&FromWorker::Case { index, compared, failures })
    }

    fn done(&mut self, tally: Tally) -> FromWorker {
        let time = |opened: &mut Opened| {
            (opened.backend.id().to_owned(), std::mem::take(&mut opened.micros))
        };
        let micros = self.opened.iter_mut().map(time).collect();
        FromWorker::Done { tally, micros, census: census() }
    }
}
