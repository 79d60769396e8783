//! The runner against a real queue: order, waiting, death, leases, stopping.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::support::{Yard, croydon, start};
use hub_jobs::runner::{Settings, wait_before};
use hub_jobs::{JobError, Runner, Stopped, Tally};
use hub_store::job::{self, State};
use hub_testdb::TestDb;
use jiff::SignedDuration;
use tokio::sync::{Semaphore, mpsc};

const NIGHT: &str = "2026-11-20T02:00:00Z";

type Seen = Arc<Mutex<Vec<String>>>;

/// A runner that notes each `note` job's payload and fails each `poison` job.
fn noting(runner: Runner) -> (Runner, Seen) {
    let seen = Seen::default();
    let notes = Arc::clone(&seen);
    let runner = runner
        .on("note", move |context| {
            let notes = Arc::clone(&notes);
            async move {
                notes.lock().unwrap().push(context.payload()?);
                Ok(())
            }
        })
        .on("poison", |_| async { Err(JobError::retry("the receiver is closed")) });
    (runner, seen)
}

fn seen(seen: &Seen) -> Vec<String> {
    seen.lock().unwrap().clone()
}

/// Counts who is inside at once; who enters says so and leaves when the gate lets it.
struct Room {
    inside: AtomicUsize,
    most: AtomicUsize,
    gate: Semaphore,
    entered: mpsc::UnboundedSender<()>,
}

