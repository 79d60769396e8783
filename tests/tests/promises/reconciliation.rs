//! Three accounts of a placement, over real HTTP: each side reads its own list, as JSON, as CSV and night by night.

use hub_domain::Dataset;
use hub_testkit::{Child, Feed, Persona, authority};
use serde_json::Value;

/// What Kent's homes told it, for a child of Lewisham's whom nobody else speaks of.
const ADMISSIONS: &str = "admission_ref,urn,notified_under,placing_la,birth_month,sex,admitted_on\n\
                          ad-1,SC999999,reg_41,E09000023,2011-02,F,2026-03-02\n";

/// Kinds on a list.
fn kinds(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().expect("a list");
    let mut kinds: Vec<String> = items.iter().map(|item| item["kind"].as_str().expect("a kind").to_owned()).collect();
    kinds.sort_unstable();
    kinds
}

async fn list(who: &Persona, query: &str) -> Value {
    who.get(&format!("/v1/reconciliation{query}")).await.expect(200).json()
}

hub_testkit::on_both! {
    async fn each_side_reads_its_own_list(hub: TestHub) {
        let (lewisham, kent) = (authority("lewisham"), authority("kent"));
        let (borough, host) = (hub.as_borough("lewisham").await, hub.as_host("kent").await);
        for member in [lewisham, kent] {
            hub.join(member, "2020-01-01".parse().expect("a date")).await;
        }
        let (others, elsewhere) = (hub.as_borough("croydon").await, hub.as_host("surrey").await);
        borough.deliver(&Feed::placements(lewisham, "one", &[Child::placed("away", kent.as_str())])).await;
        let filing = hub.as_borough("kent").await;
        filing.deliver(&Feed::of(kent, Dataset::Admissions, "homes", ADMISSIONS.as_bytes().to_vec())).await;
        hub_pipeline::reconcile::run(hub.hub()).await.expect("reconciled");

        let wanted = ["missing_notice", "provider_only"];
        let (placing, hosts) = (list(&borough, "").await, list(&host, "").await);
        assert_eq!((kinds(&placing), kinds(&hosts)), (wanted.map(str::to_owned).to_vec(), wanted.map(str::to_owned).to_vec()));
        assert_eq!(list(&others, "").await["items"], serde_json::json!([]));
        assert_eq!(list(&elsewhere, "").await["items"], serde_json::json!([]));
        for item in hosts["items"].as_array().expect("items") {
            assert!(item["child_ref"].is_null(), "the pseudonym is the placing authority's: {item}");
            assert_eq!((item["side"].as_str(), item["placing"]["code"].as_str()), (Some("host"), Some(lewisham.as_str())));
        }
        for text in [placing.to_string(), hosts.to_string()] {
            assert!(!text.contains("2011-02"), "no birth month");
        }
        assert_eq!(kinds(&list(&host, "?kind=provider_only").await), ["provider_only"]);
        assert_eq!(kinds(&list(&borough, "?side=host").await), Vec::<String>::new());
        assert_eq!(kinds(&list(&host, "?night=2020-01-01").await), Vec::<String>::new(), "before the first night");
        for wrong in ["?kind=x", "?side=x", "?status=x", "?night=x", "?limit=0"] {
            host.get(&format!("/v1/reconciliation{wrong}")).await.expect(400);
        }
        let first = list(&host, "?limit=1").await;
        let next = host.get(first["next"].as_str().expect("another page")).await.expect(200).json();
        assert_ne!(first["items"][0]["id"], next["items"][0]["id"]);

        let sheet = host.get("/v1/reconciliation?format=csv").await.expect(200);
        assert_eq!(sheet.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(sheet.text().lines().count(), 3, "headings and two rows: {}", sheet.text());

        let nights = host.get("/v1/reconciliation/nights").await.expect(200).json();
        assert_eq!((&nights["items"][0]["standing"], nights["items"].as_array().map(Vec::len)), (&2.into(), Some(1)));
        for who in [&borough, &host] {
            let events = who.get("/v1/events").await.expect(200).json();
            let ready = events["items"].as_array().expect("events").iter().filter(|event| event["kind"] == "reconciliation.ready");
            let counts: Vec<&Value> = ready.map(|event| &event["data"]["standing"]).collect();
            assert_eq!(counts, [&Value::from(2)], "each is told of its own");
        }
    }
}
