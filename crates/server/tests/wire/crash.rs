//! A hub that died in the middle of its work: whoever starts next takes it up at once.

use std::sync::Arc;
use std::time::Duration;

use hub_domain::{Clock as _, IdSource as _, ManualClock, RandomIds};
use hub_pipeline::jobs::CHASE;
use hub_server::wire::{Config, start};
use hub_store::Store;
use hub_store::job::{self, NewJob, State};
use jiff::SignedDuration;
use tempfile::TempDir;
use uuid::Uuid;

/// The name in leases of a process of this machine that has just died.
fn dead() -> String {
    let own = Config::new(hub_store::Settings { url: String::new(), connections: 2 }).settings.worker;
    let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
    let pid = child.id().to_string();
    let mut parts: Vec<&str> = own.split('/').collect();
    *parts.get_mut(3).unwrap() = &pid;
    child.kill().unwrap();
    child.wait().unwrap();
    parts.join("/")
}

/// Queues a job and leases it for a minute in that name; its id.
async fn leased(store: &Store, clock: &ManualClock, worker: &str) -> Uuid {
    let (id, now) = (RandomIds.next(), clock.now());
    let new = NewJob {
        authority: "E09000023".parse().unwrap(),
        id,
        kind: CHASE.to_owned(),
        payload: "null".to_owned(),
        dedupe: id.to_string(),
        run_at: now,
        now,
    };
    let mut tx = store.begin().await.unwrap();
    assert!(job::enqueue(&mut tx, &new).await.unwrap());
    let due = job::find(&mut tx, new.authority, id).await.unwrap().unwrap();
    let until = now + SignedDuration::from_mins(1);
    assert!(job::claim(&mut tx, &due, worker, until, now).await.unwrap().is_some());
    tx.commit().await.unwrap();
    id
}

async fn state(store: &Store, id: Uuid) -> State {
    job::find(&mut store.read().await.unwrap(), "E09000023".parse().unwrap(), id).await.unwrap().unwrap().state
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_process_had_leased_is_run_at_once_and_what_a_living_one_has_is_not() {
    let folder = TempDir::new().unwrap();
    let mut config = super::config(&folder);
    // A clock that stands still: no lease ever runs out.
    let clock = Arc::new(ManualClock::at("2026-11-20T02:00:00Z".parse().unwrap()));
    config.clock = clock.clone();
    let database = config.database.clone();
    start(config.clone()).await.unwrap().stop().await.unwrap();
    let store = Store::open(&database).await.unwrap();
    let living = Config::new(database).settings.worker;
    let (lost, kept) = (leased(&store, &clock, &dead()).await, leased(&store, &clock, &living).await);
    let began = std::time::Instant::now();
    let hub = start(config).await.unwrap();
    let finished = async {
        let mut again = tokio::time::interval(Duration::from_millis(10));
        while state(&store, lost).await != State::Done {
            again.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), finished).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(2), "at work again after {:?}", began.elapsed());
    assert_eq!(state(&store, kept).await, State::Running);
    hub.stop().await.unwrap();
}
