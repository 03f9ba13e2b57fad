//! What a worker must survive of its host.

use std::fmt::Write as _;

use serde_json::Value;

use crate::transcript::{Conversation, Transcript, configure};

/// Conversations that every worker must hold its own in.
pub const TRANSCRIPTS: &[Transcript] = &[
    Transcript { name: "answers_a_case", check: answers },
    Transcript { name: "ignores_unknown_messages_and_fields", check: unknown },
    Transcript { name: "ignores_unknown_proposals_and_limits", check: unknown_settings },
    Transcript { name: "refuses_a_newer_protocol_with_an_error", check: newer_protocol },
    Transcript { name: "refuses_nonsense_with_an_error", check: nonsense },
    Transcript { name: "ends_when_its_input_ends", check: silence },
    Transcript { name: "ends_when_its_input_ends_within_a_line", check: half_a_line },
    Transcript { name: "ends_with_status_0_at_bye", check: bye },
    Transcript { name: "runs_a_case_twice_if_it_comes_twice", check: twice },
    Transcript { name: "leaves_other_engines_to_other_workers", check: others },
    Transcript { name: "takes_the_next_batch_while_it_is_busy", check: two_batches },
    Transcript { name: "survives_a_host_that_reads_late", check: flood },
    Transcript { name: "says_which_engines_it_lacks", check: missing },
];

/// `(module (func (export "f") (result i32) (i32.const 42)))` in base64.
const MODULE: &str = "AGFzbQEAAAABBQFgAAF/AwIBAAcFAQFmAAAKBgEEAEEqCw==";

/// A case that calls it, on one engine.
fn case(id: u64, engine: &str, more: &str) -> String {
    format!(
        r#"{{"id":{id},"engines":["{engine}"],"commands":[{{"type":"module","name":"$m","binary":"{MODULE}"}},{{"type":"action","action":{{"type":"invoke","module":"$m","field":"f","args":[]}}}}]{more}}}"#
    )
}

fn batch(cases: &[String]) -> String {
    format!(r#"{{"type":"batch","cases":[{}],"steps":false}}"#, cases.join(","))
}

/// Whether this is the result of that case: 42.
fn right(result: &Value, id: u64) -> Result<(), String> {
    let returned = &result["outcome"]["steps"][2]["result"];
    let is_right = returned["kind"] == "returned"
        && returned["value"][0]["type"] == "i32"
        && returned["value"][0]["value"] == "42";
    match result["id"] == id && is_right {
        true => Ok(()),
        false => Err(format!("case {id} returns i32 42, but the answer is {result}")),
    }
}

fn answers(worker: &mut Conversation) -> Result<(), String> {
    let engine = worker.open()?;
    worker.say(&batch(&[case(7, &engine, "")]));
    let result = worker.expect("result")?;
    if result["engine"] != engine.as_str() {
        return Err(format!("engine {engine:?} expected in {result}"));
    }
    right(&result, 7)
}

fn unknown(worker: &mut Conversation) -> Result<(), String> {
    worker.say(r#"{"type":"hello","protocol":1,"mood":"good","nested":{"a":[1,{}]}}"#);
    worker.expect("hello")?;
    worker.say(r#"{"type":"weather","cases":3}"#);
    worker.say(&configure(r#","mood":null"#));
    let engine = worker.engine()?;
    worker.say(r#"{"type":"from-the-future"}"#);
    worker.say(&batch(&[case(1, &engine, r#","priority":9"#)]));
    right(&worker.expect("result")?, 1)
}

fn unknown_settings(worker: &mut Conversation) -> Result<(), String> {
    worker.say(r#"{"type":"hello","protocol":1}"#);
    worker.expect("hello")?;
    let limits = r#"{"memory_bytes_max":1048576,"table_elements_max":1000,"stack_bytes_max":1048576,"fuel_per_call":null,"patience_max":3}"#;
    worker.say(&format!(r#"{{"type":"configure","engines":[],"limits":{limits}}}"#));
    let engine = worker.engine()?;
    worker.say(&batch(&[case(1, &engine, "")]));
    right(&worker.expect("result")?, 1)
}

fn newer_protocol(worker: &mut Conversation) -> Result<(), String> {
    worker.say(r#"{"type":"hello","protocol":999}"#);
    worker.expect("error")?;
    refused(worker)
}

fn nonsense(worker: &mut Conversation) -> Result<(), String> {
    worker.open()?;
    worker.say("{{{ this is not JSON");
    worker.expect("error")?;
    refused(worker)
}

/// It ends with a status other than 0.
fn refused(worker: &mut Conversation) -> Result<(), String> {
    match worker.end()? {
        false => Ok(()),
        true => Err("it ended with status 0 after an error".to_owned()),
    }
}

fn silence(worker: &mut Conversation) -> Result<(), String> {
    worker.close();
    match worker.end()? {
        true => Ok(()),
        false => Err("it ended with a status other than 0".to_owned()),
    }
}

fn half_a_line(worker: &mut Conversation) -> Result<(), String> {
    worker.open()?;
    worker.send(br#"{"type":"batch","cas"#);
    worker.close();
    // Either status will do: whether the host is gone or broken cannot be told.
    worker.end().map(drop)
}

fn bye(worker: &mut Conversation) -> Result<(), String> {
    worker.open()?;
    worker.say(r#"{"type":"bye"}"#);
    match worker.end()? {
        true => Ok(()),
        false => Err("it ended with a status other than 0".to_owned()),
    }
}

fn twice(worker: &mut Conversation) -> Result<(), String> {
    let engine = worker.open()?;
    worker.say(&batch(&[case(5, &engine, ""), case(5, &engine, "")]));
    right(&worker.expect("result")?, 5)?;
    right(&worker.expect("result")?, 5)
}

fn two_batches(worker: &mut Conversation) -> Result<(), String> {
    let engine = worker.open()?;
    worker.say(&batch(&[case(1, &engine, ""), case(2, &engine, "")]));
    worker.say(&batch(&[case(3, &engine, "")]));
    (1..=3).try_for_each(|id| right(&worker.expect("result")?, id))
}

/// A case for an engine that another worker has, and one for none, have no result here.
fn others(worker: &mut Conversation) -> Result<(), String> {
    let engine = worker.open()?;
    let none = case(2, "x", "").replace(r#""engines":["x"]"#, r#""engines":[]"#);
    worker.say(&batch(&[case(1, "no-such-engine", ""), none, case(3, &engine, "")]));
    right(&worker.expect("result")?, 3)
}

/// More results than a pipe holds are waiting before the first is read.
fn flood(worker: &mut Conversation) -> Result<(), String> {
    const CASES: u64 = 3000;
    let engine = worker.open()?;
    let mut text = String::from(r#"{"type":"batch","steps":false,"cases":["#);
    for id in 0..CASES {
        let comma = if id > 0 { "," } else { "" };
        let _ = write!(text, "{comma}{}", case(id, &engine, ""));
    }
    text.push_str("]}");
    worker.say(&text);
    (0..CASES).try_for_each(|id| right(&worker.expect("result")?, id))
}

fn missing(worker: &mut Conversation) -> Result<(), String> {
    worker.say(r#"{"type":"hello","protocol":1}"#);
    worker.expect("hello")?;
    worker.say(&configure("").replace(r#""engines":[]"#, r#""engines":["no-such-engine"]"#));
    let answer = worker.expect("engines")?;
    let missing = &answer["missing"][0];
    match missing["id"] == "no-such-engine" && missing["reason"].is_string() {
        true => Ok(()),
        false => Err(format!("\"no-such-engine\" expected among the missing ones: {answer}")),
    }
}
