//! Where an authority wants its notices sent.

use std::fmt;

use hub_domain::{AuthorityCode, Timestamp, words};
use uuid::Uuid;

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

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
        /// It is.
        Active = "active", "Active";
        /// No longer; kept for the history of what was.
        Removed = "removed", "Removed";
    }
}

statements! {
    INSERT = "endpoint.insert",
        "INSERT INTO endpoint (authority, id, url, scheme, secret, state, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    LIST = "endpoint.list",
        "SELECT authority, id, url, scheme, secret, state, created_at FROM endpoint WHERE authority = $1 \
         ORDER BY created_at, id";
    FIND = "endpoint.find",
        "SELECT authority, id, url, scheme, secret, state, created_at FROM endpoint WHERE authority = $1 AND id = $2";
    REMOVE = "endpoint.remove",
        "UPDATE endpoint SET state = 'removed', secret = NULL WHERE authority = $1 AND id = $2 AND state <> 'removed'";
    GIVE_UP = "endpoint.give_up",
        "UPDATE delivery SET state = 'dead', error = 'endpoint-removed', finished_at = $3 \
         WHERE authority = $1 AND endpoint = $2 AND state IN ('ready', 'sending')";
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
    /// The shared secret, for [`Scheme::V1`].
    pub secret: Option<Vec<u8>>,
    /// Whether it is sent to.
    pub state: State,
    /// When it was registered.
    pub created_at: Timestamp,
}

impl fmt::Debug for Endpoint {
    /// Without the secret, nor the URL: its path and query may hold one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("authority", &self.authority)
            .field("id", &self.id)
            .field("scheme", &self.scheme)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Registers an endpoint.
pub async fn insert(tx: &mut Tx, endpoint: &Endpoint) -> Result<(), StoreError> {
    let Endpoint { authority, id, url, scheme, secret, state, created_at } = endpoint;
    let id = id.to_string();
    let at = created_at.as_microsecond();
    let values = args![authority.as_str(), &id, url, scheme.as_str(), secret.as_deref(), state.as_str(), at];
    tx.run(&INSERT, values).await?;
    Ok(())
}

/// The authority's endpoint of this id, removed or not.
pub async fn find(link: &mut Link, authority: AuthorityCode, id: Uuid) -> Result<Option<Endpoint>, StoreError> {
    let row = link.maybe(&FIND, args![authority.as_str(), &id.to_string()]).await?;
    row.as_ref().map(read).transpose()
}

/// The authority's endpoints, removed ones among them, oldest first.
pub async fn list(link: &mut Link, authority: AuthorityCode) -> Result<Vec<Endpoint>, StoreError> {
    link.all(&LIST, args![authority.as_str()]).await?.iter().map(read).collect()
}

/// The authority's endpoints that are sent to, oldest first.
pub async fn all_active(link: &mut Link, authority: AuthorityCode) -> Result<Vec<Endpoint>, StoreError> {
    let mut all = list(link, authority).await?;
    all.retain(|endpoint| endpoint.state == State::Active);
    Ok(all)
}

/// Stops sending to an endpoint, forgets its secret, and gives up what waits for it, for everybody to see. `false` when
/// the authority has no such endpoint.
pub async fn remove(tx: &mut Tx, authority: AuthorityCode, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
    let id = id.to_string();
    if tx.run(&REMOVE, args![authority.as_str(), &id]).await? == 0 {
        return Ok(false);
    }
    tx.run(&GIVE_UP, args![authority.as_str(), &id, now.as_microsecond()]).await?;
    Ok(true)
}

fn read(row: &Row) -> Result<Endpoint, StoreError> {
    Ok(Endpoint {
        authority: row.parsed(0, "an authority code")?,
        id: row.parsed(1, "an id")?,
        url: row.text(2)?,
        scheme: row.parsed(3, "a signature scheme")?,
        secret: row.maybe_bytes(4)?,
        state: row.parsed(5, "an endpoint's state")?,
        created_at: row.time(6)?,
    })
}
