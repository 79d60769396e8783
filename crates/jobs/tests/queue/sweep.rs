//! Promise D8: two replicas, missed ticks, killed sweeps and a clock change make one job per slot.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::support::{Yard, start};
use hub_domain::{IdSource, RandomIds, london_date};
use hub_jobs::runner::Settings;
use hub_jobs::{Misfire, Plan, Schedule, ScheduledSlot, Sweeper, heartbeat};
use hub_store::Store;
use hub_store::schedule as kept;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::mpsc;

fn plan(name: &str, pattern: &str) -> Plan {
    Plan { schedule: Schedule::new(name, pattern, Misfire::Latest).unwrap(), kind: "publish" }
}

fn sweeper(yard: &Yard, plans: Vec<Plan>) -> Sweeper {
    sweeper_on(yard, yard.store.clone(), plans)
}

fn sweeper_on(yard: &Yard, store: Store, plans: Vec<Plan>) -> Sweeper {
    let ids: Arc<dyn IdSource> = Arc::new(RandomIds);
    Sweeper::new(store, yard.clock.clone(), ids, yard.wake.clone(), plans)
}

async fn slots(yard: &Yard) -> Vec<ScheduledSlot> {
    let mut slots: Vec<ScheduledSlot> =
        yard.jobs().await.iter().map(|job| serde_json::from_str(&job.payload).unwrap()).collect();
    slots.sort_by_key(|slot| slot.slot);
    slots
}

async fn forget_last_slot(yard: &Yard) {
    let mut tx = yard.store.begin().await.unwrap();
    let sql = "UPDATE schedule SET last_slot = 0 RETURNING name";
    assert_eq!(hub_store::testing::query_on(&mut tx, sql).await.unwrap().len(), 1);
    tx.commit().await.unwrap();
}

/// Lets a process of its own sweep for `polls` steps and then drops all of it, as a kill would.
async fn kill_after(polls: usize, yard: &Yard, plans: Vec<Plan>) {
    let doomed = sweeper_on(yard, yard.db.reopen(1).await, plans);
    let mut sweep = Box::pin(doomed.sweep());
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        sweep.as_mut().poll(context).map(|swept| assert!(swept.is_ok()))
    })
    .await;
}

