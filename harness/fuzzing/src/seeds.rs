//! The inputs that a campaign starts from, made of generated cases and of `corpus/`.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use gainsay_case::text::{Script, read};
use gainsay_case::{Capabilities, Limits, Proposal, Step, execute};
use gainsay_engines::registry;
use gainsay_engines::validity;
use gainsay_generate::{Decisions, case_from, decisions_of};
use gainsay_lifecycle::generate;

use crate::differential::Differential;
use crate::envelope::Envelope;
use crate::group::{COUNT, Groups};
use crate::input::Input;
use crate::lifecycle::Lifecycle;
use crate::rng::Rng;
use crate::roundtrip::WastRoundtrip;
use crate::target::Target;
use crate::validate::{Validate, section_at, sections};

/// Inputs by the name of their file.
pub type Seeds = BTreeMap<String, Vec<u8>>;

/// No seed has more decisions than this; the generator decides the rest.
const DECISIONS_MAX: usize = 1 << 11;

/// Which generated cases are looked at: those of these seeds, in order.
const LOOKED_AT: u64 = 600;

/// How many seeds say a thing before another one that says it is left out.
const TIMES: u32 = 2;

/// The seeds of every target, by its name. `corpus` is the directory of that name.
///
/// # Errors
/// If the corpus cannot be read.
pub fn seeds(corpus: &Path) -> io::Result<BTreeMap<&'static str, Seeds>> {
    let corpus = files(corpus)?;
    Ok(BTreeMap::from([
        (Differential::NAME, differential(&corpus)),
        (Lifecycle::NAME, lifecycle(&corpus)),
        (Validate::NAME, validate(&corpus)),
        (WastRoundtrip::NAME, roundtrip(&corpus)),
    ]))
}

/// The texts in the corpus, by name.
fn files(corpus: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(corpus)? {
        let path = entry?.path();
        if path.is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.insert(name, std::fs::read_to_string(&path)?);
        }
    }
    Ok(files)
}

/// The name of a seed has no extension: `gainsay replay corpus` would take it for a case.
fn stem(name: &str) -> &str {
    name.split_once(".wast").or_else(|| name.split_once(".scenario")).map_or(name, |(stem, _)| stem)
}

/// Keeps what says something that was said fewer than [`TIMES`] times.
#[derive(Default)]
struct Said(BTreeMap<String, u32>);

impl Said {
    fn is_news<'w>(&mut self, words: impl IntoIterator<Item = &'w str>) -> bool {
        let mut news = false;
        for word in words {
            let times = self.0.entry(word.to_owned()).or_default();
            *times += 1;
            news |= *times <= TIMES;
        }
        news
    }
}

/// The part of a meaning that names what is reached.
fn reached(meaning: &str) -> impl Iterator<Item = &str> {
    meaning.split_once(": ").map_or("", |(_, reached)| reached).split(' ')
}

/// Decisions and whole cases for every group, which between them execute all that its
/// engines have; and the cases of the corpus.
fn differential(corpus: &BTreeMap<String, String>) -> Seeds {
    let mut target = Differential::open();
    let groups = Groups::open();
    let mut seeds = Seeds::new();
    for group in 0..COUNT {
        let common = groups.common(group);
        let (mut as_decisions, mut as_cases) = (Said::default(), Said::default());
        for seed in 0..LOOKED_AT {
            // Whole cases are others than those that are decided.
            let is_case = seed % 2 == 1;
            let input = match is_case {
                true => {
                    let case = case_from(common, Decisions { seed, bytes: &[] }).case;
                    Envelope { group, case }.encode()
                }
                false => {
                    let bytes = decisions_of(common, seed, DECISIONS_MAX);
                    Input::decisions(group, Decisions { seed, bytes: &bytes })
                }
            };
            let said = if is_case { &mut as_cases } else { &mut as_decisions };
            if said.is_news(reached(&target.meaning(&input))) {
                let form = if is_case { "case" } else { "decisions" };
                seeds.insert(format!("{form}-{group}-{seed}"), input);
            }
        }
    }
    for (name, text) in corpus {
        let is_known_bug = text.contains("gainsay:known-bug");
        if let Ok(Script { case, .. }) = read(text)
            && !case.steps.is_empty()
            && !is_known_bug
        {
            let name = stem(name);
            let input = Envelope { group: 1, case }.encode();
            // Some cases of the corpus take more time than an input may.
            if target.meaning(&input).starts_with("group") {
                seeds.insert(format!("corpus-{name}"), input);
            }
        }
    }
    seeds
}

/// Scenarios of the corpus, generated ones, and decisions.
fn lifecycle(corpus: &BTreeMap<String, String>) -> Seeds {
    const BYTES: usize = 600;
    let mut seeds = Seeds::new();
    for (name, text) in corpus.iter().filter(|(name, _)| name.ends_with(".scenario")) {
        seeds.insert(format!("corpus-{}", stem(name)), text.clone().into_bytes());
    }
    let mut target = Lifecycle::open();
    let (mut written, mut decided) = (Said::default(), Said::default());
    for seed in 0..LOOKED_AT {
        let scenario = generate(seed, 0).to_string().into_bytes();
        if written.is_news(reached(&target.meaning(&scenario))) {
            seeds.insert(format!("scenario-{seed}"), scenario);
        }
        let mut rng = Rng::new(seed);
        let bytes: Vec<u8> = (0..BYTES).map(|_| rng.u64() as u8).collect();
        if decided.is_news(reached(&target.meaning(&bytes))) {
            seeds.insert(format!("decisions-{seed}"), bytes);
        }
    }
    seeds
}

