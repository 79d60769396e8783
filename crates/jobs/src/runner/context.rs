use std::error::Error;
use std::fmt;
use std::sync::Arc;

use hub_domain::AuthorityCode;
use hub_store::{
    StoreError, Tx,
    job::{self, Job},
};
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Shared;

/// What a handler is told about the job it runs. Its `Debug` does not show the payload.
#[derive(Clone)]
pub struct JobContext {
    pub(super) job: Job,
    pub(super) shared: Arc<Shared>,
    pub(super) lost: CancellationToken,
}

/// Why an attempt failed.
///
/// The message is kept in the queue and shown to operators: it must hold no value of a child's row.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// It may go better later: the job waits and is tried again.
    #[error("{0}")]
    Retry(#[source] Box<dyn Error + Send + Sync>),
    /// It will never go better: the job is dead at once.
    #[error("{0}")]
    Fatal(#[source] Box<dyn Error + Send + Sync>),
    /// Another worker has the job: nothing is recorded.
    #[error("the lease was lost")]
    Lost,
}

impl JobError {
    /// A failure that may pass.
    pub fn retry(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Retry(error.into())
    }

    /// A failure that will not pass.
    pub fn fatal(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Fatal(error.into())
    }
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        Self::retry(error)
    }
}

impl JobContext {
    /// The authority whose work it is.
    pub fn authority(&self) -> AuthorityCode {
        self.job.authority
    }

    /// The job's id, the same on every attempt.
    pub fn id(&self) -> Uuid {
        self.job.id
    }

    /// Which attempt this is, from 1: the fencing token.
    pub fn attempt(&self) -> i64 {
        self.job.attempt
    }

    /// What the job was given, read as `T`; a payload that cannot be read will never be.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T, JobError> {
        serde_json::from_str(&self.job.payload).map_err(|_| JobError::fatal("the job's payload cannot be read"))
    }

    /// Makes the handler's own transaction fail if another worker has taken the job meanwhile. To be called in the
    /// transaction that writes the job's effect: then an effect is written by the holder of the lease or not at all.
    pub async fn fence(&self, tx: &mut Tx) -> Result<(), JobError> {
        let until = self.shared.lease_until(self.shared.clock.now());
        if job::renew(tx, &self.job, until).await? { Ok(()) } else { Err(JobError::Lost) }
    }

    /// Done when the lease is lost: a long handler may stop there.
    pub async fn lost(&self) {
        self.lost.cancelled().await;
    }
}

impl fmt::Debug for JobContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Job { authority, id, kind, attempt, .. } = &self.job;
        let mut shown = f.debug_struct("JobContext");
        shown.field("authority", authority).field("id", id).field("kind", kind).field("attempt", attempt);
        shown.finish_non_exhaustive()
    }
}
