//! Jobs under lease, schedules and their ledger, events.

#![cfg(test)]

use hub_domain::{AuthorityCode, IdSource as _, SequentialIds, Timestamp};
use hub_store::job::{self, Job, NewJob, State};
use hub_store::schedule::{self, Schedule};
use hub_store::{Store, event};
use uuid::Uuid;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + seconds).unwrap()
}

fn lewisham() -> AuthorityCode {
    "E09000023".parse().unwrap()
}

fn croydon() -> AuthorityCode {
    "E09000008".parse().unwrap()
}

fn work(ids: &SequentialIds, dedupe: &str, run_at: i64) -> NewJob {
    NewJob {
        authority: lewisham(),
        id: ids.next(),
        kind: "validate".into(),
        payload: r#"{"submission":1}"#.into(),
        dedupe: dedupe.into(),
        run_at: at(run_at),
        now: at(0),
    }
}

async fn enqueue(store: &Store, job: &NewJob) -> bool {
    let mut tx = store.begin().await.unwrap();
    let added = job::enqueue(&mut tx, job).await.unwrap();
    tx.commit().await.unwrap();
    added
}

async fn due(store: &Store, now: i64) -> Vec<Job> {
    job::due(&mut store.read().await.unwrap(), at(now), 10).await.unwrap()
}

async fn claim(store: &Store, job: &Job, worker: &str, now: i64, until: i64) -> Option<Job> {
    let mut tx = store.begin().await.unwrap();
    let held = job::claim(&mut tx, job, worker, at(until), at(now)).await.unwrap();
    tx.commit().await.unwrap();
    held
}

