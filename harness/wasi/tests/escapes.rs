//! Nothing leads out of a directory that a guest was given.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::common::guest::{Guest, args};
use crate::common::witx::*;
use gainsay_host::sync::{Arc, Flag, thread};
use gainsay_wasi::WasiBuilder;
use tempfile::TempDir;

const DIR: u32 = 3;

/// What no guest may see, change or remove.
const SECRET: &str = "secret";

/// A directory with `given`, which the guest gets, beside `outside`, in which there is a
/// file `secret` that says so.
fn guest() -> (Guest, TempDir) {
    let host = tempfile::tempdir().unwrap();
    fs::create_dir_all(host.path().join("given/dir")).unwrap();
    fs::create_dir(host.path().join("outside")).unwrap();
    fs::write(host.path().join("outside/secret"), SECRET).unwrap();
    let builder = WasiBuilder::new().preopen(host.path().join("given"), ".");
    (Guest::new(builder.build().unwrap()), host)
}

/// Ways to `outside/secret`, with what makes them: links in `given` and where they lead.
fn ways(host: &Path) -> Vec<(&'static str, String)> {
    let outside = host.join("outside");
    symlink("..", host.join("given/up")).unwrap();
    symlink(&outside, host.join("given/absolute")).unwrap();
    symlink("../outside", host.join("given/relative")).unwrap();
    symlink("../outside/secret", host.join("given/direct")).unwrap();
    symlink("dir/../../outside", host.join("given/winding")).unwrap();
    symlink("relative/secret", host.join("given/chain")).unwrap();
    symlink("/proc/self/root", host.join("given/magic")).unwrap();
    vec![
        ("dots", "../outside/secret".into()),
        ("dots behind a directory", "dir/../../outside/secret".into()),
        ("dots behind dots", "./././dir/./../.././outside/secret".into()),
        ("an absolute path", outside.join("secret").display().to_string()),
        ("two slashes", format!("/{}", outside.join("secret").display())),
        ("a link up", "up/outside/secret".into()),
        ("an absolute link", "absolute/secret".into()),
        ("a relative link", "relative/secret".into()),
        ("a link to the file", "direct".into()),
        ("a link that winds", "winding/secret".into()),
        ("a link to a link", "chain".into()),
        ("a link of the system", format!("magic{}", outside.join("secret").display())),
    ]
}

#[test]
fn no_function_on_paths_leaves_the_directory() {
    let (mut guest, host) = guest();
    guest.write(200, b"inner");
    fs::write(host.path().join("given/inner"), "").unwrap();
    let ways = ways(host.path());
    for (way, path) in &ways {
        guest.write(1_000, path.as_bytes());
        let (at, length) = (1_000u32, path.len() as u32);
        let of_path = args![DIR, at, length];
        // What is at the end of a path may be a link, which is then meant itself.
        let itself = !path.contains('/');
        let calls = [
            ("path_open", args![DIR, 1u32, at, length, 0u32, FD_READ, 0u64, 0u32, 100u32], false),
            ("path_open", args![DIR, 1u32, at, length, CREAT, FD_WRITE, 0u64, 0u32, 100u32], false),
            ("path_open", args![DIR, 1u32, at, length, TRUNC, 0u64, 0u64, 0u32, 100u32], false),
            ("path_filestat_get", args![DIR, 1u32, at, length, 100u32], false),
            ("path_filestat_get", args![DIR, 0u32, at, length, 100u32], itself),
            ("path_filestat_set_times", args![DIR, 1u32, at, length, 1u64, 1u64, 5u32], false),
            ("path_readlink", args![DIR, at, length, 2_000u32, 100u32, 100u32], itself),
            ("path_create_directory", of_path, false),
            ("path_remove_directory", of_path, false),
            ("path_symlink", args![200u32, 5u32, DIR, at, length], false),
            ("path_link", args![DIR, 0u32, 200u32, 5u32, DIR, at, length], false),
            ("path_rename", args![DIR, 200u32, 5u32, DIR, at, length], itself),
        ];
        for (name, args, itself) in calls {
            let errno = guest.errno(name, args);
            let refused = [NOTCAPABLE, EXIST, NOTDIR].contains(&errno);
            assert!(itself || refused, "{name} by {way}: {errno}");
            let secret = fs::read_to_string(host.path().join("outside/secret"));
            assert_eq!(secret.unwrap(), SECRET, "{name} by {way}");
        }
        let outside = fs::read_dir(host.path().join("outside")).unwrap().count();
        assert_eq!(outside, 1, "something was made by {way}");
        fs::write(host.path().join("given/inner"), "").unwrap();
    }
    println!("{} ways out", ways.len());
}

#[test]
fn a_path_that_leads_out_is_refused_for_that() {
    let (mut guest, host) = guest();
    for (way, path) in ways(host.path()) {
        assert_eq!(guest.open(DIR, &path, 0, FD_READ), Err(NOTCAPABLE), "{way}");
        assert_eq!(guest.open(DIR, &path, DIRECTORY, 0), Err(NOTCAPABLE), "{way}");
    }
}

#[test]
fn dots_that_stay_within_the_directory_are_permitted() {
    let (mut guest, host) = guest();
    fs::write(host.path().join("given/file"), "here").unwrap();
    symlink("../file", host.path().join("given/dir/back")).unwrap();
    for path in ["dir/../file", "./dir/.././file", "dir/back"] {
        let file = guest.open(DIR, path, 0, FD_READ).expect(path);
        assert_eq!(guest.read_fd(file).expect(path), b"here", "{path}");
    }
}

