//! D2: a reader sees one release whole or the next one whole, and a release never changes. Kills are in `kills`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::{join, join_all};
use hub_testkit::{Child, Feed, Persona, TestHub, Watch, authority, trials, until};
use serde_json::json;

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
