//! Many new versions at once.

use std::fmt;

use hub_domain::{AuthorityCode, Dataset, Date};

use super::runs::Runs;
use crate::db::{Batch, Constants};
use crate::{StoreError, Tx};

/// Bytes of rows sorted in memory.
const SORTED: usize = 24 << 20;

/// Opens versions under one submission, all of them in order of key: pseudonyms come in no order, and both databases
/// write neighbours several times faster than strangers. Rows that do come in order are written as they come; others are
/// sorted first, past a few megabytes by way of unlinked temporary files. Nothing is certain until [`Loader::finish`].
pub struct Loader {
    constants: Constants,
    batch: Batch,
    /// The greatest key written so far, while rows come in order.
    last: String,
    runs: Runs,
    written: u64,
}

impl fmt::Debug for Loader {
    /// How many rows, and none of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loader").field("written", &self.written).finish_non_exhaustive()
    }
}

impl Loader {
    /// A loader for versions that submission `seq` opens and that are said of `as_at`.
    pub fn new(authority: AuthorityCode, dataset: Dataset, seq: i64, as_at: Date) -> Self {
        let constants = Constants {
            authority: authority.to_string(),
            dataset: dataset.as_str(),
            known_from: seq,
            as_at: as_at.to_string(),
        };
        Self { constants, batch: Batch::default(), last: String::new(), runs: Runs::default(), written: 0 }
    }

    /// Adds a version. A key that is believed already is [`StoreError::Unique`], here or later.
    pub async fn push(&mut self, tx: &mut Tx, key: &str, fingerprint: [u8; 16], body: &str) -> Result<(), StoreError> {
        if self.batch.bytes() >= SORTED {
            // Boxed, so that the future of a push that only copies stays small.
            Box::pin(self.make_room(tx)).await?;
        }
        self.batch.add(key, fingerprint, body);
        Ok(())
    }

    /// Writes what is still held; how many versions were written in all.
    pub async fn finish(mut self, tx: &mut Tx) -> Result<u64, StoreError> {
        if self.runs.is_empty() {
            self.batch.sort();
            self.write(tx).await?;
            return Ok(self.written);
        }
        self.runs.spill(&mut self.batch).await?;
        self.batch = Batch::default();
        let mut merged = std::mem::take(&mut self.runs).merge();
        while let Some(batch) = merged.recv().await {
            self.batch = batch.map_err(StoreError::spooling)?;
            self.write(tx).await?;
        }
        Ok(self.written)
    }

    async fn make_room(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        if self.runs.is_empty() && self.batch.follows(&self.last) {
            self.last = self.batch.last_key().to_owned();
            return self.write(tx).await;
        }
        self.runs.spill(&mut self.batch).await
    }

    async fn write(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        self.written += tx.load(&self.constants, &mut self.batch).await?;
        Ok(())
    }
}
