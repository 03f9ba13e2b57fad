//! The protocol as a stranger would speak it: lines of JSON over a pipe.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use serde_json::{Value, json};

use crate::WORKER;

pub const TESTS: &[(&str, fn())] = &[
    ("a_worker_greets_lists_its_engines_and_runs_a_case", a_worker_runs_a_case),
    ("a_worker_names_the_engines_that_it_lacks", a_worker_names_missing_engines),
    ("a_worker_of_another_version_says_so_and_leaves", another_version_is_refused),
    ("a_worker_answers_nonsense_with_an_error", nonsense_is_an_error),
    ("lines_of_an_unknown_type_are_passed_over", unknown_lines_are_passed_over),
    ("equal_outcomes_are_sent_once", equal_outcomes_are_sent_once),
    ("steps_are_told_one_by_one_if_asked_for", steps_are_reported),
    ("a_worker_leaves_when_its_input_ends", a_worker_leaves_at_the_end_of_input),
];

/// `(module (func (export "f") (result i32) (i32.const 3)))`
const MODULE: &str = "AGFzbQEAAAABBQFgAAF/AwIBAAcFAQFmAAAKBgEEAEEDCw==";

struct Talk {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Talk {
    fn new() -> Talk {
        let program = std::env::current_exe().expect("this program has a path");
        let mut child = Command::new(program)
            .env(WORKER, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started");
        let to = child.stdin.take();
        let from = BufReader::new(child.stdout.take().expect("stdout is a pipe"));
        Talk { child, to, from }
    }

    fn ready(engines: &[&str]) -> Talk {
        let mut talk = Talk::new();
        talk.say(&json!({"type": "hello", "protocol": 1}));
        assert_eq!(talk.receive()["type"], "hello");
        talk.say(&json!({"type": "configure", "engines": engines}));
        assert_eq!(talk.receive()["type"], "engines");
        talk
    }

    fn say(&mut self, line: &Value) {
        self.say_text(&line.to_string());
    }

    fn say_text(&mut self, line: &str) {
        writeln!(self.to.as_ref().expect("the worker listens"), "{line}").expect("it does");
    }

    fn receive(&mut self) -> Value {
        let mut line = String::new();
        self.from.read_line(&mut line).expect("the worker answers in UTF-8");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line:?}"))
    }

    fn end(mut self) -> ExitStatus {
        self.to = None;
        self.child.wait().expect("the worker ends")
    }
}

fn case(id: u64) -> Value {
    json!({"id": id, "commands": [
        {"type": "module_definition", "name": "$m", "binary": MODULE},
        {"type": "module_instance", "instance": "$i", "module": "$m"},
        {"type": "action",
         "action": {"type": "invoke", "module": "$i", "field": "f", "args": []}},
    ]})
}

fn a_worker_runs_a_case() {
    let mut talk = Talk::new();
    talk.say(&json!({"type": "hello", "protocol": 1}));
    let hello = talk.receive();
    assert_eq!((&hello["type"], &hello["protocol"]), (&json!("hello"), &json!(1)));
    talk.say(&json!({"type": "configure", "engines": ["sound", "liar"]}));
    let engines = talk.receive();
    assert_eq!(engines["engines"][1]["id"], "liar");
    talk.say(&json!({"type": "batch", "cases": [case(11)]}));
    for (engine, returned) in [("sound", "3"), ("liar", "2")] {
        let result = talk.receive();
        assert_eq!((&result["type"], &result["id"]), (&json!("result"), &json!(11)));
        assert_eq!(result["engine"], engine);
        let step = &result["outcome"]["steps"][2]["result"];
        assert_eq!(
            *step,
            json!({"kind": "returned", "value": [{"type": "i32", "value": returned}]})
        );
    }
    talk.say(&json!({"type": "bye"}));
    assert!(talk.end().success());
}

fn a_worker_names_missing_engines() {
    let mut talk = Talk::new();
    talk.say(&json!({"type": "configure", "engines": ["sound", "nowhere"]}));
    let answer = talk.receive();
    assert_eq!(answer["engines"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer["missing"], json!([{"id": "nowhere", "reason": "there is no such engine"}]));
}

fn another_version_is_refused() {
    let mut talk = Talk::new();
    talk.say(&json!({"type": "hello", "protocol": 2}));
    let error = talk.receive();
    assert_eq!(error["type"], "error");
    assert_eq!(error["message"], "this worker speaks protocol 1, not 2");
    assert!(!talk.end().success());
}

fn nonsense_is_an_error() {
    let mut talk = Talk::ready(&["sound"]);
    talk.say_text("[1, 2");
    assert_eq!(talk.receive()["type"], "error");
    assert!(!talk.end().success());
}

fn unknown_lines_are_passed_over() {
    let mut talk = Talk::ready(&["sound"]);
    talk.say(&json!({"type": "weather", "rain": true}));
    talk.say(&json!({"type": "batch", "cases": [case(1)]}));
    assert_eq!(talk.receive()["type"], "result");
}

fn equal_outcomes_are_sent_once() {
    let mut talk = Talk::ready(&["sound", "liar", "other"]);
    talk.say(&json!({"type": "batch", "cases": [case(1)]}));
    let results = [talk.receive(), talk.receive(), talk.receive()];
    assert_eq!(results[2]["same_as"], "sound");
    assert!(results[2].get("outcome").is_none());
    assert!(results[1].get("same_as").is_none());
}

fn steps_are_reported() {
    let mut talk = Talk::ready(&["sound"]);
    let mut broken = case(5);
    broken["commands"][0]["binary"] = json!("AAAA");
    talk.say(&json!({"type": "batch", "steps": true, "cases": [case(4), broken]}));
    let whole = [talk.receive(), talk.receive(), talk.receive(), talk.receive()];
    let types: Vec<&str> = whole.iter().filter_map(|line| line["type"].as_str()).collect();
    assert_eq!(types, ["step", "step", "step", "result"]);
    assert_eq!(whole[2]["step"], whole[3]["outcome"]["steps"][2]);
    let broken = [talk.receive(), talk.receive(), talk.receive(), talk.receive()];
    assert_eq!(broken[0]["step"]["result"]["value"]["why"], "rejected");
    assert_eq!(broken[1]["step"]["result"]["kind"], "absent");
    assert_eq!(broken[3]["type"], "result");
}

fn a_worker_leaves_at_the_end_of_input() {
    assert!(Talk::ready(&["sound"]).end().success());
}
