//! How a worker process is started and watched.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use gainsay_case::{Capabilities, CaseKind};

use crate::error::SupervisorError;
use crate::routes::Routes;

/// How a worker process is started and watched.
#[derive(Clone, Debug)]
pub struct WorkerSpec {
    /// The program; `None` means the running executable.
    pub program: Option<PathBuf>,
    /// Its arguments.
    pub args: Vec<String>,
    /// Workers beside this one, each with engines of its own.
    pub others: Vec<WorkerCommand>,
    /// Which of them has which engine, as far as it is known.
    pub routes: Routes,
    /// Environment variables set for it, beside the inherited ones that do not change how an
    /// engine behaves.
    pub env: Vec<(String, String)>,
    /// The proposals that its engines are held to; `None` means all that they have.
    pub language: Option<Capabilities>,
    /// What its engines are to run.
    pub kind: CaseKind,
    /// Time for one case on one engine; three times as long when a hang is confirmed.
    pub case_time_max: Duration,
    /// Resident memory of the process, in bytes.
    pub resident_bytes_max: u64,
    /// Set when nobody waits for an answer any more: then the worker is killed at once.
    /// Without it, its answer is waited for.
    pub stop: Option<Arc<AtomicBool>>,
}

/// How a worker that is not embedded is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
}

impl WorkerCommand {
    /// The program, then its arguments; `None` without any words.
    pub fn new(words: &[String]) -> Option<WorkerCommand> {
        let (program, args) = words.split_first()?;
        Some(WorkerCommand { program: program.into(), args: args.to_vec() })
    }

    /// The program and its arguments.
    pub fn words(&self) -> Vec<String> {
        let program = self.program.to_string_lossy().into_owned();
        std::iter::once(program).chain(self.args.iter().cloned()).collect()
    }
}

impl Default for WorkerSpec {
    fn default() -> WorkerSpec {
        WorkerSpec {
            program: None,
            args: vec!["worker".to_owned()],
            others: Vec::new(),
            routes: Routes::default(),
            env: Vec::new(),
            language: None,
            kind: CaseKind::Modules,
            case_time_max: Duration::from_secs(10),
            resident_bytes_max: 2 << 30,
            stop: None,
        }
    }
}

impl WorkerSpec {
    /// The program that is started.
    ///
    /// # Errors
    /// The path of the running program is unknown.
    pub fn program(&self) -> Result<PathBuf, SupervisorError> {
        if let Some(program) = &self.program {
            return Ok(program.clone());
        }
        // This leads to what is running, even if another program has its name by now: a
        // campaign of days outlives an upgrade.
        let running = Path::new("/proc/self/exe");
        if cfg!(target_os = "linux") && running.exists() {
            return Ok(running.to_owned());
        }
        std::env::current_exe().map_err(|error| SupervisorError::Worker {
            program: PathBuf::new(),
            reason: format!("the running program is unknown: {error}"),
        })
    }

    /// A specification for each worker: this one alone, then the others, watched alike.
    pub(crate) fn each(&self) -> Vec<WorkerSpec> {
        let alone = WorkerSpec { others: Vec::new(), ..self.clone() };
        let other = |command: &WorkerCommand| WorkerSpec {
            program: Some(command.program.clone()),
            args: command.args.clone(),
            env: Vec::new(),
            ..alone.clone()
        };
        let others = self.others.iter().map(other);
        std::iter::once(alone.clone()).chain(others).collect()
    }

    /// What the program is called in messages.
    pub(crate) fn name(&self) -> PathBuf {
        let own = || std::env::current_exe().unwrap_or_else(|_| PathBuf::from("gainsay"));
        self.program.clone().unwrap_or_else(own)
    }
}
