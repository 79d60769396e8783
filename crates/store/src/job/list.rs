//! Reading the queue.

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use super::row::{columns, read};
use super::{Job, State};
use crate::db::{args, statements};
use crate::{Link, StoreError};

statements! {
    DUE = "job.due",
        concat!("SELECT ", columns!(), " FROM (SELECT ", columns!(), ", \
                 ROW_NUMBER() OVER (PARTITION BY authority ORDER BY run_at, id) AS turn \
                 FROM job WHERE state IN ('ready', 'running') AND run_at <= $1) AS waiting \
                 ORDER BY turn, run_at, id LIMIT $2");
    FIND = "job.find",
        concat!("SELECT ", columns!(), " FROM job WHERE authority = $1 AND id = $2");
    LIST = "job.list",
        concat!("SELECT ", columns!(), " FROM job WHERE CAST($1 AS TEXT) IS NULL OR state = $1 \
                 ORDER BY created_at DESC, id DESC LIMIT $2");
    OLDEST_DUE = "job.oldest_due",
        "SELECT run_at FROM job WHERE state IN ('ready', 'running') AND run_at <= $1 ORDER BY run_at LIMIT 1";
}

/// Jobs whose time has come, or whose lease is over: first of each authority the one that has been due longest, then the
/// second of each, so that a queue full of one authority's work hides nobody's.
pub async fn due(link: &mut Link, now: Timestamp, limit: i64) -> Result<Vec<Job>, StoreError> {
    link.all(&DUE, args![now.as_microsecond(), limit]).await?.iter().map(read).collect()
}

/// The authority's job of this id.
pub async fn find(link: &mut Link, authority: AuthorityCode, id: Uuid) -> Result<Option<Job>, StoreError> {
    let row = link.maybe(&FIND, args![authority.as_str(), &id.to_string()]).await?;
    row.as_ref().map(read).transpose()
}

/// Jobs of every authority, newest first; for operators.
pub async fn list(link: &mut Link, state: Option<State>, limit: i64) -> Result<Vec<Job>, StoreError> {
    link.all(&LIST, args![state.map(State::as_str), limit]).await?.iter().map(read).collect()
}

/// Since when the job that has waited longest has been due; `None` when none is.
pub async fn oldest_due(link: &mut Link, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    link.maybe(&OLDEST_DUE, args![now.as_microsecond()]).await?.map(|row| row.time(0)).transpose()
}
