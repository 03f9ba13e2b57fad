//! A worker process as the host sees it.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use gainsay_case::script::FileReport;
use gainsay_case::{Detail, EngineInfo, Limits, Outcome, StepOutcome};

use crate::error::CampaignError;
use crate::options::WorkerOptions;
use crate::protocol::{LINE_BYTES_MAX, MissingEngine, PROTOCOL, ToWorker, WorkerLine, line};

/// How much of a worker's standard error is kept.
const STDERR_BYTES_MAX: usize = 4 << 10;

/// How long a worker may take to start and to probe its engines.
const START_TIME_MAX: Duration = Duration::from_secs(60);

/// Blocks of this size and more go back to the system when they are freed.
const MMAP_THRESHOLD_BYTES: &str = "1048576";

/// How often a worker that dies before it is ready is started again.
const STARTS_MAX: u32 = 4;

/// A child with pipes to and from it.
pub(crate) struct Piped {
    pub(crate) child: Child,
    pub(crate) stdin: ChildStdin,
    pub(crate) stdout: ChildStdout,
    pub(crate) stderr: ChildStderr,
}

/// Start a worker with its arguments and variables.
pub(crate) fn piped(mut command: Command, options: &WorkerOptions) -> io::Result<Piped> {
    let mut child = command
        .args(&options.args)
        .envs(options.env.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let pipe = || io::Error::other("a pipe to the worker is missing");
    let stdin = child.stdin.take().ok_or_else(pipe)?;
    let stdout = child.stdout.take().ok_or_else(pipe)?;
    let stderr = child.stderr.take().ok_or_else(pipe)?;
    Ok(Piped { child, stdin, stdout, stderr })
}

/// What arrives from a worker.
#[derive(Debug)]
pub(crate) enum Event {
    /// The worker is of this protocol.
    Hello { protocol: u32 },
    /// The engines that were asked for.
    Engines { engines: Vec<EngineInfo>, missing: Vec<MissingEngine> },
    /// A step of a case run with `steps`.
    Step { id: u64, step: StepOutcome, detail: Option<Detail> },
    /// An engine is done with a case.
    Result { id: u64, engine: String, micros: u64, what: Told },
    /// A script of the test suite is done.
    Script { id: u64 },
    /// What came of one form of a script.
    Form { id: u64, form: usize, report: FileReport },
    /// The worker gives up, or said something that is not the protocol.
    Error(String),
    /// Its output is closed.
    End,
}

/// An outcome, or whose outcome it equals.
#[derive(Debug)]
pub(crate) enum Told {
    Outcome(Outcome),
    SameAs(String),
}

/// A running worker.
pub(crate) struct Process {
    child: Child,
    to: Option<Sender<Vec<u8>>>,
    from: Receiver<Event>,
    heard: Arc<Mutex<Instant>>,
    stderr: Arc<Mutex<Vec<u8>>>,
    stderr_reader: Option<thread::JoinHandle<()>>,
    /// Whether its output is closed: it has ended or is about to.
    has_ended: Cell<bool>,
    /// The engines in it.
    pub(crate) engines: Vec<EngineInfo>,
    /// The engines that it lacks.
    pub(crate) missing: Vec<MissingEngine>,
}

impl Process {
    /// Start a worker with these engines, a few times if it dies at once.
    pub(crate) fn start(
        options: &WorkerOptions,
        ids: &[String],
        limits: &Limits,
    ) -> Result<Process, CampaignError> {
        let program = program(options)?;
        let mut wait = Duration::from_millis(50);
        for _ in 1..STARTS_MAX {
            if let Ok(process) = Process::try_start(options, &program, ids, limits) {
                return Ok(process);
            }
            thread::sleep(wait);
            wait *= 4;
        }
        Process::try_start(options, &program, ids, limits)
            .map_err(|reason| CampaignError::Worker { program, reason })
    }

    fn try_start(
        options: &WorkerOptions,
        program: &Path,
        ids: &[String],
        limits: &Limits,
    ) -> Result<Process, String> {
        let mut process = Process::spawn(options, program).map_err(|error| error.to_string())?;
        process.send(line(&ToWorker::Hello { protocol: PROTOCOL }));
        let language = options.language.as_ref();
        process.send(line(&ToWorker::Configure { engines: ids, limits, language }));
        match process.wait_event(START_TIME_MAX) {
            Some(Event::Hello { protocol: PROTOCOL }) => {}
            Some(Event::Hello { protocol }) => {
                return Err(format!("it speaks protocol {protocol}, not {PROTOCOL}"));
            }
            other => return Err(process.unready(other)),
        }
        match process.wait_event(START_TIME_MAX) {
            Some(Event::Engines { engines, missing }) => {
                process.engines = engines;
                process.missing = missing;
                Ok(process)
            }
            other => Err(process.unready(other)),
        }
    }

    fn spawn(options: &WorkerOptions, program: &Path) -> io::Result<Process> {
        let mut command = Command::new(program);
        // glibc keeps freed blocks of many megabytes for later; a worker that has
        // met one huge memory would look as if it leaked. Elsewhere this is no more
        // than an unused variable.
        command.env("MALLOC_MMAP_THRESHOLD_", MMAP_THRESHOLD_BYTES);
        let Piped { child, stdin, stdout, stderr: mut errors } = piped(command, options)?;
        let (to, lines) = channel();
        let (events, from) = channel();
        let heard = Arc::new(Mutex::new(Instant::now()));
        let stderr = Arc::new(Mutex::new(Vec::new()));
        thread::spawn(move || write_lines(stdin, &lines));
        let clock = heard.clone();
        thread::spawn(move || read_events(stdout, &events, &clock));
        let tail = stderr.clone();
        let stderr_reader = Some(thread::spawn(move || keep_tail(&mut errors, &tail)));
        Ok(Process {
            child,
            to: Some(to),
            from,
            heard,
            stderr,
            stderr_reader,
            has_ended: Cell::new(false),
            engines: Vec::new(),
            missing: Vec::new(),
        })
    }

    /// What to say of a worker that did not become ready.
    fn unready(&mut self, event: Option<Event>) -> String {
        match event {
            Some(Event::Error(message)) => message,
            Some(Event::End) => {
                let death = self.kill();
                format!("it ended before it was ready ({}){}", death.how, indented(&death.stderr))
            }
            Some(_) => "it answers out of turn".to_owned(),
            None => format!("it was not ready after {} s", START_TIME_MAX.as_secs()),
        }
    }

    /// Hand over an encoded line; never blocks. If the worker is gone, its end is
    /// seen among the events.
    pub(crate) fn send(&self, line: Vec<u8>) {
        if let Some(to) = &self.to {
            let _ = to.send(line);
        }
    }

    /// The next event, if there is one within `timeout`.
    pub(crate) fn wait_event(&self, timeout: Duration) -> Option<Event> {
        let event = match self.from.recv_timeout(timeout) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => return None,
            Err(RecvTimeoutError::Disconnected) => Event::End,
        };
        self.has_ended.set(self.has_ended.get() || matches!(event, Event::End));
        Some(event)
    }

    /// When the worker was last heard of.
    pub(crate) fn heard(&self) -> Instant {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its resident memory in bytes; `None` where that cannot be known.
    pub(crate) fn resident_bytes(&self) -> Option<u64> {
        resident_bytes(self.child.id())
    }

    /// The most resident memory it ever had, in bytes; `None` where that cannot be known.
    pub(crate) fn peak_resident_bytes(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kib: u64 = peak.split_ascii_whitespace().next()?.parse().ok()?;
        Some(kib << 10)
    }

    /// End it, if it has not ended by itself, and say how it ended.
    pub(crate) fn kill(&mut self) -> Death {
        self.to = None;
        let ended = match self.child.try_wait() {
            Ok(Some(status)) => Some(status),
            _ => self.wait_briefly(),
        };
        let how = match ended {
            Some(status) => exit_text(status),
            None => {
                let _ = self.child.kill();
                let _ = self.child.wait();
                "killed by the watchdog".to_owned()
            }
        };
        if let Some(reader) = self.stderr_reader.take() {
            let _ = reader.join();
        }
        let tail = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
        Death { how, stderr: String::from_utf8_lossy(&tail).into_owned() }
    }

    /// A process whose output is closed is about to end, and how it does says
    /// much; writing a core dump may take it a while.
    fn wait_briefly(&mut self) -> Option<ExitStatus> {
        let tries = if self.has_ended.get() { 500 } else { 0 };
        for _ in 0..tries {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            thread::sleep(Duration::from_millis(10));
        }
        None
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // No process may outlive the campaign. A worker that is asked to leave
        // could still be in the middle of a case, so it is not waited for.
        self.send(line(&ToWorker::Bye));
        self.to = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a worker ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Death {
    /// `SIGSEGV`, `exit status 101` ...
    pub(crate) how: String,
    /// The last of its standard error.
    pub(crate) stderr: String,
}

impl Death {
    /// SIGKILL comes from outside: the system, or a person.
    pub(crate) fn is_from_outside(&self) -> bool {
        self.how == "SIGKILL" || self.how == "SIGTERM" || self.how == "SIGINT"
    }
}

/// Resident memory of a process in bytes, from `/proc/PID/statm`, whose second
/// field counts pages; `None` where there is no such file.
pub fn resident_bytes(process: u32) -> Option<u64> {
    // Linux on the machines we run on has pages of 4 KiB; where they are larger
    // this underestimates, so the limit acts later, not sooner.
    const PAGE_BYTES: u64 = 4 << 10;
    let statm = std::fs::read_to_string(format!("/proc/{process}/statm")).ok()?;
    let pages: u64 = statm.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(pages * PAGE_BYTES)
}

/// The program that workers are.
pub(crate) fn program(options: &WorkerOptions) -> Result<PathBuf, CampaignError> {
    let current = || {
        std::env::current_exe().map_err(|error| CampaignError::Worker {
            program: PathBuf::new(),
            reason: format!("the running program cannot be found: {error}"),
        })
    };
    options.program.clone().map_or_else(current, Ok)
}

fn write_lines(mut stdin: ChildStdin, lines: &Receiver<Vec<u8>>) {
    while let Ok(line) = lines.recv() {
        // A broken pipe means that the worker is gone; the reader sees that too.
        if stdin.write_all(&line).is_err() {
            return;
        }
    }
}

fn read_events(stdout: ChildStdout, events: &Sender<Event>, heard: &Mutex<Instant>) {
    let mut stdout = BufReader::with_capacity(1 << 16, stdout);
    let mut text = Vec::new();
    loop {
        text.clear();
        let read = (&mut stdout).take(LINE_BYTES_MAX).read_until(b'\n', &mut text);
        *heard.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        // Without its newline a line was cut off by the worker's death.
        let event = match read {
            Ok(_) if text.last() == Some(&b'\n') => event(&text),
            _ => Some(Event::End),
        };
        let Some(event) = event else { continue };
        let last = matches!(event, Event::End);
        if events.send(event).is_err() || last {
            return;
        }
    }
}

fn event(text: &[u8]) -> Option<Event> {
    let line: WorkerLine<'_> = match serde_json::from_slice(text) {
        Ok(line) => line,
        Err(error) => {
            let start = String::from_utf8_lossy(&text[..text.len().min(200)]).into_owned();
            return Some(Event::Error(format!("not a line of the protocol ({error}): {start}")));
        }
    };
    let told = match (line.outcome, line.same_as) {
        (Some(outcome), _) => Some(Told::Outcome(outcome)),
        (None, Some(engine)) => Some(Told::SameAs(engine.into_owned())),
        (None, None) => None,
    };
    let engine = line.engine.into_owned();
    match (&*line.kind, told, line.step) {
        ("result", Some(what), _) => {
            Some(Event::Result { id: line.id, engine, micros: line.micros, what })
        }
        ("step", _, Some(step)) => Some(Event::Step { id: line.id, step, detail: line.detail }),
        ("script", ..) => Some(Event::Script { id: line.id }),
        ("form", ..) => {
            let (id, form) = (line.id, line.form);
            line.report.map(|report| Event::Form { id, form, report })
        }
        ("hello", ..) => Some(Event::Hello { protocol: line.protocol.unwrap_or_default() }),
        ("engines", ..) => Some(Event::Engines { engines: line.engines, missing: line.missing }),
        ("error", ..) => Some(Event::Error(line.message)),
        ("result" | "step", ..) => Some(Event::Error("a line without its outcome".to_owned())),
        // A newer worker may say more than we know of.
        _ => None,
    }
}

fn keep_tail(errors: &mut impl Read, tail: &Mutex<Vec<u8>>) {
    let mut chunk = [0; 4096];
    while let Ok(count @ 1..) = errors.read(&mut chunk) {
        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.extend_from_slice(&chunk[..count]);
        let surplus = tail.len().saturating_sub(STDERR_BYTES_MAX);
        tail.drain(..surplus);
    }
}

fn indented(stderr: &str) -> String {
    let last = stderr.lines().last().unwrap_or_default();
    if last.is_empty() { String::new() } else { format!(": {last}") }
}

/// How a process ended: `SIGSEGV`, `exit status 101`.
#[cfg(unix)]
pub(crate) fn exit_text(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match status.signal() {
        Some(number) => signal_name(number),
        None => format!("exit status {}", status.code().unwrap_or_default()),
    }
}

/// How a process ended.
#[cfg(not(unix))]
pub(crate) fn exit_text(status: ExitStatus) -> String {
    format!("exit status {}", status.code().unwrap_or_default())
}

/// The name of a signal (POSIX.1-2017, `<signal.h>`, with Linux's numbers).
#[cfg(unix)]
fn signal_name(number: i32) -> String {
    let name = match number {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => return format!("signal {number}"),
    };
    name.to_owned()
}
