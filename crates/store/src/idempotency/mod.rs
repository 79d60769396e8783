//! One answer per client and `Idempotency-Key`, kept in the transaction that it answers for.

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use crate::db::{args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    FIND = "idempotency.find",
        "SELECT request, submission FROM idempotency \
         WHERE authority = $1 AND client = $2 AND key = $3 AND expires_at > $4";
    FORGET = "idempotency.forget",
        "DELETE FROM idempotency WHERE authority = $1 AND client = $2 AND key = $3 AND expires_at <= $4";
    REMEMBER = "idempotency.remember",
        "INSERT INTO idempotency (authority, client, key, request, submission, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    SWEEP = "idempotency.sweep",
        "DELETE FROM idempotency WHERE expires_at <= $1";
    SWEEP_OWN = "idempotency.sweep_own",
        "DELETE FROM idempotency WHERE authority = $1 AND expires_at <= $2";
}

/// What a key was used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// Fingerprint of the request that used it: another one under the same key is refused.
    pub request: String,
    /// The submission that answers it.
    pub submission: Uuid,
}

/// A key put to use.
#[derive(Debug, Clone, Copy)]
pub struct Memory<'a> {
    /// Whose records.
    pub authority: AuthorityCode,
    /// Keys are each client's own.
    pub client: &'a str,
    /// The `Idempotency-Key`.
    pub key: &'a str,
    /// Fingerprint of the request.
    pub request: &'a str,
    /// What answers it.
    pub submission: Uuid,
    /// Present instant: a use that has run out by now makes room.
    pub now: Timestamp,
    /// Until when the answer stays.
    pub expires_at: Timestamp,
}

/// What the client used the key for, unless that has run out by `now`.
pub async fn find(
    link: &mut Link,
    authority: AuthorityCode,
    client: &str,
    key: &str,
    now: Timestamp,
) -> Result<Option<Remembered>, StoreError> {
    let row = link.maybe(&FIND, args![authority.as_str(), client, key, now.as_microsecond()]).await?;
    row.map(|row| Ok(Remembered { request: row.text(0)?, submission: row.parsed(1, "an id")? })).transpose()
}

/// Remembers a use of a key. When the key is in use, also by a transaction that was quicker: [`StoreError::Unique`], and
/// the transaction must be dropped.
pub async fn remember(tx: &mut Tx, memory: &Memory<'_>) -> Result<(), StoreError> {
    let authority = memory.authority.as_str();
    tx.run(&FORGET, args![authority, memory.client, memory.key, memory.now.as_microsecond()]).await?;
    let submission = memory.submission.to_string();
    let expires_at = memory.expires_at.as_microsecond();
    tx.run(&REMEMBER, args![authority, memory.client, memory.key, memory.request, &submission, expires_at]).await?;
    Ok(())
}

/// Forgets what has run out by `now`, of one authority or of all; how many.
pub async fn sweep(tx: &mut Tx, authority: Option<AuthorityCode>, now: Timestamp) -> Result<u64, StoreError> {
    match authority {
        Some(own) => tx.run(&SWEEP_OWN, args![own.as_str(), now.as_microsecond()]).await,
        None => tx.run(&SWEEP, args![now.as_microsecond()]).await,
    }
}
