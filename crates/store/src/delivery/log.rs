//! The delivery log: newest first, page by page.

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use super::row::{columns, read};
use super::{Delivery, State};
use crate::db::{args, statements};
use crate::{Link, StoreError};

/// The filter's part of a statement: each value is blank, or the lowest there is, where nothing is asked for.
macro_rules! asked {
    () => {
        "(created_at < $1 OR (created_at = $1 AND id < $2)) AND created_at >= $3 AND ($4 = '' OR endpoint = $4) \
         AND ($5 = '' OR state = $5) AND ($6 = '' OR event_type = $6) AND ($7 = '' OR notice = $7)"
    };
}

statements! {
    LOG = "delivery.log",
        concat!("SELECT ", columns!(), " FROM delivery WHERE ", asked!(), " ORDER BY created_at DESC, id DESC LIMIT $8");
    LOG_OWN = "delivery.log_own",
        concat!("SELECT ", columns!(), " FROM delivery WHERE authority = $9 AND created_at <= $1 AND ", asked!(),
                " ORDER BY created_at DESC, id DESC LIMIT $8");
    LOCATE = "delivery.locate",
        concat!("SELECT ", columns!(), " FROM delivery WHERE id = $1");
}

/// Which deliveries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Of the authority that is told; of all of them for an operator.
    pub authority: Option<AuthorityCode>,
    /// To this endpoint.
    pub endpoint: Option<Uuid>,
    /// In this state.
    pub state: Option<State>,
    /// Of this event type, in full.
    pub event_type: Option<String>,
    /// About this notice.
    pub notice: Option<Uuid>,
    /// First queued then or later.
    pub since: Option<Timestamp>,
    /// Those after this place in the list.
    pub before: Option<(Timestamp, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

/// Deliveries as asked for, newest first.
pub async fn log(link: &mut Link, filter: &Filter) -> Result<Vec<Delivery>, StoreError> {
    let text = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let (at, id) = filter.before.map_or((i64::MAX, String::new()), |(at, id)| (at.as_microsecond(), id.to_string()));
    let since = filter.since.map_or(i64::MIN, Timestamp::as_microsecond);
    let (endpoint, notice) = (text(filter.endpoint), text(filter.notice));
    let state = filter.state.map(State::as_str).unwrap_or_default();
    let kind = filter.event_type.as_deref().unwrap_or_default();
    let rows = match filter.authority {
        Some(own) => {
            let values = args![at, &id, since, &endpoint, state, kind, &notice, filter.limit, own.as_str()];
            link.all(&LOG_OWN, values).await?
        }
        None => link.all(&LOG, args![at, &id, since, &endpoint, state, kind, &notice, filter.limit]).await?,
    };
    rows.iter().map(read).collect()
}

/// The delivery of this id, whoever's: for operators.
pub async fn locate(link: &mut Link, id: Uuid) -> Result<Option<Delivery>, StoreError> {
    link.maybe(&LOCATE, args![&id.to_string()]).await?.as_ref().map(read).transpose()
}
