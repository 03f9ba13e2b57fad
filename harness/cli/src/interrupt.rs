//! Ctrl-C: once to end cleanly, twice to end now.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cli_error::CliError;
use crate::console;
use crate::exit_code::ExitCode;

/// A flag that Ctrl-C sets, so that long work ends soon with what it has.
///
/// # Errors
/// If the operating system refuses the handler.
pub fn stop_flag() -> Result<Arc<AtomicBool>, CliError> {
    flag(console::interrupted)
}

/// A flag that Ctrl-C sets, for what ends at once then.
///
/// # Errors
/// If the operating system refuses the handler.
pub fn end_flag() -> Result<Arc<AtomicBool>, CliError> {
    flag(|| {})
}

fn flag(tell: impl Fn() + Send + 'static) -> Result<Arc<AtomicBool>, CliError> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    on_interrupt(move || {
        if flag.swap(true, Ordering::SeqCst) {
            std::process::exit(ExitCode::Interrupted as i32);
        }
        tell();
    })?;
    Ok(stop)
}

/// For a worker: Ctrl-C in a terminal reaches it as well as its host, and it is the
/// host's business to end it. The second one ends it, as it ends the host.
///
/// # Errors
/// If the operating system refuses the handler.
pub fn leave_to_host() -> Result<(), CliError> {
    let seen = AtomicBool::new(false);
    on_interrupt(move || {
        if seen.swap(true, Ordering::SeqCst) {
            std::process::exit(ExitCode::Interrupted as i32);
        }
    })
}

fn on_interrupt(handler: impl FnMut() + Send + 'static) -> Result<(), CliError> {
    ctrlc::set_handler(handler)
        .map_err(|error| CliError::usage(format!("cannot listen for Ctrl-C: {error}")))
}
