use std::collections::BTreeSet;

use axum::response::IntoResponse as _;
use hub_pipeline::Fault;
use hub_pipeline::identity::{Denied, IdentityFault, NotYours, TokenRefusal};
use hub_pipeline::notices::AnswerRefusal;
use hub_pipeline::receive::ReceiveRefusal;
use hub_pipeline::submissions::Refused;
use hub_store::StoreError;

use super::*;

#[test]
fn codes_are_kebab_case_and_no_two_are_alike() {
    let mut seen = BTreeSet::new();
    for kind in KINDS {
        assert!(seen.insert(kind.code), "{} stands twice", kind.code);
        assert!(kind.code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", kind.code);
        assert!(kind.status.is_client_error() || kind.status.is_server_error(), "{}", kind.code);
    }
}

#[test]
fn each_refusal_has_its_status_and_code() {
    let stale = ReceiveRefusal::Stale { last: "2026-03-01".parse().unwrap() };
    let future = ReceiveRefusal::Future { today: "2026-03-01".parse().unwrap() };
    let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
    let table: Vec<(Problem, u16, &str)> = vec![
        (NotYours.into(), 404, "not-found"),
        (Denied("x").into(), 401, "unauthenticated"),
        (StoreError::Decode("x").into(), 500, "internal"),
        (StoreError::Unsafe(String::new()).into(), 500, "internal"),
        (IdentityFault::Material(String::new()).into(), 500, "internal"),
        (TokenRefusal::Grant.into(), 400, "unsupported-grant"),
        (TokenRefusal::Request("x").into(), 400, "invalid-request"),
        (TokenRefusal::Client("x").into(), 401, "invalid-client"),
        (TokenRefusal::Assertion("x").into(), 401, "invalid-client"),
        (TokenRefusal::Target.into(), 400, "invalid-target"),
        (Fault::Stopped.into(), 503, "unavailable"),
        (Fault::Overtaken.into(), 503, "unavailable"),
        (Fault::Inconsistent("x").into(), 500, "internal"),
        (Fault::Io(full).into(), 507, "no-room"),
        (ReceiveRefusal::KeyReused.into(), 422, "key-reused"),
        (ReceiveRefusal::InProgress.into(), 409, "in-progress"),
        (ReceiveRefusal::Digest.into(), 400, "digest-mismatch"),
        (ReceiveRefusal::CoversFrom { needed: true }.into(), 422, "covers-from"),
        (ReceiveRefusal::CoversFrom { needed: false }.into(), 422, "covers-from"),
        (stale.into(), 409, "stale-submission"),
        (future.into(), 422, "future-date"),
        (ReceiveRefusal::Sender { dataset: hub_domain::Dataset::Regulator }.into(), 422, "wrong-sender"),
        (Refused::NotFound.into(), 404, "not-found"),
        (Refused::NotHeld.into(), 409, "not-held"),
        (Refused::NotApplied.into(), 409, "not-applied"),
        (AnswerRefusal::NotFound.into(), 404, "not-found"),
    ];
    for (problem, status, code) in table {
        assert_eq!((problem.kind().status.as_u16(), problem.kind().code), (status, code));
    }
}

#[test]
fn a_fault_tells_the_operator_the_chain_and_the_caller_nothing() {
    let problem = Problem::from(Fault::Store(StoreError::Decode("a secret of the store")));
    assert_eq!(problem.chain().as_deref(), Some("a stored value does not read as a secret of the store"));
    let document = serde_json::to_string(&problem.document("r-1")).unwrap();
    assert!(!document.contains("secret"), "{document}");
    assert!(document.contains(r#""request_id":"r-1""#), "{document}");
}

#[test]
fn what_may_be_tried_again_says_when() {
    for (problem, expected) in
        [(Problem::from(Fault::Stopped), Some("10")), (Problem::from(Fault::Inconsistent("x")), None)]
    {
        let response = problem.into_response();
        let after = response.headers().get(header::RETRY_AFTER).map(|value| value.to_str().unwrap());
        assert_eq!(after, expected);
    }
}
