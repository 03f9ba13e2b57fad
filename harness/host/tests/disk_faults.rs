//! A tier on disk whose storage fails, one way at a time.
#![cfg(not(any(loom, shuttle)))]
#![expect(clippy::disallowed_types, reason = "the test's own storage")]

use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;

use gainsay_host::disk::{Disk, Storage, StoredFile};

/// A storage in memory that fails in some act.
#[derive(Default)]
struct Failing {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    on_read: Option<io::ErrorKind>,
    /// After half of the content.
    on_create: Option<io::ErrorKind>,
    on_rename: Option<io::ErrorKind>,
}

fn fail(kind: Option<io::ErrorKind>) -> io::Result<()> {
    kind.map_or(Ok(()), |kind| Err(kind.into()))
}

impl Storage for &Failing {
    fn read(&self, name: &str, _: u64) -> io::Result<Vec<u8>> {
        fail(self.on_read)?;
        let files = self.files.lock().expect("no panic while it was locked");
        files.get(name).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn create(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let half = self.on_create.map_or(content.len(), |_| content.len() / 2);
        let mut files = self.files.lock().expect("no panic while it was locked");
        files.insert(name.to_owned(), content[..half].to_vec());
        fail(self.on_create)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fail(self.on_rename)?;
        let mut files = self.files.lock().expect("no panic while it was locked");
        let content = files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        files.insert(to.to_owned(), content);
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut files = self.files.lock().expect("no panic while it was locked");
        files.remove(name).map(drop).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self) -> io::Result<Vec<StoredFile>> {
        let files = self.files.lock().expect("no panic while it was locked");
        let stored = |(name, content): (&String, &Vec<u8>)| StoredFile {
            name: name.clone(),
            bytes: content.len() as u64,
            age_seconds: 7200,
        };
        Ok(files.iter().map(stored).collect())
    }

    fn writer(&self) -> String {
        "test".to_owned()
    }
}

impl Failing {
    fn names(&self) -> Vec<String> {
        self.files.lock().expect("no panic while it was locked").keys().cloned().collect()
    }
}

#[test]
fn a_full_unwritable_or_renaming_directory_is_counted_and_left_clean() {
    let full = Some(io::ErrorKind::StorageFull);
    let denied = Some(io::ErrorKind::PermissionDenied);
    for (storage, kind) in [
        (Failing { on_create: full, ..Failing::default() }, io::ErrorKind::StorageFull),
        (Failing { on_create: denied, ..Failing::default() }, io::ErrorKind::PermissionDenied),
        (Failing { on_rename: denied, ..Failing::default() }, io::ErrorKind::PermissionDenied),
    ] {
        let disk = Disk::new(&storage, 1 << 20);
        assert!(!disk.keep(&[1; 32], b"content"));
        assert_eq!(disk.load(&[1; 32]), None);
        assert_eq!(disk.stats().faults[&kind.to_string()], 1, "{:?}", disk.stats());
        assert_eq!(storage.names(), Vec::<String>::new(), "nothing is left");
    }
}

#[test]
fn an_entry_that_cannot_be_read_is_counted() {
    let storage = Failing { on_read: Some(io::ErrorKind::Other), ..Failing::default() };
    let disk = Disk::new(&storage, 1 << 20);
    assert_eq!(disk.load(&[1; 32]), None);
    assert_eq!((disk.stats().absent, disk.stats().faults.len()), (0, 1));
}

#[test]
fn leftovers_of_a_killed_process_are_removed_when_old() {
    let storage = Failing::default();
    (&storage).create("left.entry.1-1.tmp", b"half").expect("it does not fail");
    (&storage).create("unrelated", b"of another program").expect("it does not fail");
    let disk = Disk::new(&storage, 1 << 20);
    assert!(disk.keep(&[1; 32], b"content"));
    let names = storage.names();
    assert!(names.iter().any(|name| name == "unrelated"), "what is not ours stays");
    assert!(!names.iter().any(|name| name.ends_with(".tmp")), "{names:?}");
    assert_eq!(disk.stats().removed, 1);
}
