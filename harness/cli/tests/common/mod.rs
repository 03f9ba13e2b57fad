//! What the tests of the command line share: the project's files and the binary.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The root of the workspace.
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the workspace is two levels up")
}

/// Run the binary with these arguments in a directory, without a terminal.
pub fn gainsay_in(directory: &Path, arguments: &[&str]) -> Output {
    gainsay_with(directory, arguments, &[])
}

/// The same with environment variables.
pub fn gainsay_with(directory: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gainsay"))
        .args(arguments)
        .current_dir(directory)
        .env("NO_COLOR", "1")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("the binary can be started")
}

/// The exit code; a signal is none.
pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("ended by {}: {}", output.status, stderr(output)))
}

/// What was written to the standard output.
pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What was written to the standard error.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
