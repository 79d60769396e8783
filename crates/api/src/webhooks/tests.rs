use std::collections::BTreeSet;

use hub_domain::{Timestamp, authority};
use hub_notices::payload::{AuthorityRef, Due, Ended, Origin, Placement};
use hub_notices::statement::{FIELDS, Recipient};
use hub_notices::{
    Basis, Details, EndingCause, Flag, NoticeData, NoticeKind, SealedPart, Standing, Statement, WithdrawalReason,
};
use serde_json::Value;
use uuid::Uuid;

fn lewisham() -> AuthorityRef {
    authority::by_slug("lewisham").unwrap().code.into()
}

fn text() -> String {
    "x".to_owned()
}

/// Everything that `data` can hold, filled.
fn everything() -> NoticeData {
    let (at, on) = (Timestamp::UNIX_EPOCH, "2026-06-10".parse().unwrap());
    NoticeData {
        notice_id: Uuid::nil(),
        version: 1,
        kind: NoticeKind::Placement,
        supersedes: Some(Uuid::nil()),
        placing: lewisham(),
        host: lewisham(),
        child_ref: "x".into(),
        link_key: Uuid::nil(),
        class: "at_a_distance".into(),
        approver_role: Some(text()),
        flags: Flag::ALL.to_vec(),
        due: Some(Due { at, basis: Basis::Planned, passed_when_first_seen: true }),
        standing: Standing::Stated,
        notice_given_at: Some(at),
        details: Some(Details::Outstanding),
        ending_on: Some(on),
        statement: Some(Statement::default()),
        differences: vec!["host".into()],
        placement: Some(Placement {
            start: on,
            emergency: true,
            placement_type: "K2".into(),
            placement_provider: Some(text()),
            provision: Some(text()),
            urn: Some(text()),
            setting_ref: Some(text()),
            placement_sector: Some(text()),
            registration: Some(text()),
            legal_status: "C2".into(),
            uasc: true,
            distance_reason: Some(text()),
            deprivation_of_liberty: Some(true),
            solo: Some(true),
        }),
        ended: Some(Ended {
            on,
            cause: EndingCause::Moved,
            reason_ceased: Some(text()),
            reason_place_change: Some(text()),
            destination: Some(lewisham()),
        }),
        withdrawn_because: Some(WithdrawalReason::Other),
        sealed: vec![SealedPart::Name],
        moved: Vec::new(),
        envelope: Some(1),
        origin: Some(Origin {
            source_system: "x".into(),
            submission: Some(Uuid::nil()),
            statement: Some(Uuid::nil()),
            signed_by: Some(text()),
            sha256: Some(text()),
        }),
    }
}

fn names(members: &Value) -> BTreeSet<String> {
    members.as_object().unwrap().keys().cloned().collect()
}

fn schemas() -> Value {
    serde_json::to_value(crate::openapi()).unwrap()["components"]["schemas"].clone()
}

/// What every event names as its `dataschema` is there, and says what is sent: no member more, none fewer.
#[test]
fn the_described_data_is_what_is_sent() {
    let (schemas, sent) = (schemas(), serde_json::to_value(everything()).unwrap());
    for (schema, sent) in [
        ("NoticeData", &sent),
        ("NoticeAuthority", &sent["placing"]),
        ("NoticeDue", &sent["due"]),
        ("NoticePlacement", &sent["placement"]),
        ("NoticeEnded", &sent["ended"]),
        ("NoticeOrigin", &sent["origin"]),
    ] {
        assert_eq!(names(&schemas[schema]["properties"]), names(sent), "{schema}");
    }
    let fields: BTreeSet<String> = FIELDS.iter().map(|field| field.name.to_owned()).collect();
    let described = names(&schemas["NoticeStatement"]["properties"]);
    assert_eq!(fields.difference(&described).collect::<Vec<_>>(), ["child_ref"]);
    let roles = schemas["NoticeRecipient"]["properties"]["role"]["enum"].as_array().unwrap().len();
    assert_eq!(roles, Recipient::ROLES.len());
}

/// What may be absent is not said to be always there.
#[test]
fn what_is_required_is_always_sent() {
    let least = NoticeData {
        supersedes: None,
        approver_role: None,
        due: None,
        notice_given_at: None,
        details: None,
        ending_on: None,
        statement: None,
        differences: Vec::new(),
        placement: None,
        ended: None,
        withdrawn_because: None,
        sealed: Vec::new(),
        envelope: None,
        origin: None,
        ..everything()
    };
    let schemas = schemas();
    let required: BTreeSet<String> = serde_json::from_value(schemas["NoticeData"]["required"].clone()).unwrap();
    assert_eq!(required, names(&serde_json::to_value(least).unwrap()));
}

#[test]
fn every_webhook_names_its_body() {
    let document = serde_json::to_value(crate::openapi()).unwrap();
    for (kind, item) in document["webhooks"].as_object().unwrap() {
        let body = &item["post"]["requestBody"]["content"]["application/cloudevents+json"]["schema"]["$ref"];
        let wanted = if kind.starts_with("notice.") { "NoticeEvent" } else { "EndpointEvent" };
        assert_eq!(body, &format!("#/components/schemas/{wanted}"), "{kind}");
    }
}
