//! Options about workers.

use gainsay_supervisor::{WorkerCommand, WorkerSpec};

use crate::duration::{self, Span};
use crate::number;

/// How workers are watched.
#[derive(Debug, clap::Args)]
pub struct Watchdog {
    /// Time limit for one case on one engine; a case that takes longer counts as a hang
    #[arg(
        long,
        value_name = "TIME",
        value_parser = duration::positive,
        default_value_t = Span(WorkerSpec::default().case_time_max)
    )]
    case_time: Span,
    /// Memory limit of a worker process, in MiB
    #[arg(
        long,
        value_name = "MIB",
        value_parser = number::positive::<u64>,
        default_value_t = WorkerSpec::default().resident_bytes_max >> 20,
    )]
    worker_memory: u64,
}

/// The workers of a command that compares engines.
#[derive(Debug, clap::Args)]
pub struct WorkerArgs {
    #[command(flatten)]
    watchdog: Watchdog,
    /// Command line of an additional worker, whose engines take part (repeatable); see
    /// PROTOCOL.md
    #[arg(long = "worker", value_name = "COMMAND", value_parser = worker_command)]
    workers: Vec<WorkerCommand>,
}

/// A command line in words, as a POSIX shell reads them.
fn worker_command(text: &str) -> Result<WorkerCommand, String> {
    let words = shell_words::split(text).map_err(|error| error.to_string())?;
    WorkerCommand::new(&words).ok_or_else(|| "there is no program in it".to_owned())
}

impl WorkerArgs {
    /// Whether there are workers beside the embedded one.
    pub fn has_workers(&self) -> bool {
        !self.workers.is_empty()
    }

    /// How these workers are started and watched.
    pub fn worker_options(&self) -> WorkerSpec {
        WorkerSpec { others: self.workers.clone(), ..self.watchdog.worker_options() }
    }
}

impl Watchdog {
    /// How a worker that is watched so is started.
    pub fn worker_options(&self) -> WorkerSpec {
        WorkerSpec {
            case_time_max: self.case_time.0,
            resident_bytes_max: self.worker_memory.saturating_mul(1 << 20),
            ..WorkerSpec::default()
        }
    }
}
