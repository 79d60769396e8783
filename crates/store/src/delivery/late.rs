//! What has waited too long, and who has been told of it.

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use super::Delivery;
use super::row::read;
use crate::batch::{ROWS, batch, by_authority, rows};
use crate::db::{args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    UNTOLD = "delivery.untold",
        "SELECT d.authority, d.id, d.endpoint, d.event_id, d.event_type, d.placed_by, d.notice, d.body, d.state, d.attempt, \
         d.earlier, d.next_at, d.error, d.created_at, d.queued_at, d.finished_at, d.told_at FROM delivery AS d \
         LEFT JOIN notice AS n ON n.authority = d.placed_by AND n.id = d.notice \
         WHERE d.state IN ('ready', 'sending') AND d.queued_at <= $1 AND d.told_at IS NULL AND d.notice <> d.endpoint \
         AND (n.id IS NULL OR n.state NOT IN ('delivered', 'opened', 'acknowledged', 'queried', 'disputed')) \
         ORDER BY d.queued_at, d.id LIMIT $2";
    TELL = "delivery.tell",
        concat!("WITH told AS MATERIALIZED (SELECT r.value ->> 0 AS id FROM ", rows!(),
                ") UPDATE delivery SET told_at = $3 FROM told WHERE delivery.authority = $1 AND delivery.id = told.id");
    LATE = "delivery.late_endpoints",
        "SELECT authority, endpoint, CAST(COUNT(*) AS BIGINT) AS waiting, MIN(queued_at) AS oldest FROM delivery \
         WHERE state IN ('ready', 'sending') AND queued_at <= $1 GROUP BY authority, endpoint ORDER BY authority, endpoint";
    HOPELESS = "delivery.hopeless",
        "SELECT d.authority, d.id, d.endpoint, d.event_id, d.event_type, d.placed_by, d.notice, d.body, d.state, d.attempt, \
         d.earlier, d.next_at, d.error, d.created_at, d.queued_at, d.finished_at, d.told_at FROM delivery AS d \
         LEFT JOIN endpoint AS e ON e.authority = d.authority AND e.id = d.endpoint \
         WHERE d.state IN ('ready', 'sending') AND d.state = 'ready' \
         AND (d.queued_at <= $1 OR e.id IS NULL OR e.state IN ('disabled', 'removed')) \
         ORDER BY d.queued_at, d.id LIMIT $2";
}

/// An endpoint for which something has waited too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    /// Whose.
    pub authority: AuthorityCode,
    /// Which.
    pub endpoint: Uuid,
    /// How many deliveries wait so long.
    pub waiting: i64,
    /// Since when the oldest of them does.
    pub oldest: Timestamp,
}

/// Deliveries of all authorities about notices, queued by `queued_by`, not delivered, and whose sender has not been told
/// of it yet; the oldest first. A notice that has reached its host some other way is not among them.
pub async fn untold(link: &mut Link, queued_by: Timestamp, limit: i64) -> Result<Vec<Delivery>, StoreError> {
    link.all(&UNTOLD, args![queued_by.as_microsecond(), limit]).await?.iter().map(read).collect()
}

/// Remembers that the senders of these have been told.
pub async fn tell(tx: &mut Tx, told: &[Delivery], now: Timestamp) -> Result<(), StoreError> {
    for (authority, group) in by_authority(told, |delivery| delivery.authority) {
        for chunk in group.chunks(ROWS) {
            let rows = batch(chunk.iter().map(|delivery| (delivery.id,)))?;
            tx.run(&TELL, args![authority.as_str(), &rows, now.as_microsecond()]).await?;
        }
    }
    Ok(())
}

/// The endpoints of all authorities for which something queued by `queued_by` still waits.
pub async fn late_endpoints(link: &mut Link, queued_by: Timestamp) -> Result<Vec<Late>, StoreError> {
    let rows = link.all(&LATE, args![queued_by.as_microsecond()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Late {
                authority: row.parsed(0, "an authority code")?,
                endpoint: row.parsed(1, "an id")?,
                waiting: row.int(2)?,
                oldest: row.time(3)?,
            })
        })
        .collect()
}

/// Deliveries that wait in vain: queued by `queued_by`, or for an endpoint that nothing is sent to any more.
pub async fn hopeless(link: &mut Link, queued_by: Timestamp, limit: i64) -> Result<Vec<Delivery>, StoreError> {
    link.all(&HOPELESS, args![queued_by.as_microsecond(), limit]).await?.iter().map(read).collect()
}
