//! Many new versions at once.

use std::fmt;

use hub_domain::{AuthorityCode, Dataset, Date};

use crate::db::{Batch, Constants};
use crate::{StoreError, Tx};

/// Opens versions under one submission, in batches. Rows may come in any order; rows that come in order of key are
/// written faster. Nothing is certain until [`Loader::finish`].
pub struct Loader {
    constants: Constants,
    batch: Batch,
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
        Self { constants, batch: Batch::default(), written: 0 }
    }

    /// Adds a version. A key that is believed already is [`StoreError::Unique`], here or later.
    pub async fn push(
        &mut self,
        tx: &mut Tx,
        key: &str,
        fingerprint: [u8; 16],
        body: &str,
    ) -> Result<(), StoreError> {
        if self.batch.is_full() {
            // Boxed, so that the future of a push that only copies stays small.
            Box::pin(self.flush(tx)).await?;
        }
        self.batch.add(key, fingerprint, body);
        Ok(())
    }

    /// Writes what is still held; how many versions were written in all.
    pub async fn finish(mut self, tx: &mut Tx) -> Result<u64, StoreError> {
        self.flush(tx).await?;
        Ok(self.written)
    }

    async fn flush(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        self.written += tx.load(&self.constants, &mut self.batch).await?;
        Ok(())
    }
}
