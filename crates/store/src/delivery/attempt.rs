//! Every attempt at a delivery.

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use super::Settled;
use crate::batch::{batch, rows};
use crate::db::{args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    RECORD = "delivery.record_attempts",
        concat!("INSERT INTO attempt (authority, delivery, n, at, outcome, status, milliseconds) \
                 SELECT $1, r.value ->> 0, CAST(r.value ->> 1 AS BIGINT), CAST(r.value ->> 2 AS BIGINT), r.value ->> 3, \
                 CAST(r.value ->> 4 AS BIGINT), CAST(r.value ->> 5 AS BIGINT) FROM ", rows!(),
                " WHERE true ON CONFLICT (authority, delivery, n) DO NOTHING");
    ATTEMPTS = "delivery.attempts",
        "SELECT n, at, outcome, status, milliseconds FROM attempt WHERE authority = $1 AND delivery = $2 ORDER BY n";
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Which, from 1.
    pub n: i64,
    /// When the answer came, or was given up on.
    pub at: Timestamp,
    /// How it went: a stable word.
    pub outcome: String,
    /// The HTTP status, if there was an answer.
    pub status: Option<i64>,
    /// How long it took.
    pub milliseconds: i64,
}

/// Keeps attempts at deliveries of one authority.
pub(super) async fn record(tx: &mut Tx, authority: AuthorityCode, settled: &[&Settled]) -> Result<(), StoreError> {
    let rows =
        batch(settled.iter().map(|s| (s.id, s.attempt, s.at.as_microsecond(), &s.outcome, s.status, s.milliseconds)))?;
    tx.run(&RECORD, args![authority.as_str(), &rows]).await?;
    Ok(())
}

/// The attempts at a delivery of the authority that is told, first to last.
pub async fn attempts(link: &mut Link, host: AuthorityCode, delivery: Uuid) -> Result<Vec<Attempt>, StoreError> {
    let rows = link.all(&ATTEMPTS, args![host.as_str(), &delivery.to_string()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Attempt {
                n: row.int(0)?,
                at: row.time(1)?,
                outcome: row.text(2)?,
                status: row.maybe_int(3)?,
                milliseconds: row.int(4)?,
            })
        })
        .collect()
}
