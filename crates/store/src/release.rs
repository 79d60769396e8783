//! Releases: what was published, as it was published. A release never changes.

use std::collections::BTreeMap;

use hub_domain::{Date, Timestamp};
use uuid::Uuid;

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

/// The columns that [`read`] reads, in its order.
macro_rules! columns {
    () => {
        "id, number, as_at, published_at, digest, reason, basis, summary, audience"
    };
}

statements! {
    NEXT = "release.next_number",
        "SELECT CAST(COALESCE(MAX(number), 0) + 1 AS BIGINT) AS number FROM release WHERE audience = $1";
    INSERT = "release.insert",
        "INSERT INTO release (id, number, as_at, published_at, digest, reason, basis, summary, audience) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    INSERT_TABLE = "release.insert_table",
        "INSERT INTO release_table (release, name, json, csv, digest) VALUES ($1, $2, $3, $4, $5)";
    LATEST = "release.latest",
        concat!("SELECT ", columns!(), " FROM release WHERE audience = $1 ORDER BY number DESC LIMIT 1");
    FIND = "release.find",
        concat!("SELECT ", columns!(), " FROM release WHERE id = $1");
    LIST = "release.list",
        concat!("SELECT ", columns!(), " FROM release WHERE audience = $1 AND number < $2 AND as_at >= $4 AND as_at < $5 \
         ORDER BY number DESC LIMIT $3");
    TABLES = "release.tables",
        "SELECT name, json, csv, digest FROM release_table WHERE release = $1";
    TABLE = "release.table",
        "SELECT name, json, csv, digest FROM release_table WHERE release = $1 AND name = $2";
    EDITIONS = "release.editions",
        "SELECT r.id, r.number, r.as_at, t.digest, CAST(LENGTH(t.json) AS BIGINT) AS bytes FROM release AS r \
         JOIN release_table AS t ON t.release = r.id AND t.name = $2 \
         WHERE r.audience = $1 AND r.as_at >= $3 AND r.as_at < $4 AND r.number > $5 \
         AND (CAST($7 AS BIGINT) = 0 OR NOT EXISTS (SELECT 1 FROM release AS l WHERE l.audience = r.audience \
         AND l.as_at = r.as_at AND l.number > r.number)) ORDER BY r.number LIMIT $6";
    BEGAN = "release.began",
        "SELECT t.name, MIN(r.as_at) AS began FROM release AS r JOIN release_table AS t ON t.release = r.id \
         WHERE r.audience = $1 GROUP BY t.name";
    REMEMBER = "release.remember",
        "INSERT INTO release_gate (audience, number, policy, memory, inputs) VALUES ($1, $2, $3, $4, $5)";
    MEMORIES = "release.memories",
        "SELECT memory FROM release_gate WHERE audience = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
    PASSED = "release.passed",
        "SELECT policy, memory, inputs FROM release_gate WHERE audience = $1 AND number = $2";
}

/// The audience of releases unless another is named: the authorities that take part.
pub const CONSORTIUM: &str = "consortium";
/// Anybody at all.
pub const PUBLIC: &str = "public";

/// A release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Unique.
    pub id: Uuid,
    /// Counts the releases of its audience, from 1.
    pub number: i64,
    /// The business date it describes.
    pub as_at: Date,
    /// When it was published.
    pub published_at: Timestamp,
    /// Digest of all its tables: the ETag.
    pub digest: String,
    /// Why it was made: `schedule`, `request`, …
    pub reason: String,
    /// Per authority, the submission sequence it read up to; JSON.
    pub basis: String,
    /// What it says in brief; JSON.
    pub summary: String,
    /// Whom it is for: [`CONSORTIUM`] or [`PUBLIC`].
    pub audience: String,
}

/// Days, the first among them and the last not: what a reporting tool's partition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first of them.
    pub from: Date,
    /// The first after them.
    pub to: Date,
}

impl Days {
    /// Every day that a release can be of.
    pub const ALL: Self = Self { from: Date::constant(1, 1, 1), to: Date::MAX };
}

/// Which of the releases of one day are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Which {
    /// Each of them.
    #[default]
    Every,
    /// The one published last: what that day came to.
    Last,
}

/// A table as one release has it, its bytes left where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// The release.
    pub release: Uuid,
    /// The release's number.
    pub number: i64,
    /// The business date it describes.
    pub as_at: Date,
    /// The table's digest.
    pub digest: String,
    /// Bytes of its JSON.
    pub bytes: i64,
}

/// What the gate keeps of a release.
#[derive(Clone, PartialEq, Eq)]
pub struct Passed {
    /// The policy it passed; JSON.
    pub policy: String,
    /// What it printed and hid by cell, compressed. No hidden count is in it.
    pub memory: Vec<u8>,
    /// What was read for it that no record keeps as it was known, compressed.
    pub inputs: Vec<u8>,
}

impl std::fmt::Debug for Passed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passed").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// A table of a release, as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableBytes {
    /// Its name, such as `market_gaps`.
    pub name: String,
    /// As JSON.
    pub json: Vec<u8>,
    /// As CSV.
    pub csv: Vec<u8>,
    /// Its own digest.
    pub digest: String,
}

/// The number of the audience's next release. Of two made at once, the slower's [`insert`] is [`StoreError::Unique`].
pub async fn next_number(link: &mut Link, audience: &str) -> Result<i64, StoreError> {
    link.maybe(&NEXT, args![audience]).await?.map_or(Ok(1), |row| row.int(0))
}

