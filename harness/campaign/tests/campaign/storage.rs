//! Campaign directories that are wrong, unwritable or full.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use gainsay_campaign::{CampaignError, HuntOptions, hunt};
use gainsay_findings::{CampaignEvent, DirectoryError, Quiet, Sink, Summary};

use crate::support::{Scratch, options, replaced_generator, run};

pub const TESTS: &[(&str, fn())] = &[
    ("a_directory_with_a_campaign_is_not_overwritten", an_occupied_directory_is_refused),
    ("a_directory_without_a_campaign_cannot_be_resumed", nothing_to_resume),
    ("a_directory_of_another_format_is_refused", another_format_is_refused),
    ("a_damaged_directory_is_refused", a_damaged_directory_is_refused),
    ("a_campaign_of_another_version_is_not_resumed", another_version_is_not_resumed),
    ("a_campaign_of_another_generator_is_not_resumed", another_generator_is_not_resumed),
    ("a_directory_that_cannot_be_made_is_refused", an_impossible_directory_is_refused),
    ("a_disk_that_is_full_from_the_start_is_refused", a_full_disk_is_refused),
    ("a_disk_that_fills_up_loses_no_finding", a_disk_that_fills_up_loses_no_finding),
    ("everything_is_on_the_disk_at_the_end", everything_is_on_the_disk),
];

fn refused(options: &HuntOptions) -> CampaignError {
    hunt(options, &AtomicBool::new(false), &Quiet).expect_err("it cannot begin")
}

/// The same, because of the directory.
fn directory_refused(options: &HuntOptions) -> DirectoryError {
    match refused(options) {
        CampaignError::Directory(error) => error,
        other => panic!("expected an error of the directory, not {other:?}"),
    }
}

fn an_occupied_directory_is_refused() {
    let scratch = Scratch::new();
    let options = options(&scratch.path("c"), &["sound", "other"], 5);
    run(&options);
    assert!(
        matches!(directory_refused(&options), DirectoryError::Occupied(path) if path == options.out)
    );
}

fn nothing_to_resume() {
    let scratch = Scratch::new();
    let options =
        HuntOptions { resume: true, ..options(&scratch.path("c"), &["sound", "other"], 5) };
    assert!(matches!(directory_refused(&options), DirectoryError::NoCampaign(_)));
    fs::create_dir(scratch.path("c")).expect("an empty directory");
    assert!(matches!(directory_refused(&options), DirectoryError::NoCampaign(_)));
}

fn changed(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).expect("the campaign wrote it");
    assert!(text.contains(from), "{from} is not in {text}");
    fs::write(path, text.replacen(from, to, 1)).expect("it can be changed");
}

fn ended_campaign(scratch: &Scratch) -> HuntOptions {
    let options = options(&scratch.path("c"), &["sound", "other"], 5);
    run(&options);
    HuntOptions { resume: true, ..options }
}

fn another_format_is_refused() {
    let scratch = Scratch::new();
    let options = ended_campaign(&scratch);
    changed(&options.out.join("campaign.json"), "\"format\": 2", "\"format\": 1");
    let error = directory_refused(&options);
    assert!(matches!(&error, DirectoryError::Format { found, known: 2, .. } if found == "1"));
}

fn a_damaged_directory_is_refused() {
    let scratch = Scratch::new();
    let options = ended_campaign(&scratch);
    fs::write(options.out.join("progress.json"), "{\"format\": 2, \"par").expect("it is ours");
    assert!(matches!(directory_refused(&options), DirectoryError::Damaged { .. }));
}

fn another_version_is_not_resumed() {
    let scratch = Scratch::new();
    let options = ended_campaign(&scratch);
    changed(&options.out.join("campaign.json"), "\"gainsay\": \"", "\"gainsay\": \"9.");
    assert!(matches!(refused(&options), CampaignError::Changed { .. }));
}

fn another_generator_is_not_resumed() {
    let scratch = Scratch::new();
    let options = ended_campaign(&scratch);
    replaced_generator(&options.out);
    let error = refused(&options).to_string();
    assert!(error.contains("generator 00000000c0ffee00 made its cases"), "{error}");
    assert!(error.contains("go on with the version of gainsay that began it"), "{error}");
}

fn an_impossible_directory_is_refused() {
    let scratch = Scratch::new();
    fs::write(scratch.path("file"), "").expect("a file");
    let options = options(&scratch.path("file/c"), &["sound", "other"], 5);
    let error = directory_refused(&options);
    assert!(matches!(error, DirectoryError::Storage { act: "create", .. }), "{error}");
}

/// Every later write to `name` in the campaign's directory meets a full disk: its
/// temporary file is a link to the device that always is.
#[cfg(target_os = "linux")]
fn fill_disk_for(root: &Path, name: &str) -> std::io::Result<()> {
    std::os::unix::fs::symlink("/dev/full", root.join(format!("{name}.tmp")))
}

fn a_full_disk_is_refused() {
    let scratch = Scratch::new();
    let options = options(&scratch.path("c"), &["sound", "other"], 5);
    fs::create_dir(&options.out).expect("a directory");
    fill_disk_for(&options.out, "campaign.json").expect("a link");
    let error = refused(&options);
    assert!(error.to_string().starts_with("cannot write"), "{error}");
}

fn has_findings(root: &Path) -> bool {
    fs::read_dir(root.join("findings")).is_ok_and(|entries| entries.count() > 0)
}

/// Once a finding is there, the next look at the progress fills the disk.
struct Fills<'a> {
    root: &'a Path,
}

impl Sink for Fills<'_> {
    fn take(&self, event: CampaignEvent<'_>) -> Result<(), String> {
        if matches!(event, CampaignEvent::Progress(_)) && has_findings(self.root) {
            let _ = fill_disk_for(self.root, "progress.json");
        }
        Ok(())
    }
}

fn a_disk_that_fills_up_loses_no_finding() {
    let scratch = Scratch::new();
    let options = options(&scratch.path("c"), &["sound", "liar"], 100_000);
    let summary = hunt(&options, &AtomicBool::new(false), &Fills { root: &options.out });
    let summary: Summary = summary.expect("it began");
    let fault = summary.fault.as_ref().expect("the disk was full");
    assert!(fault.contains("progress.json") && fault.contains("No space left"), "{fault}");
    assert!(summary.cases < 100_000 && summary.interrupted);
    assert!(!summary.findings.is_empty());
    for finding in &summary.findings {
        assert!(finding.text.contains("(module"), "{finding:#?}");
    }
    assert!(has_findings(&options.out));
}

fn everything_is_on_the_disk() {
    let scratch = Scratch::new();
    let options = options(&scratch.path("c"), &["sound", "liar"], 60);
    let summary = run(&options);
    let read = |name: &str| fs::read_to_string(options.out.join(name)).expect(name);
    let written: Summary = serde_json::from_str(&read("summary.json")).expect("a summary");
    assert_eq!(written, summary);
    assert!(read("campaign.json").contains("\"seed\": 7"));
    assert!(read("progress.json").contains(&summary.digest));
    let mut files: Vec<String> = fs::read_dir(options.out.join("findings"))
        .expect("findings")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    let mut expected: Vec<String> = summary
        .findings
        .iter()
        .map(|finding| finding.file.replace("findings/", ""))
        .flat_map(|wast| [wast.replace(".wast", ".json"), wast])
        .collect();
    expected.sort();
    assert_eq!(files, expected);
}
