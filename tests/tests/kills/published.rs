//! Releases, readers and kills.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use hub_domain::{Clock as _, SystemClock};
use hub_pipeline::identity::Role;
use hub_testkit::{Chance, Launch, Persona, Process, TestDb, Watch, enrol, plain_client, rows, trials};
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// Publishes until the hub is gone; the releases that were acknowledged.
async fn publish(operator: Persona) -> BTreeSet<String> {
    let mut published = BTreeSet::new();
    while let Ok(answer) = operator.try_send(operator.request("POST", "/v1/releases").json(&json!({}))).await {
        let release = answer.expect(201).json();
        published.insert(release["id"].as_str().expect("an id").to_owned());
    }
    published
}

/// Reads sets until the hub is gone.
async fn read(reader: Persona) -> Watch {
    let mut seen = Watch::default();
    while seen.look(&reader).await.is_ok() {}
    seen
}

/// Releases that lack a table they say they have, tables without a release, and gaps in the numbers.
async fn halved(url: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut numbers = BTreeSet::new();
    let tables = rows(url, "SELECT release, name FROM release_table").await;
    let mut kept: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for table in &tables {
        kept.entry(&table[0]).or_default().insert(&table[1]);
    }
    for release in rows(url, "SELECT id, summary, CAST(number AS TEXT) FROM release").await {
        let summary: Value = serde_json::from_str(&release[1]).expect("a summary");
        let said: BTreeSet<&str> =
            summary["rows"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        if said.is_empty() || kept.remove(release[0].as_str()).unwrap_or_default() != said {
            found.push(release[0].clone());
        }
        numbers.insert(release[2].parse::<usize>().expect("a number"));
    }
    found.extend(kept.keys().map(|orphan| format!("tables of {orphan}")));
    if numbers.last().copied().unwrap_or(0) != numbers.len() {
        found.push(format!("{} releases, the last has number {:?}", numbers.len(), numbers.last()));
    }
    found
}

pub(crate) async fn no_release_is_seen_by_halves(db: TestDb) {
    let now = SystemClock.now();
    let operator = enrol(db.store(), now, "operator", &[Role::Operator], &[]).await;
    let commissioner = enrol(db.store(), now, "commissioner", &[Role::Commissioner], &[]).await;
    let (mut chance, http) = (Chance::of("published"), plain_client());
    let (mut seen, mut published) = (Watch::default(), BTreeSet::new());
    let readers = trials("HUB_RELEASE_READERS", 4);
    for _ in 0..trials("HUB_RELEASE_KILLS", 10) {
        let mut process = Process::begin(&Launch::on(db.url())).await;
        let operator = Persona::enter(&process.base(), &http, "operator", &operator).await;
        let reader = Persona::enter(&process.base(), &http, "commissioner", &commissioner).await;
        operator.post("/v1/releases", &json!({})).await.expect(201);
        seen.look_again(&reader).await.expect("the hub answers");
        let publishing = tokio::spawn(publish(operator));
        let mut reading: JoinSet<Watch> = (0..readers).map(|_| read(reader.clone())).collect();
        // Not a wait for anything: the moment of death is drawn by lot.
        tokio::time::sleep(Duration::from_micros(chance.between(50_000, 600_000))).await;
        process.kill();
        published.extend(publishing.await.expect("the operator does not fail"));
        while let Some(watch) = reading.join_next().await {
            seen.merge(watch.expect("a reader does not fail"));
        }
        assert_eq!(halved(db.url()).await, Vec::<String>::new());
    }
    let kept: BTreeSet<String> = rows(db.url(), "SELECT id FROM release").await.concat().into_iter().collect();
    let lost: Vec<_> = published.difference(&kept).collect();
    eprintln!("{}: {} releases acknowledged, {} sets read", db.store().kind(), published.len(), seen.sets);
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert_eq!(seen.faults(), Vec::<String>::new());
    assert!(
        seen.sets > 0 && !published.is_empty(),
        "{} sets, {} releases: too few to prove anything",
        seen.sets,
        published.len()
    );
    rows(
        db.url(),
        "DELETE FROM release_table WHERE name = 'flows' AND release = (SELECT id FROM release ORDER BY id LIMIT 1)",
    )
    .await;
    assert_eq!(halved(db.url()).await.len(), 1, "the planted fault is found");
}
