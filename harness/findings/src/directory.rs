//! A campaign's directory: its state and its API.
//!
//! | file | what it is |
//! |---|---|
//! | `campaign.json` | what the campaign is; written before any work starts |
//! | `cases/*.wast` | stored cases, by the hash of their text; never changed |
//! | `progress.json` | how far it is; replaced about once a second |
//! | `witnesses/*.json` | minimised witnesses, one file each, never changed |
//! | `known.json` | how known bugs of these engines show; written before the first finding |
//! | `findings/*.wast` or `*.scenario`, and `*.json` | the findings so far |
//! | `lock` | locked by the process that writes here |
//! | `summary.json` | what it came to; written at its end |

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use xxhash_rust::xxh3::xxh3_64;

use crate::directory_error::DirectoryError;
use crate::finding::Finding;
use crate::fingerprint::Fingerprint;
use crate::known_shapes::KnownShape;
use crate::minimised::Minimised;
use crate::state::{Manifest, PartId, State};
use crate::stored::StoredCases;
use crate::summary::{FORMAT, Summary};

const CAMPAIGN: &str = "campaign.json";
const PROGRESS: &str = "progress.json";
const SUMMARY: &str = "summary.json";
const FINDINGS: &str = "findings";
const WITNESSES: &str = "witnesses";
const CASES: &str = "cases";
const KNOWN: &str = "known.json";

const LOCK: &str = "lock";

/// How long a lock is waited for.
const LOCK_TIME_MAX: Duration = Duration::from_millis(500);

/// A directory that is, or becomes, a campaign's.
#[derive(Clone, Debug)]
pub struct Directory {
    root: PathBuf,
    /// Held as long as somebody may write here. The system gives it back however a process
    /// ends, so that what is left of a killed one is in nobody's way.
    lock: Option<Arc<File>>,
    /// Hashes of the findings' files as they were written last.
    written: Arc<Mutex<BTreeMap<String, u64>>>,
}

impl Directory {
    /// Make `root` the directory of a new campaign.
    pub fn create(root: &Path, manifest: &impl Serialize) -> Result<Directory, DirectoryError> {
        if root.to_str().is_none() {
            return Err(DirectoryError::NotUnicode(root.to_owned()));
        }
        fs::create_dir_all(root).map_err(storage("create", root))?;
        let directory = Directory::at(root).locked()?;
        if directory.root.join(CAMPAIGN).exists() {
            return Err(DirectoryError::Occupied(root.to_owned()));
        }
        directory.make_parts()?;
        directory.write_json(CAMPAIGN, manifest)?;
        Ok(directory)
    }

