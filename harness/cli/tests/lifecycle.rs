//! `gainsay hunt --kind lifecycle`, with engines that die, and scenarios replayed.

use std::path::Path;

use crate::common::{code, gainsay_in, root, stderr};
use serde_json::Value;

fn hunted(directory: &Path, arguments: &[&str]) -> (i32, Value) {
    let hunt = ["hunt", "--kind", "lifecycle", "--jobs", "1", "--out", "campaign"];
    let output = gainsay_in(directory, &[&hunt, arguments, &["--format", "json"]].concat());
    let summary = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)));
    (code(&output), summary)
}

fn findings(summary: &Value) -> Vec<&Value> {
    summary["findings"].as_array().expect("a list").iter().collect()
}

#[test]
fn a_campaign_over_sequences_is_summarised_and_catches_its_canary() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let arguments = ["--seed", "1", "--cases", "120", "--engines", "reference,wasmi"];
    let (code, summary) = hunted(directory.path(), &arguments);
    assert_eq!((code, &summary["canary_caught"]), (0, &Value::from(true)), "{summary:#}");
    assert_eq!((&summary["seed"], &summary["cases"]), (&1.into(), &120.into()));
    assert!(summary["compared"].as_u64().is_some_and(|compared| compared > 60), "{summary:#}");
    assert_eq!(summary["verdicts"]["agree"], 120);
    assert_eq!(summary["engines"].as_array().map(Vec::len), Some(2));
    assert!(summary["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0));
    let bumps = summary["reach"]["reference bump ok"].as_u64();
    println!("canary after {} sequences, {bumps:?} calls", summary["canary"]["cases"]);
    assert!(bumps.is_some_and(|bumps| bumps > 0), "{summary:#}");
    assert!(directory.path().join("campaign/summary.json").is_file());
}

#[test]
fn an_engine_that_dies_is_a_finding_that_can_be_replayed() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let arguments =
        ["--seed", "1", "--cases", "150", "--engines", "reference,faulty-abort", "--no-canary"];
    let (exit, summary) = hunted(directory.path(), &arguments);
    let [crash] = findings(&summary)[..] else { panic!("{summary:#}") };
    assert_eq!((exit, &crash["kind"]), (2, &Value::from("crash")), "{summary:#}");
    assert_eq!(summary["cases"], 150, "the campaign went on");
    assert!(crash["signature"].as_str().is_some_and(|text| text.contains("SIGABRT")), "{crash:#}");
    let lines = crash["text"].as_str().unwrap_or_default().lines();
    let operations = lines.filter(|line| !line.starts_with(';')).count() - 1;
    println!("{operations} operations of {} are left", crash["before"]["steps"]);
    assert!(operations <= 6, "{crash:#}");
    let replay = crash["replay"].as_str().expect("a command");
    let words: Vec<&str> = replay.split(' ').skip(1).collect();
    assert_eq!(code(&gainsay_in(directory.path(), &words)), 2, "{replay}");
}

#[test]
fn an_engine_that_hangs_is_a_finding() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let arguments = [
        &["--seed", "1", "--cases", "12", "--engines", "reference,faulty-hang", "--no-canary"][..],
        &["--case-time", "1s", "--shrink-attempts", "0"],
    ];
    let (exit, summary) = hunted(directory.path(), &arguments.concat());
    let [hang] = findings(&summary)[..] else { panic!("{summary:#}") };
    assert_eq!((exit, &hang["kind"]), (2, &Value::from("hang")), "{summary:#}");
    assert_eq!(summary["cases"], 12);
}

/// Report R2: a trap in a child that does not end its process leaves it without an end, and a
/// campaign waits for that no longer than for any other case.
#[test]
fn a_process_that_does_not_end_is_a_hang() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let text = "scenario 1\nengine e0 on-demand\nprocess p0 e0 limit=1 join\n\
        plan p0 0 posix unreachable\nstart p0 threads\njoin-process p0\n";
    std::fs::write(directory.path().join("a.scenario"), text).expect("a file");
    let replay = ["replay", "a.scenario", "--case-time", "1s", "--format", "json", "--engines"];
    let replayed = |engine: &str| gainsay_in(directory.path(), &[&replay[..], &[engine]].concat());
    let output = replayed("faulty-hang");
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(code(&output), 2, "{text}");
    assert!(text.contains("hang faulty-hang"), "{text}");
    let output = replayed("reference");
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn an_engine_without_a_backend_for_sequences_is_not_available() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let hunt = ["hunt", "--kind", "lifecycle", "--engines", "wasmtime-pulley", "--cases", "1"];
    assert_eq!(code(&gainsay_in(directory.path(), &hunt)), 5);
}

