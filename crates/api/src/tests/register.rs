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
