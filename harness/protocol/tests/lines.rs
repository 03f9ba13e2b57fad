//! Lines survive their way, and what is newer than this side is passed over.

use gainsay_case::{Case, Outcome, Step, StepOutcome, StepResult, Value};

use gainsay_protocol::{CaseLine, Event, HostLine, ToHost, ToWorker, WorkerLine, line};

#[test]
fn a_batch_survives_the_way_to_the_worker() {
    let module = Step::Define { module: "m".into(), bytes: b"\0asm".as_slice().into() };
    let case = Case { steps: vec![module] };
    let engines = ["a", "b"].map(str::to_owned);
    let cases = [CaseLine { id: 7, engines: Some(&engines), commands: &case }];
    let bytes = line(&ToWorker::Batch { cases: &cases, steps: true });
    let read: HostLine<'_> = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(read.kind, "batch");
    assert!(read.steps);
    assert_eq!(read.cases[0].id, 7);
    assert_eq!(read.cases[0].engines.as_deref(), Some(["a".into(), "b".into()].as_slice()));
    assert_eq!(read.cases[0].commands, case);
}

#[test]
fn a_result_survives_the_way_to_the_host() {
    let returned = StepResult::Returned(vec![Value::F64(f64::NAN.to_bits())]);
    let step = StepOutcome { result: returned, trace: Vec::new() };
    let outcome = Outcome { steps: vec![step], ..Outcome::default() };
    let message =
        ToHost::Result { id: 3, engine: "a", micros: 12, same_as: None, outcome: Some(&outcome) };
    let bytes = line(&message);
    assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 1);
    let read: WorkerLine<'_> = serde_json::from_slice(&bytes).unwrap();
    assert_eq!((&*read.kind, read.id, &*read.engine, read.micros), ("result", 3, "a", 12));
    assert_eq!(read.outcome, Some(outcome));
}

#[test]
fn fields_that_a_newer_side_adds_are_passed_over() {
    let read: HostLine<'_> = serde_json::from_str(r#"{"type":"bye","reason":"none"}"#).unwrap();
    assert_eq!(read.kind, "bye");
}

#[test]
fn names_of_proposals_that_are_newer_than_the_host_are_passed_over() {
    let text = br#"{"type":"engines","engines":[{"id":"a","implementation":"a","version":"1",
        "capabilities":["simd","time-travel"],"colour":"green"}]}"#;
    let Some(Event::Engines { engines, missing }) = Event::read(text) else { panic!("unread") };
    assert_eq!(engines[0].capabilities, [gainsay_case::Proposal::Simd].into());
    assert_eq!(missing, []);
    let text = br#"{"type":"configure","language":["simd","time-travel"]}"#;
    let read: HostLine<'_> = serde_json::from_slice(text).unwrap();
    assert_eq!(read.language, Some([gainsay_case::Proposal::Simd].into()));
}

#[test]
fn lines_of_a_type_that_is_newer_than_the_host_are_passed_over() {
    assert!(Event::read(br#"{"type":"weather","rain":true}"#).is_none());
    // A field of this side's means something else there.
    assert!(Event::read(br#"{"type":"weather","id":"cold","outcome":3}"#).is_none());
    assert!(HostLine::is_of_unknown_kind(br#"{"type":"weather","cases":3}"#));
    assert!(!HostLine::is_of_unknown_kind(br#"{"type":"batch","cases":3}"#));
    assert!(!HostLine::is_of_unknown_kind(b"{{{"));
}

#[test]
fn lines_outside_the_protocol_are_shown() {
    let Some(Event::Error(text)) = Event::read(b"Segmentation fault\n") else {
        panic!("passed over")
    };
    assert!(text.starts_with("not a line of the protocol: Segmentation fault"), "{text}");
    let Some(Event::Error(text)) = Event::read(br#"{"type":"result","id":1}"#) else {
        panic!("passed over")
    };
    assert_eq!(text, "a result without its outcome");
}

/// The page of the protocol names every trap and every limit as it is written on the wire.
#[test]
fn the_page_names_every_trap_and_limit() {
    let page = include_str!("../PROTOCOL.md");
    let names = |json: serde_json::Value| format!("`{}`", json.as_str().expect("a name"));
    for trap in gainsay_case::TrapKind::ALL {
        let name = names(serde_json::to_value(trap).expect("JSON"));
        assert!(page.contains(&name), "{name}");
    }
    for limit in gainsay_case::LimitKind::ALL {
        let name = names(serde_json::to_value(limit).expect("JSON"));
        assert!(page.contains(&name), "{name}");
    }
}
