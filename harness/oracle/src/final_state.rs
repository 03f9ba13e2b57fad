//! Compares what is left after the last step, over all engines at once.

use crate::appearance::{Appearance, ending};
use crate::classes::{classes, sorted};
use crate::divergence::Divergence;
use crate::judge::Walk;
use crate::normal_outcome::NormalOutcome;
use crate::rules::Growth;
use crate::run::RunEnding;
use crate::state;
use crate::verdict::{AllowedReason, InconclusiveReason};

impl Walk<'_> {
    /// Compare the instances that are left, and engines that ended after the last step.
    pub(crate) fn final_state(&mut self) {
        let mut offences = Vec::new();
        let mut stalled = Vec::new();
        for (engine, run) in self.runs.iter().enumerate() {
            if self.gone[engine] || *run.ending == RunEnding::Completed {
                continue;
            }
            self.gone[engine] = true;
            match ending(run.ending) {
                Appearance::Offence(kind, summary) => offences.push((engine, kind, summary)),
                Appearance::Stalled(kind, reason) => stalled.push((engine, kind, reason)),
                _ => {}
            }
        }
        let completed: Vec<usize> = (0..self.runs.len()).filter(|e| !self.gone[*e]).collect();
        for (engine, kind, reason) in stalled {
            match completed.is_empty() {
                true => self.leave_out(&[reason]),
                false => offences.push((engine, kind, NormalOutcome::named(kind.name()))),
            }
        }
        if !offences.is_empty() {
            let rest = completed.into_iter().map(|engine| (engine, "completed".to_owned()));
            self.accuse(None, offences, rest.collect());
            return;
        }
        let instances: Vec<String> = self.links.instances().map(str::to_owned).collect();
        for instance in instances {
            self.instance_state(&instance, &completed);
            if self.divergence.is_some() {
                return;
            }
        }
    }

    fn instance_state(&mut self, instance: &str, completed: &[usize]) {
        let mut states = Vec::new();
        for &engine in completed {
            if self.links.is_instance_unsettled(instance, engine) {
                self.leave_out(&[InconclusiveReason::Unsettled]);
            } else {
                states.push((engine, self.runs[engine].outcome.state.get(instance)));
            }
        }
        let Some((_, first)) = states.first().copied() else { return };
        let classes = classes(&states, |left, right| state::same_state(self.values, *left, *right));
        if classes.len() == 1 {
            if states.iter().any(|(_, state)| *state != first) {
                self.allow(AllowedReason::NanPayload);
            }
            return;
        }
        if self.nans.has_instance(instance) {
            self.allow(AllowedReason::NanPayload);
            return;
        }
        let empty = Default::default();
        let exports = |class: usize| classes[class].0.unwrap_or(&empty);
        if self.rules.growth == Growth::Free
            && (1..classes.len()).all(|class| state::sizes_differ(exports(0), exports(class)))
        {
            self.allow(AllowedReason::GrowRefused);
            return;
        }
        let export = state::first_difference(self.values, exports(0), exports(1));
        let of = |class: usize| export.and_then(|export| exports(class).get(export));
        let class = |index: usize| {
            let (summary, detail) = (state::summarise(of(index)), state::detail(of(index)));
            self.class(&classes[index].1, summary, detail)
        };
        self.divergence = Some(Divergence {
            kind: state::kind_of_difference(of(0), of(1)),
            step: None,
            instance: Some(instance.to_owned()),
            export: export.map(str::to_owned),
            classes: sorted((0..classes.len()).map(class).collect()),
        });
    }
}
