//! How good each decided submission was, once for each.

use hub_domain::{AuthorityCode, Dataset, Timestamp};
use uuid::Uuid;

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    KEEP = "trend.keep",
        "INSERT INTO trend (authority, submission, dataset, received_at, body) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (authority, submission) DO NOTHING";
    SINCE = "trend.since",
        "SELECT authority, submission, dataset, received_at, body FROM trend \
         WHERE authority = $1 AND received_at >= $2 ORDER BY dataset, received_at, submission";
    UNMEASURED = "trend.unmeasured",
        "SELECT s.authority, s.id FROM submission s WHERE s.state = 'decided' \
         AND s.verdict IN ('accepted', 'accepted_with_findings', 'rejected', 'superseded') AND s.received_at >= $1 \
         AND NOT EXISTS (SELECT 1 FROM trend t WHERE t.authority = s.authority AND t.submission = s.id) \
         ORDER BY s.received_at, s.id LIMIT $2";
    REOPENED = "trend.reopened",
        "SELECT COUNT(*) AS n FROM record r WHERE r.authority = $1 AND r.dataset = $2 AND r.known_from = $3 \
         AND EXISTS (SELECT 1 FROM record e WHERE e.authority = r.authority AND e.dataset = r.dataset AND e.key = r.key \
         AND e.known_to < r.known_from) \
         AND NOT EXISTS (SELECT 1 FROM record e WHERE e.authority = r.authority AND e.dataset = r.dataset AND e.key = r.key \
         AND e.known_to = r.known_from)";
}

/// What was measured of one submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Whose.
    pub authority: AuthorityCode,
    /// Which.
    pub submission: Uuid,
    /// Of what.
    pub dataset: Dataset,
    /// When it came.
    pub received_at: Timestamp,
    /// What was measured, JSON.
    pub body: String,
}

/// Keeps what was measured; nothing when that was kept before.
pub async fn keep(tx: &mut Tx, point: &Point) -> Result<(), StoreError> {
    let Point { authority, submission, dataset, received_at, body } = point;
    let submission = submission.to_string();
    let at = received_at.as_microsecond();
    tx.run(&KEEP, args![authority.as_str(), &submission, dataset.as_str(), at, body]).await?;
    Ok(())
}

/// What was measured of an authority's submissions that came since, by dataset, oldest first.
pub async fn since(link: &mut Link, authority: AuthorityCode, from: Timestamp) -> Result<Vec<Point>, StoreError> {
    link.all(&SINCE, args![authority.as_str(), from.as_microsecond()]).await?.iter().map(read).collect()
}

/// Decided submissions that came since and were not measured yet, oldest first.
pub async fn unmeasured(
    link: &mut Link,
    from: Timestamp,
    limit: i64,
) -> Result<Vec<(AuthorityCode, Uuid)>, StoreError> {
    let rows = link.all(&UNMEASURED, args![from.as_microsecond(), limit]).await?;
    rows.iter().map(|row| Ok((row.parsed(0, "an authority code")?, row.parsed(1, "an id")?))).collect()
}

/// Records that submission number `seq` opened under keys that had been closed before it.
pub async fn reopened(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    seq: i64,
) -> Result<u64, StoreError> {
    let row = link.maybe(&REOPENED, args![authority.as_str(), dataset.as_str(), seq]).await?;
    let count = row.map(|row| row.int(0)).transpose()?.unwrap_or(0);
    Ok(u64::try_from(count).unwrap_or(0))
}

fn read(row: &Row) -> Result<Point, StoreError> {
    Ok(Point {
        authority: row.parsed(0, "an authority code")?,
        submission: row.parsed(1, "an id")?,
        dataset: row.parsed(2, "a dataset")?,
        received_at: row.time(3)?,
        body: row.text(4)?,
    })
}
