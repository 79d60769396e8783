//! Leasing jobs from the queue and running their handlers.
//!
//! A lease of a minute is renewed every third of it while the handler works; a process that dies lets it
//! run out, and another takes the job with the next attempt number. That number is the fencing token:
//! whoever holds an older one can no longer finish, fail or (through [`JobContext::fence`]) write.
//!
//! Authorities take turns: of those with work waiting, the one with least running goes first, so that a flood of one
//! authority's work holds another's up by one job, not by all of them.
//!
//! A failing job waits ever longer and is dead after a set number of attempts: it stays in the queue's
//! table to be seen, and holds up nobody.

mod backoff;
mod claim;
mod context;
mod work;

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hub_domain::{AuthorityCode, Clock};
use hub_store::{Store, StoreError, job::Job};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use backoff::wait_before;
use claim::Order;
pub use context::{JobContext, JobError};

/// How the runner works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// This process, as written beside its leases: host name and process number, say.
    pub worker: String,
    /// How many jobs run at once.
    pub concurrency: usize,
    /// How long a lease lasts; it is renewed every third of it.
    pub lease: Duration,
    /// How often the queue is looked at when nobody wakes the runner.
    pub poll: Duration,
    /// After how many attempts a job is dead.
    pub attempts: i64,
    /// How long running jobs are waited for when the process is told to stop.
    pub patience: Duration,
}

impl Default for Settings {
    /// Four at once, a lease of 60 s, a look each second, 12 attempts (a little over a day), 25 s of patience.
    fn default() -> Self {
        Self {
            worker: "hub".to_owned(),
            concurrency: 4,
            lease: Duration::from_mins(1),
            poll: Duration::from_secs(1),
            attempts: 12,
            patience: Duration::from_secs(25),
        }
    }
}

/// Tells the runner that a job was committed, so that it starts at once. Cheap to clone; a call made
/// while nobody waits is remembered.
#[derive(Debug, Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Wakes the runner. Call it after the commit.
    pub fn up(&self) {
        self.0.notify_one();
    }
}

type Running = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>>;
type Handler = Arc<dyn Fn(JobContext) -> Running + Send + Sync>;

/// Runs the jobs of one process.
#[derive(Clone)]
pub struct Runner(Arc<Shared>);

struct Shared {
    store: Store,
    clock: Arc<dyn Clock>,
    wake: Wake,
    settings: Settings,
    handlers: BTreeMap<&'static str, Handler>,
    /// What this process is running: a lease that ran out while a long transaction kept the database's
    /// one writer must not make the process take its own job twice.
    running: Mutex<BTreeMap<Uuid, AuthorityCode>>,
    /// Whose work was begun when, counted: whoever has waited longest goes first.
    served: Mutex<BTreeMap<AuthorityCode, u64>>,
}

/// How a runner came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped {
    /// Jobs that were still running when patience ended; their leases run out and others take them.
    pub unfinished: usize,
}

/// What one drain of the queue did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Jobs that ended well.
    pub finished: usize,
    /// Attempts that failed, whether to be tried again or dead.
    pub failed: usize,
}

impl Runner {
    /// A runner with no handlers yet.
    pub fn new(store: Store, clock: Arc<dyn Clock>, wake: Wake, settings: Settings) -> Self {
        let handlers = BTreeMap::new();
        let (running, served) = (Mutex::default(), Mutex::default());
        Self(Arc::new(Shared { store, clock, wake, settings, handlers, running, served }))
    }

    /// The runner, with `handler` for jobs of `kind`. To be called before the runner is cloned or run;
    /// on a clone it changes nothing.
    #[must_use]
    pub fn on<H, F>(mut self, kind: &'static str, handler: H) -> Self
    where
        H: Fn(JobContext) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        debug_assert!(Arc::strong_count(&self.0) == 1, "register handlers before the runner is shared");
        if let Some(shared) = Arc::get_mut(&mut self.0) {
            shared.handlers.insert(kind, Arc::new(move |context| Box::pin(handler(context))));
        }
        self
    }

    /// Runs jobs until `stop`; then takes no more and waits for those that run.
    pub async fn run(&self, stop: CancellationToken) -> Stopped {
        let shared = &self.0;
        let mut tasks = JoinSet::new();
        while !stop.is_cancelled() {
            let (now, free) = (shared.clock.now(), shared.settings.concurrency.saturating_sub(tasks.len()));
            let taken = shared.claim(now, free, Order::Fair).await.unwrap_or_else(|error| {
                tracing::warn!(error = &error as &dyn std::error::Error, "the job queue could not be read");
                Vec::new()
            });
            for job in taken {
                tasks.spawn(Arc::clone(shared).work(job, now));
            }
            shared.rest(&mut tasks, &stop).await;
        }
        let waited =
            tokio::time::timeout(shared.settings.patience, async { while tasks.join_next().await.is_some() {} });
        let _ = waited.await;
        Stopped { unfinished: tasks.len() }
    }

    /// Runs everything that is due at `now`, and what that causes, one after another, oldest first, and
    /// comes back when nothing is due. For tests and for the demonstration; it never sleeps.
    pub async fn run_until_idle(&self, now: Timestamp) -> Result<Tally, StoreError> {
        let mut tally = Tally::default();
        while let Some(job) = self.0.claim(now, 1, Order::Oldest).await?.pop() {
            if Arc::clone(&self.0).work(job, now).await {
                tally.finished += 1;
            } else {
                tally.failed += 1;
            }
        }
        Ok(tally)
    }
}

impl Shared {
    /// Waits until there may be something to do.
    async fn rest(&self, tasks: &mut JoinSet<bool>, stop: &CancellationToken) {
        let full = tasks.len() >= self.settings.concurrency;
        tokio::select! {
            () = stop.cancelled() => {}
            Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
            () = self.wake.0.notified(), if !full => {}
            () = tokio::time::sleep(self.settings.poll), if !full => {}
        }
    }

    fn lease_until(&self, now: Timestamp) -> Timestamp {
        let lease = SignedDuration::try_from(self.settings.lease).unwrap_or(SignedDuration::from_mins(1));
        now.saturating_add(lease).unwrap_or(Timestamp::MAX)
    }

    fn running(&self) -> std::sync::MutexGuard<'_, BTreeMap<Uuid, AuthorityCode>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn handler(&self, job: &Job) -> Option<(&'static str, Handler)> {
        self.handlers.get_key_value(job.kind.as_str()).map(|(kind, handler)| (*kind, Arc::clone(handler)))
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds: Vec<_> = self.0.handlers.keys().collect();
        f.debug_struct("Runner").field("settings", &self.0.settings).field("kinds", &kinds).finish_non_exhaustive()
    }
}
