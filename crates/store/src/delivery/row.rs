//! A delivery as it is kept.

use std::fmt;

use hub_domain::{AuthorityCode, Timestamp, words};
use uuid::Uuid;

use crate::StoreError;
use crate::db::Row;

macro_rules! challenge {
    () => {
        "uk.sufficiencyhub.endpoint.challenge.v1"
    };
}
macro_rules! ping {
    () => {
        "uk.sufficiencyhub.endpoint.ping.v1"
    };
}
pub(super) use {challenge, ping};

words! {
    /// Where a delivery has got to.
    State("delivery state") {
        /// Waits for its time.
        Ready = "ready", "Waiting";
        /// Somebody is sending it.
        Sending = "sending", "Being sent";
        /// The receiver answered 2xx.
        Delivered = "delivered", "Delivered";
        /// Given up; may be replayed.
        Dead = "dead", "Given up";
    }
}

/// One event for one endpoint.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The authority that is told.
    pub authority: AuthorityCode,
    /// Unique everywhere.
    pub id: Uuid,
    /// Where to.
    pub endpoint: Uuid,
    /// The same at every attempt, whoever it goes to.
    pub event_id: Uuid,
    /// Such as `notice.raised`.
    pub event_type: String,
    /// The authority it comes from.
    pub placing: AuthorityCode,
    /// What it is about.
    pub notice: Uuid,
    /// What is signed and sent.
    pub body: String,
    /// Where it has got to.
    pub state: State,
    /// How often it has been begun.
    pub attempt: i64,
    /// How many of those were before it was last replayed.
    pub earlier: i64,
    /// When it is due; while it is being sent, when the lease ends.
    pub next_at: Timestamp,
    /// Why the last attempt failed: a stable word.
    pub error: Option<String>,
    /// When it was first queued.
    pub created_at: Timestamp,
    /// When it was last queued: replayed, or first.
    pub queued_at: Timestamp,
    /// When it was delivered or given up.
    pub finished_at: Option<Timestamp>,
}

impl Delivery {
    /// Whether it is about the endpoint itself, a challenge or a ping, and tells nobody of any notice.
    pub fn is_service(&self) -> bool {
        [CHALLENGE, PING].contains(&self.event_type.as_str())
    }
}

/// The type of the event that an endpoint proves itself by answering.
pub const CHALLENGE: &str = challenge!();
/// The type of the event that a person tries an endpoint with.
pub const PING: &str = ping!();

impl fmt::Debug for Delivery {
    /// Without the body: nothing of a child goes into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("authority", &self.authority)
            .field("id", &self.id)
            .field("event_type", &self.event_type)
            .field("state", &self.state)
            .field("attempt", &self.attempt)
            .field("next_at", &self.next_at)
            .finish_non_exhaustive()
    }
}

/// The columns that [`read`] reads, in its order.
macro_rules! columns {
    () => {
        "authority, id, endpoint, event_id, event_type, placed_by, notice, body, state, attempt, earlier, next_at, error, \
         created_at, queued_at, finished_at"
    };
}
pub(super) use columns;

pub(super) fn read(row: &Row) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        authority: row.parsed(0, "an authority code")?,
        id: row.parsed(1, "an id")?,
        endpoint: row.parsed(2, "an id")?,
        event_id: row.parsed(3, "an id")?,
        event_type: row.text(4)?,
        placing: row.parsed(5, "an authority code")?,
        notice: row.parsed(6, "an id")?,
        body: row.text(7)?,
        state: row.parsed(8, "a delivery's state")?,
        attempt: row.int(9)?,
        earlier: row.int(10)?,
        next_at: row.time(11)?,
        error: row.maybe_text(12)?,
        created_at: row.time(13)?,
        queued_at: row.time(14)?,
        finished_at: row.maybe_time(15)?,
    })
}
