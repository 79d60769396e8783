//! Keys with which reporting tools read what is published.

use std::fmt;

use hub_domain::Timestamp;

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    INSERT = "identity.insert_reporting_key",
        "INSERT INTO reporting_key (id, name, secret, created_at, expires_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (id) DO NOTHING";
    FIND = "identity.reporting_key_by_secret",
        "SELECT id, name, secret, created_at, expires_at, revoked_at, used_at FROM reporting_key WHERE secret = $1";
    LIST = "identity.reporting_keys",
        "SELECT id, name, secret, created_at, expires_at, revoked_at, used_at FROM reporting_key";
    REVOKE = "identity.revoke_reporting_key",
        "UPDATE reporting_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    USED = "identity.note_use",
        "UPDATE reporting_key SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at <= $3)";
}

/// A key that a reporting tool sends with every request.
#[derive(Clone, PartialEq, Eq)]
pub struct ReportingKey {
    /// The user name it is sent with. Never used again.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// SHA-256 of its secret.
    pub secret: Vec<u8>,
    /// When it was issued.
    pub created_at: Timestamp,
    /// From when it opens nothing.
    pub expires_at: Timestamp,
    /// From when it opens nothing because somebody said so.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the hour or so.
    pub used_at: Option<Timestamp>,
}

impl fmt::Debug for ReportingKey {
    /// Without the secret's hash.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReportingKey")
            .field("id", &self.id)
            .field("expires_at", &self.expires_at)
            .field("revoked_at", &self.revoked_at)
            .finish_non_exhaustive()
    }
}

/// Keeps a new key; `false` when its id is taken.
pub async fn insert_reporting_key(tx: &mut Tx, key: &ReportingKey) -> Result<bool, StoreError> {
    let ReportingKey { id, name, secret, created_at, expires_at, .. } = key;
    let (made, ends) = (created_at.as_microsecond(), expires_at.as_microsecond());
    Ok(tx.run(&INSERT, args![id, name, secret.as_slice(), made, ends]).await? == 1)
}

/// The key whose secret has this hash, whether or not it still opens anything.
pub async fn reporting_key_by_secret(link: &mut Link, secret: &[u8]) -> Result<Option<ReportingKey>, StoreError> {
    link.maybe(&FIND, args![secret]).await?.as_ref().map(read).transpose()
}

/// Every key, by id.
pub async fn reporting_keys(link: &mut Link) -> Result<Vec<ReportingKey>, StoreError> {
    let mut all: Vec<ReportingKey> = link.all(&LIST, args![]).await?.iter().map(read).collect::<Result<_, _>>()?;
    all.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(all)
}

/// Ends a key. `false` when there is none of this id, or it was revoked already.
pub async fn revoke_reporting_key(tx: &mut Tx, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.run(&REVOKE, args![id, at.as_microsecond()]).await? == 1)
}

/// Notes that a key was used, unless that is noted of a moment after `since`: a shared row is written rarely.
pub async fn note_use(tx: &mut Tx, id: &str, at: Timestamp, since: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.run(&USED, args![id, at.as_microsecond(), since.as_microsecond()]).await? == 1)
}

fn read(row: &Row) -> Result<ReportingKey, StoreError> {
    Ok(ReportingKey {
        id: row.text(0)?,
        name: row.text(1)?,
        secret: row.bytes(2)?,
        created_at: row.time(3)?,
        expires_at: row.time(4)?,
        revoked_at: row.maybe_time(5)?,
        used_at: row.maybe_time(6)?,
    })
}
