//! What the pipeline asks before it plans: which children have notices, and several notices at once.

use hub_domain::{AuthorityCode, Date};
use uuid::Uuid;

use super::NoticeRow;
use super::row::{columns, read};
use crate::batch::{ROWS, batch, rows};
use crate::db::{Row, args, statements};
use crate::{Link, StoreError};

statements! {
    CHILDREN = "notice.children",
        "SELECT DISTINCT child_ref FROM notice WHERE authority = $1";
    BY_IDS = "notice.by_ids",
        concat!("SELECT ", columns!(), " FROM notice WHERE authority = $1 \
                 AND id IN (SELECT r.value ->> 0 FROM ", rows!(), ")");
    HELD = "notice.held",
        "SELECT DISTINCT authority, child_ref FROM notice WHERE state = 'held' ORDER BY authority, child_ref";
    ENDED_SINCE = "notice.ended_since",
        "SELECT DISTINCT authority, child_ref FROM notice WHERE state = 'ended' AND ended_on >= $1 \
         ORDER BY authority, child_ref";
    PLACERS = "notice.placers",
        "SELECT DISTINCT authority FROM notice ORDER BY authority";
    EACH = "notice.each",
        "SELECT body FROM notice WHERE authority = $1 AND state <> 'withdrawn'";
}

/// Hands over the body of every notice of a placing authority that it has not taken back, in no order, as they arrive.
pub async fn each<F>(link: &mut Link, placing: AuthorityCode, mut take: F) -> Result<(), StoreError>
where
    F: FnMut(&str) -> Result<(), StoreError> + Send,
{
    link.each(&EACH, args![placing.as_str()], |row| take(row.str(0)?)).await
}

/// Every authority that a notice is kept under: those that take part, and those that only a home has named.
pub async fn placers(link: &mut Link) -> Result<Vec<AuthorityCode>, StoreError> {
    link.all(&PLACERS, args![]).await?.iter().map(|row| row.parsed(0, "an authority code")).collect()
}

/// Every child of whom the placing authority has ever given notice.
pub async fn children(link: &mut Link, placing: AuthorityCode) -> Result<Vec<String>, StoreError> {
    link.all(&CHILDREN, args![placing.as_str()]).await?.iter().map(|row| row.text(0)).collect()
}

/// Every child with a notice that its host cannot be told, and who placed it.
pub async fn held(link: &mut Link) -> Result<Vec<(AuthorityCode, String)>, StoreError> {
    link.all(&HELD, args![]).await?.iter().map(child).collect()
}

/// Every child whose stay ended on or after a day, and who placed it.
pub async fn ended_since(link: &mut Link, since: Date) -> Result<Vec<(AuthorityCode, String)>, StoreError> {
    link.all(&ENDED_SINCE, args![&since.to_string()]).await?.iter().map(child).collect()
}

fn child(row: &Row) -> Result<(AuthorityCode, String), StoreError> {
    Ok((row.parsed(0, "an authority code")?, row.text(1)?))
}

/// The placing authority's notices of these ids, in order of id.
pub async fn by_ids(link: &mut Link, placing: AuthorityCode, ids: &[Uuid]) -> Result<Vec<NoticeRow>, StoreError> {
    let mut found = Vec::new();
    for chunk in ids.chunks(ROWS) {
        let chunk = batch(chunk.iter().map(|id| (id,)))?;
        for row in &link.all(&BY_IDS, args![placing.as_str(), &chunk]).await? {
            found.push(read(row)?);
        }
    }
    found.sort_by_key(|notice| notice.id);
    Ok(found)
}
