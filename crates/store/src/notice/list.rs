//! What a placing authority reads of its own notices.

use hub_domain::{AuthorityCode, Timestamp};
use hub_notices::NoticeState;
use uuid::Uuid;

use super::NoticeRow;
use super::row::{columns, read};
use crate::batch::{batch, rows};
use crate::db::{args, statements};
use crate::{Link, StoreError};

statements! {
    FIND = "notice.find",
        concat!("SELECT ", columns!(), " FROM notice WHERE authority = $1 AND id = $2");
    BY_CHILDREN = "notice.by_children",
        concat!("SELECT ", columns!(), " FROM notice WHERE authority = $1 \
                 AND child_ref IN (SELECT r.value ->> 0 FROM ", rows!(), ")");
    SENT = "notice.sent",
        concat!("SELECT ", columns!(), " FROM notice WHERE authority = $1 \
                 AND (CAST($2 AS TEXT) IS NULL OR state = $2) AND live >= CAST($3 AS BIGINT) \
                 AND (raised_at, id) < ($4, $5) ORDER BY raised_at DESC, id DESC LIMIT $6");
    OVERDUE = "notice.overdue",
        concat!("SELECT ", columns!(), " FROM notice WHERE authority = $1 AND state IN ('held', 'raised') \
                 AND due_at <= $2 ORDER BY due_at, id LIMIT $3");
}

/// Child references looked for in one statement.
const CHILDREN: usize = 2_000;

/// Which notices to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<NoticeState>,
    /// Only those of children who, as far as anyone knows, live there.
    pub open: bool,
    /// Older than this place in the list: `raised_at` and id.
    pub before: Option<(Timestamp, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

impl Filter {
    /// Where the list begins; ids are below `g`.
    pub(super) fn place(&self) -> (i64, String) {
        self.before.map_or((i64::MAX, "g".to_owned()), |(at, id)| (at.as_microsecond(), id.to_string()))
    }
}

/// The placing authority's notice of this id.
pub async fn find(link: &mut Link, placing: AuthorityCode, id: Uuid) -> Result<Option<NoticeRow>, StoreError> {
    let row = link.maybe(&FIND, args![placing.as_str(), &id.to_string()]).await?;
    row.as_ref().map(read).transpose()
}

/// Every notice of these children, whatever its state; by child, then first day.
pub async fn by_children(
    link: &mut Link,
    placing: AuthorityCode,
    children: &[String],
) -> Result<Vec<NoticeRow>, StoreError> {
    let mut notices = Vec::new();
    for chunk in children.chunks(CHILDREN) {
        let chunk = batch(chunk.iter().map(|child| (child,)))?;
        for row in &link.all(&BY_CHILDREN, args![placing.as_str(), &chunk]).await? {
            notices.push(read(row)?);
        }
    }
    notices.sort_by(|a, b| (&a.child_ref, a.started_on, a.id).cmp(&(&b.child_ref, b.started_on, b.id)));
    Ok(notices)
}

/// What the placing authority has sent or is to send, newest first.
pub async fn sent(link: &mut Link, placing: AuthorityCode, filter: &Filter) -> Result<Vec<NoticeRow>, StoreError> {
    let state = filter.state.map(NoticeState::as_str);
    let (at, id) = filter.place();
    let rows = link.all(&SENT, args![placing.as_str(), state, filter.open, at, &id, filter.limit]).await?;
    rows.iter().map(read).collect()
}

/// Notices whose host had to be told by `now` and has not been, the longest overdue first.
pub async fn overdue(
    link: &mut Link,
    placing: AuthorityCode,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<NoticeRow>, StoreError> {
    let rows = link.all(&OVERDUE, args![placing.as_str(), now.as_microsecond(), limit]).await?;
    rows.iter().map(read).collect()
}
