//! Files that a user names: modules, binary or text, and scripts.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::cli_error::CliError;

/// Larger files are refused before they are read into memory.
const FILE_BYTES_MAX: u64 = 256 << 20;

/// The bytes of a file of bounded size.
///
/// # Errors
/// If it cannot be read or is larger than 256 MiB.
pub fn bytes(path: &Path) -> Result<Vec<u8>, CliError> {
    let unreadable = |error| CliError::path("read", path, &error);
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    // One byte more shows that there is more, whatever the file says of its length.
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        let limit = FILE_BYTES_MAX >> 20;
        return Err(CliError::usage(format!("{} is larger than {limit} MiB", path.display())));
    }
    Ok(bytes)
}

/// The binary of a module in a file of either format.
///
/// # Errors
/// If the file cannot be read, or is neither a binary nor well-formed text.
pub fn module(path: &Path) -> Result<Vec<u8>, CliError> {
    let bytes = bytes(path)?;
    let is_text_name = path.extension().is_some_and(|extension| extension == "wat");
    if !is_text_name && !bytes.starts_with(b"\0asm") && bytes.contains(&0) {
        let path = path.display();
        return Err(CliError::usage(format!("{path} is no WebAssembly module: no magic number")));
    }
    wat::parse_bytes(&bytes).map(Into::into).map_err(|mut error| {
        error.set_path(path);
        CliError::usage(format!("{} is no WebAssembly module: {error}", path.display()))
    })
}

/// All `.wast` files under the paths, sorted; a path that is a file is taken as it is.
///
/// # Errors
/// If a path cannot be read.
pub fn scripts(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let mut found = Vec::new();
    for path in paths {
        let metadata = fs::metadata(path).map_err(|error| CliError::path("read", path, &error))?;
        if metadata.is_dir() {
            let from = found.len();
            collect(path, &mut found)?;
            found[from..].sort();
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn collect(directory: &Path, found: &mut Vec<PathBuf>) -> Result<(), CliError> {
    let unreadable = |error| CliError::path("read", directory, &error);
    for entry in fs::read_dir(directory).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        // Symbolic links to directories are not followed: they may form a circle.
        if entry.file_type().map_err(unreadable)?.is_dir() {
            collect(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "wast") {
            found.push(path);
        }
    }
    Ok(())
}
