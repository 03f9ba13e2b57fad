//! What an engine can do, found by trying: one small module per proposal, which
//! must return 42. An engine that refuses the module lacks the proposal; one that accepts it
//! and does anything else than return 42 has the proposal and is wrong about it, which a
//! campaign is to find: the proposal is not switched off. Each has an instruction of every group of the proposal, for engines
//! implement some groups before others.

use std::sync::{Arc, LazyLock};

use gainsay_case::{
    Capabilities, Case, Engine, EngineInfo, Limits, Outcome, Proposal, Step, StepFailure,
    StepResult, Value, execute,
};

/// An engine of which nothing is known yet but its name.
pub(crate) fn unprobed(id: &str, implementation: &str, version: &str) -> EngineInfo {
    EngineInfo {
        id: id.to_owned(),
        implementation: implementation.to_owned(),
        version: version.to_owned(),
        capabilities: Capabilities::new(),
    }
}

/// What came of a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    /// The engine has the proposal.
    Yes,
    /// It refused the module, or said that it does not implement it.
    Refused,
    /// It accepted the module and did this with it.
    Wrong(String),
}

/// The proposals that this engine does not refuse.
pub(crate) fn capabilities(engine: &dyn Engine) -> Capabilities {
    let accepted = answers(engine).filter(|(_, answer)| *answer != Answer::Refused);
    accepted.map(|(proposal, _)| proposal).collect()
}

/// The proposals that an engine has and whose probe it answers wrongly, with what it does.
pub fn wrong(engine: &dyn Engine) -> Vec<(Proposal, String)> {
    let wrong = answers(engine).filter_map(|(proposal, answer)| match answer {
        Answer::Wrong(what) => Some((proposal, what)),
        Answer::Yes | Answer::Refused => None,
    });
    wrong.collect()
}

fn answers(engine: &dyn Engine) -> impl Iterator<Item = (Proposal, Answer)> {
    PROBES.iter().map(move |(proposal, case)| {
        let outcome = execute(engine, case, &Limits::default());
        (*proposal, answer(&outcome))
    })
}

/// What the first step that failed says, or the last one returned.
fn answer(outcome: &Outcome) -> Answer {
    for step in &outcome.steps {
        let StepResult::Failed(failure) = &step.result else { continue };
        return match failure {
            StepFailure::Rejected(_) | StepFailure::Unsupported(_) | StepFailure::Limit(_) => {
                Answer::Refused
            }
            StepFailure::Trapped(_) => Answer::Wrong("it traps".to_owned()),
            StepFailure::Uncaught(_) => Answer::Wrong("it throws an exception".to_owned()),
            StepFailure::HostError => Answer::Wrong("it calls a host function".to_owned()),
            StepFailure::Unlinkable(message) => {
                Answer::Wrong(format!("it cannot be linked: {message}"))
            }
            StepFailure::Fault(message) => Answer::Wrong(format!("fault: {message}")),
        };
    }
    match outcome.steps.last().map(|step| &step.result) {
        Some(StepResult::Returned(values)) if *values == [Value::I32(42)] => Answer::Yes,
        _ => Answer::Wrong("it does not return 42".to_owned()),
    }
}

static PROBES: LazyLock<Vec<(Proposal, Case)>> =
    LazyLock::new(|| Proposal::ALL.iter().map(|proposal| (*proposal, probe(*proposal))).collect());

fn probe(proposal: Proposal) -> Case {
    let bytes = wat::parse_str(text(proposal)).unwrap_or_default();
    let (module, instance) = (String::from("m"), String::from("i"));
    Case {
        steps: vec![
            Step::Define { module: module.clone(), bytes: Arc::from(bytes) },
            Step::Instantiate { module, instance: instance.clone() },
            Step::Invoke { instance, field: String::from("probe"), args: Vec::new() },
        ],
    }
}

