//! How an endpoint has been doing, gathered from attempts.

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use crate::batch::{ROWS, batch, by_authority, rows};
use crate::db::{args, statements};
use crate::{StoreError, Tx};

/// With so many failures in a row an endpoint is left alone for a while, and then tried with one delivery at a time.
pub const BREAK: i64 = 5;

statements! {
    NOTE = "endpoint.note_many",
        concat!("WITH new AS MATERIALIZED (SELECT r.value ->> 0 AS id, CAST(r.value ->> 1 AS BIGINT) AS failures, \
                 CAST(r.value ->> 2 AS BIGINT) AS failing_since, CAST(r.value ->> 3 AS BIGINT) AS open_until, \
                 CAST(r.value ->> 4 AS BIGINT) AS succeeded_at, CAST(r.value ->> 5 AS BIGINT) AS failed_at, \
                 r.value ->> 6 AS error, CAST(r.value ->> 7 AS BIGINT) AS milliseconds FROM ", rows!(),
                ") UPDATE endpoint SET failures = new.failures, failing_since = new.failing_since, \
                 open_until = new.open_until, succeeded_at = new.succeeded_at, failed_at = new.failed_at, \
                 error = new.error, milliseconds = new.milliseconds FROM new \
                 WHERE endpoint.authority = $1 AND endpoint.id = new.id");
}

/// How an endpoint has been doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// Failures in a row, the last attempt among them.
    pub failures: i64,
    /// Since when it has only failed.
    pub failing_since: Option<Timestamp>,
    /// Until when it is left alone.
    pub open_until: Option<Timestamp>,
    /// When it last took something.
    pub succeeded_at: Option<Timestamp>,
    /// When it last did not.
    pub failed_at: Option<Timestamp>,
    /// Why not: a stable word.
    pub error: Option<String>,
    /// How long it takes to answer, smoothed over its last answers; milliseconds.
    pub milliseconds: Option<i64>,
}

impl Health {
    /// Whether it has failed so often in a row that it is tried with one delivery at a time.
    pub fn is_failing(&self) -> bool {
        self.failures >= BREAK
    }
}

/// Keeps the health of endpoints.
pub async fn note_many(tx: &mut Tx, noted: &[(AuthorityCode, Uuid, Health)]) -> Result<(), StoreError> {
    for (authority, group) in by_authority(noted, |(authority, ..)| *authority) {
        for chunk in group.chunks(ROWS) {
            let rows = batch(chunk.iter().map(|(_, id, health)| values(*id, health)))?;
            tx.run(&NOTE, args![authority.as_str(), &rows]).await?;
        }
    }
    Ok(())
}

/// In the order of the statement's positions.
fn values(id: Uuid, health: &Health) -> impl serde::Serialize + '_ {
    let time = |at: Option<Timestamp>| at.map(Timestamp::as_microsecond);
    (
        id,
        health.failures,
        time(health.failing_since),
        time(health.open_until),
        time(health.succeeded_at),
        time(health.failed_at),
        health.error.as_deref(),
        health.milliseconds,
    )
}
