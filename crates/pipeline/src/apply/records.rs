//! Record versions: what is no longer believed is closed first, what is believed from now on is loaded after.

use hub_store::submission::Submission;
use hub_store::{Tx, record};

use super::Touched;
use crate::validate::{Change, ChangeKind, Judged};
use crate::{Fault, Hub};

/// Keys per statement.
const BATCH: usize = 2_000;

/// Writes what a judged submission changes; says which children it touches.
pub(super) async fn write(hub: &Hub, tx: &mut Tx, kept: &Submission, judged: &mut Judged) -> Result<Touched, Fault> {
    let mut touched = Touched::start(hub, tx, kept).await?;
    let overtaken = overtaken(tx, kept, judged).await?;
    close(tx, kept, judged).await?;
    for key in &judged.absent {
        touched.key(key);
    }
    let mut loader = record::Loader::new(kept.authority, kept.dataset, kept.seq, kept.as_at);
    let mut change = Change::default();
    let mut replay = judged.changes.replay(&judged.outcome.excluded)?;
    while replay.next_into(&mut change)? {
        match change.kind {
            ChangeKind::Open if overtaken.binary_search(&change.key).is_ok() => {}
            ChangeKind::Open | ChangeKind::Amend => {
                touched.row(&change);
                loader.push(tx, &change.key, change.fingerprint, &change.body).await?;
            }
            ChangeKind::Close | ChangeKind::Delete => touched.key(&change.key),
            ChangeKind::Touch => {}
        }
    }
    loader.finish(tx).await?;
    Ok(touched)
}

/// Closes what is absent, deleted or amended, and moves the date of what was confirmed.
async fn close(tx: &mut Tx, kept: &Submission, judged: &mut Judged) -> Result<(), Fault> {
    for keys in judged.absent.chunks(BATCH) {
        record::close(tx, kept.authority, kept.dataset, kept.seq, keys).await?;
    }
    let (mut ending, mut touching, mut deleted) = (Vec::new(), Vec::new(), Vec::new());
    let mut change = Change::default();
    let mut replay = judged.changes.replay(&judged.outcome.excluded)?;
    while replay.next_into(&mut change)? {
        match change.kind {
            ChangeKind::Amend | ChangeKind::Close => ending.push(std::mem::take(&mut change.key)),
            ChangeKind::Touch => touching.push(std::mem::take(&mut change.key)),
            ChangeKind::Delete => {
                ending.push(change.key.clone());
                deleted.push(std::mem::take(&mut change.key));
            }
            ChangeKind::Open => {}
        }
        if ending.len() >= BATCH {
            record::close(tx, kept.authority, kept.dataset, kept.seq, &ending).await?;
            ending.clear();
        }
        if touching.len() >= BATCH {
            record::touch(tx, kept.authority, kept.dataset, kept.as_at, &touching).await?;
            touching.clear();
        }
    }
    record::close(tx, kept.authority, kept.dataset, kept.seq, &ending).await?;
    record::touch(tx, kept.authority, kept.dataset, kept.as_at, &touching).await?;
    bury(tx, kept, &deleted).await
}

/// For a late submission: keys it would open of which a later one has said something, if only that they are gone. Sorted.
async fn overtaken(tx: &mut Tx, kept: &Submission, judged: &mut Judged) -> Result<Vec<String>, Fault> {
    let mut overtaken = Vec::new();
    if !judged.late {
        return Ok(overtaken);
    }
    let mut change = Change::default();
    let mut opening = Vec::new();
    let mut replay = judged.changes.replay(&judged.outcome.excluded)?;
    while replay.next_into(&mut change)? {
        if change.kind == ChangeKind::Open {
            opening.push(std::mem::take(&mut change.key));
        }
    }
    for keys in opening.chunks(BATCH) {
        let said = record::last_said(tx, kept.authority, kept.dataset, keys).await?;
        overtaken.extend(said.into_iter().filter(|(_, as_at)| *as_at > kept.as_at).map(|(key, _)| key));
    }
    overtaken.sort_unstable();
    Ok(overtaken)
}

/// Remembers what was said to be gone: each leaves a version that was never believed, so that a submission of an older date that comes
/// later does not bring the record back.
async fn bury(tx: &mut Tx, kept: &Submission, keys: &[String]) -> Result<(), Fault> {
    let mut loader = record::Loader::new(kept.authority, kept.dataset, kept.seq, kept.as_at);
    for key in keys {
        loader.push(tx, key, [0; 16], "").await?;
    }
    loader.finish(tx).await?;
    record::close(tx, kept.authority, kept.dataset, kept.seq, keys).await?;
    Ok(())
}