async fn finish(store: &Store, held: &Job, now: i64) -> bool {
    let mut tx = store.begin().await.unwrap();
    let done = job::finish(&mut tx, held, at(now)).await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn fail(store: &Store, held: &Job, retry_at: Option<i64>, now: i64) -> bool {
    let mut tx = store.begin().await.unwrap();
    let done = job::fail(&mut tx, held, "no-answer", retry_at.map(at), at(now)).await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn found(store: &Store, id: Uuid) -> Job {
    job::find(&mut store.read().await.unwrap(), lewisham(), id).await.unwrap().unwrap()
}

hub_testdb::on_both! {
    async fn jobs_come_due_in_order_of_time(db: TestDb) {
        let ids = SequentialIds::default();
        let [late, early, future] = [work(&ids, "late", 20), work(&ids, "early", 10), work(&ids, "future", 31)];
        for job in [&late, &early, &future] {
            assert!(enqueue(db.store(), job).await);
        }
        let due: Vec<Uuid> = due(db.store(), 30).await.iter().map(|job| job.id).collect();
        assert_eq!(due, [early.id, late.id]);
        let mut link = db.store().read().await.unwrap();
        assert_eq!(job::oldest_due(&mut link, at(30)).await.unwrap(), Some(at(10)));
        assert_eq!(job::oldest_due(&mut link, at(9)).await.unwrap(), None);
    }

    async fn a_job_reads_as_it_was_queued(db: TestDb) {
        let ids = SequentialIds::default();
        let new = work(&ids, "once", 5);
        enqueue(db.store(), &new).await;
        let job = found(db.store(), new.id).await;
        assert_eq!((job.kind.as_str(), job.payload.as_str(), job.dedupe.as_str()), ("validate", r#"{"submission":1}"#, "once"));
        assert_eq!((job.state, job.attempt, job.run_at, job.created_at), (State::Ready, 0, at(5), at(0)));
        assert_eq!((job.worker, job.error, job.finished_at), (None, None, None));
        let mut link = db.store().read().await.unwrap();
        assert_eq!(job::find(&mut link, croydon(), new.id).await.unwrap(), None);
    }

    async fn the_same_work_waits_or_runs_once(db: TestDb) {
        let ids = SequentialIds::default();
        let first = work(&ids, "same", 0);
        assert!(enqueue(db.store(), &first).await);
        assert!(!enqueue(db.store(), &work(&ids, "same", 0)).await);
        assert!(enqueue(db.store(), &work(&ids, "other", 0)).await);
        assert!(enqueue(db.store(), &NewJob { kind: "publish".into(), ..work(&ids, "same", 0) }).await);
        assert!(enqueue(db.store(), &NewJob { authority: croydon(), ..work(&ids, "same", 0) }).await);

        let held = claim(db.store(), &found(db.store(), first.id).await, "a", 1, 60).await.unwrap();
        assert!(!enqueue(db.store(), &work(&ids, "same", 0)).await, "while it runs, too");
        assert!(finish(db.store(), &held, 2).await);
        assert!(enqueue(db.store(), &work(&ids, "same", 0)).await, "once it is done, it may be asked for again");
    }

    async fn two_workers_cannot_hold_one_job(db: TestDb) {
        let ids = SequentialIds::default();
        enqueue(db.store(), &work(&ids, "one", 0)).await;
        let seen = due(db.store(), 1).await.remove(0);
        let held = claim(db.store(), &seen, "a", 1, 60).await.unwrap();
        assert_eq!((held.state, held.attempt, held.worker.as_deref()), (State::Running, 1, Some("a")));
        assert_eq!(claim(db.store(), &seen, "b", 1, 60).await, None);
        assert_eq!(claim(db.store(), &held, "b", 59, 90).await, None, "the lease still runs");
        assert_eq!(due(db.store(), 59).await, []);
        assert_eq!(found(db.store(), seen.id).await, held);
    }

    async fn a_lost_lease_makes_the_job_due_and_its_old_holder_powerless(db: TestDb) {
        let ids = SequentialIds::default();
        enqueue(db.store(), &work(&ids, "one", 0)).await;
        let seen = due(db.store(), 1).await.remove(0);
        let lost = claim(db.store(), &seen, "a", 1, 60).await.unwrap();
        let again = due(db.store(), 60).await.remove(0);
        let held = claim(db.store(), &again, "b", 60, 120).await.unwrap();
        assert_eq!(held.attempt, 2);

        assert!(!finish(db.store(), &lost, 61).await);
        assert!(!fail(db.store(), &lost, Some(70), 61).await);
        assert!(!fail(db.store(), &lost, None, 61).await);
        let mut tx = db.store().begin().await.unwrap();
        assert!(!job::renew(&mut tx, &lost, at(500)).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(found(db.store(), seen.id).await, held, "nothing was changed");
        assert!(finish(db.store(), &held, 62).await);
        assert!(!finish(db.store(), &held, 63).await, "done once");
    }

    async fn a_renewed_lease_lasts_longer(db: TestDb) {
        let ids = SequentialIds::default();
        enqueue(db.store(), &work(&ids, "one", 0)).await;
        let held = claim(db.store(), &due(db.store(), 1).await.remove(0), "a", 1, 60).await.unwrap();
        let mut tx = db.store().begin().await.unwrap();
        assert!(job::renew(&mut tx, &held, at(120)).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(due(db.store(), 119).await.len(), 0);
        assert_eq!(due(db.store(), 120).await.len(), 1);
        assert!(finish(db.store(), &held, 100).await);
        assert_eq!(due(db.store(), 999).await.len(), 0);
    }

    async fn a_failed_job_comes_back_or_is_given_up(db: TestDb) {
        let ids = SequentialIds::default();
        let new = work(&ids, "one", 0);
        enqueue(db.store(), &new).await;
        let held = claim(db.store(), &due(db.store(), 1).await.remove(0), "a", 1, 60).await.unwrap();
        assert!(fail(db.store(), &held, Some(300), 2).await);
        assert_eq!(due(db.store(), 299).await, []);
        let again = due(db.store(), 300).await.remove(0);
        assert_eq!((again.state, again.attempt, again.error.as_deref()), (State::Ready, 1, Some("no-answer")));

        let held = claim(db.store(), &again, "a", 300, 360).await.unwrap();
        assert!(fail(db.store(), &held, None, 301).await);
        let over = found(db.store(), new.id).await;
        assert_eq!((over.state, over.finished_at), (State::Failed, Some(at(301))));
        assert_eq!(due(db.store(), 9_999).await, []);
        assert!(enqueue(db.store(), &work(&ids, "one", 0)).await, "given up, it does not stand in the way");

        let mut link = db.store().read().await.unwrap();
        let failed = job::list(&mut link, Some(State::Failed), 10).await.unwrap();
        assert_eq!(failed.iter().map(|job| job.id).collect::<Vec<_>>(), [new.id]);
        assert_eq!(job::list(&mut link, None, 10).await.unwrap().len(), 2);
    }

    async fn of_many_who_claim_at_once_one_holds(db: TestDb) {
        let ids = SequentialIds::default();
        enqueue(db.store(), &work(&ids, "one", 0)).await;
        let seen = due(db.store(), 1).await.remove(0);
        let tries: Vec<_> = (0..8)
            .map(|n| {
                let (store, seen) = (db.store().clone(), seen.clone());
                tokio::spawn(async move { claim(&store, &seen, &format!("worker-{n}"), 1, 60).await })
            })
            .collect();
        let mut held = 0;
        for one in tries {
            held += usize::from(one.await.unwrap().is_some());
        }
        assert_eq!(held, 1);
    }

    async fn a_schedule_registered_again_keeps_its_place(db: TestDb) {
        let schedule = Schedule {
            name: "publish".into(),
            pattern: "0 6 * * *".into(),
            enabled: true,
            misfire: "latest".into(),
            last_slot: at(0),
        };
        let mut tx = db.store().begin().await.unwrap();
        schedule::upsert(&mut tx, &schedule).await.unwrap();
        schedule::upsert(&mut tx, &Schedule { name: "chase".into(), ..schedule.clone() }).await.unwrap();
        assert!(schedule::set_last_slot(&mut tx, "publish", at(60)).await.unwrap());
        assert!(!schedule::set_last_slot(&mut tx, "publish", at(30)).await.unwrap(), "never back");
        assert!(schedule::set_enabled(&mut tx, "publish", false).await.unwrap());
        assert!(!schedule::set_enabled(&mut tx, "absent", false).await.unwrap());
        schedule::upsert(&mut tx, &Schedule { pattern: "30 6 * * *".into(), ..schedule.clone() }).await.unwrap();
        tx.commit().await.unwrap();

        let mut link = db.store().read().await.unwrap();
        let kept = Schedule { pattern: "30 6 * * *".into(), enabled: false, last_slot: at(60), ..schedule };
        assert_eq!(schedule::find(&mut link, "publish").await.unwrap(), Some(kept));
        let names: Vec<String> = schedule::all(&mut link).await.unwrap().into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["chase", "publish"]);
    }

    async fn a_slot_is_taken_once(db: TestDb) {
        let ids = SequentialIds::default();
        let (first, second) = (ids.next(), ids.next());
        let mut tx = db.store().begin().await.unwrap();
        assert!(schedule::record_slot(&mut tx, "publish", at(0), first, at(1)).await.unwrap());
        assert!(!schedule::record_slot(&mut tx, "publish", at(0), second, at(2)).await.unwrap());
        assert!(schedule::record_slot(&mut tx, "chase", at(0), second, at(2)).await.unwrap());
        assert!(schedule::record_slot(&mut tx, "publish", at(60), second, at(61)).await.unwrap());
        tx.commit().await.unwrap();
        let slots = schedule::slots(&mut db.store().read().await.unwrap(), "publish", 10).await.unwrap();
        let slots: Vec<_> = slots.iter().map(|slot| (slot.slot, slot.job, slot.at)).collect();
        assert_eq!(slots, [(at(60), second, at(61)), (at(0), first, at(1))]);
    }

    async fn an_authority_hears_of_a_subject_once(db: TestDb) {
        let ids = SequentialIds::default();
        let missing = |authority, subject: &str, when| event::Event {
            authority,
            id: ids.next(),
            kind: "feed.missing".into(),
            subject: subject.into(),
            at: at(when),
            data: "{}".into(),
        };
        let [first, repeat] = [missing(lewisham(), "placements/2026-06-01", 0), missing(lewisham(), "placements/2026-06-01", 5)];
        let [other, next] = [missing(croydon(), "placements/2026-06-01", 0), missing(lewisham(), "placements/2026-06-02", 9)];
        let mut tx = db.store().begin().await.unwrap();
        assert!(event::append(&mut tx, &first).await.unwrap());
        assert!(!event::append(&mut tx, &repeat).await.unwrap());
        assert!(event::append(&mut tx, &other).await.unwrap());
        assert!(event::append(&mut tx, &next).await.unwrap());
        tx.commit().await.unwrap();

        let mut link = db.store().read().await.unwrap();
        let own = event::list(&mut link, event::Reader::Sender(lewisham()), None, 10).await.unwrap();
        assert_eq!(own, [first.clone(), next.clone()]);
        let all = event::list(&mut link, event::Reader::Operator(None), None, 2).await.unwrap();
        assert_eq!(all, [first, other.clone()]);
        let rest = event::list(&mut link, event::Reader::Operator(None), Some((other.at, other.id)), 2).await.unwrap();
        assert_eq!(rest, [next]);
    }
}
