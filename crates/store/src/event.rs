//! Things that happened and that somebody may want to be told: a feed late or missing, a release published.

use hub_domain::{AuthorityCode, Timestamp};
use uuid::Uuid;

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    APPEND = "event.append",
        "INSERT INTO event (authority, id, kind, subject, at, data) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (authority, kind, subject) DO NOTHING";
    LIST = "event.list",
        "SELECT authority, id, kind, subject, at, data FROM event WHERE (at, id) > ($1, $2) \
         ORDER BY at, id LIMIT $3";
    LATEST = "event.latest",
        "SELECT authority, id, kind, subject, at, data FROM event WHERE authority = $1 AND kind = $2 \
         ORDER BY at DESC, id DESC LIMIT $3";
    LIST_OWN = "event.list_own",
        "SELECT authority, id, kind, subject, at, data FROM event WHERE authority = $4 AND (at, id) > ($1, $2) \
         ORDER BY at, id LIMIT $3";
}

/// Something that happened. Holds nothing of any child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Whom it concerns; the code of no authority when it concerns all.
    pub authority: AuthorityCode,
    /// Unique everywhere.
    pub id: Uuid,
    /// What happened, such as `feed.missing`.
    pub kind: String,
    /// To what, such as `placements/2026-06-01`: an authority hears of one subject once.
    pub subject: String,
    /// When.
    pub at: Timestamp,
    /// The rest, JSON.
    pub data: String,
}

/// Keeps an event. `false` when the authority already has one of this kind and subject.
pub async fn append(tx: &mut Tx, event: &Event) -> Result<bool, StoreError> {
    let Event { authority, id, kind, subject, at, data } = event;
    let id = id.to_string();
    Ok(tx.run(&APPEND, args![authority.as_str(), &id, kind, subject, at.as_microsecond(), data]).await? == 1)
}

/// Events after a place in the list, or from the first, oldest first; of one authority, or (operators) of all.
pub async fn list(
    link: &mut Link,
    authority: Option<AuthorityCode>,
    since: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Event>, StoreError> {
    let (at, id) = since.map_or((i64::MIN, String::new()), |(at, id)| (at.as_microsecond(), id.to_string()));
    let rows = match authority {
        Some(own) => link.all(&LIST_OWN, args![at, &id, limit, own.as_str()]).await?,
        None => link.all(&LIST, args![at, &id, limit]).await?,
    };
    rows.iter().map(read).collect()
}

/// The latest events of a kind that concern one authority, latest first.
pub async fn latest(
    link: &mut Link,
    authority: AuthorityCode,
    kind: &str,
    limit: i64,
) -> Result<Vec<Event>, StoreError> {
    link.all(&LATEST, args![authority.as_str(), kind, limit]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Event, StoreError> {
    Ok(Event {
        authority: row.parsed(0, "an authority code")?,
        id: row.parsed(1, "an id")?,
        kind: row.text(2)?,
        subject: row.text(3)?,
        at: row.time(4)?,
        data: row.text(5)?,
    })
}
