//! Which findings have one cause.
//!
//! A defect shows in many ways: a wrong value is returned, stored, passed to the
//! host or makes a later instruction trap. What is left after minimisation tells:
//! where the instructions of one finding are all in another one, and the engines
//! part alike, the second adds nothing that a maintainer needs.

use std::collections::BTreeSet;

use gainsay_case::EngineInfo;
use gainsay_oracle::{DivergenceKind, NormalOutcome, SignatureClass, normalised_message};

use crate::minimised::Minimised;
use crate::signature::Signature;

/// A finding with all those that it explains.
pub struct Cause {
    /// The simplest of them.
    pub minimised: Minimised,
    /// Cases of all of them.
    pub count: u64,
    /// The signatures of those explained, sorted.
    pub absorbed: Vec<Signature>,
}

/// Put what has one cause together. Which finding stands for it and what it
/// explains follow from the findings alone, not from their order: no two of them
/// share a signature.
pub fn causes(findings: Vec<(Minimised, u64)>, engines: &[EngineInfo]) -> Vec<Cause> {
    let mut findings = findings;
    findings.sort_by_cached_key(|(minimised, _)| simplicity(minimised));
    let complaints: Vec<Option<Complaint>> =
        findings.iter().map(|(minimised, _)| complaint(minimised, engines)).collect();
    // Where each finding went among the causes.
    let mut places: Vec<usize> = Vec::new();
    let mut causes: Vec<Cause> = Vec::new();
    let all: Vec<Minimised> = findings.iter().map(|(minimised, _)| minimised.clone()).collect();
    for (at, (minimised, count)) in findings.into_iter().enumerate() {
        let says_same =
            |simpler: usize| complaints[at].is_some() && complaints[simpler] == complaints[at];
        let explained =
            (0..at).find(|simpler| says_same(*simpler) || explains(&all[*simpler], &minimised));
        match explained {
            Some(simpler) => {
                let place = places[simpler];
                causes[place].count += count;
                causes[place].absorbed.push(minimised.signature);
                places.push(place);
            }
            None => {
                places.push(causes.len());
                causes.push(Cause { minimised, count, absorbed: Vec::new() });
            }
        }
    }
    causes.iter_mut().for_each(|cause| cause.absorbed.sort_by_cached_key(Signature::to_string));
    causes.sort_by_cached_key(|cause| cause.minimised.signature.to_string());
    causes
}

/// Whether `found` shows what `known` shows: the engines that failed said the same, or
/// everything that is left of `known` is in it, with the same engines on either side.
pub fn has_cause_of(known: &Minimised, found: &Minimised, engines: &[EngineInfo]) -> bool {
    let said = complaint(known, engines);
    (said.is_some() && said == complaint(found, engines)) || explains(known, found)
}

/// What explains comes before what it explains; of equals the shortest first.
fn simplicity(minimised: &Minimised) -> impl Ord + use<> {
    let is_value = Nature::of(minimised) == Nature::Value;
    let size = (minimised.after.lines, minimised.after.instructions);
    (minimised.opcodes.len(), !is_value, size, minimised.signature.clone())
}

/// In what a finding's engines differ, as far as a cause decides it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nature {
    /// A value, wherever it went.
    Value,
    /// Anything else, by its kind.
    Other(DivergenceKind),
    /// Not of engines at all.
    Sequence,
}

impl Nature {
    fn of(minimised: &Minimised) -> Nature {
        const VALUES: [DivergenceKind; 5] = [
            DivergenceKind::Result,
            DivergenceKind::Global,
            DivergenceKind::Memory,
            DivergenceKind::Table,
            DivergenceKind::Trace,
        ];
        match minimised.signature.divergence_kind() {
            Some(kind) if VALUES.contains(&kind) => Nature::Value,
            Some(kind) => Nature::Other(kind),
            None => Nature::Sequence,
        }
    }
}

/// Whether all that is left in `simpler` is in `other` too, with the same engines
/// on either side.
fn explains(simpler: &Minimised, other: &Minimised) -> bool {
    if simpler.opcodes.is_empty() || !simpler.opcodes.is_subset(&other.opcodes) {
        return false;
    }
    match (Nature::of(simpler), Nature::of(other)) {
        (Nature::Value, Nature::Value) => part_alike(simpler, other, |_| Ended::Somehow),
        // What traps because of a wrong value has one instruction more: the one that
        // traps. With no more than the other it is another defect.
        (Nature::Value, Nature::Other(kind)) => {
            kind == DivergenceKind::Trap
                && simpler.opcodes.len() < other.opcodes.len()
                && part_alike(simpler, other, |_| Ended::Somehow)
        }
        (one, two) => one == two && part_alike(simpler, other, Ended::of),
    }
}

