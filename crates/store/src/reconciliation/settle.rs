//! Keeping what one reconciliation found for one authority.

use std::collections::{BTreeMap, HashMap};

use hub_domain::{AuthorityCode, Date, Timestamp};
use hub_notices::reconcile::{DiscrepancyKind, Side};
use serde::Serialize;
use uuid::Uuid;

use super::Run;
use crate::batch::{ROWS, batch, rows};
use crate::db::{args, statements};
use crate::{StoreError, Tx, submission};

statements! {
    STANDING = "reconciliation.standing",
        "SELECT id, first_seen, body FROM discrepancy WHERE authority = $1 AND seen_to IS NULL";
    LAST = "reconciliation.last",
        "SELECT at FROM reconciliation WHERE authority = $1 ORDER BY at DESC LIMIT 1";
    CLOSE = "reconciliation.close",
        concat!("UPDATE discrepancy SET seen_to = $3, last_seen = $4, cleared = $5 WHERE authority = $1 \
                 AND seen_to IS NULL AND id IN (SELECT r.value ->> 0 FROM ", rows!(), ")");
    OPEN = "reconciliation.open",
        concat!("INSERT INTO discrepancy (authority, id, side, kind, first_seen, seen_from, seen_to, last_seen, cleared, \
                 body) SELECT $1, r.value ->> 0, r.value ->> 1, r.value ->> 2, CAST(r.value ->> 3 AS BIGINT), \
                 CAST($3 AS BIGINT), NULL, NULL, 0, r.value ->> 4 FROM ", rows!());
    RAN = "reconciliation.ran",
        "INSERT INTO reconciliation (authority, at, night, standing, opened, cleared) VALUES ($1, $2, $3, $4, $5, $6)";
}

/// A discrepancy as a run finds it for one authority.
#[derive(Clone)]
pub struct Found {
    /// This authority's own id for it: the same every night.
    pub id: Uuid,
    /// From which side it looks.
    pub side: Side,
    /// What does not agree.
    pub kind: DiscrepancyKind,
    /// `hub_notices::reconcile::Discrepancy` as JSON.
    pub body: String,
}

/// What a run changed for one authority.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Discrepancies that stand.
    pub standing: i64,
    /// Of those, found for the first time.
    pub opened: i64,
    /// No longer found.
    pub cleared: i64,
}

/// Makes `found` what stands for an authority since `at`, and keeps the run. Each id at most once. Two runs of one
/// authority take turns; one that is not after the last is left out, and the answer is `None`.
pub async fn settle(
    tx: &mut Tx,
    authority: AuthorityCode,
    (night, at): (Date, Timestamp),
    found: &[Found],
) -> Result<Option<Run>, StoreError> {
    submission::lock(tx, authority).await?;
    let last = tx.maybe(&LAST, args![authority.as_str()]).await?.map(|row| row.time(0)).transpose()?;
    if last.is_some_and(|last| last >= at) {
        return Ok(None);
    }
    let diff = Diff::of(tx, authority, found).await?;
    let last = last.map(Timestamp::as_microsecond);
    for (ids, cleared) in [(&diff.gone, 1_i64), (&diff.reworded, 0)] {
        for chunk in ids.chunks(ROWS) {
            let rows = batch(chunk.iter().map(|id| (id,)))?;
            tx.run(&CLOSE, args![authority.as_str(), &rows, at.as_microsecond(), last, cleared]).await?;
        }
    }
    for chunk in diff.new.chunks(ROWS) {
        let first_seen = |found: &Found| diff.first_seen(found.id).unwrap_or(at).as_microsecond();
        let rows = batch(chunk.iter().map(|found| values(found, first_seen(found))))?;
        tx.run(&OPEN, args![authority.as_str(), &rows, at.as_microsecond()]).await?;
    }
    let count = |items: usize| i64::try_from(items).unwrap_or(i64::MAX);
    let run = Run {
        authority,
        at,
        night,
        standing: count(found.len()),
        opened: count(diff.new.len() - diff.reworded.len()),
        cleared: count(diff.gone.len()),
    };
    let (at, night) = (at.as_microsecond(), night.to_string());
    tx.run(&RAN, args![authority.as_str(), at, &night, run.standing, run.opened, run.cleared]).await?;
    Ok(Some(run))
}

/// How what is found differs from what stands.
struct Diff<'a> {
    /// Those that stood: when each was first seen, and its wording.
    stood: HashMap<Uuid, (Timestamp, String)>,
    new: Vec<&'a Found>,
    reworded: Vec<Uuid>,
    gone: Vec<Uuid>,
}

impl<'a> Diff<'a> {
    async fn of(tx: &mut Tx, authority: AuthorityCode, found: &'a [Found]) -> Result<Self, StoreError> {
        let mut stood = HashMap::new();
        for row in tx.all(&STANDING, args![authority.as_str()]).await? {
            stood.insert(row.parsed(0, "an id")?, (row.time(1)?, row.text(2)?));
        }
        let by_id: BTreeMap<Uuid, &Found> = found.iter().map(|found| (found.id, found)).collect();
        let same = |found: &Found| stood.get(&found.id).is_some_and(|(_, body)| *body == found.body);
        let new: Vec<&Found> = by_id.values().copied().filter(|found| !same(found)).collect();
        let reworded = new.iter().map(|found| found.id).filter(|id| stood.contains_key(id)).collect();
        let mut gone: Vec<Uuid> = stood.keys().copied().filter(|id| !by_id.contains_key(id)).collect();
        gone.sort_unstable();
        Ok(Self { stood, new, reworded, gone })
    }

    fn first_seen(&self, id: Uuid) -> Option<Timestamp> {
        self.stood.get(&id).map(|(first_seen, _)| *first_seen)
    }
}

/// In the order of the statement's positions.
fn values(found: &Found, first_seen: i64) -> impl Serialize {
    (found.id, found.side, found.kind, first_seen, &found.body)
}

impl std::fmt::Debug for Found {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Found").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}
