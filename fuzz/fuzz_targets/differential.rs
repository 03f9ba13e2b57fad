//! Any bytes, made a case, on independent implementations in this process.
#![no_main]

use std::cell::RefCell;

use gainsay_campaign::judge_in_process;
use gainsay_findings::ReachTally;
use gainsay_case::{Capabilities, Engine, Limits, execute, text};
use gainsay_generate::{Generated, generated_from_bytes};
use gainsay_oracle::Verdict;
use libfuzzer_sys::{Corpus, fuzz_target};

struct Engines {
    engines: Vec<Box<dyn Engine>>,
    cases: u64,
    tally: ReachTally,
}

/// Those that come first have the most proposals in common.
const ENGINES: [&str; 3] = ["reference", "wasmtime", "wasmi"];

/// How often it is told what was reached: at this many cases, and twice that, and so on.
const TOLD_FIRST: u64 = 1 << 12;

thread_local! {
    static OPEN: RefCell<Option<Engines>> = const { RefCell::new(None) };
}

fuzz_target!(|data: &[u8]| -> Corpus {
    OPEN.with_borrow_mut(|open| {
        let Engines { engines, cases, tally } = open.get_or_insert_with(self::open);
        // The first byte says whom the case is meant for.
        let Some((audience, data)) = data.split_first() else { return Corpus::Reject };
        let engines = &engines[..2 + usize::from(audience & 1)];
        let Some(Generated { case, reach }) = generated_from_bytes(&common(engines), data) else {
            return Corpus::Reject;
        };
        let run = |engine: &Box<dyn Engine>| execute(&**engine, &case, &Limits::default());
        let outcomes: Vec<_> = engines.iter().map(run).collect();
        let infos = engines.iter().map(|engine| engine.info());
        tally.record(&reach.modules, &reach.steps, infos.zip(&outcomes));
        *cases += 1;
        if *cases >= TOLD_FIRST && cases.is_power_of_two() {
            eprintln!("{cases} cases\n{tally}");
        }
        let judgement = judge_in_process(&case, engines, &outcomes, &Limits::default());
        if let Verdict::Diverge(divergence) = &judgement.verdict {
            panic!("{divergence}\n{}", text::print(&case, outcomes.first()));
        }
        Corpus::Keep
    })
});

fn open() -> Engines {
    let engines = gainsay_engines::registry::find(&ENGINES.map(str::to_owned))
        .expect("the embedded engines are available");
    Engines { engines, cases: 0, tally: ReachTally::default() }
}

fn common(engines: &[Box<dyn Engine>]) -> Capabilities {
    let capabilities = engines.iter().map(|engine| engine.info().capabilities.clone());
    capabilities.reduce(|common, other| &common & &other).unwrap_or_default()
}
