//! A job as it is kept.

use std::fmt;

use hub_domain::{AuthorityCode, Timestamp, words};
use uuid::Uuid;

use crate::StoreError;
use crate::db::Row;

words! {
    /// Where a job has got to.
    State("job state") {
        /// Waits for its time.
        Ready = "ready", "Waiting";
        /// Somebody holds it.
        Running = "running", "Running";
        /// Done.
        Done = "done", "Done";
        /// Given up.
        Failed = "failed", "Failed";
    }
}

/// A piece of work.
#[derive(Clone, PartialEq, Eq)]
pub struct Job {
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
    /// Where it has got to.
    pub state: State,
    /// When it is due; while it runs, when its lease ends.
    pub run_at: Timestamp,
    /// How often it has been begun.
    pub attempt: i64,
    /// Who holds it, or held it last.
    pub worker: Option<String>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it was done or given up.
    pub finished_at: Option<Timestamp>,
}

impl fmt::Debug for Job {
    /// Without the payload and the error: they are not for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("authority", &self.authority)
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("state", &self.state)
            .field("attempt", &self.attempt)
            .field("run_at", &self.run_at)
            .finish_non_exhaustive()
    }
}

/// The columns that [`read`] reads, in its order.
macro_rules! columns {
    () => {
        "authority, id, kind, payload, dedupe, state, run_at, attempt, worker, error, created_at, finished_at"
    };
}
pub(super) use columns;

pub(super) fn read(row: &Row) -> Result<Job, StoreError> {
    Ok(Job {
        authority: row.parsed(0, "an authority code")?,
        id: row.parsed(1, "an id")?,
        kind: row.text(2)?,
        payload: row.text(3)?,
        dedupe: row.text(4)?,
        state: row.parsed(5, "a job's state")?,
        run_at: row.time(6)?,
        attempt: row.int(7)?,
        worker: row.maybe_text(8)?,
        error: row.maybe_text(9)?,
        created_at: row.time(10)?,
        finished_at: row.maybe_time(11)?,
    })
}
