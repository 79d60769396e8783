//! What came of sending.

use std::collections::BTreeSet;

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use super::row::challenge;
use super::{Delivery, State, attempt};
use crate::batch::{ROWS, batch, by_authority, rows};
use crate::db::{args, statements};
use crate::{StoreError, Tx};

statements! {
    SETTLE = "delivery.settle_many",
        concat!("WITH new AS MATERIALIZED (SELECT r.value ->> 0 AS id, CAST(r.value ->> 1 AS BIGINT) AS attempt, \
                 r.value ->> 2 AS state, CAST(r.value ->> 3 AS BIGINT) AS next_at, r.value ->> 4 AS error, \
                 CAST(r.value ->> 5 AS BIGINT) AS finished_at FROM ", rows!(),
                ") UPDATE delivery SET state = new.state, next_at = COALESCE(new.next_at, delivery.next_at), \
                 error = new.error, finished_at = new.finished_at FROM new WHERE delivery.authority = $1 \
                 AND delivery.id = new.id AND delivery.attempt = new.attempt AND delivery.state = 'sending' \
                 RETURNING delivery.id");
    GIVE_UP = "delivery.give_up_many",
        concat!("WITH old AS MATERIALIZED (SELECT r.value ->> 0 AS id, CAST(r.value ->> 1 AS BIGINT) AS attempt FROM ",
                rows!(), ") UPDATE delivery SET state = 'dead', error = $3, finished_at = $4 FROM old \
                 WHERE delivery.authority = $1 AND delivery.id = old.id AND delivery.attempt = old.attempt \
                 AND delivery.state = 'ready' RETURNING delivery.id");
    SPARE = "delivery.spare_challenges",
        concat!("UPDATE delivery SET state = 'dead', error = 'endpoint-verified', finished_at = $3 WHERE authority = $1 \
                 AND endpoint = $2 AND state = 'ready' AND event_type = '", challenge!(), "'");
}

/// What is to become of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The receiver has it.
    Delivered,
    /// Try again at this instant.
    Retry(Timestamp),
    /// Give up.
    Dead,
}

/// One attempt at a delivery that was claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The authority that is told.
    pub authority: AuthorityCode,
    /// The delivery.
    pub id: Uuid,
    /// Its attempt, as claimed.
    pub attempt: i64,
    /// When the answer came, or was given up on.
    pub at: Timestamp,
    /// How it went: a stable word. Kept as the delivery's error unless it was delivered.
    pub outcome: String,
    /// The HTTP status, if there was an answer.
    pub status: Option<i64>,
    /// How long it took.
    pub milliseconds: i64,
    /// What is to become of the delivery.
    pub next: Next,
}

/// Records attempts, and moves those deliveries that are still held at that attempt; the answer is the ids moved. An
/// attempt whose lease was lost is recorded too: it happened.
pub async fn settle_many(tx: &mut Tx, settled: &[Settled]) -> Result<BTreeSet<Uuid>, StoreError> {
    let mut moved = BTreeSet::new();
    for (authority, group) in by_authority(settled, |settled| settled.authority) {
        for chunk in group.chunks(ROWS) {
            let rows = batch(chunk.iter().map(|settled| values(settled)))?;
            for row in tx.all(&SETTLE, args![authority.as_str(), &rows]).await? {
                moved.insert(row.parsed(0, "an id")?);
            }
            attempt::record(tx, authority, chunk).await?;
        }
    }
    Ok(moved)
}

/// Gives up deliveries that wait and that nobody has taken since they were read, for this reason: a stable word. The
/// answer is those given up.
pub async fn give_up_many(
    tx: &mut Tx,
    waiting: &[Delivery],
    why: &str,
    now: Timestamp,
) -> Result<BTreeSet<Uuid>, StoreError> {
    let mut given_up = BTreeSet::new();
    for (authority, group) in by_authority(waiting, |delivery| delivery.authority) {
        for chunk in group.chunks(ROWS) {
            let rows = batch(chunk.iter().map(|delivery| (delivery.id, delivery.attempt)))?;
            for row in tx.all(&GIVE_UP, args![authority.as_str(), &rows, why, now.as_microsecond()]).await? {
                given_up.insert(row.parsed(0, "an id")?);
            }
        }
    }
    Ok(given_up)
}

/// Spares an endpoint that has proved itself the challenges that still wait for it; how many.
pub async fn spare_challenges(
    tx: &mut Tx,
    authority: AuthorityCode,
    endpoint: Uuid,
    now: Timestamp,
) -> Result<u64, StoreError> {
    tx.run(&SPARE, args![authority.as_str(), &endpoint.to_string(), now.as_microsecond()]).await
}

/// In the order of the statement's positions: id, attempt, state, next_at, error, finished_at.
fn values(settled: &Settled) -> (Uuid, i64, State, Option<i64>, Option<&str>, Option<i64>) {
    let Settled { id, attempt, at, outcome, next, .. } = settled;
    let at = Some(at.as_microsecond());
    match next {
        Next::Delivered => (*id, *attempt, State::Delivered, None, None, at),
        Next::Retry(next_at) => (*id, *attempt, State::Ready, Some(next_at.as_microsecond()), Some(outcome), None),
        Next::Dead => (*id, *attempt, State::Dead, None, Some(outcome), at),
    }
}
