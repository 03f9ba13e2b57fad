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
//! | `summary.json` | what it came to; written at its end |

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::directory_error::DirectoryError;
use crate::finding::Finding;
use crate::fingerprint::Fingerprint;
use crate::known_shapes::KnownShape;
use crate::minimised::Minimised;
use crate::state::{Manifest, State};
use crate::stored::StoredCases;
use crate::summary::{FORMAT, Summary};

const CAMPAIGN: &str = "campaign.json";
const PROGRESS: &str = "progress.json";
const SUMMARY: &str = "summary.json";
const FINDINGS: &str = "findings";
const WITNESSES: &str = "witnesses";
const CASES: &str = "cases";
const KNOWN: &str = "known.json";

/// A directory that is, or becomes, a campaign's.
#[derive(Clone, Debug)]
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    /// Make `root` the directory of a new campaign.
    pub fn create(root: &Path, manifest: &impl Serialize) -> Result<Directory, DirectoryError> {
        let directory = Directory { root: root.to_owned() };
        for path in [root.to_owned(), root.join(FINDINGS), root.join(WITNESSES)] {
            fs::create_dir_all(&path).map_err(storage("create", &path))?;
        }
        if directory.root.join(CAMPAIGN).exists() {
            return Err(DirectoryError::Occupied(root.to_owned()));
        }
        directory.write_json(CAMPAIGN, manifest)?;
        Ok(directory)
    }

    /// A directory whose files are written one by one.
    pub fn at(root: &Path) -> Directory {
        Directory { root: root.to_owned() }
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
        let directory = Directory { root: root.to_owned() };
        let path = root.join(CAMPAIGN);
        match fs::metadata(&path) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(DirectoryError::NoCampaign(root.to_owned()));
            }
            Err(error) => return Err(storage("read", &path)(error)),
        }
        let manifest = directory.read_versioned(CAMPAIGN)?;
        let state = directory.read_versioned(PROGRESS)?;
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

    /// How known bugs show; `None` if that was not looked for to the end.
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
            self.write(&finding.file, finding.text.as_bytes())?;
            self.write_json(&json, finding)?;
            current.extend([finding.file.clone(), json]);
        }
        for name in names(&self.root.join(FINDINGS))? {
            let file = format!("{FINDINGS}/{name}");
            let endings = [".wast", ".scenario", ".json"];
            let is_ours = endings.iter().any(|ending| name.ends_with(ending));
            if is_ours && !current.contains(&file) {
                let path = self.root.join(&file);
                fs::remove_file(&path).map_err(storage("remove", &path))?;
            }
        }
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
        let path = self.root.join(name);
        let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| damaged(&path, &error))?;
        bytes.push(b'\n');
        self.write(name, &bytes)
    }

    /// Readers see the old file or the new one, never half of one; so does a
    /// campaign that is resumed after a crash.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), DirectoryError> {
        let path = self.root.join(name);
        let temporary = self.root.join(format!("{name}.tmp"));
        let written = fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, &path));
        written.map_err(|error| {
            // On a full disk the half-written file only makes things worse.
            let _ = fs::remove_file(&temporary);
            storage("write", &path)(error)
        })
    }
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
