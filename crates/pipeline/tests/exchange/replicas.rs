//! Two processes on one database: each piece of work is done once.

use hub_domain::Dataset;
use hub_pipeline::{jobs, submissions};
use hub_store::job::{self, State};
use hub_store::submission::{self, Verdict};

use crate::rig::{LEWISHAM, Parcel, Rig, Row, code, episode, on};

fn children(count: usize) -> Vec<Row> {
    (0..count).map(|n| episode(&n.to_string(), "2026-03-02")).collect()
}

hub_testdb::on_both! {
    async fn a_job_runs_once_whichever_replica_takes_it(db: TestDb) {
        let rig = Rig::over(db).await;
        let (_, runner) = rig.replica().await;
        let boroughs: Vec<String> = (1..=24).map(|n| format!("E090000{n:02}")).collect();
        for borough in &boroughs {
            rig.receive(&on("2026-07-20", &children(3)).from(borough)).await.unwrap();
        }
        let now = rig.now();
        let (one, two) = tokio::join!(rig.runner.run_until_idle(now), runner.run_until_idle(now));
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!((one.finished + two.finished, one.failed + two.failed), (24, 0));
        let all = job::list(&mut *rig.link().await, None, 100).await.unwrap();
        assert!(all.iter().all(|job| job.state == State::Done && job.attempt == 1), "each was begun once");
        assert_eq!(rig.count("record").await, 72);
        for borough in &boroughs {
            assert_eq!(rig.believed_of(borough, Dataset::Placements).await.len(), 3);
        }
    }

    async fn the_submissions_of_one_feed_are_judged_in_their_order(db: TestDb) {
        let rig = Rig::over(db).await;
        let (_, runner) = rig.replica().await;
        let nights: Vec<Parcel> = (11..=20).map(|n| on(&format!("2026-07-{n}"), &children(n))).collect();
        for night in &nights {
            rig.receive(night).await.unwrap();
        }
        let now = rig.now();
        let (one, two) = tokio::join!(rig.runner.run_until_idle(now), runner.run_until_idle(now));
        assert_eq!((one.unwrap().failed, two.unwrap().failed), (0, 0));
        assert_eq!(rig.believed().await.len(), 20);
        for (seq, count) in (1..).zip(11..=20) {
            assert_eq!(rig.as_known(LEWISHAM, seq).await.len(), count, "night {seq}");
        }
    }

    async fn a_job_that_runs_twice_changes_nothing_the_second_time(db: TestDb) {
        let rig = Rig::over(db).await;
        let sent = rig.send(&on("2026-07-20", &children(3))).await;
        let before = (rig.count("record").await, rig.count("notice_event").await);
        let mut tx = rig.hub.store.begin().await.unwrap();
        let again = job::NewJob {
            authority: sent.authority,
            id: rig.hub.ids.next(),
            kind: jobs::VALIDATE.to_owned(),
            payload: format!("\"{}\"", sent.id),
            dedupe: "again".to_owned(),
            run_at: rig.now(),
            now: rig.now(),
        };
        assert!(job::enqueue(&mut tx, &again).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(rig.run().await, 1);
        assert_eq!((rig.count("record").await, rig.count("notice_event").await), before);
        assert_eq!(rig.submission(sent.authority, sent.id).await, sent);
    }

    async fn a_submission_that_cannot_be_read_does_not_hold_up_its_feed(db: TestDb) {
        let rig = Rig::over(db).await;
        let broken = rig.receive(&on("2026-07-19", &children(3))).await.unwrap().submission;
        let mut tx = rig.hub.store.begin().await.unwrap();
        submission::drop_payload(&mut tx, broken.authority, broken.id).await.unwrap();
        submission::put_payload(&mut tx, broken.authority, broken.id, 0, b"not zstd").await.unwrap();
        tx.commit().await.unwrap();
        let good = rig.receive(&on("2026-07-20", &children(4))).await.unwrap().submission;
        let mut failed = 0;
        while rig.submission(good.authority, good.id).await.verdict.is_none() {
            failed += rig.runner.run_until_idle(rig.now()).await.unwrap().failed;
            rig.clock.advance(60);
        }
        assert!((6..20).contains(&failed), "{failed}");
        assert_eq!(rig.submission(broken.authority, broken.id).await.verdict, Some(Verdict::Rejected));
        assert_eq!(rig.believed().await.len(), 4);
    }

    async fn two_who_confirm_or_withdraw_at_once_do_it_once(db: TestDb) {
        let rig = Rig::over(db).await;
        let (other, _) = rig.replica().await;
        rig.apply(&on("2026-07-19", &children(20))).await;
        let held = rig.send(&on("2026-07-20", &children(5))).await;
        let (lewisham, id) = (code(LEWISHAM), held.id);
        let (one, two) =
            tokio::join!(submissions::confirm(&rig.hub, lewisham, id), submissions::confirm(&other, lewisham, id));
        assert!(one.is_ok() && two.is_ok());
        rig.run().await;
        assert_eq!(rig.believed().await.len(), 5);
        let (one, two) =
            tokio::join!(submissions::withdraw(&rig.hub, lewisham, id), submissions::withdraw(&other, lewisham, id));
        assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1, "{one:?} {two:?}");
        assert_eq!(rig.believed().await.len(), 20);
        assert_eq!(rig.submission(lewisham, id).await.verdict, Some(Verdict::Withdrawn));
    }
}
