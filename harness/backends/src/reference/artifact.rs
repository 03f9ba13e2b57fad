//! A serialized module: an entry of the cache's tier on disk, on no disk.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use gainsay_host::disk::{Disk, Storage, StoredFile};
use gainsay_lifecycle::{OpOutcome, Program, Refusal};

/// Entries have a name; here all have this one.
const NAME: [u8; 32] = [7; 32];

/// Bytes on the disk for one entry.
const BYTES_MAX: u64 = 1 << 20;

/// Bytes from the beginning of an entry that may be changed.
const DAMAGED_BYTES: u8 = 64;

pub(super) struct Artifact {
    pub(super) program: Program,
    files: Files,
    disk: Disk<Files>,
}

impl Artifact {
    pub(super) fn new(program: Program) -> Result<Artifact, OpOutcome> {
        let files = Files::default();
        let disk = Disk::new(files.clone(), BYTES_MAX);
        match disk.keep(&NAME, program.binary()) {
            true => Ok(Artifact { program, files, disk }),
            false => Err(OpOutcome::Broken(format!("not kept: {:?}", disk.stats()))),
        }
    }

    /// What it was made from, if it is whole.
    pub(super) fn load(&self) -> Result<Vec<u8>, OpOutcome> {
        self.disk.load(&NAME).ok_or(OpOutcome::Refused(Refusal::Corrupt))
    }

    /// Turn one bit over.
    pub(super) fn damage(&mut self, at: u8) {
        let mut files = self.files.0.lock().unwrap_or_else(PoisonError::into_inner);
        for content in files.values_mut() {
            if let Some(byte) = content.get_mut(usize::from(at % DAMAGED_BYTES)) {
                *byte ^= 1 << (at / DAMAGED_BYTES);
            }
        }
    }
}

/// Files in memory.
#[derive(Clone, Default)]
struct Files(Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

impl Files {
    fn with<T>(&self, act: impl FnOnce(&mut BTreeMap<String, Vec<u8>>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Storage for Files {
    fn read(&self, name: &str, bytes_max: u64) -> io::Result<Vec<u8>> {
        let content = self.with(|files| files.get(name).cloned()).ok_or(io::ErrorKind::NotFound)?;
        match content.len() as u64 > bytes_max {
            true => Err(io::ErrorKind::FileTooLarge.into()),
            false => Ok(content),
        }
    }

    fn create(&self, name: &str, content: &[u8]) -> io::Result<()> {
        self.with(|files| match files.contains_key(name) {
            true => Err(io::ErrorKind::AlreadyExists.into()),
            false => {
                files.insert(name.to_owned(), content.to_vec());
                Ok(())
            }
        })
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.with(|files| {
            let content = files.remove(from).ok_or(io::ErrorKind::NotFound)?;
            files.insert(to.to_owned(), content);
            Ok(())
        })
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let removed = self.with(|files| files.remove(name));
        removed.map(drop).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self) -> io::Result<Vec<StoredFile>> {
        let file = |(name, content): (&String, &Vec<u8>)| StoredFile {
            name: name.clone(),
            bytes: content.len() as u64,
            age_seconds: 0,
        };
        Ok(self.with(|files| files.iter().map(file).collect()))
    }

    fn writer(&self) -> String {
        "one".to_owned()
    }
}
