//! Releases: immutable, whole, numbered once, and none past a gate that refuses (promise D2, in process).

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hub_domain::Dataset;
use hub_jobs::Sweeper;
use hub_pipeline::publish::{self, Anew, Audience, Published, publish};
use hub_pipeline::{Hub, NEVER, Settings, jobs};
use hub_store::release::{self, Release, TableBytes};
use hub_sufficiency::{definitions, is_published};
use tokio::task::JoinSet;

use crate::rig::{BROMLEY, CROYDON, LEWISHAM, Rig, Row, away, episode, home, on, search, visit};

fn children(borough: &str, count: usize) -> Vec<Row> {
    let child = |n: usize| {
        let name = format!("{}x{n}", &borough[6..]);
        if n.is_multiple_of(3) {
            away(&name, "2026-05-04", crate::rig::KENT)
        } else {
            episode(&name, "2026-05-04").with("placement_la", borough)
        }
    };
    (0..count).map(child).collect()
}

/// A release like `first`, but for its tables, stored behind the hub's back.
async fn forge(rig: &Rig, first: &Release, change: impl Fn(TableBytes) -> Option<TableBytes>) -> Release {
    let mut release = first.clone();
    (release.id, release.number) = (rig.hub.ids.next(), 9);
    let (passed, tables) = {
        let mut link = rig.hub.store.read().await.unwrap();
        let passed = release::passed(&mut link, "consortium", 1).await.unwrap().unwrap();
        (passed, release::tables(&mut link, first.id).await.unwrap())
    };
    // Every row says whose it is.
    let renamed = |bytes: Vec<u8>| {
        String::from_utf8(bytes).unwrap().replace(&first.id.to_string(), &release.id.to_string()).into_bytes()
    };
    let tables = tables
        .into_iter()
        .filter_map(|table| change(TableBytes { json: renamed(table.json), csv: renamed(table.csv), ..table }));
    let tables: Vec<TableBytes> = tables.collect();
    let mut tx = rig.hub.store.begin().await.unwrap();
    release::insert(&mut tx, &release, &tables).await.unwrap();
    release::remember(&mut tx, "consortium", 9, &passed).await.unwrap();
    tx.commit().await.unwrap();
    release
}

/// Three boroughs' nights.
async fn region(rig: &Rig) {
    for (borough, count) in [(LEWISHAM, 60), (BROMLEY, 40), (CROYDON, 25)] {
        rig.apply(&on("2026-07-20", &children(borough, count)).from(borough)).await;
    }
    let homes: Vec<Row> = (0..8).map(|n| home(&format!("st-{n}"))).collect();
    rig.apply(&on("2026-07-20", &homes).of(Dataset::Vacancies)).await;
    let searches: Vec<Row> = (0..9).map(|n| search(&format!("s{n}"))).collect();
    rig.apply(&on("2026-07-20", &searches).of(Dataset::Searches)).await;
    rig.apply(&on("2026-07-20", &[visit("v1", "st-1")]).of(Dataset::Quality)).await;
}

fn words(list: &str) -> Vec<String> {
    list.split(',').map(str::to_owned).collect()
}

/// A hidden cell.
const MARKED: &str = r#":"c""#;

fn marked(json: &[u8]) -> bool {
    String::from_utf8_lossy(json).matches(MARKED).count() > 1
}

/// Every table of a release, in the order of their names: one for each definition that is published, in whichever versions.
fn names() -> Vec<&'static str> {
    let published = definitions().map(|definition| definition.id).filter(|id| is_published(id));
    published.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Whether every table is of the release that it is served with.
fn is_whole(published: &Published) -> bool {
    let id = published.release.id.to_string();
    published.tables.len() == names().len()
        && published.tables.values().all(|table| {
            let json: serde_json::Value = serde_json::from_slice(&table.json).unwrap();
            json["release"].as_str() == Some(&id)
        })
}

fn bytes(published: &Published) -> Vec<(String, Vec<u8>, Vec<u8>)> {
    let tables = published.tables.iter();
    tables.map(|(name, table)| (name.clone(), table.json.to_vec(), table.csv.to_vec())).collect()
}