#[test]
fn a_scenario_that_cannot_be_read_says_where() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let text = "scenario 1\nengine e0 pool=9\n";
    std::fs::write(directory.path().join("a.scenario"), text).expect("a file");
    let output = gainsay_in(directory.path(), &["replay", "a.scenario", "--engines", "reference"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(code(&output), 2);
    assert!(text.contains("line 2: expected allocation (on-demand or pool=1"), "{text}");
}

#[test]
fn the_scenarios_of_all_reports_are_in_the_corpus() {
    for report in ["r1", "r2", "r3", "r4", "r5"] {
        let files = std::fs::read_dir(root().join("corpus")).expect("a directory");
        let names = files.map(|file| file.expect("a file").file_name());
        let is_of = |name: &String| name.starts_with(report) && name.ends_with(".scenario");
        assert!(names.map(|name| name.to_string_lossy().into_owned()).any(|name| is_of(&name)));
    }
}

/// What must not depend on jobs, shards, interruptions or the clock.
fn essence(summary: &Value) -> Value {
    let mut essence = summary.clone();
    for name in ["seconds", "shards", "out", "incidents", "interrupted"] {
        essence[name] = Value::Null;
    }
    for engine in essence["engines"].as_array_mut().into_iter().flatten() {
        engine["seconds"] = Value::Null;
    }
    for finding in essence["findings"].as_array_mut().into_iter().flatten() {
        finding["replay"] = Value::Null;
    }
    essence
}

/// An engine that dies of some sequences, so that there is something to find.
const DEADLY: [&str; 4] = ["--engines", "reference,faulty-abort", "--no-canary", "--seed"];

fn json(output: &std::process::Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", stderr(output)))
}

#[test]
fn shards_of_a_campaign_over_sequences_merge_to_the_whole() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let hunt = |out: &str, more: &[&str]| {
        let hunt = ["--format", "json", "hunt", "--kind", "lifecycle", "--cases", "120"];
        let arguments = [&hunt[..], &DEADLY, &["3", "--out", out], more].concat();
        json(&gainsay_in(directory.path(), &arguments))
    };
    let whole = hunt("whole", &["--jobs", "2"]);
    let shards = ["1/3", "2/3", "3/3"].map(|shard| {
        let out = shard.replace('/', "-of-");
        hunt(&out, &["--shard", shard, "--jobs", "1"]);
        out
    });
    let merge = ["--format", "json", "merge", &shards[2], &shards[0], &shards[1], "--out", "sum"];
    let sum = json(&gainsay_in(directory.path(), &merge));
    assert_ne!(whole["digest"], "0000000000000000");
    assert!(!findings(&whole).is_empty());
    assert_eq!(essence(&sum), essence(&whole));
}

#[test]
fn a_campaign_over_sequences_whose_host_was_killed_goes_on_to_the_same_end() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let hunt = ["--format", "json", "hunt", "--kind", "lifecycle", "--jobs", "1"];
    let arguments = [&hunt[..], &DEADLY, &["4", "--cases", "400", "--out"]].concat();
    let whole = json(&gainsay_in(directory.path(), &[&arguments[..], &["whole"]].concat()));
    let mut host = std::process::Command::new(env!("CARGO_BIN_EXE_gainsay"))
        .current_dir(directory.path())
        .args([&arguments[..], &["parts"]].concat())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program can be started");
    let progress = directory.path().join("parts/progress.json");
    let is_at_work =
        || std::fs::read_to_string(&progress).is_ok_and(|text| text.contains("\"done\": [\n"));
    for _ in 0..600 {
        if is_at_work() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    host.kill().expect("it can be killed");
    host.wait().expect("it ends");
    let resume = ["--format", "json", "hunt", "--resume", "parts", "--cases", "400", "--no-canary"];
    let resumed = json(&gainsay_in(directory.path(), &resume));
    assert_eq!(resumed["kind"], "sequences");
    assert_eq!(essence(&resumed), essence(&whole));
}

