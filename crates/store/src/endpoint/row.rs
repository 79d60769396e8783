//! An endpoint as it is kept.

use std::fmt;

use hub_domain::{AuthorityCode, Timestamp, words};
use uuid::Uuid;

use super::Health;
use crate::StoreError;
use crate::db::Row;

words! {
    /// How what is sent is signed.
    Scheme("signature scheme") {
        /// Ed25519 by the hub's published key.
        V1a = "v1a", "Ed25519";
        /// HMAC-SHA256 by a secret that the receiver shares.
        V1 = "v1", "HMAC-SHA256";
    }
}

words! {
    /// Whether an endpoint is sent to.
    State("endpoint state") {
        /// It has not answered its challenge yet: what is queued for it waits.
        Unverified = "unverified", "Not verified";
        /// It is.
        Active = "active", "Active";
        /// A person has stopped it for a while: what is queued for it waits.
        Paused = "paused", "Paused";
        /// It failed for as long as the hub is patient: nothing is queued for it until it has been proved again.
        Disabled = "disabled", "Disabled";
        /// No longer; kept for the history of what was.
        Removed = "removed", "Removed";
    }
}

/// A receiver of an authority.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Whose.
    pub authority: AuthorityCode,
    /// Unique everywhere.
    pub id: Uuid,
    /// Where to send.
    pub url: String,
    /// How to sign.
    pub scheme: Scheme,
    /// The shared secret, for [`Scheme::V1`]: as it is, or sealed by whoever makes and uses it.
    pub secret: Option<Vec<u8>>,
    /// Whether it is sent to.
    pub state: State,
    /// When it was registered.
    pub created_at: Timestamp,
    /// What it is for, in its owner's words.
    pub description: String,
    /// The event types that it asks for, such as `notice.raised` or `notice.*`; all of them when none is named.
    pub events: Vec<String>,
    /// The token that it must give back, until it has.
    pub challenge: Option<String>,
    /// When it gave it back.
    pub verified_at: Option<Timestamp>,
    /// The secret before this one.
    pub old_secret: Option<Vec<u8>>,
    /// Until when that one signs too.
    pub old_until: Option<Timestamp>,
    /// How it has been doing.
    pub health: Health,
    /// Since when its operator knows that it is late.
    pub late_since: Option<Timestamp>,
}

impl Endpoint {
    /// A fresh endpoint that asks for everything, not verified.
    pub fn new(authority: AuthorityCode, id: Uuid, url: &str, scheme: Scheme, now: Timestamp) -> Self {
        Self {
            authority,
            id,
            url: url.to_owned(),
            scheme,
            secret: None,
            state: State::Unverified,
            created_at: now,
            description: String::new(),
            events: Vec::new(),
            challenge: None,
            verified_at: None,
            old_secret: None,
            old_until: None,
            health: Health::default(),
            late_since: None,
        }
    }

    /// Whether it asks for events of this type, such as `notice.raised`.
    pub fn wants(&self, kind: &str) -> bool {
        let is_named = |name: &String| {
            name == kind || name.strip_suffix('*').is_some_and(|family| !family.is_empty() && kind.starts_with(family))
        };
        self.events.is_empty() || self.events.iter().any(is_named)
    }
}

impl fmt::Debug for Endpoint {
    /// Without secrets or challenge, nor the URL: its path and query may hold one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("authority", &self.authority)
            .field("id", &self.id)
            .field("scheme", &self.scheme)
            .field("state", &self.state)
            .field("health", &self.health)
            .finish_non_exhaustive()
    }
}

/// The columns that [`read`] reads, in its order.
macro_rules! columns {
    () => {
        "authority, id, url, scheme, secret, state, created_at, description, events, challenge, verified_at, old_secret, \
         old_until, failures, failing_since, open_until, succeeded_at, failed_at, error, milliseconds, late_since"
    };
}
pub(super) use columns;

pub(super) fn read(row: &Row) -> Result<Endpoint, StoreError> {
    Ok(Endpoint {
        authority: row.parsed(0, "an authority code")?,
        id: row.parsed(1, "an id")?,
        url: row.text(2)?,
        scheme: row.parsed(3, "a signature scheme")?,
        secret: row.maybe_bytes(4)?,
        state: row.parsed(5, "an endpoint's state")?,
        created_at: row.time(6)?,
        description: row.text(7)?,
        events: row.text(8)?.split_whitespace().map(str::to_owned).collect(),
        challenge: row.maybe_text(9)?,
        verified_at: row.maybe_time(10)?,
        old_secret: row.maybe_bytes(11)?,
        old_until: row.maybe_time(12)?,
        health: Health {
            failures: row.int(13)?,
            failing_since: row.maybe_time(14)?,
            open_until: row.maybe_time(15)?,
            succeeded_at: row.maybe_time(16)?,
            failed_at: row.maybe_time(17)?,
            error: row.maybe_text(18)?,
            milliseconds: row.maybe_int(19)?,
        },
        late_since: row.maybe_time(20)?,
    })
}
