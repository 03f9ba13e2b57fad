//! Who goes on next, when all threads of a process share one thread of the host.

/// What may happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Whom it happens to.
    pub thread: u32,
    /// Whether time passes until this thread's sleep is over. Otherwise it goes on until it
    /// does something else that others can see.
    pub time_passes: bool,
}

/// Chooses among what may happen next.
pub trait Schedule {
    /// The position of one of `choices`, of which there are at least two, by ascending
    /// thread; time passing, for who wakes first, comes last. A position past the end
    /// stands for the last one.
    fn choose(&mut self, choices: &[Choice]) -> usize;
}

/// Decisions of one's own.
impl<F: FnMut(&[Choice]) -> usize> Schedule for F {
    fn choose(&mut self, choices: &[Choice]) -> usize {
        self(choices)
    }
}

/// Each thread in its turn; time passes when it is the sleeper's.
#[derive(Clone, Debug, Default)]
pub struct RoundRobin {
    last: u32,
}

impl Schedule for RoundRobin {
    fn choose(&mut self, choices: &[Choice]) -> usize {
        let after = choices.iter().filter(|choice| choice.thread > self.last);
        let next =
            after.chain(choices).min_by_key(|choice| (choice.thread <= self.last, choice.thread));
        let Some(next) = next else { return 0 };
        self.last = next.thread;
        choices.iter().position(|choice| choice == next).unwrap_or(0)
    }
}

/// Drawn by a generator; the same seed, the same schedule.
#[derive(Clone, Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// The schedules of this seed.
    pub fn new(seed: u64) -> Seeded {
        Seeded(seed)
    }
}

impl Schedule for Seeded {
    fn choose(&mut self, choices: &[Choice]) -> usize {
        // SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        (bits % choices.len().max(1) as u64) as usize
    }
}

/// What [`crate::process::ScheduledRun::choices`] of an earlier run said; after its end,
/// each thread in its turn.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    choices: std::vec::IntoIter<u32>,
    then: RoundRobin,
}

impl Replay {
    /// These choices, in order.
    pub fn new(choices: Vec<u32>) -> Replay {
        Replay { choices: choices.into_iter(), then: RoundRobin::default() }
    }
}

impl Schedule for Replay {
    fn choose(&mut self, choices: &[Choice]) -> usize {
        match self.choices.next() {
            Some(choice) => choice as usize,
            None => self.then.choose(choices),
        }
    }
}

/// Every schedule there is, one after the other: for programs of a few threads and steps.
///
/// ```
/// # use gainsay_host::process::{Choice, Every, Schedule};
/// let choices = [0, 1].map(|thread| Choice { thread, time_passes: false });
/// let (mut every, mut runs) = (Every::default(), Vec::new());
/// while every.begin() {
///     runs.push([every.choose(&choices), every.choose(&choices)]);
/// }
/// assert_eq!(runs, [[0, 0], [0, 1], [1, 0], [1, 1]]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Every {
    /// What was chosen in this run, of how many.
    path: Vec<(usize, usize)>,
    /// How many choices were made in this run.
    depth: usize,
    begun: bool,
}

impl Every {
    /// Begin with the next schedule; `false` if there is none. The runs must differ in
    /// nothing but the schedule.
    pub fn begin(&mut self) -> bool {
        self.depth = 0;
        if !self.begun {
            self.begun = true;
            return true;
        }
        while let Some((chosen, count)) = self.path.pop() {
            if chosen + 1 < count {
                self.path.push((chosen + 1, count));
                return true;
            }
        }
        false
    }
}

impl Schedule for Every {
    fn choose(&mut self, choices: &[Choice]) -> usize {
        if self.depth == self.path.len() {
            self.path.push((0, choices.len()));
        }
        self.depth += 1;
        self.path[self.depth - 1].0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(thread: u32) -> Choice {
        Choice { thread, time_passes: false }
    }

    #[test]
    fn each_thread_has_its_turn() {
        let mut robin = RoundRobin::default();
        let choices = [run(0), run(2), Choice { thread: 1, time_passes: true }];
        let turns: Vec<u32> = (0..6).map(|_| choices[robin.choose(&choices)].thread).collect();
        assert_eq!(turns, [1, 2, 0, 1, 2, 0]);
    }

    #[test]
    fn a_seed_says_all() {
        let choices = [run(0), run(1), run(2)];
        let drawn = |seed| {
            let mut seeded = Seeded::new(seed);
            (0..100).map(|_| seeded.choose(&choices)).collect::<Vec<_>>()
        };
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        assert!((0..3).all(|position| drawn(1).contains(&position)));
    }

    #[test]
    fn a_replay_ends_with_turns() {
        let mut replay = Replay::new(vec![1, 1]);
        let choices = [run(0), run(1)];
        let turns: Vec<usize> = (0..4).map(|_| replay.choose(&choices)).collect();
        assert_eq!(turns, [1, 1, 1, 0]);
    }
}
