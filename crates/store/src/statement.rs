//! What placing authorities stated of their notices: append-only, under the placing authority.

use std::fmt;

use hub_domain::{AuthorityCode, Timestamp};
use hub_notices::StatementKind;
use uuid::Uuid;

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    APPEND = "statement.append",
        "INSERT INTO statement (authority, notice, n, id, kind, provisional, at, client, key_id, body) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    OF_NOTICE = "statement.of_notice",
        "SELECT authority, notice, n, id, kind, provisional, at, client, key_id, body FROM statement \
         WHERE authority = $1 AND notice = $2 ORDER BY n";
    FIND = "statement.find",
        "SELECT authority, notice, n, id, kind, provisional, at, client, key_id, body FROM statement \
         WHERE authority = $1 AND id = $2";
    LAST = "statement.last",
        "SELECT COALESCE(MAX(n), 0) AS n FROM statement WHERE authority = $1 AND notice = $2";
}

/// One statement.
#[derive(Clone, PartialEq, Eq)]
pub struct StatementRow {
    /// The placing authority.
    pub authority: AuthorityCode,
    /// The notice it is about.
    pub notice: Uuid,
    /// Its place among the statements of the notice, from 1.
    pub n: i64,
    /// Unique everywhere.
    pub id: Uuid,
    /// What it does.
    pub kind: StatementKind,
    /// Not given yet.
    pub provisional: bool,
    /// When the hub had it.
    pub at: Timestamp,
    /// The client that said it.
    pub client: String,
    /// The key by which it proved that it is; `None` where it has a secret, and of statements older than the column.
    pub key_id: Option<String>,
    /// `hub_notices::Statement` as JSON: all that was said once it was said.
    pub body: String,
}

impl fmt::Debug for StatementRow {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatementRow")
            .field("authority", &self.authority)
            .field("notice", &self.notice)
            .field("n", &self.n)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Appends a statement. One with its place is [`StoreError::Unique`]: somebody else was quicker.
pub async fn append(tx: &mut Tx, row: &StatementRow) -> Result<(), StoreError> {
    let (notice, id) = (row.notice.to_string(), row.id.to_string());
    let at = row.at.as_microsecond();
    let kind = row.kind.as_str();
    let authority = row.authority.as_str();
    let key_id = row.key_id.as_deref();
    let values = args![authority, &notice, row.n, &id, kind, row.provisional, at, &row.client, key_id, &row.body];
    tx.run(&APPEND, values).await?;
    Ok(())
}

/// Every statement of a notice, oldest first. A host first finds the notice for itself.
pub async fn of_notice(link: &mut Link, placing: AuthorityCode, notice: Uuid) -> Result<Vec<StatementRow>, StoreError> {
    link.all(&OF_NOTICE, args![placing.as_str(), &notice.to_string()]).await?.iter().map(read).collect()
}

/// The placing authority's statement of this id.
pub async fn find(link: &mut Link, placing: AuthorityCode, id: Uuid) -> Result<Option<StatementRow>, StoreError> {
    link.maybe(&FIND, args![placing.as_str(), &id.to_string()]).await?.as_ref().map(read).transpose()
}

/// How many statements a notice has.
pub async fn last(link: &mut Link, placing: AuthorityCode, notice: Uuid) -> Result<i64, StoreError> {
    let row = link.maybe(&LAST, args![placing.as_str(), &notice.to_string()]).await?;
    row.map_or(Ok(0), |row| row.int(0))
}

fn read(row: &Row) -> Result<StatementRow, StoreError> {
    Ok(StatementRow {
        authority: row.parsed(0, "an authority code")?,
        notice: row.parsed(1, "an id")?,
        n: row.int(2)?,
        id: row.parsed(3, "an id")?,
        kind: row.parsed(4, "a type of statement")?,
        provisional: row.int(5)? != 0,
        at: row.time(6)?,
        client: row.text(7)?,
        key_id: row.maybe_text(8)?,
        body: row.text(9)?,
    })
}
