//! A source as it is kept.

use std::fmt;

use hub_domain::{AuthorityCode, Dataset, Timestamp, words};
use uuid::Uuid;

use crate::StoreError;
use crate::db::Row;

words! {
    /// Whether a source is collected from.
    State("source state") {
        /// It is.
        Active = "active", "Active";
        /// Its owner has stopped it for a while.
        Paused = "paused", "Paused";
        /// No longer; kept for the history of what was.
        Removed = "removed", "Removed";
    }
}

/// A place that the hub collects one of an authority's feeds from.
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    /// Whose.
    pub authority: AuthorityCode,
    /// Unique everywhere.
    pub id: Uuid,
    /// Which feed.
    pub dataset: Dataset,
    /// Where the file lies; a date may stand in it as `{date}`.
    pub url: String,
    /// When it is collected: a cron pattern, London's time.
    pub pattern: String,
    /// What was agreed of it, JSON: whoever collects reads it.
    pub terms: String,
    /// Token, password or key: as it is, or sealed by whoever uses it.
    pub secret: Option<Vec<u8>>,
    /// Whether it is collected from.
    pub state: State,
    /// When it was registered.
    pub created_at: Timestamp,
    /// The client that registered it.
    pub created_by: String,
    /// The last slot that was queued; before any was, the instant from which slots count.
    pub last_slot: Timestamp,
    /// SHA-256 of what was last taken.
    pub digest: Option<String>,
    /// The first of the failures that have not ended.
    pub failing_since: Option<Timestamp>,
}

impl fmt::Debug for Source {
    /// Without the secret, nor the URL: its path and query may hold one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("authority", &self.authority)
            .field("id", &self.id)
            .field("dataset", &self.dataset)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// The columns that [`read`] reads, in its order.
macro_rules! columns {
    () => {
        "authority, id, dataset, url, pattern, terms, secret, state, created_at, created_by, last_slot, digest, failing_since"
    };
}
pub(super) use columns;

pub(super) fn read(row: &Row) -> Result<Source, StoreError> {
    Ok(Source {
        authority: row.parsed(0, "an authority code")?,
        id: row.parsed(1, "an id")?,
        dataset: row.parsed(2, "a dataset")?,
        url: row.text(3)?,
        pattern: row.text(4)?,
        terms: row.text(5)?,
        secret: row.maybe_bytes(6)?,
        state: row.parsed(7, "a source's state")?,
        created_at: row.time(8)?,
        created_by: row.text(9)?,
        last_slot: row.time(10)?,
        digest: row.maybe_text(11)?,
        failing_since: row.maybe_time(12)?,
    })
}
