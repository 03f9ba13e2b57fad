//! The studied reports with the state of what holds their invariants.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::page::{Page, PageError, Release};
use crate::results::{Results, State, changed};

/// A studied report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Studied {
    /// `R4`.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// Its models.
    pub models: Vec<Named>,
    /// Its known-bad variants.
    pub known_bad: Vec<Named>,
    /// What releases of engines do in its scenario.
    pub releases: Vec<Release>,
    /// Whether all models passed and all variants were caught, with the sources as they
    /// are.
    pub ok: bool,
}

/// A model or variant, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// What is known.
    pub state: State,
}

/// Why the reports cannot be told.
#[derive(Debug)]
pub enum StudiedError {
    /// A page, or the directory, cannot be read.
    Io(PathBuf, io::Error),
    /// A page is not of the form.
    Page(PathBuf, PageError),
}

impl fmt::Display for StudiedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StudiedError::Io(path, error) => write!(f, "cannot read {}: {error}", path.display()),
            StudiedError::Page(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for StudiedError {}

impl Studied {
    /// All reports below the root of a checkout, with the results in a target directory.
    ///
    /// # Errors
    /// [`StudiedError`].
    pub fn all(root: &Path, target: &Path) -> Result<Vec<Studied>, StudiedError> {
        let (results, sources) = (Results::load(target), changed(root));
        let pages = pages(root)?;
        Ok(pages.into_iter().map(|page| Studied::of(page, &results, sources)).collect())
    }

    fn of(page: Page, results: &Results, sources: u64) -> Studied {
        let named = |names: Vec<String>, state: &dyn Fn(&str) -> State| -> Vec<Named> {
            let named = |name: String| Named { state: state(&name), name };
            names.into_iter().map(named).collect()
        };
        let models = named(page.models, &|name| results.model(name, sources));
        let known_bad = named(page.known_bad, &|name| results.known_bad(name, sources));
        let ok = models.iter().chain(&known_bad).all(|named| named.state == State::Passed);
        Studied { id: page.id, title: page.title, models, known_bad, releases: page.releases, ok }
    }
}

/// The pages `reports/R*.md`, in order.
///
/// # Errors
/// [`StudiedError`].
pub fn pages(root: &Path) -> Result<Vec<Page>, StudiedError> {
    let directory = root.join("reports");
    let unreadable = |path: &Path, error| StudiedError::Io(path.to_owned(), error);
    let entries = fs::read_dir(&directory).map_err(|error| unreadable(&directory, error))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| is_page(path));
    paths.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).map_err(|error| unreadable(path, error))?;
        Page::read(&text).map_err(|error| StudiedError::Page(path.clone(), error))
    };
    paths.iter().map(read).collect()
}

/// `R4.md`
fn is_page(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let number = stem.strip_prefix('R').unwrap_or_default();
    path.extension().is_some_and(|it| it == "md") && number.parse::<u32>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_that_was_not_run_is_not_ok() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let all = Studied::all(&root, Path::new("nowhere")).expect("the pages are of the form");
        assert!(all.iter().any(|studied| studied.id == "R4"));
        for studied in all {
            assert!(!studied.ok && !studied.models.is_empty());
            assert!(studied.models.iter().all(|named| named.state == State::NotRun));
        }
    }

    #[test]
    fn a_checkout_without_reports_is_an_error() {
        let error = Studied::all(Path::new("nowhere"), Path::new("nowhere")).expect_err("none");
        assert!(error.to_string().starts_with("cannot read nowhere"), "{error}");
    }
}