#[test]
fn a_directory_within_the_directory_is_a_bound_of_its_own() {
    let (mut guest, host) = guest();
    fs::write(host.path().join("given/file"), "here").unwrap();
    let rights = [ALL_OF_DIRECTORIES, FD_READ];
    let dir = guest.open_with(DIR, "dir", [0, DIRECTORY, 0], rights).unwrap();
    assert_eq!(guest.open(dir, "../file", 0, FD_READ), Err(NOTCAPABLE));
}

#[test]
fn links_in_a_circle_are_found_out() {
    let (mut guest, host) = guest();
    symlink("two", host.path().join("given/one")).unwrap();
    symlink("one", host.path().join("given/two")).unwrap();
    symlink("self/self", host.path().join("given/self")).unwrap();
    for path in ["one", "one/file", "self", "self/x"] {
        assert_eq!(guest.open(DIR, path, 0, FD_READ), Err(LOOP), "{path}");
    }
}

#[test]
fn a_link_to_an_absolute_path_is_not_made() {
    let (mut guest, _host) = guest();
    guest.write(100, b"/etc/passwd");
    guest.write(200, b"name");
    assert_eq!(guest.errno("path_symlink", args![100u32, 11u32, DIR, 200u32, 4u32]), NOTCAPABLE);
}

/// Until it is stopped, `race` in `given` is in turn the directory `honest`, in which
/// there is a file `secret` that says `inside`, and a link to where the secret one is.
struct Swapper {
    done: Arc<Flag>,
    thread: thread::JoinHandle<u64>,
}

impl Swapper {
    fn start(host: &Path) -> Swapper {
        let given = host.join("given");
        fs::create_dir(given.join("race")).unwrap();
        fs::write(given.join("race/secret"), "inside").unwrap();
        symlink("../outside", given.join("link")).unwrap();
        let done = Arc::new(Flag::new());
        let stop = Arc::clone(&done);
        let thread = thread::spawn(move || {
            let mut swaps = 0;
            let rename = |from: &str, to: &str| {
                fs::rename(given.join(from), given.join(to)).expect("only this thread renames");
            };
            while !stop.is_up() {
                rename("race", "honest");
                rename("link", "race");
                rename("race", "link");
                rename("honest", "race");
                swaps += 1;
            }
            swaps
        });
        Swapper { done, thread }
    }

    /// How often both were swapped.
    fn stop(self) -> u64 {
        self.done.raise();
        self.thread.join().unwrap()
    }
}

/// What may come of a path through `race`.
const RACE_ERRNOS: [i32; 6] = [NOTCAPABLE, NOENT, NOTDIR, LOOP, AGAIN, EXIST];

#[test]
fn a_link_that_is_swapped_meanwhile_shows_nothing() {
    let (mut guest, host) = guest();
    let swapper = Swapper::start(host.path());
    let (mut read, mut refused) = (0u32, 0u32);
    // So many that both were seen, or an end.
    for _ in 0..200_000 {
        match guest.open(DIR, "race/secret", 0, FD_READ) {
            Ok(file) => {
                assert_eq!(guest.read_fd(file).unwrap(), b"inside");
                guest.ok("fd_close", args![file]);
                read += 1;
            }
            Err(errno) => {
                assert!(RACE_ERRNOS.contains(&errno), "{errno}");
                refused += u32::from(errno == NOTCAPABLE);
            }
        }
        if read >= 2_000 && refused >= 2_000 {
            break;
        }
    }
    println!("{} swaps, {read} files read, {refused} ways out refused", swapper.stop());
    assert!(read > 0 && refused > 0, "the swapping was never seen: {read} and {refused}");
}

#[test]
fn a_link_that_is_swapped_meanwhile_lets_nothing_be_changed() {
    let (mut guest, host) = guest();
    let swapper = Swapper::start(host.path());
    guest.write(100, b"race/secret");
    guest.write(200, b"race/new");
    let (mut done, mut refused) = (0u32, 0u32);
    for round in 0..100_000 {
        let errno = match round % 7 {
            0 => guest.errno("path_create_directory", args![DIR, 200u32, 8u32]),
            1 => guest.errno("path_remove_directory", args![DIR, 200u32, 8u32]),
            2 => guest.errno("path_link", args![DIR, 0u32, 100u32, 11u32, DIR, 200u32, 8u32]),
            3 => guest.errno("path_unlink_file", args![DIR, 200u32, 8u32]),
            4 => guest.errno("path_rename", args![DIR, 100u32, 11u32, DIR, 200u32, 8u32]),
            5 => guest.errno("path_rename", args![DIR, 200u32, 8u32, DIR, 100u32, 11u32]),
            _ => match guest.open(DIR, "race/secret", CREAT | TRUNC, FD_WRITE) {
                Ok(file) => {
                    assert_eq!(guest.write_fd(file, b"changed"), Ok(7));
                    guest.errno("fd_close", args![file])
                }
                Err(errno) => errno,
            },
        };
        // A rename may have put the new directory in the place of the secret.
        let of_directory = [ISDIR, PERM].contains(&errno);
        assert!(errno == SUCCESS || RACE_ERRNOS.contains(&errno) || of_directory, "{errno}");
        done += u32::from(errno == SUCCESS);
        refused += u32::from(errno == NOTCAPABLE);
        let secret = fs::read_to_string(host.path().join("outside/secret"));
        assert_eq!(secret.expect("it is there"), SECRET);
        if done >= 3_000 && refused >= 3_000 {
            break;
        }
    }
    println!("{} swaps, {done} changes inside, {refused} ways out refused", swapper.stop());
    assert_eq!(fs::read_dir(host.path().join("outside")).unwrap().count(), 1);
    assert!(done > 0 && refused > 0, "the swapping was never seen: {done} and {refused}");
}