impl Room {
    async fn visit(&self) -> Result<(), JobError> {
        self.most.fetch_max(self.inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        self.entered.send(()).map_err(JobError::retry)?;
        self.gate.acquire().await.map_err(JobError::retry)?.forget();
        self.inside.fetch_sub(1, Ordering::SeqCst);
        Ok(())
    }
}

/// Starts a job that ends when the semaphore is given a permit, and stops the runner while it runs.
async fn stop_while_running(db: TestDb, patience: Duration, permits: usize) -> (Stopped, State) {
    let yard = Yard::at(db, NIGHT);
    let (go, (started, mut starts)) = (Arc::new(Semaphore::new(0)), mpsc::unbounded_channel());
    let gate = Arc::clone(&go);
    let runner = yard.runner(Settings { patience, ..Settings::default() }).on("apply", move |_| {
        let (gate, started) = (Arc::clone(&gate), started.clone());
        async move {
            started.send(()).map_err(JobError::retry)?;
            gate.acquire().await.map_err(JobError::retry)?.forget();
            Ok(())
        }
    });
    let id = yard.enqueue("apply", "null").await;
    let (stop, running) = start(runner);
    starts.recv().await.unwrap();
    stop.cancel();
    go.add_permits(permits);
    let stopped = running.await.unwrap();
    (stopped, yard.job(id).await.state)
}

hub_testdb::on_both! {
    async fn what_is_due_runs_oldest_first_and_once(db: TestDb) {
        let yard = Yard::at(db, NIGHT);
        let (runner, notes) = noting(yard.runner(Settings::default()));
        let second = SignedDuration::from_secs(1);
        yard.enqueue_at("note", r#""late""#, yard.now() - second).await;
        yard.enqueue_at("note", r#""early""#, yard.now() - second * 2).await;
        yard.enqueue_at("note", r#""future""#, yard.now() + second).await;
        assert_eq!(runner.run_until_idle(yard.now()).await.unwrap(), Tally { finished: 2, failed: 0 });
        assert_eq!(runner.run_until_idle(yard.now()).await.unwrap(), Tally::default());
        assert_eq!(seen(&notes), ["early", "late"]);
        yard.clock.advance(1);
        runner.run_until_idle(yard.now()).await.unwrap();
        assert_eq!(seen(&notes), ["early", "late", "future"]);
    }

    async fn work_that_causes_work_is_drained_with_it(db: TestDb) {
        let yard = Arc::new(Yard::at(db, NIGHT));
        let (runner, notes) = noting(yard.runner(Settings::default()));
        let causing = Arc::clone(&yard);
        let runner = runner.on("apply", move |_| {
            let yard = Arc::clone(&causing);
            async move {
                yard.enqueue("note", r#""caused""#).await;
                Ok(())
            }
        });
        yard.enqueue("apply", "null").await;
        assert_eq!(runner.run_until_idle(yard.now()).await.unwrap().finished, 2);
        assert_eq!(seen(&notes), ["caused"]);
    }

    async fn a_failing_job_waits_longer_each_time_and_holds_up_nobody(db: TestDb) {
        let yard = Yard::at(db, NIGHT);
        let (runner, notes) = noting(yard.runner(Settings::default()));
        let poison = yard.enqueue("poison", "null").await;
        for n in 0..5 {
            yard.enqueue("note", &format!(r#""{n}""#)).await;
        }
        assert_eq!(runner.run_until_idle(yard.now()).await.unwrap(), Tally { finished: 5, failed: 1 });
        assert_eq!(seen(&notes).len(), 5);
        for attempt in 1..5 {
            let job = yard.job(poison).await;
            assert_eq!((job.attempt, job.run_at), (attempt, yard.now() + wait_before(poison, attempt)));
            assert_eq!(job.error.as_deref(), Some("the receiver is closed"));
            yard.clock.set(job.run_at);
            assert_eq!(runner.run_until_idle(yard.now()).await.unwrap().failed, 1);
        }
    }

    async fn after_the_last_attempt_a_job_is_dead_and_stays_to_be_seen(db: TestDb) {
        let yard = Yard::at(db, NIGHT);
        let (runner, _) = noting(yard.runner(Settings { attempts: 3, ..Settings::default() }));
        let poison = yard.enqueue("poison", "null").await;
        let mut attempts = 0;
        for _ in 0..10 {
            attempts += runner.run_until_idle(yard.now()).await.unwrap().failed;
            yard.clock.advance(86_400);
        }
        let job = yard.job(poison).await;
        assert_eq!((attempts, job.attempt), (3, 3));
        assert_eq!(job.state, State::Failed);
    }

    async fn what_can_never_go_well_is_tried_once(db: TestDb) {
        let yard = Yard::at(db, NIGHT);
        let (runner, notes) = noting(yard.runner(Settings::default()));
        let unreadable = yard.enqueue("note", r#"{"child": "AB12"}"#).await;
        runner.run_until_idle(yard.now()).await.unwrap();
        yard.clock.advance(86_400);
        assert_eq!(runner.run_until_idle(yard.now()).await.unwrap(), Tally::default());
        assert!(seen(&notes).is_empty());
        let error = yard.job(unreadable).await.error.unwrap();
        assert!(!error.contains("AB12"), "a payload is never repeated: {error}");
    }

    async fn a_panic_is_a_failure_of_its_job_alone(db: TestDb) {
        let yard = Yard::at(db, NIGHT);
        let (runner, notes) = noting(yard.runner(Settings::default()));
        let runner = runner.on("panic", |context| async move {
            assert_eq!(context.attempt(), 0, "planted");
            Ok(())
        });
        let panicking = yard.enqueue("panic", "null").await;
        yard.enqueue("note", r#""after""#).await;
        assert_eq!(runner.run_until_idle(yard.now()).await.unwrap(), Tally { finished: 1, failed: 1 });
        assert_eq!(seen(&notes), ["after"]);
        assert_eq!(yard.job(panicking).await.error.as_deref(), Some("the job panicked"));
    }

    async fn a_kind_nobody_knows_waits_for_a_newer_hub(db: TestDb) {
        let yard = Yard::at(db, NIGHT);
        let older = yard.runner(Settings::default());
        yard.enqueue("note", r#""kept""#).await;
        assert_eq!(older.run_until_idle(yard.now()).await.unwrap().failed, 1);
        yard.clock.advance(10);
        let (newer, notes) = noting(yard.runner(Settings::default()));
        newer.run_until_idle(yard.now()).await.unwrap();
        assert_eq!(seen(&notes), ["kept"]);
    }

    async fn a_lease_that_ran_out_passes_to_another_with_the_next_token(db: TestDb) {
        let yard = Yard::at(db, NIGHT);
        let id = yard.enqueue("note", r#""again""#).await;
        // A worker leases the job and is never heard of again.
        let mut tx = yard.store.begin().await.unwrap();
        let until = yard.now() + SignedDuration::from_secs(60);
        let first = job::claim(&mut tx, &yard.job(id).await, "dead", until, yard.now()).await.unwrap().unwrap();
        tx.commit().await.unwrap();

        let (runner, notes) = noting(yard.runner(Settings::default()));
        yard.clock.advance(59);
        assert_eq!(runner.run_until_idle(yard.now()).await.unwrap(), Tally::default(), "the lease still holds");
        yard.clock.advance(2);
        assert_eq!(runner.run_until_idle(yard.now()).await.unwrap().finished, 1);
        assert_eq!((seen(&notes), yard.job(id).await.attempt), (vec!["again".to_owned()], 2));

        let mut tx = yard.store.begin().await.unwrap();
        assert!(!job::finish(&mut tx, &first, yard.now()).await.unwrap(), "the old token is worth nothing");
    }

    async fn a_job_that_kills_its_workers_dies_unrun(db: TestDb) {
        let yard = Yard::at(db, NIGHT);
        let id = yard.enqueue("note", r#""killer""#).await;
        for _ in 0..2 {
            let mut tx = yard.store.begin().await.unwrap();
            let job = yard.job(id).await;
            let until = yard.now() + SignedDuration::from_secs(60);
            assert!(job::claim(&mut tx, &job, "dead", until, yard.now()).await.unwrap().is_some());
            tx.commit().await.unwrap();
            yard.clock.advance(61);
        }
        let (runner, notes) = noting(yard.runner(Settings { attempts: 2, ..Settings::default() }));
        assert_eq!(runner.run_until_idle(yard.now()).await.unwrap().failed, 1);
        yard.clock.advance(86_400);
        assert_eq!(runner.run_until_idle(yard.now()).await.unwrap(), Tally::default());
        assert!(seen(&notes).is_empty());
    }

    async fn who_lost_the_lease_is_told_and_writes_nothing(db: TestDb) {
        let yard = Arc::new(Yard::at(db, NIGHT));
        let id = yard.enqueue("slow", "null").await;
        let settings = Settings { lease: Duration::from_millis(30), ..Settings::default() };
        let shared = Arc::clone(&yard);
        let runner = yard.runner(settings).on("slow", move |context| {
            let yard = Arc::clone(&shared);
            async move {
                // Another worker, in whose eyes the lease is over, takes the job.
                let later = yard.now() + SignedDuration::from_hours(1);
                let mut tx = yard.store.begin().await?;
                let job = yard.job(context.id()).await;
                assert!(job::claim(&mut tx, &job, "other", later, later).await?.is_some());
                tx.commit().await?;
                context.lost().await;
                let mut tx = yard.store.begin().await?;
                context.fence(&mut tx).await?;
                unreachable!("the fence let an old token through")
            }
        });
        yard.clock.advance(1);
        let drained = tokio::time::timeout(Duration::from_secs(30), runner.run_until_idle(yard.now())).await;
        assert_eq!(drained.unwrap().unwrap(), Tally { finished: 0, failed: 1 });
        let job = yard.job(id).await;
        assert_eq!((job.attempt, job.error), (2, None), "the other worker's lease is untouched");
    }

    async fn the_fence_lets_the_holder_through(db: TestDb) {
        let yard = Arc::new(Yard::at(db, NIGHT));
        let shared = Arc::clone(&yard);
        let runner = yard.runner(Settings::default()).on("apply", move |context| {
            let yard = Arc::clone(&shared);
            async move {
                assert_eq!((context.authority(), context.attempt()), (croydon(), 1));
                let mut tx = yard.store.begin().await?;
                context.fence(&mut tx).await?;
                Ok(tx.commit().await?)
            }
        });
        yard.enqueue("apply", "null").await;
        assert_eq!(runner.run_until_idle(yard.now()).await.unwrap(), Tally { finished: 1, failed: 0 });
    }

    async fn two_replicas_share_the_work_and_double_nothing(db: TestDb) {
        let yard = Yard::at(db, NIGHT);
        let (one, ones) = noting(yard.runner(Settings { worker: "one".to_owned(), ..Settings::default() }));
        let (two, twos) = noting(yard.runner(Settings { worker: "two".to_owned(), ..Settings::default() }));
        let mut tx = yard.store.begin().await.unwrap();
        for n in 0..60 {
            job::enqueue(&mut tx, &yard.new_job("note", &format!(r#""{n:02}""#), yard.now())).await.unwrap();
        }
        tx.commit().await.unwrap();
        let (a, b) = tokio::join!(one.run_until_idle(yard.now()), two.run_until_idle(yard.now()));
        a.unwrap();
        b.unwrap();
        let mut all = [seen(&ones), seen(&twos)].concat();
        all.sort();
        assert_eq!(all, (0..60).map(|n| format!("{n:02}")).collect::<Vec<_>>());
    }

    async fn a_committed_job_starts_at_once(db: TestDb) {
        let yard = Yard::at(db, NIGHT);
        let (started, mut starts) = mpsc::unbounded_channel();
        // Nobody would look for an hour.
        let settings = Settings { poll: Duration::from_hours(1), ..Settings::default() };
        let runner = yard.runner(settings).on("apply", move |context| {
            let started = started.clone();
            async move { started.send(context.id()).map_err(JobError::retry) }
        });
        let (stop, running) = start(runner);
        for _ in 0..20 {
            let id = yard.enqueue("apply", "null").await;
            yard.wake.up();
            let began = tokio::time::timeout(Duration::from_secs(30), starts.recv()).await;
            assert_eq!(began.unwrap(), Some(id));
        }
        stop.cancel();
        assert_eq!(running.await.unwrap(), Stopped { unfinished: 0 });
    }

    async fn as_many_run_at_once_as_were_allowed_and_no_more(db: TestDb) {
        let yard = Yard::at(db, NIGHT);
        let (entered, mut entries) = mpsc::unbounded_channel();
        let room = Arc::new(Room { inside: 0.into(), most: 0.into(), gate: Semaphore::new(0), entered });
        let visited = Arc::clone(&room);
        let settings = Settings { concurrency: 3, ..Settings::default() };
        let runner = yard.runner(settings).on("apply", move |_| {
            let room = Arc::clone(&visited);
            async move { room.visit().await }
        });
        for _ in 0..9 {
            yard.enqueue("apply", "null").await;
        }
        let (stop, running) = start(runner);
        for _ in 0..3 {
            entries.recv().await.unwrap();
        }
        // A fourth that was let in would enter now.
        yard.wake.up();
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        room.gate.add_permits(9);
        for _ in 0..6 {
            entries.recv().await.unwrap();
        }
        stop.cancel();
        running.await.unwrap();
        assert_eq!(room.most.load(Ordering::SeqCst), 3);
    }

    async fn stopping_waits_for_what_runs(db: TestDb) {
        let (stopped, state) = stop_while_running(db, Duration::from_secs(30), 1).await;
        assert_eq!(stopped, Stopped { unfinished: 0 });
        assert_eq!(state, State::Done);
    }

    async fn stopping_does_not_wait_for_ever(db: TestDb) {
        let (stopped, state) = stop_while_running(db, Duration::from_millis(1), 0).await;
        assert_eq!(stopped, Stopped { unfinished: 1 });
        assert_eq!(state, State::Running);
    }
}
