//! The tier on disk, over a storage that shows everything half-done.

use std::collections::BTreeMap;
use std::io;

use gainsay_host::disk::{Disk, Name, Storage, StoredFile};
use gainsay_host::sync::{Arc, Mutex, thread};

use crate::explore::explore;

const NAME: Name = [7; 32];
const CONTENT: &[u8] = b"the content of an entry";
const BYTES_MAX: u64 = 1 << 20;

/// A directory as one process sees it. A file is written in two steps; between them the
/// others see the first half.
#[derive(Clone)]
struct Process {
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    name: &'static str,
}

impl Process {
    fn new(name: &'static str) -> Process {
        Process { files: Arc::default(), name }
    }

    fn beside(&self, name: &'static str) -> Process {
        Process { files: Arc::clone(&self.files), name }
    }

    fn disk(&self) -> Disk<Process> {
        Disk::new(self.clone(), BYTES_MAX)
    }
}

impl Storage for Process {
    fn read(&self, name: &str, _: u64) -> io::Result<Vec<u8>> {
        self.files.lock().get(name).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn create(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let (first, second) = content.split_at(content.len() / 2);
        let mut files = self.files.lock();
        if files.contains_key(name) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        files.insert(name.to_owned(), first.to_vec());
        drop(files);
        let mut files = self.files.lock();
        let file = files.get_mut(name).ok_or(io::ErrorKind::NotFound)?;
        file.extend_from_slice(second);
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut files = self.files.lock();
        let content = files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        files.insert(to.to_owned(), content);
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.files.lock().remove(name).map(drop).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self) -> io::Result<Vec<StoredFile>> {
        let files = self.files.lock();
        let stored = files.iter().map(|(name, content)| StoredFile {
            name: name.clone(),
            bytes: content.len() as u64,
            age_seconds: 0,
        });
        Ok(stored.collect())
    }

    fn writer(&self) -> String {
        self.name.to_owned()
    }
}

fn read(process: &Process) -> bool {
    let found = process.disk().load(&NAME);
    assert!(found.as_deref().is_none_or(|found| found == CONTENT), "a torn entry was believed");
    found.is_some()
}

#[test]
fn a_reader_sees_a_whole_entry_or_none() {
    explore("a_reader_sees_a_whole_entry_or_none", || {
        let process = Process::new("a");
        let writers = [process.beside("b"), process.beside("c")]
            .map(|process| thread::spawn(move || process.disk().keep(&NAME, CONTENT)));
        let before = read(&process);
        let after = read(&process);
        assert!(after || !before, "an entry was there and is gone");
        for writer in writers {
            assert!(writer.join().expect("it ends"), "it was not kept");
        }
        assert!(read(&process), "it was kept");
    });
}

#[test]
fn two_processes_keep_the_same_entry() {
    explore("two_processes_keep_the_same_entry", || {
        let process = Process::new("a");
        let other = process.beside("b");
        let keeps = thread::spawn(move || other.disk().keep(&NAME, CONTENT));
        assert!(process.disk().keep(&NAME, CONTENT));
        assert!(keeps.join().expect("it ends"));
        assert!(read(&process));
        assert_eq!(process.files.lock().len(), 1, "nothing but the entry is left");
    });
}

#[test]
fn a_process_that_died_leaves_nothing_that_is_read() {
    explore("a_process_that_died_leaves_nothing_that_is_read", || {
        let process = Process::new("a");
        let other = process.beside("b");
        let dies = thread::spawn(move || {
            // What a process does before it is killed, by its own hand or half-way.
            let mut files = other.files.lock();
            files.insert("left.entry.b-1.tmp".to_owned(), CONTENT[..4].to_vec());
            drop(files);
            other.files.lock().insert(file_name(), b"gainsay".to_vec());
        });
        let disk = process.disk();
        let kept = disk.keep(&NAME, CONTENT);
        dies.join().expect("it ends");
        assert!(kept);
        read(&process);
        assert!(disk.keep(&NAME, CONTENT), "what was torn is put right");
        assert!(read(&process));
    });
}

fn file_name() -> String {
    "07".repeat(32) + ".entry"
}