hub_testdb::on_both! {
    async fn a_release_never_changes_and_says_what_it_rests_on(db: TestDb) {
        let rig = Rig::over(db).await;
        region(&rig).await;
        let first = publish(&rig.hub, "request").await.unwrap();
        assert_eq!(first.tables.keys().map(String::as_str).collect::<Vec<_>>(), names());
        assert_eq!((first.release.number, first.release.as_at.to_string().as_str()), (1, "2026-07-21"));
        assert!(is_whole(&first));
        let basis: serde_json::Value = serde_json::from_str(&first.release.basis).unwrap();
        assert_eq!(basis[LEWISHAM]["searches"], 3);
        assert_eq!(basis[CROYDON]["placements"], 1);

        // The same figures again have the same digest; other figures another.
        let same = publish(&rig.hub, "request").await.unwrap();
        assert_eq!((same.release.number, &same.release.digest), (2, &first.release.digest));
        rig.apply(&on("2026-07-20", &children(CROYDON, 40)).from(CROYDON)).await;
        let other = publish(&rig.hub, "request").await.unwrap();
        assert_ne!(other.release.digest, first.release.digest);

        let kept = publish::find(&rig.hub, first.release.id).await.unwrap().unwrap();
        assert_eq!((kept.release.clone(), bytes(&kept)), (first.release.clone(), bytes(&first)));
    }

    async fn a_past_release_is_made_anew_byte_for_byte_and_gives_nothing_away(db: TestDb) {
        let rig = Rig::over(db).await;
        region(&rig).await;
        let first = publish(&rig.hub, "request").await.unwrap();
        rig.apply(&on("2026-07-20", &children(CROYDON, 40)).from(CROYDON)).await;
        rig.apply(&on("2026-07-20", &children(LEWISHAM, 61)).from(LEWISHAM)).await;
        let second = publish(&rig.hub, "request").await.unwrap();
        for release in [&first.release, &second.release] {
            let (_, tables) = publish::recompute(&rig.hub, release.id).await.unwrap();
            assert_eq!(tables.len(), names().len());
            assert!(tables.iter().all(|(_, anew)| *anew == Anew::Same), "{tables:?}");
            let attack = publish::attack(&rig.hub, release.id).await.unwrap();
            assert_eq!((attack.audit.recovered.len(), attack.wrong.len()), (0, 0), "{attack:?}");
            assert_eq!(attack.remembered, usize::try_from(release.number).unwrap() - 1);
            assert_eq!(attack.audit.attackers, 5, "any reader, and each of four members");
        }
        // One child more in Lewisham: the figure before stands, and the row says so.
        let total = words("Lewisham,all,both");
        let explained = publish::explain(&rig.hub, second.release.id, "children_in_care", &total, None).await.unwrap();
        let row = &explained.rows[0];
        assert_eq!((row["children"].as_u64(), row["held"].as_str()), (Some(60), Some("children")), "{row:?}");
        // Behind it stand the placements that were sent, not the searches.
        assert!(!explained.submissions.is_empty());
        assert!(explained.submissions.iter().all(|behind| behind.dataset == Dataset::Placements), "{explained:?}");
    }

    /// The planted fault: a hidden count written into a published table behind the hub's back.
    async fn a_release_that_was_tampered_with_is_found_out(db: TestDb) {
        let rig = Rig::over(db).await;
        region(&rig).await;
        let mut more = children(CROYDON, 25);
        more.extend((0..2).map(|n| away(&format!("far{n}"), "2026-05-04", "E10000030")));
        rig.apply(&on("2026-07-20", &more).from(CROYDON)).await;
        let published = publish(&rig.hub, "request").await.unwrap();
        let honest = publish::attack(&rig.hub, published.release.id).await.unwrap();
        assert!(honest.audit.attacked > 0 && honest.audit.recovered.is_empty(), "{honest:?}");
        let (name, table) = published.tables.iter().find(|(_, table)| marked(&table.json)).unwrap();
        // The document's own `marker` comes first, the cells after it.
        let mut told = String::from_utf8(table.json.to_vec()).unwrap();
        let last = told.rfind(MARKED).unwrap();
        told.replace_range(last..last + MARKED.len(), ":4");
        let release = forge(&rig, &published.release, |table| {
            let json = if table.name == *name { told.clone().into_bytes() } else { table.json };
            Some(TableBytes { json, ..table })
        });
        let release = release.await;
        let attack = publish::attack(&rig.hub, release.id).await.unwrap();
        assert!(!attack.audit.recovered.is_empty() || !attack.wrong.is_empty(), "{attack:?}");
        let (_, tables) = publish::recompute(&rig.hub, release.id).await.unwrap();
        assert!(tables.iter().any(|(each, anew)| each == name && *anew == Anew::Differs));
    }

    /// As after a newer version of the program: a table has been added since, and one is defined otherwise now.
    async fn a_release_is_made_anew_by_the_versions_that_it_names(db: TestDb) {
        let rig = Rig::over(db).await;
        region(&rig).await;
        let published = publish(&rig.hub, "request").await.unwrap();
        let older = forge(&rig, &published.release, |table| match table.name.as_str() {
            "voids" => None,
            "distance" => {
                let json = String::from_utf8(table.json).unwrap();
                let json = json.replace("\"definition_version\":1", "\"definition_version\":99").into_bytes();
                Some(TableBytes { json, ..table })
            }
            _ => Some(table),
        });
        let (_, tables) = publish::recompute(&rig.hub, older.await.id).await.unwrap();
        assert_eq!(tables.len(), names().len() - 1);
        let of = |name: &str| tables.iter().find(|(each, _)| each == name).map(|(_, anew)| *anew);
        assert_eq!((of("voids"), of("distance")), (None, Some(Anew::NotKept)));
        assert_eq!(tables.iter().filter(|(_, anew)| *anew == Anew::Same).count(), tables.len() - 1, "{tables:?}");
    }

    async fn the_public_is_shown_less_and_rounded(db: TestDb) {
        let rig = Rig::over(db).await;
        region(&rig).await;
        let consortium = publish(&rig.hub, "request").await.unwrap();
        let public = publish::publish_to(&rig.hub, Audience::Public, "quarter").await.unwrap();
        assert_eq!((public.release.number, public.release.audience.as_str()), (1, "public"));
        assert_eq!(rig.hub.published.load_full().unwrap().release.id, consortium.release.id);
        assert_eq!(rig.hub.public.load_full().unwrap().release.id, public.release.id);
        let counts = |published: &Published| -> Vec<Option<u64>> {
            let json: serde_json::Value = serde_json::from_slice(&published.tables["children_in_care"].json).unwrap();
            json["rows"].as_array().unwrap().iter().map(|row| row["children"].as_u64()).collect()
        };
        let (narrow, wide) = (counts(&consortium), counts(&public));
        assert!(wide.iter().flatten().all(|count| count % 5 == 0 && (*count == 0 || *count >= 10)), "{wide:?}");
        assert!(narrow.iter().zip(&wide).all(|(narrow, wide)| narrow.is_some() || wide.is_none()), "{narrow:?} {wide:?}");
        assert!(wide.iter().flatten().count() < narrow.iter().flatten().count());
        let attack = publish::attack(&rig.hub, public.release.id).await.unwrap();
        assert_eq!((attack.audit.recovered.len(), attack.wrong.len()), (0, 0), "{attack:?}");
        assert!(publish::recompute(&rig.hub, public.release.id).await.unwrap().1.iter().all(|(_, anew)| *anew == Anew::Same));
    }

    async fn another_replica_takes_up_the_latest(db: TestDb) {
        let rig = Rig::over(db).await;
        region(&rig).await;
        let (other, _) = rig.replica().await;
        assert!(!publish::refresh(&other).await.unwrap());
        publish(&rig.hub, "request").await.unwrap();
        let latest = publish(&rig.hub, "request").await.unwrap();
        assert!(publish::refresh(&other).await.unwrap());
        let shown = other.published.load_full().unwrap();
        assert_eq!((shown.release.number, bytes(&shown)), (2, bytes(&latest)));
        assert!(!publish::refresh(&other).await.unwrap());
        assert!(!publish::refresh(&rig.hub).await.unwrap());
    }

    async fn releases_made_at_once_have_numbers_of_their_own(db: TestDb) {
        let rig = Rig::over(db).await;
        region(&rig).await;
        let (other, _) = rig.replica().await;
        let mut publishing = JoinSet::new();
        for hub in [rig.hub.clone(), other.clone(), rig.hub.clone(), other.clone(), rig.hub.clone(), other] {
            publishing.spawn(async move { publish(&hub, "request").await.unwrap().release.number });
        }
        let numbers: BTreeSet<i64> = publishing.join_all().await.into_iter().collect();
        assert_eq!(numbers.into_iter().collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
        assert_eq!(rig.count("release").await, 6);
    }

    async fn readers_see_whole_releases_that_never_go_back(db: TestDb) {
        let rig = Rig::over(db).await;
        region(&rig).await;
        let (other, _) = rig.replica().await;
        publish(&rig.hub, "request").await.unwrap();
        publish::refresh(&other).await.unwrap();
        let done = Arc::new(AtomicBool::new(false));
        let mut readers = JoinSet::new();
        for hub in [rig.hub.clone(), other.clone()] {
            let done = Arc::clone(&done);
            readers.spawn(async move { read(&hub, &done).await });
        }
        for _ in 0..10 {
            publish(&rig.hub, "request").await.unwrap();
            publish::refresh(&other).await.unwrap();
        }
        done.store(true, Ordering::Release);
        for seen in readers.join_all().await {
            assert!(seen.is_sorted(), "{seen:?}");
        }
        assert_eq!(other.published.load().as_ref().unwrap().release.number, 11);
    }

    async fn the_schedule_publishes_once_a_morning_whatever_the_replicas(db: TestDb) {
        let rig = Rig::over(db).await;
        region(&rig).await;
        let (other, runner) = rig.replica().await;
        let sweepers = [sweeper(&rig.hub), sweeper(&other)];
        sweepers[0].register().await.unwrap();
        for (time, releases) in [("04:59:59", 0), ("05:00:00", 1), ("05:00:15", 1), ("17:00:00", 1)] {
            rig.clock.set(crate::rig::at(&format!("2026-07-21T{time}Z")));
            for sweeper in &sweepers {
                sweeper.sweep().await.unwrap();
            }
            rig.run().await;
            runner.run_until_idle(rig.now()).await.unwrap();
            assert_eq!(rig.count("release").await, releases, "{time}");
        }
    }

    async fn the_public_gets_one_snapshot_a_quarter_however_often_and_wherever_it_is_tried(db: TestDb) {
        let rig = Rig::over(db).await;
        region(&rig).await;
        let (other, runner) = rig.replica().await;
        let sweepers = [sweeper(&rig.hub), sweeper(&other)];
        sweepers[0].register().await.unwrap();
        let nights = [
            ("2026-09-30T17:00:00Z", 0),
            // Seven in London, where it is summer still.
            ("2026-10-01T05:59:59Z", 0),
            ("2026-10-01T06:00:00Z", 1),
            ("2026-10-01T06:00:15Z", 1),
            ("2026-10-02T06:00:00Z", 1),
            ("2026-12-31T23:59:59Z", 1),
            // No hub ran on the first and the second.
            ("2027-01-03T07:30:00Z", 2),
            ("2027-01-04T07:00:00Z", 2),
        ];
        for (time, snapshots) in nights {
            rig.clock.set(crate::rig::at(time));
            for sweeper in &sweepers {
                sweeper.sweep().await.unwrap();
            }
            rig.run().await;
            runner.run_until_idle(rig.now()).await.unwrap();
            assert_eq!(rig.count("release WHERE audience = 'public'").await, snapshots, "{time}");
        }
        // A job that died after it had published is run again.
        let again = publish::snapshot(&rig.hub, crate::rig::at("2027-01-03T07:00:00Z")).await.unwrap();
        assert!(again.is_none());
        let last = release::latest(&mut *rig.link().await, Audience::Public.as_str()).await.unwrap().unwrap();
        assert_eq!((last.number, last.reason.as_str()), (2, "quarter 2027-Q1"));
    }
}

#[test]
fn the_snapshots_schedule_may_never_come() {
    let settings = Settings { publish_public_at: NEVER.to_owned(), ..Settings::default() };
    let plans = jobs::plans(&settings).unwrap();
    let plan = plans.iter().find(|plan| plan.kind == jobs::PUBLISH_PUBLIC).unwrap();
    assert_eq!(plan.schedule.next_after(crate::rig::at("2026-07-20T00:00:00Z")), None);
    let usual = jobs::plans(&Settings::default()).unwrap();
    let usual = usual.iter().find(|plan| plan.kind == jobs::PUBLISH_PUBLIC).unwrap();
    let next = usual.schedule.next_after(crate::rig::at("2026-07-20T00:00:00Z"));
    assert_eq!(next, Some(crate::rig::at("2026-10-01T06:00:00Z")));
}

/// Numbers of the releases seen until `done`, each of them whole.
async fn read(hub: &Hub, done: &AtomicBool) -> Vec<i64> {
    let mut seen = Vec::new();
    while !done.load(Ordering::Acquire) {
        let published = hub.published.load_full().unwrap();
        assert!(is_whole(&published));
        seen.push(published.release.number);
        tokio::task::yield_now().await;
    }
    seen
}

fn sweeper(hub: &Hub) -> Sweeper {
    let plans = jobs::plans(&hub.settings).unwrap();
    Sweeper::new(hub.store.clone(), hub.clock.clone(), hub.ids.clone(), hub.pulse.jobs.clone(), plans)
}
