//! Any bytes, made a case, on three independent implementations in this process.
#![no_main]

use std::cell::OnceCell;

use gainsay_case::{Capabilities, Engine, Limits, execute, text};
use gainsay_generate::case_from_bytes;
use gainsay_oracle::{Rules, Run, Verdict, judge};
use libfuzzer_sys::{Corpus, fuzz_target};

struct Engines {
    engines: Vec<Box<dyn Engine>>,
    common: Capabilities,
}

thread_local! {
    static ENGINES: OnceCell<Engines> = const { OnceCell::new() };
}

fuzz_target!(|data: &[u8]| -> Corpus {
    ENGINES.with(|cell| {
        let Engines { engines, common } = cell.get_or_init(open);
        let Some(case) = case_from_bytes(common, data) else { return Corpus::Reject };
        let run = |engine: &Box<dyn Engine>| execute(&**engine, &case, &Limits::default());
        let outcomes: Vec<_> = engines.iter().map(run).collect();
        let runs: Vec<Run> = engines
            .iter()
            .zip(&outcomes)
            .map(|(engine, outcome)| Run::completed(engine.info(), outcome))
            .collect();
        let judgement = judge(&case, &runs, &Rules::default());
        if let Verdict::Diverge(divergence) = &judgement.verdict {
            panic!("{divergence}\n{}", text::print(&case, outcomes.first()));
        }
        Corpus::Keep
    })
});

fn open() -> Engines {
    let names = ["reference", "wasmi", "wasmtime"].map(str::to_owned);
    let engines =
        gainsay_engines::registry::find(&names).expect("the embedded engines are available");
    let common = engines
        .iter()
        .map(|engine| engine.info().capabilities.clone())
        .reduce(|common, other| &common & &other)
        .unwrap_or_default();
    Engines { engines, common }
}
