//! Authorities take turns at the queue (promise S9).

use super::support::{Yard, start};
use hub_jobs::runner::Settings;
use hub_testdb::TestDb;
use tokio::sync::mpsc;

const NIGHT: &str = "2026-11-20T02:00:00Z";
const LEWISHAM: &str = "E09000023";

/// In which place, counted from nought, Lewisham's one job begins when fifty of Croydon's were queued before it.
async fn place_of_the_quiet_one(db: TestDb, concurrency: usize) -> usize {
    let yard = Yard::at(db, NIGHT);
    for _ in 0..50 {
        yard.enqueue("apply", "null").await;
    }
    yard.clock.advance(1);
    yard.enqueue_for(LEWISHAM, "apply", "null").await;
    let (began, mut order) = mpsc::unbounded_channel();
    let runner = yard.runner(Settings { concurrency, ..Settings::default() }).on("apply", move |context| {
        let _ = began.send(context.authority());
        async { Ok(()) }
    });
    let (stop, running) = start(runner);
    let mut place = 0;
    while order.recv().await.unwrap().as_str() != LEWISHAM {
        place += 1;
    }
    stop.cancel();
    running.await.unwrap();
    place
}

hub_testdb::on_both! {
    async fn a_flood_of_one_authoritys_work_holds_anothers_up_by_one_job(db: TestDb) {
        assert_eq!(place_of_the_quiet_one(db, 1).await, 1);
    }

    async fn whoever_has_nothing_running_goes_before_whoever_has(db: TestDb) {
        let place = place_of_the_quiet_one(db, 4).await;
        assert!(place < 4, "{place} of the other's went first");
    }
}