/// Each uses as little as possible of the other proposals.
fn text(proposal: Proposal) -> &'static str {
    match proposal {
        Proposal::MutableGlobal => {
            r#"(module (global (export "g") (mut i32) (i32.const 42))
                (func (export "probe") (result i32) global.get 0))"#
        }
        Proposal::SaturatingFloatToInt => {
            r#"(module (func (export "probe") (result i32)
                f32.const 42.5 i32.trunc_sat_f32_s))"#
        }
        Proposal::SignExtension => {
            r#"(module (func (export "probe") (result i32)
                i32.const 0x12a i32.extend8_s))"#
        }
        Proposal::MultiValue => {
            r#"(module (func $two (result i32 i32) i32.const 40 i32.const 2)
                (func (export "probe") (result i32) call $two i32.add))"#
        }
        Proposal::BulkMemory => {
            r#"(module (memory 1) (data $d "\2a") (table 2 funcref)
                (func $f (export "f")) (elem $e func $f)
                (func (export "probe") (result i32)
                (memory.fill (i32.const 9) (i32.const 1) (i32.const 1))
                (memory.init $d (i32.const 8) (i32.const 0) (i32.const 1)) (data.drop $d)
                (memory.copy (i32.const 9) (i32.const 8) (i32.const 1))
                (table.init $e (i32.const 0) (i32.const 0) (i32.const 1)) (elem.drop $e)
                (table.copy (i32.const 1) (i32.const 0) (i32.const 1))
                (i32.load8_u (i32.const 9))))"#
        }
        Proposal::ReferenceTypes => {
            r#"(module (table $x 1 externref) (table $f 1 funcref)
                (func $self (export "self"))
                (func (export "probe") (result i32)
                (table.set $x (i32.const 0) (ref.null extern))
                (table.set $f (i32.const 0) (ref.func $self))
                (drop (table.grow $f (table.get $f (i32.const 0)) (i32.const 40)))
                (table.fill $f (i32.const 0) (ref.null func) (i32.const 2))
                (i32.add (table.size $f) (ref.is_null (table.get $x (i32.const 0))))))"#
        }
        Proposal::Simd => {
            r#"(module (memory 1) (func (export "probe") (result i32)
                (v128.store (i32.const 16) (f32x4.mul (f32x4.splat (f32.const 5))
                  (f32x4.convert_i32x4_s (i32x4.splat (i32.const 8)))))
                (i32x4.extract_lane 3 (i32x4.add (i32x4.splat (i32.const 2))
                  (i32x4.trunc_sat_f32x4_s (v128.load (i32.const 16)))))))"#
        }
        Proposal::TailCall => {
            r#"(module (type $t (func (result i32))) (table funcref (elem $f $g))
                (func $f (type $t) i32.const 42)
                (func $g (type $t) return_call $f)
                (func (export "probe") (result i32)
                i32.const 1 return_call_indirect (type $t)))"#
        }
        Proposal::ExtendedConst => {
            r#"(module
                (global i32 (i32.add (i32.mul (i32.const 20) (i32.const 2)) (i32.const 2)))
                (func (export "probe") (result i32) global.get 0))"#
        }
        Proposal::MultiMemory => {
            r#"(module (memory 1) (memory $m 1) (func (export "probe") (result i32)
                (i32.store $m (i32.const 8) (i32.const 42))
                (memory.copy 0 $m (i32.const 4) (i32.const 8) (i32.const 4))
                (i32.load (i32.const 4))))"#
        }
        Proposal::Memory64 => {
            r#"(module (memory i64 1) (table $t i64 41 funcref)
                (func (export "probe") (result i32)
                (i32.store (i64.const 8) (i32.wrap_i64 (table.size $t)))
                (i32.add (i32.load (i64.const 8)) (i32.wrap_i64 (memory.size)))))"#
        }
        Proposal::FunctionReferences => {
            r#"(module (type $t (func (result i32)))
                (func $f (export "f") (type $t) i32.const 42)
                (func $g (param (ref null $t)) (result i32)
                  (block $null (call_ref $t (br_on_null $null (local.get 0))) return)
                  i32.const 0)
                (func (export "probe") (result i32) (local $r (ref $t))
                (local.set $r (ref.as_non_null (ref.func $f)))
                (call $g (local.get $r))))"#
        }
        Proposal::Gc => {
            r#"(module (type $s (struct (field (mut i32)))) (type $a (array (mut i8)))
                (func $struct (result anyref) (struct.new $s (i32.const 20)))
                (func $array (result eqref)
                  (array.new_fixed $a 2 (i32.const 0) (i32.const 19)))
                (func (export "probe") (result i32)
                (i32.add (struct.get $s 0 (ref.cast (ref $s) (call $struct)))
                  (i32.add (array.get_u $a (ref.cast (ref $a) (call $array)) (i32.const 1))
                    (i32.add (i31.get_s (ref.i31 (i32.const 2)))
                      (ref.test (ref i31)
                        (any.convert_extern (extern.convert_any (ref.i31 (i32.const 0))))))))))"#
        }
        Proposal::ExceptionHandling => {
            r#"(module (tag $e (param i32)) (func (export "probe") (result i32)
                (block $caught (result i32)
                  (try_table (catch $e $caught)
                    (block $ref (result exnref)
                      (try_table (catch_all_ref $ref) i32.const 42 throw $e)
                      unreachable)
                    throw_ref)
                  unreachable)))"#
        }
        Proposal::RelaxedSimd => {
            r#"(module (func (export "probe") (result i32)
                v128.const i32x4 42 0 0 0 v128.const i32x4 0 0 0 0 v128.const i32x4 -1 -1 -1 -1
                i32x4.relaxed_laneselect
                v128.const f32x4 1 1 1 1 v128.const f32x4 0 0 0 0 v128.const f32x4 0 0 0 0
                f32x4.relaxed_madd i32x4.relaxed_trunc_f32x4_s
                i32x4.add i32x4.extract_lane 0))"#
        }
        Proposal::Threads => {
            r#"(module (memory 1 1 shared) (func (export "probe") (result i32)
                (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 40)))
                (drop (i32.atomic.rmw.cmpxchg (i32.const 8) (i32.const 40) (i32.const 41)))
                (drop (memory.atomic.notify (i32.const 8) (i32.const 1)))
                atomic.fence
                ;; not equal: 1
                (i32.add (i32.atomic.load (i32.const 8)) (memory.atomic.wait32
                  (i32.const 8) (i32.const 0) (i64.const 0)))))"#
        }
        Proposal::WideArithmetic => {
            r#"(module (func (export "probe") (result i32) (local i64 i64)
                (i64.mul_wide_u (i64.const -1) (i64.const 44))
                local.set 0 local.set 1
                (i64.sub128 (local.get 1) (local.get 0) (i64.const 0) (i64.const 1))
                local.set 0 drop local.get 0 i32.wrap_i64))"#
        }
        Proposal::CustomPageSizes => {
            r#"(module (memory 40 42 (pagesize 1)) (func (export "probe") (result i32)
                (drop (memory.grow (i32.const 2))) (i32.store8 (i32.const 41) (i32.const 1))
                memory.size))"#
        }
    }
}

