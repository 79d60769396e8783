//! Queueing work.

use std::fmt;

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use crate::db::{args, statements};
use crate::{StoreError, Tx};

statements! {
    ENQUEUE = "job.enqueue",
        "INSERT INTO job (authority, id, kind, payload, dedupe, state, run_at, attempt, created_at) \
         VALUES ($1, $2, $3, $4, $5, 'ready', $6, 0, $7) \
         ON CONFLICT (authority, kind, dedupe) WHERE state IN ('ready', 'running') DO NOTHING";
}

/// Work to queue.
#[derive(Clone, PartialEq, Eq)]
pub struct NewJob {
    /// Whose work; the code of no authority for what concerns all of them.
    pub authority: AuthorityCode,
    /// Unique everywhere.
    pub id: Uuid,
    /// Which use case runs it.
    pub kind: String,
    /// What it is told, JSON.
    pub payload: String,
    /// Among jobs of one authority and kind, at most one with the same word waits or runs.
    pub dedupe: String,
    /// When it is due.
    pub run_at: Timestamp,
    /// The present instant.
    pub now: Timestamp,
}

impl fmt::Debug for NewJob {
    /// Without the payload: it is not for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewJob")
            .field("authority", &self.authority)
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("run_at", &self.run_at)
            .finish_non_exhaustive()
    }
}

/// Queues work. `false` when the same authority, kind and dedupe word already waits or runs: nothing is added.
pub async fn enqueue(tx: &mut Tx, job: &NewJob) -> Result<bool, StoreError> {
    let added = tx
        .run(
            &ENQUEUE,
            args![
                job.authority.as_str(),
                &job.id.to_string(),
                &job.kind,
                &job.payload,
                &job.dedupe,
                job.run_at.as_microsecond(),
                job.now.as_microsecond(),
            ],
        )
        .await?;
    Ok(added == 1)
}
