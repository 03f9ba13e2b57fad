//! A worker process for sequences as the host sees it.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use gainsay_lifecycle::worker::{FromWorker, PROTOCOL, ToWorker};
use gainsay_supervisor::{SupervisorError, WorkerEnd, WorkerSpec};

use crate::error::CampaignError;

/// How long a worker may take to start.
const START_TIME_MAX: Duration = Duration::from_secs(60);

/// How much of a worker's standard error is kept.
const STDERR_BYTES_MAX: u64 = 1 << 20;

/// A running worker.
pub(super) struct Worker {
    child: Child,
    to: ChildStdin,
    from: Receiver<FromWorker>,
    stderr: Option<thread::JoinHandle<String>>,
    /// The backends in it: id and version.
    pub(super) backends: Vec<(String, String)>,
}

/// What a worker said, or that it says no more.
pub(super) enum Heard {
    Line(FromWorker),
    /// It has ended so: `SIGSEGV`.
    Died(String),
    /// Nothing came in time.
    Silent,
}

impl Worker {
    /// Start a worker with these backends.
    pub(super) fn start(options: &WorkerSpec, ids: &[String]) -> Result<Worker, CampaignError> {
        let program = options.program()?;
        let fails = |reason: String| {
            CampaignError::from(SupervisorError::Worker { program: program.clone(), reason })
        };
        let mut worker =
            Worker::spawn(options, &program).map_err(|error| fails(error.to_string()))?;
        worker.send(&ToWorker::Open { protocol: PROTOCOL, backends: ids.to_vec() });
        match worker.hear(START_TIME_MAX) {
            Heard::Line(FromWorker::Ready { backends }) => {
                worker.backends = backends;
                Ok(worker)
            }
            Heard::Line(FromWorker::Error { message }) => Err(fails(message)),
            Heard::Line(_) => Err(fails("it answers out of turn".to_owned())),
            Heard::Died(how) => Err(fails(format!("it ended before it was ready ({how})"))),
            Heard::Silent => Err(fails("it was not ready in time".to_owned())),
        }
    }

    fn spawn(options: &WorkerSpec, program: &std::path::Path) -> io::Result<Worker> {
        let mut child = Command::new(program)
            .args(&options.args)
            .envs(options.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let pipe = || io::Error::other("a pipe to the worker is missing");
        let to = child.stdin.take().ok_or_else(pipe)?;
        let lines = child.stdout.take().ok_or_else(pipe)?;
        let errors = child.stderr.take().ok_or_else(pipe)?;
        let (sender, from) = channel();
        thread::spawn(move || {
            for line in BufReader::new(lines).lines() {
                let Ok(line) = line else { return };
                // A line that was cut off by the worker's death is its death.
                let Ok(line) = serde_json::from_str(&line) else { return };
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let stderr = Some(thread::spawn(move || last_lines(errors)));
        Ok(Worker { child, to, from, stderr, backends: Vec::new() })
    }

    /// Ask for something. If the worker is gone, that is heard.
    pub(super) fn send(&mut self, request: &ToWorker) {
        let Ok(mut line) = serde_json::to_vec(request) else { return };
        line.push(b'\n');
        let _ = self.to.write_all(&line).and_then(|()| self.to.flush());
    }

    /// What it says next.
    pub(super) fn hear(&mut self, time_max: Duration) -> Heard {
        match self.from.recv_timeout(time_max) {
            Ok(line) => Heard::Line(line),
            Err(RecvTimeoutError::Timeout) => Heard::Silent,
            Err(RecvTimeoutError::Disconnected) => match self.child.wait() {
                Ok(status) => Heard::Died(WorkerEnd::of(status).to_string()),
                Err(error) => Heard::Died(error.to_string()),
            },
        }
    }

    /// End it; the last of its standard error.
    pub(super) fn end(mut self) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.stderr.take().and_then(|reader| reader.join().ok()).unwrap_or_default()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The last lines of a stream.
fn last_lines(mut stream: impl Read) -> String {
    const LINES: usize = 20;
    let mut text = Vec::new();
    let _ = stream.by_ref().take(STDERR_BYTES_MAX).read_to_end(&mut text);
    // What comes beyond is not kept, but must not block the worker.
    let _ = io::copy(&mut stream, &mut io::sink());
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}
