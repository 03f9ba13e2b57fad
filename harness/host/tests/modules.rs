//! The cache of modules with its tier on disk: as a user of the runtime sees it.
#![cfg(not(any(loom, shuttle)))]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use gainsay_host::cache::CacheError;
use gainsay_host::{CachedModule, ModuleCache, ModuleKey};
use gainsay_runtime::{Config, ErrorKind, Features, NoHost, Store, Value};

const MEGABYTE: u64 = 1 << 20;

fn adder(constant: i32) -> Vec<u8> {
    let text = format!(
        r#"(module (func (export "f") (param i32) (result i32)
            (i32.add (local.get 0) (i32.const {constant}))))"#
    );
    wat::parse_str(text).expect("a module")
}

fn result(module: &CachedModule) -> Vec<Value> {
    let mut store = Store::new(&Config::default());
    let instance = store.instantiate(module, &[], &mut NoHost).expect("an instance");
    let func = instance.func("f").expect("an export");
    store.invoke(func, &[Value::I32(40)], &mut NoHost).expect("a result")
}

/// The files of a directory, in order.
fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("a directory");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

#[test]
fn threads_with_stores_of_their_own_share_one_compilation() {
    let cache = ModuleCache::new();
    let bytes = adder(2);
    let held = cache.compile(&Config::default(), &bytes).expect("it compiles");
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let handle = cache.compile(&Config::default(), &bytes).expect("it is there");
                    let module = handle.module().expect("it is open");
                    assert!(handle.close() && !handle.close());
                    assert_eq!(result(&module), [Value::I32(42)]);
                }
            });
        }
    });
    let stats = cache.stats();
    assert_eq!((stats.memory.builds, stats.memory.hits, stats.modules), (1, 800, 1));
    assert_eq!(stats.bytes, bytes.len());
    drop(held);
    assert_eq!((cache.stats().modules, cache.stats().bytes), (0, 0));
}

#[test]
fn the_same_bytes_are_judged_by_each_setting_for_itself() {
    let cache = ModuleCache::new();
    let bytes = wat::parse_str("(module (memory 1) (memory 1))").expect("two memories");
    let old = Features { multi_memory: false, ..Features::default() };
    let old = Config { features: old, ..Config::default() };
    let _held = cache.compile(&Config::default(), &bytes).expect("valid");
    match cache.compile(&old, &bytes) {
        Err(CacheError::Build(error)) => assert_eq!(error.kind, ErrorKind::Invalid),
        other => panic!("two memories with multi-memory off: {other:?}"),
    }
    assert!(cache.compile(&Config::default(), &bytes).is_ok());
}

#[test]
fn a_closed_cache_refuses_and_keeps_what_is_in_use() {
    let cache = ModuleCache::new();
    let held = cache.compile(&Config::default(), &adder(2)).expect("it compiles");
    assert!(cache.close() && !cache.close());
    let refused = cache.compile(&Config::default(), &adder(2));
    assert!(matches!(refused, Err(CacheError::Closed)));
    assert_eq!(result(&held.module().expect("it is open")), [Value::I32(42)]);
    assert!(held.close());
    assert!(held.module().is_err());
}

#[test]
fn cold_warm_other_store_and_other_process_give_the_same() {
    let directory = tempfile::tempdir().expect("a directory");
    let open = || ModuleCache::with_directory(directory.path(), MEGABYTE).expect("it is usable");
    let (bytes, config) = (adder(2), Config::default());
    let first = open();
    let cold = first.compile(&config, &bytes).expect("cold");
    let warm = first.compile(&config, &bytes).expect("warm");
    // Another process sees the directory and nothing else of the first one.
    let second = open();
    let digest = *cold.key().digest();
    let stored = second.open(&config, digest).expect("no refusal").expect("it is on disk");
    let results = [&cold, &warm, &stored].map(|handle| result(&handle.module().expect("open")));
    assert_eq!(results, [[Value::I32(42)], [Value::I32(42)], [Value::I32(42)]]);
    assert_eq!((first.stats().disk.kept, second.stats().disk.found), (1, 1));
    let never = second.open(&config, [0; 32]).expect("no refusal");
    assert!(never.is_none(), "a digest of nothing that was kept");
}

