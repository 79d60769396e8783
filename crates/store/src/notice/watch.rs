//! Notices as those read them who watch over many: the ladder, the alerts, the register.

use hub_domain::{AuthorityCode, Date, Timestamp};
use uuid::Uuid;

use super::NoticeRow;
use super::row::{columns, read};
use crate::db::{Statement, args, statements};
use crate::{Link, StoreError};

/// Who was there on a day, after a place in the list.
macro_rules! there {
    () => {
        " AND state <> 'withdrawn' AND started_on <= $2 AND (ended_on IS NULL OR ended_on > $2) AND (started_on, id) < ($3, $4)"
    };
}

/// As their own authority reads it: a consultation places nobody, nor does a draft.
macro_rules! placed {
    () => {
        concat!("authority = $1 AND standing NOT IN ('consulted', 'draft')", there!())
    };
}

/// As their host reads it: what it has been told.
macro_rules! hosted {
    () => {
        concat!("host = $1 AND issued = 1 AND standing <> 'consulted'", there!())
    };
}

/// What began after a place in the list.
macro_rules! started {
    () => {
        " AND state <> 'withdrawn' AND (started_on, id) > ($2, $3) ORDER BY started_on, id LIMIT $4"
    };
}

macro_rules! page {
    () => {
        " ORDER BY started_on DESC, id DESC LIMIT $5"
    };
}

statements! {
    WATCHED = "notice.watched",
        concat!("SELECT ", columns!(), " FROM notice WHERE authority = $1 AND id > $2 AND state <> 'withdrawn' \
                 AND (ended_on IS NULL OR ended_on >= $3) ORDER BY id LIMIT $4");
    STARTED_PLACED = "notice.started_placed",
        concat!("SELECT ", columns!(), " FROM notice WHERE authority = $1", started!());
    STARTED_HOSTED = "notice.started_hosted",
        concat!("SELECT ", columns!(), " FROM notice WHERE host = $1 AND issued = 1", started!());
    PLACED = "notice.placed",
        concat!("SELECT ", columns!(), " FROM notice WHERE ", placed!(), page!());
    HOSTED = "notice.hosted",
        concat!("SELECT ", columns!(), " FROM notice WHERE ", hosted!(), page!());
    PLACED_THEN = "notice.placed_then",
        concat!("SELECT ", columns!(), " FROM notice WHERE ", placed!(), " AND updated_at < $6 UNION ALL \
                 SELECT ", columns!(), " FROM notice_past WHERE ", placed!(), " AND updated_at < $6 AND replaced_at >= $6",
                page!());
    HOSTED_THEN = "notice.hosted_then",
        concat!("SELECT ", columns!(), " FROM notice WHERE ", hosted!(), " AND updated_at < $6 UNION ALL \
                 SELECT ", columns!(), " FROM notice_past WHERE ", hosted!(), " AND updated_at < $6 AND replaced_at >= $6",
                page!());
}

/// Which page of a register.
#[derive(Debug, Clone, Copy)]
pub struct Leaf {
    /// Children who were there on this day.
    pub as_of: Date,
    /// As was known when this midnight in London came; as is known now, when there is none.
    pub known_before: Option<Timestamp>,
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

/// A placing authority's notices of stays that began after a place in their order: first day, and id.
pub async fn started_placed(
    link: &mut Link,
    placing: AuthorityCode,
    (day, id): (Date, Option<Uuid>),
    limit: i64,
) -> Result<Vec<NoticeRow>, StoreError> {
    started(link, &STARTED_PLACED, placing, (day, id), limit).await
}

/// The same of what a host has been told of.
pub async fn started_hosted(
    link: &mut Link,
    host: AuthorityCode,
    (day, id): (Date, Option<Uuid>),
    limit: i64,
) -> Result<Vec<NoticeRow>, StoreError> {
    started(link, &STARTED_HOSTED, host, (day, id), limit).await
}

async fn started(
    link: &mut Link,
    statement: &Statement,
    reader: AuthorityCode,
    (day, id): (Date, Option<Uuid>),
    limit: i64,
) -> Result<Vec<NoticeRow>, StoreError> {
    let (day, id) = (day.to_string(), id.map(|id| id.to_string()).unwrap_or_default());
    let rows = link.all(statement, args![reader.as_str(), &day, &id, limit]).await?;
    rows.iter().map(read).collect()
}

/// Children whom an authority had in another's area on a day, latest arrival first. A consultation places nobody, nor does
/// a draft.
pub async fn placed(link: &mut Link, placing: AuthorityCode, leaf: &Leaf) -> Result<Vec<NoticeRow>, StoreError> {
    leaf.read(link, placing, (&PLACED, &PLACED_THEN)).await
}

/// Children of other authorities in a host's area on a day, as far as the host has been told; latest arrival first.
pub async fn hosted(link: &mut Link, host: AuthorityCode, leaf: &Leaf) -> Result<Vec<NoticeRow>, StoreError> {
    leaf.read(link, host, (&HOSTED, &HOSTED_THEN)).await
}

impl Leaf {
    async fn read(
        &self,
        link: &mut Link,
        reader: AuthorityCode,
        (now, then): (&Statement, &Statement),
    ) -> Result<Vec<NoticeRow>, StoreError> {
        let (as_of, (day, id)) = (self.as_of.to_string(), self.place());
        let rows = match self.known_before.map(Timestamp::as_microsecond) {
            None => link.all(now, args![reader.as_str(), &as_of, &day, &id, self.limit]).await?,
            Some(before) => link.all(then, args![reader.as_str(), &as_of, &day, &id, self.limit, before]).await?,
        };
        rows.iter().map(read).collect()
    }

    /// Where the page begins. Days sort below `9999-99-99`, ids below `g`.
    fn place(&self) -> (String, String) {
        self.before
            .map_or_else(|| ("9999-99-99".to_owned(), "g".to_owned()), |(day, id)| (day.to_string(), id.to_string()))
    }
}
