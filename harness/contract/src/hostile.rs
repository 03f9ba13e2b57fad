//! Input that means harm is refused or run, but never breaks the harness.

use gainsay_case::{StepFailure, StepResult, Value};

use crate::script::{Script, Want, binary};
use crate::{Clause, Subject};

pub const CLAUSES: &[Clause] = &[
    Clause { name: "deep_nesting_does_no_harm", needs: &[], check: nesting },
    Clause { name: "many_locals_do_no_harm", needs: &[], check: locals },
    Clause { name: "a_large_branch_table_does_no_harm", needs: &[], check: branches },
    Clause { name: "huge_counts_in_few_bytes_do_no_harm", needs: &[], check: counts },
    Clause { name: "many_memories_and_tables_do_no_harm", needs: &[], check: many },
    Clause { name: "a_huge_function_type_does_no_harm", needs: &[], check: parameters },
    Clause { name: "names_that_are_odd_are_found", needs: &[], check: names },
];

/// Whatever an engine says of it, it must not be a fault of its own.
fn no_fault(engine: &dyn Subject, bytes: Vec<u8>) -> Result<(), String> {
    use gainsay_case::{Case, Limits, Step};
    let (module, instance) = ("m".to_owned(), "i".to_owned());
    let field = "f".to_owned();
    let steps = vec![
        Step::Define { module: module.clone(), bytes: bytes.into() },
        Step::Instantiate { module, instance: instance.clone() },
        Step::Invoke { instance, field, args: Vec::new() },
    ];
    for step in engine.run(&Case { steps }, &Limits::default())?.steps {
        if let StepResult::Failed(StepFailure::Fault(message)) = step.result {
            return Err(message);
        }
    }
    Ok(())
}

fn nesting(engine: &dyn Subject) -> Result<(), String> {
    let depth = 5_000;
    let body = [0x02, 0x40].repeat(depth).into_iter().chain([0x0b].repeat(depth + 1)).collect();
    no_fault(engine, function(body))
}

/// A module whose export `f` takes nothing, gives nothing and has these
/// instructions, the last `end` included.
fn function(instructions: Vec<u8>) -> Vec<u8> {
    use wasm_encoder::{
        CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, TypeSection,
    };
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut exports = ExportSection::new();
    exports.export("f", ExportKind::Func, 0);
    let mut function = Function::new([]);
    function.raw(instructions);
    let mut code = CodeSection::new();
    code.function(&function);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&exports).section(&code);
    module.finish()
}

fn locals(engine: &dyn Subject) -> Result<(), String> {
    for count in [40_000, 60_000] {
        let text = format!(r#"(module (func (export "f") (local {})))"#, "i64 ".repeat(count));
        no_fault(engine, binary(&text))?;
    }
    // Four billion locals, run-length encoded in a few bytes (§ binary/modules).
    let mut bytes = function(vec![0x0b]);
    let empty_body = [2, 0, 0x0b];
    bytes.truncate(bytes.len() - empty_body.len() - 3);
    bytes.extend([10, 12, 1, 10, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7e, 0x0b, 0, 0]);
    no_fault(engine, bytes)
}

fn branches(engine: &dyn Subject) -> Result<(), String> {
    let text = format!(
        r#"(module (func (export "f") (block (br_table {} (i32.const 7)))))"#,
        "0 ".repeat(20_000)
    );
    no_fault(engine, binary(&text))
}

fn counts(engine: &dyn Subject) -> Result<(), String> {
    // Each non-custom section with a count of 2^32 - 1 and nothing after it.
    for section in 1..=13u8 {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        bytes.extend([section, 5, 0xff, 0xff, 0xff, 0xff, 0x0f]);
        no_fault(engine, bytes).map_err(|error| format!("section {section}: {error}"))?;
    }
    Ok(())
}

fn many(engine: &dyn Subject) -> Result<(), String> {
    no_fault(engine, binary(&format!("(module {})", "(memory 0) ".repeat(99))))?;
    no_fault(engine, binary(&format!("(module {})", "(table 0 funcref) ".repeat(99))))
}

fn parameters(engine: &dyn Subject) -> Result<(), String> {
    let types = "f64 ".repeat(1000);
    let text = format!(
        r#"(module (func $g (param {types}) (result {types}) unreachable)
            (func (export "f")))"#
    );
    no_fault(engine, binary(&text))
}

fn names(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (func (export "") (result i32) i32.const 1)
        (func (export "\00\u{2028}") (result i32) i32.const 2)
        (func (export "a.b") (result i32) i32.const 3))"#;
    Script::of(text)
        .returns("", &[], &[Value::I32(1)])
        .returns("\0\u{2028}", &[], &[Value::I32(2)])
        .returns("m.a.b", &[], &[Value::I32(3)])
        .invoke("b", &[], Want::Unsupported)
        .check(engine)
}
