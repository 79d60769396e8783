//! Notices as those read them who watch over many: the ladder, the alerts, the register.

use hub_domain::{AuthorityCode, Date};
use uuid::Uuid;

use super::NoticeRow;
use super::row::{columns, read};
use crate::db::{args, statements};
use crate::{Link, StoreError};

statements! {
    WATCHED = "notice.watched",
        concat!("SELECT ", columns!(), " FROM notice WHERE authority = $1 AND id > $2 AND state <> 'withdrawn' \
                 AND (ended_on IS NULL OR ended_on >= $3) ORDER BY id LIMIT $4");
    PLACED = "notice.placed",
        concat!("SELECT ", columns!(), " FROM notice WHERE authority = $1 AND state <> 'withdrawn' \
                 AND standing NOT IN ('consulted', 'draft') AND started_on <= $2 AND (ended_on IS NULL OR ended_on > $2) \
                 AND (started_on, id) < ($3, $4) ORDER BY started_on DESC, id DESC LIMIT $5");
    HOSTED = "notice.hosted",
        concat!("SELECT ", columns!(), " FROM notice WHERE host = $1 AND issued = 1 AND state <> 'withdrawn' \
                 AND standing <> 'consulted' AND started_on <= $2 AND (ended_on IS NULL OR ended_on > $2) \
                 AND (started_on, id) < ($3, $4) ORDER BY started_on DESC, id DESC LIMIT $5");
}

/// Which page of a register.
#[derive(Debug, Clone, Copy)]
pub struct Leaf {
    /// Children who were there on this day.
    pub as_of: Date,
    /// Below this place in the list: first day and id.
    pub before: Option<(Date, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

/// The placing authority's notices with an id above `after`, in order of id: those that stand, and those that ended on
/// or after `ended_since`.
pub async fn watched(
    link: &mut Link,
    placing: AuthorityCode,
    after: Option<Uuid>,
    ended_since: Date,
    limit: i64,
) -> Result<Vec<NoticeRow>, StoreError> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let since = ended_since.to_string();
    let rows = link.all(&WATCHED, args![placing.as_str(), &after, &since, limit]).await?;
    rows.iter().map(read).collect()
}

/// Children whom an authority had in another's area on a day, latest arrival first. A consultation places nobody, nor does
/// a draft.
pub async fn placed(link: &mut Link, placing: AuthorityCode, leaf: &Leaf) -> Result<Vec<NoticeRow>, StoreError> {
    let (as_of, (day, id)) = (leaf.as_of.to_string(), leaf.place());
    let rows = link.all(&PLACED, args![placing.as_str(), &as_of, &day, &id, leaf.limit]).await?;
    rows.iter().map(read).collect()
}

/// Children of other authorities in a host's area on a day, as far as the host has been told; latest arrival first.
pub async fn hosted(link: &mut Link, host: AuthorityCode, leaf: &Leaf) -> Result<Vec<NoticeRow>, StoreError> {
    let (as_of, (day, id)) = (leaf.as_of.to_string(), leaf.place());
    let rows = link.all(&HOSTED, args![host.as_str(), &as_of, &day, &id, leaf.limit]).await?;
    rows.iter().map(read).collect()
}

impl Leaf {
    /// Where the page begins. Days sort below `9999-99-99`, ids below `g`.
    fn place(&self) -> (String, String) {
        self.before
            .map_or_else(|| ("9999-99-99".to_owned(), "g".to_owned()), |(day, id)| (day.to_string(), id.to_string()))
    }
}
