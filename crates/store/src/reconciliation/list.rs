//! What stands, what stood on a night, and what is over.

use hub_domain::{AuthorityCode, Date, Timestamp};
use hub_notices::reconcile::{DiscrepancyKind, Side};
use uuid::Uuid;

use super::{Kept, Run};
use crate::db::{Row, args, statements};
use crate::{Link, StoreError};

statements! {
    LIST = "reconciliation.list",
        "SELECT authority, id, side, kind, first_seen, seen_from, seen_to, last_seen, cleared, body FROM discrepancy \
         WHERE authority = $1 AND side = $2 AND seen_from <= $3 \
         AND ((CAST($4 AS BIGINT) = 1 AND (seen_to IS NULL OR seen_to > $3)) \
         OR (CAST($5 AS BIGINT) = 1 AND cleared = 1 AND seen_to <= $3)) \
         AND (CAST($6 AS TEXT) IS NULL OR kind = $6) \
         AND (seen_from, id) < ($7, $8) ORDER BY seen_from DESC, id DESC LIMIT $9";
    NIGHT = "reconciliation.night",
        "SELECT authority, at, night, standing, opened, cleared FROM reconciliation \
         WHERE authority = $1 AND night <= $2 ORDER BY night DESC, at DESC LIMIT 1";
    NIGHTS = "reconciliation.nights",
        "SELECT authority, at, night, standing, opened, cleared FROM reconciliation \
         WHERE authority = $1 ORDER BY at DESC LIMIT $2";
    LATEST = "reconciliation.latest",
        "SELECT r.authority, r.at, r.night, r.standing, r.opened, r.cleared FROM reconciliation AS r \
         WHERE r.at = (SELECT MAX(l.at) FROM reconciliation AS l WHERE l.authority = r.authority) ORDER BY r.authority";
}

/// Which night's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Night {
    /// As it stands now.
    Latest,
    /// As the run at that instant left it.
    Run(Timestamp),
}

/// Which discrepancies.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// From which side.
    pub side: Side,
    /// As of which night.
    pub night: Night,
    /// Those that stood then.
    pub standing: bool,
    /// Those that were over by then.
    pub cleared: bool,
    /// Of one kind.
    pub kind: Option<DiscrepancyKind>,
    /// Only those after this place in the list: the last row of the page before.
    pub before: Option<(Timestamp, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

/// What one authority sees of one side, latest first.
pub async fn list(link: &mut Link, authority: AuthorityCode, filter: &Filter) -> Result<Vec<Kept>, StoreError> {
    let at = match filter.night {
        Night::Latest => i64::MAX,
        Night::Run(at) => at.as_microsecond(),
    };
    // After every id, at the end of time.
    let (from, id) = filter.before.map_or((i64::MAX, "~".to_owned()), |(at, id)| (at.as_microsecond(), id.to_string()));
    let kind = filter.kind.map(DiscrepancyKind::as_str);
    let (standing, cleared) = (i64::from(filter.standing), i64::from(filter.cleared));
    let side = filter.side.as_str();
    let args = args![authority.as_str(), side, at, standing, cleared, kind, from, &id, filter.limit];
    link.all(&LIST, args).await?.iter().map(kept).collect()
}

/// The last run of an authority on or before a night.
pub async fn night(link: &mut Link, authority: AuthorityCode, night: Date) -> Result<Option<Run>, StoreError> {
    link.maybe(&NIGHT, args![authority.as_str(), &night.to_string()]).await?.as_ref().map(run).transpose()
}

/// The runs of an authority, latest first.
pub async fn nights(link: &mut Link, authority: AuthorityCode, limit: i64) -> Result<Vec<Run>, StoreError> {
    link.all(&NIGHTS, args![authority.as_str(), limit]).await?.iter().map(run).collect()
}

/// The last run of every authority, by code. For operators.
pub async fn latest(link: &mut Link) -> Result<Vec<Run>, StoreError> {
    link.all(&LATEST, args![]).await?.iter().map(run).collect()
}

fn run(row: &Row) -> Result<Run, StoreError> {
    Ok(Run {
        authority: row.parsed(0, "an authority code")?,
        at: row.time(1)?,
        night: row.parsed(2, "a date")?,
        standing: row.int(3)?,
        opened: row.int(4)?,
        cleared: row.int(5)?,
    })
}

fn kept(row: &Row) -> Result<Kept, StoreError> {
    Ok(Kept {
        authority: row.parsed(0, "an authority code")?,
        id: row.parsed(1, "an id")?,
        side: row.parsed(2, "a side")?,
        kind: row.parsed(3, "a kind of discrepancy")?,
        first_seen: row.time(4)?,
        seen_from: row.time(5)?,
        seen_to: row.maybe_time(6)?,
        last_seen: row.maybe_time(7)?,
        cleared: row.int(8)? != 0,
        body: row.text(9)?,
    })
}
