//! What an engine can do, found by trying: one small module per proposal, which
//! must return 42.

use std::sync::{Arc, LazyLock};

use gainsay_case::{
    Capabilities, Case, Engine, EngineInfo, Limits, Proposal, Step, StepResult, Value, execute,
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

/// The proposals whose probe returns 42 on this engine. Anything else, a panic
/// too, is a no.
pub(crate) fn capabilities(engine: &dyn Engine) -> Capabilities {
    let works = |(proposal, case): &(Proposal, Case)| {
        let outcome = execute(engine, case, &Limits::default());
        let returned = StepResult::Returned(vec![Value::I32(42)]);
        outcome.steps.last().is_some_and(|step| step.result == returned).then_some(*proposal)
    };
    PROBES.iter().filter_map(works).collect()
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
            r#"(module (memory 1) (func (export "probe") (result i32)
                i32.const 8 i32.const 42 i32.const 1 memory.fill
                i32.const 8 i32.load8_u))"#
        }
        Proposal::ReferenceTypes => {
            r#"(module (table 1 externref) (table 42 funcref)
                (func (export "probe") (result i32)
                i32.const 0 ref.null extern table.set 0
                table.size 1))"#
        }
        Proposal::Simd => {
            r#"(module (func (export "probe") (result i32)
                i32.const 42 i32x4.splat i32x4.extract_lane 3))"#
        }
        Proposal::TailCall => {
            r#"(module (func $f (result i32) i32.const 42)
                (func (export "probe") (result i32) return_call $f))"#
        }
        Proposal::ExtendedConst => {
            r#"(module (global i32 (i32.add (i32.const 40) (i32.const 2)))
                (func (export "probe") (result i32) global.get 0))"#
        }
        Proposal::MultiMemory => {
            r#"(module (memory 1) (memory 42)
                (func (export "probe") (result i32) memory.size 1))"#
        }
        Proposal::Memory64 => {
            r#"(module (memory i64 1) (func (export "probe") (result i32)
                i64.const 8 i32.const 42 i32.store
                i64.const 8 i32.load))"#
        }
        Proposal::FunctionReferences => {
            r#"(module (type $t (func (result i32)))
                (func $f (export "f") (type $t) i32.const 42)
                (func (export "probe") (result i32) ref.func $f call_ref $t))"#
        }
        Proposal::Gc => {
            r#"(module (type $s (struct (field i32)))
                (func (export "probe") (result i32)
                i32.const 42 struct.new $s struct.get $s 0))"#
        }
        Proposal::ExceptionHandling => {
            r#"(module (tag $e (param i32)) (func (export "probe") (result i32)
                (block $caught (result i32)
                  (try_table (catch $e $caught) i32.const 42 throw $e)
                  unreachable)))"#
        }
        Proposal::RelaxedSimd => {
            r#"(module (func (export "probe") (result i32)
                v128.const i32x4 42 0 0 0 v128.const i32x4 0 0 0 0 v128.const i32x4 -1 -1 -1 -1
                i32x4.relaxed_laneselect i32x4.extract_lane 0))"#
        }
        Proposal::Threads => {
            r#"(module (memory 1 1 shared) (func (export "probe") (result i32)
                i32.const 8 i32.const 42 i32.atomic.rmw.add drop
                i32.const 8 i32.atomic.load))"#
        }
        Proposal::WideArithmetic => {
            r#"(module (func (export "probe") (result i32) (local i64)
                i64.const 40 i64.const 0 i64.const 2 i64.const 0 i64.add128
                drop i32.wrap_i64))"#
        }
        Proposal::CustomPageSizes => {
            r#"(module (memory 42 42 (pagesize 1))
                (func (export "probe") (result i32) memory.size))"#
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
