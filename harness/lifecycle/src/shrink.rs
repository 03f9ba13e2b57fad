//! The fewest operations that still show something.

use crate::op::Op;
use crate::scenario::Scenario;
use crate::word::{Allocation, EngineId, Rule};

/// Leave operations out, as many at once as possible, as long as `shows` says that what is
/// left still shows it; it is asked at most `attempts_max` times.
pub fn shrink(
    scenario: &Scenario,
    attempts_max: u32,
    shows: &mut dyn FnMut(&Scenario) -> bool,
) -> Scenario {
    let mut shrinker = Shrinker { best: scenario.clone(), left: attempts_max, shows };
    // What could not be left out may be, after something else was.
    loop {
        let before = shrinker.best.clone();
        let mut size = before.ops.len().next_power_of_two();
        while size > 0 {
            shrinker.without_chunks(size);
            size /= 2;
        }
        shrinker.simpler();
        if shrinker.best == before || shrinker.left == 0 {
            return shrinker.best;
        }
    }
}

struct Shrinker<'a> {
    best: Scenario,
    left: u32,
    shows: &'a mut dyn FnMut(&Scenario) -> bool,
}

impl Shrinker<'_> {
    fn try_instead(&mut self, ops: Vec<Op>) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        let candidate = Scenario { ops };
        let shows = (self.shows)(&candidate);
        if shows {
            self.best = candidate;
        }
        shows
    }

    /// From the end: what comes late depends on what comes early.
    fn without_chunks(&mut self, size: usize) {
        let mut end = self.best.ops.len();
        while end > 0 {
            let start = end.saturating_sub(size);
            let mut ops = self.best.ops.clone();
            ops.drain(start..end);
            self.try_instead(ops);
            end = start.min(self.best.ops.len());
        }
    }

    /// Plainer operations in the place of those that are left.
    fn simpler(&mut self) {
        for at in 0..self.best.ops.len() {
            for plainer in plainer(&self.best.ops[at]) {
                let mut ops = self.best.ops.clone();
                ops[at] = plainer;
                self.try_instead(ops);
            }
        }
    }
}

fn plainer(op: &Op) -> Vec<Op> {
    match op.clone() {
        Op::EngineNew { engine: engine @ EngineId(0), allocation } => {
            [Allocation::OnDemand, Allocation::Pool(1)]
                .into_iter()
                .filter(|plainer| *plainer < allocation)
                .map(|allocation| Op::EngineNew { engine, allocation })
                .rev()
                .collect()
        }
        Op::Instantiate { instance, store, module, rule: Rule::Guarded } => {
            vec![Op::Instantiate { instance, store, module, rule: Rule::Raw }]
        }
        Op::Compile { module, engine, program, via } => {
            let mut plainer = Vec::new();
            if engine != EngineId(0) {
                plainer.push(Op::Compile { module, engine: EngineId(0), program, via });
            }
            if via.is_some() {
                plainer.push(Op::Compile { module, engine, program, via: None });
            }
            if program != crate::Program::Plain {
                plainer.push(Op::Compile { module, engine, program: crate::Program::Plain, via });
            }
            plainer
        }
        Op::StoreNew { store, engine } if engine != EngineId(0) => {
            vec![Op::StoreNew { store, engine: EngineId(0) }]
        }
        Op::EngineNew { engine, allocation } if engine != EngineId(0) => {
            vec![Op::EngineNew { engine: EngineId(0), allocation }]
        }
        _ => Vec::new(),
    }
}