/// What a directory may have come to, by what is done to the one file in it.
#[test]
fn a_damaged_disk_entry_is_compiled_again_and_replaced() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 6] = [
        ("torn", |path| {
            let content = fs::read(path).expect("an entry");
            fs::write(path, &content[..content.len() / 2]).expect("half of it");
        }),
        ("torn", |path| fs::write(path, b"").expect("nothing")),
        ("stale", |path| change(path, 8)),
        ("damaged", |path| change(path, 70)),
        ("foreign", |path| fs::write(path, b"something of another program").expect("a file")),
        ("misplaced", |path| change(path, 30)),
    ];
    let (bytes, config) = (adder(2), Config::default());
    for (fault, damage) in damages {
        let directory = tempfile::tempdir().expect("a directory");
        let open = || ModuleCache::with_directory(directory.path(), MEGABYTE).expect("usable");
        let digest = *open().compile(&config, &bytes).expect("it compiles").key().digest();
        let [file] = &files(directory.path())[..] else { panic!("one entry") };
        damage(file);
        let cache = open();
        assert!(cache.open(&config, digest).expect("no refusal").is_none(), "{fault}");
        let handle = cache.compile(&config, &bytes).expect("it compiles all the same");
        assert_eq!(result(&handle.module().expect("open")), [Value::I32(42)]);
        let stats = cache.stats().disk;
        assert_eq!(stats.refused.keys().copied().collect::<Vec<_>>(), [fault]);
        assert_eq!(stats.kept, 1, "{fault}: it is put right");
        assert!(open().open(&config, digest).expect("no refusal").is_some(), "{fault}");
    }
}

fn change(path: &Path, at: usize) {
    let mut content = fs::read(path).expect("an entry");
    content[at] ^= 1;
    fs::write(path, content).expect("an entry");
}

#[test]
fn an_entry_of_other_bytes_is_not_taken_for_ours() {
    let directory = tempfile::tempdir().expect("a directory");
    let open = || ModuleCache::with_directory(directory.path(), MEGABYTE).expect("usable");
    let config = Config::default();
    let two = *open().compile(&config, &adder(2)).expect("it compiles").key().digest();
    let [two_file] = &files(directory.path())[..] else { panic!("one entry") };
    let two_file = two_file.clone();
    open().compile(&config, &adder(3)).expect("it compiles");
    let three_file = files(directory.path()).into_iter().find(|file| *file != two_file);
    fs::copy(three_file.expect("the other entry"), &two_file).expect("a copy");
    let cache = open();
    assert!(cache.open(&config, two).expect("no refusal").is_none());
    assert_eq!(cache.stats().disk.refused["misplaced"], 1);
}

#[test]
fn a_directory_that_cannot_be_made_is_an_error_and_one_that_vanishes_is_counted() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("file");
    fs::write(&file, b"").expect("a file");
    let error = ModuleCache::with_directory(&file, MEGABYTE).expect_err("it is a file");
    assert!(error.to_string().starts_with("cannot use the directory"), "{error}");

    let vanishing = directory.path().join("vanishing");
    let cache = ModuleCache::with_directory(&vanishing, MEGABYTE).expect("it can be made");
    fs::remove_dir(&vanishing).expect("it is empty");
    let handle = cache.compile(&Config::default(), &adder(2)).expect("it compiles all the same");
    assert_eq!(result(&handle.module().expect("open")), [Value::I32(42)]);
    let stats = cache.stats().disk;
    assert_eq!((stats.kept, stats.faults.values().sum::<u64>()), (0, 1), "{stats:?}");
}

#[test]
fn a_directory_in_place_of_an_entry_is_not_fatal() {
    let directory = tempfile::tempdir().expect("a directory");
    let open = || ModuleCache::with_directory(directory.path(), MEGABYTE).expect("usable");
    let (bytes, config) = (adder(2), Config::default());
    let digest = *open().compile(&config, &bytes).expect("it compiles").key().digest();
    let [file] = &files(directory.path())[..] else { panic!("one entry") };
    fs::remove_file(file).expect("a file");
    fs::create_dir(file).expect("a directory");
    let cache = open();
    assert!(cache.open(&config, digest).expect("no refusal").is_none());
    assert!(cache.compile(&config, &bytes).is_ok());
    assert_eq!(files(directory.path()), std::slice::from_ref(file), "no temporary file is left");
    assert!(cache.stats().disk.faults.values().sum::<u64>() >= 2, "{:?}", cache.stats().disk);
}

