//! Reading endpoints.

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use super::row::{columns, read};
use super::{Endpoint, State};
use crate::db::{args, statements};
use crate::{Link, StoreError};

statements! {
    LIST = "endpoint.list",
        concat!("SELECT ", columns!(), " FROM endpoint WHERE authority = $1 ORDER BY created_at, id");
    ALL_OF_THEM = "endpoint.all",
        concat!("SELECT ", columns!(), " FROM endpoint ORDER BY authority, created_at, id");
    FIND = "endpoint.find",
        concat!("SELECT ", columns!(), " FROM endpoint WHERE authority = $1 AND id = $2");
    LOCATE = "endpoint.locate",
        concat!("SELECT ", columns!(), " FROM endpoint WHERE id = $1");
    FAILING = "endpoint.all_failing_since",
        concat!("SELECT ", columns!(), " FROM endpoint WHERE state IN ('active', 'paused') AND failing_since <= $1 \
                 ORDER BY authority, id");
    ALL_LATE = "endpoint.all_late",
        concat!("SELECT ", columns!(), " FROM endpoint WHERE late_since IS NOT NULL ORDER BY authority, id");
}

/// The authority's endpoint of this id, removed or not.
pub async fn find(link: &mut Link, authority: AuthorityCode, id: Uuid) -> Result<Option<Endpoint>, StoreError> {
    let row = link.maybe(&FIND, args![authority.as_str(), &id.to_string()]).await?;
    row.as_ref().map(read).transpose()
}

/// The endpoint of this id, whoever's: for operators.
pub async fn locate(link: &mut Link, id: Uuid) -> Result<Option<Endpoint>, StoreError> {
    link.maybe(&LOCATE, args![&id.to_string()]).await?.as_ref().map(read).transpose()
}

/// The authority's endpoints, removed ones among them, oldest first.
pub async fn list(link: &mut Link, authority: AuthorityCode) -> Result<Vec<Endpoint>, StoreError> {
    link.all(&LIST, args![authority.as_str()]).await?.iter().map(read).collect()
}

/// The endpoints of all authorities, removed ones among them: for operators.
pub async fn all(link: &mut Link) -> Result<Vec<Endpoint>, StoreError> {
    link.all(&ALL_OF_THEM, args![]).await?.iter().map(read).collect()
}

/// The authority's endpoints that events are queued for, oldest first: those that are sent to, and those that will be
/// once they are verified or resumed.
pub async fn listening(link: &mut Link, authority: AuthorityCode) -> Result<Vec<Endpoint>, StoreError> {
    let mut all = list(link, authority).await?;
    all.retain(|endpoint| matches!(endpoint.state, State::Unverified | State::Active | State::Paused));
    Ok(all)
}

/// Endpoints of all authorities that have only failed since `since` or longer.
pub async fn all_failing_since(link: &mut Link, since: Timestamp) -> Result<Vec<Endpoint>, StoreError> {
    link.all(&FAILING, args![since.as_microsecond()]).await?.iter().map(read).collect()
}

/// Endpoints of all authorities that their operator knows to be late.
pub async fn all_late(link: &mut Link) -> Result<Vec<Endpoint>, StoreError> {
    link.all(&ALL_LATE, args![]).await?.iter().map(read).collect()
}
