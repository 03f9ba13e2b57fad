//! Files that a user names: modules, binary or text, and scripts.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::cli_error::CliError;

/// Larger files are refused before they are read into memory.
const FILE_BYTES_MAX: u64 = 256 << 20;

/// The bytes of a module's file.
///
/// # Errors
/// If it cannot be read or is larger than 256 MiB.
pub fn bytes(path: &Path) -> Result<Vec<u8>, CliError> {
    bytes_within(path, FILE_BYTES_MAX)
}

/// Whether a path means the standard input: `-`, as usual.
fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What comes through the standard input, which can be read only once, and is for each of
/// several engines.
fn standard_input(bytes_max: u64) -> io::Result<&'static [u8]> {
    static READ: OnceLock<Vec<u8>> = OnceLock::new();
    if let Some(bytes) = READ.get() {
        return Ok(bytes);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().take(bytes_max).read_to_end(&mut bytes)?;
    Ok(READ.get_or_init(|| bytes))
}

/// The bytes of a file of bounded size.
///
/// # Errors
/// If it cannot be read or is larger.
pub fn bytes_within(path: &Path, bytes_max: u64) -> Result<Vec<u8>, CliError> {
    let unreadable = |error| CliError::path("read", path, &error);
    let mut bytes = Vec::new();
    // One byte more shows that there is more, whatever the file says of its length.
    let read_max = bytes_max.saturating_add(1);
    if is_standard_input(path) {
        bytes.extend_from_slice(standard_input(read_max).map_err(unreadable)?);
    } else {
        let file = File::open(path).map_err(unreadable)?;
        file.take(read_max).read_to_end(&mut bytes).map_err(unreadable)?;
    }
    if bytes.len() as u64 > bytes_max {
        let limit = bytes_max >> 20;
        return Err(CliError::usage(format!("{} is larger than {limit} MiB", path.display())));
    }
    Ok(bytes)
}

/// What a file is that should be a module.
pub enum Binary {
    /// A binary, whether or not it is right.
    Module(Vec<u8>),
    /// A component (§ component-model, binary format: layer 1).
    Component,
    /// Text that is not a module, and why.
    Malformed(String),
}

/// What a file of either format is.
///
/// # Errors
/// If the file cannot be read.
pub fn binary(path: &Path) -> Result<Binary, CliError> {
    let bytes = bytes(path)?;
    let is_text_name = path.extension().is_some_and(|extension| extension == "wat");
    if !is_text_name && !bytes.starts_with(b"\0asm") && bytes.contains(&0) {
        return Ok(Binary::Malformed("no magic number".to_owned()));
    }
    Ok(match wat::parse_bytes(&bytes) {
        Ok(bytes) if bytes.get(6..8) == Some(&[1, 0]) => Binary::Component,
        Ok(bytes) => Binary::Module(bytes.into()),
        Err(mut error) => {
            error.set_path(path);
            Binary::Malformed(error.to_string())
        }
    })
}

/// The binary of a module in a file of either format.
///
/// # Errors
/// If the file cannot be read, or is neither a binary nor well-formed text.
pub fn module(path: &Path) -> Result<Vec<u8>, CliError> {
    let name = path.display();
    match binary(path)? {
        Binary::Module(bytes) => Ok(bytes),
        Binary::Component => {
            Err(CliError::usage(format!("{name} is a component; gainsay has core modules only")))
        }
        Binary::Malformed(why) => {
            Err(CliError::usage(format!("{name} is not a WebAssembly module: {why}")))
        }
    }
}

/// All `.wast` files under the paths, sorted; a path that is a file is taken as it is.
///
/// # Errors
/// If a path cannot be read.
pub fn scripts(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let mut found = Vec::new();
    for path in paths {
        if is_standard_input(path) {
            found.push(path.clone());
            continue;
        }
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