#[test]
fn the_directory_stays_within_its_size() {
    let directory = tempfile::tempdir().expect("a directory");
    let cache = ModuleCache::with_directory(directory.path(), 2000).expect("usable");
    for constant in 0..50 {
        cache.compile(&Config::default(), &adder(constant)).expect("it compiles");
        let bytes: u64 = files(directory.path())
            .iter()
            .map(|file| fs::metadata(file).expect("a file").len())
            .sum();
        assert!(bytes <= 2000, "{bytes} bytes after {constant}");
    }
    let stats = cache.stats().disk;
    assert_eq!(stats.kept, 50);
    assert!(stats.removed > 30, "{stats:?}");
    let large = wat::parse_str(format!(r#"(module (memory 1) (data "{}"))"#, "x".repeat(3000)));
    cache.compile(&Config::default(), &large.expect("a module")).expect("it compiles");
    assert_eq!(cache.stats().disk.too_large, 1);
}

#[test]
fn several_caches_use_one_directory_at_once() {
    let directory = tempfile::tempdir().expect("a directory");
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let cache =
                    ModuleCache::with_directory(directory.path(), MEGABYTE).expect("usable");
                for constant in 0..40 {
                    let bytes = adder(constant);
                    let handle = cache.compile(&Config::default(), &bytes).expect("it compiles");
                    let module = handle.module().expect("open");
                    assert_eq!(result(&module), [Value::I32(40 + constant)]);
                }
                let stats = cache.stats().disk;
                assert!(stats.refused.is_empty() && stats.faults.is_empty(), "{stats:?}");
            });
        }
    });
    let left = files(directory.path());
    assert_eq!(left.len(), 40);
    assert!(left.iter().all(|file| file.extension().is_some_and(|it| it == "entry")));
}

/// The directory that a process of the test below is to use.
const DIRECTORY: &str = "GAINSAY_TEST_CACHE_DIRECTORY";
/// Whether it goes on until it is killed; or, should nobody do that, for a minute or so.
const GOES_ON: &str = "GAINSAY_TEST_GOES_ON";
const ROUNDS_MAX: usize = 1000;

/// One process: compiles, and finds on disk what others compiled. Does nothing unless
/// the test below starts it.
#[test]
fn a_process_of_several() {
    let Some(directory) = std::env::var_os(DIRECTORY) else { return };
    let config = Config::default();
    let rounds = if std::env::var_os(GOES_ON).is_some() { ROUNDS_MAX } else { 1 };
    for _ in 0..rounds {
        let cache = ModuleCache::with_directory(Path::new(&directory), MEGABYTE).expect("usable");
        for constant in 0..40 {
            let handle = cache.compile(&config, &adder(constant)).expect("it compiles");
            assert_eq!(result(&handle.module().expect("open")), [Value::I32(40 + constant)]);
            let digest = *handle.key().digest();
            drop(handle);
            let stored = cache.open(&config, digest).expect("no refusal").expect("it was kept");
            assert_eq!(result(&stored.module().expect("open")), [Value::I32(40 + constant)]);
        }
        let stats = cache.stats().disk;
        assert!(stats.refused.is_empty() && stats.faults.is_empty(), "{stats:?}");
    }
}

#[test]
fn several_processes_use_one_directory_and_one_is_killed() {
    let directory = tempfile::tempdir().expect("a directory");
    let process = || {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["a_process_of_several", "--exact"]).env(DIRECTORY, directory.path());
        command.stdout(Stdio::null());
        command
    };
    let mut doomed = process().env(GOES_ON, "1").spawn().expect("a process");
    let others: Vec<_> = (0..4).map(|_| process().spawn().expect("a process")).collect();
    for mut other in others {
        assert!(other.wait().expect("it ends").success());
    }
    doomed.kill().expect("it runs until then");
    doomed.wait().expect("it ends");
    let cache = ModuleCache::with_directory(directory.path(), MEGABYTE).expect("usable");
    for constant in 0..40 {
        let digest = *ModuleKey::new(&Config::default(), &adder(constant)).digest();
        assert!(cache.open(&Config::default(), digest).expect("no refusal").is_some());
    }
    assert_eq!(cache.stats().disk.found, 40);
}
