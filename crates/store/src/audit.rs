//! What was done to records other than by a feed: a chain of entries for each authority, appended and never changed. How an
//! entry is linked to the one before it is the use case's business; here it is kept.

use std::fmt;

use hub_domain::{AuthorityCode, Dataset, Timestamp};

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    APPEND = "audit.append",
        "INSERT INTO audit (authority, n, at, actor, action, subject, detail, link) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    LAST = "audit.last",
        "SELECT authority, n, at, actor, action, subject, detail, link FROM audit WHERE authority = $1 \
         ORDER BY n DESC LIMIT 1";
    PAGE = "audit.page",
        "SELECT authority, n, at, actor, action, subject, detail, link FROM audit WHERE authority = $1 AND n > $2 \
         ORDER BY n LIMIT $3";
    WHOSE = "audit.whose",
        "SELECT DISTINCT authority FROM audit ORDER BY authority";
    FORGET = "audit.forget",
        "INSERT INTO forgotten (authority, dataset, seq, at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (authority, dataset) DO UPDATE SET seq = excluded.seq, at = excluded.at";
    FORGOTTEN = "audit.forgotten",
        "SELECT seq FROM forgotten WHERE authority = $1 AND dataset = $2";
}

/// An entry. Holds nothing of a child: a subject that is one is named by a digest.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose records.
    pub authority: AuthorityCode,
    /// From 1, without a gap.
    pub n: i64,
    /// When.
    pub at: Timestamp,
    /// Who: a client, `operator` at the command line, or the schedule.
    pub actor: String,
    /// What, such as `retention.deleted`.
    pub action: String,
    /// To what.
    pub subject: String,
    /// The rest, JSON.
    pub detail: String,
    /// SHA-256 of the entry before this one and of this one: 32 bytes.
    pub link: Vec<u8>,
}

impl fmt::Debug for Entry {
    /// Without the subject and the detail: they are not for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("authority", &self.authority)
            .field("n", &self.n)
            .field("at", &self.at)
            .field("action", &self.action)
            .finish_non_exhaustive()
    }
}

/// Adds an entry. A number that is taken is [`StoreError::Unique`]: another transaction was quicker.
pub async fn append(tx: &mut Tx, entry: &Entry) -> Result<(), StoreError> {
    let (authority, at, link) = (entry.authority.as_str(), entry.at.as_microsecond(), entry.link.as_slice());
    let values = args![authority, entry.n, at, &entry.actor, &entry.action, &entry.subject, &entry.detail, link];
    tx.run(&APPEND, values).await?;
    Ok(())
}

/// The authority's last entry.
pub async fn last(link: &mut Link, authority: AuthorityCode) -> Result<Option<Entry>, StoreError> {
    link.maybe(&LAST, args![authority.as_str()]).await?.as_ref().map(read).transpose()
}

/// The authority's entries after number `n`, in order.
pub async fn page(link: &mut Link, authority: AuthorityCode, n: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    link.all(&PAGE, args![authority.as_str(), n, limit]).await?.iter().map(read).collect()
}

/// Every authority that has entries.
pub async fn whose(link: &mut Link) -> Result<Vec<AuthorityCode>, StoreError> {
    link.all(&WHOSE, args![]).await?.iter().map(|row| row.parsed(0, "an authority code")).collect()
}

/// Remembers that versions of a feed superseded up to number `seq` are kept no longer.
pub async fn forget(
    tx: &mut Tx,
    (authority, dataset): (AuthorityCode, Dataset),
    seq: i64,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(&FORGET, args![authority.as_str(), dataset.as_str(), seq, at.as_microsecond()]).await?;
    Ok(())
}

/// Up to which number the feed's superseded versions are kept no longer; nought while all are kept.
pub async fn forgotten(link: &mut Link, authority: AuthorityCode, dataset: Dataset) -> Result<i64, StoreError> {
    let row = link.maybe(&FORGOTTEN, args![authority.as_str(), dataset.as_str()]).await?;
    row.map_or(Ok(0), |row| row.int(0))
}

fn read(row: &Row) -> Result<Entry, StoreError> {
    Ok(Entry {
        authority: row.parsed(0, "an authority code")?,
        n: row.int(1)?,
        at: row.time(2)?,
        actor: row.text(3)?,
        action: row.text(4)?,
        subject: row.text(5)?,
        detail: row.text(6)?,
        link: row.bytes(7)?,
    })
}
