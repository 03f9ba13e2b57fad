//! Several workers, each with engines of its own.

use gainsay_case::Limits;
use gainsay_supervisor::{Fleet, WorkerSpec};

use crate::engines::ONLY;
use crate::support::worker;

pub const TESTS: &[(&str, fn())] =
    &[("an_engine_is_served_by_the_first_worker_that_has_it", first_come_first_served)];

fn only(engine: &str) -> WorkerSpec {
    let mut spec = worker();
    spec.env.push((ONLY.to_owned(), engine.to_owned()));
    spec
}

fn first_come_first_served() {
    let fleet = Fleet::new([only("sound"), only("other"), worker()]);
    let asked = ["other", "liar", "sound", "nowhere"].map(str::to_owned);
    let roster = fleet.roster(&asked, &Limits::default()).expect("all workers start");
    let served: Vec<(&str, usize)> =
        roster.engines.iter().map(|served| (served.info.id.as_str(), served.worker)).collect();
    assert_eq!(served, [("sound", 0), ("other", 1), ("liar", 2)]);
    let missing: Vec<&str> = roster.missing.iter().map(|missing| missing.id.as_str()).collect();
    assert_eq!(missing, ["nowhere"]);
    assert_eq!(fleet.worker(0).map(|spec| spec.env.len()), Some(2));
}
