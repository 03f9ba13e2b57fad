//! The loop of the embedded worker: engines in a process that may die.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gainsay_case::{Capabilities, CaseKind, Engine, Limits, Outcome, execute};
use gainsay_protocol::{HostLine, LINE_BYTES_MAX, OwnedCaseLine, PROTOCOL, ToHost, line};
use gainsay_script::{FileReport, Script};

use crate::embedded::{self, FoundEngines};
use crate::output::{Output, say};
use crate::reporting::Reporting;
use crate::sequences::Sequences;

/// How often a worker looks whether its host is still there.
const HOST_POLL: Duration = Duration::from_millis(500);

/// Opens the engines of these ids, held to a language if there is one.
pub type Find<'a> = &'a dyn Fn(&[String], Option<&Capabilities>) -> FoundEngines;

/// Serve the host with the embedded engines until it says goodbye or closes `input`.
/// Nothing else may be written to `output`'s file while this runs.
///
/// # Errors
/// If a stream breaks, or the host does not speak the protocol.
pub fn serve(input: impl Read, output: impl Write + Send + 'static) -> io::Result<()> {
    end_with_the_host();
    serve_with(input, output, &embedded::find)
}

/// A host that was killed cannot end its worker, and an engine in an endless loop
/// does not read that its input is closed: whoever becomes this process's parent
/// then is not its host.
fn end_with_the_host() {
    #[cfg(unix)]
    std::thread::spawn(|| {
        use std::os::unix::process::parent_id;
        let host = parent_id();
        while parent_id() == host {
            std::thread::sleep(HOST_POLL);
        }
        std::process::exit(0);
    });
}

/// Like [`serve`], with engines of the caller's.
///
/// # Errors
/// As [`serve`].
pub fn serve_with(
    input: impl Read,
    output: impl Write + Send + 'static,
    find: Find<'_>,
) -> io::Result<()> {
    let output: Output = Arc::new(Mutex::new(BufWriter::with_capacity(1 << 16, Box::new(output))));
    let mut worker =
        Worker { output, find, engines: Vec::new(), limits: Limits::default(), sequences: None };
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut text = Vec::new();
    loop {
        text.clear();
        if (&mut input).take(LINE_BYTES_MAX).read_until(b'\n', &mut text)? == 0 {
            return Ok(());
        }
        match serde_json::from_slice::<HostLine<'_>>(&text) {
            Ok(message) if message.kind == "bye" => return Ok(()),
            Ok(message) => worker.answer(message)?,
            // The fields of a kind that is newer than this worker may be anything.
            Err(_) if HostLine::is_of_unknown_kind(&text) => {}
            Err(error) => return Err(worker.fail(&format!("unreadable line: {error}"))),
        }
    }
}

struct Worker<'a> {
    output: Output,
    find: Find<'a>,
    engines: Vec<Reporting>,
    limits: Limits,
    /// There are some if the host wants sequences carried out.
    sequences: Option<Sequences>,
}

impl Worker<'_> {
    fn answer(&mut self, message: HostLine<'_>) -> io::Result<()> {
        match &*message.kind {
            "hello" if message.protocol == Some(PROTOCOL) => say(
                &self.output,
                &ToHost::Hello {
                    protocol: PROTOCOL,
                    worker: "gainsay",
                    version: env!("CARGO_PKG_VERSION"),
                },
            ),
            "hello" => {
                let asked = message.protocol.unwrap_or_default();
                Err(self.fail(&format!("this worker speaks protocol {PROTOCOL}, not {asked}")))
            }
            "configure" => self.configure(message),
            "batch" => {
                message.cases.into_iter().try_for_each(|case| self.run(&case, message.steps))
            }
            "script" => self.script(&message),
            "sequences" | "scenario" => self.sequences(&message),
            // A newer host may add kinds of lines that need no answer.
            _ => Ok(()),
        }
    }

    fn fail(&self, message: &str) -> io::Error {
        match say(&self.output, &ToHost::Error { message }) {
            Ok(()) => io::Error::other(message.to_owned()),
            Err(error) => error,
        }
    }

    fn configure(&mut self, message: HostLine<'_>) -> io::Result<()> {
        if message.case_kind == CaseKind::Sequences {
            return self
                .sequences
                .insert(Sequences::open(&self.output, &message.engines))
                .describe();
        }
        let found = (self.find)(&message.engines, message.language.as_ref());
        let reporting = |engine| Reporting { engine, output: self.output.clone(), case: None };
        self.engines = found.engines.into_iter().map(reporting).collect();
        self.limits = message.limits.unwrap_or_default();
        let engines: Vec<_> = self.engines.iter().map(|engine| engine.info().clone()).collect();
        say(&self.output, &ToHost::Engines { engines: &engines, missing: &found.missing })
    }

    fn sequences(&mut self, message: &HostLine<'_>) -> io::Result<()> {
        let Some(sequences) = &mut self.sequences else {
            return Err(self.fail("this worker was not configured for sequences"));
        };
        let carried_out = match &*message.kind {
            "scenario" => sequences.given(message)?,
            _ => sequences.generated(message)?,
        };
        carried_out.map_err(|error| self.fail(&error))
    }

    /// Run a script of the test suite, with its assertions.
    fn script(&mut self, message: &HostLine<'_>) -> io::Result<()> {
        let engine = self.engines.iter().find(|engine| engine.engine.info().id == message.engine);
        let Some(engine) = engine else {
            return Err(self.fail(&format!("there is no engine {:?}", message.engine)));
        };
        let engine = &*engine.engine;
        let script = Script {
            source: &message.source,
            dialect: message.dialect,
            ignores_messages: message.ignores_messages,
        };
        let mut written = Ok(());
        // Each form is told before the next one begins, so that the host knows which one it was.
        let mut tell = |form, report: FileReport| {
            let said = say(&self.output, &ToHost::Form { id: message.id, form, report: &report });
            if written.is_ok() {
                written = said;
            }
        };
        gainsay_script::run_from(engine, &self.limits, &script, message.from.as_ref(), &mut tell);
        written?;
        say(&self.output, &ToHost::Script { id: message.id })
    }

    /// All results of a case leave together: that is one write, and a host that
    /// misses some knows which case the worker died of.
    fn run(&mut self, case: &OwnedCaseLine, steps: bool) -> io::Result<()> {
        let mut done: Vec<(&str, Outcome)> = Vec::new();
        for engine in &mut self.engines {
            let engine_id = &engine.engine.info().id;
            if case.engines.as_ref().is_some_and(|wanted| !wanted.contains(engine_id)) {
                continue;
            }
            engine.case = steps.then_some(case.id);
            let start = Instant::now();
            let outcome = execute(engine, &case.commands, &self.limits);
            let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
            let engine = engine.engine.info().id.as_str();
            let same_as = done.iter().find(|(_, other)| *other == outcome).map(|(id, _)| *id);
            let told = same_as.is_none().then_some(&outcome);
            let result = ToHost::Result { id: case.id, engine, micros, same_as, outcome: told };
            let bytes = line(&result);
            let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
            output.write_all(&bytes)?;
            if steps {
                output.flush()?;
            }
            if same_as.is_none() {
                done.push((engine, outcome));
            }
        }
        self.output.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}
