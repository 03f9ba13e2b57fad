//! The loop of the embedded worker.

use std::io::{self, BufRead, Write};

/// Serve the host over these streams until it says goodbye or closes them.
/// Nothing but the protocol may be written to `output`'s file while this runs.
///
/// # Errors
/// If a stream breaks, or the host does not speak the protocol.
pub fn serve(input: impl BufRead, output: impl Write) -> io::Result<()> {
    drop((input, output));
    Ok(())
}
