use std::sync::Arc;

use futures_util::future::BoxFuture;
use hub_pipeline::{Fault, Hub};
use tokio::sync::oneshot;
use tokio_util::task::TaskTracker;

use crate::refused::Refused;
use crate::sign_in::Provider;

/// What every page has at hand. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Web(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    hub: Arc<Hub>,
    provider: Option<Provider>,
    writes: TaskTracker,
}

impl Web {
    /// The pages of a running hub. People sign in with `provider`; without one nobody can, and the front page says so. What
    /// is written on their behalf is counted in `writes`, which whoever stops the process waits for.
    pub fn new(hub: Arc<Hub>, provider: Option<Provider>, writes: TaskTracker) -> Self {
        Self(Arc::new(Parts { hub, provider, writes }))
    }

    pub(crate) fn hub(&self) -> &Arc<Hub> {
        &self.0.hub
    }

    /// Where people sign in.
    pub(crate) fn provider(&self) -> Option<&Provider> {
        self.0.provider.as_ref()
    }

    /// The hub's own address, without a slash at its end.
    pub(crate) fn base(&self) -> &str {
        &self.0.hub.settings.base_url
    }

    /// Whether browsers reach the hub over TLS: cookies are then bound to it.
    pub(crate) fn is_secure(&self) -> bool {
        self.base().starts_with("https://")
    }

    /// Writes something that no answer waits for. It is finished before the process ends; a failure is logged and no more.
    pub(crate) fn aside(&self, work: impl Future<Output = Result<(), Fault>> + Send + 'static) {
        let task: BoxFuture<'static, ()> = Box::pin(async move {
            if let Err(error) = work.await {
                tracing::warn!(error = &error as &dyn std::error::Error, "something beside a page was not written");
            }
        });
        self.0.writes.spawn(task);
    }

    /// Runs work that writes in a task of its own, so that a person who closes the page cancels only its answer: a dropped
    /// transaction can leave its connection inside it (promise D10).
    pub(crate) async fn write<T, E>(
        &self,
        work: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Result<T, Refused>
    where
        T: Send + 'static,
        E: Into<Refused> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        // One kind of task for all of them: what surrounds a task is compiled anew for each kind.
        let task: BoxFuture<'static, ()> = Box::pin(async move { drop(tell.send(work.await)) });
        let ended = self.0.writes.spawn(task).await;
        match (told.await, ended) {
            (Ok(done), _) => done.map_err(Into::into),
            (Err(_), Err(lost)) => Err(Refused::fault(lost)),
            (Err(lost), Ok(())) => Err(Refused::fault(lost)),
        }
    }
}
