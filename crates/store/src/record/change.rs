//! Closing versions.

use hub_domain::{AuthorityCode, Dataset};

use super::list::List;
use crate::db::args;
use crate::pairs::RECORD_CLOSE;
use crate::{StoreError, Tx};

/// Believes these keys no longer, from submission `seq` on; how many were believed.
pub async fn close(
    tx: &mut Tx,
    authority: AuthorityCode,
    dataset: Dataset,
    seq: i64,
    keys: &[String],
) -> Result<u64, StoreError> {
    let mut closed = 0;
    for piece in List::of(keys).pieces() {
        closed += tx.run(&RECORD_CLOSE, args![authority.as_str(), dataset.as_str(), seq, piece]).await?;
    }
    Ok(closed)
}
