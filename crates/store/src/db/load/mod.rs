//! Bulk writing of record versions: `COPY` on PostgreSQL, hundreds of rows per statement on SQLite.

mod batch;
mod copy;
mod insert;

use super::link::Inner;
use super::{StoreError, Tx};
use crate::boxed;

pub(crate) use batch::Batch;
pub(super) use copy::{HEAD, TAIL, field};
pub(super) use insert::bind;

/// What every row of a load shares.
pub(crate) struct Constants {
    pub(crate) authority: String,
    pub(crate) dataset: &'static str,
    pub(crate) known_from: i64,
    pub(crate) as_at: String,
}

impl Tx {
    /// Writes the batch, in its order, and empties it.
    #[boxed]
    pub(crate) async fn load(&mut self, constants: &Constants, batch: &mut Batch) -> Result<u64, StoreError> {
        if batch.is_empty() {
            return Ok(0);
        }
        let written = match &mut self.0.0 {
            Inner::Sqlite(connection) => insert::insert(connection, constants, batch).await,
            Inner::SqliteTx(connection) => insert::insert(connection, constants, batch).await,
            Inner::Postgres(connection) => copy::copy(connection, constants, batch).await,
            Inner::PostgresTx(connection) => copy::copy(connection, constants, batch).await,
        }?;
        batch.clear();
        Ok(written)
    }
}