    /// The same directory, which nobody else may write to meanwhile.
    fn locked(mut self) -> Result<Directory, DirectoryError> {
        let path = self.root.join(LOCK);
        let file = File::options().create(true).append(true).open(&path);
        let file = file.map_err(storage("write", &path))?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                // A process that is just being started by the last holder has it for a moment.
                Err(TryLockError::WouldBlock) if start.elapsed() < LOCK_TIME_MAX => {
                    thread::sleep(LOCK_TIME_MAX / 20);
                }
                Err(TryLockError::WouldBlock) => return Err(DirectoryError::Locked(self.root)),
                Err(TryLockError::Error(error)) => return Err(storage("lock", &path)(error)),
            }
        }
        self.lock = Some(Arc::new(file));
        Ok(self)
    }

    /// Make the directories below it that are missing.
    fn make_parts(&self) -> Result<(), DirectoryError> {
        for name in [FINDINGS, WITNESSES] {
            let path = self.root.join(name);
            fs::create_dir_all(&path).map_err(storage("create", &path))?;
        }
        Ok(())
    }

    /// Open the directory of a campaign that is gone on with.
    ///
    /// # Errors
    /// [`DirectoryError::Locked`] if another process does that already.
    pub fn resume(root: &Path) -> Result<(Directory, Manifest, State), DirectoryError> {
        let (directory, ..) = Directory::open(root)?;
        let directory = directory.locked()?;
        directory.make_parts()?;
        // What was read before the lock may be older.
        let (_, manifest, state) = Directory::open(root)?;
        Ok((directory, manifest, state))
    }

    /// A directory whose files are written one by one.
    pub fn at(root: &Path) -> Directory {
        Directory { root: root.to_owned(), lock: None, written: Arc::default() }
    }

    /// Fail early if `root` cannot become a campaign's directory.
    pub fn refuse_if_occupied(root: &Path) -> Result<(), DirectoryError> {
        match root.join(CAMPAIGN).exists() {
            true => Err(DirectoryError::Occupied(root.to_owned())),
            false => Ok(()),
        }
    }

    /// Open the directory of a campaign.
    pub fn open(root: &Path) -> Result<(Directory, Manifest, State), DirectoryError> {
        let directory = Directory::at(root);
        let path = root.join(CAMPAIGN);
        match fs::metadata(&path) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(DirectoryError::NoCampaign(root.to_owned()));
            }
            Err(error) => return Err(storage("read", &path)(error)),
        }
        let manifest: Manifest = directory.read_versioned(CAMPAIGN)?;
        let state: State = directory.read_versioned(PROGRESS)?;
        let named = |ids: BTreeSet<PartId>| -> String {
            ids.iter().map(PartId::to_string).collect::<Vec<_>>().join(", ")
        };
        let campaign: BTreeSet<PartId> = manifest.parts.iter().copied().collect();
        let progress: BTreeSet<PartId> = state.parts.iter().map(|part| part.id).collect();
        if campaign != progress {
            let reason = format!(
                "it is of {}, and {CAMPAIGN} beside it of {}",
                named(progress),
                named(campaign)
            );
            return Err(DirectoryError::Damaged { path: root.join(PROGRESS), reason });
        }
        Ok((directory, manifest, state))
    }

    /// Replace `campaign.json`, when a resumed campaign has another budget.
    pub fn write_manifest(&self, manifest: &Manifest) -> Result<(), DirectoryError> {
        self.write_json(CAMPAIGN, manifest)
    }

    /// Replace `progress.json`.
    pub fn write_state(&self, state: &State) -> Result<(), DirectoryError> {
        self.write_json(PROGRESS, state)
    }

    /// Write `summary.json`.
    pub fn write_summary(&self, summary: &Summary) -> Result<(), DirectoryError> {
        self.write_json(SUMMARY, summary)
    }

    /// Keep a minimised witness.
    pub fn write_witness(&self, witness: &Minimised) -> Result<(), DirectoryError> {
        self.write_json(&format!("{WITNESSES}/{}.json", witness.file_stem()), witness)
    }

    /// All minimised witnesses.
    pub fn read_witnesses(&self) -> Result<Vec<Minimised>, DirectoryError> {
        let path = self.root.join(WITNESSES);
        let mut witnesses = Vec::new();
        if !path.exists() {
            return Ok(witnesses);
        }
        for name in names(&path)? {
            if name.ends_with(".json") {
                witnesses.push(self.read_json(&format!("{WITNESSES}/{name}"))?);
            }
        }
        Ok(witnesses)
    }

    /// Keep how known bugs show.
    pub fn write_known(&self, known: &[KnownShape]) -> Result<(), DirectoryError> {
        self.write_json(KNOWN, &known)
    }

    /// How known bugs show; `None` if that was search not finished.
    pub fn read_known(&self) -> Result<Option<Vec<KnownShape>>, DirectoryError> {
        match self.root.join(KNOWN).exists() {
            true => self.read_json(KNOWN).map(Some),
            false => Ok(None),
        }
    }

    /// Keep stored cases.
    pub fn write_cases(&self, stored: &StoredCases) -> Result<(), DirectoryError> {
        if stored.is_empty() {
            return Ok(());
        }
        let path = self.root.join(CASES);
        fs::create_dir_all(&path).map_err(storage("create", &path))?;
        for (hash, text) in stored.texts() {
            self.write(&format!("{CASES}/{hash}.wast"), text.as_bytes())?;
        }
        Ok(())
    }

    /// All stored cases.
    pub fn read_cases(&self) -> Result<StoredCases, DirectoryError> {
        let mut stored = StoredCases::default();
        let path = self.root.join(CASES);
        if !path.exists() {
            return Ok(stored);
        }
        for name in names(&path)? {
            let Some(stem) = name.strip_suffix(".wast") else { continue };
            let path = path.join(&name);
            let damaged = |reason| DirectoryError::Damaged { path: path.clone(), reason };
            let hash: Fingerprint = stem.parse().map_err(damaged)?;
            let text = fs::read_to_string(&path).map_err(storage("read", &path))?;
            stored.insert_text(hash, &text).map_err(damaged)?;
        }
        Ok(stored)
    }

    /// Make `findings/` hold these and nothing else of ours.
    pub fn write_findings(&self, findings: &[Finding]) -> Result<(), DirectoryError> {
        let mut current = BTreeSet::new();
        for finding in findings {
            let json = Path::new(&finding.file).with_extension("json").display().to_string();
            self.write_if_changed(&finding.file, finding.text.as_bytes())?;
            self.write_if_changed(&json, &self.json(&json, finding)?)?;
            current.extend([finding.file.clone(), json]);
        }
        for name in names(&self.root.join(FINDINGS))? {
            let file = format!("{FINDINGS}/{name}");
            let endings = [".wast", ".scenario", ".json"];
            let is_ours = endings.iter().any(|ending| name.ends_with(ending));
            if is_ours && !current.contains(&file) {
                let path = self.root.join(&file);
                fs::remove_file(&path).map_err(storage("remove", &path))?;
                lock(&self.written).remove(&file);
            }
        }
        Ok(())
    }

    /// Findings are told anew whenever one is added; those that stay are left alone.
    fn write_if_changed(&self, name: &str, bytes: &[u8]) -> Result<(), DirectoryError> {
        let hash = xxh3_64(bytes);
        if lock(&self.written).get(name) == Some(&hash) && self.root.join(name).exists() {
            return Ok(());
        }
        self.write(name, bytes)?;
        lock(&self.written).insert(name.to_owned(), hash);
        Ok(())
    }

    /// Where this is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn read_versioned<T: DeserializeOwned>(&self, name: &str) -> Result<T, DirectoryError> {
        let path = self.root.join(name);
        let value: serde_json::Value = self.read_json(name)?;
        match value.get("format").and_then(serde_json::Value::as_u64) {
            Some(format) if format == u64::from(FORMAT) => {}
            other => {
                let found = other.map_or_else(|| "unknown".to_owned(), |format| format.to_string());
                return Err(DirectoryError::Format { path, found, known: FORMAT });
            }
        }
        serde_json::from_value(value).map_err(|error| damaged(&path, &error))
    }

    fn read_json<T: DeserializeOwned>(&self, name: &str) -> Result<T, DirectoryError> {
        let path = self.root.join(name);
        let bytes = fs::read(&path).map_err(storage("read", &path))?;
        serde_json::from_slice(&bytes).map_err(|error| damaged(&path, &error))
    }

    /// Replace a file by a value as JSON.
    pub fn write_json(&self, name: &str, value: &impl Serialize) -> Result<(), DirectoryError> {
        self.write(name, &self.json(name, value)?)
    }

    fn json(&self, name: &str, value: &impl Serialize) -> Result<Vec<u8>, DirectoryError> {
        let path = self.root.join(name);
        let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| damaged(&path, &error))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Readers see the old file or the new one, never half of one; so does a campaign that
    /// is resumed after a crash, of the machine as well. Directories that somebody removed
    /// are made again.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), DirectoryError> {
        let path = self.root.join(name);
        let written = match replace(&path, bytes) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.root.exists() => {
                self.make_parts()?;
                replace(&path, bytes)
            }
            written => written,
        };
        written.map_err(storage("write", &path))
    }
}

