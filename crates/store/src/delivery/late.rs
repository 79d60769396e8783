//! What has waited too long.

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use super::Delivery;
use super::row::read;
use crate::db::{args, statements};
use crate::{Link, StoreError};

statements! {
    LATE = "delivery.late_endpoints",
        "SELECT authority, endpoint, CAST(COUNT(*) AS BIGINT) AS waiting, MIN(queued_at) AS oldest FROM delivery \
         WHERE state IN ('ready', 'sending') AND queued_at <= $1 GROUP BY authority, endpoint ORDER BY authority, endpoint";
    HOPELESS = "delivery.hopeless",
        "SELECT d.authority, d.id, d.endpoint, d.event_id, d.event_type, d.placed_by, d.notice, d.body, d.state, d.attempt, \
         d.earlier, d.next_at, d.error, d.created_at, d.queued_at, d.finished_at FROM delivery AS d \
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
