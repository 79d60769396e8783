//! Versions of a record, by the submission that opened or closed them.

use std::fmt;

use hub_domain::{AuthorityCode, Dataset, Date};

use super::believed::fingerprint;
use super::list::List;
use crate::db::{Row, args, statements};
use crate::pairs::RECORD_LAST_SAID;
use crate::{Link, StoreError};

statements! {
    OPENED_BY = "record.opened_by",
        "SELECT key, known_from, as_at, fingerprint, body FROM record \
         WHERE authority = $1 AND dataset = $2 AND known_from = $3 AND known_to IS NULL";
    CLOSED_BY = "record.closed_by",
        "SELECT key, known_from, as_at, fingerprint, body FROM record \
         WHERE authority = $1 AND dataset = $2 AND known_to = $3";
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

/// Every version that submission `seq` opened and that is still believed, in no order.
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

/// For those of the keys of which anything was ever said: the latest business date that any version carries, believed or
/// not. A deletion leaves a version that was never believed, so that it counts here too. In order of key.
pub async fn last_said(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    keys: &[String],
) -> Result<Vec<(String, Date)>, StoreError> {
    let mut said = Vec::new();
    for piece in List::of(keys).pieces() {
        let args = args![authority.as_str(), dataset.as_str(), piece.keys, piece.first, piece.last];
        let rows = link.all(&RECORD_LAST_SAID, args).await?;
        for row in rows {
            said.push((row.text(0)?, row.parsed(1, "a date")?));
        }
    }
    said.sort_unstable();
    Ok(said)
}
