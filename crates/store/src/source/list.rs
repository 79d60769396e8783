//! Reading sources.

use hub_domain::AuthorityCode;
use uuid::Uuid;

use super::Source;
use super::row::{columns, read};
use crate::db::{args, statements};
use crate::{Link, StoreError};

statements! {
    LIST = "source.list",
        concat!("SELECT ", columns!(), " FROM source WHERE authority = $1 AND state <> 'removed' ORDER BY created_at, id");
    EVERY = "source.all",
        concat!("SELECT ", columns!(), " FROM source WHERE state <> 'removed' ORDER BY authority, created_at, id");
    ACTIVE = "source.active",
        concat!("SELECT ", columns!(), " FROM source WHERE state = 'active' ORDER BY authority, created_at, id");
    FIND = "source.find",
        concat!("SELECT ", columns!(), " FROM source WHERE authority = $1 AND id = $2 AND state <> 'removed'");
    LOCATE = "source.locate",
        concat!("SELECT ", columns!(), " FROM source WHERE id = $1 AND state <> 'removed'");
}

/// The authority's sources that were not removed, oldest first.
pub async fn list(link: &mut Link, authority: AuthorityCode) -> Result<Vec<Source>, StoreError> {
    link.all(&LIST, args![authority.as_str()]).await?.iter().map(read).collect()
}

/// The sources of all authorities that were not removed: for operators.
pub async fn all(link: &mut Link) -> Result<Vec<Source>, StoreError> {
    link.all(&EVERY, args![]).await?.iter().map(read).collect()
}

/// The sources of all authorities that are collected from.
pub async fn active(link: &mut Link) -> Result<Vec<Source>, StoreError> {
    link.all(&ACTIVE, args![]).await?.iter().map(read).collect()
}

/// The authority's source of this id, unless it was removed.
pub async fn find(link: &mut Link, authority: AuthorityCode, id: Uuid) -> Result<Option<Source>, StoreError> {
    link.maybe(&FIND, args![authority.as_str(), &id.to_string()]).await?.as_ref().map(read).transpose()
}

/// The source of this id, whoever's: for operators.
pub async fn locate(link: &mut Link, id: Uuid) -> Result<Option<Source>, StoreError> {
    link.maybe(&LOCATE, args![&id.to_string()]).await?.as_ref().map(read).transpose()
}
