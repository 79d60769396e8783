use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Method;
use hub_pipeline::identity::Role;
use hub_pipeline::publish::{Published, PublishedTable};
use hub_store::release::Release;
use uuid::Uuid;

use super::stage::{Answer, Stage, bearing};

fn publish(stage: &Stage) {
    let release = Release {
        id: Uuid::from_u128(7),
        number: 1,
        as_at: "2026-03-01".parse().unwrap(),
        published_at: stage.now(),
        digest: "d".to_owned(),
        reason: "test".to_owned(),
        basis: "{}".to_owned(),
        summary: "{}".to_owned(),
        audience: "consortium".to_owned(),
    };
    let table = PublishedTable::new(r#"{"rows":[]}"#.into(), "a,b\r\n".into(), "abc".to_owned());
    let tables = BTreeMap::from([("flows".to_owned(), table)]);
    stage.hub.published.store(Some(Arc::new(Published::new(release, tables))));
}

async fn get(stage: &Stage, path: &str, token: &str, header: (&'static str, &str)) -> Answer {
    stage.ask(bearing(Method::GET, path, token).header(header.0, header.1).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_table_comes_as_asked_for_and_only_when_it_changed() {
    let stage = Stage::set().await;
    let token = stage.commissioner().await;
    assert_eq!(stage.get("/v1/tables/flows", &token).await.problem(), "not-found");
    publish(&stage);
    let json = stage.get("/v1/tables/flows", &token).await;
    assert_eq!(
        (json.text(), json.header("content-type"), json.header("etag")),
        (r#"{"rows":[]}"#, "application/json", r#""abc.json""#)
    );
    for (path, accept) in
        [("/v1/tables/flows", "text/csv"), ("/v1/tables/flows.csv", "*/*"), ("/v1/tables/flows?format=csv", "*/*")]
    {
        let csv = get(&stage, path, &token, ("accept", accept)).await;
        assert_eq!((csv.text(), csv.header("etag")), ("a,b\r\n", r#""abc.csv""#), "{path} {accept}");
    }
    for known in [r#""abc.json""#, r#"W/"abc.json", "x""#, r#""x", "abc.json""#, "*"] {
        let same = get(&stage, "/v1/tables/flows", &token, ("if-none-match", known)).await;
        assert_eq!((same.status.as_u16(), same.body.len(), same.header("etag")), (304, 0, r#""abc.json""#), "{known}");
    }
    assert_eq!(get(&stage, "/v1/tables/flows", &token, ("if-none-match", r#""abc.csv""#)).await.status.as_u16(), 200);
    assert_eq!(get(&stage, "/v1/tables/flows", &token, ("accept", "text/html")).await.problem(), "not-acceptable");
    assert_eq!(stage.get("/v1/tables/other", &token).await.problem(), "not-found");
    let listed = stage.get("/v1/tables", &token).await.json();
    assert_eq!(listed["items"][0]["name"], "flows");
    let again = stage.get(&format!("/v1/releases/{}/tables/flows.csv", Uuid::from_u128(7)), &token).await;
    assert_eq!(again.text(), "a,b\r\n");
}

#[tokio::test]
async fn a_host_from_anywhere_in_england_reads_no_table_of_the_consortium() {
    let stage = Stage::set().await;
    publish(&stage);
    let host = stage.caller("kent", &[Role::Host], &["E10000016"]).await;
    for path in ["/v1/tables", "/v1/tables/flows", "/v1/releases", "/v1/vacancies"] {
        assert_eq!(stage.get(path, &host).await.problem(), "role-needed", "{path}");
    }
}

#[tokio::test]
async fn only_an_operator_publishes() {
    let stage = Stage::set().await;
    let commissioner = stage.commissioner().await;
    let wish = serde_json::json!({ "reason": "a test" });
    assert_eq!(stage.post("/v1/releases", &commissioner, &wish).await.problem(), "role-needed");
    let operator = stage.caller("ops", &[Role::Operator], &[]).await;
    let published = stage.post("/v1/releases", &operator, &wish).await;
    assert_eq!(published.status.as_u16(), 201, "{}", published.text());
    let id = published.json()["id"].as_str().unwrap().to_owned();
    let found = stage.get(&format!("/v1/releases/{id}"), &commissioner).await.json();
    assert_eq!((found["number"].as_i64(), found["reason"].as_str()), (Some(1), Some("a test")));
    assert_eq!(stage.get("/v1/releases", &commissioner).await.json()["items"][0]["id"], id);
}

#[tokio::test]
async fn the_board_is_for_brokers_and_says_its_day() {
    let stage = Stage::set().await;
    let broker = stage.caller("broker", &[Role::Broker], &[]).await;
    let found =
        stage.get("/v1/vacancies?provision=childrens_home,foster_household&age=11&usable_only=true", &broker).await;
    assert_eq!((found.status.as_u16(), found.json()["as_at"].as_str()), (200, Some("2026-03-02")), "{}", found.text());
    let wrong = stage.get("/v1/vacancies?provision=castle&age=99&sex=X&siblings=x", &broker).await;
    assert_eq!(wrong.problem(), "invalid-request");
    let pointers: Vec<_> =
        wrong.json()["errors"].as_array().unwrap().iter().map(|error| error["pointer"].to_string()).collect();
    assert_eq!(pointers, [r#""/query/provision""#, r#""/query/siblings""#, r#""/query/sex""#, r#""/query/age""#]);
}
