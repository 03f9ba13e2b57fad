//! The stream to the host, which engines' steps and results share.

use std::io::{self, BufWriter, Write};
use std::sync::{Arc, Mutex, PoisonError};

use gainsay_protocol::{ToHost, line};

pub(crate) type Output = Arc<Mutex<BufWriter<Box<dyn Write + Send>>>>;

/// Write one line and flush it.
pub(crate) fn say(output: &Output, message: &ToHost<'_>) -> io::Result<()> {
    let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
    output.write_all(&line(message))?;
    output.flush()
}
