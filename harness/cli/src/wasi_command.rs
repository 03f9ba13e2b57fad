//! A WASI command on the reference, with streams, directories and variables of the user.

use std::path::{Path, PathBuf};
use std::time::Duration;

use gainsay_host::process::{
    Process, ProcessExit, ProcessLimits, Program, ProgramError, RunError, ThreadFailure,
};
use gainsay_host::sync::Arc;
use gainsay_runtime::{Config, InstantiateError, Limits, Module, Stop};
use gainsay_wasi::{Buffer, Input, Output, WasiBuilder};
use serde::Serialize;

use crate::cli_error::CliError;
use crate::exit_code::ExitCode;
use crate::wasi_reactor::Call;
use crate::watch::Watch;

/// The engine on which there is WASI.
pub const ENGINE: &str = "reference";

/// What is kept of a stream for the JSON form; a guest that writes more gets
/// `errno::nospc`.
const STREAM_BYTES_MAX: usize = 64 << 20;

/// What a command gets of the world.
pub struct WasiCommand {
    /// The file that the module is from.
    pub file: PathBuf,
    /// The function of a reactor that is called; a command is run.
    pub call: Option<Call>,
    /// Arguments after the program's name.
    pub arguments: Vec<String>,
    /// `HOST` or `HOST::GUEST`.
    pub directories: Vec<String>,
    /// `NAME=VALUE`.
    pub environ: Vec<String>,
    /// Largest memory in bytes.
    pub memory_bytes_max: u64,
    /// Most memory that this process may hold while it runs, in bytes.
    pub resident_bytes_max: u64,
    /// When it is ended.
    pub time_max: Option<Duration>,
    /// Whether its output is kept for a report instead of being written.
    pub captured: bool,
}

/// How a command ended, for programs.
#[derive(Serialize)]
pub struct WasiReport {
    engine: &'static str,
    file: PathBuf,
    /// `returned`, `exited`, `trapped`, or `limit`.
    pub status: &'static str,
    /// What a shell shows: the command's own, 134 after a trap, or 3 after a limit.
    exit_status: u32,
    /// Why it failed, if it did.
    pub message: Option<String>,
    /// What the function of a reactor returned.
    pub values: Vec<String>,
    /// What it wrote; bytes that are not UTF-8 are replaced.
    stdout: String,
    stderr: String,
}

impl WasiReport {
    /// The status for this process to end with, which has one byte for it: a larger one is
    /// not to become success.
    pub fn exit_code(&self) -> u8 {
        u8::try_from(self.exit_status).unwrap_or(u8::MAX)
    }
}

impl WasiCommand {
    /// Run it to its end, on this thread and those that it starts.
    ///
    /// # Errors
    /// If the module is not one that can be run, or a directory cannot be opened.
    pub fn run(&self, bytes: &[u8]) -> Result<WasiReport, CliError> {
        let limits = Limits { memory_bytes_max: self.memory_bytes_max, ..Limits::default() };
        let config = Config { fuel: true, limits, ..Config::default() };
        let module =
            Module::new(&config, bytes).map_err(|error| self.refused("rejected", error))?;
        let streams = [Buffer::new(STREAM_BYTES_MAX), Buffer::new(STREAM_BYTES_MAX)];
        let wasi = self.builder(&streams)?.build();
        let wasi = Arc::new(wasi.map_err(|error| CliError::usage(error.to_string()))?);
        let program = Program::new(&config, &module, wasi, ProcessLimits::default());
        let process = program.and_then(Process::new).map_err(|error| self.no_program(&error))?;
        let watch = Watch::begin(&process, self.resident_bytes_max, self.time_max);
        let (exit, values) = match &self.call {
            Some(call) => match call.make(&process) {
                Ok(values) => (ProcessExit::Returned, values),
                Err(exit) => (exit, Vec::new()),
            },
            None => (process.run().map_err(|error| nothing_to_call(&error))?, Vec::new()),
        };
        Ok(WasiReport { values, ..self.report(&exit, watch.end(), &streams) })
    }

    fn builder(&self, streams: &[Buffer; 2]) -> Result<WasiBuilder, CliError> {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let output = |stream: &Buffer| {
            if self.captured { Output::Buffer(stream.clone()) } else { Output::Inherit }
        };
        let mut builder = WasiBuilder::new()
            .arg(name)
            .args(&self.arguments)
            .stdin(Input::Inherit)
            .stdout(output(&streams[0]))
            .stderr(output(&streams[1]));
        for directory in &self.directories {
            let (host, guest) = directory.split_once("::").unwrap_or((directory, directory));
            builder = builder.preopen(Path::new(host), guest);
        }
        for variable in &self.environ {
            let (name, value) = variable.split_once('=').ok_or_else(|| {
                CliError::usage(format!("{variable:?} is not a variable: write NAME=VALUE"))
            })?;
            builder = builder.env(name, value);
        }
        Ok(builder)
    }

    fn refused(&self, how: &str, why: impl std::fmt::Display) -> CliError {
        CliError::usage(format!("{} is {how} on {ENGINE}: {why}", self.file.display()))
    }

    fn no_program(&self, error: &ProgramError) -> CliError {
        match error {
            ProgramError::UnknownImport { .. } => self.refused("unlinkable", error),
            ProgramError::Limit(_) => {
                let exit_code = ExitCode::Inconclusive;
                CliError { exit_code, ..self.refused("too large", error) }
            }
            other => self.refused("not a WASI program", other),
        }
    }

    fn report(
        &self,
        exit: &ProcessExit,
        watched: Option<String>,
        streams: &[Buffer; 2],
    ) -> WasiReport {
        let (status, message) = match (watched, exit) {
            (Some(limit), ProcessExit::Killed) => ("limit", Some(limit)),
            (_, ProcessExit::Returned) => ("returned", None),
            (_, ProcessExit::Exited(_)) => ("exited", None),
            (_, ProcessExit::Trapped { failure, .. }) if is_limit(failure) => {
                ("limit", Some(exit.to_string()))
            }
            (_, other) => ("trapped", Some(other.to_string())),
        };
        let limit = u32::from(ExitCode::Inconclusive.code());
        let text = |stream: &Buffer| String::from_utf8_lossy(&stream.bytes()).into_owned();
        WasiReport {
            engine: ENGINE,
            file: self.file.clone(),
            status,
            exit_status: if status == "limit" { limit } else { exit.status() },
            message,
            values: Vec::new(),
            stdout: text(&streams[0]),
            stderr: text(&streams[1]),
        }
    }
}

fn nothing_to_call(error: &RunError) -> CliError {
    let message = format!("nothing to call: {error}");
    CliError { exit_code: ExitCode::NothingRun, message }
}

/// Whether a thread could not go on because it had reached a limit, as opposed to a trap.
fn is_limit(failure: &ThreadFailure) -> bool {
    let is_limit = |stop: &Stop| {
        matches!(
            stop,
            Stop::StackExhausted | Stop::HeapExhausted | Stop::Limit(_) | Stop::WaitExhausted
        )
    };
    match failure {
        ThreadFailure::Stopped(stop)
        | ThreadFailure::Instantiate(InstantiateError::Stopped(stop)) => is_limit(stop),
        ThreadFailure::Instantiate(InstantiateError::Limit(_)) => true,
        _ => false,
    }
}
