//! Closing versions, and confirming them.

use hub_domain::{AuthorityCode, Dataset, Date};

use super::list::List;
use crate::db::args;
use crate::pairs::{RECORD_CLOSE, RECORD_TOUCH};
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
        closed += tx
            .run(&RECORD_CLOSE, args![authority.as_str(), dataset.as_str(), seq, piece.keys, piece.first, piece.last])
            .await?;
    }
    Ok(closed)
}

/// Sets the business date that these believed keys were last said of; how many there were.
pub async fn touch(
    tx: &mut Tx,
    authority: AuthorityCode,
    dataset: Dataset,
    as_at: Date,
    keys: &[String],
) -> Result<u64, StoreError> {
    let as_at = as_at.to_string();
    let mut touched = 0;
    for piece in List::of(keys).pieces() {
        touched += tx
            .run(
                &RECORD_TOUCH,
                args![authority.as_str(), dataset.as_str(), &as_at, piece.keys, piece.first, piece.last],
            )
            .await?;
    }
    Ok(touched)
}
