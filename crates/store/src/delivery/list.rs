//! Reading deliveries.

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use super::row::{columns, read};
use super::{Delivery, State};
use crate::db::{args, statements};
use crate::{Link, StoreError};

statements! {
    FIND = "delivery.find",
        concat!("SELECT ", columns!(), " FROM delivery WHERE authority = $1 AND id = $2");
    BY_NOTICE = "delivery.by_notice",
        concat!("SELECT ", columns!(), " FROM delivery WHERE authority = $1 AND notice = $2 ORDER BY created_at, id");
    OF_NOTICE = "delivery.of_notice",
        concat!("SELECT ", columns!(), " FROM delivery WHERE authority = $1 AND notice = $2 AND placed_by = $3 \
                 ORDER BY created_at, id");
    REFUSED = "delivery.refused",
        "SELECT notice, MAX(queued_at) AS queued_at FROM delivery WHERE state = 'dead' AND notice <> endpoint GROUP BY notice";
    STATS = "delivery.stats",
        "SELECT state, CAST(COUNT(*) AS BIGINT) AS deliveries FROM delivery WHERE authority = $1 \
         AND notice <> endpoint GROUP BY state";
}

/// How many deliveries of notices an authority has, by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Waiting for their time.
    pub ready: i64,
    /// Being sent.
    pub sending: i64,
    /// Answered.
    pub delivered: i64,
    /// Given up.
    pub dead: i64,
}

/// The delivery of this id, of the authority that is told.
pub async fn find(link: &mut Link, host: AuthorityCode, id: Uuid) -> Result<Option<Delivery>, StoreError> {
    let row = link.maybe(&FIND, args![host.as_str(), &id.to_string()]).await?;
    row.as_ref().map(read).transpose()
}

/// What was queued about a notice for the authority that is told, oldest first.
pub async fn by_notice(link: &mut Link, host: AuthorityCode, notice: Uuid) -> Result<Vec<Delivery>, StoreError> {
    link.all(&BY_NOTICE, args![host.as_str(), &notice.to_string()]).await?.iter().map(read).collect()
}

/// The same, for the authority that tells: only what came from it.
pub async fn of_notice(
    link: &mut Link,
    placing: AuthorityCode,
    host: AuthorityCode,
    notice: Uuid,
) -> Result<Vec<Delivery>, StoreError> {
    let rows = link.all(&OF_NOTICE, args![host.as_str(), &notice.to_string(), placing.as_str()]).await?;
    rows.iter().map(read).collect()
}

/// Notices that an address of their host has refused for good, whoever placed and whoever hosts, and when the latest of what
/// it refused was queued.
pub async fn refused(link: &mut Link) -> Result<BTreeMap<Uuid, Timestamp>, StoreError> {
    link.all(&REFUSED, args![]).await?.iter().map(|row| Ok((row.parsed(0, "an id")?, row.time(1)?))).collect()
}

/// How many deliveries of notices the authority has, by state.
pub async fn stats(link: &mut Link, host: AuthorityCode) -> Result<Stats, StoreError> {
    let mut stats = Stats::default();
    for row in link.all(&STATS, args![host.as_str()]).await? {
        let count = match row.parsed(0, "a delivery's state")? {
            State::Ready => &mut stats.ready,
            State::Sending => &mut stats.sending,
            State::Delivered => &mut stats.delivered,
            State::Dead => &mut stats.dead,
        };
        *count = row.int(1)?;
    }
    Ok(stats)
}
