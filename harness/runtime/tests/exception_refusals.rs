//! How code for exceptions is refused: without the proposal, and in its old form.

use gainsay_runtime::{Config, ErrorKind, Features, Module, ModuleError};

fn judge(features: Features, text: &str) -> Result<Module, ModuleError> {
    let config = Config { features, ..Config::default() };
    Module::new(&config, &wat::parse_str(text).unwrap())
}

#[test]
fn without_the_proposal_nothing_of_it_is_known() {
    let off = Features { exceptions: false, ..Features::default() };
    for (text, message) in [
        ("(tag)", "malformed section id 13"),
        (r#"(import "m" "t" (tag))"#, "malformed import kind"),
        ("(func (throw_ref))", "illegal opcode 0a"),
        ("(func (try_table))", "illegal opcode 1f"),
        ("(func (param exnref))", "malformed value type"),
        ("(func (drop (ref.null exn)))", "malformed heap type"),
        ("(func (drop (ref.null noexn)))", "malformed heap type"),
    ] {
        let error = judge(off, text).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed, "{text}");
        assert_eq!(error.message, message, "{text}");
        let on = judge(Features::default(), text);
        assert!(on.is_ok() || text.contains("throw_ref"), "{text}: {on:?}");
    }
}

#[test]
fn the_legacy_form_is_refused_by_name() {
    let bytes = |code: &[u8]| {
        let mut bytes = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0".to_vec();
        let size = code.len() as u8;
        bytes.extend([0x0a, size + 4, 1, size + 2, 0]);
        bytes.extend(code);
        bytes.push(0x0b);
        bytes
    };
    for (opcode, name) in
        [(0x06, "try"), (0x07, "catch"), (0x09, "rethrow"), (0x18, "delegate"), (0x19, "catch_all")]
    {
        let error = Module::new(&Config::default(), &bytes(&[0x01, opcode, 0x40])).unwrap_err();
        assert_eq!((error.kind, error.offset), (ErrorKind::Malformed, 0x18));
        let expected = format!(
            "illegal opcode {opcode:02x}: {name} of the legacy exceptions; Wasm 3.0 has try_table"
        );
        assert_eq!(error.message, expected);
    }
}

#[test]
fn tags_and_clauses_that_make_no_sense_are_refused() {
    for (text, message) in [
        ("(tag (result i32))", "non-empty tag result type"),
        (r#"(import "" "" (tag (result i32)))"#, "non-empty tag result type"),
        ("(type (struct)) (tag (type 0))", "type mismatch: type 0 is no function type"),
        (r#"(export "t" (tag 0))"#, "unknown tag 0"),
        ("(func (throw 0))", "unknown tag 0"),
        ("(func (try_table (catch 0 0)))", "unknown tag 0"),
        ("(func (try_table (catch_all 1)))", "unknown label 1"),
        ("(func (try_table (catch_all_ref 0)))", "type mismatch: a catch clause"),
        ("(func (result i32) (try_table (catch_all 0)) unreachable)", "type mismatch: a catch"),
        (
            "(tag (param i64)) (func (result i32) (try_table (catch 0 0)) unreachable)",
            "type mismatch: expected i32, found i64",
        ),
        (
            "(func (result (ref noexn)) (try_table (catch_all_ref 0)) unreachable)",
            "type mismatch: expected (ref noexn), found (ref exn)",
        ),
        ("(func (throw_ref (i32.const 1)))", "type mismatch: expected exnref, found i32"),
    ] {
        let error = judge(Features::default(), text).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid, "{text}");
        assert!(error.message.starts_with(message), "{text}: {error}");
    }
}