/// Modules that use each proposal, those of the corpus, and for each section a module that
/// is refused because of it; and decisions.
fn validate(corpus: &BTreeMap<String, String>) -> Seeds {
    let mut target = Validate::open();
    let mut seeds = Seeds::new();
    let all: Capabilities = Proposal::ALL.iter().copied().collect();
    let (mut accepted, mut refused, mut decided) =
        (Said::default(), Said::default(), Said::default());
    for seed in 0..LOOKED_AT {
        let case = case_from(&all, Decisions { seed, bytes: &[] }).case;
        for (name, binary) in case.modules() {
            if accepted.is_news(reached(&target.meaning(binary))) {
                seeds.insert(format!("module-{seed}-{name}"), binary.to_vec());
            }
            for (section, damaged) in damaged_sections(binary, &mut Rng::new(seed)) {
                let meaning = target.meaning(&damaged);
                if refused.is_news(reached(&meaning).chain([section])) {
                    seeds.insert(format!("damaged-{seed}-{name}-{section}"), damaged);
                }
            }
        }
        let bytes = decisions_of(&all, seed, DECISIONS_MAX);
        let input = Decisions { seed, bytes: &bytes }.to_input();
        if decided.is_news(reached(&target.meaning(&input))) {
            seeds.insert(format!("decisions-{seed}"), input);
        }
    }
    // Sections that generated modules do not have or that are too short to be hit: a custom
    // section whose name is text, one whose name is not, and a count of data segments that
    // is too long (§ binary/values, integers).
    let short: [(&str, &[u8]); 3] = [
        ("custom", &[0, 3, 2, b'h', b'i']),
        ("damaged-custom", &[0, 3, 2, 0xff, 0xff]),
        ("damaged-data-count", &[12, 7, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0]),
    ];
    for (name, section) in short {
        seeds.insert(name.to_owned(), [b"\0asm\x01\0\0\0", section].concat());
    }
    for (name, text) in corpus {
        let Ok(Script { case, .. }) = read(text) else { continue };
        for (at, (_, binary)) in case.modules().enumerate() {
            seeds.insert(format!("corpus-{}-{at}", stem(name)), binary.to_vec());
        }
    }
    seeds
}

/// For each section of a binary, the binary with a fault in it for which it is refused, if
/// one is found soon.
fn damaged_sections(binary: &[u8], rng: &mut Rng) -> Vec<(&'static str, Vec<u8>)> {
    const ATTEMPTS_MAX: usize = 12;
    let mut found = Vec::new();
    for (section, range) in sections(binary) {
        let damaged = (0..ATTEMPTS_MAX).find_map(|_| {
            let mut damaged = binary.to_vec();
            *damaged.get_mut(range.start + rng.below(range.len()))? ^= 1 << rng.below(8);
            let error = validity::reference(&damaged).err()?;
            (section_at(&damaged, error.offset) == Some(section)).then_some(damaged)
        });
        found.extend(damaged.map(|damaged| (section, damaged)));
    }
    found
}

/// A binary with one byte changed behind the header.
fn damaged(binary: &[u8], rng: &mut Rng) -> Vec<u8> {
    const HEADER_BYTES: usize = 8;
    let mut damaged = binary.to_vec();
    if damaged.len() > HEADER_BYTES {
        let at = HEADER_BYTES + rng.below(damaged.len() - HEADER_BYTES);
        damaged[at] ^= 1 << rng.below(8);
    }
    damaged
}

/// Scripts of the corpus, generated ones that have each directive, and decisions.
fn roundtrip(corpus: &BTreeMap<String, String>) -> Seeds {
    let mut target = WastRoundtrip::open();
    let mut seeds = Seeds::new();
    for (name, text) in corpus.iter().filter(|(name, _)| name.ends_with(".wast")) {
        seeds.insert(format!("corpus-{}", stem(name)), text.clone().into_bytes());
    }
    let reference =
        registry::find(&["reference".to_owned()]).expect("the reference is compiled in").remove(0);
    let all: Capabilities = Proposal::ALL.iter().copied().collect();
    let (mut scripts, mut decided) = (Said::default(), Said::default());
    for seed in 0..LOOKED_AT {
        let mut case = case_from(&all, Decisions { seed, bytes: &[] }).case;
        if seed % 4 == 3 {
            let mut rng = Rng::new(seed);
            for step in &mut case.steps {
                if let Step::Define { bytes, .. } = step {
                    *bytes = damaged(bytes, &mut rng).into();
                }
            }
        }
        let outcome = execute(
            &*reference,
            &case,
            &Limits { fuel_per_call: Some(200_000), ..Limits::default() },
        );
        let text = Script::new(case, Some(&outcome)).to_text().into_bytes();
        if scripts.is_news(split_forms(&target.meaning(&text))) {
            seeds.insert(format!("script-{seed}"), text);
        }
        let bytes = decisions_of(&all, seed, DECISIONS_MAX);
        let input = Decisions { seed, bytes: &bytes }.to_input();
        if decided.is_news(split_forms(&target.meaning(&input))) {
            seeds.insert(format!("decisions-{seed}"), input);
        }
    }
    seeds
}

fn split_forms(meaning: &str) -> impl Iterator<Item = &str> {
    meaning.split_once(": ").map_or("", |(_, forms)| forms).split(" (")
}

/// What each seed stands for, one line each: name, tab, meaning.
pub fn meanings<T: Target>(seeds: &Seeds) -> String {
    let mut target = T::open();
    let line = |(name, bytes): (&String, &Vec<u8>)| format!("{name}\t{}\n", target.meaning(bytes));
    seeds.iter().map(line).collect()
}
