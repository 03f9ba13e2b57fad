//! A running worker.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use gainsay_case::{EngineInfo, Limits};
use gainsay_protocol::{Event, LINE_BYTES_MAX, MissingEngine, PROTOCOL, ToWorker, line};

use crate::error::SupervisorError;
use crate::group;
use crate::memory;
use crate::processor::processor_time;
use crate::spec::WorkerSpec;
use crate::worker_end::WorkerEnd;

/// How much of a worker's standard error is kept.
const STDERR_BYTES_MAX: usize = 4 << 10;

/// How long a worker may take to start and to probe its engines.
const START_TIME_MAX: Duration = Duration::from_secs(60);

/// How long a worker may take to end once its output is closed: how it ends says much, and
/// writing a core dump takes a while.
const END_TIME_MAX: Duration = Duration::from_secs(5);

/// How long the rest of its standard error is waited for once it has ended. What has left
/// its process group may hold that open for ever.
const STDERR_TIME_MAX: Duration = Duration::from_secs(1);

/// Between two looks at a process that is about to end.
const END_POLL: Duration = Duration::from_millis(10);

/// Events that are read ahead. A worker that says more has to wait until the host has
/// listened, so that chatter does not fill the host's memory.
pub(crate) const EVENTS_AHEAD: usize = 1_024;

/// Blocks of this size and more go back to the system when they are freed.
const MMAP_THRESHOLD_BYTES: &str = "1048576";

/// A user's wish to see backtraces is not meant for engines: making one of a program of this
/// size takes seconds, and a panic would look like a hang.
const QUIET: [(&str, &str); 3] =
    [("RUST_BACKTRACE", "0"), ("RUST_LIB_BACKTRACE", "0"), ("RUST_LOG", "off")];

/// How often a worker that ends before it is ready is started again.
const STARTS_MAX: u32 = 4;

/// What the host notices of a worker.
#[derive(Debug)]
pub enum WorkerEvent {
    /// It said something, which arrived at this time.
    Line(Event, Instant),
    /// Its output is closed: it has ended or is about to.
    End,
}

/// A running worker. Dropping it kills it and all that it started.
#[derive(Debug)]
pub(crate) struct WorkerProcess {
    child: Child,
    to: Option<Sender<Vec<u8>>>,
    from: Receiver<WorkerEvent>,
    stderr: Arc<Mutex<Vec<u8>>>,
    stderr_reader: thread::JoinHandle<()>,
    /// Whether it has been waited for: its number may be another process's by now.
    is_reaped: bool,
    /// The engines in it, as it describes them.
    pub engines: Vec<EngineInfo>,
    /// The engines that were asked for and that it lacks.
    pub missing: Vec<MissingEngine>,
}

/// A worker that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedWorker {
    /// How.
    pub end: WorkerEnd,
    /// The last of its standard error.
    pub stderr: String,
}

impl WorkerProcess {
    /// Start a worker with these engines, a few times if it ends at once; without any ids,
    /// with those that it offers by itself.
    ///
    /// # Errors
    /// It cannot be started, or does not speak the protocol.
    pub fn start(
        spec: &WorkerSpec,
        ids: &[String],
        limits: &Limits,
    ) -> Result<WorkerProcess, SupervisorError> {
        let program = spec.program()?;
        let mut wait = Duration::from_millis(50);
        for _ in 1..STARTS_MAX {
            if let Ok(process) = WorkerProcess::try_start(spec, &program, ids, limits) {
                return Ok(process);
            }
            thread::sleep(wait);
            wait *= 4;
        }
        WorkerProcess::try_start(spec, &program, ids, limits)
            .map_err(|reason| SupervisorError::Worker { program: spec.name(), reason })
    }

