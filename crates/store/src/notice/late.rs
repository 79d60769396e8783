//! Notices that have not reached their hosts, by whatever way: a webhook answered, or the host's own read.

use hub_domain::{AuthorityCode, Timestamp};

use super::NoticeRow;
use super::row::{columns, read};
use crate::batch::{ROWS, batch, by_authority, rows};
use crate::db::{args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    /// A host that was never told of a notice is not waiting to hear that it was taken back. Begins as its index does.
    LATE = "notice.late",
        concat!("SELECT ", columns!(), " FROM notice WHERE issued = 1 AND delivered_version < version \
                 AND late_version < version AND issued_at <= $1 AND (state <> 'withdrawn' OR delivered_version > 0) \
                 ORDER BY issued_at, id LIMIT $2");
    TELL = "notice.tell_late",
        concat!("WITH told AS MATERIALIZED (SELECT r.value ->> 0 AS id, CAST(r.value ->> 1 AS BIGINT) AS version FROM ",
                rows!(), ") UPDATE notice SET late_version = told.version FROM told \
                 WHERE notice.authority = $1 AND notice.id = told.id AND notice.version = told.version");
    AUTHORITIES = "notice.authorities",
        "SELECT DISTINCT authority FROM notice ORDER BY authority";
}

/// Notices of all authorities whose latest version was issued by `issued_by`, has not reached its host, and of which the
/// placing authority has not been told so; the longest late first.
pub async fn late(link: &mut Link, issued_by: Timestamp, limit: i64) -> Result<Vec<NoticeRow>, StoreError> {
    link.all(&LATE, args![issued_by.as_microsecond(), limit]).await?.iter().map(read).collect()
}

/// Remembers that the placing authorities have been told that these versions are late. Nobody else's writing meets it.
pub async fn tell_late(tx: &mut Tx, late: &[NoticeRow]) -> Result<(), StoreError> {
    for (authority, group) in by_authority(late, |notice| notice.authority) {
        for chunk in group.chunks(ROWS) {
            let rows = batch(chunk.iter().map(|notice| (notice.id, notice.version)))?;
            tx.run(&TELL, args![authority.as_str(), &rows]).await?;
        }
    }
    Ok(())
}

/// Every authority that has placed a child of whom there is a notice, whether it takes part or not.
pub async fn authorities(link: &mut Link) -> Result<Vec<AuthorityCode>, StoreError> {
    link.all(&AUTHORITIES, args![]).await?.iter().map(|row| row.parsed(0, "an authority code")).collect()
}
