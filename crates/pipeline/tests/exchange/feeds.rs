//! Feeds that came, came late, or did not come; and who is told.

use hub_domain::Dataset;
use hub_pipeline::chase::{FEED_LATE, FEED_MISSING, chase};
use hub_pipeline::feeds::{Arrival, feeds};
use hub_store::event;

use crate::rig::{LEWISHAM, Rig, at, code, episode, on};

/// How Lewisham's placements stand. They are due at seven in London, with two hours' grace.
async fn arrival(rig: &Rig) -> Arrival {
    let feeds = feeds(&rig.hub, Some(code(LEWISHAM))).await.unwrap();
    feeds.iter().find(|feed| feed.dataset == Dataset::Placements).unwrap().arrival
}

/// Chases, and answers what has been raised about placements so far.
async fn raised(rig: &Rig) -> Vec<(String, String)> {
    chase(&rig.hub).await.unwrap();
    let events = event::list(&mut *rig.link().await, event::Reader::Sender(code(LEWISHAM)), None, 100).await.unwrap();
    let events = events.into_iter().filter(|event| event.subject.starts_with("placements/"));
    events.map(|event| (event.kind, event.subject)).collect()
}

fn said(kind: &str, night: &str) -> (String, String) {
    (kind.to_owned(), format!("placements/{night}"))
}

hub_testdb::on_both! {
    async fn a_feed_is_on_time_until_seven_in_london(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-20", &[episode("one", "2026-03-02")])).await;
        rig.clock.set(at("2026-07-21T06:00:00Z"));
        assert_eq!(arrival(&rig).await, Arrival::OnTime);
        // A correction that comes later does not make the night's feed late.
        rig.clock.set(at("2026-07-21T11:00:00Z"));
        rig.apply(&on("2026-07-20", &[episode("one", "2026-03-02"), episode("two", "2026-03-02")])).await;
        assert_eq!(arrival(&rig).await, Arrival::OnTime);
        assert!(raised(&rig).await.is_empty());
    }

    async fn a_feed_that_does_not_come_is_late_then_missing_and_said_once_each(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-20", &[episode("one", "2026-03-02")])).await;
        rig.clock.set(at("2026-07-22T05:59:59Z"));
        assert_eq!(arrival(&rig).await, Arrival::OnTime);
        rig.clock.set(at("2026-07-22T06:30:00Z"));
        assert_eq!(arrival(&rig).await, Arrival::Late);
        for _ in 0..3 {
            assert_eq!(raised(&rig).await, [said(FEED_LATE, "2026-07-22")]);
        }
        rig.clock.set(at("2026-07-22T08:00:01Z"));
        assert_eq!(arrival(&rig).await, Arrival::Missing);
        for _ in 0..3 {
            assert_eq!(raised(&rig).await, [said(FEED_LATE, "2026-07-22"), said(FEED_MISSING, "2026-07-22")]);
        }
        rig.apply(&on("2026-07-21", &[episode("one", "2026-03-02")])).await;
        assert_eq!(arrival(&rig).await, Arrival::ArrivedLate);
        rig.clock.set(at("2026-07-23T08:00:01Z"));
        assert_eq!(raised(&rig).await.len(), 3, "the next night is another");
    }

    async fn a_late_arrival_is_not_the_next_nights_feed(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.clock.set(at("2026-07-21T07:30:00Z"));
        rig.apply(&on("2026-07-20", &[episode("one", "2026-03-02")])).await;
        assert_eq!(arrival(&rig).await, Arrival::ArrivedLate);
        rig.clock.set(at("2026-07-22T06:00:01Z"));
        assert_eq!(arrival(&rig).await, Arrival::Late);
    }

    async fn a_feed_that_comes_before_its_time_is_on_time_at_once(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.clock.set(at("2026-07-21T05:00:00Z"));
        rig.apply(&on("2026-07-21", &[episode("one", "2026-03-02")])).await;
        assert_eq!(arrival(&rig).await, Arrival::OnTime, "an hour early, and not late for the night before");
        rig.clock.set(at("2026-07-21T06:00:01Z"));
        assert_eq!(arrival(&rig).await, Arrival::OnTime);
        rig.clock.set(at("2026-07-22T06:00:01Z"));
        assert_eq!(arrival(&rig).await, Arrival::Late, "the next night is another");
    }

    async fn a_rejected_feed_has_not_come(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.clock.set(at("2026-07-21T04:00:00Z"));
        let bad = [episode("one", "2026-03-02").with("sex", "X")];
        rig.send(&on("2026-07-20", &bad)).await;
        rig.clock.set(at("2026-07-21T06:00:01Z"));
        assert_eq!(arrival(&rig).await, Arrival::Never);
        assert_eq!(raised(&rig).await, [said(FEED_MISSING, "2026-07-21")]);
    }

    async fn nothing_is_expected_of_a_member_that_agreed_to_nothing(db: TestDb) {
        let rig = Rig::over(db).await;
        let all = feeds(&rig.hub, None).await.unwrap();
        assert!(all.iter().all(|feed| feed.authority == code(LEWISHAM)));
        assert_eq!(all.len(), 2);
    }

    async fn two_replicas_that_chase_raise_one_event(db: TestDb) {
        let rig = Rig::over(db).await;
        let (other, _) = rig.replica().await;
        rig.clock.set(at("2026-07-21T06:30:00Z"));
        let (one, two) = tokio::join!(chase(&rig.hub), chase(&other));
        one.unwrap();
        two.unwrap();
        assert_eq!(raised(&rig).await, [said(FEED_MISSING, "2026-07-21")]);
    }
}
