//! Versions of a record, by the submission that opened or closed them.

use std::fmt;

use hub_domain::{AuthorityCode, Dataset, Date};

use super::believed::{BATCH, fingerprint};
use crate::db::{Keys, Row, args, statements};
use crate::{Link, StoreError};

statements! {
    OPENED_BY = "record.opened_by",
        "SELECT key, known_from, as_at, fingerprint, body FROM record \
         WHERE authority = $1 AND dataset = $2 AND known_from = $3";
    CLOSED_BY = "record.closed_by",
        "SELECT key, known_from, as_at, fingerprint, body FROM record \
         WHERE authority = $1 AND dataset = $2 AND known_to = $3";
    LAST_CLOSED = "record.last_closed_as_at",
        "SELECT r.key, s.as_at FROM json_each($3) AS k CROSS JOIN record AS r CROSS JOIN submission AS s \
         WHERE r.authority = $1 AND r.dataset = $2 AND r.key = k.key AND r.known_to IS NOT NULL \
         AND s.authority = $1 AND s.seq = r.known_to \
         AND NOT EXISTS (SELECT 1 FROM record AS n WHERE n.authority = $1 AND n.dataset = $2 AND n.key = r.key \
         AND n.known_from > r.known_from)";
}

/// One version of one record.
#[derive(Clone, PartialEq, Eq)]
pub struct Version {
    /// The record's key within its dataset.
    pub key: String,
    /// Number of the submission that opened it.
    pub known_from: i64,
    /// The business date it was last said of.
    pub as_at: Date,
    /// First 16 bytes of the body's SHA-256.
    pub fingerprint: [u8; 16],
    /// The contract's columns as a JSON array.
    pub body: String,
}

impl fmt::Debug for Version {
    /// Key and body are a child's: neither is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Version")
            .field("known_from", &self.known_from)
            .field("as_at", &self.as_at)
            .finish_non_exhaustive()
    }
}

pub(super) fn read(row: &Row) -> Result<Version, StoreError> {
    Ok(Version {
        key: row.text(0)?,
        known_from: row.int(1)?,
        as_at: row.parsed(2, "a date")?,
        fingerprint: fingerprint(row, 3)?,
        body: row.text(4)?,
    })
}

/// Every version that submission `seq` opened, in no order.
pub async fn opened_by<F>(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    seq: i64,
    mut take: F,
) -> Result<(), StoreError>
where
    F: FnMut(Version) -> Result<(), StoreError> + Send,
{
    link.each(&OPENED_BY, args![authority.as_str(), dataset.as_str(), seq], |row| take(read(&row)?)).await
}

/// Every version that submission `seq` closed, in no order.
pub async fn closed_by<F>(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    seq: i64,
    mut take: F,
) -> Result<(), StoreError>
where
    F: FnMut(Version) -> Result<(), StoreError> + Send,
{
    link.each(&CLOSED_BY, args![authority.as_str(), dataset.as_str(), seq], |row| take(read(&row)?)).await
}

/// For those of the keys that were believed once and are no longer: the business date of the submission that closed them.
/// In order of key.
pub async fn last_closed_as_at(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    keys: &[String],
) -> Result<Vec<(String, Date)>, StoreError> {
    let mut closed = Vec::new();
    for keys in keys.chunks(BATCH) {
        let rows = link.all(&LAST_CLOSED, args![authority.as_str(), dataset.as_str(), &Keys::of(keys)]).await?;
        for row in rows {
            closed.push((row.text(0)?, row.parsed(1, "a date")?));
        }
    }
    closed.sort_unstable();
    Ok(closed)
}
