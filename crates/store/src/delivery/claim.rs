//! Taking deliveries to send them.

use std::collections::BTreeSet;

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use super::{Delivery, State};
use crate::batch::{ROWS, batch, by_authority, rows};
use crate::db::{args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    CLAIM = "delivery.claim_many",
        concat!("WITH seen AS MATERIALIZED (SELECT r.value ->> 0 AS id, CAST(r.value ->> 1 AS BIGINT) AS attempt, \
                 r.value ->> 2 AS state, CAST(r.value ->> 3 AS BIGINT) AS next_at FROM ", rows!(),
                ") UPDATE delivery SET state = 'sending', attempt = seen.attempt + 1, worker = $3, next_at = $4 FROM seen \
                 WHERE delivery.authority = $1 AND delivery.id = seen.id AND delivery.attempt = seen.attempt \
                 AND delivery.state = seen.state AND delivery.next_at = seen.next_at RETURNING delivery.id");
    HOLDERS = "delivery.holders",
        "SELECT DISTINCT worker FROM delivery WHERE state = 'sending' AND worker IS NOT NULL ORDER BY worker";
    HAND_BACK = "delivery.hand_back",
        "UPDATE delivery SET next_at = $2 WHERE state = 'sending' AND worker = $1 AND next_at > $2";
    RELEASE = "delivery.release_many",
        concat!("WITH held AS MATERIALIZED (SELECT r.value ->> 0 AS id, CAST(r.value ->> 1 AS BIGINT) AS attempt, \
                 CAST(r.value ->> 2 AS BIGINT) AS next_at FROM ", rows!(),
                ") UPDATE delivery SET state = 'ready', attempt = held.attempt - 1, worker = NULL, next_at = $3 FROM held \
                 WHERE delivery.authority = $1 AND delivery.id = held.id AND delivery.attempt = held.attempt \
                 AND delivery.next_at = held.next_at AND delivery.state = 'sending'");
    HASTEN = "delivery.hasten",
        "UPDATE delivery SET next_at = $3 WHERE authority = $1 AND endpoint = $2 AND state IN ('ready', 'sending') \
         AND state = 'ready' AND next_at > $3";
    REPLAY = "delivery.replay",
        "UPDATE delivery SET state = 'ready', earlier = attempt, next_at = $3, queued_at = $3, error = NULL, \
         finished_at = NULL WHERE authority = $1 AND id = $2 AND state IN ('delivered', 'dead')";
    REPLAY_SINCE = "delivery.replay_since",
        "UPDATE delivery SET state = 'ready', earlier = attempt, next_at = $4, queued_at = $4, error = NULL, \
         finished_at = NULL WHERE authority = $1 AND endpoint = $2 AND created_at >= $3 AND notice <> endpoint \
         AND state IN ('delivered', 'dead')";
}

/// Takes due deliveries until `lease_until`. The answer is those taken, in the order given and as they are now held;
/// the rest somebody else was quicker with.
pub async fn claim_many(
    tx: &mut Tx,
    due: Vec<Delivery>,
    worker: &str,
    lease_until: Timestamp,
) -> Result<Vec<Delivery>, StoreError> {
    let until = lease_until.as_microsecond();
    let mut taken: BTreeSet<Uuid> = BTreeSet::new();
    for (authority, group) in by_authority(&due, |delivery| delivery.authority) {
        for chunk in group.chunks(ROWS) {
            let rows = batch(chunk.iter().map(|d| (d.id, d.attempt, d.state, d.next_at.as_microsecond())))?;
            for row in tx.all(&CLAIM, args![authority.as_str(), &rows, worker, until]).await? {
                taken.insert(row.parsed(0, "an id")?);
            }
        }
    }
    let mut held = due;
    held.retain(|delivery| taken.contains(&delivery.id));
    for delivery in &mut held {
        delivery.state = State::Sending;
        delivery.attempt += 1;
        delivery.next_at = lease_until;
    }
    Ok(held)
}

/// Who is sending deliveries.
pub async fn holders(link: &mut Link) -> Result<Vec<String>, StoreError> {
    link.all(&HOLDERS, args![]).await?.iter().map(|row| row.text(0)).collect()
}

/// Ends every lease of a sender that is dead: its deliveries are due. How many there were.
pub async fn hand_back(tx: &mut Tx, worker: &str, now: Timestamp) -> Result<u64, StoreError> {
    tx.run(&HAND_BACK, args![worker, now.as_microsecond()]).await
}

/// Gives back what was taken and not begun: it is due at once, for anybody, and the attempt never was.
pub async fn release_many(tx: &mut Tx, held: &[Delivery], now: Timestamp) -> Result<u64, StoreError> {
    let mut released = 0;
    for (authority, group) in by_authority(held, |delivery| delivery.authority) {
        for chunk in group.chunks(ROWS) {
            let rows = batch(chunk.iter().map(|d| (d.id, d.attempt, d.next_at.as_microsecond())))?;
            released += tx.run(&RELEASE, args![authority.as_str(), &rows, now.as_microsecond()]).await?;
        }
    }
    Ok(released)
}

/// Makes what waits for an endpoint due at once; how many were not yet.
pub async fn hasten(tx: &mut Tx, authority: AuthorityCode, endpoint: Uuid, now: Timestamp) -> Result<u64, StoreError> {
    tx.run(&HASTEN, args![authority.as_str(), &endpoint.to_string(), now.as_microsecond()]).await
}

/// Queues everything about notices that was queued for an endpoint since `since` and is over once more, from the start of
/// the retry schedule; how many.
pub async fn replay_since(
    tx: &mut Tx,
    authority: AuthorityCode,
    endpoint: Uuid,
    since: Timestamp,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let (since, now) = (since.as_microsecond(), now.as_microsecond());
    tx.run(&REPLAY_SINCE, args![authority.as_str(), &endpoint.to_string(), since, now]).await
}

/// Queues a delivery that is over once more, from the start of the retry schedule. `false` when the authority has no
/// such delivery, or it is not over.
pub async fn replay(tx: &mut Tx, authority: AuthorityCode, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
    let id = id.to_string();
    Ok(tx.run(&REPLAY, args![authority.as_str(), &id, now.as_microsecond()]).await? == 1)
}