/// How a class ended, as far as a cause decides it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Ended {
    /// It does not matter how.
    Somehow,
    /// It returned, values of whatever type.
    Returned,
    /// In any other way.
    Otherwise(NormalOutcome),
}

impl Ended {
    fn of(class: &SignatureClass) -> Ended {
        match class.outcome.has_returned() {
            true => Ended::Returned,
            false => Ended::Otherwise(class.outcome.clone()),
        }
    }
}

/// Whether the engines that took part in both stand on the same sides, and those of
/// a side ended alike. Not all take part in every case; two sides must be left.
fn part_alike(one: &Minimised, two: &Minimised, ended: impl Fn(&SignatureClass) -> Ended) -> bool {
    let engines = |finding: &Minimised| -> BTreeSet<String> {
        let classes = finding.signature.classes().iter();
        classes.flat_map(|class| class.engines.iter().cloned()).collect()
    };
    let common: BTreeSet<String> = &engines(one) & &engines(two);
    let sides = |finding: &Minimised| -> BTreeSet<(Vec<String>, Ended)> {
        let side = |class: &SignatureClass| {
            let ids = class.engines.iter().filter(|id| common.contains(*id));
            (ids.cloned().collect::<Vec<_>>(), ended(class))
        };
        finding.signature.classes().iter().map(side).filter(|(ids, _)| !ids.is_empty()).collect()
    };
    let sides_of_one = sides(one);
    sides_of_one.len() > 1 && sides_of_one == sides(two)
}

/// Implementations with what they said when they failed.
type Complaint = BTreeSet<(String, NormalOutcome, String)>;

/// What was said by engines that broke their own rules or died; `None` if they
/// said nothing. Two that say the same have one cause, whatever led to it.
fn complaint(minimised: &Minimised, engines: &[EngineInfo]) -> Option<Complaint> {
    let said = match minimised.signature.divergence_kind()? {
        DivergenceKind::Fault => String::new(),
        DivergenceKind::Crash => last_words(&minimised.stderr)?,
        _ => return None,
    };
    let implementation = |id: &String| {
        let engine = engines.iter().find(|engine| engine.id == *id);
        engine.map_or(id, |engine| &engine.implementation).clone()
    };
    let classes = minimised.signature.classes().iter();
    let failed = classes.filter(|class| class.outcome != NormalOutcome::Completed);
    let complaint: Complaint = failed
        .flat_map(|class| {
            let words = |id| (implementation(id), class.outcome.clone(), said.clone());
            class.engines.iter().map(words)
        })
        .collect();
    (!complaint.is_empty()).then_some(complaint)
}

