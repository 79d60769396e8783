//! A table as Parquet. Only this room names the crate, whose versions are many; without the feature `parquet` there is none,
//! and who asks for it is told.

#[cfg(test)]
#[cfg(feature = "parquet")]
mod tests;
#[cfg(feature = "parquet")]
mod write;

use std::sync::Arc;

use bytes::Bytes;
#[cfg(feature = "parquet")]
pub(super) use write::write;

use super::PublishedTable;
use super::sheet::Sheet;
use crate::{Fault, Hub, boxed};

/// Whether this build writes Parquet.
pub(super) const WRITES_PARQUET: bool = cfg!(feature = "parquet");

/// The table as a Parquet file, made when it is first asked for and kept as long as the table is served.
#[boxed]
pub async fn to_parquet(hub: &Arc<Hub>, table: &PublishedTable) -> Result<Bytes, Fault> {
    if let Some(made) = table.parquet.get() {
        return Ok(made.clone());
    }
    let (json, kept) = (table.json.clone(), Arc::clone(&table.parquet));
    hub.blocking(move || {
        let made = Bytes::from(write(&Sheet::read(&json)?)?);
        Ok(kept.get_or_init(|| made).clone())
    })
    .await?
}

#[cfg(not(feature = "parquet"))]
pub(super) fn write(_: &Sheet) -> Result<Vec<u8>, Fault> {
    Err(Fault::Inconsistent("Parquet asked of a build without it"))
}
