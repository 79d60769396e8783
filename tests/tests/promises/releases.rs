//! D2: a reader sees one release whole or the next one whole, and a release never changes. Kills are in `kills`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::{join, join_all};
use hub_testkit::{Answer, Child, Feed, Persona, TestHub, authority, trials};
use serde_json::json;

/// What readers have seen: release and table → the bytes, by their digest; and everything that was wrong.
#[derive(Debug, Default)]
struct Seen {
    tables: BTreeMap<(String, String), String>,
    mixed: Vec<String>,
    sets: usize,
}

impl Seen {
    /// Takes in one table of a release: every row must name that release, and its bytes may never differ.
    fn take(&mut self, release: &str, name: &str, answer: &Answer) {
        let named: BTreeSet<&str> = releases_named(answer);
        if named != BTreeSet::from([release]) {
            self.mixed.push(format!("{name} of {release} names {named:?}"));
        }
        let tag = format!("{} {}", answer.header("etag"), answer.text());
        let kept = self.tables.entry((release.to_owned(), name.to_owned())).or_insert_with(|| tag.clone());
        if *kept != tag {
            self.mixed.push(format!("{name} of {release} has changed"));
        }
    }

    fn merge(&mut self, other: Self) {
        for (place, tag) in other.tables {
            if self.tables.insert(place.clone(), tag.clone()).is_some_and(|kept| kept != tag) {
                self.mixed.push(format!("{place:?} differs between readers"));
            }
        }
        self.mixed.extend(other.mixed);
        self.sets += other.sets;
    }
}

/// Every release id that stands anywhere in a CSV answer's `release` column, or in a JSON document's.
fn releases_named(answer: &Answer) -> BTreeSet<&str> {
    let text = std::str::from_utf8(&answer.body).unwrap_or_default();
    let is_id = |word: &&str| word.len() == 36 && word.bytes().filter(|byte| *byte == b'-').count() == 4;
    text.split(|c: char| !(c.is_ascii_hexdigit() || c == '-')).filter(is_id).collect()
}

/// One look at the whole set: the list, then each table of the release that the list names.
async fn look(reader: &Persona, seen: &mut Seen) {
    let list = reader.get("/v1/tables").await.expect(200).json();
    let items = list["items"].as_array().expect("a list");
    let releases: BTreeSet<&str> = items.iter().filter_map(|table| table["release"].as_str()).collect();
    if releases.len() != 1 {
        seen.mixed.push(format!("one list names {releases:?}"));
    }
    let release = releases.first().copied().unwrap_or_default();
    for name in items.iter().filter_map(|table| table["name"].as_str()) {
        seen.take(release, name, &reader.get(&format!("/v1/releases/{release}/tables/{name}")).await.expect(200));
    }
    let current = reader.get("/v1/tables/placement_mix").await.expect(200);
    if releases_named(&current).len() != 1 {
        seen.mixed.push(format!("one table names {:?}", releases_named(&current)));
    }
    seen.sets += 1;
}

async fn read(reader: Persona, stop: &AtomicBool) -> Seen {
    let mut seen = Seen::default();
    while !stop.load(Ordering::SeqCst) {
        look(&reader, &mut seen).await;
    }
    seen
}

/// Publishes by turns at two replicas; a borough's figures change now and then. The last few releases.
async fn publish(hub: &TestHub, replicas: [String; 2], many: usize) {
    let (operator, sender) = (hub.as_operator().await, hub.as_borough("lewisham").await);
    for nth in 0..many {
        if nth % 50 == 0 {
            let child = Child::placed(&format!("release {nth}"), "E09000006");
            sender.deliver(&Feed::changes(authority("lewisham"), &format!("release-{nth}"), &[child], &[])).await;
        }
        operator.at(&replicas[nth % 2]).post("/v1/releases", &json!({})).await.expect(201);
    }
}

hub_testkit::on_both! {
    async fn eight_readers_see_whole_releases_only(hub: TestHub) {
        let many = trials("HUB_PUBLISHES", 150);
        let other = hub.replica().await;
        let replicas = [hub.base(), other.base()];
        publish(&hub, replicas.clone(), 1).await;
        hub_testkit::until("the other replica has the first release", std::time::Duration::from_secs(20), async || {
            let tables = hub.as_commissioner().await.at(&replicas[1]).get("/v1/tables").await.json();
            tables["items"].as_array().filter(|items| !items.is_empty()).map(|_| ())
        })
        .await;
        let commissioner = hub.as_commissioner().await;
        let stop = AtomicBool::new(false);
        let readers = join_all((0..8).map(|n| read(commissioner.at(&replicas[n % 2]), &stop)));
        let publishing = async {
            publish(&hub, replicas.clone(), many).await;
            stop.store(true, Ordering::SeqCst);
        };
        let (all, ()) = join(readers, publishing).await;
        let mut seen = Seen::default();
        all.into_iter().for_each(|one| seen.merge(one));
        // Every release of the run, asked for again at the end: none has changed.
        let known: BTreeSet<(String, String)> = seen.tables.keys().cloned().collect();
        for (release, name) in known {
            let answer = commissioner.at(&replicas[0]).get(&format!("/v1/releases/{release}/tables/{name}")).await.expect(200);
            seen.take(&release, &name, &answer);
        }
        let worst = &seen.mixed[..seen.mixed.len().min(5)];
        assert!(worst.is_empty(), "{} faults in {} sets: {worst:?}", seen.mixed.len(), seen.sets);
        assert!(seen.sets > 20 && seen.tables.len() > 20, "{} sets of {} tables were read", seen.sets, seen.tables.len());
        planted(&hub, &commissioner, &mut seen).await;
    }
}

/// The planted faults: a table of a release changed behind the hub's back, and one that names another release.
async fn planted(hub: &TestHub, reader: &Persona, seen: &mut Seen) {
    let ((release, name), _) = seen.tables.first_key_value().expect("something was read");
    let (release, name) = (release.clone(), name.clone());
    let other = hub.as_operator().await.post("/v1/releases", &json!({})).await.expect(201).json();
    let other = other["id"].as_str().expect("an id").to_owned();
    let steal = format!(
        "UPDATE release_table SET json = (SELECT json FROM release_table WHERE release = '{other}' AND name = '{name}') \
         WHERE release = '{release}' AND name = '{name}'"
    );
    hub_testkit::rows(hub.db().url(), &steal).await;
    seen.take(&release, &name, &reader.get(&format!("/v1/releases/{release}/tables/{name}")).await.expect(200));
    let words: Vec<&str> = seen.mixed.iter().map(|text| text.rsplit(' ').next().unwrap_or_default()).collect();
    assert_eq!(seen.mixed.len(), 2, "{words:?}");
}
