//! What the pipeline asks before it plans: which children have notices, and several notices at once.

use hub_domain::AuthorityCode;
use uuid::Uuid;

use super::NoticeRow;
use super::row::{columns, read};
use crate::db::{Keys, args, statements};
use crate::{Link, StoreError};

statements! {
    CHILDREN = "notice.children",
        "SELECT DISTINCT child_ref FROM notice WHERE authority = $1";
    BY_IDS = "notice.by_ids",
        concat!("SELECT ", columns!(), " FROM notice WHERE authority = $1 \
                 AND id IN (SELECT key FROM json_each($2)) ORDER BY id");
}

/// Every child of whom the placing authority has ever given notice.
pub async fn children(link: &mut Link, placing: AuthorityCode) -> Result<Vec<String>, StoreError> {
    link.all(&CHILDREN, args![placing.as_str()]).await?.iter().map(|row| row.text(0)).collect()
}

/// The placing authority's notices of these ids.
pub async fn by_ids(link: &mut Link, placing: AuthorityCode, ids: &[Uuid]) -> Result<Vec<NoticeRow>, StoreError> {
    let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    let mut found = Vec::new();
    for chunk in ids.chunks(500) {
        let rows = link.all(&BY_IDS, args![placing.as_str(), &Keys::of(chunk)]).await?;
        for row in &rows {
            found.push(read(row)?);
        }
    }
    Ok(found)
}
