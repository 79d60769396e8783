//! What a host reads: notices about its own area, and only once they are issued.

use hub_domain::AuthorityCode;
use hub_notices::NoticeState;
use uuid::Uuid;

use super::row::{columns, read};
use super::{Filter, NoticeRow};
use crate::db::{args, statements};
use crate::{Link, StoreError};

statements! {
    FIND = "notice.find_for_host",
        concat!("SELECT ", columns!(), " FROM notice WHERE host = $1 AND id = $2 AND issued = 1");
    INBOX = "notice.inbox",
        concat!("SELECT ", columns!(), " FROM notice WHERE host = $1 AND issued = 1 \
                 AND (CAST($2 AS TEXT) IS NULL OR state = $2) AND live >= CAST($3 AS BIGINT) \
                 AND (raised_at, id) < ($4, $5) ORDER BY raised_at DESC, id DESC LIMIT $6");
}

/// The notice of this id, if it is about the host's area and the host has been told.
pub async fn find_for_host(link: &mut Link, host: AuthorityCode, id: Uuid) -> Result<Option<NoticeRow>, StoreError> {
    let row = link.maybe(&FIND, args![host.as_str(), &id.to_string()]).await?;
    row.as_ref().map(read).transpose()
}

/// What the host has been told, newest first.
pub async fn inbox(link: &mut Link, host: AuthorityCode, filter: &Filter) -> Result<Vec<NoticeRow>, StoreError> {
    let state = filter.state.map(NoticeState::as_str);
    let (at, id) = filter.place();
    let rows = link.all(&INBOX, args![host.as_str(), state, filter.open, at, &id, filter.limit]).await?;
    rows.iter().map(read).collect()
}