/// How many cases the campaign in this directory has counted.
fn counted(directory: &Path) -> u64 {
    let text = std::fs::read_to_string(directory.join("summary.json")).expect("a summary");
    let summary: Value = serde_json::from_str(&text).expect("JSON");
    summary["cases"].as_u64().expect("a number")
}

/// An engine that hangs in the middle of a batch would be waited for a minute.
#[test]
fn a_campaign_over_sequences_that_is_interrupted_in_a_batch_ends_at_once_and_goes_on() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let hunt = ["--format", "json", "hunt", "--kind", "lifecycle", "--jobs", "1", "--no-canary"];
    let engines = ["--engines", "reference,faulty-hang", "--shrink-attempts", "0", "--seed", "13"];
    let arguments = [&hunt[..], &engines, &["--cases", "12", "--out"]].concat();
    let quick = [&arguments[..], &["whole", "--case-time", "1s"]].concat();
    let whole = json(&gainsay_in(directory.path(), &quick));
    let mut host = std::process::Command::new(env!("CARGO_BIN_EXE_gainsay"))
        .current_dir(directory.path())
        .args([&arguments[..], &["parts", "--case-time", "60s"]].concat())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program can be started");
    // Long enough for the sequences before the first one that hangs.
    std::thread::sleep(std::time::Duration::from_secs(5));
    assert!(host.try_wait().expect("its state").is_none(), "it waits for the engine that hangs");
    let interrupt = ["-INT", &host.id().to_string()].map(str::to_owned);
    let sent = std::process::Command::new("kill").args(interrupt).status();
    assert!(sent.is_ok_and(|status| status.success()));
    let begun = std::time::Instant::now();
    host.wait().expect("it ends");
    let took = begun.elapsed();
    println!("it ended after {} ms", took.as_millis());
    assert!(took < std::time::Duration::from_secs(3), "{took:?}");
    let before = counted(&directory.path().join("parts"));
    assert!((1..12).contains(&before), "what came to its end counts: {before}");
    let resume = ["--format", "json", "hunt", "--resume", "parts", "--cases", "12", "--no-canary"];
    let resume = [&resume[..], &["--case-time", "1s", "--shrink-attempts", "0"]].concat();
    let resumed = json(&gainsay_in(directory.path(), &resume));
    assert_eq!(resumed["digest"], whole["digest"]);
    assert_eq!(essence(&resumed), essence(&whole));
}

/// Kill one of the processes that this one has started, if there is any.
fn kill_a_child_of(parent: u32) -> bool {
    let processes = std::fs::read_dir("/proc").expect("this test needs Linux");
    let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let mut children = ids.filter(|id| {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        after_name.split_ascii_whitespace().nth(1) == Some(&parent.to_string())
    });
    let Some(child) = children.next() else { return false };
    let killed = std::process::Command::new("kill").args(["-9", &child.to_string()]).status();
    killed.is_ok_and(|status| status.success())
}

#[test]
fn workers_of_a_campaign_over_sequences_that_are_killed_change_nothing() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let hunt = ["--format", "json", "hunt", "--kind", "lifecycle", "--jobs", "1"];
    let engines = ["--engines", "reference,wasmi,faulty-abort", "--no-canary", "--seed", "5"];
    let arguments = [&hunt[..], &engines, &["--cases", "300", "--out"]].concat();
    let calm = json(&gainsay_in(directory.path(), &[&arguments[..], &["calm"]].concat()));
    let host = std::process::Command::new(env!("CARGO_BIN_EXE_gainsay"))
        .current_dir(directory.path())
        .args([&arguments[..], &["troubled"]].concat())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program can be started");
    let begun = directory.path().join("troubled/progress.json");
    let mut killed = 0;
    for _ in 0..400 {
        std::thread::sleep(std::time::Duration::from_millis(25));
        killed += u32::from(begun.is_file() && kill_a_child_of(host.id()));
        if killed == 3 {
            break;
        }
    }
    let troubled = json(&host.wait_with_output().expect("the campaign ends"));
    assert!(killed > 0, "nothing was killed");
    assert_eq!(essence(&troubled), essence(&calm));
}
