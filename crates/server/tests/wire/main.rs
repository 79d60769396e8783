#![expect(clippy::unwrap_used, reason = "a test says so by failing")]
//! Hubs wired in this process: what one replica publishes the other shows, and both stop when told.

mod crash;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use hub_pipeline::publish::publish;
use hub_server::wire::{Config, Running, StartError, start};
use tempfile::TempDir;

fn config(folder: &TempDir) -> Config {
    let url = format!("sqlite:{}", folder.path().join("data/hub.sqlite").display());
    let mut config = Config::new(hub_store::Settings { url, connections: 4 });
    config.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    config
}

/// The number of the release that a hub shows, once it shows one.
async fn shown(hub: &Running) -> i64 {
    let look = async {
        let mut again = tokio::time::interval(Duration::from_millis(20));
        loop {
            again.tick().await;
            if let Some(published) = hub.hub.published.load().as_ref() {
                return published.release.number;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), look).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_of_one_replica_is_shown_by_the_other_and_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let one = start(config(&folder)).await.unwrap();
    let other = start(config(&folder)).await.unwrap();
    assert_ne!(one.address, other.address);
    assert_ne!(one.hub.settings.worker, other.hub.settings.worker, "leases tell replicas apart");
    publish(&one.hub, "a test").await.unwrap();
    assert_eq!((shown(&one).await, shown(&other).await), (1, 1));
    one.stop().await.unwrap();
    other.stop().await.unwrap();
    let again = start(config(&folder)).await.unwrap();
    assert!(again.hub.published.load().is_some(), "it shows the last release before it answers anybody");
    again.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_that_is_no_pattern_and_a_taken_address_stop_it_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = config(&folder);
    wrong.settings.publish_at = "at six".to_owned();
    assert!(matches!(start(wrong).await, Err(StartError::Schedule(_))));
    let one = start(config(&folder)).await.unwrap();
    let mut taken = config(&folder);
    taken.listen = one.address;
    assert!(matches!(start(taken).await, Err(StartError::Listen { .. })));
    one.stop().await.unwrap();
}
