//! Public keys to which details are sealed: append-only, and everybody's to read.

use hub_domain::{AuthorityCode, Timestamp};
use hub_notices::envelope::{Fingerprint, Recipient};
use uuid::Uuid;

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    INSERT = "sealing.insert",
        "INSERT INTO sealing_key (authority, id, recipient, fingerprint, registered_at, registered_by) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (authority, recipient) DO NOTHING";
    END = "sealing.end",
        "INSERT INTO sealing_key_end (authority, id, retired_at, retired_by) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (authority, id) DO NOTHING";
    LIST = "sealing.list",
        "SELECT k.authority, k.id, k.recipient, k.fingerprint, k.registered_at, k.registered_by, e.retired_at, \
         e.retired_by FROM sealing_key AS k LEFT JOIN sealing_key_end AS e \
         ON e.authority = k.authority AND e.id = k.id WHERE k.authority = $1 ORDER BY k.registered_at, k.id";
}

/// A public key of an authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealingKey {
    /// Who holds the private half.
    pub authority: AuthorityCode,
    /// Unique everywhere.
    pub id: Uuid,
    /// The key.
    pub recipient: Recipient,
    /// What people compare.
    pub fingerprint: Fingerprint,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// By which client.
    pub registered_by: String,
    /// When it was retired, and by which client.
    pub retired: Option<(Timestamp, String)>,
}

impl SealingKey {
    /// Whether anything may be sealed to it.
    pub fn is_live(&self) -> bool {
        self.retired.is_none()
    }
}

/// Registers a key; `retired` is not written. `false` when the authority has registered it before, retired or not.
pub async fn insert(tx: &mut Tx, key: &SealingKey) -> Result<bool, StoreError> {
    let SealingKey { authority, id, recipient, fingerprint, registered_at, registered_by, .. } = key;
    let (id, at) = (id.to_string(), registered_at.as_microsecond());
    let values = args![authority.as_str(), &id, recipient.as_str(), fingerprint.as_str(), at, registered_by];
    Ok(tx.run(&INSERT, values).await? == 1)
}

/// Retires a key of the authority, once and for all. `false` when it was retired before.
pub async fn retire(
    tx: &mut Tx,
    authority: AuthorityCode,
    id: Uuid,
    at: Timestamp,
    by: &str,
) -> Result<bool, StoreError> {
    let id = id.to_string();
    Ok(tx.run(&END, args![authority.as_str(), &id, at.as_microsecond(), by]).await? == 1)
}

/// Every key that the authority has registered, retired ones among them, oldest first.
pub async fn list(link: &mut Link, authority: AuthorityCode) -> Result<Vec<SealingKey>, StoreError> {
    link.all(&LIST, args![authority.as_str()]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<SealingKey, StoreError> {
    let retired = row.maybe_time(6)?.zip(row.maybe_text(7)?);
    Ok(SealingKey {
        authority: row.parsed(0, "an authority code")?,
        id: row.parsed(1, "an id")?,
        recipient: row.parsed(2, "a public key")?,
        fingerprint: row.parsed(3, "a fingerprint")?,
        registered_at: row.time(4)?,
        registered_by: row.text(5)?,
        retired,
    })
}
