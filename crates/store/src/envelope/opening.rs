//! The step before a protected address is handed out.

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use crate::db::{args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    OPEN = "envelope.open",
        "INSERT INTO envelope_opening (authority, notice, n, id, client, officer, reason, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    OPENED = "envelope.opened",
        "SELECT id FROM envelope_opening WHERE authority = $1 AND notice = $2 AND n = $3 AND client = $4 AND at > $5 \
         LIMIT 1";
}

/// Somebody at the host says why a protected address must be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The placing authority.
    pub authority: AuthorityCode,
    /// The notice.
    pub notice: Uuid,
    /// The envelope's number.
    pub n: i64,
    /// Unique everywhere.
    pub id: Uuid,
    /// The client that asks.
    pub client: String,
    /// The officer who will read it, by name.
    pub officer: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// Records an opening.
pub async fn open(tx: &mut Tx, opening: &Opening) -> Result<(), StoreError> {
    let Opening { authority, notice, n, id, client, officer, reason, at } = opening;
    let (notice, id) = (notice.to_string(), id.to_string());
    let values = args![authority.as_str(), &notice, *n, &id, client, officer, reason, at.as_microsecond()];
    tx.run(&OPEN, values).await?;
    Ok(())
}

/// Whether this client has recorded an opening of the envelope after `since`.
pub async fn opened(
    link: &mut Link,
    (placing, notice, n): super::piece::Place,
    client: &str,
    since: Timestamp,
) -> Result<bool, StoreError> {
    let notice = notice.to_string();
    let found = link.maybe(&OPENED, args![placing.as_str(), &notice, n, client, since.as_microsecond()]).await?;
    Ok(found.is_some())
}