hub_testdb::on_both! {
    async fn a_first_start_runs_nothing_from_before_it(db: TestDb) {
        let yard = Yard::at(db, "2026-11-20T05:59:50Z");
        let sweeper = sweeper(&yard, vec![plan("publish", "0 6 * * *")]);
        sweeper.register().await.unwrap();
        assert_eq!(sweeper.sweep().await.unwrap(), 0);
        yard.clock.advance(15);
        assert_eq!(sweeper.sweep().await.unwrap(), 1);
        assert_eq!(sweeper.sweep().await.unwrap(), 0);
        let expected = ScheduledSlot { schedule: "publish".to_owned(), slot: "2026-11-20T06:00:00Z".parse().unwrap() };
        assert_eq!(slots(&yard).await, [expected]);
    }

    async fn a_restart_keeps_what_was_missed_and_a_new_pattern_does_not(db: TestDb) {
        let yard = Yard::at(db, "2026-11-20T05:00:00Z");
        sweeper(&yard, vec![plan("publish", "0 6 * * *")]).register().await.unwrap();
        yard.clock.advance(7200);
        let restarted = sweeper(&yard, vec![plan("publish", "0 6 * * *")]);
        restarted.register().await.unwrap();
        assert_eq!(restarted.sweep().await.unwrap(), 1);
        let changed = sweeper(&yard, vec![plan("publish", "30 5 * * *")]);
        changed.register().await.unwrap();
        assert_eq!(changed.sweep().await.unwrap(), 0);
    }

    async fn a_schedule_that_was_switched_off_stays_off(db: TestDb) {
        let yard = Yard::at(db, "2026-11-20T05:00:00Z");
        let sweeper = sweeper(&yard, vec![plan("publish", "0 6 * * *")]);
        sweeper.register().await.unwrap();
        let mut tx = yard.store.begin().await.unwrap();
        assert!(kept::set_enabled(&mut tx, "publish", false).await.unwrap());
        tx.commit().await.unwrap();
        sweeper.register().await.unwrap();
        yard.clock.advance(86_400);
        assert_eq!(sweeper.sweep().await.unwrap(), 0);
    }

    async fn a_thousand_ticks_of_two_replicas_with_kills_make_one_run_per_date(db: TestDb) {
        // The ticks, an hour apart, cross 25 October 2026, when 01:30 comes twice.
        let yard = Yard::at(db, "2026-10-05T12:00:00Z");
        let plans = || vec![plan("publish", "0 6 * * *"), plan("chase", "30 1 * * *")];
        let (one, two) = (sweeper(&yard, plans()), sweeper(&yard, plans()));
        one.register().await.unwrap();
        let runner = yard.runner(Settings::default()).on("publish", |_| async { Ok(()) });
        let mut ran = 0;
        for tick in 0..1000 {
            yard.clock.advance(3600);
            // Elsewhere in the day nothing is due and there is nothing to kill.
            if matches!(yard.now().to_zoned(TimeZone::UTC).hour(), 0 | 1 | 5 | 6) && tick % 3 > 0 {
                kill_after(tick % 29, &yard, plans()).await;
            }
            let (a, b) = tokio::join!(one.sweep(), two.sweep());
            assert!(a.is_ok() && b.is_ok());
            ran += runner.run_until_idle(yard.now()).await.unwrap().finished;
        }
        let mut runs: BTreeMap<(String, Date), usize> = BTreeMap::new();
        for slot in slots(&yard).await {
            *runs.entry((slot.schedule, london_date(slot.slot))).or_default() += 1;
        }
        // 1,000 hours end on 16 November at 04:00: 41 mornings and 42 nights.
        assert_eq!(runs.len(), 41 + 42, "missing");
        assert_eq!(ran, 41 + 42, "each was run");
        assert!(runs.values().all(|times| *times == 1), "double: {runs:?}");
    }

    async fn the_heartbeat_sweeps_at_once_and_the_runner_is_woken(db: TestDb) {
        let yard = Yard::at(db, "2026-11-20T05:00:00Z");
        let sweeper = sweeper(&yard, vec![plan("publish", "0 6 * * *")]);
        sweeper.register().await.unwrap();
        yard.clock.advance(3605);
        let (ran, mut runs) = mpsc::unbounded_channel();
        let settings = Settings { poll: Duration::from_hours(1), ..Settings::default() };
        let runner = yard.runner(settings).on("publish", move |context| {
            let ran = ran.clone();
            async move { ran.send(context.payload::<ScheduledSlot>()?.slot).map_err(hub_jobs::JobError::retry) }
        });
        let (stop, running) = start(runner);
        let beating = tokio::spawn(heartbeat(sweeper, stop.clone()));
        let slot = tokio::time::timeout(Duration::from_secs(30), runs.recv()).await.unwrap();
        assert_eq!(slot, Some("2026-11-20T06:00:00Z".parse().unwrap()));
        stop.cancel();
        beating.await.unwrap().unwrap();
        running.await.unwrap();
    }

    async fn a_replica_that_read_too_early_queues_nothing_again(db: TestDb) {
        let yard = Yard::at(db, "2026-11-20T05:00:00Z");
        let sweeper = sweeper(&yard, vec![plan("publish", "0 6 * * *")]);
        sweeper.register().await.unwrap();
        yard.clock.advance(3600);
        assert_eq!(sweeper.sweep().await.unwrap(), 1);
        let runner = yard.runner(Settings::default()).on("publish", |_| async { Ok(()) });
        assert_eq!(runner.run_until_idle(yard.now()).await.unwrap().finished, 1);
        // What the other replica knows is what stood there before: no schedule row remembers the run.
        forget_last_slot(&yard).await;
        assert_eq!(sweeper.sweep().await.unwrap(), 0, "the ledger does");
        assert_eq!(runner.run_until_idle(yard.now()).await.unwrap().finished, 0);
    }
}
