//! Changing endpoints. Each function answers `false` when the authority has no endpoint that this can be done to.

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use super::Endpoint;
use crate::db::{args, statements};
use crate::{StoreError, Tx};

statements! {
    INSERT = "endpoint.insert",
        "INSERT INTO endpoint (authority, id, url, scheme, secret, state, created_at, description, events, challenge, \
         verified_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    DESCRIBE = "endpoint.describe",
        "UPDATE endpoint SET description = $3, events = $4 WHERE authority = $1 AND id = $2 AND state <> 'removed'";
    CHALLENGE = "endpoint.challenge",
        "UPDATE endpoint SET state = 'unverified', challenge = $3, open_until = NULL, failing_since = NULL \
         WHERE authority = $1 AND id = $2 AND state IN ('unverified', 'disabled')";
    VERIFY = "endpoint.verify",
        "UPDATE endpoint SET state = 'active', challenge = NULL, verified_at = $4, failures = 0, failing_since = NULL, \
         open_until = NULL WHERE authority = $1 AND id = $2 AND challenge = $3 AND state = 'unverified'";
    PAUSE = "endpoint.pause",
        "UPDATE endpoint SET state = 'paused' WHERE authority = $1 AND id = $2 AND state = 'active'";
    RESUME = "endpoint.resume",
        "UPDATE endpoint SET state = 'active', open_until = NULL WHERE authority = $1 AND id = $2 \
         AND state IN ('active', 'paused')";
    NUDGE = "endpoint.nudge",
        "UPDATE endpoint SET open_until = NULL WHERE authority = $1 AND id = $2 \
         AND state IN ('unverified', 'active', 'paused')";
    ROTATE = "endpoint.rotate",
        "UPDATE endpoint SET old_secret = secret, old_until = $4, secret = $3 WHERE authority = $1 AND id = $2 \
         AND scheme = 'v1' AND state <> 'removed'";
    SEAL = "endpoint.seal",
        "UPDATE endpoint SET secret = $4 WHERE authority = $1 AND id = $2 AND secret = $3";
    SEAL_OLD = "endpoint.seal_old",
        "UPDATE endpoint SET old_secret = $4 WHERE authority = $1 AND id = $2 AND old_secret = $3";
    DISABLE = "endpoint.disable",
        "UPDATE endpoint SET state = 'disabled' WHERE authority = $1 AND id = $2 AND state IN ('active', 'paused')";
    REMOVE = "endpoint.remove",
        "UPDATE endpoint SET state = 'removed', secret = NULL, old_secret = NULL, old_until = NULL, challenge = NULL \
         WHERE authority = $1 AND id = $2 AND state <> 'removed'";
    TELL_LATE = "endpoint.tell_late",
        "UPDATE endpoint SET late_since = $3 WHERE authority = $1 AND id = $2";
    GIVE_UP = "endpoint.give_up",
        "UPDATE delivery SET state = 'dead', error = 'endpoint-removed', finished_at = $3 \
         WHERE authority = $1 AND endpoint = $2 AND state IN ('ready', 'sending')";
}

/// What an endpoint's owner says of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// What it is for.
    pub description: String,
    /// The event types that it asks for; all of them when none is named.
    pub events: Vec<String>,
}

/// A new secret, and until when the one before it signs too.
#[derive(Clone, Copy)]
pub struct Rotation<'a> {
    /// The new secret.
    pub secret: &'a [u8],
    /// When the old one stops signing.
    pub old_until: Timestamp,
}

impl std::fmt::Debug for Rotation<'_> {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rotation").field("old_until", &self.old_until).finish_non_exhaustive()
    }
}

/// Registers an endpoint.
pub async fn insert(tx: &mut Tx, endpoint: &Endpoint) -> Result<(), StoreError> {
    let Endpoint { authority, id, url, scheme, secret, state, created_at, description, .. } = endpoint;
    let (id, events) = (id.to_string(), endpoint.events.join(" "));
    let at = created_at.as_microsecond();
    let verified_at = endpoint.verified_at.map(Timestamp::as_microsecond);
    let challenge = endpoint.challenge.as_deref();
    let (scheme, state, secret) = (scheme.as_str(), state.as_str(), secret.as_deref());
    let values =
        args![authority.as_str(), &id, url, scheme, secret, state, at, description, &events, challenge, verified_at];
    tx.run(&INSERT, values).await?;
    Ok(())
}

