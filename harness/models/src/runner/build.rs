//! Building the models of one explorer.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::catalogue::Explorer;
use crate::runner::{Options, RunnerError};

/// The test program that holds the explorer's models.
pub(super) fn build(options: &Options, explorer: Explorer) -> Result<PathBuf, RunnerError> {
    if !options.root.join("harness/models/Cargo.toml").is_file() {
        return Err(RunnerError::NoCheckout(options.root.clone()));
    }
    let output = command(options, explorer).output();
    let output = output.map_err(|error| RunnerError::Build(format!("cargo: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(RunnerError::Build(said));
    }
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    executable(&messages, explorer.target())
        .ok_or_else(|| RunnerError::Build(format!("cargo made no {}", explorer.target())))
}

fn command(options: &Options, explorer: Explorer) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    flags += &format!(" --cfg {}", explorer.name());
    let mut command = Command::new(cargo);
    command
        .args(["test", "--profile", "models", "--package", "gainsay-models", "--no-run"])
        .args(["--test", explorer.target(), "--message-format", "json", "--quiet"])
        .current_dir(&options.root)
        .env("CARGO_TARGET_DIR", &options.target)
        .env("RUSTFLAGS", flags)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .stdin(Stdio::null());
    command
}

/// The program of this name among cargo's messages.
fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut made = messages.filter(|message| message["target"]["name"] == name);
    made.find_map(|message| message["executable"].as_str().map(|path| Path::new(path).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_among_the_messages() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"other"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"explored"},"executable":"/t/explored-1"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(executable(messages, "explored"), Some(PathBuf::from("/t/explored-1")));
        assert_eq!(executable(messages, "other"), None);
    }
}
