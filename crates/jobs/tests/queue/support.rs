//! A database, a clock that stands still, and a queue to put jobs into.

use std::sync::Arc;

use hub_domain::{AuthorityCode, IdSource as _, ManualClock, SequentialIds};
use hub_jobs::runner::Settings;
use hub_jobs::{Runner, Stopped, Wake};
use hub_store::Store;
use hub_store::job::{self, Job, NewJob};
use hub_testdb::TestDb;
use jiff::Timestamp;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Where the work of one test happens.
pub(crate) struct Yard {
    pub(crate) store: Store,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) wake: Wake,
    pub(crate) ids: Arc<SequentialIds>,
    pub(crate) db: TestDb,
}

impl Yard {
    pub(crate) fn at(db: TestDb, now: &str) -> Self {
        let clock = Arc::new(ManualClock::at(now.parse().unwrap()));
        Self { store: db.store().clone(), clock, wake: Wake::default(), ids: Arc::default(), db }
    }

    pub(crate) fn runner(&self, settings: Settings) -> Runner {
        Runner::new(self.store.clone(), self.clock.clone(), self.wake.clone(), settings)
    }

    /// Queues a job for Croydon, due now, and answers its id.
    pub(crate) async fn enqueue(&self, kind: &str, payload: &str) -> Uuid {
        self.enqueue_at(kind, payload, self.now()).await
    }

    pub(crate) async fn enqueue_at(&self, kind: &str, payload: &str, run_at: Timestamp) -> Uuid {
        let mut tx = self.store.begin().await.unwrap();
        let new = self.new_job(kind, payload, run_at);
        assert!(job::enqueue(&mut tx, &new).await.unwrap());
        tx.commit().await.unwrap();
        new.id
    }

    pub(crate) fn new_job(&self, kind: &str, payload: &str, run_at: Timestamp) -> NewJob {
        let id = self.ids.next();
        NewJob {
            authority: croydon(),
            id,
            kind: kind.to_owned(),
            payload: payload.to_owned(),
            dedupe: id.to_string(),
            run_at,
            now: self.now(),
        }
    }

    /// Queues a job for another authority, due now.
    pub(crate) async fn enqueue_for(&self, authority: &str, kind: &str, payload: &str) {
        let mut tx = self.store.begin().await.unwrap();
        let new = NewJob { authority: authority.parse().unwrap(), ..self.new_job(kind, payload, self.now()) };
        assert!(job::enqueue(&mut tx, &new).await.unwrap());
        tx.commit().await.unwrap();
    }

    pub(crate) async fn jobs(&self) -> Vec<Job> {
        job::list(&mut self.store.read().await.unwrap(), None, 10_000).await.unwrap()
    }

    /// The job as the queue has it.
    pub(crate) async fn job(&self, id: Uuid) -> Job {
        self.jobs().await.into_iter().find(|job| job.id == id).unwrap()
    }

    pub(crate) fn now(&self) -> Timestamp {
        use hub_domain::Clock as _;
        self.clock.now()
    }
}

pub(crate) fn croydon() -> AuthorityCode {
    "E09000008".parse().unwrap()
}

/// Runs the runner in a task; the token stops it.
pub(crate) fn start(runner: Runner) -> (CancellationToken, JoinHandle<Stopped>) {
    let stop = CancellationToken::new();
    let told = stop.clone();
    (stop, tokio::spawn(async move { runner.run(told).await }))
}
