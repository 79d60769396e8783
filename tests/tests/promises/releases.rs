//! D2: a reader sees one release whole or the next one whole, and a release never changes. Kills are in `kills`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::{join, join_all};
use hub_disclosure::{Gated, Known, Policy, Refused, Table, gate_knowing};
use hub_pipeline::Settings;
use hub_testkit::{Child, Feed, Persona, TestHub, Watch, authority, program, trials, until};
use serde_json::json;

/// Where most children live.
const HOSTS: [&str; 3] = ["E09000023", "E09000006", "E10000016"];
/// Where two do.
const FAR: &str = "E10000030";

/// The planted fault: two tables of one name, of which the gate cannot tell what they say together.
fn spoilt(mut tables: Vec<Table>, policy: &Policy, known: &Known) -> Result<Gated, Refused> {
    tables.extend(tables.first().cloned());
    gate_knowing(tables, policy, known)
}

async fn read(reader: Persona, stop: &AtomicBool) -> Watch {
    let mut seen = Watch::default();
    while !stop.load(Ordering::SeqCst) {
        seen.look(&reader).await.expect("the hub stays");
    }
    seen
}

/// Publishes by turns at two replicas; a borough's figures change now and then.
async fn publish(hub: &TestHub, replicas: &[String; 2], many: usize) {
    let (operator, sender) = (hub.as_operator().await, hub.as_borough("lewisham").await);
    for nth in 0..many {
        if nth % 50 == 0 {
            let child = Child::placed(&format!("release {nth}"), "E09000006");
            sender.deliver(&Feed::changes(authority("lewisham"), &format!("release-{nth}"), &[child], &[])).await;
        }
        operator.at(&replicas[nth % 2]).post("/v1/releases", &json!({})).await.expect(201);
    }
}

/// A commissioner at each replica, once it serves its first release.
async fn readers(hub: &TestHub, replicas: &[String; 2]) -> [Persona; 2] {
    let commissioner = hub.as_commissioner().await;
    let readers = [commissioner.at(&replicas[0]), commissioner.at(&replicas[1])];
    until("every replica serves the first release", Duration::from_secs(30), async || {
        let lists = join_all(readers.iter().map(|reader| reader.get("/v1/tables"))).await;
        lists.iter().all(|list| list.json()["items"].as_array().is_some_and(|items| !items.is_empty())).then_some(())
    })
    .await;
    readers
}

hub_testkit::on_both! {
    async fn eight_readers_see_whole_releases_only(hub: TestHub) {
        let many = trials("HUB_PUBLISHES", 500);
        let other = hub.replica().await;
        let replicas = [hub.base(), other.base()];
        publish(&hub, &replicas, 1).await;
        let readers = readers(&hub, &replicas).await;
        let stop = AtomicBool::new(false);
        let reading = join_all((0..8).map(|n| read(readers[n % 2].clone(), &stop)));
        let publishing = async {
            publish(&hub, &replicas, many).await;
            stop.store(true, Ordering::SeqCst);
        };
        let (all, ()) = join(reading, publishing).await;
        let mut seen = Watch::default();
        all.into_iter().for_each(|one| seen.merge(one));
        seen.look_again(&readers[0]).await.expect("the hub stays");
        assert_eq!(seen.faults(), Vec::<String>::new(), "{} sets read", seen.sets);
        assert!(seen.sets > 20 && seen.tables.len() > 20, "{} sets, {} tables were read", seen.sets, seen.tables.len());
        planted(&hub, &readers[0], &mut seen).await;
    }
}

hub_testkit::on_both! {
    async fn a_release_that_the_gate_refuses_leaves_the_one_before_served_and_operators_are_told(hub: TestHub) {
        // Two children alone in one place: counts that the gate has to hide.
        let place = |n: usize| if n < 2 { FAR } else { HOSTS[n % HOSTS.len()] };
        let children: Vec<Child> = (0..40).map(|n| Child::placed(&format!("child {n}"), place(n))).collect();
        let sender = hub.as_borough("lewisham").await;
        sender.deliver(&Feed::placements(authority("lewisham"), "a-night", &children)).await;
        let (operator, reader) = (hub.as_operator().await, hub.as_commissioner().await);
        operator.post("/v1/releases", &json!({})).await.expect(201);
        let before = reader.get("/v1/tables/flows").await.expect(200);
        let strict = Settings { gate: spoilt, ..Settings::default() };
        let strict = hub.replica_with(strict).await;
        sender.deliver(&Feed::changes(authority("lewisham"), "another", &[Child::placed("new", HOSTS[0])], &[])).await;
        let refused = operator.at(&strict.base()).post("/v1/releases", &json!({ "reason": "planted" })).await;
        assert_eq!((refused.status, refused.code().as_str()), (422, "disclosure"));
        for base in [hub.base(), strict.base()] {
            let after = reader.at(&base).get("/v1/tables/flows").await.expect(200);
            assert_eq!((after.header("etag"), &after.body), (before.header("etag"), &before.body));
            assert_eq!(reader.at(&base).get("/v1/releases").await.json()["items"].as_array().map(Vec::len), Some(1));
        }
        let events = operator.get("/v1/events").await.expect(200).json();
        let told: Vec<&serde_json::Value> =
            events["items"].as_array().expect("events").iter().filter(|event| event["kind"] == "release.refused").collect();
        assert_eq!(told.len(), 1, "{events}");
        assert!(told[0].to_string().contains("two tables are named"), "{}", told[0]);
        assert_eq!(sender.get("/v1/events").await.text().matches("release.refused").count(), 0, "operators alone");
        let mut list = std::process::Command::new(program());
        let listed = list.args(["release", "list"]).env("HUB_DATABASE_URL", hub.db().url()).output().expect("a list");
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        assert!(listed.contains("Refused by the release gate") && listed.contains("planted"), "{listed}");
        // It was the gate and not the data: the hub that is as it should be publishes what the other refused.
        operator.post("/v1/releases", &json!({})).await.expect(201);
        assert_ne!(reader.get("/v1/tables/flows").await.header("etag"), before.header("etag"));
    }
}

/// The planted fault: a table of a past release put in the place of another's, behind the hub's back.
async fn planted(hub: &TestHub, reader: &Persona, seen: &mut Watch) {
    let (release, name) = seen.tables.first_key_value().expect("something was read").0.clone();
    let other = hub.as_operator().await.post("/v1/releases", &json!({})).await.expect(201).json();
    let other = other["id"].as_str().expect("an id");
    let steal = format!(
        "UPDATE release_table SET json = (SELECT json FROM release_table WHERE release = '{other}' AND name = '{name}') \
         WHERE release = '{release}' AND name = '{name}'"
    );
    hub_testkit::rows(hub.db().url(), &steal).await;
    let table = reader.get(&format!("/v1/releases/{release}/tables/{name}")).await.expect(200);
    seen.take(&release, &name, &table);
    assert_eq!(seen.mixed.len(), 2, "it names another release, and it has changed: {:?}", seen.mixed);
}
