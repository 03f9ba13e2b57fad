//! What a tier on disk needs of a directory, so that a model can stand in for one.

use std::io;

/// A flat directory that several processes use.
pub trait Storage: Send + Sync {
    /// The content of a file, which has at most `bytes_max`.
    ///
    /// # Errors
    /// `NotFound` if there is none; any other when it cannot be read.
    fn read(&self, name: &str, bytes_max: u64) -> io::Result<Vec<u8>>;

    /// Make a file. Others may see it before all of `content` is in it, and a part of
    /// it may be there after an error.
    ///
    /// # Errors
    /// `AlreadyExists` if there is one; any other when it cannot be written.
    fn create(&self, name: &str, content: &[u8]) -> io::Result<()>;

    /// Give a file another name, in place of any that has it, in one step.
    ///
    /// # Errors
    /// When that is not possible; then nothing has changed.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Remove a file.
    ///
    /// # Errors
    /// `NotFound` if there is none; any other when it cannot be removed.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// All files.
    ///
    /// # Errors
    /// When they cannot be listed.
    fn list(&self) -> io::Result<Vec<StoredFile>>;

    /// A part of file names that no other process has.
    fn writer(&self) -> String;
}

/// A file of a storage.
#[derive(Clone, Debug)]
pub struct StoredFile {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Seconds since it was written.
    pub age_seconds: u64,
}
