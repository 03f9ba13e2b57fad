//! Sequences of operations on the backends of this build.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use gainsay_backends::{KnownBackend, find, full_id, known, open};
use gainsay_case::{Capabilities, EngineInfo};
use gainsay_lifecycle::{
    Backend, ResourceSnapshot, Run, Scenario, Tally, generate, resources, run,
};
use gainsay_protocol::{HostLine, MissingEngine, ToHost};

use crate::output::{Output, say};

/// The backends that sequences are carried out on.
pub(crate) struct Sequences {
    output: Output,
    opened: Vec<Opened>,
    missing: Vec<MissingEngine>,
    /// Threads of this process after the last request.
    threads: u64,
}

/// How long threads that have ended may still be counted: the system removes them a moment after
/// nothing of them can be seen any more.
const REMOVAL_TIME_MAX: Duration = Duration::from_millis(200);

struct Opened {
    known: &'static KnownBackend,
    backend: Box<dyn Backend>,
}

impl Sequences {
    /// Open the backends of these ids, each once; all the usual ones if none are named.
    pub(crate) fn open(output: &Output, ids: &[String]) -> Sequences {
        let mut sequences = Sequences {
            output: output.clone(),
            opened: Vec::new(),
            missing: Vec::new(),
            threads: resources().map_or(0, |snapshot| snapshot.threads),
        };
        let usual = || known().iter().filter(|backend| backend.is_default);
        let usual: Vec<String> = usual().map(|backend| backend.id.to_owned()).collect();
        for id in if ids.is_empty() { &usual } else { ids } {
            let is_open = |opened: &Opened| opened.known.id == full_id(id);
            match find(id) {
                Some(_) if sequences.opened.iter().any(is_open) => {}
                Some(known) => sequences.opened.push(Opened { known, backend: open(known) }),
                None => sequences.missing.push(MissingEngine {
                    id: id.clone(),
                    reason: "it has no backend for sequences of operations".to_owned(),
                }),
            }
        }
        sequences
    }

    /// Say which backends there are.
    pub(crate) fn describe(&self) -> io::Result<()> {
        let info = |opened: &Opened| EngineInfo {
            id: opened.backend.id().to_owned(),
            implementation: opened.known.implementation.to_owned(),
            version: opened.backend.version().to_owned(),
            capabilities: Capabilities::new(),
        };
        let engines: Vec<EngineInfo> = self.opened.iter().map(info).collect();
        say(&self.output, &ToHost::Engines { engines: &engines, missing: &self.missing })
    }

    /// Carry out the sequences with these numbers; the error says what was not understood.
    pub(crate) fn generated(&mut self, message: &HostLine<'_>) -> io::Result<Result<(), String>> {
        let Ok(seed) = message.seed.parse() else {
            return Ok(Err(format!("{:?} is not a seed", message.seed)));
        };
        for index in &message.indices {
            self.case(*index, &generate(seed, *index), &|_| true)?;
        }
        self.done().map(Ok)
    }

    /// Carry out one sequence by its text; the error says what was not understood.
    pub(crate) fn given(&mut self, message: &HostLine<'_>) -> io::Result<Result<(), String>> {
        let scenario = match Scenario::parse(&message.text) {
            Ok(scenario) => scenario,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let is_wanted = |id: &str| message.engines.iter().any(|wanted| wanted == id);
        for _ in 0..message.times {
            self.case(message.id, &scenario, &is_wanted)?;
        }
        self.done().map(Ok)
    }

    fn case(
        &mut self,
        id: u64,
        scenario: &Scenario,
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> io::Result<()> {
        let mut tally = Tally::default();
        let mut runs: Vec<(&str, Run)> = Vec::new();
        let mut spent = Vec::new();
        for opened in &mut self.opened {
            let engine = opened.backend.id().to_owned();
            if !is_wanted(&engine) {
                continue;
            }
            say(&self.output, &ToHost::Begin { id, engine: &engine })?;
            let start = Instant::now();
            let ran = run(scenario, &mut *opened.backend);
            let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
            tally.record(&engine, &ran);
            spent.push((engine, micros));
            if ran.failure.is_some() {
                // What went wrong may have left anything behind.
                opened.backend = open(opened.known);
            }
            runs.push((opened.known.implementation, ran));
        }
        let compared: Vec<(&str, &Run)> = runs.iter().map(|(name, ran)| (*name, ran)).collect();
        let compared = tally.compare(&compared);
        let failures: Vec<_> = runs.into_iter().filter_map(|(_, ran)| ran.failure).collect();
        let (failures, tally, spent) = (&failures[..], &tally, &spent[..]);
        say(&self.output, &ToHost::Sequence { id, compared, failures, tally, spent })
    }

    fn done(&mut self) -> io::Result<()> {
        let resources = self.settled();
        say(&self.output, &ToHost::Done { resources })
    }

    /// What this process has of the system, once threads that have ended are gone.
    fn settled(&mut self) -> Option<ResourceSnapshot> {
        let start = Instant::now();
        loop {
            let snapshot = resources()?;
            if snapshot.threads <= self.threads || start.elapsed() > REMOVAL_TIME_MAX {
                self.threads = snapshot.threads;
                return Some(snapshot);
            }
            thread::yield_now();
        }
    }
}
