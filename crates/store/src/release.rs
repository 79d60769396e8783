//! Releases: what was published, as it was published. A release never changes.

use hub_domain::{Date, Timestamp};
use uuid::Uuid;

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

/// The columns that [`read`] reads, in its order.
macro_rules! columns {
    () => {
        "id, number, as_at, published_at, digest, reason, basis, summary"
    };
}

statements! {
    NEXT = "release.next_number",
        "SELECT CAST(COALESCE(MAX(number), 0) + 1 AS BIGINT) AS number FROM release";
    INSERT = "release.insert",
        "INSERT INTO release (id, number, as_at, published_at, digest, reason, basis, summary) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    INSERT_TABLE = "release.insert_table",
        "INSERT INTO release_table (release, name, json, csv, digest) VALUES ($1, $2, $3, $4, $5)";
    LATEST = "release.latest",
        concat!("SELECT ", columns!(), " FROM release ORDER BY number DESC LIMIT 1");
    FIND = "release.find",
        concat!("SELECT ", columns!(), " FROM release WHERE id = $1");
    LIST = "release.list",
        concat!("SELECT ", columns!(), " FROM release WHERE number < $1 ORDER BY number DESC LIMIT $2");
    TABLES = "release.tables",
        "SELECT name, json, csv, digest FROM release_table WHERE release = $1";
}

/// A release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Unique.
    pub id: Uuid,
    /// Counts releases, from 1.
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

/// The number of the next release. Of two made at once, the slower's [`insert`] is [`StoreError::Unique`].
pub async fn next_number(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.maybe(&NEXT, args![]).await?.map_or(Ok(1), |row| row.int(0))
}

/// Keeps a release, whole.
pub async fn insert(tx: &mut Tx, release: &Release, tables: &[TableBytes]) -> Result<(), StoreError> {
    let Release { id, number, as_at, published_at, digest, reason, basis, summary } = release;
    let (id, as_at) = (id.to_string(), as_at.to_string());
    let at = published_at.as_microsecond();
    tx.run(&INSERT, args![&id, *number, &as_at, at, digest, reason, basis, summary]).await?;
    for table in tables {
        let TableBytes { name, json, csv, digest } = table;
        tx.run(&INSERT_TABLE, args![&id, name, json.as_slice(), csv.as_slice(), digest]).await?;
    }
    Ok(())
}

/// The release published last.
pub async fn latest(link: &mut Link) -> Result<Option<Release>, StoreError> {
    link.maybe(&LATEST, args![]).await?.as_ref().map(read).transpose()
}

/// The release of this id.
pub async fn find(link: &mut Link, id: Uuid) -> Result<Option<Release>, StoreError> {
    link.maybe(&FIND, args![&id.to_string()]).await?.as_ref().map(read).transpose()
}

/// Releases with a number below `before`, or all, latest first.
pub async fn list(link: &mut Link, before: Option<i64>, limit: i64) -> Result<Vec<Release>, StoreError> {
    link.all(&LIST, args![before.unwrap_or(i64::MAX), limit]).await?.iter().map(read).collect()
}

/// The tables of a release, by name.
pub async fn tables(link: &mut Link, id: Uuid) -> Result<Vec<TableBytes>, StoreError> {
    let mut tables = Vec::new();
    for row in link.all(&TABLES, args![&id.to_string()]).await? {
        tables.push(TableBytes { name: row.text(0)?, json: row.bytes(1)?, csv: row.bytes(2)?, digest: row.text(3)? });
    }
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(tables)
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
    })
}