/// Write a file beside it that takes its place when it is on the disk. On a full one nothing
/// is left of it.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    // The lock sees to it that nobody else writes this one, and what a killed process left of
    // it is written over.
    let mut builder = tempfile::Builder::new();
    builder.prefix(&name).rand_bytes(0);
    let mut file = builder.make_in(directory, |path| File::create(path)).map_err(plain)?;
    file.write_all(bytes).map_err(plain)?;
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// An error without the temporary file's name, which would tell nobody anything.
fn plain(error: io::Error) -> io::Error {
    let source = error.get_ref().and_then(|inner| inner.source());
    let code = source.and_then(|source| source.downcast_ref::<io::Error>());
    let code = code.and_then(io::Error::raw_os_error).or(error.raw_os_error());
    code.map_or(error, io::Error::from_raw_os_error)
}

/// A thread that panicked leaves a map in which at worst an entry is missing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn names(path: &Path) -> Result<Vec<String>, DirectoryError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(storage("read", path))? {
        let entry = entry.map_err(storage("read", path))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

pub fn storage(act: &'static str, path: &Path) -> impl FnOnce(io::Error) -> DirectoryError {
    move |source| DirectoryError::Storage { act, path: path.to_owned(), source }
}

fn damaged(path: &Path, error: &serde_json::Error) -> DirectoryError {
    DirectoryError::Damaged { path: path.to_owned(), reason: error.to_string() }
}
