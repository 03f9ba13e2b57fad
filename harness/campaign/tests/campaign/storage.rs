//! Campaign directories that are wrong, unwritable or full.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use gainsay_campaign::{CampaignError, HuntOptions, hunt};
use gainsay_findings::{Budget, CampaignEvent, Directory, DirectoryError, Quiet, Sink, Summary};

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
    ("two_processes_do_not_write_to_one_directory", a_locked_directory_is_refused),
    ("directories_that_somebody_removed_are_made_again", removed_directories_are_made_again),
    ("progress_of_another_seed_is_refused", progress_of_another_seed_is_refused),
    ("a_resumed_campaign_keeps_its_bound", a_resumed_campaign_keeps_its_bound),
    ("findings_that_stay_are_not_written_again", findings_that_stay_are_left_alone),
    #[cfg(target_os = "linux")]
    ("a_path_that_is_not_unicode_is_refused", a_path_that_is_not_unicode_is_refused),
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
    assert!(error.contains("continue with the version of gainsay that began it"), "{error}");
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

fn a_locked_directory_is_refused() {
    let scratch = Scratch::new();
    let long = options(&scratch.path("c"), &["sound", "other"], 1_000_000);
    let again = HuntOptions { resume: true, ..long.clone() };
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let hunting = scope.spawn(|| hunt(&long, &stop, &Quiet));
        while !long.out.join("progress.json").exists() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let error = directory_refused(&again);
        assert!(matches!(&error, DirectoryError::Locked(path) if *path == long.out), "{error}");
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(hunting.join().is_ok_and(|summary| summary.is_ok_and(|s| s.fault.is_none())));
    });
    // What is left of the lock is in nobody's way.
    assert!(long.out.join("lock").exists());
    run(&HuntOptions { budget: Some(Budget::Cases(1)), ..again });
}

fn removed_directories_are_made_again() {
    let scratch = Scratch::new();
    let first = options(&scratch.path("c"), &["sound", "liar"], 60);
    let before = run(&first);
    for name in ["findings", "witnesses"] {
        fs::remove_dir_all(first.out.join(name)).expect("it was there");
    }
    let after = run(&HuntOptions { resume: true, ..first.clone() });
    assert_eq!((after.fault, after.findings), (None, before.findings));
    assert!(has_findings(&first.out));
}

fn progress_of_another_seed_is_refused() {
    let scratch = Scratch::new();
    let options = ended_campaign(&scratch);
    changed(&options.out.join("campaign.json"), "\"seed\": 7", "\"seed\": 8");
    let error = directory_refused(&options).to_string();
    assert!(error.contains("it is of 7/1/1, and campaign.json beside it of 8/1/1"), "{error}");
}

fn a_resumed_campaign_keeps_its_bound() {
    let scratch = Scratch::new();
    let ended = ended_campaign(&scratch);
    let resumed = run(&HuntOptions { budget: None, ..ended });
    assert_eq!((resumed.cases, resumed.budget), (5, Some(Budget::Cases(5))));
}

fn findings_that_stay_are_left_alone() {
    let scratch = Scratch::new();
    let options = options(&scratch.path("c"), &["sound", "liar"], 60);
    let summary = run(&options);
    let directory = Directory::at(&options.out);
    directory.write_findings(&summary.findings).expect("they are written");
    let written = |file: &str| {
        let metadata = fs::metadata(options.out.join(file)).expect("a finding's file");
        metadata.modified().expect("a time")
    };
    let [first, ..] = &summary.findings[..] else { panic!("there is a finding") };
    let before = written(&first.file);
    std::thread::sleep(std::time::Duration::from_millis(50));
    directory.write_findings(&summary.findings).expect("they are there");
    assert_eq!(written(&first.file), before);
    fs::remove_file(options.out.join(&first.file)).expect("it was there");
    directory.write_findings(&summary.findings).expect("it is written again");
    assert!(written(&first.file) > before);
}

#[cfg(target_os = "linux")]
fn a_path_that_is_not_unicode_is_refused() {
    let scratch = Scratch::new();
    let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"\xff");
    let out = scratch.path("c").join(name);
    let error = directory_refused(&options(&out, &["sound", "other"], 5));
    assert!(matches!(error, DirectoryError::NotUnicode(_)), "{error}");
    assert!(!out.exists());
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
