//! A directory of the operating system.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::time::SystemTime;

use crate::disk::storage::{Storage, StoredFile};

/// Files that one list may have; the rest is left for the next.
const FILES_LISTED_MAX: usize = 100_000;

/// A directory that other processes may use, too.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    writer: String,
}

/// A directory that cannot be used.
#[derive(Debug)]
pub struct DiskError {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

impl fmt::Display for DiskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot use the directory {}: {}", self.path.display(), self.source)
    }
}

impl std::error::Error for DiskError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl Directory {
    /// Use a directory, made if it is not there.
    ///
    /// # Errors
    /// [`DiskError`] when it can neither be found nor made.
    pub fn open(path: &Path) -> Result<Directory, DiskError> {
        let opened = fs::create_dir_all(path);
        opened.map_err(|source| DiskError { path: path.to_owned(), source })?;
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        // Two that have the same name all the same: `create` tells the second.
        let writer = format!("{}-{:x}", process::id(), now.map_or(0, |now| now.as_nanos() as u64));
        Ok(Directory { path: path.to_owned(), writer })
    }
}

impl Storage for Directory {
    fn read(&self, name: &str, bytes_max: u64) -> io::Result<Vec<u8>> {
        let path = self.path.join(name);
        // To open a pipe would be to wait for who writes to it.
        if !fs::metadata(&path)?.is_file() {
            return Err(io::Error::other("no regular file"));
        }
        let mut content = Vec::new();
        File::open(path)?.take(bytes_max).read_to_end(&mut content)?;
        Ok(content)
    }

    fn create(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let path = self.path.join(name);
        OpenOptions::new().write(true).create_new(true).open(path)?.write_all(content)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path.join(from), self.path.join(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path.join(name))
    }

    fn list(&self) -> io::Result<Vec<StoredFile>> {
        let entries = fs::read_dir(&self.path)?.take(FILES_LISTED_MAX);
        // What vanishes meanwhile was removed by another process.
        Ok(entries.flatten().filter_map(|entry| stored_file(&entry)).collect())
    }

    fn writer(&self) -> String {
        self.writer.clone()
    }
}

fn stored_file(entry: &fs::DirEntry) -> Option<StoredFile> {
    let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
    let name = entry.file_name().into_string().ok()?;
    let age = metadata.modified().ok().and_then(|written| written.elapsed().ok());
    let age_seconds = age.map_or(0, |age| age.as_secs());
    Some(StoredFile { name, bytes: metadata.len(), age_seconds })
}
