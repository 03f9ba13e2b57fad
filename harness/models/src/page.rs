//! The pages of the studied reports, `reports/R1.md` and so on.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a page says that a program can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// `R4`.
    pub id: String,
    /// What the report is about.
    pub title: String,
    /// The invariants' names: `C1`.
    pub invariants: Vec<String>,
    /// The models it names, in order.
    pub models: Vec<String>,
    /// The known-bad variants it names, in order.
    pub known_bad: Vec<String>,
    /// The releases it says something about.
    pub releases: Vec<Release>,
}

/// What a release of an engine does in the report's scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The engine and its version.
    pub engine: String,
    /// What it is known to do.
    pub expected: String,
    /// What was seen; `not run` if nobody looked.
    pub seen: String,
}

/// A page that is not of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageError(pub String);

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PageError {}

impl Page {
    /// Read a page: `# R4: title`, and the tables of its sections `Invariants`, `Models`,
    /// `Known-bad variants` and `Releases`, whose first cells are names set as code.
    ///
    /// # Errors
    /// [`PageError`] when the title or one of the sections is missing.
    pub fn read(text: &str) -> Result<Page, PageError> {
        let first = text.lines().next().unwrap_or_default();
        let title = first.strip_prefix("# ").and_then(|title| title.split_once(": "));
        let (id, title) = title.ok_or_else(|| PageError("no title `# ID: ...`".to_owned()))?;
        let names = |heading: &str| {
            let rows = table(text, heading)?;
            Ok(rows.into_iter().map(|mut row| row.swap_remove(0)).collect())
        };
        let releases = table(text, "Releases")?.into_iter().map(release);
        Ok(Page {
            id: id.to_owned(),
            title: title.to_owned(),
            invariants: names("Invariants")?,
            models: names("Models")?,
            known_bad: names("Known-bad variants")?,
            releases: releases.collect(),
        })
    }
}

fn release(row: Vec<String>) -> Release {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or_default();
    Release { engine: next(), expected: next(), seen: next() }
}

/// The rows below a heading whose first cell is set as code.
fn table(text: &str, heading: &str) -> Result<Vec<Vec<String>>, PageError> {
    let mut sections = text.split("\n## ");
    let section = sections.find(|section| section.lines().next() == Some(heading));
    let section = section.ok_or_else(|| PageError(format!("no section {heading:?}")))?;
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let cell = |cell: &str| cell.trim().trim_matches('`').to_owned();
    Ok(rows.map(|row| row.trim_matches('|').split('|').map(cell).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# R9: an example\n\nText.\n\n## Invariants\n\n| name | says |\n|---|---|\n\
        | `C1` | so |\n\n## Models\n\n| `m` | C1 |\n\n## Known-bad variants\n\n| `d` | `m` |\n\n\
        ## Releases\n\n| engine | expected | seen |\n|---|---|---|\n| `e 1.0` | traps | not run |\n";

    #[test]
    fn a_page_is_read() {
        let page = Page::read(PAGE).expect("it has all that is needed");
        assert_eq!((page.id.as_str(), page.title.as_str()), ("R9", "an example"));
        assert_eq!((page.models, page.known_bad), (vec!["m".to_owned()], vec!["d".to_owned()]));
        assert_eq!(page.releases.len(), 1);
        assert_eq!(page.releases[0].seen, "not run");
    }

    #[test]
    fn a_page_without_a_section_is_an_error() {
        let cut = PAGE.replace("## Models", "## Mdoels");
        assert_eq!(Page::read(&cut), Err(PageError("no section \"Models\"".to_owned())));
        assert!(Page::read("R9").is_err());
    }
}
