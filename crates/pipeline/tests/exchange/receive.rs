//! From an upload to what is believed; and the same upload again.

use std::collections::BTreeSet;

use hub_domain::Dataset;
use hub_pipeline::receive::ReceiveRefusal;
use hub_pipeline::submissions;
use hub_store::submission::Verdict;
use tokio::task::JoinSet;

use crate::rig::{Parcel, Rig, Row, csv, episode, on};

/// A hundred children; those whose number is below `moved` with another category of need.
fn hundred(moved: usize) -> Vec<Row> {
    let child = |n: usize| {
        let need = if n < moved { "N3" } else { "N1" };
        episode(&n.to_string(), "2026-03-02").with("category_of_need", need)
    };
    (0..100).map(child).collect()
}

hub_testdb::on_both! {
    async fn a_feed_is_kept_judged_and_believed(db: TestDb) {
        let rig = Rig::over(db).await;
        let received = rig.receive(&on("2026-07-20", &hundred(0))).await.unwrap();
        assert!(!received.replayed);
        assert_eq!(received.submission.verdict, None);
        assert_eq!(rig.believed().await.len(), 0, "nothing is believed before it is judged");
        assert_eq!(rig.run().await, 1);

        let kept = rig.submission(received.submission.authority, received.submission.id).await;
        let report = submissions::report(&rig.hub, kept.authority, kept.id).await.unwrap().unwrap();
        assert_eq!(kept.verdict, Some(Verdict::Accepted), "{:?}", report.rules);
        let counts = kept.counts.unwrap();
        assert_eq!((counts.rows_read, counts.rows_accepted, counts.opened), (100, 100, 100));
        assert_eq!(rig.believed().await.len(), 100);
        assert_eq!((report.rows.accepted, report.as_at), (100, kept.as_at));
    }

    async fn the_next_night_writes_only_what_changed(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-19", &hundred(0))).await;
        assert_eq!(rig.count("record").await, 100);
        let counts = rig.apply(&on("2026-07-20", &hundred(1))).await;
        assert_eq!((counts.opened, counts.amended, counts.closed, counts.unchanged), (0, 1, 0, 99));
        assert_eq!(rig.count("record").await, 101);
        assert_eq!(rig.believed().await.len(), 100);
    }

    async fn csv_and_ndjson_of_the_same_rows_are_the_same(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-19", &hundred(3))).await;
        let counts = rig.apply(&on("2026-07-20", &[]).csv(&csv(&hundred(3)))).await;
        assert_eq!((counts.unchanged, counts.amended, counts.opened), (100, 0, 0));
        assert_eq!(rig.count("record").await, 100);
    }

    async fn the_same_again_is_answered_and_nothing_is_kept_twice(db: TestDb) {
        let rig = Rig::over(db).await;
        let parcel = on("2026-07-20", &hundred(0)).key("tonight");
        let first = rig.send(&parcel).await;
        for again in [parcel.clone(), parcel.clone().key("under-another-key")] {
            let answer = rig.receive(&again).await.unwrap();
            assert!(answer.replayed);
            assert_eq!(answer.submission.id, first.id);
        }
        let other = on("2026-07-20", &hundred(1)).key("tonight");
        assert!(matches!(rig.receive(&other).await, Err(ReceiveRefusal::KeyReused)));
        // A key is its client's own.
        assert!(!rig.receive(&other.by("another-client")).await.unwrap().replayed);
        assert_eq!(rig.count("submission").await, 2);
    }

    async fn a_key_is_free_again_after_seven_days(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.send(&on("2026-07-20", &hundred(0)).key("nightly")).await;
        rig.clock.advance(7 * 24 * 3600);
        let answer = rig.receive(&on("2026-07-27", &hundred(1)).key("nightly")).await.unwrap();
        assert!(!answer.replayed);
    }

    async fn what_was_rejected_may_be_sent_again(db: TestDb) {
        let rig = Rig::over(db).await;
        let bad: Vec<Row> = hundred(0).into_iter().map(|row| row.with("sex", "X")).collect();
        let first = rig.send(&on("2026-07-20", &bad)).await;
        assert_eq!(first.verdict, Some(Verdict::Rejected));
        let again = rig.receive(&on("2026-07-20", &bad)).await.unwrap();
        assert!(!again.replayed);
    }

    async fn a_hundred_replays_over_two_replicas_are_one_submission(db: TestDb) {
        let rig = Rig::over(db).await;
        let (other, _) = rig.replica().await;
        let parcels: Vec<Parcel> = (0..8_usize).map(|n| on("2026-07-20", &hundred(n))).collect();
        let mut sending = JoinSet::new();
        for nth in 0..100 {
            for (which, parcel) in parcels.iter().enumerate() {
                let hub = if nth % 2 == 0 { rig.hub.clone() } else { other.clone() };
                let (request, upload) = (parcel.request(), parcel.upload());
                sending.spawn(async move { (which, hub_pipeline::receive::receive(&hub, request, upload).await) });
            }
        }
        let mut kept = vec![BTreeSet::new(); parcels.len()];
        let mut fresh = 0;
        while let Some(done) = sending.join_next().await {
            match done.unwrap() {
                (which, Ok(received)) => {
                    fresh += usize::from(!received.replayed);
                    kept[which].insert(received.submission.id);
                }
                // The first is still being received here: the sender is told to wait.
                (_, Err(ReceiveRefusal::InProgress)) => {}
                (_, Err(refusal)) => panic!("{refusal:?}"),
            }
        }
        assert!(kept.iter().all(|ids| ids.len() == 1), "{kept:?}");
        assert_eq!(fresh, parcels.len());
        assert_eq!(rig.count("submission").await, 8);
        assert_eq!(rig.count("idempotency").await, 8);
        assert_eq!(rig.count("job").await, 8);
    }

    async fn the_same_content_under_many_keys_is_kept_once(db: TestDb) {
        let rig = Rig::over(db).await;
        let (other, _) = rig.replica().await;
        let mut sending = JoinSet::new();
        for nth in 0..24 {
            let parcel = on("2026-07-20", &hundred(0));
            let hub = if nth % 2 == 0 { rig.hub.clone() } else { other.clone() };
            sending.spawn(async move { hub_pipeline::receive::receive(&hub, parcel.request(), parcel.upload()).await });
        }
        let ids: BTreeSet<_> = sending.join_all().await.into_iter().map(|kept| kept.unwrap().submission.id).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(rig.count("submission").await, 1);
    }

    async fn an_older_date_is_refused_unless_it_is_a_correction(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-20", &hundred(0))).await;
        let older = on("2026-07-19", &hundred(1));
        match rig.receive(&older).await {
            Err(ReceiveRefusal::Stale { last }) => assert_eq!(last.to_string(), "2026-07-20"),
            other => panic!("{other:?}"),
        }
        assert!(rig.receive(&older.correction()).await.is_ok());
        let tomorrow = on("2026-07-22", &hundred(1));
        assert!(matches!(rig.receive(&tomorrow).await, Err(ReceiveRefusal::Future { .. })));
    }

    async fn whether_an_older_date_is_refused_does_not_hang_on_when_the_newer_is_judged(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-18", &hundred(0))).await;
        // Received, and not judged yet.
        let newer = rig.receive(&on("2026-07-20", &hundred(1)[..50])).await.unwrap().submission;
        let older = on("2026-07-19", &hundred(2));
        assert!(matches!(rig.receive(&older).await, Err(ReceiveRefusal::Stale { .. })));
        rig.run().await;
        assert_eq!(rig.submission(newer.authority, newer.id).await.verdict, Some(Verdict::Held));
        // Held: nothing of it is believed, and it waits for a person.
        assert!(rig.receive(&older).await.is_ok());
        rig.run().await;
        submissions::confirm(&rig.hub, newer.authority, newer.id).await.unwrap();
        let another = on("2026-07-19", &hundred(3));
        assert!(matches!(rig.receive(&another).await, Err(ReceiveRefusal::Stale { .. })), "confirmed: it will be applied");
        rig.run().await;
        assert!(matches!(rig.receive(&another).await, Err(ReceiveRefusal::Stale { .. })));
    }

    async fn of_two_at_once_the_older_is_never_taken_after_the_newer(db: TestDb) {
        let rig = Rig::over(db).await;
        let (other, _) = rig.replica().await;
        for nth in 1..=12_u32 {
            let (newer, older) = (format!("2026-06-{:02}", 2 * nth), format!("2026-06-{:02}", 2 * nth - 1));
            let rows = hundred(usize::try_from(nth).unwrap());
            let send = |hub: &std::sync::Arc<hub_pipeline::Hub>, day: &str| {
                let (parcel, hub) = (on(day, &rows), hub.clone());
                async move { hub_pipeline::receive::receive(&hub, parcel.request(), parcel.upload()).await }
            };
            let (newer, older) = tokio::join!(send(&rig.hub, &newer), send(&other, &older));
            let newer = newer.unwrap().submission;
            match older {
                Ok(older) => assert!(older.submission.seq < newer.seq, "{nth}: taken after the newer"),
                Err(ReceiveRefusal::Stale { last }) => assert_eq!(last, newer.as_at),
                Err(refusal) => panic!("{refusal:?}"),
            }
        }
    }

    async fn feeds_do_not_touch_each_other(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-20", &hundred(0))).await;
        rig.apply(&on("2026-07-20", &[episode("a", "2026-03-02")]).from(crate::rig::BROMLEY)).await;
        rig.apply(&on("2026-07-20", &[crate::rig::home("st-1")]).of(Dataset::Vacancies)).await;
        assert_eq!(rig.believed().await.len(), 100);
        assert_eq!(rig.believed_of(crate::rig::BROMLEY, Dataset::Placements).await.len(), 1);
        assert_eq!(rig.believed_of(crate::rig::LEWISHAM, Dataset::Vacancies).await.len(), 1);
    }
}