/// The last line of what a process wrote that is about its end.
fn last_words(stderr: &str) -> Option<String> {
    let about_it = |line: &&str| !line.trim().is_empty() && !line.starts_with("note: ");
    stderr.lines().rev().find(about_it).map(normalised_message)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::case_ref::CaseRef;
    use crate::fingerprint::Fingerprint;
    use gainsay_reduce::CaseSize;

    fn finding(kind: &str, classes: &[(&str, &str)], opcodes: &str) -> (Minimised, u64) {
        let sides: Vec<String> =
            classes.iter().map(|(engines, end)| format!("{engines}={end}")).collect();
        let signature = Signature::from(format!("{kind} {}", sides.join("|")));
        let minimised = Minimised {
            witness: CaseRef::Stored { hash: Fingerprint::default() },
            base: signature.clone(),
            signature: signature.with_opcodes(opcodes),
            kind: kind.to_owned(),
            classes: Vec::new(),
            opcodes: opcodes.split_whitespace().map(str::to_owned).collect(),
            detail: String::new(),
            is_minimised: true,
            shortfall: None,
            damage: None,
            before: CaseSize::default(),
            after: CaseSize::default(),
            attempts: 0,
            timed_out: 0,
            stderr: String::new(),
            text: String::new(),
            engines: Vec::new(),
            extension: "wast".to_owned(),
        };
        (minimised, 1)
    }

    const VALUES: [(&str, &str); 2] = [("a,b", "returned:i32"), ("c", "returned:i32")];
    const TRAPS: [(&str, &str); 2] = [("a,b", "returned"), ("c", "trap:divide_by_zero")];

    fn counts(findings: &[(Minimised, u64)]) -> Vec<u64> {
        causes(findings.to_vec(), &[]).iter().map(|cause| cause.count).collect()
    }

    #[test]
    fn a_wrong_value_is_one_finding_wherever_it_goes() {
        let stored = [("a,b", "memory"), ("c", "memory")];
        let findings = [
            finding("memory", &stored, "select store"),
            finding("result", &VALUES, "select"),
            finding("trap", &TRAPS, "int.rem_u select"),
        ];
        let causes = causes(findings.to_vec(), &[]);
        assert_eq!(causes.len(), 1);
        assert_eq!((causes[0].count, causes[0].minimised.kind.as_str()), (3, "result"));
        let mut absorbed = [findings[0].0.signature.clone(), findings[2].0.signature.clone()];
        absorbed.sort_by_cached_key(Signature::to_string);
        assert_eq!(causes[0].absorbed, absorbed);
    }

    #[test]
    fn other_instructions_other_sides_and_other_endings_are_other_causes() {
        let other_side = [("a", "returned:i32"), ("b,c", "returned:i32")];
        let other_trap = [("a,b", "returned"), ("c", "trap:integer_overflow")];
        let one = finding("result", &VALUES, "int.add");
        for other in [
            finding("result", &VALUES, "int.sub"),
            finding("result", &other_side, "int.add int.sub"),
            finding("trap", &TRAPS, "int.add"),
            finding("rejects", &[("a,b", "returned"), ("c", "rejected")], "int.add int.sub"),
        ] {
            assert_eq!(counts(&[one.clone(), other]), [1, 1]);
        }
        let traps = [finding("trap", &TRAPS, "x"), finding("trap", &other_trap, "x y")];
        assert_eq!(counts(&traps), [1, 1]);
    }

    #[test]
    fn two_causes_stay_two_although_a_third_finding_has_both() {
        let both = finding("result", &VALUES, "x y");
        let findings = [finding("result", &VALUES, "x"), finding("result", &VALUES, "y"), both];
        assert_eq!(counts(&findings), [2, 1]);
    }

    #[test]
    fn engines_that_took_part_in_one_alone_do_not_keep_findings_apart() {
        let fewer = [("a", "returned:i64"), ("c", "returned:i64")];
        let findings = [finding("result", &VALUES, "x"), finding("result", &fewer, "x y")];
        assert_eq!(counts(&findings), [2]);
        let stranger = [("a", "returned:i64"), ("d", "returned:i64")];
        let findings = [finding("result", &VALUES, "x"), finding("result", &stranger, "x y")];
        assert_eq!(counts(&findings), [1, 1]);
    }

    #[test]
    fn an_empty_case_shares_no_instruction_with_all_others() {
        let findings = [finding("result", &VALUES, ""), finding("result", &VALUES, "x")];
        assert_eq!(counts(&findings), [1, 1]);
    }

    #[test]
    fn panics_with_one_message_are_one_finding() {
        let fault = |engine, message| [("a", "completed"), (engine, message)];
        let findings = [
            finding("fault", &fault("b", "fault:panic: N"), "x"),
            finding("fault", &fault("b", "fault:panic: N"), "y z"),
            finding("fault", &fault("b", "fault:panic: other"), "x"),
            finding("fault", &fault("c", "fault:panic: N"), "x"),
        ];
        let mut counts = counts(&findings);
        counts.sort_unstable();
        assert_eq!(counts, [1, 1, 2]);
    }

    #[test]
    fn crashes_are_distinguished_by_their_last_message() {
        let mut findings: Vec<_> = ["x", "y", "z"]
            .map(|opcode| finding("crash", &[("a", "completed"), ("b", "crash:SIGABRT")], opcode))
            .into();
        assert_eq!(counts(&findings), [1, 1, 1]);
        findings[0].0.stderr = "assertion failed: 12 < 7\nnote: a backtrace\n".to_owned();
        findings[1].0.stderr = "noise\nassertion failed: 4 < 3\n\n".to_owned();
        assert_eq!(counts(&findings), [2, 1]);
    }

    proptest! {
        #[test]
        fn the_order_of_findings_does_not_matter(
            sets in prop::collection::btree_set((0..3usize, "[uvw]( [xyz]){0,2}"), 0..12),
            turn in any::<prop::sample::Index>(),
        ) {
            let kinds = [("result", &VALUES), ("global", &VALUES), ("trap", &TRAPS)];
            let mut findings: Vec<_> = sets
                .iter()
                .map(|(kind, opcodes)| finding(kinds[*kind].0, kinds[*kind].1, opcodes))
                .collect();
            let tell = |findings: &[(Minimised, u64)]| -> Vec<_> {
                let causes = causes(findings.to_vec(), &[]).into_iter();
                causes.map(|c| (c.minimised.signature, c.count, c.absorbed)).collect()
            };
            let forth = tell(&findings);
            let sum: u64 = forth.iter().map(|(_, count, _)| count).sum();
            prop_assert_eq!(sum, findings.len() as u64);
            if !findings.is_empty() {
                let by = turn.index(findings.len());
                findings.rotate_left(by);
            }
            findings.reverse();
            prop_assert_eq!(forth, tell(&findings));
        }
    }
}
