//! One version of a record.

use std::fmt;

use hub_domain::Date;

use super::believed::fingerprint;
use crate::StoreError;
use crate::db::Row;

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
