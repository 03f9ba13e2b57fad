//! The seeds still stand for what they stood for when they were made.

use std::collections::BTreeMap;
use std::fs;

use crate::common::{corpus, folder, quietly};
use gainsay_fuzzing::{
    Differential, KnownBugs, Lifecycle, Seeds, Target, Validate, WastRoundtrip, meanings,
};

fn seeds_of(target: &str) -> Seeds {
    let entries = fs::read_dir(folder(target)).expect("a folder of seeds");
    let seed = |entry: fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        (name, fs::read(entry.path()).expect("a seed"))
    };
    entries.map(|entry| seed(entry.expect("an entry"))).collect::<BTreeMap<_, _>>()
}

/// Every seed stands for what the table beside the folder says, and there are no others.
fn stand_for_what_they_did<T: Target>(seeds_min: usize, bytes_mean_min: usize) {
    quietly();
    let seeds = seeds_of(T::NAME);
    let bytes: usize = seeds.values().map(Vec::len).sum();
    println!("{}: {} seeds, {bytes} bytes", T::NAME, seeds.len());
    assert!(seeds.len() >= seeds_min, "{}: {} seeds", T::NAME, seeds.len());
    let mean = bytes / seeds.len();
    assert!(mean >= bytes_mean_min, "{}: {mean} bytes in a mean seed", T::NAME);
    let table = folder(T::NAME).with_extension("tsv");
    let table = fs::read_to_string(table).expect("a table of seeds");
    let now = meanings::<T>(&seeds);
    let changed = std::iter::zip(table.lines(), now.lines()).find(|(then, now)| then != now);
    assert_eq!(changed, None, "run scripts/fuzz-seeds if this is what the generator shall do");
    assert_eq!(table.lines().count(), now.lines().count());
}

#[test]
fn seeds_of_differential_stand_for_what_they_did() {
    stand_for_what_they_did::<Differential>(100, 500);
}

#[test]
fn seeds_of_lifecycle_stand_for_what_they_did() {
    stand_for_what_they_did::<Lifecycle>(60, 200);
}

#[test]
fn seeds_of_validate_stand_for_what_they_did() {
    stand_for_what_they_did::<Validate>(60, 200);
}

#[test]
fn seeds_of_wast_roundtrip_stand_for_what_they_did() {
    stand_for_what_they_did::<WastRoundtrip>(60, 500);
}

/// What a campaign passes over is exactly what the corpus documents of the engines here.
#[test]
fn known_bugs_show_in_this_process_or_are_avoided() {
    quietly();
    let groups = gainsay_fuzzing::Groups::open();
    let known = KnownBugs::open(&groups);
    let shown: BTreeMap<&str, usize> = known.shown().collect();
    println!("{shown:?}");
    let documented = fs::read_dir(corpus()).expect("the corpus").filter_map(|entry| {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).ok()?;
        let name = path.file_stem()?.to_str()?.to_owned();
        let is_here = groups.infos().any(|info| {
            let line = format!(";; gainsay:known-bug {} {} ", info.id, info.version);
            text.contains(&line)
        });
        is_here.then_some((name, text))
    });
    let mut bugs = 0;
    for (name, text) in documented {
        bugs += 1;
        let dies =
            text.lines().any(|l| l.starts_with(";; gainsay:known-bug") && l.ends_with(" dies"));
        // Those by which the process may die are not run, so they have no shape.
        assert_eq!(shown.get(&*name).is_some_and(|shapes| *shapes > 0), !dies, "{name}");
    }
    assert!(bugs >= 6, "{bugs} known bugs in the corpus");
}
