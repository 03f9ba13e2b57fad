//! One model in a process of its own.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use gainsay_host::defect;

use crate::catalogue::Model;
use crate::outcome::Outcome;
use crate::runner::{Options, Task};
use crate::table::Row;

/// The environment variable that asks for the nightly bounds.
const DEPTH: &str = "GAINSAY_MODELS_NIGHTLY";

/// How often a process is asked whether it has ended.
const POLL: Duration = Duration::from_millis(5);

/// Run a model, with its defect if it is to have one.
pub(super) fn run(task: &Task, program: &Path, options: &Options) -> Row {
    let start = Instant::now();
    let (outcome, succeeded) = match execute(task, program, options) {
        Ok(Ended { stdout, stderr, success }) => match Outcome::find(&stdout) {
            Some(outcome) => (outcome, success),
            None => (failure(start, last_words(&stdout, &stderr)), false),
        },
        Err(error) => (failure(start, format!("{}: {error}", program.display())), false),
    };
    row(task, outcome, succeeded, options)
}

fn failure(start: Instant, message: String) -> Outcome {
    Outcome { executions: 0, seconds: start.elapsed().as_secs_f64(), failure: Some(message) }
}

fn row(task: &Task, outcome: Outcome, succeeded: bool, options: &Options) -> Row {
    let Model { name, component, report, explorer, threads, bound, .. } = *task.model;
    let failed = outcome.failure.is_some() || !succeeded;
    let says = |wanted: &str| outcome.failure.as_deref().is_some_and(|it| it.contains(wanted));
    let caught = task.known_bad.map(|bad| failed && says(bad.message));
    Row {
        name: task.known_bad.map_or(name, |bad| bad.defect.name()).to_owned(),
        component: component.to_owned(),
        report: report.to_owned(),
        explorer: explorer.name().to_owned(),
        threads,
        bound: if options.nightly { bound.nightly } else { bound.gate },
        executions: outcome.executions,
        seconds: outcome.seconds,
        passed: caught.unwrap_or(!failed),
        message: outcome.failure,
        model: task.known_bad.map(|bad| bad.model.to_owned()),
        defect: task.known_bad.map(|bad| bad.what.to_owned()),
        caught,
    }
}

/// A process that has ended.
struct Ended {
    stdout: String,
    stderr: String,
    success: bool,
}

fn execute(task: &Task, program: &Path, options: &Options) -> io::Result<Ended> {
    let mut command = Command::new(program);
    // Compiled with their names in modules: the last part is the test's own.
    command.args([task.model.name, "--nocapture", "--test-threads", "1"]);
    for (variable, _) in std::env::vars_os() {
        // They would cut a model off, or deepen it.
        if variable.to_str().is_some_and(|it| it.starts_with("LOOM_") || it.starts_with("SHUTTLE_"))
        {
            command.env_remove(variable);
        }
    }
    command.env_remove(defect::VARIABLE).env_remove(DEPTH).env("RUST_BACKTRACE", "0");
    if options.nightly {
        command.env(DEPTH, "1");
    }
    if let Some(bad) = task.known_bad {
        command.env(defect::VARIABLE, bad.defect.name());
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let (stdout, stderr) = (read(child.stdout.take()), read(child.stderr.take()));
    let success = wait(&mut child, options.time_max)?;
    let text = |reader: thread::JoinHandle<String>| reader.join().unwrap_or_default();
    Ok(Ended { stdout: text(stdout), stderr: text(stderr), success })
}

/// Whether it succeeded; one that takes too long is ended.
fn wait(child: &mut Child, time_max: Duration) -> io::Result<bool> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if start.elapsed() >= time_max {
            child.kill()?;
            child.wait()?;
            return Err(io::Error::other(format!("cut off after {} s", time_max.as_secs())));
        }
        thread::sleep(POLL);
    }
}

fn read(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // What came before a fault is worth showing.
            drop(stream.read_to_end(&mut bytes));
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Why there is no outcome, as far as the process said.
fn last_words(stdout: &str, stderr: &str) -> String {
    let lines = stderr.lines().chain(stdout.lines()).filter(|line| !line.trim().is_empty());
    let last: Vec<&str> = lines.take(20).collect();
    format!("it ended without an outcome: {}", last.join("\n"))
}
