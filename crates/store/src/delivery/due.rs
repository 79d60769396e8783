//! What is to be sent now.

use hub_domain::Timestamp;

use super::Delivery;
use super::row::{challenge, ping, read};
use crate::db::{args, statements};
use crate::endpoint::BREAK;
use crate::{Link, StoreError};

statements! {
    /// Begins with the endpoints that may be sent to: what waits for one that is paused, unproved or left alone is not
    /// looked at, however much it is. A challenge and a ping go where nothing else may. All but the outermost level read
    /// the index alone (but for endpoints that are not active); bodies are fetched for the rows that are answered.
    DUE = "delivery.due",
        concat!("SELECT d.authority, d.id, d.endpoint, d.event_id, d.event_type, d.placed_by, d.notice, d.body, d.state, d.attempt, \
         d.earlier, d.next_at, d.error, d.created_at, d.queued_at, d.finished_at FROM \
         (SELECT q.authority, q.id, q.next_at, q.place + COALESCE(f.sending, 0) AS place FROM \
         (SELECT w.authority, w.endpoint, w.id, w.next_at, \
         CASE WHEN e.failures >= $4 THEN 1 ELSE $2 END AS room, \
         row_number() OVER (PARTITION BY w.authority, w.endpoint ORDER BY w.next_at, w.id) AS place \
         FROM endpoint AS e JOIN delivery AS w ON w.authority = e.authority AND w.endpoint = e.id \
         WHERE w.state IN ('ready', 'sending') AND w.next_at <= $1 \
         AND (e.open_until IS NULL OR e.open_until <= $1) AND (e.state = 'active' OR (e.state IN ('unverified', 'paused') \
         AND w.event_type IN ('", challenge!(), "', '", ping!(), "')))) AS q \
         LEFT JOIN (SELECT authority, endpoint, COUNT(*) AS sending FROM delivery \
         WHERE state IN ('ready', 'sending') AND state = 'sending' AND next_at > $1 GROUP BY authority, endpoint) AS f \
         ON f.authority = q.authority AND f.endpoint = q.endpoint \
         WHERE q.place + COALESCE(f.sending, 0) <= q.room \
         ORDER BY q.place + COALESCE(f.sending, 0), q.next_at, q.id LIMIT $3) AS p \
         CROSS JOIN delivery AS d WHERE d.authority = p.authority AND d.id = p.id \
         ORDER BY p.place, p.next_at, p.id");
    DEAD = "delivery.dead",
        "SELECT CAST(COUNT(*) AS BIGINT) AS dead FROM delivery WHERE state = 'dead' \
         AND (error IS NULL OR error <> 'endpoint-removed')";
    BACKLOG = "delivery.backlog",
        "SELECT CAST(COUNT(*) AS BIGINT) AS waiting, MIN(next_at) AS oldest FROM delivery \
         WHERE state IN ('ready', 'sending') AND next_at <= $1";
}

/// How much to look for.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// The present instant.
    pub now: Timestamp,
    /// At most so many to one endpoint at a time, those that are being sent (by any process) among them: a slow one
    /// neither hides the others nor is pressed harder than it can bear. One to an endpoint that keeps failing.
    pub per_endpoint: i64,
    /// At most so many.
    pub limit: i64,
}

/// How much is due and not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Deliveries due.
    pub waiting: i64,
    /// Since when the oldest of them is.
    pub oldest: Option<Timestamp>,
}

/// Deliveries whose time has come, or whose lease is over: first to endpoints that nothing is being sent to, then to
/// those with one under way, and so on; among equals the longest due first.
pub async fn due(link: &mut Link, due: &Due) -> Result<Vec<Delivery>, StoreError> {
    let rows = link.all(&DUE, args![due.now.as_microsecond(), due.per_endpoint, due.limit, BREAK]).await?;
    rows.iter().map(read).collect()
}

/// How many were given up though their host still has the address; for metrics.
pub async fn dead(link: &mut Link) -> Result<i64, StoreError> {
    link.maybe(&DEAD, args![]).await?.map_or(Ok(0), |row| row.int(0))
}

/// How much is due, of all authorities together; for metrics.
pub async fn backlog(link: &mut Link, now: Timestamp) -> Result<Backlog, StoreError> {
    match link.maybe(&BACKLOG, args![now.as_microsecond()]).await? {
        Some(row) => Ok(Backlog { waiting: row.int(0)?, oldest: row.maybe_time(1)? }),
        None => Ok(Backlog { waiting: 0, oldest: None }),
    }
}
