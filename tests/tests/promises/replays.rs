//! D3: the same key and the same bytes are one submission, however often and wherever they arrive.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use hub_domain::Dataset;
use hub_pipeline::Settings;
use hub_testkit::{Answer, Feed, Persona, Setup, TestHub, authority, count, rows, trials};
use serde_json::Value;

/// Sends a feed until something other than "in progress" comes.
async fn send(caller: &Persona, feed: &Feed) -> Answer {
    loop {
        let answer = caller.submit(feed).await;
        if answer.code() != "in-progress" {
            return answer;
        }
        assert_eq!(answer.header("retry-after"), "1");
    }
}

/// What a sender is answered with about a submission, apart from what happens to it later.
fn receipt(answer: &Answer) -> (String, String, Value) {
    let document = answer.json();
    let text = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
    (text("id"), text("receipt"), document["digest"].clone())
}

/// What is wrong with the answers to one key: other than exactly one new submission, or not all the same.
fn faults(key: &str, answers: &[Answer]) -> Vec<String> {
    let mut found = Vec::new();
    let taken = answers.iter().filter(|answer| answer.status == 202).count();
    let others: BTreeSet<u16> =
        answers.iter().map(|answer| answer.status).filter(|status| ![200, 202].contains(status)).collect();
    let receipts: BTreeSet<String> = answers.iter().map(|answer| format!("{:?}", receipt(answer))).collect();
    if taken != 1 {
        found.push(format!("{key}: taken {taken} times"));
    }
    if !others.is_empty() {
        found.push(format!("{key}: answered {others:?}"));
    }
    if receipts.len() != 1 {
        found.push(format!("{key}: {} different answers", receipts.len()));
    }
    found
}

/// A quality feed of one concern, different for each key.
fn concern(key: &str, nth: usize) -> Feed {
    let head = "event_ref,urn,setting_ref,kind,occurred_on,source,concern_level,in_force_from,evidence_ref";
    let csv =
        format!("{head}\r\nqa-{nth},1234567,st-{nth},concern,2026-03-02,borough_qa,serious,2026-03-02,EDRMS:{nth}\r\n");
    Feed { mode: "changes", ..Feed::of(authority("lewisham"), Dataset::Quality, key, csv) }
}

hub_testdb::on_both! {
    async fn a_hundred_replays_at_once_over_two_replicas_are_one_submission(db: TestDb) {
        // One client sends five thousand times, which its rate would not let it.
        let settings = Settings { client_rate: 0, ..Settings::default() };
        let hub = TestHub::over(db, Setup { settings, ..Setup::default() }).await;
        let (keys, replays) = (trials("HUB_KEYS", 50), 100);
        let other = hub.replica().await;
        let here = hub.as_borough("lewisham").await;
        let there = here.at(&other.base());
        let mut found = Vec::new();
        for nth in 0..keys {
            let feed = concern(&format!("key-{nth}"), nth);
            let sends = (0..replays).map(|n| send(if n % 2 == 0 { &here } else { &there }, &feed));
            found.extend(faults(&feed.key, &join_all(sends).await));
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
        let url = hub.db().url();
        assert_eq!(count(url, "FROM submission").await, keys as u64);
        assert_eq!(count(url, "FROM idempotency").await, keys as u64);
        hub.run_jobs().await;
        assert_eq!(count(url, "FROM record").await, keys as u64, "each concern once");
        let twice = rows(url, "SELECT key FROM record GROUP BY key HAVING COUNT(*) > 1").await;
        assert!(twice.is_empty(), "{twice:?}");
    }
}

hub_testkit::on_both! {
    async fn a_key_means_one_request_of_one_client_for_seven_days(hub: TestHub) {
        let (sender, second) = (hub.as_borough("lewisham").await, hub.as_borough("lewisham").await);
        let feed = concern("night", 1);
        let first = sender.submit(&feed).await.expect(202);
        hub.run_jobs().await;
        let again = sender.submit(&feed).await.expect(200);
        assert_eq!(receipt(&first), receipt(&again));
        let others = [
            Feed { body: concern("night", 2).body, ..feed.clone() },
            Feed { as_at: "2026-03-30".to_owned(), ..feed.clone() },
            Feed { mode: "full", ..feed.clone() },
            Feed { dataset: Dataset::Vacancies, ..feed.clone() },
        ];
        for other in others {
            assert_eq!(sender.submit(&other).await.expect(422).code(), "key-reused");
        }
        let theirs = Feed { body: concern("night", 2).body, ..feed.clone() };
        assert_eq!(second.submit(&theirs).await.status, 202, "another client's key is another key");
        hub.clock().advance(7 * 24 * 3600 - 1);
        let (mut sender, mut late) = (sender, feed.clone());
        sender.renew().await;
        assert_eq!(receipt(&sender.submit(&feed).await.expect(200)), receipt(&first), "six days later");
        hub.clock().advance(2);
        late.body = concern("night", 3).body;
        assert_eq!(sender.submit(&late).await.status, 202, "after seven days the key is free");
    }

    async fn a_key_survives_a_restart(hub: TestHub) {
        let mut hub = hub;
        let sender = hub.as_borough("lewisham").await;
        let feed = concern("night", 1);
        let first = sender.submit(&feed).await.expect(202);
        hub.restart().await;
        let again = sender.at(&hub.base()).submit(&feed).await.expect(200);
        assert_eq!(receipt(&first), receipt(&again));
    }
}

/// The planted fault: answers of a hub that took a replay for a new submission.
#[test]
fn a_doubled_submission_is_noticed() {
    let answer = |status, id: &str| Answer {
        status,
        headers: Default::default(),
        body: serde_json::to_vec(&BTreeMap::from([("id", id)])).expect("JSON"),
    };
    assert_eq!(faults("k", &[answer(202, "a"), answer(200, "a")]), Vec::<String>::new());
    assert_eq!(faults("k", &[answer(202, "a"), answer(202, "b")]), ["k: taken 2 times", "k: 2 different answers"]);
    assert_eq!(faults("k", &[answer(202, "a"), answer(500, "a")]), ["k: answered {500}"]);
}
