use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use hub_domain::AuthorityCode;
use hub_pipeline::Hub;
use hub_pipeline::identity::{Guard, Issuer};
use hub_pipeline::readings::{self, Reader, Thing};
use hub_store::{Read, StoreError};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::limit::Limiter;
use crate::problem::{INTERNAL, Problem, RETRY_AFTER, UNAVAILABLE};

/// Once the process is told to stop, what a caller is still sending is waited for so long (promise D11: 30 s for all).
const LAST_CALL: Duration = Duration::from_secs(10);

/// Renders the Prometheus text for `/metrics`.
pub type RenderMetrics = Arc<dyn Fn() -> String + Send + Sync>;

/// What every handler has at hand. Cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Parts>);

struct Parts {
    hub: Arc<Hub>,
    issuer: Arc<Issuer>,
    guard: Guard,
    limiter: Limiter,
    metrics: RenderMetrics,
    writes: TaskTracker,
    draining: CancellationToken,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").field("hub", &self.0.hub).finish_non_exhaustive()
    }
}

impl Api {
    /// The API of a running hub.
    pub fn new(hub: Arc<Hub>, issuer: Arc<Issuer>, guard: Guard, metrics: RenderMetrics) -> Self {
        let limiter = Limiter::new(&hub.settings);
        Self(Arc::new(Parts {
            hub,
            issuer,
            guard,
            limiter,
            metrics,
            writes: TaskTracker::new(),
            draining: CancellationToken::new(),
        }))
    }

    pub(crate) fn hub(&self) -> &Arc<Hub> {
        &self.0.hub
    }

    pub(crate) fn issuer(&self) -> &Arc<Issuer> {
        &self.0.issuer
    }

    pub(crate) fn guard(&self) -> &Guard {
        &self.0.guard
    }

    pub(crate) fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }

    pub(crate) fn metrics(&self) -> String {
        (self.0.metrics)()
    }

    /// Write work under way; [`crate::serve()`] waits for it before the process ends.
    pub fn writes(&self) -> &TaskTracker {
        &self.0.writes
    }

    /// Runs work that writes in a task of its own, so that a caller who hangs up cancels only its answer: a dropped
    /// transaction can leave its connection inside it (promise D10).
    pub(crate) async fn write<T, E>(
        &self,
        work: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        // One kind of task for all of them: what surrounds a task is compiled anew for each kind.
        let task: BoxFuture<'static, ()> = Box::pin(async move { drop(tell.send(work.await)) });
        let ended = self.0.writes.spawn(task).await;
        match (told.await, ended) {
            (Ok(done), _) => done.map_err(Into::into),
            (Err(_), Err(lost)) => Err(Problem::new(INTERNAL).cause(lost)),
            (Err(lost), Ok(())) => Err(Problem::new(INTERNAL).cause(lost)),
        }
    }

    /// Writes something that no answer waits for. It is finished before the process ends; a failure is logged and no more.
    pub(crate) fn aside(&self, work: impl Future<Output = Result<(), StoreError>> + Send + 'static) {
        self.0.writes.spawn(async move {
            if let Err(error) = work.await {
                tracing::warn!(error = &error as &dyn std::error::Error, "something beside an answer was not written");
            }
        });
    }

    /// Notes that things of authorities were looked at: whose, and which (blank for a list). No answer waits for it.
    pub(crate) fn note(&self, reader: Reader, thing: Thing, seen: BTreeSet<(AuthorityCode, String)>) {
        let hub = Arc::clone(self.hub());
        let task: BoxFuture<'static, ()> = Box::pin(async move {
            if let Err(fault) = readings::note(&hub, &reader, thing, seen).await {
                tracing::warn!(error = &fault as &dyn std::error::Error, "a reading was not noted");
            }
        });
        self.0.writes.spawn(task);
    }

    /// A connection to read from on behalf of one authority, as nobody but it (promise S2); on behalf of all of them for
    /// an operator, who is `None`.
    pub(crate) async fn read_for(&self, scope: Option<AuthorityCode>) -> Result<Read, StoreError> {
        match scope {
            Some(authority) => self.hub().store.read_as(authority).await,
            None => self.hub().store.read().await,
        }
    }

    /// Waits for what a caller is sending. Once the process is told to stop, that is refused if it has not come to its end
    /// within ten seconds: the caller is told to send it again, and nothing of it is kept.
    pub(crate) async fn before_stopping<T>(
        &self,
        work: impl Future<Output = Result<T, Problem>>,
    ) -> Result<T, Problem> {
        let last_call = async {
            self.stopping().await;
            tokio::time::sleep(LAST_CALL).await;
        };
        tokio::select! {
            done = work => done,
            () = last_call => {
                let told = "The process is stopping. Send the same request again.";
                Err(Problem::new(UNAVAILABLE).detail(told).retry_after(RETRY_AFTER))
            }
        }
    }

    /// From now on `/health/ready` says no, so that nothing new is sent here; and nobody is kept waiting.
    pub fn drain(&self) {
        self.0.draining.cancel();
    }

    /// Comes back once the process is told to stop.
    pub(crate) async fn stopping(&self) {
        self.0.draining.cancelled().await;
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.0.draining.is_cancelled()
    }
}
