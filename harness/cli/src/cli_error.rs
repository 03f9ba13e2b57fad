//! What a user is told when a command cannot do what was asked.

use std::fmt;
use std::io;
use std::path::Path;

use gainsay_bench::BenchError;
use gainsay_campaign::CampaignError;
use gainsay_findings::MergeError;

use crate::exit_code::ExitCode;

/// A message and the exit code that goes with it.
#[derive(Debug)]
pub struct CliError {
    /// How the program ends.
    pub exit_code: ExitCode,
    /// A lowercase fragment that names what was asked for and why it cannot be had.
    pub message: String,
}

impl CliError {
    /// The command line asks for something that cannot be had.
    pub fn usage(message: impl Into<String>) -> CliError {
        CliError { exit_code: ExitCode::Usage, message: message.into() }
    }

    /// A file or directory that cannot be read or written.
    pub fn path(act: &str, path: &Path, error: &io::Error) -> CliError {
        CliError::usage(format!("cannot {act} {}: {error}", path.display()))
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<CampaignError> for CliError {
    fn from(error: CampaignError) -> CliError {
        CliError { exit_code: ExitCode::from(&error), message: error.to_string() }
    }
}

impl From<BenchError> for CliError {
    fn from(error: BenchError) -> CliError {
        match error {
            BenchError::Campaign(error) => error.into(),
            BenchError::Engine(error) => error.into(),
            BenchError::Backend { .. } => {
                CliError { exit_code: ExitCode::EngineMissing, message: error.to_string() }
            }
            BenchError::Kernel { .. } => {
                CliError { exit_code: ExitCode::Fault, message: error.to_string() }
            }
        }
    }
}

impl From<MergeError> for CliError {
    fn from(error: MergeError) -> CliError {
        CliError::usage(error.to_string())
    }
}