    fn try_start(
        spec: &WorkerSpec,
        program: &Path,
        ids: &[String],
        limits: &Limits,
    ) -> Result<WorkerProcess, String> {
        let mut process = WorkerProcess::spawn(spec, program).map_err(|error| error.to_string())?;
        process.send(line(&ToWorker::Hello { protocol: PROTOCOL }));
        let (language, kind) = (spec.language.as_ref(), spec.kind);
        process.send(line(&ToWorker::Configure { engines: ids, limits, language, kind }));
        match process.wait_event(START_TIME_MAX) {
            Some(WorkerEvent::Line(Event::Hello { protocol: PROTOCOL }, _)) => {}
            Some(WorkerEvent::Line(Event::Hello { protocol }, _)) => {
                return Err(format!("it speaks protocol {protocol}, not {PROTOCOL}"));
            }
            other => return Err(process.unready(other)),
        }
        match process.wait_event(START_TIME_MAX) {
            Some(WorkerEvent::Line(Event::Engines { engines, missing }, _)) => {
                process.engines = engines;
                process.missing = missing;
                Ok(process)
            }
            other => Err(process.unready(other)),
        }
    }

    fn spawn(spec: &WorkerSpec, program: &Path) -> io::Result<WorkerProcess> {
        let mut command = Command::new(program);
        command
            .args(&spec.args)
            // glibc keeps freed blocks of many megabytes for later; a worker that has met
            // one huge memory would look as if it leaked. Elsewhere this is no more than an
            // unused variable.
            .env("MALLOC_MMAP_THRESHOLD_", MMAP_THRESHOLD_BYTES)
            .envs(QUIET)
            .envs(spec.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = group::lead(&mut command).spawn()?;
        let pipe = || io::Error::other("a pipe to the worker is missing");
        let stdin = child.stdin.take().ok_or_else(pipe)?;
        let stdout = child.stdout.take().ok_or_else(pipe)?;
        let mut errors = child.stderr.take().ok_or_else(pipe)?;
        let (to, lines) = channel();
        let (events, from) = sync_channel(EVENTS_AHEAD);
        thread::spawn(move || write_lines(stdin, &lines));
        thread::spawn(move || read_events(stdout, &events));
        let stderr = Arc::new(Mutex::new(Vec::new()));
        let tail = stderr.clone();
        let stderr_reader = thread::spawn(move || keep_tail(&mut errors, &tail));
        Ok(WorkerProcess {
            child,
            to: Some(to),
            from,
            stderr,
            stderr_reader,
            is_reaped: false,
            engines: Vec::new(),
            missing: Vec::new(),
        })
    }

    /// What to say of a worker that did not become ready.
    fn unready(&mut self, event: Option<WorkerEvent>) -> String {
        match event {
            Some(WorkerEvent::Line(Event::Error(message), _)) => message,
            Some(WorkerEvent::End) => {
                let ended = self.wait();
                let last = ended.stderr.lines().last().unwrap_or_default();
                let last = if last.is_empty() { String::new() } else { format!(": {last}") };
                format!("it ended before it was ready ({}){last}", ended.end)
            }
            Some(_) => "it answers out of turn".to_owned(),
            None => format!("it was not ready after {} s", START_TIME_MAX.as_secs()),
        }
    }

    /// Hand over an encoded line; never blocks. If the worker is gone, its end is among the
    /// events.
    pub fn send(&self, line: Vec<u8>) {
        if let Some(to) = &self.to {
            let _ = to.send(line);
        }
    }

    /// The next event, if there is one within `timeout`.
    pub fn wait_event(&self, timeout: Duration) -> Option<WorkerEvent> {
        match self.from.recv_timeout(timeout) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Disconnected) => Some(WorkerEvent::End),
            Err(RecvTimeoutError::Timeout) => {
                self.close_if_ended();
                None
            }
        }
    }

    /// Give its events away; from then on it has none.
    pub(crate) fn take_events(&mut self) -> Receiver<WorkerEvent> {
        let (_, nothing) = sync_channel(0);
        std::mem::replace(&mut self.from, nothing)
    }

    /// Close the output of a worker that has ended: a process that it started may hold it open.
    pub(crate) fn close_if_ended(&self) {
        if !self.is_reaped && group::has_ended(&self.child) {
            group::kill(&self.child);
        }
    }

    /// The processor time that it has used; `None` where the system does not say.
    pub fn processor_time(&self) -> Option<Duration> {
        processor_time(self.child.id())
    }

    /// Its resident memory in bytes; `None` where the system does not say.
    pub fn resident_bytes(&self) -> Option<u64> {
        memory::resident_bytes(self.child.id())
    }

    /// The most resident memory it ever had, in bytes; `None` where the system does not say.
    pub fn peak_resident_bytes(&self) -> Option<u64> {
        memory::peak_resident_bytes(self.child.id())
    }

    /// End it, and all that it started, for this reason.
    pub fn kill(&mut self, end: WorkerEnd) -> EndedWorker {
        self.reap();
        EndedWorker { end, stderr: self.last_words() }
    }

    /// How it ends by itself, now that its output is closed. What it started ends with it.
    pub fn wait(&mut self) -> EndedWorker {
        self.to = None;
        let start = Instant::now();
        while !group::has_ended(&self.child) {
            if start.elapsed() >= END_TIME_MAX {
                let what = "it closed its output and did not end".to_owned();
                return self.kill(WorkerEnd::Protocol(what));
            }
            thread::sleep(END_POLL);
        }
        group::kill(&self.child);
        self.is_reaped = true;
        let end = match self.child.wait() {
            Ok(status) => WorkerEnd::of(status),
            Err(error) => WorkerEnd::Protocol(format!("its end is unknown: {error}")),
        };
        let stderr = self.last_words();
        let end = match end {
            // What it was not given is no fault of the engine's.
            WorkerEnd::Signalled(_) if memory::was_refused(&stderr) => WorkerEnd::Memory,
            end => end,
        };
        EndedWorker { end, stderr }
    }

    fn reap(&mut self) {
        self.to = None;
        if std::mem::replace(&mut self.is_reaped, true) {
            return;
        }
        group::kill(&self.child);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn last_words(&self) -> String {
        let start = Instant::now();
        while !self.stderr_reader.is_finished() && start.elapsed() < STDERR_TIME_MAX {
            thread::sleep(END_POLL / 10);
        }
        let tail = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&tail).into_owned()
    }
}

