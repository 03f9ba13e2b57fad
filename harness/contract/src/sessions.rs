//! Sessions are worlds of their own, and an engine outlives many of them.

use gainsay_case::{Limits, Value};

use crate::script::{Script, binary, same};
use crate::{Clause, Subject};

pub const CLAUSES: &[Clause] = &[
    Clause { name: "a_module_is_instantiated_afresh_each_time", needs: &[], check: afresh },
    Clause { name: "a_later_instance_of_a_name_replaces_the_earlier", needs: &[], check: replaces },
    Clause { name: "five_hundred_sessions_one_after_another_work", needs: &[], check: many },
    Clause { name: "the_same_case_gives_the_same_outcome_twice", needs: &[], check: repeatable },
];

/// Those that look at several sessions at a time.
pub const INTERLEAVED: &[Clause] =
    &[Clause { name: "two_sessions_do_not_see_each_other", needs: &[], check: apart }];

const COUNTER: &str = r#"(module (global $g (mut i32) (i32.const 0)) (memory (export "m") 1)
    (func (export "next") (result i32)
      (global.set $g (i32.add (global.get $g) (i32.const 1)))
      (i32.store (i32.const 0) (global.get $g)) (global.get $g)))"#;

fn apart(subject: &dyn Subject) -> Result<(), String> {
    let engine = subject.engine().ok_or("no engine in this process")?;
    let bytes = binary(COUNTER);
    let mut sessions = Vec::new();
    for _ in 0..2 {
        let mut session = engine.session(&Limits::default())?;
        session.define("m", &bytes).map_err(|failure| format!("{failure:?}"))?;
        session.instantiate("m", "i").map_err(|failure| format!("{failure:?}"))?;
        session.register("i", "lib").map_err(|failure| format!("{failure:?}"))?;
        sessions.push(session);
    }
    for round in 1..=3 {
        for session in &mut sessions {
            same("count", session.invoke("i", "next", &[]), Ok(vec![Value::I32(round)]))?;
        }
    }
    let mut empty = engine.session(&Limits::default())?;
    same("a third session knows nothing", empty.invoke("i", "next", &[]).is_err(), true)
}

fn afresh(engine: &dyn Subject) -> Result<(), String> {
    Script::of(COUNTER)
        .returns("next", &[], &[Value::I32(1)])
        .instantiate("m", "other")
        .returns("other.next", &[], &[Value::I32(1)])
        .returns("next", &[], &[Value::I32(2)])
        .check(engine)
}

fn replaces(engine: &dyn Subject) -> Result<(), String> {
    Script::of(COUNTER)
        .returns("next", &[], &[Value::I32(1)])
        .returns("next", &[], &[Value::I32(2)])
        .instantiate("m", "m")
        .returns("next", &[], &[Value::I32(1)])
        .check(engine)
}

fn many(engine: &dyn Subject) -> Result<(), String> {
    let script = Script::of(COUNTER).returns("next", &[], &[Value::I32(1)]);
    (0..500).try_for_each(|_| script.check(engine))
}

fn repeatable(engine: &dyn Subject) -> Result<(), String> {
    let script = Script::of(COUNTER).returns("next", &[], &[Value::I32(1)]);
    same("outcome", script.outcome(engine)?, script.outcome(engine)?)
}