/// Says what an endpoint is for and what it asks for. What is queued for it stays queued.
pub async fn describe(tx: &mut Tx, authority: AuthorityCode, id: Uuid, said: &Details) -> Result<bool, StoreError> {
    let (id, events) = (id.to_string(), said.events.join(" "));
    Ok(tx.run(&DESCRIBE, args![authority.as_str(), &id, &said.description, &events]).await? == 1)
}

/// Asks an endpoint that is not verified, or was disabled, to prove itself with this token.
pub async fn challenge(tx: &mut Tx, authority: AuthorityCode, id: Uuid, token: &str) -> Result<bool, StoreError> {
    Ok(tx.run(&CHALLENGE, args![authority.as_str(), &id.to_string(), token]).await? == 1)
}

/// Takes the token for proof: from now on the endpoint is sent to.
pub async fn verify(
    tx: &mut Tx,
    authority: AuthorityCode,
    id: Uuid,
    token: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(&VERIFY, args![authority.as_str(), &id.to_string(), token, now.as_microsecond()]).await? == 1)
}

/// Stops sending to an active endpoint for a while. What is queued for it waits.
pub async fn pause(tx: &mut Tx, authority: AuthorityCode, id: Uuid) -> Result<bool, StoreError> {
    Ok(tx.run(&PAUSE, args![authority.as_str(), &id.to_string()]).await? == 1)
}

/// Sends again to an endpoint that was paused, or is being left alone: the next attempt is at once.
pub async fn resume(tx: &mut Tx, authority: AuthorityCode, id: Uuid) -> Result<bool, StoreError> {
    Ok(tx.run(&RESUME, args![authority.as_str(), &id.to_string()]).await? == 1)
}

/// Tries an endpoint that is being left alone at once.
pub async fn nudge(tx: &mut Tx, authority: AuthorityCode, id: Uuid) -> Result<bool, StoreError> {
    Ok(tx.run(&NUDGE, args![authority.as_str(), &id.to_string()]).await? == 1)
}

/// Gives an endpoint that shares a secret a new one.
pub async fn rotate(
    tx: &mut Tx,
    authority: AuthorityCode,
    id: Uuid,
    rotation: Rotation<'_>,
) -> Result<bool, StoreError> {
    let until = rotation.old_until.as_microsecond();
    Ok(tx.run(&ROTATE, args![authority.as_str(), &id.to_string(), rotation.secret, until]).await? == 1)
}

/// Keeps an endpoint's secret otherwise sealed, if it is still the one that was read.
pub async fn seal(
    tx: &mut Tx,
    (authority, id): (AuthorityCode, Uuid),
    before: &[u8],
    after: &[u8],
) -> Result<bool, StoreError> {
    Ok(tx.run(&SEAL, args![authority.as_str(), &id.to_string(), before, after]).await? == 1)
}

/// The same of the secret before it, which signs too during a rotation.
pub async fn seal_old(
    tx: &mut Tx,
    (authority, id): (AuthorityCode, Uuid),
    before: &[u8],
    after: &[u8],
) -> Result<bool, StoreError> {
    Ok(tx.run(&SEAL_OLD, args![authority.as_str(), &id.to_string(), before, after]).await? == 1)
}

/// Stops queueing for an endpoint until it has been proved again. What waits for it is to be given up: see
/// [`crate::delivery::hopeless`].
pub async fn disable(tx: &mut Tx, authority: AuthorityCode, id: Uuid) -> Result<bool, StoreError> {
    Ok(tx.run(&DISABLE, args![authority.as_str(), &id.to_string()]).await? == 1)
}

/// Remembers that the operator has been told that the endpoint is late, or with `None` that it no longer is.
pub async fn tell_late(
    tx: &mut Tx,
    authority: AuthorityCode,
    id: Uuid,
    since: Option<Timestamp>,
) -> Result<(), StoreError> {
    let since = since.map(Timestamp::as_microsecond);
    tx.run(&TELL_LATE, args![authority.as_str(), &id.to_string(), since]).await?;
    Ok(())
}

/// Stops sending to an endpoint, forgets its secrets, and gives up what waits for it, for everybody to see.
pub async fn remove(tx: &mut Tx, authority: AuthorityCode, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
    let id = id.to_string();
    if tx.run(&REMOVE, args![authority.as_str(), &id]).await? == 0 {
        return Ok(false);
    }
    tx.run(&GIVE_UP, args![authority.as_str(), &id, now.as_microsecond()]).await?;
    Ok(true)
}
