//! Promises D6 and D7: deliveries are tried for fourteen days by a schedule, and one endpoint's trouble is its own.

use std::collections::HashSet;

use hub_store::delivery::{self, Delivery, State};
use hub_store::endpoint::Scheme;
use jiff::SignedDuration;

use crate::rig::{Answer, BROMLEY, CROYDON, KENT, Receiver, Rig, Row, away, code, episode, on};

/// Waits of the schedule, in seconds, before ±20 %.
const WAITS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
const DAY: i64 = 86_400;

fn placed(host: &str, count: usize) -> Vec<Row> {
    let home = (0..count.max(5)).map(|n| episode(&format!("home{n}"), "2026-03-02"));
    home.chain((0..count).map(|n| away(&n.to_string(), "2026-07-01", host))).collect()
}

/// The only delivery to a host.
async fn only(rig: &Rig, host: &str) -> Delivery {
    let mut all = rig.deliveries(host).await;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

hub_testdb::on_both! {
    async fn the_schedule_is_kept_to_the_fourteenth_day(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.host(KENT, Scheme::V1a).await;
        kent.answer(Answer::Status(503));
        rig.apply(&on("2026-07-20", &placed(KENT, 1))).await;
        let queued = rig.now();
        for nth in 0_usize.. {
            assert_eq!(rig.deliver().await, 1);
            let delivery = only(&rig, KENT).await;
            assert_eq!(delivery.attempt, i64::try_from(nth).unwrap() + 1);
            if delivery.state == State::Dead {
                break;
            }
            let wait = delivery.next_at.as_second() - rig.now().as_second();
            let plan = WAITS.get(nth).copied().unwrap_or(DAY);
            let last = delivery.next_at == queued + SignedDuration::from_hours(14 * 24);
            assert!(last || (plan * 4 / 5 - 1..=plan * 6 / 5 + 1).contains(&wait), "attempt {nth}: {wait} s for {plan} s");
            rig.clock.set(delivery.next_at - SignedDuration::from_micros(1));
            assert_eq!(rig.deliver().await, 0, "not before its time");
            rig.clock.set(delivery.next_at);
        }
        assert_eq!(rig.now(), queued + SignedDuration::from_hours(14 * 24), "every receiver has a last chance that day");
        let mut link = rig.link().await;
        let attempts = delivery::attempts(&mut link, code(KENT), only(&rig, KENT).await.id).await.unwrap();
        assert_eq!(attempts.len(), kent.count());
        assert!(attempts.iter().all(|attempt| attempt.status == Some(503) && attempt.outcome == "bad-status"));
        assert_eq!(rig.stats(KENT).await.dead, 1);
    }

    async fn a_receiver_may_ask_for_time_and_no_more_than_a_day(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.host(KENT, Scheme::V1a).await;
        rig.apply(&on("2026-07-20", &placed(KENT, 1))).await;
        let asked: [(u16, u32, i64); 3] = [(503, 3_600, 3_600), (429, 7_200, 7_200), (503, 40_000_000, DAY)];
        for (status, seconds, wait) in asked {
            kent.answer_next([Answer::Later(status, seconds)]);
            assert_eq!(rig.deliver().await, 1);
            let next = only(&rig, KENT).await.next_at;
            assert_eq!(next, rig.now() + SignedDuration::from_secs(wait));
            rig.clock.set(next);
        }
        assert_eq!(rig.deliver().await, 1);
        assert_eq!(only(&rig, KENT).await.state, State::Delivered);
    }

    async fn every_attempt_has_the_same_id_and_bytes(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.host(KENT, Scheme::V1a).await;
        kent.answer_next([Answer::Status(500), Answer::Status(404), Answer::Status(301)]);
        rig.apply(&on("2026-07-20", &placed(KENT, 1))).await;
        while only(&rig, KENT).await.state != State::Delivered {
            rig.deliver().await;
            rig.clock.set(only(&rig, KENT).await.next_at.max(rig.now()));
        }
        let posts = kent.take();
        assert_eq!(posts.len(), 4);
        assert!(posts.iter().all(|post| (&post.id, &post.body) == (&posts[0].id, &posts[0].body)));
        let times: HashSet<_> = posts.iter().map(|post| &post.timestamp).collect();
        assert_eq!(times.len(), 4, "each attempt is signed anew");
    }

    async fn an_outage_of_three_days_loses_nothing(db: TestDb) {
        let rig = Rig::over(db).await;
        let mut receivers: Vec<Receiver> = Vec::new();
        for _ in 0..20 {
            let receiver = rig.host(KENT, Scheme::V1a).await;
            receiver.answer(Answer::Status(503));
            receivers.push(receiver);
        }
        rig.apply(&on("2026-07-20", &placed(KENT, 40))).await;
        let began = rig.now();
        let over = began + SignedDuration::from_hours(72);
        let mut attempts = 0;
        for wait in std::iter::once(0).chain(WAITS) {
            // A little beyond the jitter, so that all are due.
            rig.clock.advance(wait * 6 / 5 + 1);
            if rig.now() >= over {
                break;
            }
            attempts += rig.deliver().await;
        }
        assert_eq!(rig.stats(KENT).await.ready, 800);
        assert_eq!(attempts, receivers.iter().map(Receiver::count).sum::<usize>());
        rig.clock.set(over);
        for receiver in &receivers {
            receiver.answer(Answer::Status(204));
            receiver.take();
        }
        while rig.stats(KENT).await.ready > 0 {
            rig.deliver().await;
            rig.clock.advance(6 * 3_600);
        }
        assert_eq!(rig.stats(KENT).await.delivered, 800);
        assert!(rig.now() < began + SignedDuration::from_hours(5 * 24), "{}", rig.now());
        for receiver in &receivers {
            let ids: HashSet<String> = receiver.take().into_iter().map(|post| post.id).collect();
            assert_eq!(ids.len(), 40, "each endpoint hears of each notice");
        }
    }

    async fn an_endpoint_that_never_answers_delays_nobody_else(db: TestDb) {
        let rig = Rig::over(db).await;
        let poison = rig.host(KENT, Scheme::V1a).await;
        poison.answer(Answer::Silence);
        let others = [rig.host(BROMLEY, Scheme::V1a).await, rig.host(CROYDON, Scheme::V1a).await];
        rig.apply(&on("2026-07-20", &[placed(KENT, 30), placed_more(BROMLEY, 25), placed_more(CROYDON, 25)].concat())).await;
        let mut deliverer = rig.deliverer();
        let delivering = tokio::spawn(async move { deliverer.drain().await.unwrap() });
        for other in &others {
            other.reached(25).await;
        }
        assert!(poison.count() <= 8, "no more than its share is in flight: {}", poison.count());
        poison.answer(Answer::Status(503));
        poison.let_go();
        delivering.await.unwrap();
        assert_eq!((rig.stats(BROMLEY).await.delivered, rig.stats(CROYDON).await.delivered), (25, 25));
        assert_eq!((rig.stats(KENT).await.ready, poison.count()), (30, 8), "left alone once it has failed so often");
    }

    async fn a_lease_that_ran_out_is_taken_up_by_the_other_replica(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.host(KENT, Scheme::V1a).await;
        rig.apply(&on("2026-07-20", &placed(KENT, 1))).await;
        let (other, _) = rig.replica().await;
        // One replica claims, and dies before it has settled.
        let due = delivery::Due { now: rig.now(), per_endpoint: 8, limit: 8 };
        let mut tx = rig.hub.store.begin().await.unwrap();
        let chosen = delivery::due(&mut tx, &due).await.unwrap();
        let until = rig.now() + SignedDuration::from_secs(60);
        assert_eq!(delivery::claim_many(&mut tx, chosen, "gone", until).await.unwrap().len(), 1);
        tx.commit().await.unwrap();
        assert_eq!(rig.deliver_from(&other).await, 0);
        rig.clock.advance(60);
        assert_eq!(rig.deliver_from(&other).await, 1);
        assert_eq!(kent.count(), 1);
        assert_eq!(only(&rig, KENT).await.state, State::Delivered);
    }

    async fn two_replicas_send_each_delivery_once(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.host(KENT, Scheme::V1a).await;
        rig.apply(&on("2026-07-20", &placed(KENT, 60))).await;
        let (other, _) = rig.replica().await;
        let (one, two) = tokio::join!(rig.deliver(), rig.deliver_from(&other));
        assert_eq!(one + two, 60);
        let ids: HashSet<String> = kent.take().into_iter().map(|post| post.id).collect();
        assert_eq!((ids.len(), kent.count()), (60, 60));
        assert_eq!(rig.stats(KENT).await.delivered, 60);
    }
}

/// More children, with names of their own.
fn placed_more(host: &str, count: usize) -> Vec<Row> {
    (0..count).map(|n| away(&format!("{}x{n}", &host[6..]), "2026-07-01", host)).collect()
}
