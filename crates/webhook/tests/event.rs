//! The body of a webhook.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up should stop")]

use hub_domain::Dataset;
use hub_webhook::{CloudEvent, EventType, Subject};
use serde_json::value::RawValue;
use uuid::Uuid;

fn event() -> CloudEvent {
    // Spacing and order of the data are the caller's and stay so.
    let data = RawValue::from_string(r#"{"b": 1,"a":[]}"#.to_owned()).unwrap();
    let kind = EventType::new("notice.raised", 1);
    CloudEvent::new(Uuid::from_u128(1), "https://hub.example.org", kind, "2026-11-20T06:00:00Z".parse().unwrap(), data)
}

#[test]
fn the_envelope_is_cloudevents_1_0() {
    let full =
        event().about(Subject::notice(Uuid::from_u128(2))).described_at("https://hub.example.org/contracts/notice/v1");
    let body = String::from_utf8(full.to_body().unwrap()).unwrap();
    assert_eq!(
        body,
        concat!(
            r#"{"specversion":"1.0","id":"00000000-0000-0000-0000-000000000001","source":"https://hub.example.org","#,
            r#""type":"uk.sufficiencyhub.notice.raised.v1","subject":"notices/00000000-0000-0000-0000-000000000002","#,
            r#""time":"2026-11-20T06:00:00Z","datacontenttype":"application/json","#,
            r#""dataschema":"https://hub.example.org/contracts/notice/v1","data":{"b": 1,"a":[]}}"#,
        )
    );
}

#[test]
fn what_is_absent_is_not_written() {
    let body = String::from_utf8(event().to_body().unwrap()).unwrap();
    assert!(!body.contains("subject") && !body.contains("dataschema") && !body.contains("null"));
}

#[test]
fn a_receiver_reads_it_back() {
    let body = event().about(Subject::feed("E09000023".parse().unwrap(), Dataset::Placements)).to_body().unwrap();
    let read = CloudEvent::from_body(&body).unwrap();
    assert_eq!(read.to_body().unwrap(), body);
    assert_eq!(read.kind.as_str(), "uk.sufficiencyhub.notice.raised.v1");
    assert_eq!(read.data.get(), r#"{"b": 1,"a":[]}"#);
}

#[test]
fn another_version_is_refused() {
    let body = String::from_utf8(event().to_body().unwrap()).unwrap().replace(r#""1.0""#, r#""0.3""#);
    assert!(CloudEvent::from_body(body.as_bytes()).is_err());
}