impl Drop for WorkerProcess {
    fn drop(&mut self) {
        // No process may outlive the campaign. A worker that is asked to leave
        // could still be in the middle of a case, so it is not waited for.
        self.send(line(&ToWorker::Bye));
        self.reap();
    }
}

fn write_lines(mut stdin: ChildStdin, lines: &Receiver<Vec<u8>>) {
    while let Ok(line) = lines.recv() {
        // A broken pipe means that the worker is gone; the reader sees that too.
        if stdin.write_all(&line).is_err() {
            return;
        }
    }
}

fn read_events(stdout: ChildStdout, events: &SyncSender<WorkerEvent>) {
    let mut stdout = BufReader::with_capacity(1 << 16, stdout);
    let mut text = Vec::new();
    loop {
        text.clear();
        let read = (&mut stdout).take(LINE_BYTES_MAX).read_until(b'\n', &mut text);
        let event = match read {
            Ok(_) if text.last() == Some(&b'\n') => {
                Event::read(&text).map(|event| WorkerEvent::Line(event, Instant::now()))
            }
            Ok(bytes) if bytes as u64 == LINE_BYTES_MAX => {
                let what = format!("a line of more than {LINE_BYTES_MAX} bytes");
                Some(WorkerEvent::Line(Event::Error(what), Instant::now()))
            }
            // Without its newline a line was cut off by the worker's end.
            _ => Some(WorkerEvent::End),
        };
        let Some(event) = event else { continue };
        let is_last = matches!(event, WorkerEvent::End);
        if events.send(event).is_err() || is_last {
            return;
        }
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
