//! Record versions: what is no longer believed is closed first, what is believed from now on is loaded after.

use hub_store::submission::Submission;
use hub_store::{Tx, record};

use super::Touched;
use crate::Fault;
use crate::validate::{Change, ChangeKind, Delta};

/// Keys per statement.
const BATCH: usize = 2_000;

/// Writes what changes about the feed of `kept` under its number, `kept.seq`; says which children it touches.
pub(crate) async fn write(tx: &mut Tx, kept: &Submission, delta: &mut Delta) -> Result<Touched, Fault> {
    let mut touched = Touched::start(tx, kept).await?;
    close(tx, kept, delta).await?;
    for key in &delta.absent {
        touched.key(key);
    }
    let mut loader = record::Loader::new(kept.authority, kept.dataset, kept.seq, kept.as_at);
    let mut change = Change::default();
    let mut replay = delta.changes.replay(&delta.excluded)?;
    while replay.next_into(&mut change)? {
        match change.kind {
            ChangeKind::Open | ChangeKind::Amend => {
                touched.row(&change);
                loader.push(tx, &change.key, change.fingerprint, &change.body).await?;
            }
            ChangeKind::Close => touched.key(&change.key),
        }
    }
    loader.finish(tx).await?;
    Ok(touched)
}

/// Closes what is absent, deleted or amended.
async fn close(tx: &mut Tx, kept: &Submission, delta: &mut Delta) -> Result<(), Fault> {
    for keys in delta.absent.chunks(BATCH) {
        record::close(tx, kept.authority, kept.dataset, kept.seq, keys).await?;
    }
    let mut ending = Vec::new();
    let mut change = Change::default();
    let mut replay = delta.changes.replay(&delta.excluded)?;
    while replay.next_into(&mut change)? {
        if change.kind != ChangeKind::Open {
            ending.push(std::mem::take(&mut change.key));
        }
        if ending.len() == BATCH {
            record::close(tx, kept.authority, kept.dataset, kept.seq, &ending).await?;
            ending.clear();
        }
    }
    record::close(tx, kept.authority, kept.dataset, kept.seq, &ending).await?;
    Ok(())
}