/// Keeps a release, whole.
pub async fn insert(tx: &mut Tx, release: &Release, tables: &[TableBytes]) -> Result<(), StoreError> {
    let Release { id, number, as_at, published_at, digest, reason, basis, summary, audience } = release;
    let (id, as_at) = (id.to_string(), as_at.to_string());
    let at = published_at.as_microsecond();
    tx.run(&INSERT, args![&id, *number, &as_at, at, digest, reason, basis, summary, audience]).await?;
    for table in tables {
        let TableBytes { name, json, csv, digest } = table;
        tx.run(&INSERT_TABLE, args![&id, name, json.as_slice(), csv.as_slice(), digest]).await?;
    }
    Ok(())
}

/// Keeps what the gate must remember of the audience's release of that number.
pub async fn remember(tx: &mut Tx, audience: &str, number: i64, passed: &Passed) -> Result<(), StoreError> {
    let Passed { policy, memory, inputs } = passed;
    tx.run(&REMEMBER, args![audience, number, policy, memory.as_slice(), inputs.as_slice()]).await?;
    Ok(())
}

/// What the gate remembers of the audience's last releases below `number`, the latest first.
pub async fn memories(link: &mut Link, audience: &str, number: i64, limit: i64) -> Result<Vec<Vec<u8>>, StoreError> {
    link.all(&MEMORIES, args![audience, number, limit]).await?.iter().map(|row| row.bytes(0)).collect()
}

/// What the gate kept of one release; none for a release made before it kept anything.
pub async fn passed(link: &mut Link, audience: &str, number: i64) -> Result<Option<Passed>, StoreError> {
    let read = |row: Row| Ok(Passed { policy: row.text(0)?, memory: row.bytes(1)?, inputs: row.bytes(2)? });
    link.maybe(&PASSED, args![audience, number]).await?.map(read).transpose()
}

/// The audience's release published last.
pub async fn latest(link: &mut Link, audience: &str) -> Result<Option<Release>, StoreError> {
    link.maybe(&LATEST, args![audience]).await?.as_ref().map(read).transpose()
}

/// The release of this id.
pub async fn find(link: &mut Link, id: Uuid) -> Result<Option<Release>, StoreError> {
    link.maybe(&FIND, args![&id.to_string()]).await?.as_ref().map(read).transpose()
}

/// The audience's releases with a number below `before`, or all, latest first.
pub async fn list(
    link: &mut Link,
    audience: &str,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Release>, StoreError> {
    list_of(link, audience, Days::ALL, (before, limit)).await
}

/// The same of those that are true of these days; `(before, limit)` as there.
pub async fn list_of(
    link: &mut Link,
    audience: &str,
    days: Days,
    (before, limit): (Option<i64>, i64),
) -> Result<Vec<Release>, StoreError> {
    let (from, to) = (days.from.to_string(), days.to.to_string());
    let values = args![audience, before.unwrap_or(i64::MAX), limit, &from, &to];
    link.all(&LIST, values).await?.iter().map(read).collect()
}

/// One table in the audience's releases that are true of these days and have it: those numbered after `after`, at most
/// `limit`, in the order of their numbers.
pub async fn editions(
    link: &mut Link,
    (audience, table): (&str, &str),
    (days, which): (Days, Which),
    (after, limit): (i64, i64),
) -> Result<Vec<Edition>, StoreError> {
    let (from, to) = (days.from.to_string(), days.to.to_string());
    let values = args![audience, table, &from, &to, after, limit, which == Which::Last];
    let read = |row: &Row| {
        let (release, as_at) = (row.parsed(0, "an id")?, row.parsed(2, "a date")?);
        Ok(Edition { release, number: row.int(1)?, as_at, digest: row.text(3)?, bytes: row.int(4)? })
    };
    link.all(&EDITIONS, values).await?.iter().map(read).collect()
}

/// The first day that the audience's releases describe, of each table by name.
pub async fn began(link: &mut Link, audience: &str) -> Result<BTreeMap<String, Date>, StoreError> {
    let read = |row: &Row| Ok((row.text(0)?, row.parsed(1, "a date")?));
    link.all(&BEGAN, args![audience]).await?.iter().map(read).collect()
}

/// One table of a release.
pub async fn table(link: &mut Link, id: Uuid, name: &str) -> Result<Option<TableBytes>, StoreError> {
    link.maybe(&TABLE, args![&id.to_string(), name]).await?.as_ref().map(read_table).transpose()
}

/// The tables of a release, by name.
pub async fn tables(link: &mut Link, id: Uuid) -> Result<Vec<TableBytes>, StoreError> {
    let rows = link.all(&TABLES, args![&id.to_string()]).await?;
    let mut tables: Vec<TableBytes> = rows.iter().map(read_table).collect::<Result<_, _>>()?;
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(tables)
}

fn read_table(row: &Row) -> Result<TableBytes, StoreError> {
    Ok(TableBytes { name: row.text(0)?, json: row.bytes(1)?, csv: row.bytes(2)?, digest: row.text(3)? })
}

fn read(row: &Row) -> Result<Release, StoreError> {
    Ok(Release {
        id: row.parsed(0, "an id")?,
        number: row.int(1)?,
        as_at: row.parsed(2, "a date")?,
        published_at: row.time(3)?,
        digest: row.text(4)?,
        reason: row.text(5)?,
        basis: row.text(6)?,
        summary: row.text(7)?,
        audience: row.text(8)?,
    })
}
