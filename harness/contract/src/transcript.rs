//! A conversation with a worker, byte by byte.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use gainsay_supervisor::WorkerSpec;
use serde_json::Value;

/// How long a worker may take for an answer or to end.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(20);

/// Something that a host may send, and what the worker must do about it.
#[derive(Debug)]
pub struct Transcript {
    /// A sentence with the worker as its subject left out.
    pub name: &'static str,
    /// The error says what was wanted and what came.
    pub check: fn(&mut Conversation) -> Result<(), String>,
}

impl Transcript {
    /// Have this conversation with a worker of its own.
    ///
    /// # Errors
    /// The worker cannot be started, or does something else than it must.
    pub fn hold(&self, spec: &WorkerSpec) -> Result<(), String> {
        let mut conversation = Conversation::start(spec).map_err(|error| error.to_string())?;
        (self.check)(&mut conversation)
    }
}

/// A worker that is written to and read from without the supervisor's care.
#[derive(Debug)]
pub struct Conversation {
    worker: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Conversation {
    fn start(spec: &WorkerSpec) -> io::Result<Conversation> {
        let program = spec.program().map_err(io::Error::other)?;
        let mut worker = Command::new(program)
            .args(&spec.args)
            .envs(spec.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let pipe = || io::Error::other("a pipe to the worker is missing");
        let input = worker.stdin.take().ok_or_else(pipe)?;
        let output = worker.stdout.take().ok_or_else(pipe)?;
        let (sender, lines) = channel();
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            let mut line = String::new();
            while matches!(output.read_line(&mut line), Ok(1..)) {
                if sender.send(std::mem::take(&mut line)).is_err() {
                    // Nobody listens any more; the worker must not block on a full pipe.
                    let _ = io::copy(&mut output.by_ref(), &mut io::sink());
                }
            }
        });
        Ok(Conversation { worker, input: Some(input), lines })
    }

    /// Send bytes as they are. A worker that has closed its input has its reasons, which its
    /// answer or its end tells.
    pub fn send(&mut self, bytes: &[u8]) {
        if let Some(input) = &mut self.input
            && input.write_all(bytes).and_then(|()| input.flush()).is_err()
        {
            self.input = None;
        }
    }

    /// Send a line.
    pub fn say(&mut self, line: &str) {
        self.send(format!("{line}\n").as_bytes());
    }

    /// Close the worker's input.
    pub fn close(&mut self) {
        self.input = None;
    }

    /// The next line, as JSON.
    pub fn next(&mut self) -> Result<Value, String> {
        match self.lines.recv_timeout(ANSWER_TIME_MAX) {
            Ok(line) => serde_json::from_str(&line).map_err(|error| format!("{line:?}: {error}")),
            Err(RecvTimeoutError::Timeout) => {
                Err(format!("no answer within {} s", ANSWER_TIME_MAX.as_secs()))
            }
            Err(RecvTimeoutError::Disconnected) => Err("it closed its output".to_owned()),
        }
    }

    /// The next line, which must be of this type. Lines of types that a newer worker may add
    /// are passed over.
    pub fn expect(&mut self, kind: &str) -> Result<Value, String> {
        const KNOWN: [&str; 5] = ["hello", "engines", "result", "step", "error"];
        loop {
            let line = self.next().map_err(|error| format!("{kind} expected: {error}"))?;
            let found = line["type"].as_str().unwrap_or_default();
            if found == kind {
                return Ok(line);
            }
            if KNOWN.contains(&found) {
                return Err(format!("{kind} expected, not {line}"));
            }
        }
    }

    /// Greet the worker and open its first engine; the engine's id.
    pub fn open(&mut self) -> Result<String, String> {
        self.say(r#"{"type":"hello","protocol":1}"#);
        self.expect("hello")?;
        self.say(&configure(""));
        self.engine()
    }

    /// The id of the first engine in the answer to `configure`.
    pub fn engine(&mut self) -> Result<String, String> {
        let engines = self.expect("engines")?;
        let id = engines["engines"][0]["id"].as_str();
        id.map(str::to_owned).ok_or_else(|| format!("it offers no engine: {engines}"))
    }

    /// The worker must end by itself; whether its status is 0.
    pub fn end(&mut self) -> Result<bool, String> {
        let start = Instant::now();
        while start.elapsed() < ANSWER_TIME_MAX {
            if let Some(status) = self.worker.try_wait().map_err(|error| error.to_string())? {
                return Ok(status.success());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Err(format!("it did not end within {} s", ANSWER_TIME_MAX.as_secs()))
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        let _ = self.worker.kill();
        let _ = self.worker.wait();
    }
}

/// A `configure` line for whatever engines the worker offers, with more fields.
pub fn configure(more: &str) -> String {
    format!(
        r#"{{"type":"configure","engines":[],"limits":{{"memory_bytes_max":1048576,"table_elements_max":1000,"stack_bytes_max":1048576,"fuel_per_call":null}}{more}}}"#
    )
}
