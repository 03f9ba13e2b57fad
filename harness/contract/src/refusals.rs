//! An invalid module, one beyond the engine's means and one it does not know are
//! three different things.

use gainsay_case::{Case, Limits, Proposal, Step, StepFailure, StepOutcome, StepResult};

use crate::script::{Script, Want, binary};
use crate::{Clause, Subject};

pub const CLAUSES: &[Clause] = &[
    Clause { name: "a_module_that_does_not_validate_is_rejected", needs: &[], check: invalid },
    Clause { name: "a_module_that_does_not_decode_is_rejected", needs: &[], check: malformed },
    Clause { name: "every_truncated_module_is_rejected", needs: &[], check: truncated },
    Clause {
        name: "a_module_of_a_proposal_it_lacks_is_not_called_invalid",
        needs: &[],
        check: lacking,
    },
    Clause { name: "a_rejected_module_leaves_an_earlier_one_gone", needs: &[], check: replaced },
];

fn rejected(engine: &dyn Subject, bytes: Vec<u8>) -> Result<(), String> {
    Script::new()
        .define_binary("m", bytes, Want::Rejected)
        .instantiate_to("m", "m", Want::Absent)
        .check(engine)
}

fn invalid(engine: &dyn Subject) -> Result<(), String> {
    for text in [
        "(module (func (result i32)))",
        "(module (func (result i32) i64.const 0))",
        "(module (func i32.add drop))",
        "(module (func (local.set 0 (i32.const 0))))",
        "(module (func (i32.load (i32.const 0)) drop))",
        "(module (memory 2 1))",
        "(module (func) (start 1))",
        "(module (func (param i32)) (start 0))",
        r#"(module (func (export "a")) (func (export "a")))"#,
        "(module (global i32 (i64.const 0)))",
        "(module (func br 1))",
        "(module (memory 1) (func (i32.load align=8 (i32.const 0)) drop))",
    ] {
        rejected(engine, binary(text)).map_err(|error| format!("{text}: {error}"))?;
    }
    Ok(())
}

fn malformed(engine: &dyn Subject) -> Result<(), String> {
    let binaries: &[&[u8]] = &[
        b"",
        b"\0asm",
        b"\0asm\x02\0\0\0",
        b"asm\0\x01\0\0\0",
        b"this is not WebAssembly",
        // A section of an id that does not exist.
        b"\0asm\x01\0\0\0\x7f\0",
        // A type section that is longer than the binary.
        b"\0asm\x01\0\0\0\x01\x7f\x01",
        // The type section twice.
        b"\0asm\x01\0\0\0\x01\x01\0\x01\x01\0",
        // A function without a body.
        b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0",
    ];
    for bytes in binaries {
        rejected(engine, bytes.to_vec()).map_err(|error| format!("{bytes:?}: {error}"))?;
    }
    Ok(())
}

fn truncated(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (type (func (param i32) (result i32))) (memory 1) (table 1 funcref)
        (func (export "f") (type 0) local.get 0) (elem (i32.const 0) 0) (data (i32.const 0) "ab"))"#;
    let whole = binary(text);
    let ends = section_ends(&whole);
    for length in (9..whole.len()).filter(|length| !ends.contains(&(*length as u64))) {
        let bytes = whole[..length].to_vec();
        rejected(engine, bytes).map_err(|error| format!("{length} bytes of it: {error}"))?;
    }
    Ok(())
}

/// Where a truncated module may be a whole module: after each section.
fn section_ends(bytes: &[u8]) -> Vec<u64> {
    let payloads = wasmparser::Parser::new(0).parse_all(bytes);
    let section = |payload: wasmparser::Payload| payload.as_section().map(|(_, range)| range.end);
    payloads.filter_map(|payload| section(payload.ok()?)).collect()
}

/// A proposal that is lacked as a whole may be there in part.
fn lacking(engine: &dyn Subject) -> Result<(), String> {
    let lacks = |proposal: &Proposal| !engine.info().capabilities.contains(proposal);
    for (proposal, text) in SAMPLES.iter().filter(|(proposal, _)| lacks(proposal)) {
        let steps = vec![Step::Define { module: "m".to_owned(), bytes: binary(text).into() }];
        match engine.run(&Case { steps }, &Limits::default())?.steps.first() {
            Some(StepOutcome { result: StepResult::Returned(_), .. }) => {}
            Some(StepOutcome {
                result: StepResult::Failed(StepFailure::Unsupported(_)), ..
            }) => {}
            other => return Err(format!("{proposal}: {other:?}")),
        }
    }
    Ok(())
}

/// Modules that need one of the proposals which not every engine has.
const SAMPLES: &[(Proposal, &str)] = &[
    (Proposal::Simd, "(module (func (param v128)))"),
    (Proposal::ReferenceTypes, "(module (table 1 externref) (func (table.size 0) drop))"),
    (Proposal::TailCall, "(module (func return_call 0))"),
    (Proposal::ExtendedConst, "(module (global i32 (i32.add (i32.const 1) (i32.const 1))))"),
    (Proposal::MultiMemory, "(module (memory 1) (memory 1))"),
    (Proposal::Memory64, "(module (memory i64 1))"),
    (Proposal::FunctionReferences, "(module (type (func)) (func (param (ref null 0))))"),
    (Proposal::Gc, "(module (type (struct)) (func (param (ref null 0))))"),
    (Proposal::ExceptionHandling, "(module (tag) (func throw 0))"),
    (
        Proposal::RelaxedSimd,
        "(module (func (param v128 v128) (result v128)
            (i8x16.relaxed_swizzle (local.get 0) (local.get 1))))",
    ),
    (Proposal::Threads, "(module (memory 1) (func (i32.atomic.load (i32.const 0)) drop))"),
    (Proposal::Threads, "(module (memory 1 1 shared))"),
    (
        Proposal::WideArithmetic,
        "(module (func (param i64) (result i64 i64) local.get 0 local.get 0 i64.mul_wide_u))",
    ),
    (Proposal::CustomPageSizes, "(module (memory 1 (pagesize 1)))"),
];

fn replaced(engine: &dyn Subject) -> Result<(), String> {
    Script::of("(module)")
        .define_binary("m", b"\0asm".to_vec(), Want::Rejected)
        .instantiate_to("m", "again", Want::Absent)
        .check(engine)
}
