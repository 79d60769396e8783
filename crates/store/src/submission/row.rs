//! A submission as it is kept.

use hub_domain::{AuthorityCode, Dataset, Date, Mode, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{State, Verdict};
use crate::StoreError;
use crate::db::Row;

/// What a submission came to, in rows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Rows in what was sent.
    pub rows_read: u64,
    /// Rows taken.
    pub rows_accepted: u64,
    /// Rows with an error.
    pub rows_rejected: u64,
    /// Records not believed before.
    pub opened: u64,
    /// Records believed otherwise before.
    pub amended: u64,
    /// Records no longer believed.
    pub closed: u64,
    /// Records believed already.
    pub unchanged: u64,
}

/// One submission. Its payload and its report are read apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Whose records it is about.
    pub authority: AuthorityCode,
    /// Unique everywhere.
    pub id: Uuid,
    /// Unique within the authority, rising.
    pub seq: i64,
    /// Which contract.
    pub dataset: Dataset,
    /// How much it claims to cover.
    pub mode: Mode,
    /// The business date that it describes.
    pub as_at: Date,
    /// In window mode, the first end date covered.
    pub covers_from: Option<Date>,
    /// It declares itself a correction, and so may be older than what was accepted last.
    pub correction: bool,
    /// The client that sent it.
    pub client: String,
    /// SHA-256 of the bytes as sent, hexadecimal.
    pub digest: String,
    /// How many bytes were sent.
    pub bytes: i64,
    /// `csv` or `ndjson`.
    pub format: String,
    /// `none`, `gzip` or `zstd`.
    pub compression: String,
    /// The contract's version.
    pub contract: String,
    /// Whether it has been looked at.
    pub state: State,
    /// What was decided, once it has.
    pub verdict: Option<Verdict>,
    /// Why it is held.
    pub held_reason: Option<String>,
    /// What it came to.
    pub counts: Option<Counts>,
    /// When the last byte was kept.
    pub received_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
}

/// The columns that [`read`] reads, in its order.
macro_rules! columns {
    () => {
        "authority, id, seq, dataset, mode, as_at, covers_from, correction, client, digest, bytes, format, \
         compression, contract, state, verdict, held_reason, counts, received_at, decided_at"
    };
}
pub(super) use columns;

pub(super) fn read(row: &Row) -> Result<Submission, StoreError> {
    Ok(Submission {
        authority: row.parsed(0, "an authority code")?,
        id: row.parsed(1, "an id")?,
        seq: row.int(2)?,
        dataset: row.parsed(3, "a dataset")?,
        mode: row.parsed(4, "a mode")?,
        as_at: row.parsed(5, "a date")?,
        covers_from: row.maybe_parsed(6, "a date")?,
        correction: row.int(7)? != 0,
        client: row.text(8)?,
        digest: row.text(9)?,
        bytes: row.int(10)?,
        format: row.text(11)?,
        compression: row.text(12)?,
        contract: row.text(13)?,
        state: row.parsed(14, "a submission's state")?,
        verdict: row.maybe_parsed(15, "a verdict")?,
        held_reason: row.maybe_text(16)?,
        counts: row.maybe_json(17, "counts")?,
        received_at: row.time(18)?,
        decided_at: row.maybe_time(19)?,
    })
}
