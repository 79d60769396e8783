use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt as _;
use hub_store::{
    StoreError,
    job::{self, Job},
};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::{Handler, JobContext, JobError, Shared, backoff};

/// The longest message kept of a failure, in characters.
const LONGEST_MESSAGE: usize = 500;

impl Shared {
    /// Runs one job that was leased at `taken` and records how it went; whether it ended well.
    ///
    /// It is never dropped half-way while the process lives: a dropped future could leave the database
    /// inside its transaction.
    pub(super) async fn work(self: Arc<Self>, job: Job, taken: Timestamp) -> bool {
        let started = Instant::now();
        let (kind, handler) = self.handler(&job).unwrap_or_else(|| ("unknown", no_handler()));
        let result = if job.attempt > self.settings.attempts {
            // Only a worker that died without a word leaves a job here: it may be the job that kills.
            Err(JobError::fatal("every worker that tried the job died"))
        } else {
            self.run_renewing(&job, handler).await
        };
        let well = result.is_ok();
        metrics::counter!("hub_jobs_total", "kind" => kind, "result" => if well { "ok" } else { "failed" })
            .increment(1);
        metrics::histogram!("hub_job_seconds", "kind" => kind).record(started.elapsed().as_secs_f64());
        if let Err(error) = self.record(&job, result, taken).await {
            // The lease will run out and the job be run again.
            tracing::warn!(error = &error as &dyn std::error::Error, kind, id = %job.id, "a job's end was not recorded");
        }
        self.running().remove(&job.id);
        well
    }

    /// Runs the handler with its lease renewed beside it, in a task of its own: the handler may hold the
    /// database's one writer, for which a renewal has to wait.
    async fn run_renewing(self: &Arc<Self>, job: &Job, handler: Handler) -> Result<(), JobError> {
        let (done, lost) = (CancellationToken::new(), CancellationToken::new());
        let renewing = tokio::spawn(Arc::clone(self).renew(job.clone(), done.clone(), lost.clone()));
        let context = JobContext { job: job.clone(), shared: Arc::clone(self), lost };
        let result = AssertUnwindSafe(async { handler(context).await }).catch_unwind().await;
        done.cancel();
        // A renewal that has begun is let end, so that its transaction does.
        let _ = renewing.await;
        result.unwrap_or_else(|_| Err(JobError::retry("the job panicked")))
    }

    async fn renew(self: Arc<Self>, job: Job, done: CancellationToken, lost: CancellationToken) {
        let third = self.settings.lease / 3;
        while done.run_until_cancelled(tokio::time::sleep(third)).await.is_some() {
            match self.renew_once(&job).await {
                Ok(true) => {}
                Ok(false) => return lost.cancel(),
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, id = %job.id, "a lease was not renewed");
                }
            }
        }
    }

    async fn renew_once(&self, job: &Job) -> Result<bool, StoreError> {
        let mut tx = self.store.begin().await?;
        let held = job::renew(&mut tx, job, self.lease_until(self.clock.now())).await?;
        tx.commit().await?;
        Ok(held)
    }

    async fn record(&self, job: &Job, result: Result<(), JobError>, taken: Timestamp) -> Result<(), StoreError> {
        let now = self.clock.now().max(taken);
        let mut tx = self.store.begin().await?;
        let held = match result {
            Ok(()) => job::finish(&mut tx, job, now).await?,
            Err(JobError::Lost) => false,
            Err(error) => {
                let again = self.again(job, &error, now);
                report(job, &error, again);
                job::fail(&mut tx, job, &message(&error), again, now).await?
            }
        };
        tx.commit().await?;
        if !held {
            tracing::warn!(id = %job.id, attempt = job.attempt, "a job ended after its lease was lost");
        }
        Ok(())
    }

    /// When the job is tried again; `None` when it is dead.
    fn again(&self, job: &Job, error: &JobError, now: Timestamp) -> Option<Timestamp> {
        let over = matches!(error, JobError::Fatal(_)) || job.attempt >= self.settings.attempts;
        (!over).then(|| now.saturating_add(backoff::wait_before(job.id, job.attempt)).unwrap_or(Timestamp::MAX))
    }
}

fn report(job: &Job, error: &JobError, again: Option<Timestamp>) {
    let cause = error as &dyn std::error::Error;
    if let Some(at) = again {
        tracing::warn!(error = cause, kind = job.kind, id = %job.id, attempt = job.attempt, %at, "a job failed and waits");
    } else {
        tracing::error!(error = cause, kind = job.kind, id = %job.id, attempt = job.attempt, "a job is dead");
    }
}

fn message(error: &JobError) -> String {
    error.to_string().chars().take(LONGEST_MESSAGE).collect()
}

/// A kind that this process does not know may be known to a newer one: the job waits for it.
fn no_handler() -> Handler {
    Arc::new(|_| Box::pin(async { Err(JobError::retry("this process has no handler for the job's kind")) }))
}
