//! Letters to a host whose system is down: tried again by the schedule, the same letter each time, until it is taken.

use std::collections::BTreeSet;

use hub_testkit::{Child, Feed, Letter, Receiver, authority, rows};
use serde_json::json;

/// Seconds by which each next try is surely due: 5 s, 5 min, 30 min and 2 h, each with a fifth added.
const WAITS: [i64; 4] = [6, 360, 2_160, 8_640];

/// What of a letter must be the same at every try.
fn same(letters: &[Letter]) -> BTreeSet<(String, Vec<u8>)> {
    letters.iter().map(|letter| (letter.header("webhook-id").to_owned(), letter.body.clone())).collect()
}

hub_testkit::on_both! {
    async fn a_host_that_is_down_is_told_when_it_is_back(hub: TestHub) {
        let mut hub = hub;
        let receiver = Receiver::answering(503).await;
        let (sender, desk) = (hub.as_borough("lewisham").await, hub.as_host("kent").await);
        desk.post("/v1/endpoints", &json!({ "url": receiver.url() })).await.expect(201);
        let child = Child::placed("told late", authority("kent").as_str());
        sender.deliver(&Feed::placements(authority("lewisham"), "night", &[child])).await;
        hub.run_jobs().await;
        for (nth, wait) in WAITS.into_iter().enumerate() {
            assert_eq!(receiver.letters().len(), nth + 1, "one try each time it is due");
            if nth == 1 {
                hub.restart().await;
            }
            if nth == 3 {
                receiver.answer(204);
            }
            hub.clock().advance(wait);
            hub.run_jobs().await;
        }
        let letters = receiver.letters();
        assert_eq!((letters.len(), same(&letters).len()), (5, 1), "one letter, five times");
        let url = hub.db().url();
        assert_eq!(rows(url, "SELECT state FROM delivery WHERE notice <> endpoint").await, [["delivered"]]);
        let of_letters = "JOIN delivery d ON d.authority = a.authority AND d.id = a.delivery WHERE d.notice <> d.endpoint";
        let outcomes = format!("SELECT CAST(a.status AS TEXT) FROM attempt a {of_letters} ORDER BY a.n");
        let outcomes = rows(url, &outcomes).await.concat();
        assert_eq!(outcomes, ["503", "503", "503", "503", "204"], "every attempt is kept");
        hub.clock().advance(7 * 24 * 3600);
        hub.run_jobs().await;
        assert_eq!(receiver.letters().len(), 5, "what is taken is not sent again");
        let mut desk = desk.at(&hub.base());
        desk.renew().await;
        let inbox = desk.get("/v1/inbox").await.expect(200).json();
        assert_eq!(inbox["items"][0]["state"], "delivered");
        let log = desk.get("/v1/deliveries?format=csv").await.expect(200).text();
        let lines: Vec<&str> = log.lines().filter(|line| line.contains(".notice.raised.")).collect();
        assert!(lines.len() == 1 && lines[0].contains(",delivered,5,"), "{lines:?}");
        // The planted fault: a letter whose bytes differ from one try to the next.
        let mut spoilt = letters;
        spoilt[2].body.push(b' ');
        assert_eq!(same(&spoilt).len(), 2);
    }
}
