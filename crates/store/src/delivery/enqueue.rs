//! Queueing deliveries, in the transaction of what they tell of.

use std::fmt;

use hub_domain::{AuthorityCode, Timestamp};
use serde::Serialize;
use uuid::Uuid;

use crate::batch::{ROWS, batch, by_authority, rows};
use crate::db::{args, statements};
use crate::{StoreError, Tx};

statements! {
    ENQUEUE = "delivery.enqueue_many",
        concat!("INSERT INTO delivery (authority, id, endpoint, event_id, event_type, placed_by, notice, state, attempt, \
                 earlier, next_at, created_at, queued_at, body) \
                 SELECT $1, r.value ->> 0, r.value ->> 1, r.value ->> 2, r.value ->> 3, r.value ->> 4, r.value ->> 5, \
                 'ready', 0, 0, CAST(r.value ->> 6 AS BIGINT), CAST(r.value ->> 7 AS BIGINT), \
                 CAST(r.value ->> 7 AS BIGINT), r.value ->> 8 FROM ", rows!(),
                " WHERE true ON CONFLICT (authority, endpoint, event_id) DO NOTHING");
}

/// One event to send to one endpoint.
#[derive(Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// The authority that is told.
    pub authority: AuthorityCode,
    /// Unique everywhere.
    pub id: Uuid,
    /// Where to.
    pub endpoint: Uuid,
    /// An endpoint is sent one event once.
    pub event_id: Uuid,
    /// Such as `notice.raised`.
    pub event_type: String,
    /// The authority it comes from.
    pub placing: AuthorityCode,
    /// What it is about.
    pub notice: Uuid,
    /// What is signed and sent.
    pub body: String,
    /// When it is due.
    pub next_at: Timestamp,
    /// The present instant.
    pub now: Timestamp,
}

impl fmt::Debug for NewDelivery {
    /// Without the body: nothing of a child goes into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewDelivery")
            .field("authority", &self.authority)
            .field("id", &self.id)
            .field("event_type", &self.event_type)
            .finish_non_exhaustive()
    }
}

/// Queues deliveries; how many are new. One whose endpoint was queued the same event before is left as it is.
pub async fn enqueue_many(tx: &mut Tx, deliveries: &[NewDelivery]) -> Result<u64, StoreError> {
    let mut new = 0;
    for (authority, group) in by_authority(deliveries, |delivery| delivery.authority) {
        for chunk in group.chunks(ROWS) {
            let rows = batch(chunk.iter().map(|delivery| values(delivery)))?;
            new += tx.run(&ENQUEUE, args![authority.as_str(), &rows]).await?;
        }
    }
    Ok(new)
}

/// In the order of the statement's positions.
fn values(delivery: &NewDelivery) -> impl Serialize {
    (
        delivery.id,
        delivery.endpoint,
        delivery.event_id,
        &delivery.event_type,
        delivery.placing,
        delivery.notice,
        delivery.next_at.as_microsecond(),
        delivery.now.as_microsecond(),
        &delivery.body,
    )
}
