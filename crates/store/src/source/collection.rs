//! What came of each time that a source was looked at.

use hub_domain::{AuthorityCode, Timestamp, words};
use uuid::Uuid;

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    RECORD = "collection.record",
        "INSERT INTO collection (authority, source, at, slot, outcome, reason, bytes, digest, submission) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (authority, source, at) DO NOTHING";
    LATEST = "collection.latest",
        "SELECT authority, source, at, slot, outcome, reason, bytes, digest, submission FROM collection \
         WHERE authority = $1 AND source = $2 ORDER BY at DESC LIMIT $3";
}

words! {
    /// What came of looking at a source.
    Outcome("outcome of a collection") {
        /// What lay there was received as a submission.
        Taken = "taken", "Taken";
        /// What lay there had been taken before.
        Unchanged = "unchanged", "Unchanged";
        /// What lay there is not received: the reason is the receipt desk's.
        Refused = "refused", "Refused";
        /// Nothing could be collected.
        Failed = "failed", "Failed";
    }
}

/// One time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// Whose source.
    pub authority: AuthorityCode,
    /// Which.
    pub source: Uuid,
    /// When it was looked at.
    pub at: Timestamp,
    /// The slot of its pattern that this was for.
    pub slot: Timestamp,
    /// What came of it.
    pub outcome: Outcome,
    /// Why not, kebab-case; nothing of what lay there.
    pub reason: Option<String>,
    /// Bytes that were read.
    pub bytes: i64,
    /// Their SHA-256, where they were read to the end.
    pub digest: Option<String>,
    /// The submission that they are.
    pub submission: Option<Uuid>,
}

/// Keeps what came of one time.
pub async fn record(tx: &mut Tx, one: &Collection) -> Result<(), StoreError> {
    let Collection { authority, source, at, slot, outcome, reason, bytes, digest, submission } = one;
    let (source, submission) = (source.to_string(), submission.map(|id| id.to_string()));
    let values = args![
        authority.as_str(),
        &source,
        at.as_microsecond(),
        slot.as_microsecond(),
        outcome.as_str(),
        reason.as_deref(),
        *bytes,
        digest.as_deref(),
        submission.as_deref(),
    ];
    tx.run(&RECORD, values).await?;
    Ok(())
}

/// The last times that a source was looked at, latest first.
pub async fn collections(
    link: &mut Link,
    authority: AuthorityCode,
    source: Uuid,
    limit: i64,
) -> Result<Vec<Collection>, StoreError> {
    link.all(&LATEST, args![authority.as_str(), &source.to_string(), limit]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Collection, StoreError> {
    Ok(Collection {
        authority: row.parsed(0, "an authority code")?,
        source: row.parsed(1, "an id")?,
        at: row.time(2)?,
        slot: row.time(3)?,
        outcome: row.parsed(4, "the outcome of a collection")?,
        reason: row.maybe_text(5)?,
        bytes: row.int(6)?,
        digest: row.maybe_text(7)?,
        submission: row.maybe_parsed(8, "an id")?,
    })
}
