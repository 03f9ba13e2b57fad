//! The cases of report R2, each many times on threads of the host and under drawn
//! schedules: `cargo run --release -p gainsay-host --example matrix [RUNS]`, 1,000 unless
//! said otherwise. Says how often each ended how; fails if one ended as it may not.
#![cfg(not(any(loom, shuttle)))]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use matrix::{Case, cases, on_threads, scheduled};

#[expect(clippy::disallowed_types, reason = "what a program prints is not part of the host")]
#[path = "../tests/processes/common.rs"]
mod common;
#[path = "../tests/processes/matrix.rs"]
mod matrix;

fn main() -> ExitCode {
    let runs: u64 = std::env::args().nth(1).and_then(|it| it.parse().ok()).unwrap_or(1_000);
    let (mut total, mut wrong) = (0, 0);
    for case in cases() {
        for way in ["threads", "schedules"] {
            let start = Instant::now();
            let endings = endings(&case, way, runs);
            let seconds = start.elapsed().as_secs_f64();
            for (exit, (count, allowed)) in endings {
                let verdict = if allowed { "" } else { "  NOT ALLOWED" };
                println!("{:46} {way:9} {seconds:6.2} s {count:6} {exit}{verdict}", case.name);
                total += count;
                wrong += if allowed { 0 } else { count };
            }
        }
    }
    println!("{total} runs, {wrong} of them ended as they may not");
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How often it ended how, and whether it may.
fn endings(case: &Case, way: &str, runs: u64) -> BTreeMap<String, (u64, bool)> {
    let mut endings = BTreeMap::new();
    for seed in 0..runs {
        let exit = if way == "threads" { on_threads(case) } else { scheduled(case, seed).exit };
        let allowed = case.allowed.contains(&exit);
        endings.entry(exit.to_string()).or_insert((0, allowed)).0 += 1;
    }
    endings
}
