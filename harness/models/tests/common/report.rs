//! Says how a model ended, for whoever started the process.

use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use gainsay_models::Outcome;
use gainsay_models::catalogue::{self, Model};

/// Counts the schedules of one model. A panic, and whatever comes after it, is reported
/// from the hook: a failing model may not live to say more.
pub struct Report {
    pub model: &'static Model,
    executions: Arc<AtomicU64>,
    start: Instant,
}

impl Report {
    /// Of the model with this name.
    pub fn of(name: &str) -> Report {
        let model = catalogue::model(name).expect("every model is in the catalogue");
        let executions = Arc::new(AtomicU64::new(0));
        let start = Instant::now();
        let (counted, reported) = (Arc::clone(&executions), AtomicBool::new(false));
        panic::set_hook(Box::new(move |info| {
            if !reported.swap(true, Ordering::Relaxed) {
                let said = info.payload_as_str().unwrap_or("a panic without a message");
                let location = info.location().map(|at| format!(" (line {})", at.line()));
                let failure = Some(format!("{said}{}", location.unwrap_or_default()));
                let executions = counted.load(Ordering::Relaxed);
                let seconds = start.elapsed().as_secs_f64();
                println!("{}", Outcome { executions, seconds, failure }.line());
            }
        }));
        Report { model, executions, start }
    }

    /// The bound that was asked for.
    pub fn bound(&self) -> Option<u32> {
        let nightly = std::env::var_os("GAINSAY_MODELS_NIGHTLY").is_some();
        if nightly { self.model.bound.nightly } else { self.model.bound.gate }
    }

    /// What a schedule calls at its beginning; gives its number.
    pub fn counter(&self) -> impl Fn() -> u64 + Send + Sync + 'static {
        let executions = Arc::clone(&self.executions);
        move || executions.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// It held in all schedules, of which there was more than one.
    pub fn passed(self) {
        let executions = self.executions.load(Ordering::Relaxed);
        assert!(executions > 1, "the model was executed only once");
        let seconds = self.start.elapsed().as_secs_f64();
        println!("{}", Outcome { executions, seconds, failure: None }.line());
        drop(panic::take_hook());
    }
}
