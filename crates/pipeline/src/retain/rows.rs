//! Versions of records that are no longer believed.

use hub_domain::{AuthorityCode, Dataset, Timestamp};
use hub_store::{Tx, audit, retention};

use super::{Due, Rule};
use crate::Fault;
use crate::receive::hex;

/// Deletes every version that was superseded before the instant. From then on what was believed before it cannot be told, and
/// whoever asks is told so.
pub(super) async fn delete(
    tx: &mut Tx,
    authority: AuthorityCode,
    before: Timestamp,
    now: Timestamp,
) -> Result<Vec<Due>, Fault> {
    let seq = retention::seq_at(tx, authority, before).await?;
    let mut all = Vec::new();
    for dataset in Dataset::ALL {
        let mut due = Due::of(format!("{}/{dataset}", Rule::Rows));
        let mut last = 0;
        retention::versions(tx, authority, dataset, seq, |key, (known_from, known_to), fingerprint| {
            last = last.max(known_to);
            due.add(&format!("{key} {known_from} {}", hex(fingerprint)));
            Ok(())
        })
        .await?;
        if retention::drop_versions(tx, authority, dataset, seq).await? != due.sum.rows {
            return Err(Fault::Overtaken);
        }
        if due.sum.rows > 0 {
            audit::forget(tx, (authority, dataset), last, now).await?;
        }
        all.push(due);
    }
    Ok(all)
}
