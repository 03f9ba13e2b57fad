//! What came of scripts, as text: a row for each as soon as it is done.

use std::collections::BTreeMap;

use gainsay_script::{FileReport, reason_group};
use serde::Serialize;

use crate::table::{Table, count, plural};

/// Failures of one file that are shown; all are counted.
const FAILURES_SHOWN_MAX: usize = 10;
/// Places of a reason that are shown.
const PLACES_SHOWN_MAX: usize = 3;
/// Columns for the names of files; longer ones push their row to the right.
const PATH_COLUMNS_MAX: usize = 60;

/// What one engine made of the scripts.
#[derive(Serialize)]
pub struct EngineReport {
    /// Id of the engine.
    pub engine: String,
    /// Its version.
    pub version: String,
    /// One for each script.
    pub files: Vec<FileReport>,
}

/// The rows of a table that is shown while it grows.
pub struct Rows {
    path_columns: usize,
    failures_max: usize,
}

impl Rows {
    /// For files of these names.
    pub fn of(paths: &[String], is_verbose: bool) -> Rows {
        let longest = paths.iter().map(|path| path.chars().count()).max().unwrap_or(0);
        let failures_max = if is_verbose { usize::MAX } else { FAILURES_SHOWN_MAX };
        Rows { path_columns: longest.clamp(4, PATH_COLUMNS_MAX), failures_max }
    }

    /// The heads of the columns.
    pub fn head(&self) -> String {
        self.row("file", ["passed", "failed", "skipped", "text"].map(str::to_owned))
    }

    /// The row of a file, and what failed in it.
    pub fn file(&self, file: &FileReport) -> String {
        let numbers = [file.passed, file.failed, file.skipped, file.text].map(count);
        let mut text = self.row(&file.path, numbers);
        for failure in file.failures.iter().take(self.failures_max) {
            text += &format!("    {}:{}: {}\n", file.path, failure.line, failure.message);
        }
        if let Some(more @ 1..) = file.failures.len().checked_sub(self.failures_max) {
            let more = plural(more as u64, "more failure") + ": --verbose";
            text += &format!("    {}: {more}\n", file.path);
        }
        text
    }

    fn row(&self, path: &str, numbers: [String; 4]) -> String {
        let [passed, failed, skipped, text] = numbers;
        let width = self.path_columns;
        format!("  {path:<width$}  {passed:>8}  {failed:>8}  {skipped:>8}  {text:>6}\n")
    }
}

/// Why directives were skipped, with the first places, and what the engine did not say.
pub fn reasons(report: &EngineReport, is_verbose: bool) -> String {
    let places_max = if is_verbose { usize::MAX } else { PLACES_SHOWN_MAX };
    // By group: the reason of the first, how many there are, and where.
    let mut groups = BTreeMap::<String, (&str, u64)>::new();
    for (reason, number) in report.files.iter().flat_map(|file| &file.skip_reasons) {
        groups.entry(reason_group(reason)).or_insert((reason, 0)).1 += number;
    }
    let mut places = BTreeMap::<String, Vec<String>>::new();
    for file in &report.files {
        for skip in &file.skips {
            let place = format!("{}:{}", file.path, skip.line);
            places.entry(reason_group(&skip.reason)).or_default().push(place);
        }
    }
    let mut text = String::new();
    for (group, (reason, number)) in groups {
        let places = places.get(&group).map_or(&[][..], Vec::as_slice);
        let mut shown = places.iter().take(places_max).cloned().collect::<Vec<_>>().join(", ");
        if places.len() > places_max {
            shown += ", …";
        }
        text += &format!("  {} skipped: {reason} ({shown})\n", count(number));
    }
    let untold: u64 = report.files.iter().map(|file| file.untold).sum();
    if untold > 0 {
        text += &format!(
            "  {} passed without telling malformed from invalid: {} or the dialect of the \
             scripts does not distinguish them\n",
            count(untold),
            report.engine
        );
    }
    text + "\n"
}

/// One row for each engine.
pub fn totals(reports: &[EngineReport]) -> String {
    let mut table =
        Table::new(&["engine", "files", "all passed", "passed", "failed", "skipped", "text"]);
    for report in reports {
        let sum = |field: fn(&FileReport) -> u64| count(report.files.iter().map(field).sum());
        let whole = report.files.iter().filter(|file| file.failed + file.skipped == 0).count();
        table.row([
            report.engine.clone(),
            count(report.files.len() as u64),
            count(whole as u64),
            sum(|file| file.passed),
            sum(|file| file.failed),
            sum(|file| file.skipped),
            sum(|file| file.text),
        ]);
    }
    table.text()
}
