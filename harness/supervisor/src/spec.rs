//! How a worker process is started and watched.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use gainsay_case::{Capabilities, CaseKind};

use crate::error::SupervisorError;

/// How a worker process is started and watched.
#[derive(Clone, Debug)]
pub struct WorkerSpec {
    /// The program; `None` means the running executable.
    pub program: Option<PathBuf>,
    /// Its arguments.
    pub args: Vec<String>,
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

impl Default for WorkerSpec {
    fn default() -> WorkerSpec {
        WorkerSpec {
            program: None,
            args: vec!["worker".to_owned()],
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

    /// What the program is called in messages.
    pub(crate) fn name(&self) -> PathBuf {
        let own = || std::env::current_exe().unwrap_or_else(|_| PathBuf::from("gainsay"));
        self.program.clone().unwrap_or_else(own)
    }
}
