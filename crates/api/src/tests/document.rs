//! The list of routes, the handlers and the document say the same.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::stage::Stage;
use crate::route::parts;
use crate::{ROUTES, Who, openapi};

fn document() -> Value {
    serde_json::to_value(openapi()).unwrap()
}

fn operations(document: &Value) -> BTreeMap<(String, String), Value> {
    let paths = document["paths"].as_object().unwrap();
    let mut all = BTreeMap::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            all.insert((method.to_uppercase(), path.clone()), operation.clone());
        }
    }
    all
}

#[test]
fn every_handler_has_a_row_and_every_row_a_handler() {
    let rows: BTreeSet<_> = ROUTES.iter().map(|row| (row.method.to_owned(), row.path.to_owned())).collect();
    assert_eq!(rows.len(), ROUTES.len(), "a row stands twice");
    let handled: BTreeSet<_> = operations(&document()).into_keys().collect();
    assert_eq!(handled, rows);
}

#[test]
fn the_document_is_openapi_3_1_with_webhooks_problems_and_security() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["webhooks"]["notice.raised"]["post"].is_object());
    for ((method, path), operation) in operations(&document) {
        assert_eq!(
            operation["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"],
            "#/components/schemas/Problem",
            "{method} {path}"
        );
        let row = ROUTES.iter().find(|row| row.method == method && row.path == path).unwrap();
        assert_eq!(operation["security"].is_array(), row.who != Who::Public, "{method} {path}");
        assert!(operation["operationId"].is_string() && operation["tags"].is_array(), "{method} {path}");
    }
}

#[test]
fn no_two_shapes_share_a_name() {
    let mut seen: BTreeMap<String, Value> = BTreeMap::new();
    for (schemas, _, _) in parts() {
        for (name, schema) in schemas {
            let schema = serde_json::to_value(schema).unwrap();
            let first = seen.entry(name.clone()).or_insert_with(|| schema.clone());
            assert_eq!(*first, schema, "two shapes are named {name}");
        }
    }
    assert!(seen.contains_key("Submission"), "the shapes are seen at all");
}

#[test]
fn every_reference_leads_somewhere_and_operation_ids_are_unique() {
    let document = document();
    let text = document.to_string();
    for piece in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = piece.split('"').next().unwrap();
        assert!(document["components"]["schemas"][name].is_object(), "{name} is not there");
    }
    let ids: Vec<String> = operations(&document).values().map(|one| one["operationId"].to_string()).collect();
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "{ids:?}");
}

/// To write it anew: `hub openapi`, or this test with `HUB_WRITE_REFERENCE=1` and once more.
#[test]
#[expect(clippy::disallowed_methods, reason = "the switch of a test")]
fn the_published_document_is_the_present_one() {
    if std::env::var("HUB_WRITE_REFERENCE").is_ok() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts/openapi.json");
        std::fs::write(path, serde_json::to_string_pretty(&openapi()).unwrap() + "\n").unwrap();
    }
    let published: Value = serde_json::from_str(include_str!("../../../../contracts/openapi.json")).unwrap();
    assert_eq!(published, document(), "write it again: hub openapi > contracts/openapi.json");
}

#[tokio::test]
async fn the_pages_need_nothing_from_elsewhere() {
    let stage = Stage::set().await;
    assert_eq!(stage.get("/docs", "").await.header("location"), "/docs/index.html");
    let front = stage.get("/docs/index.html", "").await;
    assert_eq!((front.status.as_u16(), front.header("content-type")), (200, "text/html"));
    assert!(front.header("content-security-policy").starts_with("default-src 'self'"));
    let mut files = 0;
    for piece in front.text().split(['"', '\'']) {
        if !matches!(piece.rsplit_once('.'), Some((_, "js" | "css"))) {
            continue;
        }
        assert!(!piece.contains("//"), "{piece} is from elsewhere");
        let file = stage.get(&format!("/docs/{}", piece.trim_start_matches("./")), "").await;
        assert_eq!(file.status.as_u16(), 200, "{piece}");
        files += 1;
    }
    assert!(files >= 3, "the page names its scripts and styles");
    assert!(stage.get("/docs/swagger-initializer.js", "").await.text().contains("/openapi.json"));
    assert_eq!(stage.get("/docs/nothing", "").await.problem(), "not-found");
    assert_eq!(stage.get("/openapi.json", "").await.json(), document());
}
