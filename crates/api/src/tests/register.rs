use hub_pipeline::identity::Role;
use serde_json::{Value, json};

use super::persona::LEWISHAM;
use super::stage::Stage;

const KENT: &str = "E10000016";

/// It is 2 March: a child is in Kent since 20 February, and notice is given now.
async fn told() -> (Stage, [(&'static str, String); 2]) {
    let stage = Stage::set().await;
    let (borough, host) = (stage.borough().await, stage.caller("kent", &[Role::Host], &[KENT]).await);
    let mut said: Value = serde_json::from_str(include_str!("../../../notices/samples/placement.json")).unwrap();
    let own = [("type", "placement"), ("authority", LEWISHAM), ("host", KENT), ("placement_start", "2026-02-20")];
    for (name, value) in own {
        said[name] = json!(value);
    }
    let raised = stage.post("/v1/notices", &borough, &said).await;
    assert_eq!(raised.status.as_u16(), 201, "{}", raised.text());
    (stage, [("/v1/register", host), ("/v1/register/placed", borough)])
}

#[tokio::test]
async fn either_side_asks_by_day_and_by_day_of_knowledge_as_json_and_as_csv() {
    let (stage, sides) = told().await;
    for (path, token) in &sides {
        let lines = async |query: &str| {
            let answer = stage.get(&format!("{path}?{query}"), token).await.json();
            answer["items"].as_array().unwrap().iter().map(|line| line["since"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(lines("as_of=2026-02-21").await, ["2026-02-20"], "{path}");
        assert_eq!(lines("as_of=2026-02-19").await.len(), 0, "{path}");
        assert_eq!(lines("as_of=2026-02-21&as_known_on=2026-03-02").await, ["2026-02-20"], "{path}");
        assert_eq!(lines("as_of=2026-02-21&as_known_on=2026-03-01").await.len(), 0, "{path}: nobody knew yet");
        assert_eq!(lines("as_known_on=2026-02-21").await.len(), 0, "{path}");
        let csv = stage.get(&format!("{path}?as_known_on=2026-03-02&format=csv"), token).await;
        let name = "attachment; filename=\"register-2026-03-02-as-known-on-2026-03-02.csv\"";
        assert_eq!((csv.header("content-disposition"), csv.text().lines().count()), (name, 2), "{path}");
        assert!(csv.text().contains(",outstanding,"), "nothing lies sealed: {}", csv.text());
    }
}

#[tokio::test]
async fn a_day_to_come_is_refused_by_name_and_not_said_again() {
    let (stage, sides) = told().await;
    for (path, token) in &sides {
        let table = [
            ("as_of=2026-03-03", vec!["/query/as_of"]),
            ("as_known_on=2026-03-03", vec!["/query/as_of", "/query/as_known_on"]),
            ("as_of=2026-03-01&as_known_on=2026-03-03", vec!["/query/as_known_on"]),
            ("as_known_on=yesterday", vec!["/query/as_known_on"]),
        ];
        for (query, wanted) in table {
            let refused = stage.get(&format!("{path}?{query}"), token).await;
            assert_eq!(refused.problem(), "invalid-request", "{query}");
            let errors = refused.json()["errors"].as_array().unwrap().clone();
            assert_eq!(errors.iter().map(|error| error["pointer"].clone()).collect::<Vec<_>>(), wanted, "{query}");
            assert!(!refused.text().contains("2026-03-03") && !refused.text().contains("yesterday"), "{query}");
        }
    }
}

#[tokio::test]
async fn either_side_counts_its_own_notices_by_month_as_json_and_as_csv() {
    let (stage, [(_, host), (_, borough)]) = told().await;
    for (path, token) in [("/v1/timeliness", &host), ("/v1/timeliness/placed", &borough)] {
        let items = stage.get(path, token).await.json()["items"].clone();
        assert_eq!(items.as_array().map(Vec::len), Some(1), "{path}");
        let line = &items[0];
        assert_eq!(
            (&line["month"], &line["placing"], &line["host"]),
            (&json!("2026-02"), &json!(LEWISHAM), &json!(KENT))
        );
        assert_eq!((&line["starts"], &line["late"], &line["placing_name"]), (&json!(1), &json!(1), &json!("Lewisham")));
        let csv = stage.get(&format!("{path}?format=csv"), token).await;
        let expected = format!("2026-02,{LEWISHAM},Lewisham,{KENT},Kent,1,0,1,1,0,0,0,");
        assert!(csv.text().lines().nth(1).unwrap().starts_with(&expected), "{path}: {}", csv.text());
        assert_eq!(stage.get(&format!("{path}?since=2026-03-01"), token).await.json()["items"], json!([]), "{path}");
        assert_eq!(stage.get(&format!("{path}?since=spring"), token).await.problem(), "invalid-request");
        let other = stage.get(&format!("{path}?authority=E09000008"), token).await;
        assert_eq!(other.problem(), "not-found", "{path}");
    }
}

#[tokio::test]
async fn the_bank_holidays_are_shown_with_what_was_proclaimed() {
    let stage = Stage::set().await;
    let token = stage.borough().await;
    let day = "2026-09-07".parse().unwrap();
    let said = hub_pipeline::holidays::Proclamation { days: vec![day], are_holidays: true, name: "=1+1".to_owned() };
    hub_pipeline::holidays::proclaim(&stage.hub, &said).await.unwrap();
    let items = stage.get("/v1/holidays?year=2026", &token).await.json()["items"].clone();
    assert_eq!(items.as_array().map(Vec::len), Some(9));
    let known = json!({ "day": "2026-01-01", "is_holiday": true, "known": true });
    assert_eq!(items[0], known);
    let said = json!({ "day": "2026-09-07", "is_holiday": true, "known": false, "name": "=1+1", "said_at": "2026-03-02T02:00:00Z" });
    assert_eq!(items.as_array().unwrap().iter().find(|one| one["day"] == "2026-09-07"), Some(&said));
    let csv = stage.get("/v1/holidays?year=2026&format=csv", &token).await;
    let csv = csv.text();
    assert!(csv.contains("2026-09-07,true,false,'=1+1,2026-03-02T02:00:00Z"), "a spreadsheet runs nothing: {csv}");
    assert_eq!(stage.get("/v1/holidays?year=soon", &token).await.problem(), "invalid-request");
    assert_eq!(stage.get("/v1/holidays", "").await.problem(), "unauthenticated");
}