#[cfg(test)]
mod tests {
    use gainsay_case::{StepOutcome, TrapKind};

    use super::*;
    use crate::registry;

    fn answered(results: Vec<StepResult>) -> Answer {
        let step = |result| StepOutcome { result, trace: Vec::new() };
        answer(&Outcome { steps: results.into_iter().map(step).collect(), ..Outcome::default() })
    }

    #[test]
    fn a_proposal_is_had_refused_or_had_and_wrong() {
        let returned = |value| StepResult::Returned(vec![Value::I32(value)]);
        let done = || StepResult::Returned(Vec::new());
        let failed = |failure| vec![StepResult::Failed(failure), StepResult::Absent];
        assert_eq!(answered(vec![done(), done(), returned(42)]), Answer::Yes);
        assert_eq!(answered(failed(StepFailure::Rejected(String::new()))), Answer::Refused);
        assert_eq!(answered(failed(StepFailure::Unsupported(String::new()))), Answer::Refused);
        for wrong in [
            vec![done(), done(), returned(41)],
            vec![done(), done(), StepResult::Failed(StepFailure::Trapped(TrapKind::Unreachable))],
            failed(StepFailure::Fault("panic".to_owned())),
            Vec::new(),
        ] {
            assert!(matches!(answered(wrong.clone()), Answer::Wrong(_)), "{wrong:?}");
        }
    }

    #[test]
    fn no_engine_is_wrong_about_a_probe() {
        for engine in registry::find(&registry::default_ids()).expect("all engines") {
            assert_eq!(wrong(&*engine), [], "{}", engine.info().id);
        }
    }

    #[test]
    fn the_reference_answers_every_probe() {
        let reference = registry::find(&["reference".to_owned()]).expect("it").remove(0);
        for (proposal, answer) in answers(&*reference) {
            assert_eq!(answer, Answer::Yes, "{proposal}");
        }
    }

    #[test]
    fn every_probe_is_a_valid_module() {
        for proposal in Proposal::ALL {
            let bytes = wat::parse_str(text(*proposal))
                .unwrap_or_else(|error| panic!("the probe of {proposal} does not parse: {error}"));
            let all = wasmparser::WasmFeatures::all();
            let result =
                wasmparser::Validator::new_with_features(all).validate_all(&bytes).map(|_| ());
            assert!(result.is_ok(), "the probe of {proposal} is invalid: {result:?}");
        }
    }
}
