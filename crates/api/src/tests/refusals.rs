//! Bad requests get a problem that says where and what, and never what was sent.

use axum::body::Body;
use axum::http::Method;
use hub_pipeline::identity::Role;
use serde_json::json;

use super::persona::{CROYDON, LEWISHAM};
use super::stage::{Stage, bearing};

const CANARY: &str = "zzcanaryzz";

#[tokio::test]
async fn everything_wrong_is_named_at_once_and_nothing_is_repeated() {
    let stage = Stage::set().await;
    let token = stage.borough().await;
    let path =
        format!("/v1/submissions?dataset={CANARY}&authority={CANARY}&as_at={CANARY}&dry_run={CANARY}&{CANARY}=1");
    let answer = stage.ask(bearing(Method::POST, &path, &token).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.problem(), "invalid-request");
    let pointers: Vec<String> = answer.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        pointers,
        ["/query/dataset", "/query/authority", "/query/mode", "/query/as_at", "/query/dry_run", "/query"]
    );
    assert!(!answer.text().contains(CANARY), "{}", answer.text());
}

#[tokio::test]
async fn a_small_body_must_be_a_small_flat_json_object() {
    let stage = Stage::set().await;
    let token = stage.caller("kent", &[Role::Host], &["E10000016"]).await;
    let post = |kind: &'static str, body: String| {
        let request = bearing(Method::POST, "/v1/endpoints", &token).header("content-type", kind);
        stage.ask(request.body(Body::from(body)).unwrap())
    };
    let json = "application/json";
    let table = [
        ("text/plain", "{}".to_owned(), "unsupported-media-type"),
        (json, "{".to_owned(), "invalid-request"),
        (json, format!("[\"{CANARY}\"]"), "invalid-request"),
        (json, "{}".to_owned(), "invalid-request"),
        (json, format!(r#"{{"url":"https://a.example/","{CANARY}":1}}"#), "invalid-request"),
        (json, format!(r#"{{"url":"https://a.example/","scheme":"{CANARY}"}}"#), "invalid-request"),
        (json, "{\"url\":\"a\\u0000b\"}".to_owned(), "invalid-request"),
        (json, r#"{"url":["https://a.example/"]}"#.to_owned(), "invalid-request"),
        (json, format!(r#"{{"url":"{}"}}"#, "a".repeat(70_000)), "too-large"),
        (json, r#"{"url":"https://127.0.0.1/"}"#.to_owned(), "address-refused"),
        (json, r#"{"url":"http://a.example/"}"#.to_owned(), "address-refused"),
        (json, format!(r#"{{"url":"https://a.example/","authority":"{CROYDON}"}}"#), "not-found"),
    ];
    for (kind, body, code) in table {
        let shown: String = body.chars().take(60).collect();
        let answer = post(kind, body).await;
        assert_eq!(answer.problem(), code, "{shown}");
        assert!(!answer.text().contains(CANARY), "{}", answer.text());
    }
}

#[tokio::test]
async fn an_endpoint_is_registered_listed_and_removed_by_its_owner_only() {
    let stage = Stage::set().await;
    let kent = stage.caller("kent", &[Role::Host], &["E10000016"]).await;
    let essex = stage.caller("essex", &[Role::Host], &["E10000012"]).await;
    let made =
        stage.post("/v1/endpoints", &kent, &json!({ "url": "https://hooks.example/kent", "scheme": "v1" })).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());
    assert!(made.json()["secret"].as_str().unwrap().starts_with("whsec_"));
    let path = format!("/v1/endpoints/{}", made.json()["id"].as_str().unwrap());
    let delete = |token: &str| stage.ask(bearing(Method::DELETE, &path, token).body(Body::empty()).unwrap());
    assert_eq!(delete(&essex).await.problem(), "not-found");
    let listed = stage.get("/v1/endpoints", &kent).await;
    assert_eq!(listed.json()["items"].as_array().unwrap().len(), 1);
    assert!(!listed.text().contains("whsec_"), "a secret is shown once");
    assert_eq!(delete(&kent).await.status.as_u16(), 204);
    assert_eq!(delete(&kent).await.problem(), "not-found");
    assert!(stage.get("/v1/endpoints", &kent).await.json()["items"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn foreign_absent_and_unreadable_are_one_answer() {
    let stage = Stage::set().await;
    let token = stage.borough().await;
    let mut answers = Vec::new();
    for id in ["01900000-0000-7000-8000-000000000001", "not-an-id", "{01900000-0000-7000-8000-000000000001}", "%00"] {
        for under in ["", "/findings"] {
            let mut document = stage.get(&format!("/v1/submissions/{id}{under}"), &token).await.json();
            document["request_id"] = serde_json::Value::Null;
            answers.push(document);
        }
    }
    assert_eq!(answers[0]["code"], "not-found");
    assert!(answers.iter().all(|one| *one == answers[0]), "{answers:?}");
    for path in ["/v1/submissions", "/v1/feeds", "/v1/events", "/v1/notices"] {
        let own = stage.get(&format!("{path}?authority={LEWISHAM}"), &token).await;
        assert_eq!(own.status.as_u16(), 200, "{path}: {}", own.text());
        assert_eq!(stage.get(&format!("{path}?authority={CROYDON}"), &token).await.problem(), "not-found", "{path}");
        assert_eq!(stage.get(&format!("{path}?authority=E09999999"), &token).await.problem(), "not-found", "{path}");
    }
}

#[tokio::test]
async fn contracts_and_codes_are_explained_to_anybody() {
    let stage = Stage::set().await;
    assert_eq!(
        stage.get("/v1/contracts", "").await.json()["items"].as_array().unwrap().len(),
        hub_domain::Dataset::ALL.len()
    );
    assert!(stage.get("/v1/contracts/placements", "").await.text().contains("child_ref"));
    assert!(
        stage.get("/v1/contracts/placements/template.csv", "").await.text().starts_with("child_ref,episode_start,")
    );
    assert!(stage.get("/v1/contracts/placements/table-schema", "").await.json()["fields"].is_array());
    assert_eq!(stage.get("/v1/contracts/dragons", "").await.problem(), "not-found");
    assert_eq!(stage.get("/problems/stale-submission", "").await.json()["status"], 409);
    assert_eq!(stage.get("/problems/zzz", "").await.problem(), "not-found");
}

#[tokio::test]
async fn a_token_of_the_wrong_kind_twice_or_ended_is_refused() {
    let stage = Stage::set().await;
    let token = stage.borough().await;
    for value in [
        format!("Basic {token}"),
        token.clone(),
        format!("Bearer {token}x"),
        "Bearer ".to_owned(),
        "Bearer a b".to_owned(),
    ] {
        let request = axum::http::Request::get("/v1/feeds").header("authorization", value);
        assert_eq!(stage.ask(request.body(Body::empty()).unwrap()).await.problem(), "unauthenticated");
    }
    let twice = bearing(Method::GET, "/v1/feeds", &token).header("authorization", format!("Bearer {token}"));
    assert_eq!(stage.ask(twice.body(Body::empty()).unwrap()).await.problem(), "unauthenticated");
    let lower = axum::http::Request::get("/v1/feeds").header("authorization", format!("bearer {token}"));
    assert_eq!(stage.ask(lower.body(Body::empty()).unwrap()).await.status.as_u16(), 200);
}
