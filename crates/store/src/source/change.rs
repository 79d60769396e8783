//! Changing sources. Each function answers `false` when the authority has no source that this can be done to.

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use super::Source;
use crate::db::{args, statements};
use crate::{StoreError, Tx};

statements! {
    INSERT = "source.insert",
        "INSERT INTO source (authority, id, dataset, url, pattern, terms, secret, state, created_at, created_by, last_slot) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    QUEUE = "source.queue",
        "UPDATE source SET last_slot = $3 WHERE authority = $1 AND id = $2 AND state = 'active' AND last_slot < $3";
    PAUSE = "source.pause",
        "UPDATE source SET state = 'paused' WHERE authority = $1 AND id = $2 AND state = 'active'";
    RESUME = "source.resume",
        "UPDATE source SET state = 'active', last_slot = $3 WHERE authority = $1 AND id = $2 AND state = 'paused'";
    REMOVE = "source.remove",
        "UPDATE source SET state = 'removed', secret = NULL WHERE authority = $1 AND id = $2 AND state <> 'removed'";
    SEAL = "source.seal",
        "UPDATE source SET secret = $4 WHERE authority = $1 AND id = $2 AND secret = $3";
    TAKEN = "source.taken",
        "UPDATE source SET digest = $3, failing_since = NULL WHERE authority = $1 AND id = $2";
    UNCHANGED = "source.unchanged",
        "UPDATE source SET failing_since = NULL WHERE authority = $1 AND id = $2";
    FAILED = "source.failed",
        "UPDATE source SET failing_since = COALESCE(failing_since, $3) WHERE authority = $1 AND id = $2";
}

/// What a source is after it was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled<'a> {
    /// This content was taken.
    Taken(&'a str),
    /// What lies there had been taken before.
    Unchanged,
    /// It could not be collected.
    Failed(Timestamp),
}

/// Registers a source.
pub async fn insert(tx: &mut Tx, source: &Source) -> Result<(), StoreError> {
    let Source {
        authority, id, dataset, url, pattern, terms, secret, state, created_at, created_by, last_slot, ..
    } = source;
    let (id, at, slot) = (id.to_string(), created_at.as_microsecond(), last_slot.as_microsecond());
    let (dataset, state, secret) = (dataset.as_str(), state.as_str(), secret.as_deref());
    let values = args![authority.as_str(), &id, dataset, url, pattern, terms, secret, state, at, created_by, slot];
    tx.run(&INSERT, values).await?;
    Ok(())
}

/// Marks slots up to this one as queued. `false` too when they were.
pub async fn queue(tx: &mut Tx, authority: AuthorityCode, id: Uuid, slot: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.run(&QUEUE, args![authority.as_str(), &id.to_string(), slot.as_microsecond()]).await? == 1)
}

/// Stops collecting for a while (`None`), or collects again what comes after an instant.
pub async fn set_paused(
    tx: &mut Tx,
    authority: AuthorityCode,
    id: Uuid,
    from: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let id = id.to_string();
    let changed = match from {
        None => tx.run(&PAUSE, args![authority.as_str(), &id]).await?,
        Some(from) => tx.run(&RESUME, args![authority.as_str(), &id, from.as_microsecond()]).await?,
    };
    Ok(changed == 1)
}

/// Stops collecting for good, and forgets the secret.
pub async fn remove(tx: &mut Tx, authority: AuthorityCode, id: Uuid) -> Result<bool, StoreError> {
    Ok(tx.run(&REMOVE, args![authority.as_str(), &id.to_string()]).await? == 1)
}

/// Keeps a source's secret otherwise sealed, if it is still the one that was read.
pub async fn seal(
    tx: &mut Tx,
    (authority, id): (AuthorityCode, Uuid),
    before: &[u8],
    after: &[u8],
) -> Result<bool, StoreError> {
    Ok(tx.run(&SEAL, args![authority.as_str(), &id.to_string(), before, after]).await? == 1)
}

/// Remembers what came of looking at a source.
pub async fn settle(tx: &mut Tx, authority: AuthorityCode, id: Uuid, settled: Settled<'_>) -> Result<bool, StoreError> {
    let id = id.to_string();
    let changed = match settled {
        Settled::Taken(digest) => tx.run(&TAKEN, args![authority.as_str(), &id, digest]).await?,
        Settled::Unchanged => tx.run(&UNCHANGED, args![authority.as_str(), &id]).await?,
        Settled::Failed(at) => tx.run(&FAILED, args![authority.as_str(), &id, at.as_microsecond()]).await?,
    };
    Ok(changed == 1)
}
